"""Columns follow the database: what is changed, retracted and reinstated, and what stood as of a version."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.columns.events import Array, Columns
from app.columns.keeping import Kept
from app.domain.filters import EventFilter
from app.domain.regions import Regions
from app.queries import columns as reading
from tests.columns.columns import codes, ids, kept
from tests.queries import strategies as random
from tests.queries.test_oracle import holding
from tests.world import Made, MakeEvent, add_version, put

ANY = random.events(random.placed(), random.dated(), random.told(), most=8)
FEW = settings(max_examples=25)
"""Each example fills a database."""


def same(one: Columns, other: Columns) -> bool:
    """Whether they hold the same, in the same order."""
    return all(
        np.array_equal(
            getattr(one, field.name), getattr(other, field.name), equal_nan=field.name in {"lon", "lat"}
        )
        for field in dataclasses.fields(Columns)
        if field.name not in {"itself", "memory"}
    )


async def now(columns: Kept, version: int) -> Columns:
    return (await columns.wanted(codes(version), EventFilter())).columns


@FEW
@given(ANY, ANY, st.data())
async def test_what_changed_is_brought_in_as_if_all_were_read_anew(
    connection: AsyncConnection, world: Regions, before: list[Made], after: list[Made], data: st.DataObject
) -> None:
    standing = [made.identity for made in before if made.status == "active"]
    gone = data.draw(st.sets(st.sampled_from(standing))) if standing else set()
    come = [made for made in after if made.status == "active"]
    async with holding(connection, before):
        columns = kept(connection)
        first = await now(columns, 1)
        await add_version(connection, 2)
        await put(connection, *(dataclasses.replace(made, version=2) for made in after))
        await _retract(connection, [str(one) for one in gone])

        followed, anew = await now(columns, 2), await now(kept(connection), 2)

        assert len(first) == len(standing)
        assert len(followed) == len(standing) + len(come) - len(gone)
        assert same(followed, anew)


async def _retract(connection: AsyncConnection, gone: list[str]) -> None:
    await connection.execute(
        text("UPDATE event SET status = 'retracted' WHERE id = ANY (CAST(:ids AS uuid[]))"), {"ids": gone}
    )
    await connection.execute(
        text("UPDATE event_revision SET seq = nextval('change_seq') WHERE id = ANY (CAST(:ids AS uuid[]))"),
        {"ids": gone},
    )


async def test_nothing_is_read_while_nothing_was_written(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent
) -> None:
    await make_event()
    columns = kept(connection)

    assert await now(columns, 1) is await now(columns, 1)


async def test_nothing_is_read_again_where_there_is_no_event(
    connection: AsyncConnection, world: Regions
) -> None:
    columns = kept(connection)

    empty = await now(columns, 1)

    assert len(empty) == 0
    assert await now(columns, 1) is empty
    assert (await columns.wanted(codes(1), EventFilter(at=1))).columns is empty


async def test_as_of_a_version_what_stood_then_is_wanted(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent
) -> None:
    first = await make_event(at=(68.5, 36.5))
    await add_version(connection, 2)
    second = await make_event(at=(68.6, 36.5), version=2)
    columns = kept(connection)

    assert set(ids(await columns.wanted(codes(2), EventFilter()))) == {first, second}
    assert ids(await columns.wanted(codes(2), EventFilter(at=1))) == [first]
    assert ids(await columns.wanted(codes(2), EventFilter(at=0))) == []
    # What stands as of the last version is what is now: nothing is read for it.
    newest = await columns.wanted(codes(2), EventFilter(at=2))
    assert newest.columns is await now(columns, 2)


async def test_what_was_written_while_columns_were_read_is_not_taken_for_an_earlier_version(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await make_event(at=(68.5, 36.5))
    read = reading.read

    async def late(connection: AsyncConnection, statement: Select[Any]) -> dict[str, Array]:
        # Somebody commits between the look at the version and what COPY shows.
        if not later:
            await add_version(connection, 2)
            later.append(await make_event(at=(68.6, 36.5), version=2))
        return await read(connection, statement)

    later: list[UUID] = []
    monkeypatch.setattr(reading, "read", late)
    columns = kept(connection)

    assert set(ids(await columns.wanted(codes(1), EventFilter()))) == {first, *later}
    assert ids(await columns.wanted(codes(2), EventFilter(at=1))) == [first]


async def test_a_dataset_that_came_while_columns_were_asked_for_is_known_to_who_knows_it(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent
) -> None:
    event = await make_event(dataset="desk")
    await add_version(connection, 2)
    columns = kept(connection)
    before = dataclasses.replace(codes(1), datasets=("ucdp-ged",))
    # They are as new as the database is, and not as the question.
    assert (await columns.wanted(before, EventFilter())).columns.version == 2

    for at in (None, 2):
        assert ids(await columns.wanted(codes(2), EventFilter(datasets=("desk",), at=at))) == [event]


async def test_marks_of_some_rows_are_not_those_of_others_of_the_same_version(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent
) -> None:
    hospital = await make_event(title="A hospital", at=None, within="AF-KDZ")
    await make_event(title="A school", at=None, within="FJ-N")
    columns = kept(connection)
    asked = EventFilter(words="hospital")
    # With other numbers for regions, rows are in another order.
    backwards = dataclasses.replace(codes(), regions=codes().regions[::-1])

    assert ids(await columns.wanted(backwards, asked)) == [hospital]
    assert ids(await columns.wanted(codes(), asked)) == [hospital]


async def test_what_is_being_read_is_read_to_its_end_when_who_asked_goes_away(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await make_event()
    begun, going_on = asyncio.Event(), asyncio.Event()

    async def slow(*asked: Any) -> Any:
        assert not begun.is_set()
        begun.set()
        await going_on.wait()
        return await read(*asked)

    read = reading.read
    monkeypatch.setattr(reading, "read", slow)
    columns = kept(connection)
    first, second = (asyncio.create_task(columns.wanted(codes(), EventFilter())) for _ in range(2))
    await begun.wait()
    first.cancel()
    await asyncio.sleep(0)
    going_on.set()

    assert ids(await second) == [event]
    assert first.cancelled()


async def test_what_needs_no_reading_is_at_hand(connection: AsyncConnection, make_event: MakeEvent) -> None:
    first = await make_event()
    columns = kept(connection)
    everything, by_words = EventFilter(), EventFilter(words="hospital")
    assert columns.at_hand(codes(1), everything) is None

    await columns.wanted(codes(1), everything)
    at_hand = columns.at_hand(codes(1), everything)
    assert at_hand is not None
    assert ids(at_hand) == [first]
    # The database must be asked first; what stood at a version is not what is now.
    assert columns.at_hand(codes(1), by_words) is None
    asked = await columns.wanted(codes(1), by_words)
    again = columns.at_hand(codes(1), by_words)
    assert again is not None
    assert again.found is asked.found
    assert columns.at_hand(codes(1), EventFilter(at=1)) is None

    await add_version(connection, 2)
    second = await make_event(version=2)
    assert columns.at_hand(codes(2), everything) is None
    assert set(ids(await columns.wanted(codes(2), everything))) == {first, second}
