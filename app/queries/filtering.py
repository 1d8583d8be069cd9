"""The only WHERE on events: an `EventFilter` becomes conditions, composed of what is set and of nothing else.

Parts that look something up first do so in a WITH, once, and give it to the index as `= ANY(ARRAY(SELECT …))`: `IN (SELECT …)`
under an OR alone would become a filter over the whole table.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import shapely
from geoalchemy2 import Geography, Geometry
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    CTE,
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    any_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.db.tables import EXTENT_KIND, LONG_DAYS, ActorRow, EventActorRow, EventRow, ExtentRow, RegionPartRow
from app.domain.areas import Area, Box, Circle
from app.domain.days import Days
from app.domain.events import DAY_OR_FINER, Status
from app.domain.filters import EventFilter, Match, RegionWanted

Condition = ColumnElement[bool]

LEVEL_COLUMNS = (EventRow.country, EventRow.admin1, EventRow.admin2)
"""The column that holds a region's code, by the region's level."""


def conditions(wanted: EventFilter) -> list[Condition]:
    """What must hold of an event that is wanted: all of these."""
    return [
        EventRow.status == Status.ACTIVE,
        *_in_place(wanted),
        *_in_time(wanted),
        *_of_kind(wanted),
        *_among(wanted),
    ]


def _in_place(wanted: EventFilter) -> list[Condition]:
    found: list[Condition] = []
    if wanted.box:
        found.append(
            _in_box(wanted.box) if wanted.match is Match.POINT else _in_area(wanted.box, wanted.match)
        )
    if wanted.area:
        found.append(
            _touches(EventRow.geom, wanted.area)
            if wanted.match is Match.POINT
            else _in_area(wanted.area, wanted.match)
        )
    if wanted.near:
        found.append(
            _in_circle(wanted.near) if wanted.match is Match.POINT else _in_area(wanted.near, wanted.match)
        )
    if wanted.regions:
        found.append(_in_regions(wanted.regions, wanted.match))
    if wanted.has_geometry is not None:
        found.append(EventRow.geom.is_not(None) if wanted.has_geometry else EventRow.geom.is_(None))
    return found


def _in_time(wanted: EventFilter) -> list[Condition]:
    found: list[Condition] = []
    if wanted.days:
        found.append(_on_days(wanted.days, wanted.match))
    if wanted.reported:
        if wanted.reported.since:
            found.append(EventRow.first_reported >= wanted.reported.since)
        if wanted.reported.until:
            found.append(EventRow.first_reported <= wanted.reported.until)
    return found


def _of_kind(wanted: EventFilter) -> list[Condition]:
    columns = (
        (EventRow.type, wanted.types),
        (EventRow.dataset, wanted.datasets),
        (EventRow.precision, wanted.precisions),
        (EventRow.verification, wanted.verifications),
    )
    found: list[Condition] = [column.in_(values) for column, values in columns if values]
    if wanted.deaths_min is not None:
        found.append(EventRow.deaths_best >= wanted.deaths_min)
    if wanted.deaths_max is not None:
        found.append(EventRow.deaths_best <= wanted.deaths_max)
    if wanted.contested is not None:
        found.append(EventRow.contested.is_(wanted.contested))
    return found


def _among(wanted: EventFilter) -> list[Condition]:
    found: list[Condition] = []
    if wanted.actors:
        found.append(EventRow.id.in_(_events_of(wanted.actors)))
    if wanted.words:
        # 'simple', since names in forty languages stand beside English; domain.words folds case and accents away on both sides.
        found.append(EventRow.search.bool_op("@@")(func.websearch_to_tsquery("simple", wanted.words)))
    return found


def _events_of(actors: tuple[str, ...]) -> Select[UUID]:
    """The events in which any of these takes part, each given by id, exact name or exact alias."""
    ids = [found for actor in actors if (found := _uuid(actor))]
    names = list(actors)
    called = or_(ActorRow.name.in_(names), _overlaps(ActorRow.aliases, names))
    meant = select(ActorRow.id).where(or_(ActorRow.id.in_(ids), called) if ids else called)
    return select(EventActorRow.event_id).where(EventActorRow.actor_id.in_(meant))


def _overlaps(column: InstrumentedAttribute[Any], texts: list[str]) -> Condition:
    """The array has one of these texts."""
    # Only the dialect's own ARRAY has a method for it.
    return column.bool_op("&&")(cast(texts, ARRAY(Text)))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _on_days(days: Days, match: Match) -> Condition:
    if match is Match.POSSIBLE:
        return _overlap(days.widest())
    if match is Match.POINT:
        return _overlap(days)
    # Known to the day or better, first..last is duration, and one day in the window is enough; else it is doubt, and all must lie in it.
    inside = and_(
        EventRow.first_day >= days.since if days.since else true(),
        EventRow.last_day <= days.until if days.until else true(),
    )
    return and_(_overlap(days), or_(EventRow.date_precision.in_(DAY_OR_FINER), inside))


def _overlap(days: Days) -> Condition:
    """One of the event's days lies in the window.

    first_day is bounded from below too, or else "one day in 2001" would read everything that began before it (measured: 1,050 ms
    against 32 at a million events). The few events that last longer come from an index of their own.
    """
    begun = EventRow.first_day <= days.until if days.until else true()
    if not days.since:
        return begun
    recent = EventRow.first_day >= _earlier(days.since, LONG_DAYS)
    # As the index has it, number and all, or else the planner does not know that it may use it.
    long = literal_column(f"event.last_day > event.first_day + {LONG_DAYS}", Boolean)
    lasting = EventRow.last_day >= days.since
    return and_(begun, lasting, or_(and_(recent, begun), and_(long, lasting)))


def _earlier(day: date, days: int) -> date:
    return day - timedelta(days=days) if day.toordinal() > days + 1 else date.min


def _in_box(box: Box) -> Condition:
    """A point in the box, edges included; without a point, an extent that touches it (OGC 17-069r4, fc-bbox-response C).

    ST_Intersects and not only &&: the operator compares 32-bit boxes, so it also lets in points up to two metres outside.
    """
    without_point = and_(EventRow.geom.is_(None), _in_area(box, Match.POSSIBLE))
    return or_(_touches(EventRow.geom, box), without_point)


def _in_circle(circle: Circle) -> Condition:
    """Within the radius on the ellipsoid. Its box comes first: without one the whole table is measured (1.1 ms against 1.6 s)."""
    centre = cast(func.ST_SetSRID(func.ST_MakePoint(circle.lon, circle.lat), 4326), Geography)
    boxes = (func.ST_MakeEnvelope(*bounds, 4326) for bounds in circle.bounds)
    return and_(
        or_(*(EventRow.geom.bool_op("&&")(box) for box in boxes)),
        func.ST_DWithin(cast(EventRow.geom, Geography), centre, circle.radius_m),
    )


def _in_area(area: Area, match: Match) -> Condition:
    """The event's extent touches the area (possible) or lies inside it (definite).

    An extent is a disc kept in `extent`, a region, or several regions of which it is one. An event whose place is not known at all
    may have happened anywhere.
    """
    touched = select(RegionPartRow.code).where(_touches(RegionPartRow.geom, area)).distinct()
    several = EventRow.near_regions.bool_op("&&" if match is Match.POSSIBLE else "<@")
    if match is Match.POSSIBLE:
        discs = select(ExtentRow.id).where(_touches(ExtentRow.geom, area)).cte()
        regions = touched.cte()
    else:
        discs = select(ExtentRow.id).where(_covered(ExtentRow.geom, area)).cte()
        covered = func.bool_and(func.ST_Covers(_geometry(area.core), RegionPartRow.geom))
        parts = select(RegionPartRow.code).where(RegionPartRow.code.in_(touched))
        regions = parts.group_by(RegionPartRow.code).having(covered).cte()
    # Said twice: the arrays let the indexes find the rows, but comparing each row with an array goes through it from end to end (2.7 s
    # for a continent at a million events); IN looks it up in a hash, but has no use for an index under an OR.
    found = or_(
        EventRow.extent_id == any_(_array(discs)),
        EventRow.extent_region == any_(_array(regions)),
        _extent_is("several", "anywhere"),
    )
    exact = [
        EventRow.extent_id.in_(select(discs.c.id)),
        and_(_extent_is("region"), EventRow.extent_region.in_(select(regions.c.code))),
        and_(_extent_is("several"), several(_array(regions))),
    ]
    return and_(found, or_(*exact, *([_extent_is("anywhere")] if match is Match.POSSIBLE else [])))


def _extent_is(*kinds: str) -> Condition:
    """One of `disc`, `region`, `several`, `anywhere`: as the index has it, words and all."""
    return literal_column(EXTENT_KIND, Text).in_([literal_column(f"'{kind}'") for kind in kinds])


def _touches(column: InstrumentedAttribute[Any], area: Area) -> Condition:
    """One of the area's pieces touches it.

    Each by itself: one geometry on both sides of the antimeridian has a box round the world, and no index helps (400 ms against 68).
    """
    return or_(*(func.ST_Intersects(column, _geometry(piece)) for piece in area.pieces))


def _covered(column: InstrumentedAttribute[Any], area: Area) -> Condition:
    """All of it lies in the area."""
    boxes = (column.bool_op("&&")(_geometry(piece)) for piece in area.pieces)
    return and_(or_(*boxes), func.ST_Covers(_geometry(area.core), column))


def _array(one_column: CTE) -> ColumnElement[Any]:
    return func.array(select(one_column).scalar_subquery())


def _in_regions(regions: tuple[RegionWanted, ...], match: Match) -> Condition:
    if match is Match.POINT:
        by_level = groupby(sorted(regions, key=lambda region: region.level), key=lambda region: region.level)
        return or_(*(LEVEL_COLUMNS[level].in_([region.code for region in some]) for level, some in by_level))
    inside = sorted({code for region in regions for code in region.inside})
    if match is Match.DEFINITE:
        return EventRow.extent_region.in_(inside)
    kin = sorted({*inside, *(code for region in regions for code in region.above)})
    return or_(
        and_(EventRow.near_regions.is_(None), EventRow.extent_region.in_(kin)),
        # Through a SELECT: of an array it sees, the planner adds up the frequencies of hundreds of codes, and walks the newest events.
        EventRow.near_regions.bool_op("&&")(
            func.array(select(func.unnest(cast(kin, ARRAY(Text)))).scalar_subquery())
        ),
        _extent_is("anywhere"),
    )


def _geometry(shape: BaseGeometry) -> ColumnElement[Geometry]:
    return func.ST_GeomFromWKB(literal(shapely.to_wkb(shape)), 4326)
