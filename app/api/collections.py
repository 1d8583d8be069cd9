"""Collections as they are described: what each has, what can be asked of it, what it covers, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from app.api.answers import Link, link
from app.api.document import DIALECT
from app.api.negotiation import HTML, JSON, Offer
from app.api.schemas import SCHEMAS
from app.domain.collections import EVENTS, Collection
from app.domain.crs import Crs
from app.domain.expressions.functions import FUNCTIONS
from app.domain.kinds import Kind
from app.formats.catalogue import FORMATS

Document = dict[str, Any]

SCHEMA_JSON = "application/schema+json"
SCHEMA_OFFER = Offer(name="json", media_type=SCHEMA_JSON, title="JSON Schema", accepted=(JSON.media_type,))
GEOMETRY = "geometry"
"""The name of the geometry where properties are named: it is none of them."""

_BESIDE: dict[str, Document] = {
    "extent": {
        "description": "The area in which it may have happened; null where nothing is known of it.",
        "format": "geometry-multipolygon",
    },
    "datetime": {
        "type": "array",
        "description": "The interval from `first_day` to `last_day`, for temporal functions; open where an end is not known.",
        "items": {"type": "string", "format": "date"},
    },
    "actors": {
        "type": "array",
        "description": "The names of all who take part, on either side.",
        "items": {"type": "string"},
    },
}
"""What a filter on events may name that is no property of theirs."""
_JSON_TYPES = {
    Kind.TEXT: "string",
    Kind.ID: "string",
    Kind.NUMBER: "number",
    Kind.INTEGER: "integer",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "datetime",
    Kind.TIMESTAMP: "datetime",
    Kind.INTERVAL: "datetime",
    Kind.GEOMETRY: "geometry",
    Kind.TEXTS: "array",
    Kind.NUMBERS: "array",
}
"""Kinds in the words of the standard's schema of functions."""
_SHOWN_AS = {"events": "EventProperties", "figures": "Figure", "documents": "Document", "actors": "Actor"}


@cache
def properties(collection: Collection) -> Mapping[str, Document]:
    """The properties of the items of a collection in their order, each as JSON Schema (2020-12), and their geometry if they have one."""
    found = {name: _upgraded(schema) for name, schema in _schemas(collection).items()}
    if collection.geometry:
        geometry = {"description": "In longitude and latitude.", "format": collection.geometry}
        found = {GEOMETRY: {"title": "Where", **geometry, "x-ogc-role": "primary-geometry"}, **found}
    for name, role in _roles(collection).items():
        found[name] = {**found[name], "x-ogc-role": role}
    return found


def schema(collection: Collection, address: str) -> Document:
    """The schema of the items (23-058r2): their properties, and which of them is id, geometry, first and last day."""
    told = {
        name: {**one, "x-ogc-propertySeq": place}
        for place, (name, one) in enumerate(properties(collection).items(), 1)
    }
    return _schema(address, f"{collection.title}: their properties", told)


def queryables(collection: Collection, address: str) -> Document:
    """What a filter may name (19-079r2, 6.2)."""
    told = {**_BESIDE, **properties(collection)}
    return _schema(
        address,
        f"{collection.title}: what a filter may name",
        {name: told[name] for name in collection.queryables},
    )


def sortables(collection: Collection, address: str) -> Document:
    """What a list may be ordered by (20-004r1)."""
    told = properties(collection)
    return _schema(
        address,
        f"{collection.title}: what a list may be ordered by",
        {name: told[name] for name in collection.sortables},
    )


def functions() -> Document:
    """The functions that a filter may call (19-079r2, 6.5), with what they take and give."""
    return {
        "functions": [
            {
                "name": one.name,
                "description": one.description,
                "arguments": [
                    {"title": argument.name, "type": sorted({_JSON_TYPES[kind] for kind in argument.kinds})}
                    for argument in one.arguments
                ],
                "returns": [_JSON_TYPES[one.returns]],
            }
            for one in FUNCTIONS.values()
        ]
    }


