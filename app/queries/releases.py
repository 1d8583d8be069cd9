"""The releases that were imported, and their rows as they came."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release, with what became of its rows."""

    id: int
    dataset: str
    name: str
    label: str | None
    position: int
    position_basis: str
    released_on: date | None
    complete: bool
    rows_read: int
    created: int
    changed: int
    unchanged: int
    retracted: int
    quarantined: int
    outdated: int
    known_at: datetime


async def every(connection: AsyncConnection) -> list[Release]:
    """All releases, in the order in which they were imported."""
    return [Release(**row._asdict()) for row in await connection.execute(text(_EVERY))]


async def has(connection: AsyncConnection, release_id: int) -> bool:
    """Whether there is a release with this id."""
    found = await connection.execute(text("SELECT true FROM release WHERE id = :id"), {"id": release_id})
    return found.scalar_one_or_none() is not None


async def written_back(connection: AsyncConnection, release_id: int) -> AsyncIterator[list[str]]:
    """The rows of a release, cell for cell as its file had them, its header first if it had one.

    As the rows count like those of a spreadsheet, a file without a header has a row 1.
    """
    rows = await connection.stream(text(_ROWS), {"release_id": release_id})
    first = True
    async for row in rows:
        if first and row.row_number > 1:
            yield (await _header(connection, release_id))
        first = False
        yield row.cells


async def _header(connection: AsyncConnection, release_id: int) -> list[str]:
    found = await connection.execute(text("SELECT header FROM release WHERE id = :id"), {"id": release_id})
    header: list[str] = found.scalar_one()
    return header


_EVERY = """
SELECT release.id, dataset_id AS dataset, name, label, position, position_basis, released_on, complete, rows_read, created,
    changed, unchanged, retracted, quarantined, outdated, known_at
FROM release JOIN version ON version.id = release.version ORDER BY release.id
"""

_ROWS = """
SELECT row_number, cells FROM release_row JOIN record ON record.hash = record_hash
WHERE release_id = :release_id ORDER BY row_number
"""
