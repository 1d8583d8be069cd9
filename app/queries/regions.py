"""Regions: all of them by name, a page of them, one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import RegionRow
from app.domain.regions import Region, Regions


async def registry(connection: AsyncConnection) -> Regions:
    """All regions without their outlines, to be found by code or name."""
    rows = await connection.execute(registry_statement())
    return Regions(
        Region(
            code=row.code,
            name=row.name,
            level=row.level,
            parent=row.parent,
            country=row.country,
            alpha3=row.alpha3,
            fips=tuple(row.fips),
            gw=tuple(row.gw),
            aliases=tuple(row.aliases),
        )
        for row in rows
    )


def registry_statement() -> Select[Any]:
    """Every row, by code, so that a registry is always built alike."""
    row = RegionRow
    return select(
        row.code, row.name, row.level, row.parent, row.country, row.alpha3, row.fips, row.gw, row.aliases
    ).order_by(row.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFilter:
    """Which regions are wanted. Nothing set means all of them."""

    parent: str | None = None
    """The code of the region right above."""
    level: int | None = None
    words: str | None = None
    """A name or a part of one, folded (`domain.regions.fold`); names that are nearly so match too."""


async def page(
    connection: AsyncConnection, wanted: RegionFilter, written: ColumnElement[str], *, limit: int, after: str | None
) -> tuple[list[str], str | None]:
    """Regions as `written`, and the code after which the next page begins if there are more."""
    rows = (await connection.execute(page_statement(wanted, written, limit=limit, after=after))).all()
    return [row[0] for row in rows[:limit]], rows[limit - 1][1] if len(rows) > limit else None


def page_statement(wanted: RegionFilter, written: ColumnElement[str], *, limit: int, after: str | None) -> Select[Any]:
    """By code; where a name is searched for, the best matches first, larger regions before smaller ones."""
    statement = select(written, RegionRow.code).limit(limit + 1)
    if wanted.parent is not None:
        statement = statement.where(RegionRow.parent == wanted.parent)
    if wanted.level is not None:
        statement = statement.where(RegionRow.level == wanted.level)
    if wanted.words is not None:
        best = func.word_similarity(wanted.words, RegionRow.names)
        statement = statement.where(named(RegionRow.names, wanted.words))
        return statement.order_by(best.desc(), RegionRow.level, RegionRow.code)
    if after is not None:
        statement = statement.where(RegionRow.code > after)
    return statement.order_by(RegionRow.code)


def named(names: Any, words: str) -> ColumnElement[bool]:
    """The folded names hold the words, or nearly so (pg_trgm's word similarity, 0.6 or more)."""
    return or_(names.contains(words, autoescape=True), names.bool_op("%>")(words))


async def one(connection: AsyncConnection, code: str, written: ColumnElement[str]) -> str | None:
    """One region as `written`, by its code; None if there is none."""
    return (await connection.execute(one_statement(code, written))).scalar_one_or_none()


def one_statement(code: str, written: ColumnElement[str]) -> Select[tuple[str]]:
    """By primary key."""
    return select(written).where(RegionRow.code == code)
