"""What becomes of moments when the clock is set back: the last version is of an hour that is still to come by then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.filters import EventFilter
from app.queries import events, versions
from tests.notes import bring, draft
from tests.world import load_world

A_TICK = timedelta(microseconds=1)


@pytest.fixture
async def ahead(fresh_engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A version with an event, written before the clock was set back by an hour."""
    async with fresh_engine.connect() as connection:
        await load_world(connection)
        await bring(connection, draft(source_key="before"))
        later = text("UPDATE version SET known_at = known_at + interval '1 hour' WHERE id = 2")
        await connection.execute(later)
        await connection.commit()
        yield connection


async def moments(connection: AsyncConnection) -> list[datetime]:
    return list(await connection.scalars(text("SELECT known_at FROM version ORDER BY id")))


async def test_a_version_is_known_after_the_one_before_it_also_where_the_clock_was_set_back(
    ahead: AsyncConnection,
) -> None:
    await bring(ahead, draft(source_key="after"))
    await bring(ahead, draft(source_key="after that"))
    await ahead.commit()

    _, before, after, last = await moments(ahead)
    assert (after, last) == (before + A_TICK, before + 2 * A_TICK)
    assert after > datetime.now(UTC)


async def test_an_answer_as_of_the_moment_of_a_version_stays_when_more_is_written_on_a_clock_that_was_set_back(
    ahead: AsyncConnection,
) -> None:
    (_, moment) = await moments(ahead)

    first = await versions.as_of(ahead, moment)
    await bring(ahead, draft(source_key="after"))
    await ahead.commit()

    assert (first, await versions.as_of(ahead, moment)) == (2, 2)
    assert await events.count(ahead, EventFilter(at=first)) == 1
    assert await versions.as_of(ahead, moment - A_TICK) == 1
    assert await versions.as_of(ahead, moment + A_TICK) == 3


async def test_what_lies_behind_the_last_version_and_the_clock_is_still_to_come(
    ahead: AsyncConnection,
) -> None:
    moment = (await moments(ahead))[-1] + A_TICK

    with pytest.raises(versions.FutureError, match="still to come"):
        await versions.as_of(ahead, moment)
