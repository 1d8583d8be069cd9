"""Pages: some rows of an answer, and where the next begin. All pages of an answer are of one version."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Integer, LargeBinary, Select, Text, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import shapes
from app.db.shapes import Shaped
from app.domain.cursors import Cursor, KeyValue


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, written out, and where the next page goes on."""

    rows: bytes
    """In UTF-8, with a newline behind each, as COPY gives them."""
    count: int
    """How many there are."""
    after: tuple[KeyValue, ...] | None
    """The last row's sort keys if there are more; else None."""
    version: int | None
    """The version as of which they are; None where there are none, and none was asked for."""

    @property
    def features(self) -> list[str]:
        """The rows one by one, where each is JSON, in which no newline stands."""
        return self.rows.decode().split("\n")[:-1]


async def read(
    connection: AsyncConnection,
    statement: Callable[[int | None], Shaped],
    *,
    at: int | None,
    limit: int,
    cursor: Cursor | None,
) -> Page:
    """A page by a statement (`shaped`) as of a version (None: now).

    A page behind a cursor is of the version that its first page was of, whatever was written since.
    """
    rows, count, version, beyond, *keys = await shapes.one(connection, statement(at))
    if cursor and at is None and version != cursor.version:
        # Something was written since page 1. What is costs less to ask than what was, so it was tried first.
        return await read(connection, statement, at=cursor.version, limit=limit, cursor=cursor)
    more = count > limit
    return Page(
        rows=rows[: len(rows) - beyond] if more else rows or b"",
        count=min(count, limit),
        after=tuple(keys) if more else None,
        version=version if at is None else at,
    )


def shaped(
    statement: Callable[[], Select[Any]],
    limit: int,
    *,
    differing: Select[Any] | None = None,
    shape: Hashable = None,
) -> Shaped:
    """A page by a statement that gives a text, the version it sees, and the sort keys, of one row too many.

    Without `differing` (`db.shapes`) the whole statement is what differs.
    """
    if differing is None:
        differing = statement()
        return Shaped(differing, limit, lambda: _joined(differing, limit))
    return Shaped(differing, (limit, shape), lambda: _joined(statement(), limit))


def _joined(statement: Select[Any], limit: int) -> Select[Any]:
    """The rows as one: their texts joined, how many they are, the version, the bytes of the one too many, the sort keys of the one before.

    What a driver does for each row costs more than PostgreSQL takes to write it: a page of a thousand took twice as long.
    """
    written, version, *keys = statement.selected_columns
    line = func.convert_to(
        written + literal_column(r"E'\n'", Text), literal_column("'UTF8'"), type_=LargeBinary
    )
    found = statement.with_only_columns(
        line.label("line"),
        version.label("version"),
        *(key.label(f"key_{place}") for place, key in enumerate(keys)),
    ).subquery("page")
    return select(
        func.string_agg(found.c.line, literal_column("''::bytea"), type_=LargeBinary).label("rows"),
        func.count().label("count"),
        func.max(found.c.version).label("version"),
        func.array_agg(func.octet_length(found.c.line), type_=ARRAY(Integer))[limit + 1].label("beyond"),
        *(func.array_agg(key, type_=ARRAY(key.type))[limit] for key in list(found.c)[2:]),
    )