def described(
    collection: Collection,
    root: str,
    *,
    bounds: tuple[float, float, float, float] | None,
    days: tuple[date | None, date | None],
    datasets: Iterable[Mapping[str, Any]],
    links: Iterable[Link],
) -> Document:
    """The description of a collection: its extent in space and time, its reference systems, its sources, and its links.

    `bounds` are west, south, east, north in degrees; None where its items have no place.
    """
    sources = [_source(one) for one in datasets]
    extent = {
        # Items without a place match every box: what is told then is the world.
        "spatial": {"bbox": [list(bounds or (-180.0, -90.0, 180.0, 90.0))], "crs": Crs.CRS84},
        "temporal": {
            "interval": [[_instant(day) for day in days]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        },
    }
    licences = [
        {**link("license", "text/html", one["licence_url"]), "title": f"{one['title']}: {one['licence']}"}
        for one in datasets
        if one["licence_url"]
    ]
    return {
        "id": collection.name,
        "title": collection.title,
        "description": collection.description,
        "attribution": " ".join(one["citation"] for one in sources),
        "itemType": "feature",
        "extent": extent,
        "crs": [str(crs) for crs in Crs] if collection.geometry else [str(Crs.CRS84)],
        **({"storageCrs": str(Crs.CRS84)} if collection.geometry else {}),
        "sources": sources,
        "links": [*links, *_of_collection(collection, root), *licences],
    }


def _of_collection(collection: Collection, root: str) -> list[Link]:
    here = f"{root}/collections/{collection.name}"
    rel = "http://www.opengis.net/def/rel/ogc/1.0"
    items = [
        {**link("items", media_type, f"{here}/items?f={name}"), "title": f"{collection.title} as {title}"}
        for media_type, name, title in (
            ("application/geo+json", "geojson", "GeoJSON"),
            (HTML.media_type, "html", "pages"),
        )
    ]
    of_events = [
        *(
            {
                **link("enclosure", form.media_type, f"{root}/events.{form.name}"),
                "title": f"All of them as {form.title}",
            }
            for form in FORMATS
        ),
        {**link(f"{rel}/tilesets-vector", JSON.media_type, f"{here}/tiles"), "title": "Vector tiles of them"},
    ]
    documents = [
        {**link(f"{rel}/{name}", offer.media_type, f"{here}/{name}?f={offer.name}"), "title": title}
        for name, title in (
            ("schema", "Its properties"),
            ("queryables", "What a filter may name"),
            ("sortables", "What a list may be ordered by"),
        )
        for offer in (SCHEMA_OFFER, HTML)
    ]
    return [
        *items,
        *(of_events if collection is EVENTS else ()),
        *documents,
        {**link("license", JSON.media_type, f"{root}/datasets"), "title": "Licences"},
    ]


def _source(dataset: Mapping[str, Any]) -> Document:
    """What has to be told of a dataset by whoever shows its data."""
    names = ("id", "title", "publisher", "homepage", "licence", "licence_url", "redistribution", "citation")
    return {name: dataset[name] for name in names}


def _schemas(collection: Collection) -> Mapping[str, Document]:
    if collection.name == "regions":
        found: Document = SCHEMAS["Region"]["properties"]["properties"]["properties"]
        return found
    found = SCHEMAS[_SHOWN_AS[collection.name]]["properties"]
    return {name: _resolved(one) for name, one in found.items()}


def _resolved(schema: Document) -> Document:
    if "allOf" not in schema:
        return schema
    found: Document = SCHEMAS[schema["allOf"][0]["$ref"].rpartition("/")[2]]
    return {"type": found["type"], "description": found["description"]}


def _roles(collection: Collection) -> dict[str, str]:
    roles = {collection.identity: "id"}
    if collection.days:
        first, last = collection.days
        if first == last:
            return {**roles, first: "primary-instant"}
        roles |= {first: "primary-interval-start", last: "primary-interval-end"}
    return roles


def _upgraded(schema: Document) -> Document:
    """A schema of OpenAPI 3.0 as JSON Schema has it. Every property may be unknown; of words only those that are known are told."""
    found = {name: value for name, value in schema.items() if name != "nullable"}
    if "enum" in found:
        found["enum"] = [word for word in found["enum"] if word is not None]
    return found


def _schema(address: str, title: str, told: Mapping[str, Document]) -> Document:
    return {
        "$schema": DIALECT,
        "$id": address,
        "title": title,
        "type": "object",
        "properties": dict(told),
        "additionalProperties": False,
    }


def _instant(day: date | None) -> str | None:
    return None if day is None else f"{day.isoformat()}T00:00:00Z"
