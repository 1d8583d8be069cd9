"""Snapshots: kept once, never changed."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import SnapshotRow
from app.domain.snapshots import Snapshot, question_hash


async def keep(connection: AsyncConnection, snapshot: Snapshot) -> bool:
    """Keep a snapshot, unless its question has one as of that version; gives whether it was kept.

    Of two who keep the same at once the second waits for the first, and then keeps nothing.
    """
    values = {name: getattr(snapshot, name) for name in Snapshot.__dataclass_fields__}
    statement = (
        postgresql.insert(SnapshotRow)
        .values(**values, sha256_of_question=question_hash(snapshot.question))
        .on_conflict_do_nothing()
    )
    return (await connection.execute(statement)).rowcount == 1
