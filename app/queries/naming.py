"""Regions and settlements by any of their spellings: those that fit first, then those that nearly do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    SelectBase,
    and_,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import PlaceRow, RegionPartRow, RegionRow
from app.domain.naming import Fit, fit
from app.domain.regions import Region
from app.queries.regions import named

LARGE = 100_000
"""Inhabitants. With fewer letters than SHORT only cities of so many are found by the beginning of a name: twelve thousand begin with `sa`."""
SHORT = 3
NEAR_FROM = 4
"""Letters from which near misses are looked for: with fewer all is near, and it takes most of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A region or a settlement, and how it was found."""

    region: str | None = None
    """The region's code; None for a settlement."""
    geonameid: int | None = None
    name: str
    matched: str
    """The spelling that fits."""
    fit: Fit
    alike: float = 1.0
    """How much of the name that was searched for is in a spelling, 0 to 1, where it does not fit."""
    level: int | None = None
    country: str
    admin1: str | None = None
    point: tuple[float, float] | None = None
    """Longitude and latitude of a settlement."""
    population: int | None = None


async def search(connection: AsyncConnection, words: str, limit: int) -> list[Found]:
    """What a folded name (`domain.words.fold`) may mean, the likeliest first.

    That is by fit, then regions from the largest level, then settlements by their inhabitants. Where something is called so, nothing is
    looked for that only nearly is: that takes longer, and is not what is meant.
    """
    found = [_region(row, words) for row in await connection.execute(regions_statement(words, limit))]
    rows = await connection.execute(settlements_statement(words, limit))
    found += [_settlement(row, words) for row in rows]
    if any(one.fit is Fit.EXACT for one in found):
        found = [one for one in found if one.fit is not Fit.NEAR]
    elif len(words) >= NEAR_FROM and sum(one.fit is Fit.BEGINS for one in found) < limit:
        seen = {one.geonameid for one in found}
        near = await connection.execute(near_statement(words, limit))
        found += [_settlement(row, words) for row in near if row.id not in seen]
    return sorted(found, key=_likeliest)[:limit]


def regions_statement(words: str, limit: int) -> Select[*tuple[Any, ...]]:
    """By the index on trigrams, as `/regions?q=`; with a letter or two by looking at all, which are few."""
    row = RegionRow
    lines = literal("\n") + row.names + literal("\n")
    begins = lines.contains(f"\n{words}")
    alike = func.word_similarity(words, row.names).label("alike")
    return (
        select(row.code, row.name, row.aliases, row.level, row.country, row.parent, alike)
        .where(named(row.names, words) if len(words) >= SHORT else begins)
        .order_by(lines.contains(f"\n{words}\n").desc(), begins.desc(), alike.desc(), row.level, row.code)
        .limit(limit)
    )


def settlements_statement(words: str, limit: int) -> Select[*tuple[Any, ...]]:
    """By the index on trigrams; with a letter or two those that are called so by it, and cities by the one on large populations."""
    names = PlaceRow.names
    exactly, begins = names.contains(f"\n{words}\n"), names.contains(f"\n{words}")
    if len(words) >= SHORT:
        return _with_admin1(_best(begins, limit, exactly.desc()))
    # Two parts, since of one with OR the planner reads all that begins so.
    called = _best(exactly, limit)
    of_cities = PlaceRow.population >= literal_column(str(LARGE), Integer)
    large = _best(and_(of_cities, begins, ~exactly), limit)
    return _with_admin1(union_all(select(called.subquery()), select(large.subquery())))


def near_statement(words: str, limit: int) -> Select[*tuple[Any, ...]]:
    """By the index on trigrams: 0.45 of the name or more is in a spelling (see `db.engine`)."""
    names = PlaceRow.names
    alike = func.word_similarity(words, names)
    return _with_admin1(_best(names.bool_op("%>")(words), limit, alike.desc(), alike=alike))


_WHOLLY = literal(1.0)
_SETTLEMENT = (
    PlaceRow.id,
    PlaceRow.name,
    PlaceRow.alternates,
    PlaceRow.country,
    PlaceRow.population,
    PlaceRow.geom,
)


def _best(
    wanted: ColumnElement[bool],
    limit: int,
    *best: ColumnElement[Any],
    alike: ColumnElement[float] = _WHOLLY,
) -> Select[*tuple[Any, ...]]:
    """The settlements that are wanted, the best first, then by their inhabitants."""
    order = (*best, PlaceRow.population.desc(), PlaceRow.id)
    return select(*_SETTLEMENT, alike.label("alike")).where(wanted).order_by(*order).limit(limit)


def _with_admin1(found: SelectBase) -> Select[*tuple[Any, ...]]:
    """With the first-level subdivision that holds each: looked up for those only that are shown."""
    place = found.subquery("place")
    holding = (
        select(RegionPartRow.code)
        .join(RegionRow, RegionRow.code == RegionPartRow.code)
        .where(
            RegionRow.level == 1,
            RegionRow.country == place.c.country,
            func.ST_Intersects(RegionPartRow.geom, place.c.geom),
        )
        .order_by(RegionPartRow.code)
        .limit(1)
        .scalar_subquery()
    )
    column = place.c
    return select(
        column.id,
        column.name,
        column.alternates,
        column.country,
        column.population,
        func.ST_X(column.geom).label("lon"),
        func.ST_Y(column.geom).label("lat"),
        column.alike,
        holding.label("admin1"),
    )


def _region(row: Row[Any], words: str) -> Found:
    how, matched = fit(words, (row.name, *row.aliases))
    return of_region(row, how, matched, row.alike)


def of_region(region: Region | Row[Any], how: Fit, matched: str, alike: float = 1.0) -> Found:
    """A region, and how it was found."""
    return Found(
        region=region.code,
        name=region.name,
        matched=matched,
        fit=how,
        alike=alike,
        level=region.level,
        country=region.country,
        admin1=region.parent if region.level == 2 else None,
    )


def _settlement(row: Row[Any], words: str) -> Found:
    how, matched = fit(words, (row.name, *row.alternates))
    return Found(
        geonameid=row.id,
        name=row.name,
        matched=matched,
        fit=how,
        alike=row.alike,
        country=row.country,
        admin1=row.admin1,
        point=(row.lon, row.lat),
        population=row.population,
    )


def _likeliest(one: Found) -> tuple[Any, ...]:
    near = -one.alike if one.fit is Fit.NEAR else 0.0
    return one.fit, near, 3 if one.level is None else one.level, -(one.population or 0), one.region or ""
