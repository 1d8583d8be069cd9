"""Items of collections that are not events: regions, figures, documents, actors. A page of them, one of them, how many.

Events are many, and have a file of their own; these are few, and share this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, and_, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import ActorRow, DocumentRow, FigureRow, RegionPartRow, RegionRow
from app.domain.areas import Box
from app.domain.collections import Collection
from app.domain.cursors import Cursor
from app.domain.days import Days
from app.domain.expressions import Expression
from app.domain.filters import SortKey
from app.queries import pages, versions
from app.queries.expressions import condition
from app.queries.history import stands
from app.queries.keyset import Key, after
from app.queries.pages import Page
from app.queries.shapes import touches

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items are wanted. Nothing set means all of them."""

    box: Box | None = None
    """Those whose outline it touches; items without one match every box (17-069r4, fc-bbox-response C)."""
    days: Days | None = None
    """Those with a day in this window; items without days match every window (fc-time-response C)."""
    expression: Expression | None = None
    """A condition over the collection's queryables."""
    at: int | None = None
    """The version as of which is asked; None: what is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the items of a collection are looked for."""

    rows: FromClause
    columns: Mapping[str, ColumnElement[Any]]
    """What a filter or an order may name, by property."""
    stand: tuple[Condition, ...] = ()
    """What must hold of an item that there is."""
    region: ColumnElement[str] | None = None
    """The code of the region whose outline is the geometry."""


async def page(
    connection: AsyncConnection,
    collection: Collection,
    wanted: ItemFilter,
    written: ColumnElement[str],
    *,
    order: tuple[SortKey, ...],
    limit: int,
    cursor: Cursor | None,
) -> Page:
    """A page of items, each as `written`. Behind a cursor it is of the version that its first page was of."""
    return await pages.read(
        connection,
        lambda at: pages.shaped(
            lambda: page_statement(
                collection, replace(wanted, at=at), written, order=order, limit=limit, cursor=cursor
            ),
            limit,
        ),
        at=wanted.at,
        limit=limit,
        cursor=cursor,
    )


def page_statement(
    collection: Collection,
    wanted: ItemFilter,
    written: ColumnElement[str],
    *,
    order: tuple[SortKey, ...],
    limit: int,
    cursor: Cursor | None,
) -> Select[Any]:
    """One row more than the page holds; the second column is the version that the statement sees."""
    source = source_of(collection, wanted.at)
    keys = [
        Key(
            column=source.columns[key.field],
            descending=key.descending,
            nullable=key.field in collection.nullable,
        )
        for key in order
    ]
    version = versions.CURRENT.scalar_subquery() if wanted.at is None else literal(wanted.at, BigInteger)
    statement = (
        select(written, version, *(key.column for key in keys))
        .select_from(source.rows)
        .where(*_conditions(collection, wanted, source))
        .limit(limit + 1)
    )
    if cursor:
        statement = statement.where(after(keys, cursor.after))
    return statement.order_by(*(key.ordered for key in keys))


async def count(connection: AsyncConnection, collection: Collection, wanted: ItemFilter) -> int:
    """How many items are wanted, exactly."""
    return (await connection.execute(count_statement(collection, wanted))).scalar_one()


def count_statement(collection: Collection, wanted: ItemFilter) -> Select[int]:
    """Counts every row that matches: these collections are small."""
    source = source_of(collection, wanted.at)
    return select(func.count()).select_from(source.rows).where(*_conditions(collection, wanted, source))


async def one(
    connection: AsyncConnection,
    collection: Collection,
    identity: Any,
    written: ColumnElement[str],
    at: int | None,
) -> str | None:
    """One item as `written`, now or as of a version; None if there is none."""
    statement = one_statement(collection, identity, written, at)
    return (await connection.execute(statement)).scalar_one_or_none()


def one_statement(
    collection: Collection, identity: Any, written: ColumnElement[str], at: int | None
) -> Select[str]:
    """By primary key."""
    source = source_of(collection, at)
    key = source.columns[collection.identity]
    return select(written).select_from(source.rows).where(key == identity, *source.stand)


def source_of(collection: Collection, at: int | None) -> Source:
    """Where the items of a collection are, now or as of a version."""
    return _SOURCES[collection.name](at)


def _conditions(collection: Collection, wanted: ItemFilter, source: Source) -> list[Condition]:
    found = list(source.stand)
    if wanted.box and source.region is not None:
        touched = select(RegionPartRow.code).where(touches(RegionPartRow.geom, wanted.box))
        found.append(source.region.in_(touched))
    if wanted.days and collection.days:
        first, last = (source.columns[name] for name in collection.days)
        if wanted.days.since:
            found.append(last >= wanted.days.since)
        if wanted.days.until:
            found.append(first <= wanted.days.until)
    if wanted.expression:
        found.append(condition(wanted.expression, source.columns))
    return found


def _regions(_: int | None) -> Source:
    row = RegionRow.__table__
    return Source(
        rows=row,
        columns={**_columns(row, row.c.keys()), "geometry": row.c.geom},
        region=row.c.code,
    )


def _figures(at: int | None) -> Source:
    row, document, region = FigureRow.__table__, DocumentRow, RegionRow.__table__
    given = and_(document.id == row.c.document_id, stands(document, at))
    of_region = {"region_name": region.c.name, "geometry": region.c.geom}
    return Source(
        rows=row.outerjoin(document, given).outerjoin(region, region.c.code == row.c.region),
        columns={**_columns(row, row.c.keys()), **of_region},
        stand=(stands(FigureRow, at),),
        region=row.c.region,
    )


def _documents(at: int | None) -> Source:
    row = DocumentRow.__table__
    return Source(rows=row, columns=_columns(row, row.c.keys()), stand=(stands(DocumentRow, at),))


def _actors(at: int | None) -> Source:
    row = ActorRow.__table__
    columns = {**_columns(row, row.c.keys()), "dataset": row.c.dataset_id}
    return Source(rows=row, columns=columns, stand=(stands(ActorRow, at),))


def _columns(row: FromClause, names: Iterable[str]) -> dict[str, ColumnElement[Any]]:
    return {name: row.c[name] for name in names}


_SOURCES: Mapping[str, Callable[[int | None], Source]] = {
    "regions": _regions,
    "figures": _figures,
    "documents": _documents,
    "actors": _actors,
}
