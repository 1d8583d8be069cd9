"""Pages: together they are the whole answer, in order, each event once, whatever is written meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Text, literal_column
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.cursors import Cursor
from app.domain.filters import EventFilter, SortField, SortKey, View, total
from app.domain.regions import Regions
from app.queries import events, evidence
from tests.queries.forms import OF_EVENT
from tests.queries.strategies import FIRST
from tests.world import Made, MakeEvent, add_version, load_world, put

WRITTEN: ColumnElement[str] = literal_column("event.id::text", Text)
KINDS = {field: field.kind for field in SortField}


async def walk(connection: AsyncConnection, view: View, version: int = 1, most: int = 1000) -> list[UUID]:
    """All pages, by the cursor as a client sends it back."""
    found: list[UUID] = []
    cursor = None
    kinds = tuple(KINDS[SortField(key.field)] for key in total(view.sort))
    for _ in range(most):
        page = await events.page(connection, EventFilter(), view, WRITTEN, cursor)
        assert len(page.features) <= view.limit
        found += map(UUID, page.features)
        if page.after is None:
            break
        sent = Cursor(question="same", version=version, after=page.after).encode()
        cursor = Cursor.decode(sent, question="same", kinds=kinds)
    return found


def ordered(made: list[Made], keys: tuple[SortKey, ...]) -> list[UUID]:
    """By plain Python: sorted by the last key first, unknown values last at each."""
    directions = {key.field: key.descending for key in reversed(keys)}
    directions.setdefault(SortField.ID, keys[-1].descending)
    # The first mention of a field counts, and nothing after the id.
    fields = list(dict.fromkeys(key.field for key in (*keys, SortKey(SortField.ID, keys[-1].descending))))
    rows = list(made)
    for field in reversed(fields[: fields.index(SortField.ID) + 1]):
        known = [row for row in rows if value(row, field) is not None]
        known.sort(key=lambda row: value(row, field), reverse=directions[field])
        rows = known + [row for row in rows if value(row, field) is None]
    return [row.identity for row in rows]


def value(made: Made, field: str) -> Any:
    match field:
        case SortField.FIRST_DAY:
            return made.day
        case SortField.LAST_DAY:
            return made.until
        case SortField.DEATHS_BEST:
            return made.deaths
        case SortField.FIRST_REPORTED:
            return made.reported
        case SortField.ID:
            return made.identity


days = st.sampled_from((None, FIRST, date(2021, 8, 2), date(2021, 8, 3)))
some_events = st.lists(
    st.builds(
        lambda one, other, deaths, reported, number: Made(
            day=min(one, other) if one and other else one,
            until=max(one, other) if one and other else other,
            deaths=deaths,
            reported=reported,
            id=number,
        ),
        days,
        days,
        st.sampled_from((None, 0, 1, 2)),
        days,
        st.uuids(),
    ),
    min_size=1,
    max_size=15,
    unique_by=lambda made: made.id,
)
sort_keys = st.lists(
    st.builds(SortKey, st.sampled_from(tuple(SortField)), st.booleans()), min_size=1, max_size=2
).map(tuple)


@given(some_events, sort_keys, st.integers(1, 6))
async def test_pages_of_any_size_in_any_order_are_the_whole_answer(
    connection: AsyncConnection, world: Regions, made: list[Made], sort: tuple[SortKey, ...], limit: int
) -> None:
    savepoint = await connection.begin_nested()
    try:
        await put(connection, *made)

        assert await walk(connection, View(sort=sort, limit=limit)) == ordered(made, sort)
    finally:
        await savepoint.rollback()


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("field", SortField)
async def test_a_walk_by_one_key_goes_over_unknown_values(
    connection: AsyncConnection, world: Regions, field: SortField, *, descending: bool
) -> None:
    made = [
        Made(day=None, until=None),
        Made(day=None, until="2021-08-05", deaths=3),
        Made(day="2021-08-04", until=None, reported="2021-08-06"),
        Made(day="2021-08-04", deaths=3, reported="2021-08-06"),
        Made(day="2021-08-05", deaths=0, reported="2021-08-07"),
    ]
    await put(connection, *made)
    plain = [
        Made(
            id=one.identity,
            day=None if one.day is None else date.fromisoformat(str(one.day)),
            until=None if one.last_day == date.max else one.last_day,
            deaths=one.deaths,
            reported=one.reported,
        )
        for one in made
    ]
    sort = (SortKey(field, descending=descending),)

    assert await walk(connection, View(sort=sort, limit=1)) == ordered(plain, sort)


@pytest.mark.parametrize(
    "sortby", ["-first_day", "+first_day", "-deaths_best", "+id", "+last_day,-first_reported"]
)
async def test_a_walk_equals_page_one_of_everything_while_another_connection_inserts(
    fresh_engine: AsyncEngine, sortby: str
) -> None:
    sort = tuple(SortKey.parse(part) for part in sortby.split(","))
    async with fresh_engine.begin() as writer:
        await load_world(writer)
        await put(
            writer,
            *(Made(day=date(2021, 8, 1 + number % 9), deaths=number % 3 or None) for number in range(12)),
        )
    found: list[UUID] = []
    cursor = None
    async with fresh_engine.connect() as reader, fresh_engine.connect() as writer:
        whole = (await events.page(reader, EventFilter(), View(sort=sort), WRITTEN, None)).features
        await reader.rollback()
        for version in range(2, 20):
            page = await events.page(reader, EventFilter(), View(sort=sort, limit=2), WRITTEN, cursor)
            await reader.rollback()
            found += map(UUID, page.features)
            if page.after is None:
                break
            cursor = Cursor(question="same", version=1, after=page.after)
            await add_version(writer, version)
            more = (Made(day=date(2021, 8, day), deaths=day, version=version) for day in (1, 5, 9))
            await put(writer, *more, Made(day=None, version=version))
            await writer.commit()

    assert found == list(map(UUID, whole))


async def test_the_last_page_says_that_there_is_no_other(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    one, other = await make_event(day="2021-08-02"), await make_event(day="2021-08-01")

    full = await events.page(connection, EventFilter(), View(limit=2), WRITTEN, None)
    first = await events.page(connection, EventFilter(), View(limit=1), WRITTEN, None)

    assert (full.features, full.after) == ([str(one), str(other)], None)
    assert (first.features, first.after) == ([str(one)], (date(2021, 8, 2), one))


async def test_one_event_is_shown_though_it_is_retracted_and_lists_and_counts_leave_it_out(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    kept = await make_event()
    gone = await make_event(status="retracted", revision=2)

    shown = await evidence.whole(connection, gone, OF_EVENT, None)
    assert shown
    assert (shown.written, shown.revision) == (str(gone), 2)
    assert await evidence.whole(connection, UUID(int=1), OF_EVENT, None) is None
    assert (await events.page(connection, EventFilter(), View(), WRITTEN, None)).features == [str(kept)]
    assert await events.count(connection, EventFilter()) == 1
