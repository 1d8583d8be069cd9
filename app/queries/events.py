"""Events: a page of them, one of them, how many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Executable,
    Select,
    and_,
    func,
    literal_column,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from app.db.tables import EventRow
from app.domain.cursors import Cursor, KeyValue
from app.domain.filters import EventFilter, SortField, SortKey, View, total
from app.queries.filtering import conditions


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, written out, and where the next page goes on."""

    features: list[str]
    after: tuple[KeyValue, ...] | None
    """The last event's sort keys if there are more events; else None."""


async def page(
    connection: AsyncConnection,
    wanted: EventFilter,
    view: View,
    written: ColumnElement[str],
    cursor: Cursor | None,
) -> Page:
    """A page of the events that are wanted, each as `written` (a format's expression over `event`)."""
    rows = (await connection.execute(page_statement(wanted, view, written, cursor))).all()
    features = [row[0] for row in rows[: view.limit]]
    more = len(rows) > view.limit
    return Page(features, tuple(rows[view.limit - 1][1:]) if more else None)


def page_statement(
    wanted: EventFilter, view: View, written: ColumnElement[str], cursor: Cursor | None
) -> Select[Any]:
    """One row more than the page holds, so as to know whether there is a next one; no counting."""
    sort = total(view.sort)
    statement = (
        select(written, *(_key(key)[0] for key in sort)).where(*conditions(wanted)).limit(view.limit + 1)
    )
    if cursor:
        statement = statement.where(_after(sort, cursor.after), _known_at(cursor.version))
    return statement.order_by(*(_ordered(key) for key in sort))


async def one(
    connection: AsyncConnection, event: UUID, written: ColumnElement[str]
) -> tuple[str, int] | None:
    """One event as `written`, and its revision; None if there is none. A retracted event is shown, as retracted."""
    row = (await connection.execute(one_statement(event, written))).one_or_none()
    return (row[0], row[1]) if row else None


def one_statement(event: UUID, written: ColumnElement[str]) -> Select[str, int]:
    """By primary key."""
    return select(written, EventRow.revision).where(EventRow.id == event)


async def count(connection: AsyncConnection, wanted: EventFilter) -> int:
    """How many events are wanted, exactly."""
    return (await connection.execute(count_statement(wanted))).scalar_one()


def count_statement(wanted: EventFilter) -> Select[int]:
    """Counts every row that matches."""
    return select(func.count()).select_from(EventRow).where(*conditions(wanted))


async def estimate(connection: AsyncConnection, wanted: EventFilter) -> int:
    """How many events the planner thinks are wanted. It looks at statistics and reads no row."""
    plan = (await connection.execute(Explain(select(EventRow.id).where(*conditions(wanted))))).scalar_one()
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


def _key(key: SortKey) -> tuple[ColumnElement[Any], bool]:
    """What a key sorts by, and whether it may be null.

    Unknown days are infinities. Where an infinity would come last anyway, the bare column is used, so that its index serves.
    """
    match key:
        case SortKey(SortField.FIRST_DAY, descending=False):
            return func.nullif(EventRow.first_day, literal_column("'-infinity'::date"), type_=Date), True
        case SortKey(SortField.LAST_DAY, descending=True):
            return func.nullif(EventRow.last_day, literal_column("'infinity'::date"), type_=Date), True
        case _:
            column = COLUMNS[key.field]
            return column, key.field in {SortField.DEATHS_BEST, SortField.FIRST_REPORTED}


COLUMNS: dict[SortField, ColumnElement[Any]] = {
    SortField.FIRST_DAY: EventRow.first_day.expression,
    SortField.LAST_DAY: EventRow.last_day.expression,
    SortField.DEATHS_BEST: EventRow.deaths_best.expression,
    SortField.FIRST_REPORTED: EventRow.first_reported.expression,
    SortField.ID: EventRow.id.expression,
}


def _ordered(key: SortKey) -> ColumnElement[Any]:
    column, nullable = _key(key)
    if not key.descending:
        return column.asc()
    return column.desc().nulls_last() if nullable else column.desc()


def _after(sort: tuple[SortKey, ...], values: tuple[KeyValue, ...]) -> ColumnElement[bool]:
    """Comes later in the order than the row with these keys.

    Row comparison where it can be had, since it alone walks the index (0.2 ms against 1,396 at a million rows); else key by key.
    """
    keys = [_key(key) for key in sort]
    if len({key.descending for key in sort}) == 1 and not any(nullable for _, nullable in keys):
        row, mark = tuple_(*(column for column, _ in keys)), tuple_(*values)
        return row < mark if sort[0].descending else row > mark
    later: list[ColumnElement[bool]] = []
    for here, (key, (column, nullable), value) in enumerate(zip(sort, keys, values, strict=True)):
        if value is None:
            continue  # nulls come last: nothing is later than one by this key
        beyond = column < value if key.descending else column > value
        same = [_same(other, mark) for (other, _), mark in zip(keys[:here], values[:here], strict=True)]
        later.append(and_(*same, or_(beyond, column.is_(None)) if nullable else beyond))
    return or_(*later)


def _same(column: ColumnElement[Any], value: KeyValue) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _known_at(version: int) -> ColumnElement[bool]:
    """Leaves out events that were created after page 1 was read, so that a walk through all pages is one answer."""
    return not_(and_(EventRow.revision == 1, EventRow.version > version))
