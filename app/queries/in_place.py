"""Conditions on where events were: their point, the region they are filed under, or the extent in which they may have happened."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import groupby
from typing import Any

from geoalchemy2 import Geography
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    CTE,
    Alias,
    ColumnElement,
    Text,
    and_,
    any_,
    case,
    cast,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from app.db.tables import EXTENT_KIND, ExtentRow, RegionPartRow
from app.domain.areas import Area, Bounds, Box, Circle
from app.domain.filters import EventFilter, Match, RegionWanted
from app.queries.history import Rows
from app.queries.shapes import geometry, touches

Condition = ColumnElement[bool]

LEVEL_COLUMNS = ("country", "admin1", "admin2")
"""The column that holds a region's code, by the region's level."""


def in_place(wanted: EventFilter, row: Rows, touching: Callable[[Area, Rows], Condition]) -> list[Condition]:
    found: list[Condition] = []
    if wanted.box:
        found.append(
            _in_box(wanted.box, row, touching)
            if wanted.match is Match.POINT
            else in_area(wanted.box, wanted.match, row)
        )
    if wanted.area:
        found.append(
            touches(row.c.geom, wanted.area)
            if wanted.match is Match.POINT
            else in_area(wanted.area, wanted.match, row)
        )
    if wanted.near:
        found.append(
            _in_circle(wanted.near, row)
            if wanted.match is Match.POINT
            else in_area(wanted.near, wanted.match, row)
        )
    if wanted.regions:
        found.append(_in_regions(wanted.regions, wanted.match, row))
    if wanted.has_geometry is not None:
        found.append(row.c.geom.is_not(None) if wanted.has_geometry else row.c.geom.is_(None))
    return found


def _in_box(box: Box, row: Rows, touching: Callable[[Area, Rows], Condition]) -> Condition:
    """A point in the box, edges included; without a point, an extent that touches it (OGC 17-069r4, fc-bbox-response C).

    Not && alone: the operator compares 32-bit boxes, so it also lets in points up to two metres outside. Not ST_Intersects: its price
    lets the planner read 670,000 entries of an index to be spared 2,000 comparisons (161 of the 182 ms of a continent and a month).
    """
    without_point = and_(row.c.geom.is_(None), touching(box, row))
    parts = zip(box.bounds, box.pieces, strict=True)
    return or_(*(_point_within(bounds, piece, row) for bounds, piece in parts), without_point)


def _point_within(bounds: Bounds, piece: BaseGeometry, row: Rows) -> Condition:
    west, south, east, north = bounds
    lon, lat = func.ST_X(row.c.geom), func.ST_Y(row.c.geom)
    near = row.c.geom.bool_op("&&")(geometry(piece))
    # One expression, since of four comparisons each would be taken to leave a third.
    outside = [(one, false()) for one in (lon < west, lon > east, lat < south, lat > north)]
    return and_(near, case(*outside, else_=true()))


def without_point(area: Area, row: Rows) -> Condition:
    """Which of the events without a point touch an area with their extent: asked apart, and looked up in a hash.

    Of a condition on each row the planner would think that it is worked out for all rows.
    """
    other, identity = _other(row)
    here, there = ([one.c[name] for name in identity] for one in (row, other))
    touched = select(*there).where(other.c.geom.is_(None), extent_touches(area, other))
    return tuple_(*here).in_(touched)


@cache
def _other(row: Rows) -> tuple[Rows, tuple[str, ...]]:
    """The same rows under another name, and the columns that tell them apart."""
    table = row.element if isinstance(row, Alias) else row
    return table.alias("other"), tuple(name for name in ("id", "until_version") if name in row.c)


def _in_circle(circle: Circle, row: Rows) -> Condition:
    """Within the radius on the ellipsoid. Its box comes first: without one the whole table is measured (1.1 ms against 1.6 s)."""
    centre = cast(func.ST_SetSRID(func.ST_MakePoint(circle.lon, circle.lat), 4326), Geography)
    boxes = (func.ST_MakeEnvelope(*bounds, 4326) for bounds in circle.bounds)
    return and_(
        or_(*(row.c.geom.bool_op("&&")(box) for box in boxes)),
        func.ST_DWithin(cast(row.c.geom, Geography), centre, circle.radius_m),
    )


def extent_touches(area: Area, row: Rows) -> Condition:
    """What `in_area` says of possible events, asked of each row by itself: for few rows.

    Where the planner expects many it makes a hash of each of the first two itself. Looking up all extents that touch the area took 80 of
    the 100 ms of a box and a month at a million events, five of which had no point.
    """

    def there(code: ColumnElement[bool]) -> Condition:
        return (
            select(RegionPartRow.code).where(code, touches(RegionPartRow.geom, area)).correlate(row).exists()
        )

    disc = select(ExtentRow.id).where(ExtentRow.id == row.c.extent_id, touches(ExtentRow.geom, area))
    return or_(
        disc.correlate(row).exists(),
        and_(_extent_is(row, "region"), there(RegionPartRow.code == row.c.extent_region)),
        and_(_extent_is(row, "several"), there(RegionPartRow.code == any_(row.c.near_regions))),
        _extent_is(row, "anywhere"),
    )


def in_area(area: Area, match: Match, row: Rows) -> Condition:
    """The event's extent touches the area (possible) or lies inside it (definite).

    An extent is a disc kept in `extent`, a region, or several regions of which it is one. An event whose place is not known at all
    may have happened anywhere.
    """
    touched = select(RegionPartRow.code).where(touches(RegionPartRow.geom, area)).distinct()
    several = row.c.near_regions.bool_op("&&" if match is Match.POSSIBLE else "<@")
    if match is Match.POSSIBLE:
        discs = select(ExtentRow.id).where(touches(ExtentRow.geom, area)).cte()
        regions = touched.cte()
    else:
        discs = select(ExtentRow.id).where(_covered(ExtentRow.geom, area)).cte()
        covered = func.bool_and(func.ST_Covers(geometry(area.core), RegionPartRow.geom))
        parts = select(RegionPartRow.code).where(RegionPartRow.code.in_(touched))
        regions = parts.group_by(RegionPartRow.code).having(covered).cte()
    # Said twice: the arrays let the indexes find the rows, but comparing each row with an array goes through it from end to end (2.7 s
    # for a continent at a million events); IN looks it up in a hash, but has no use for an index under an OR.
    found = or_(
        row.c.extent_id == any_(_array(discs)),
        row.c.extent_region == any_(_array(regions)),
        _extent_is(row, "several", "anywhere"),
    )
    exact = [
        row.c.extent_id.in_(select(discs.c.id)),
        and_(_extent_is(row, "region"), row.c.extent_region.in_(select(regions.c.code))),
        and_(_extent_is(row, "several"), several(_array(regions))),
    ]
    return and_(found, or_(*exact, *([_extent_is(row, "anywhere")] if match is Match.POSSIBLE else [])))


def _extent_is(row: Rows, *kinds: str) -> Condition:
    """One of `disc`, `region`, `several`, `anywhere`: as the index has it, words and all."""
    return literal_column(qualified(EXTENT_KIND, row), Text).in_(
        [literal_column(f"'{kind}'") for kind in kinds]
    )


def _covered(column: Any, area: Area) -> Condition:
    """All of it lies in the area."""
    boxes = (column.bool_op("&&")(geometry(piece)) for piece in area.pieces)
    return and_(or_(*boxes), func.ST_Covers(geometry(area.core), column))


def _array(one_column: CTE) -> ColumnElement[Any]:
    return func.array(select(one_column).scalar_subquery())


def _in_regions(regions: tuple[RegionWanted, ...], match: Match, row: Rows) -> Condition:
    if match is Match.POINT:
        by_level = groupby(sorted(regions, key=lambda region: region.level), key=lambda region: region.level)
        return or_(
            *(row.c[LEVEL_COLUMNS[level]].in_([region.code for region in some]) for level, some in by_level)
        )
    inside = sorted({code for region in regions for code in region.inside})
    if match is Match.DEFINITE:
        return row.c.extent_region.in_(inside)
    kin = sorted({*inside, *(code for region in regions for code in region.above)})
    return or_(
        and_(row.c.near_regions.is_(None), row.c.extent_region.in_(kin)),
        # Through a SELECT: of an array it sees, the planner adds up the frequencies of hundreds of codes, and walks the newest events.
        row.c.near_regions.bool_op("&&")(
            func.array(select(func.unnest(cast(kin, ARRAY(Text)))).scalar_subquery())
        ),
        _extent_is(row, "anywhere"),
    )


def qualified(expression: str, row: Rows) -> str:
    """An expression over bare columns as one over those of a row; PostgreSQL takes both for the same."""
    return re.sub(
        r"\b(extent_id|near_regions|extent_region|first_day|last_day)\b", rf"{row.name}.\1", expression
    )
