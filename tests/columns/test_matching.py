"""Columns answer what the database answers, to any question: held against plain Python and Shapely over random events."""

from __future__ import annotations

from typing import Any

from hypothesis import given, note, settings
from sqlalchemy.ext.asyncio import AsyncConnection

from app.columns.matching import beyond, without_point
from app.domain.areas import Box
from app.domain.days import Days
from app.domain.filters import EventFilter, Match
from app.domain.regions import Regions
from tests.columns.columns import codes as known
from tests.columns.columns import ids, kept
from tests.queries import strategies as random
from tests.queries.oracle import matches
from tests.queries.test_oracle import holding, several
from tests.world import Made, MakeEvent, region_wanted

ANY = random.events(random.placed(), random.dated(), random.told())
FEW = settings(max_examples=25)
"""Each example fills a database."""


async def check(connection: AsyncConnection, events: list[Made], questions: list[EventFilter]) -> None:
    async with holding(connection, events):
        columns = kept(connection)
        for wanted in questions:
            note(str(wanted))
            found = ids(await columns.wanted(known(), wanted))
            assert sorted(found) == sorted(made.identity for made in events if matches(made, wanted))


@FEW
@given(ANY, several(random.questions()))
async def test_several_filters_at_once(
    connection: AsyncConnection, world: Regions, events: list[Made], questions: list[EventFilter]
) -> None:
    await check(connection, events, questions)


@FEW
@given(random.events(random.placed()), several(random.boxes()), random.matching)
async def test_boxes(
    connection: AsyncConnection, world: Regions, events: list[Made], boxes: list[Box], match: Match
) -> None:
    await check(connection, events, [EventFilter(box=box, match=match) for box in boxes])


@FEW
@given(random.events(random.dated(), most=20), several(random.windows()), random.matching)
async def test_days(
    connection: AsyncConnection, world: Regions, events: list[Made], windows: list[Days], match: Match
) -> None:
    await check(connection, events, [EventFilter(days=days, match=match) for days in windows])


@FEW
@given(random.events(random.told()), several(random.kinds()))
async def test_properties(
    connection: AsyncConnection, world: Regions, events: list[Made], kinds: list[dict[str, Any]]
) -> None:
    await check(connection, events, [EventFilter(**kind) for kind in kinds])


async def test_only_what_columns_do_not_hold_is_asked_of_the_database() -> None:
    held: dict[str, Any] = {
        "days": Days.parse("2021-08-01/2021-08-09"), "reported": Days.parse("2021-08-01/.."), "types": ("battle",),
        "datasets": ("desk",), "precisions": ("exact",), "verifications": ("verified",), "deaths_min": 1, "deaths_max": 2,
        "sources_min": 1, "contested": True, "has_geometry": True,
    }  # fmt: skip
    region = (region_wanted("AF"),)
    box = Box(west=60, south=30, east=70, north=40)

    assert beyond(EventFilter(**held)) is None
    assert beyond(EventFilter(**held, regions=region, box=box)) is None
    assert beyond(EventFilter(**held, match=Match.DEFINITE)) is None
    assert beyond(EventFilter(**held, words="hospital")) == EventFilter(words="hospital")
    possible = EventFilter(**held, regions=region, match=Match.POSSIBLE)
    assert beyond(possible) == EventFilter(regions=region, match=Match.POSSIBLE)
    assert without_point(EventFilter(box=box)) == EventFilter(box=box, has_geometry=False)
    assert without_point(EventFilter(box=box, match=Match.POSSIBLE)) is None


async def test_the_database_is_asked_once_for_all_tiles_of_a_question(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent
) -> None:
    hospital = await make_event(title="A hospital")
    columns = kept(connection)
    first = await columns.wanted(known(), EventFilter(words="hospital"))
    then = await columns.wanted(known(), EventFilter(words="hospital", days=Days.parse("2021-08-08")))
    other = await columns.wanted(known(), EventFilter(words="hospital", days=Days.parse("2021-08-09")))

    assert (ids(first), ids(then), ids(other)) == ([hospital], [hospital], [])
    assert first.found is then.found is other.found
