"""Revisions: all that events were. Whoever writes events lets them be kept here, in the same transaction."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN
from app.store.running import run
from app.store.staged import COMPARED

TOLD = ", ".join(
    (
        *("id", "dataset", "source_key", *COMPARED),
        *("status", "revision", "version", "release_id", "record_hash", "search"),
    )
)
"""The columns that `event` and `event_revision` share."""


async def keep(connection: AsyncConnection, version: int) -> None:
    """Keep the events of `import_written` as they are from this version on, as changes of theirs.

    `import_written` has the id of each event once, whether it was there before, and what changed beside its columns.
    """
    await connection.execute(text("ANALYZE import_written"))
    await connection.execute(text(_END), {"version": version})
    await connection.execute(text(_BEGIN), {"version": version})


async def keep_words(connection: AsyncConnection, version: int, actors: list[str]) -> None:
    """Keep the words that the events of these actors were given, which is no change of the events. `keep` comes first."""
    values = {"version": version, "actors": actors}
    for statement in _WORDS:
        await run(connection, statement, values)


_END = f"""
UPDATE event_revision AS kept SET until_version = :version FROM import_written AS written
WHERE written.existed AND kept.id = written.id AND kept.until_version = {OPEN}
"""

# Of many events the order in which they were written, which is that of the indexes: they are read from end to end.
_BEGIN = f"""
INSERT INTO event_revision ({TOLD}, since_version, seq, touched)
SELECT {TOLD}, :version, nextval('change_seq'), touched FROM event JOIN import_written USING (id)
"""

_WORDS = (
    "DROP TABLE IF EXISTS pg_temp.import_taught",
    "CREATE TEMPORARY TABLE import_taught (id uuid) ON COMMIT DROP",
    f"""
INSERT INTO import_taught SELECT DISTINCT event_id FROM event_actor
WHERE actor_id = ANY (CAST(:actors AS uuid[])) AND until_version = {OPEN} AND event_id NOT IN (SELECT id FROM import_written)
""",
    f"""
UPDATE event_revision AS kept SET until_version = :version FROM import_taught AS taught
WHERE kept.id = taught.id AND kept.until_version = {OPEN}
""",
    f"""
INSERT INTO event_revision ({TOLD}, since_version) SELECT {TOLD}, :version FROM event WHERE id IN (SELECT id FROM import_taught)
""",
)
