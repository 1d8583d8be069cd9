"""Events: a page of them, how many there are. One of them is read with what is said about it (`queries.evidence`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Executable,
    Select,
    func,
    literal_column,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from app.db.shapes import Shaped
from app.domain.cursors import Cursor
from app.domain.filters import EventFilter, SortField, SortKey, View, total
from app.queries import pages, versions
from app.queries.filtering import conditions
from app.queries.history import Rows, events_at
from app.queries.keyset import Key, after
from app.queries.pages import Page


async def page(
    connection: AsyncConnection,
    wanted: EventFilter,
    view: View,
    written: ColumnElement[str],
    cursor: Cursor | None,
) -> Page:
    """A page of the events that are wanted, each as `written` (a format's expression over `event`).

    A page behind a cursor is of the version that its first page was of, whatever was written since.
    """
    return await pages.read(
        connection,
        lambda at: _shaped(replace(wanted, at=at), view, written, cursor),
        at=wanted.at,
        limit=view.limit,
        cursor=cursor,
    )


def page_statement(
    wanted: EventFilter, view: View, written: ColumnElement[str], cursor: Cursor | None
) -> Select[Any]:
    """One row more than the page holds, so as to know whether there is a next one; no counting."""
    return _page(view, written, wanted.at, _conditions(wanted, view, cursor))


def _shaped(wanted: EventFilter, view: View, written: ColumnElement[str], cursor: Cursor | None) -> Shaped:
    found = _conditions(wanted, view, cursor)
    return pages.shaped(
        lambda: _page(view, written, wanted.at, found),
        view.limit,
        differing=select(written).where(*found),
        shape=(view.sort, wanted.at is None),
    )


def _page(
    view: View, written: ColumnElement[str], at: int | None, found: Sequence[ColumnElement[bool]]
) -> Select[Any]:
    row = events_at(at)
    keys = [_key(key, row) for key in total(view.sort)]
    # The version that the statement sees: asked apart, another could have come in between.
    version = versions.CURRENT.scalar_subquery() if at is None else literal_column("NULL", BigInteger)
    return (
        select(written, version, *(key.column for key in keys))
        .select_from(row)
        .where(*found)
        .limit(view.limit + 1)
        .order_by(*(key.ordered for key in keys))
    )


def _conditions(wanted: EventFilter, view: View, cursor: Cursor | None) -> list[ColumnElement[bool]]:
    row = events_at(wanted.at)
    found = conditions(wanted, row)
    return [*found, after([_key(key, row) for key in total(view.sort)], cursor.after)] if cursor else found


def whole_statement(
    wanted: EventFilter, sort: tuple[SortKey, ...], columns: Sequence[ColumnElement[Any]]
) -> Select[Any]:
    """These columns of every event that is wanted, for COPY; without `sort` as they come."""
    row = events_at(wanted.at)
    statement = select(*columns).select_from(row).where(*conditions(wanted))
    return statement.order_by(*(_key(key, row).ordered for key in total(sort))) if sort else statement


async def count(connection: AsyncConnection, wanted: EventFilter) -> int:
    """How many events are wanted, exactly."""
    return (await connection.execute(count_statement(wanted))).scalar_one()


def count_statement(wanted: EventFilter) -> Select[int]:
    """Counts every row that matches."""
    return select(func.count()).select_from(events_at(wanted.at)).where(*conditions(wanted))


async def estimate(connection: AsyncConnection, wanted: EventFilter) -> int:
    """How many events the planner thinks are wanted. It looks at statistics and reads no row."""
    row = events_at(wanted.at)
    statement = select(row.c.id).select_from(row).where(*conditions(wanted))
    plan = (await connection.execute(Explain(statement))).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])


class Explain(Executable, ClauseElement):
    """The plan of a statement as JSON; the statement is not run."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        """Take the statement whose plan is wanted."""
        self.statement = statement


@compiles(Explain)
def _explain(element: Explain, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def _key(key: SortKey, row: Rows) -> Key:
    """What a key sorts by.

    Unknown days are infinities. Where an infinity would come last anyway, the bare column is used, so that its index serves.
    """
    match key:
        case SortKey(SortField.FIRST_DAY, descending=False):
            column = func.nullif(row.c.first_day, literal_column("'-infinity'::date"), type_=Date)
            return Key(column=column, nullable=True)
        case SortKey(SortField.LAST_DAY, descending=True):
            column = func.nullif(row.c.last_day, literal_column("'infinity'::date"), type_=Date)
            return Key(column=column, descending=True, nullable=True)
        case _:
            nullable = key.field in {SortField.DEATHS_BEST, SortField.FIRST_REPORTED}
            return Key(column=row.c[key.field], descending=key.descending, nullable=nullable)
