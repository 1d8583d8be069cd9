"""What was so as of a version: where to look, and how to tell."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import NamedFromClause

from app.db.tables import (
    ActorRow,
    DocumentRow,
    EventRevisionRow,
    EventRow,
    FigureRow,
    Versioned,
    VersionRow,
)
from app.db.turns import OPEN

Rows = NamedFromClause
"""`event`, or revisions under that name, so that the same expressions serve both."""


def events_at(version: int | None) -> Rows:
    """Where events are looked for: `event` itself now, their revisions as of a version."""
    return _LIVE if version is None else _REVISIONS


def was_so(row: FromClause, version: int) -> ColumnElement[bool]:
    """A row that has versions was so as of this one."""
    return and_(row.c.since_version <= version, row.c.until_version > version)


def stands(row: type[Versioned] | Any, version: int | ColumnElement[int] | None) -> ColumnElement[bool]:
    """A row that has versions is so now, or was as of a version, which may be a column of another row."""
    if version is None:
        return row.until_version == OPEN
    return and_(row.since_version <= version, row.until_version > version)


async def first_known(connection: AsyncConnection, what: str, which: UUID) -> datetime | None:
    """When a thing became known here: an `event`, `document`, `figure` or `actor`. None if there never was one of this id."""
    return (await connection.execute(first_known_statement(what, which))).scalar_one()


def first_known_statement(what: str, which: UUID) -> Select[datetime | None]:
    """By primary key."""
    row = _KEPT[what]
    since = select(func.min(row.since_version)).where(row.id == which).scalar_subquery()
    return select(func.min(VersionRow.known_at)).where(VersionRow.id == since)


_KEPT: dict[str, type[Versioned]] = {
    "event": EventRevisionRow,
    "document": DocumentRow,
    "figure": FigureRow,
    "actor": ActorRow,
}
_LIVE = cast("Rows", EventRow.__table__)
_REVISIONS = EventRevisionRow.__table__.alias("event")
