"""Regions: all of them by name, a page of them, one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely
from shapely import MultiPolygon
from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import RegionRow
from app.domain.regions import Region, Regions

NAMES = (
    RegionRow.code,
    RegionRow.name,
    RegionRow.level,
    RegionRow.parent,
    RegionRow.country,
    RegionRow.alpha3,
    RegionRow.fips,
    RegionRow.gw,
    RegionRow.aliases,
)


async def registry(connection: AsyncConnection) -> Regions:
    """All regions without their outlines, to be found by code or name."""
    return Regions(_region(row) for row in await connection.execute(registry_statement()))


def registry_statement() -> Select[*tuple[Any, ...]]:
    """Every row, by code, so that a registry is always built alike."""
    return select(*NAMES).order_by(RegionRow.code)


async def with_geometry(connection: AsyncConnection) -> list[Region]:
    """All regions with their polygons, parents before what lies in them. For importers: 10 MB, some 0.2 s."""
    statement = select(*NAMES, func.ST_AsBinary(RegionRow.geom).label("wkb")).order_by(
        RegionRow.level, RegionRow.code
    )
    rows = (await connection.execute(statement)).all()
    shapes = shapely.from_wkb([bytes(row.wkb) for row in rows])
    return [_region(row, shape) for row, shape in zip(rows, shapes, strict=True)]


async def shapes(connection: AsyncConnection) -> list[tuple[str, int, bytes]]:
    """Of all regions code, level and polygons (WKB), larger ones before what lies in them. 10 MB."""
    rows = await connection.execute(shapes_statement())
    return [(row.code, row.level, bytes(row.wkb)) for row in rows]


def shapes_statement() -> Select[*tuple[Any, ...]]:
    """Every row, by level and code, so that outlines are always built alike."""
    wkb = func.ST_AsBinary(RegionRow.geom).label("wkb")
    return select(RegionRow.code, RegionRow.level, wkb).order_by(RegionRow.level, RegionRow.code)


def _region(row: Row[Any], shape: MultiPolygon | None = None) -> Region:
    return Region(
        code=row.code,
        name=row.name,
        level=row.level,
        parent=row.parent,
        country=row.country,
        alpha3=row.alpha3,
        fips=tuple(row.fips),
        gw=tuple(row.gw),
        aliases=tuple(row.aliases),
        geom=shape,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFilter:
    """Which regions are wanted. Nothing set means all of them."""

    parent: str | None = None
    """The code of the region right above."""
    level: int | None = None
    words: str | None = None
    """A name or a part of one, folded (`domain.words.fold`); names that are nearly so match too."""


async def page(
    connection: AsyncConnection,
    wanted: RegionFilter,
    written: ColumnElement[str],
    *,
    limit: int,
    after: str | None,
) -> tuple[list[str], str | None]:
    """Regions as `written`, and the code after which the next page begins if there are more."""
    rows = (await connection.execute(page_statement(wanted, written, limit=limit, after=after))).all()
    return [row[0] for row in rows[:limit]], rows[limit - 1][1] if len(rows) > limit else None


def page_statement(
    wanted: RegionFilter, written: ColumnElement[str], *, limit: int, after: str | None
) -> Select[str, str]:
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
    """The folded names hold the words, or nearly so (pg_trgm's word similarity, 0.45 or more: see `db.engine`)."""
    return or_(names.contains(words, autoescape=True), names.bool_op("%>")(words))


async def one(connection: AsyncConnection, code: str, written: ColumnElement[str]) -> str | None:
    """One region as `written`, by its code; None if there is none."""
    return (await connection.execute(one_statement(code, written))).scalar_one_or_none()


def one_statement(code: str, written: ColumnElement[str]) -> Select[str]:
    """By primary key."""
    return select(written).where(RegionRow.code == code)
