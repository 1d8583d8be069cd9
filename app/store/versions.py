"""Versions: one writing transaction at a time, with a number and the moment at which what it wrote became known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import CHANNEL, COMMITTING, LOCK


async def begin(connection: AsyncConnection, *, on_wait: Callable[[], None] = lambda: None) -> int:
    """Take the turn to write, until the transaction ends, and give the number of the version that is being written.

    `on_wait` is called if another writer is at work and has to be waited for. Stage as much as possible before this.
    """
    if not (await connection.execute(_TRY, {"lock": LOCK})).scalar_one():
        on_wait()
        await connection.execute(_TAKE, {"lock": LOCK})
    return int((await connection.execute(_NEXT)).scalar_one())


async def close(
    connection: AsyncConnection,
    number: int,
    *,
    kind: str,
    summary: str,
    release_id: int | None = None,
    tried: bool = False,
) -> datetime:
    """Write the version's row and give the moment at which it is known: the transaction's last act before it commits.

    From then until it has committed it holds the lock `COMMITTING`, and whoever asks as of a moment after the last version that they see waits
    for that (`queries.versions`). Those who listen on `CHANNEL` are told the number when it has committed.

    `kind` says what wrote (`import`, `regions`, `seed`), `summary` in a sentence what, `release_id` which release if it was one. What is only `tried`, and never to be committed,
    is waited for by nobody.
    """
    if not tried:
        await connection.execute(_COMMIT_SOON, {"lock": COMMITTING})
    await connection.execute(_TELL, {"number": str(number)})
    values = {"number": number, "kind": kind, "summary": summary, "release_id": release_id}
    written = await connection.execute(_CLOSE, values)
    known_at: datetime = written.scalar_one()
    return known_at


_COMMIT_SOON = text("SELECT pg_advisory_xact_lock(:lock)")
_TELL = text(f"SELECT pg_notify('{CHANNEL}', :number)")
_TRY = text("SELECT pg_try_advisory_xact_lock(:lock)")
_TAKE = text("SELECT pg_advisory_xact_lock(:lock)")
# A statement of its own, after the lock: its snapshot holds what the writer before us has committed.
_NEXT = text("SELECT coalesce(max(id), 0) + 1 FROM version")
# clock_timestamp and not now(), which is when the transaction began: long before, for an import. And above the one before,
# whatever is done to the clock: moments rise as numbers do, and no version comes to lie before a moment that another has (decision 40).
_CLOSE = text("""
INSERT INTO version (id, known_at, kind, summary, release_id)
SELECT CAST(:number AS bigint), greatest(clock_timestamp(), max(known_at) + interval '1 microsecond'),
       CAST(:kind AS text), CAST(:summary AS text), CAST(:release_id AS bigint)
FROM version
RETURNING known_at
""")
