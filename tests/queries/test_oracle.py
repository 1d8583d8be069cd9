"""Random events and random questions, answered by PostGIS and by plain Python, Shapely and GeographicLib: the answers must be equal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, note, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import EventRow
from app.domain.areas import Box, Circle
from app.domain.days import Days
from app.domain.filters import EventFilter, Match
from app.domain.regions import Regions
from app.queries.filtering import conditions
from tests.queries import strategies as random
from tests.queries.oracle import corners_m, extent_of, matches
from tests.world import Made, put

Events = list[Made]


async def answers(connection: AsyncConnection, wanted: EventFilter) -> set[UUID]:
    return set(await connection.scalars(select(EventRow.id).where(*conditions(wanted))))


def expected(events: Iterable[Made], wanted: EventFilter) -> set[UUID]:
    return {made.identity for made in events if matches(made, wanted)}


@asynccontextmanager
async def holding(connection: AsyncConnection, events: Events) -> AsyncIterator[None]:
    """These events alone, for a while."""
    savepoint = await connection.begin_nested()
    try:
        await put(connection, *events)
        yield
    finally:
        await savepoint.rollback()


async def check(connection: AsyncConnection, events: Events, asked: Iterable[EventFilter]) -> None:
    """Each question is answered as the oracle answers it."""
    async with holding(connection, events):
        for wanted in asked:
            note(str(wanted))
            assert await answers(connection, wanted) == expected(events, wanted)


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, min_size=1, max_size=4)


@given(random.events(random.placed()), several(random.boxes()), random.matching)
async def test_boxes(
    connection: AsyncConnection, world: Regions, events: Events, boxes: list[Box], match: Match
) -> None:
    await check(connection, events, (EventFilter(box=box, match=match) for box in boxes))


@given(random.events(random.placed()), several(random.shapes()), random.matching)
async def test_shapes(
    connection: AsyncConnection, world: Regions, events: Events, shapes: list[Any], match: Match
) -> None:
    await check(connection, events, (EventFilter(area=shape, match=match) for shape in shapes))


@given(random.events(random.placed()), several(random.regions), random.matching)
async def test_regions(
    connection: AsyncConnection, world: Regions, events: Events, regions: list[Any], match: Match
) -> None:
    await check(connection, events, (EventFilter(regions=some, match=match) for some in regions))


@given(random.events(random.dated(), most=20), several(random.windows()), random.matching)
async def test_days(
    connection: AsyncConnection, world: Regions, events: Events, windows: list[Days], match: Match
) -> None:
    await check(connection, events, (EventFilter(days=days, match=match) for days in windows))


@given(random.events(random.told()), several(random.kinds()))
async def test_properties(
    connection: AsyncConnection, world: Regions, events: Events, kinds: list[dict[str, Any]]
) -> None:
    await check(connection, events, (EventFilter(**kind) for kind in kinds))


@given(random.events(random.placed(), random.dated(), random.told()), several(random.questions()))
async def test_several_filters_at_once(
    connection: AsyncConnection, world: Regions, events: Events, asked: list[EventFilter]
) -> None:
    await check(connection, events, asked)


CENTRES = st.one_of(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    st.tuples(
        st.sampled_from((-180.0, -179.99, 0.0, 179.9, 180.0)),
        st.sampled_from((-90.0, -89.99, -60.0, 0.0, 89.5, 90.0)),
    ),
)
RADII = st.sampled_from((1.0, 500.0, 25_000.0, 300_000.0, 4_000_000.0, 9_900_000.0))


@given(CENTRES, RADII, st.lists(st.floats(0, 360), min_size=1, max_size=6))
async def test_a_circle_holds_what_is_a_centimetre_inside_and_not_what_is_one_outside(
    connection: AsyncConnection,
    world: Regions,
    centre: tuple[float, float],
    radius_m: float,
    azimuths: list[float],
) -> None:
    def at(azimuth: float, metres: float) -> tuple[float, float]:
        there = Geodesic.WGS84.Direct(centre[1], centre[0], azimuth, metres)
        return there["lon2"], there["lat2"]

    within = [Made(at=at(azimuth, radius_m - 0.01)) for azimuth in azimuths]
    beyond = [Made(at=at(azimuth, radius_m + 0.01)) for azimuth in azimuths]
    circle = Circle(lon=centre[0], lat=centre[1], radius_m=radius_m)

    async with holding(connection, within + beyond + [Made(at=None)]):
        assert await answers(connection, EventFilter(near=circle)) == {made.identity for made in within}


@settings(max_examples=15)  # thousands of geodesics each
@given(random.events(random.placed(), most=8), several(random.places), RADII)
async def test_a_circle_may_hold_what_comes_near_and_surely_holds_only_what_lies_in_it(
    connection: AsyncConnection,
    world: Regions,
    events: Events,
    centres: list[tuple[float, float]],
    radius_m: float,
) -> None:
    async with holding(connection, events):
        for centre in centres:
            circle = Circle(lon=centre[0], lat=centre[1], radius_m=min(radius_m, 4_000_000))
            possible = await answers(connection, EventFilter(near=circle, match=Match.POSSIBLE))
            definite = await answers(connection, EventFilter(near=circle, match=Match.DEFINITE))
            for made in events:
                extent = extent_of(made)
                if extent is None:
                    assert (made.identity in possible, made.identity in definite) == (True, False)
                    continue
                corners = corners_m(centre, extent)
                note(f"{circle} {made} {min(corners)} {max(corners)}")
                if min(corners) <= circle.radius_m:
                    assert made.identity in possible
                if max(corners) > circle.radius_m:
                    assert made.identity not in definite
                elif max(corners) < 0.99 * circle.radius_m:
                    assert made.identity in definite


AREAS = st.one_of(
    random.boxes().map(lambda box: {"box": box}),
    random.shapes().map(lambda shape: {"area": shape}),
    random.regions.map(lambda some: {"regions": some}),
    random.windows().map(lambda days: {"days": days}),
    st.builds(lambda at, m: {"near": Circle(lon=at[0], lat=at[1], radius_m=m)}, random.places, RADII),
)


@given(random.events(random.placed(), random.dated()), several(AREAS))
async def test_what_is_definite_is_possible_and_so_is_what_has_its_point_there(
    connection: AsyncConnection, world: Regions, events: Events, asked: list[dict[str, Any]]
) -> None:
    async with holding(connection, events):
        for parts in asked:
            note(str(parts))
            found = {match: await answers(connection, EventFilter(match=match, **parts)) for match in Match}

            assert found[Match.DEFINITE] <= found[Match.POSSIBLE]
            assert found[Match.POINT] <= found[Match.POSSIBLE]


@pytest.mark.parametrize("match", Match)
@given(
    events=random.events(random.placed(), random.dated()),
    box=random.boxes(),
    days=random.windows(),
    by=st.tuples(*[st.sampled_from((0.0, random.NEARLY, 1.0, 40.0))] * 4),
)
async def test_a_wider_box_and_a_longer_window_lose_no_event(
    connection: AsyncConnection,
    world: Regions,
    *,
    match: Match,
    events: Events,
    box: Box,
    days: Days,
    by: tuple[float, ...],
) -> None:
    # Wider, but so that the edges do not pass one another over the antimeridian.
    gap = box.west - box.east if box.west > box.east else 360
    west, east = max(-180, box.west - min(by[0], gap / 3)), min(180, box.east + min(by[1], gap / 3))
    south, north = max(-90, box.south - by[2]), min(90, box.north + by[3])
    wider = Box(west=west, south=south, east=east, north=north)
    longer = replace(days, since=None)
    asked = EventFilter(box=box, days=days, match=match)

    async with holding(connection, events):
        found = await answers(connection, asked)

        assert found <= await answers(connection, replace(asked, box=wider))
        assert found <= await answers(connection, replace(asked, days=longer))
