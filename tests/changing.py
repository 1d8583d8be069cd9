"""Changing events in tests: further revisions, and versions that are committed as the store commits them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.store import revisions, versions
from tests.world import Made, add_version, put

_WRITTEN = (
    "DROP TABLE IF EXISTS pg_temp.import_written",
    "CREATE TEMPORARY TABLE import_written (id uuid, existed boolean, touched text[]) ON COMMIT DROP",
)


async def revise(
    connection: AsyncConnection,
    version: int,
    *events: UUID,
    touched: tuple[str, ...] | None = None,
    **columns: Any,
) -> None:
    """Let these events have these columns from a version on, which must be there, and keep that as the store does."""
    values = {"ids": [str(one) for one in events], "version": version}
    told = "".join(f", {name} = {value}" for name, value in columns.items())
    update = f"UPDATE event SET revision = revision + 1, version = :version{told} WHERE id = ANY (CAST(:ids AS uuid[]))"
    await connection.execute(text(update), values)
    for statement in _WRITTEN:
        await connection.execute(text(statement))
    await connection.execute(
        text("INSERT INTO import_written SELECT id, true, :touched FROM unnest(CAST(:ids AS uuid[])) AS id"),
        {"ids": values["ids"], "touched": list(touched) if touched else None},
    )
    await revisions.keep(connection, version)


async def revise_next(connection: AsyncConnection, version: int, *events: UUID, **told: Any) -> None:
    """The same in a version of its own."""
    await add_version(connection, version)
    await revise(connection, version, *events, **told)


async def write(connection: AsyncConnection, *events: Made) -> list[UUID]:
    """Take the writer's turn, create events, and close the version; the caller commits."""
    number = await versions.begin(connection)
    made = [Made(**{**_told(one), "version": number}) for one in events]
    found = await put(connection, *made)
    await versions.close(connection, number, kind="test", summary="More events")
    return found


async def commit(engine: AsyncEngine, *events: Made) -> list[str]:
    """Create events in a transaction of their own, and give their ids as they are written."""
    async with engine.begin() as connection:
        return [str(one) for one in await write(connection, *events)]


def _told(made: Made) -> dict[str, Any]:
    return {name: getattr(made, name) for name in Made.__dataclass_fields__}
