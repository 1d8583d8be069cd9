"""Properties of a collection as rows for people: their type in words, what they mean, and how a filter or an order uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.collections import Collection
from app.domain.kinds import Kind

Told = Mapping[str, Any]

_TYPES = {
    "date": "day",
    "date-time": "instant",
    "uuid": "id (UUID)",
    "uri": "address",
    "geometry-point": "point",
    "geometry-multipolygon": "area",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "yes or no",
}
_ROLES = {
    "id": "tells items apart",
    "primary-geometry": "the place",
    "primary-instant": "the day",
    "primary-interval-start": "the first day",
    "primary-interval-end": "the last day",
}
_BY_NAME = {
    "country": "country=AF",
    "region": "region=AF",
    "parent": "parent=AF",
    "code": "code=AF-KDZ",
    "alpha3": "alpha3=AFG",
    "dataset": "dataset=desk",
}
"""Properties that are most often asked as parameters of their own."""
_BY_NAME_OF_TEXT = {
    "source_key": "source_key = '214797'",
    "source_type": "source_type = '1'",
    "title": "title LIKE '%Kunduz%'",
    "summary": "summary LIKE '%hospital%'",
    "place": "CASEI(place) = CASEI('kunduz')",
    "admin1": "admin1 = 'AF-KDZ'",
    "admin2": "admin2 = 'AF-KDZ.kunduz'",
    "name": "name LIKE 'Kunduz%'",
    "region_name": "region_name = 'Helmand'",
    "claimant": "claimant = 'UNAMA'",
    "publisher": "publisher = 'CNN'",
    "language": "language = 'en'",
}
"""Conditions that somebody may really ask."""
_BY_KIND = {
    Kind.TEXT: "{name} LIKE '%a%'",
    Kind.ID: "{name} = '5d83c4b8-e0ed-59d6-a0f9-4aada8218dc7'",
    Kind.NUMBER: "{name} > 10",
    Kind.INTEGER: "{name} > 10",
    Kind.BOOLEAN: "{name} = TRUE",
    Kind.DATE: "{name} >= DATE('2021-08-01')",
    Kind.TIMESTAMP: "{name} >= TIMESTAMP('2021-08-01T00:00:00Z')",
    Kind.INTERVAL: "T_INTERSECTS({name}, INTERVAL('2021-08-01', '2021-08-09'))",
    Kind.GEOMETRY: "S_INTERSECTS({name}, BBOX(68, 36, 70, 38))",
    Kind.TEXTS: "A_OVERLAPS({name}, ('Taliban', 'Hilmand'))",
    Kind.NUMBERS: "A_OVERLAPS({name}, (1, 2))",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A property as a row."""

    name: str
    type: str
    role: str
    meaning: str
    words: tuple[str, ...]
    """The words that it may be, where there are some only."""
    example: str
    """What to put behind the address; empty where nothing is asked."""


def fields(kind: str, collection: Collection, schema: Told) -> list[Field]:
    """The rows of a schema, of queryables or of sortables (`kind`), out of what the JSON says."""
    return [
        Field(
            name=name,
            type=_type(one),
            role=_ROLES.get(one.get("x-ogc-role", ""), ""),
            meaning=one.get("description", one.get("title", "")),
            words=tuple(one.get("enum", ())),
            example=_example(kind, collection, name, one),
        )
        for name, one in schema["properties"].items()
    ]


def condition(name: str, kind: Kind, words: tuple[str, ...] = ()) -> str:
    """A condition in CQL2 that uses a property.

    >>> condition("deaths_best", Kind.INTEGER), condition("type", Kind.TEXT, ("battle",))
    ('deaths_best > 10', "type = 'battle'")
    """
    if words:
        return f"{name} = '{words[0]}'"
    return _BY_NAME_OF_TEXT.get(name, _BY_KIND[kind].format(name=name))


def _example(kind: str, collection: Collection, name: str, schema: Told) -> str:
    if kind == "sortables":
        return f"?sortby=-{name}"
    if kind != "queryables":
        return ""
    if name in _BY_NAME:
        return f"?{_BY_NAME[name]}"
    return f"?filter={condition(name, collection.queryables[name], tuple(schema.get('enum', ())))}"


def _type(schema: Told) -> str:
    """The type of a property as a reader says it: the most particular word there is."""
    inner = schema.get("items", {})
    several = {"date": "days", "uuid": "ids"}.get(
        inner.get("format"), "numbers" if inner.get("type") == "integer" else "texts"
    )
    given = schema.get("format", "")
    return (
        _TYPES.get(given)
        or ("geometry" if given.startswith("geometry") else "")
        or ("word" if schema.get("enum") else "")
        or (several if schema.get("type") == "array" else "")
        or _TYPES.get(schema.get("type", ""), "")
    )
