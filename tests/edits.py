"""Edits of events as the store keeps them: all that one transaction does is one version, and each event has a revision of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import EventRow
from app.store import revisions, versions

_WRITTEN = (
    "DROP TABLE IF EXISTS pg_temp.import_written",
    "CREATE TEMPORARY TABLE import_written (id uuid, existed boolean, touched text[]) ON COMMIT DROP",
)
_CHANGED = text("INSERT INTO import_written SELECT unnest(CAST(:ids AS uuid[])), true, NULL")


class Edits:
    """The version that is being written."""

    def __init__(self, connection: AsyncConnection, number: int) -> None:
        self._connection = connection
        self.number = number
        self.events: list[UUID] = []

    async def change(self, event: UUID, **columns: Any) -> None:
        """Give an event other values. Once a version."""
        changed = {**columns, "revision": EventRow.revision + 1, "version": self.number}
        await self._connection.execute(update(EventRow).where(EventRow.id == event).values(**changed))
        self.events.append(event)


@asynccontextmanager
async def one_version(connection: AsyncConnection) -> AsyncIterator[Edits]:
    """A version to write edits into; `world.put` with its number creates."""
    number = await versions.begin(connection)
    for statement in _WRITTEN:
        await connection.execute(text(statement))
    edits = Edits(connection, number)
    yield edits
    await connection.execute(_CHANGED, {"ids": [str(event) for event in edits.events]})
    await revisions.keep(connection, number)
    await versions.close(connection, number, kind="test", summary="Edits")
