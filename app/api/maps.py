"""Small maps for pages: the view of what a page is about, read from the database and drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.collections import EVENTS, FIGURES, REGIONS, Collection
from app.domain.views import NARROWEST, View
from app.formats import maps
from app.formats.maps import Map
from app.queries import outlines
from app.queries.outlines import Areas

Feature = Mapping[str, Any]
Address = Callable[[Feature], str | None]

_NARROWEST_OF_EVENT = 1.2
"""Degrees of latitude: a disc of five kilometres can be seen then."""
_OF_AREAS = {
    REGIONS.name: "Outlines are simplified.",
    FIGURES.name: "The outlines are the areas that the figures are about: they are known to these and no better.",
}


async def of_list(
    connection: AsyncConnection, collection: Collection, features: Sequence[Feature], address: Address
) -> Map | None:
    """A map of a page of items; None where they have no place. Events must have come with their points, in CRS84."""
    if collection is EVENTS:
        return await _of_events(connection, features, address)
    if collection.name not in _OF_AREAS or not features:
        return None
    codes = dict.fromkeys(
        one["properties"]["code" if collection is REGIONS else "region"] for one in features
    )
    said = [_OF_AREAS[collection.name]]
    if len(codes) > outlines.MOST_AREAS:
        said.append(f"The first {outlines.MOST_AREAS} of {len(codes)} are drawn.")
    name = f"Map of {len(codes)} area{'' if len(codes) == 1 else 's'}, which the table names"
    return await _of_areas(connection, Areas(codes=tuple(codes)), name, said)


async def of_region(connection: AsyncConnection, code: str, name: str, sentence: str) -> Map:
    """A map of one region and what lies round it."""
    return await _of_areas(
        connection, Areas(codes=(code,)), f"Map: {name} and what lies round it", [sentence]
    )


async def of_event(connection: AsyncConnection, feature: Feature, at: int | None, where: str) -> Map:
    """A map of one event: its point, and the area in which it may have happened."""
    areas = await outlines.of_event(connection, UUID(feature["id"]), at)
    boxes = [(*place, *place) for place in maps.points([feature])] + await outlines.boxes(connection, areas)
    view = View.around(boxes, _NARROWEST_OF_EVENT if areas.extents else NARROWEST)
    if view is None:
        return maps.draw(
            None, [], name="No map", sentences=["Nothing is known of the place that could be drawn."]
        )
    seen = await outlines.seen(connection, view, areas, maps.written(view))
    marks = maps.marks(view, [feature], lambda _: None)
    known = bool(areas.codes or areas.extents)
    said = ["It may have happened anywhere in the hatched area."] if known else []
    if any(mark.hollow for mark in marks):
        said.append(
            "The ring is the source's point for that area, and no place."
            if known
            else "The ring stands for a wider area."
        )
    elif not marks:
        said.append("No point is known, and none is made up.")
    return maps.draw(view, seen, marks, name=f"Map: {where}", sentences=said, hatched=True)


async def _of_events(
    connection: AsyncConnection, features: Sequence[Feature], address: Address
) -> Map | None:
    if not features:
        return None
    places = maps.points(features)
    said = maps.left_out(features)
    view = View.around((*place, *place) for place in places)
    if view is None:
        return maps.draw(None, [], name="No map", sentences=said)
    seen = await outlines.seen(connection, view, Areas(), maps.written(view))
    name = f"Map of {len(places)} event{'' if len(places) == 1 else 's'}, which the table lists"
    return maps.draw(view, seen, maps.marks(view, features, address), name=name, sentences=said)


async def _of_areas(connection: AsyncConnection, areas: Areas, name: str, said: list[str]) -> Map:
    view = View.around(await outlines.boxes(connection, areas))
    seen = await outlines.seen(connection, view, areas, maps.written(view)) if view else []
    return maps.draw(view, seen, name=name, sentences=said)
