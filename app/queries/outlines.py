"""Outlines for small maps: what lies in a view, cut to it and simplified to what can be seen of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    case,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import ExtentRow, RegionPartRow, RegionRow
from app.domain.areas import Bounds
from app.domain.views import WIDTH, Outline, View
from app.queries.history import events_at, was_so

Written = Callable[[ColumnElement[Any]], ColumnElement[str]]
"""How a geometry is written: a format's expression over it."""

MOST_AREAS = 300
"""Areas that are drawn on one map: more cannot be told apart, and take longer than they are worth."""
WITH_SUBDIVISIONS = 16.0
"""Degrees of longitude up to which a view shows subdivisions too."""
_SEEN = 0.8
"""Units of the drawing below which a bend is not seen."""
_BEYOND = 4
"""Units of the drawing by which outlines reach out of the view, so that the cut is not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Areas that a map is about: regions by their codes, and extents of events by their ids."""

    codes: tuple[str, ...] = ()
    extents: tuple[UUID, ...] = ()


async def of_event(connection: AsyncConnection, event: UUID, at: int | None) -> Areas:
    """The area in which an event may have happened, now or as of a version: an extent, or a region."""
    row = events_at(at)
    statement = select(row.c.extent_id, row.c.extent_region).where(row.c.id == event)
    if at is not None:
        statement = statement.where(was_so(row, at))
    found = (await connection.execute(statement)).one_or_none()
    if found is None:
        return Areas()
    if found.extent_id is not None:
        return Areas(extents=(found.extent_id,))
    return Areas(codes=(found.extent_region,) if found.extent_region else ())


async def boxes(connection: AsyncConnection, areas: Areas) -> list[Bounds]:
    """Boxes that hold the areas: of each one or two, west and east of Greenwich, so that none spans the globe for the antimeridian."""
    if not areas.codes and not areas.extents:
        return []
    return [
        (row.west, row.south, row.east, row.north) for row in await connection.execute(boxes_statement(areas))
    ]


def boxes_statement(areas: Areas) -> CompoundSelect[Any]:
    """By the index on the regions' codes, and by primary key."""
    part = RegionPartRow
    piece = func.ST_Dump(ExtentRow.geom).table_valued("path", "geom").render_derived().alias("piece")
    of_regions = _boxes(part.geom, part.code).where(part.code.in_(areas.codes))
    of_extents = (
        _boxes(piece.c.geom, ExtentRow.id)
        .select_from(ExtentRow)
        .join(piece, true())
        .where(ExtentRow.id.in_(areas.extents))
    )
    return union_all(of_regions, of_extents)


async def seen(connection: AsyncConnection, view: View, areas: Areas, written: Written) -> list[Outline]:
    """What a view shows: countries, in a narrow one subdivisions, and the areas, from below to above."""
    rows = (await connection.execute(seen_statement(view, areas, written))).mappings()
    return [Outline(**row) for row in rows]


def seen_statement(view: View, areas: Areas, written: Written) -> CompoundSelect[Any]:
    """By the index on the pieces of regions; 5 to 30 ms, measured on all regions of the world."""
    layers = []
    for bounds, east in view.windows:
        window = func.ST_MakeEnvelope(*bounds, 4326)
        near = select(RegionPartRow.code).where(RegionPartRow.geom.bool_op("&&")(window))
        below = select(RegionRow.level, RegionRow.code, RegionRow.name, RegionRow.geom).where(
            RegionRow.level <= (1 if view.width <= WITH_SUBDIVISIONS else 0), RegionRow.code.in_(near)
        )
        layers.append(_layer(view, east, below.subquery("below"), written, level=True))
        layers.append(_layer(view, east, _areas(areas), written, level=False))
    return union_all(*layers)


def _areas(areas: Areas) -> FromClause:
    regions = select(RegionRow.code, RegionRow.name, RegionRow.geom).where(
        RegionRow.code.in_(areas.codes[:MOST_AREAS])
    )
    extents = select(literal("").label("code"), literal("").label("name"), ExtentRow.geom).where(
        ExtentRow.id.in_(areas.extents[:MOST_AREAS])
    )
    return union_all(regions, extents).subquery("area")


def _layer(view: View, east: float, rows: FromClause, written: Written, *, level: bool) -> Select[Any]:
    across, _ = view.per_degree
    # What a map is about stays, however small it is; of what lies below, specks are left out.
    simple = func.ST_Simplify(func.ST_Translate(rows.c.geom, east, 0), _SEEN / across, not level)
    edge = _BEYOND * view.width / WIDTH
    frame = func.ST_MakeEnvelope(
        view.west - edge, view.south - edge, view.east + edge, view.north + edge, 4326
    )
    layer = case((rows.c.level == 0, "country"), else_="subdivision") if level else literal("area")
    told = (layer.label("layer"), rows.c.code.label("code"), rows.c.name.label("name"))
    # OFFSET 0, or else the planner would cut anew for each of the columns.
    cut = select(*told, func.ST_ClipByBox2D(simple, frame).label("geom")).offset(0).subquery("cut")
    inner = func.ST_PointOnSurface(cut.c.geom)
    return select(
        cut.c.layer,
        cut.c.code,
        cut.c.name,
        written(cut.c.geom).label("drawn"),
        func.ST_X(inner).label("lon"),
        func.ST_Y(inner).label("lat"),
        (func.ST_XMax(cut.c.geom) - func.ST_XMin(cut.c.geom)).label("breadth"),
    ).where(~func.ST_IsEmpty(cut.c.geom))


def _boxes(geom: Any, key: Any) -> Select[Any]:
    edges = (
        (func.min(func.ST_XMin(geom)), "west"),
        (func.min(func.ST_YMin(geom)), "south"),
        (func.max(func.ST_XMax(geom)), "east"),
        (func.max(func.ST_YMax(geom)), "north"),
    )
    return select(*(edge.label(name) for edge, name in edges)).group_by(key, func.ST_XMin(geom) >= 0)
