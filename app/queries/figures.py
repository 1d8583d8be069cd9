"""Figures: reported numbers over an area and a period. A page of them, one of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, and_, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import DocumentRow, FigureRow
from app.domain.cursors import Cursor
from app.domain.days import Days
from app.domain.evidence import ClaimantRole, Metric, PublisherVerification
from app.domain.filters import Match, RegionWanted
from app.queries import pages, versions
from app.queries.history import stands
from app.queries.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFilter:
    """Which figures are wanted. Nothing set means all of them."""

    regions: tuple[RegionWanted, ...] = ()
    """Figures over one of these regions or one inside it; with `match=possible` also over one that it lies in."""
    period: Days | None = None
    """Figures of a period that shares a day with this window; with `match=definite`, that lies in it."""
    match: Match = Match.POINT
    metrics: tuple[Metric, ...] = ()
    roles: tuple[ClaimantRole, ...] = ()
    verifications: tuple[PublisherVerification, ...] = ()
    """What the publisher says of it."""
    datasets: tuple[str, ...] = ()
    at: int | None = None
    """The version as of which is asked; None: what is now."""


async def page(
    connection: AsyncConnection,
    wanted: FigureFilter,
    written: ColumnElement[str],
    *,
    limit: int,
    cursor: Cursor | None,
) -> Page:
    """Figures as `written` (over `figure` and its `document`). A page behind a cursor is of the version that its first page was of."""
    return await pages.read(
        connection,
        lambda at: pages.shaped(
            lambda: page_statement(replace(wanted, at=at), written, limit=limit, cursor=cursor), limit
        ),
        at=wanted.at,
        limit=limit,
        cursor=cursor,
    )


def page_statement(
    wanted: FigureFilter, written: ColumnElement[str], *, limit: int, cursor: Cursor | None
) -> Select[Any]:
    """Those whose period ended last come first."""
    row = FigureRow
    version = versions.CURRENT.scalar_subquery() if wanted.at is None else literal(wanted.at, BigInteger)
    statement = _with_document(select(written, version, row.last_day, row.id), wanted.at)
    statement = statement.where(*_conditions(wanted)).limit(limit + 1)
    if cursor:
        statement = statement.where(tuple_(row.last_day, row.id) < tuple_(*cursor.after))
    return statement.order_by(row.last_day.desc(), row.id.desc())


async def one(
    connection: AsyncConnection, figure: UUID, written: ColumnElement[str], at: int | None
) -> str | None:
    """One figure as `written`, now or as of a version; None if there is none."""
    return (await connection.execute(one_statement(figure, written, at))).scalar_one_or_none()


def one_statement(figure: UUID, written: ColumnElement[str], at: int | None) -> Select[str]:
    """By primary key."""
    return _with_document(select(written), at).where(FigureRow.id == figure)


def _with_document(statement: Select[*tuple[Any, ...]], at: int | None) -> Select[*tuple[Any, ...]]:
    given = and_(DocumentRow.id == FigureRow.document_id, stands(DocumentRow, at))
    return statement.select_from(FigureRow).outerjoin(DocumentRow, given).where(stands(FigureRow, at))


def _conditions(wanted: FigureFilter) -> list[ColumnElement[bool]]:
    row = FigureRow
    columns: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (row.metric, wanted.metrics),
        (row.role, wanted.roles),
        (row.verification, wanted.verifications),
        (row.dataset, wanted.datasets),
        (row.region, _areas(wanted)),
    )
    asked = [column.in_(values) for column, values in columns if values]
    return asked if wanted.period is None else [*asked, *_in_time(wanted.period, wanted.match)]


def _areas(wanted: FigureFilter) -> tuple[str, ...]:
    """The codes of the regions that a figure may be over."""
    codes = {code for region in wanted.regions for code in region.inside}
    if wanted.match is Match.POSSIBLE:
        codes |= {code for region in wanted.regions for code in region.above}
    return tuple(sorted(codes))


def _in_time(period: Days, match: Match) -> list[ColumnElement[bool]]:
    row = FigureRow
    window = period.widest() if match is Match.POSSIBLE else period
    inside = match is Match.DEFINITE
    found: list[ColumnElement[bool]] = []
    if window.since:
        found.append((row.first_day if inside else row.last_day) >= window.since)
    if window.until:
        found.append((row.last_day if inside else row.first_day) <= window.until)
    return found
