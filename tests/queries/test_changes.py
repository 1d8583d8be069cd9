"""The change feed asks the same question as lists do, of the state after a change and of the one before, as things were then."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import ClaimRow
from app.db.turns import OPEN
from app.domain.changes import TOUCHED
from app.domain.evidence import ClaimantRole
from app.domain.filters import EventFilter, View
from app.formats import geojson
from app.queries import changes, events
from app.store.statements import TOUCHES
from tests.changing import revise_next
from tests.queries.questions import ASKED, Asked
from tests.queries.test_pages import WRITTEN
from tests.world import Made, MakeEvent, put

VARIED = (
    Made(at=(68.5, 36.5)),
    Made(at=(68.5, 36.5), status="retracted"),
    Made(at=(179.8, -16.8), radius_m=60_000, type="abduction", precision="exact"),
    Made(at=(28.0, -29.0), deaths=4, contested=True, day="2001-05-05", title="A seldom seen event"),
    Made(at=(68.9, 36.9), radius_m=20_000, side_a=("Taliban",), verification="verified", dataset="desk"),
    Made(within="AF-KDZ", day="2001-05-01", until="2001-06-20", date_precision="month", reported="2019-03-03"),
    Made(within="AF", at=(66.0, 33.0), side_a=("Others",), aliases=("Taliban",), reported="2019-03-04"),
    Made(day=None),
)  # fmt: skip


async def feed(connection: AsyncConnection, **wanted: Any) -> list[tuple[int, bool]]:
    """Version and match of each change of what is wanted."""
    seen = await changes.after(connection, 0, EventFilter(**wanted), WRITTEN, 1000)
    assert not seen.more
    return [(change.version, change.matches) for change in seen.changes]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
async def test_events_match_as_they_do_in_lists(
    connection: AsyncConnection, world: object, asked: Asked
) -> None:
    await put(connection, *VARIED)

    seen = await changes.after(connection, 0, asked.wanted, geojson.feature(), 1000)
    listed = await connection.scalars(
        text("SELECT id FROM event WHERE id = ANY (:ids)"), {"ids": [one.id for one in seen.changes]}
    )

    assert len(set(listed)) == len(seen.changes)
    assert {one.id for one in seen.changes if one.matches} == await listed_by(connection, asked.wanted)


async def listed_by(connection: AsyncConnection, wanted: EventFilter) -> set[UUID]:
    page = await events.page(connection, wanted, View(), WRITTEN, None)
    return {UUID(found) for found in page.features}


async def test_who_took_part_is_asked_as_it_was_then(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(side_a=("Taliban",))
    await make_event(side_a=("Others",))
    left = f"UPDATE event_actor SET until_version = 3 WHERE event_id = '{event}'"
    await revise_next(connection, 2, event, title="'Still with them'")
    await revise_next(connection, 3, event, side_a="'{}'")
    await connection.execute(text(left))
    await revise_next(connection, 4, event, title="'Long without them'")

    assert await feed(connection, actors=("Taliban",)) == [(1, True), (2, True), (3, False)]


async def test_what_actors_were_called_is_asked_as_it_was_then(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(side_a=("Taliban",))
    await revise_next(connection, 2, event, title="'Again'")
    renamed = (
        "UPDATE actor SET until_version = 2",
        f"""
        INSERT INTO actor (id, dataset_id, source_key, name, names, since_version, until_version)
        SELECT id, dataset_id, source_key, 'Emirate', 'emirate', 2, {OPEN} FROM actor
        """,
    )
    for statement in renamed:
        await connection.execute(text(statement))

    assert await feed(connection, actors=("Taliban",)) == [(1, True), (2, False)]
    assert await feed(connection, actors=("Emirate",)) == [(2, True)]


async def test_what_is_claimed_is_asked_as_it_was_then(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event()
    await claim(connection, event, since=2, until=4)
    for version in (2, 3, 4, 5):
        await revise_next(connection, version, event, touched=("claims",))

    asked = {"claimant_roles": (ClaimantRole.WITNESS,)}
    assert await feed(connection, **asked) == [(2, True), (3, True), (4, False)]
    assert await feed(connection, claimant_roles=(ClaimantRole.MEDIA,)) == []


async def claim(connection: AsyncConnection, event: UUID, *, since: int, until: int) -> None:
    told: dict[str, Any] = {
        "id": uuid4(),
        "since_version": since,
        "until_version": until,
        "events": [event],
        "stance": "asserts",
        "claimant": "A neighbour",
        "anonymous": False,
        "role": "witness",
        "quote": "We heard it.",
        "speech": "direct",
        "verification": "not_stated",
        "revision": 1,
        "dataset": "desk",
        "source_key": "a-claim",
        "document_id": uuid4(),
        "said_first": date(2021, 8, 8),
        "said_last": date(2021, 8, 8),
    }
    await connection.execute(insert(ClaimRow), [told])


async def test_words_that_were_added_are_no_change_and_the_next_one_follows_them(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(title="An event")
    # As the store adds words: the event's row, and another of the same revision.
    await connection.execute(text("UPDATE event SET search = to_tsvector('simple', 'seldom')"))
    await connection.execute(text("CREATE TEMP TABLE words ON COMMIT DROP AS SELECT * FROM event_revision"))
    await connection.execute(text("UPDATE event_revision SET until_version = 2"))
    await connection.execute(
        text("UPDATE words SET since_version = 2, seq = NULL, search = to_tsvector('simple', 'seldom')")
    )
    await connection.execute(text("INSERT INTO event_revision SELECT * FROM words"))
    await revise_next(connection, 3, event, title="'Another'", search="to_tsvector('simple', 'other')")

    assert await feed(connection, words="seldom") == [(3, False)]
    assert await feed(connection) == [(1, True), (3, True)]


async def test_a_write_that_failed_leaves_a_gap_that_costs_nothing(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(at=(68.5, 36.5))
    await connection.execute(text("SELECT setval('change_seq', 10000000)"))
    await make_event(at=(64.0, 31.0))

    seen = await changes.after(connection, 1_000_000, EventFilter(), WRITTEN, 10)
    assert ([one.seq for one in seen.changes], seen.through, seen.more) == ([10_000_001], 10_000_001, False)
    # And one in the middle is stepped over in two answers, not in two hundred.
    first = await changes.after(connection, 0, EventFilter(), WRITTEN, 10)
    assert (len(first.changes), first.more) == (1, True)
    second = await changes.after(connection, first.through, EventFilter(), WRITTEN, 10)
    assert (len(second.changes), second.more) == (1, False)


async def test_the_place_of_the_last_change_is_0_before_the_first(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    assert await changes.last(connection) == 0
    await make_event()
    (only,) = (await changes.after(connection, 0, EventFilter(), WRITTEN, 10)).changes
    assert await changes.last(connection) == only.seq


def test_all_that_the_store_may_touch_has_a_name_in_the_feed() -> None:
    assert set(TOUCHES.values()) == set(TOUCHED)
