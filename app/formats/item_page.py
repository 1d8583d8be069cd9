"""One item as a definition list for people: its properties in words, each with what it means, and what it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.formats import html, listing, telling
from app.formats.listing import Cell, Names

Told = Mapping[str, Any]

HIDDEN = frozenset({"document", "region_name"})
"""Properties that are told beside another one."""
LAST = ("id", "dataset", "source_key", "revision", "updated", "sha256")
"""Properties that are for records, and come after what is told."""
_LEADS = {
    "region": "regions",
    "parent": "regions",
    "country": "regions",
    "document_id": "documents",
    "origin_id": "documents",
    "actor_id": "actors",
}
"""Properties that name an item of another collection."""
_WEB = frozenset({"url", "archive_url"})
_CALLED = {
    "alpha3": "ISO alpha-3 code",
    "fips": "FIPS codes",
    "gw": "Gleditsch-Ward numbers",
    "sha256": "SHA-256",
    "url": "address",
    "archive_url": "address of a copy",
    "document_id": "document",
    "actor_id": "actor",
    "origin_id": "original report",
    "parent": "lies in",
    "source_key": "key of the source",
    "updated": "known here since",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A property as it is shown."""

    name: str
    help: str
    cells: tuple[Cell, ...]
    code: bool = False
    """Whether it is no word, but a key or a hash."""


def title(collection: str, item: Told) -> str:
    """What a page calls an item."""
    told = item["properties"]
    if collection == "figures":
        where = told["place"] or told["region_name"] or told["region"]
        return f"{told['metric'].replace('_', ' ').capitalize()}: {listing.hedged(told)} in {where}"
    if collection == "documents":
        return str(told["title"] or f"Untitled {told['kind'].replace('_', ' ')} of {told['publisher']}")
    return str(told["name"])


def fields(properties: Told, schema: Told, names: Names) -> tuple[list[Field], list[str]]:
    """The properties that are known, and the names of those that are not."""
    known, unknown = [], []
    for name in sorted(properties, key=lambda name: name in LAST):
        value = properties[name]
        if name in HIDDEN or name not in schema:
            continue
        if value is None or value == []:
            unknown.append(called(name))
        else:
            known.append(_field(name, value, schema[name], properties, names))
    return known, unknown


def called(name: str) -> str:
    """A property as a reader says it.

    >>> called("first_day"), called("document_id")
    ('first day', 'document')
    """
    return _CALLED.get(name, name.replace("_", " "))


def quotes(claims: Sequence[Told], titles: Mapping[str, str], names: Names) -> list[dict[str, Any]]:
    """The claims of a document, each with the events that it is about, as cells; `titles` are those of events by id."""
    return [
        {
            **one,
            "said": telling.span(one["said_first"], one["said_last"]),
            "leads": [
                Cell(text=titles.get(event, "an event"), href=names.item("events", event))
                for event in one["events"]
            ],
        }
        for one in claims
    ]


def _field(name: str, value: Any, schema: Told, properties: Told, names: Names) -> Field:
    cells = (
        tuple(_cell(name, one, schema.get("items", {}), properties, names) for one in value)
        if isinstance(value, list)
        else (_cell(name, value, schema, properties, names),)
    )
    return Field(
        name=called(name),
        help=schema.get("description", ""),
        cells=cells,
        code=name in {"id", "sha256", "source_key", "code"},
    )


def _cell(name: str, value: Any, schema: Told, properties: Told, names: Names) -> Cell:
    if name in _LEADS:
        return _lead(name, str(value), properties, names)
    if name == "events":
        return Cell(text=str(value), href=names.item("events", str(value)))
    if name in _WEB:
        return Cell(text=str(value), href=html.web(str(value)))
    return Cell(text=_said(name, value, schema))


def _lead(name: str, value: str, properties: Told, names: Names) -> Cell:
    collection = _LEADS[name]
    text = names.region(value) if collection == "regions" else value
    document = properties.get("document")
    if name == "document_id" and document:
        text = f"{document['publisher']}: {document['title'] or 'untitled'}"
    elif name == "actor_id":
        text = str(properties.get("claimant") or value)
    elif name == "origin_id" and value == properties.get("id"):
        return Cell(text="this one")
    return Cell(text=text, href=names.item(collection, value))


def _said(name: str, value: Any, schema: Told) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "level":
        return f"{value}: {listing.LEVELS[value]}"
    if isinstance(value, int | float):
        # Numbers that are names stay as they are.
        return str(value) if name == "gw" else f"{value:,}"
    match schema.get("format"):
        case "date":
            return telling.day(value)
        case "date-time":
            return telling.moment(value)
    return html.words(value) if "enum" in schema else str(value)
