"""Pages: some rows of an answer, and where the next begin. All pages of an answer are of one version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.cursors import Cursor, KeyValue


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, written out, and where the next page goes on."""

    features: list[str]
    after: tuple[KeyValue, ...] | None
    """The last row's sort keys if there are more; else None."""
    version: int | None
    """The version as of which they are; None where there are none, and none was asked for."""


async def read(
    connection: AsyncConnection,
    statement: Callable[[int | None], Select[Any]],
    *,
    at: int | None,
    limit: int,
    cursor: Cursor | None,
) -> Page:
    """A page by a statement as of a version (None: now) that gives a text, the version it sees, and the sort keys, of one row too many.

    A page behind a cursor is of the version that its first page was of, whatever was written since.
    """
    rows = (await connection.execute(statement(at))).all()
    if cursor and at is None and not (rows and rows[0][1] == cursor.version):
        # Something was written since page 1. What is costs less to ask than what was, so it was tried first.
        return await read(connection, statement, at=cursor.version, limit=limit, cursor=cursor)
    more = len(rows) > limit
    version = at if at is not None else rows[0][1] if rows else None
    return Page([row[0] for row in rows[:limit]], tuple(rows[limit - 1][2:]) if more else None, version)
