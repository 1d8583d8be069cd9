"""The feed walks its own index, and finds the state before each change by its key, whatever is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import create_engine
from app.db.turns import OPEN
from app.formats import geojson
from app.queries import changes
from app.store.revisions import TOLD
from tests.queries.questions import ASKED, Asked
from tests.queries.test_plans import ACTORS, EVENTS, EXTENTS, indexes, nodes, plan_of, read_whole
from tests.world import load_world

REVISIONS = (
    f"""
    INSERT INTO event_revision ({TOLD}, since_version, until_version, seq)
    SELECT {TOLD}, 1, CASE WHEN source_key::int % 2 = 0 THEN 2 ELSE {OPEN} END, nextval('change_seq') FROM event
    """,
    f"""
    INSERT INTO event_revision ({TOLD}, since_version, seq)
    SELECT {TOLD}, 2, nextval('change_seq') FROM event WHERE source_key::int % 2 = 0
    """,
)


@pytest.fixture(scope="module")
async def many(module_database: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a database of 90,000 changes of 60,000 events."""
    engine = create_engine(module_database)
    async with engine.begin() as connection:
        await load_world(connection)
        await connection.execute(text("SELECT setseed(0.5)"))
        for statement in (EXTENTS, EVENTS, *ACTORS, *REVISIONS, "ANALYZE"):
            await connection.execute(text(statement))
    yield engine
    await engine.dispose()


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
async def test_the_feed_walks_its_numbers_and_looks_up_the_state_before(
    many: AsyncEngine, asked: Asked
) -> None:
    statement = changes.after_statement(20_000, asked.wanted, geojson.feature(), 100)
    async with many.connect() as connection:
        plan = await plan_of(connection, statement)

    found = indexes(plan)
    assert {"event_revision_seq", "event_revision_pkey"} <= found
    assert read_whole(plan) & {"event_revision", "event_actor", "event", "extent"} == set()
    (walked,) = (node for node in nodes(plan) if node.get("Alias") == "event")
    assert walked["Index Name"] == "event_revision_seq"
    assert ("seq >= " in walked["Index Cond"], "seq < " in walked["Index Cond"]) == (True, True)


async def test_no_more_is_looked_at_than_is_said(many: AsyncEngine) -> None:
    nowhere = next(one.wanted for one in ASKED if one.name == "verification")
    async with many.connect() as connection:
        seen = await changes.after(connection, 0, nowhere, geojson.feature(), 100)
        assert (seen.changes, seen.through, seen.more) == ([], changes.LOOKED_AT, True)
        seen = await changes.after(connection, seen.through, nowhere, geojson.feature(), 100)
        assert (seen.changes, seen.through, seen.more) == ([], 90_000, False)
