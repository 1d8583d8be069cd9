"""What pages are told beside the body: tables, maps, what was asked in words, and where things lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api import answers, maps
from app.api.collections import properties as properties_of
from app.api.params import Known
from app.api.shown import Asked
from app.domain.collections import DOCUMENTS, EVENTS, FIGURES, REGIONS, Collection
from app.domain.evidence import StatementKind
from app.domain.regions import Regions
from app.formats import item_page, listing, statements
from app.formats.listing import Cell, Names
from app.queries import documents
from app.queries.documents import Forms

Told = Mapping[str, Any]

FORMS = Forms(
    document=statements.statement(StatementKind.DOCUMENT),
    claim=statements.statement(StatementKind.CLAIM),
    estimate=statements.statement(StatementKind.ESTIMATE),
    figure=statements.figure(),
    event=statements.brief("event", ("id", "title")),
    copy=statements.brief("copy"),
)
"""How what comes from a document is read for its page."""
_UNASKED = frozenset({"f", "cursor", "limit"})
"""Parameters that say how and from where on, and not what."""
_CALLED = {
    "as_of": "as it was known here at",
    "bbox": "in the box",
    "bbox-crs": "box in",
    "crs": "reference system",
    "datetime": "days",
    "q": "words",
    "sortby": "order",
    "count": "counted",
}
_MANY = 60
"""Regions in a region that are linked from its page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A part of what was asked, with the address of the same question without it."""

    name: str
    value: str
    without: str


async def of_list(
    request: Request,
    connection: AsyncConnection,
    known: Known,
    asked: Asked,
    *,
    collection: Collection,
    features: Sequence[Told],
) -> dict[str, Any]:
    """What `items.html` is told of a page of items, which events must have come for with all properties and points in CRS84."""
    names = names_of(request, known, asked.pairs, features)
    chips = asked_in_words(request, asked)
    caption = f"{collection.title}{', as asked' if chips else ''}"
    return {
        "collection": collection,
        "names": names,
        "chips": chips,
        "table": listing.table(collection.name, features, names, caption),
        "map": await maps.of_list(
            connection, collection, features, lambda one: names.item(collection.name, str(one["id"]))
        ),
        "first": _first(request, asked),
        "wider": _wider(request, asked) if collection is EVENTS and not features else None,
    }


async def of_item(
    request: Request,
    connection: AsyncConnection,
    known: Known,
    asked: Asked,
    *,
    collection: Collection,
    item: Told,
    at: int | None,
) -> dict[str, Any]:
    """What `item.html` is told of one item."""
    names = names_of(request, known, asked.pairs, [item])
    properties = item["properties"]
    shown, unknown = item_page.fields(properties, properties_of(collection), names)
    title = item_page.title(collection.name, item)
    drawn = None
    if collection is REGIONS:
        drawn = await maps.of_region(connection, properties["code"], title, "The outline is simplified.")
    elif collection is FIGURES:
        area = names.region(properties["region"])
        sentence = f"The figure is known to {area} and no better; where in it, it does not say."
        drawn = await maps.of_region(connection, properties["region"], area, sentence)
    return {
        "collection": collection,
        "names": names,
        "title": title,
        "fields": shown,
        "unknown": unknown,
        "map": drawn,
        "leads": _leads(collection, properties, names, known.regions),
        "given": await _given(connection, properties["id"], at, names) if collection is DOCUMENTS else None,
        "within": _within(properties, names, known.regions) if collection is REGIONS else [],
    }


def asked_in_words(request: Request, asked: Asked) -> list[Chip]:
    """What was asked, part by part."""
    return [
        Chip(
            name=_CALLED.get(name, name.replace("_", " ")),
            value=value,
            without=_address(request, asked, (pair for pair in asked.pairs if pair != (name, value))),
        )
        for name, value in asked.pairs
        if name not in _UNASKED
    ]


def names_of(
    request: Request, known: Known, pairs: Iterable[tuple[str, str]], features: Iterable[Told]
) -> Names:
    """What a page about these calls regions, and where things are."""
    codes = {
        code
        for one in features
        for name in ("country", "admin1", "admin2", "region", "parent")
        if isinstance(code := one["properties"].get(name), str)
    }
    then = [pair for pair in pairs if pair[0] == "as_of"]
    return Names(
        root=answers.base(request),
        regions={code: region.name for code in codes if (region := known.regions.get(code))},
        then=f"?{urlencode(then)}" if then else "",
    )


async def _given(
    connection: AsyncConnection, document: str, at: int | None, names: Names
) -> dict[str, Any] | None:
    """What comes from a document, for its page."""
    found = await documents.whole(connection, UUID(document), FORMS, at)
    if found is None:
        return None
    claims, figures, events, copies = (
        [orjson.loads(one) for one in part]
        for part in (found.claims, found.figures, found.events, found.copies)
    )
    features = [{"properties": one} for one in figures]
    return {
        "claims": item_page.quotes(claims, {one["id"]: one["title"] for one in events}, names),
        "figures": listing.table(FIGURES.name, features, names, "Numbers over areas and periods"),
        "events": [Cell(text=one["title"], href=names.item("events", one["id"])) for one in events],
        "copies": [
            Cell(
                text=one["title"] or "untitled",
                href=names.item("documents", one["id"]),
                note=one["publisher"],
            )
            for one in copies
        ],
    }


def _leads(collection: Collection, properties: Told, names: Names, regions: Regions) -> list[Cell]:
    """What is asked next of an item."""
    events = f"{names.root}/events"
    match collection.name:
        case "regions":
            code = properties["code"]
            return [
                *(
                    Cell(text=f"It lies in {regions[above].name}", href=names.item("regions", above))
                    for above in regions.above(code)
                ),
                Cell(text="Events there", href=f"{events}?region={code}"),
                Cell(
                    text="Events that may have happened there", href=f"{events}?region={code}&match=possible"
                ),
            ]
        case "actors":
            return [Cell(text="Events in which it takes part", href=f"{events}?actor={properties['id']}")]
        case "figures":
            days = f"{properties['first_day']}/{properties['last_day']}"
            return [
                Cell(
                    text="Events in that area and period",
                    href=f"{events}?region={properties['region']}&datetime={days}",
                )
            ]
        case _:
            return []


def _within(properties: Told, names: Names, regions: Regions) -> list[Cell]:
    """The regions right below one."""
    inside = regions.children(properties["code"])
    found = sorted((regions[code] for code in inside[:_MANY]), key=lambda one: one.name)
    more = [Cell(text=f"and {len(inside) - _MANY} more")] if len(inside) > _MANY else []
    return [*(Cell(text=one.name, href=names.item("regions", one.code)) for one in found), *more]


def _first(request: Request, asked: Asked) -> str | None:
    """The address of the first page, if this is a later one."""
    if "cursor" not in asked.values:
        return None
    return _address(request, asked, asked.pairs)


def _wider(request: Request, asked: Asked) -> str | None:
    """The address of what may have happened, where what did is asked."""
    if "match" in asked.values or not {"region", "bbox", "near", "intersects", "datetime"} & set(
        asked.values
    ):
        return None
    return _address(request, asked, [*asked.pairs, ("match", "possible")])


def _address(request: Request, asked: Asked, pairs: Iterable[tuple[str, str]]) -> str:
    return answers.address(request, asked.path, [pair for pair in pairs if pair[0] != "cursor"])
