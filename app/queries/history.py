"""What was so as of a version: where to look, and how to tell."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, and_
from sqlalchemy.sql.selectable import NamedFromClause

from app.db.tables import OPEN, EventRevisionRow, EventRow, Versioned

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


_LIVE = cast("Rows", EventRow.__table__)
_REVISIONS = EventRevisionRow.__table__.alias("event")
