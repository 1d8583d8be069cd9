"""The only WHERE on events: an `EventFilter` becomes conditions, composed of what is set and of nothing else.

Parts that look something up first do so in a WITH, once, and give it to the index as `= ANY(ARRAY(SELECT …))`: `IN (SELECT …)`
under an OR alone would become a filter over the whole table.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    ARRAY,
    CTE,
    Alias,
    ColumnElement,
    Date,
    Select,
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
from sqlalchemy.dialects.postgresql import array

from app.db.tables import (
    EXTENT_KIND,
    LONG_DAYS,
    LONG_UNTIL,
    ActorRow,
    ClaimRow,
    EventActorRow,
    ExtentRow,
    RegionPartRow,
    RegionRow,
    VersionRow,
)
from app.domain.areas import Area, Bounds, Box, Circle
from app.domain.days import Days
from app.domain.events import DAY_OR_FINER, Status
from app.domain.filters import EventFilter, Match, RegionWanted
from app.domain.queryables import EVENTS
from app.queries.expressions import Column, Columns, Day, Place, Span, condition
from app.queries.history import Rows, events_at, stands, was_so
from app.queries.shapes import geometry, touches

Condition = ColumnElement[bool]

UNKNOWN_FIRST = literal_column("'-infinity'::date", Date)
UNKNOWN_LAST = literal_column("'infinity'::date", Date)

LEVEL_COLUMNS = ("country", "admin1", "admin2")
"""The column that holds a region's code, by the region's level."""


def conditions(wanted: EventFilter, row: Rows | None = None) -> list[Condition]:
    """What must hold of an event that is wanted: all of these. `row` is where it is looked for (`history.events_at`)."""
    row = events_at(wanted.at) if row is None else row
    return [
        *([] if wanted.at is None else [was_so(row, wanted.at)]),
        row.c.status == Status.ACTIVE,
        *_in_place(wanted, row, _without_point),
        *_in_time(wanted, row),
        *_of_kind(wanted, row),
        *_among(wanted, row),
        *_meeting(wanted, row),
    ]


def conditions_then(wanted: EventFilter, row: Rows) -> list[Condition]:
    """What must hold of a row of `event_revision`, as things were when it began: `conditions` without the status and the version."""
    return [
        *_in_place(wanted, row, _extent_touches),
        *_in_time(wanted, row),
        *_of_kind(wanted, row),
        *_among_then(wanted, row),
        *_meeting(wanted, row),
    ]


def columns_of_events(row: Rows) -> Columns:
    """What stands for the queryables of events (`domain.queryables.EVENTS`) where they are looked for in `row`."""
    special: dict[str, Column] = {
        "first_day": Day(column=row.c.first_day, unknown=UNKNOWN_FIRST),
        "last_day": Day(column=row.c.last_day, unknown=UNKNOWN_LAST),
        "updated": select(VersionRow.known_at)
        .where(VersionRow.id == row.c.version)
        .correlate(row)
        .scalar_subquery(),
        "geometry": row.c.geom,
        "extent": _extent(row),
        "datetime": Span(
            start=row.c.first_day, end=row.c.last_day, overlapping=lambda days: _overlap(days, row)
        ),
        "actors": row.c.side_a.op("||", return_type=ARRAY(Text))(row.c.side_b),
    }
    return {name: special[name] if name in special else row.c[name] for name in EVENTS}


def _extent(row: Rows) -> Place:
    disc = select(ExtentRow.geom).where(ExtentRow.id == row.c.extent_id)
    region = select(RegionRow.geom).where(
        row.c.extent_id.is_(None), row.c.near_regions.is_(None), RegionRow.code == row.c.extent_region
    )
    several = select(func.ST_Union(RegionRow.geom)).where(
        row.c.extent_id.is_(None), RegionRow.code == any_(row.c.near_regions)
    )
    ways = (way.correlate(row).scalar_subquery() for way in (disc, region, several))
    return Place(
        value=func.coalesce(*ways),
        known=or_(*(row.c[name].is_not(None) for name in ("extent_id", "near_regions", "extent_region"))),
        touching=lambda area: _in_area(area, Match.POSSIBLE, row),
        within=lambda area: _in_area(area, Match.DEFINITE, row),
    )


def _in_place(wanted: EventFilter, row: Rows, touching: Callable[[Area, Rows], Condition]) -> list[Condition]:
    found: list[Condition] = []
    if wanted.box:
        found.append(
            _in_box(wanted.box, row, touching)
            if wanted.match is Match.POINT
            else _in_area(wanted.box, wanted.match, row)
        )
    if wanted.area:
        found.append(
            touches(row.c.geom, wanted.area)
            if wanted.match is Match.POINT
            else _in_area(wanted.area, wanted.match, row)
        )
    if wanted.near:
        found.append(
            _in_circle(wanted.near, row)
            if wanted.match is Match.POINT
            else _in_area(wanted.near, wanted.match, row)
        )
    if wanted.regions:
        found.append(_in_regions(wanted.regions, wanted.match, row))
    if wanted.has_geometry is not None:
        found.append(row.c.geom.is_not(None) if wanted.has_geometry else row.c.geom.is_(None))
    return found


def _in_time(wanted: EventFilter, row: Rows) -> list[Condition]:
    found: list[Condition] = []
    if wanted.days:
        found.append(_on_days(wanted.days, wanted.match, row))
    if wanted.reported:
        if wanted.reported.since:
            found.append(row.c.first_reported >= wanted.reported.since)
        if wanted.reported.until:
            found.append(row.c.first_reported <= wanted.reported.until)
    return found


def _of_kind(wanted: EventFilter, row: Rows) -> list[Condition]:
    columns = (
        (row.c.type, wanted.types),
        (row.c.dataset, wanted.datasets),
        (row.c.precision, wanted.precisions),
        (row.c.verification, wanted.verifications),
    )
    found: list[Condition] = [column.in_(values) for column, values in columns if values]
    if wanted.deaths_min is not None:
        found.append(row.c.deaths_best >= wanted.deaths_min)
    if wanted.deaths_max is not None:
        found.append(row.c.deaths_best <= wanted.deaths_max)
    if wanted.sources_min is not None:
        found.append(row.c.sources >= wanted.sources_min)
    if wanted.contested is not None:
        found.append(row.c.contested.is_(wanted.contested))
    return found


def _among(wanted: EventFilter, row: Rows) -> list[Condition]:
    found: list[Condition] = []
    if wanted.actors:
        found.append(row.c.id.in_(_events_of(wanted.actors, wanted.at)))
    if wanted.words:
        found.append(_found_by(wanted.words, row))
    if wanted.claimant_roles or wanted.claim_verifications:
        found.append(row.c.id.in_(_claimed(wanted)))
    return found


def _among_then(wanted: EventFilter, row: Rows) -> list[Condition]:
    """Row by row and not by a list of events, since each is asked as of a version of its own."""
    found: list[Condition] = []
    then = row.c.since_version
    if wanted.actors:
        part, actor = EventActorRow, ActorRow
        taking_part = (
            select(part.event_id)
            .join(actor, actor.id == part.actor_id)
            .where(
                part.event_id == row.c.id, _is_called(wanted.actors), stands(part, then), stands(actor, then)
            )
        )
        found.append(taking_part.correlate(row).exists())
    if wanted.words:
        found.append(_found_by(wanted.words, row))
    if wanted.claimant_roles or wanted.claim_verifications:
        about_it = ClaimRow.events.bool_op("@>")(array([row.c.id]))
        claimed = select(ClaimRow.id).where(about_it, *_is_claimed(wanted), stands(ClaimRow, then))
        found.append(claimed.correlate(row).exists())
    return found


def _meeting(wanted: EventFilter, row: Rows) -> list[Condition]:
    return [condition(wanted.expression, columns_of_events(row))] if wanted.expression else []


def _found_by(words: str, row: Rows) -> Condition:
    # 'simple', since names in forty languages stand beside English; domain.words folds case and accents away on both sides.
    return row.c.search.bool_op("@@")(func.websearch_to_tsquery("simple", words))


def _events_of(actors: tuple[str, ...], at: int | None) -> Select[UUID]:
    """The events in which any of these takes part."""
    meant = select(ActorRow.id).where(_is_called(actors), stands(ActorRow, at))
    return select(EventActorRow.event_id).where(EventActorRow.actor_id.in_(meant), stands(EventActorRow, at))


def _is_called(actors: tuple[str, ...]) -> Condition:
    """An actor is one of these, each given by id, exact name or exact alias."""
    ids = [found for actor in actors if (found := _uuid(actor))]
    names = list(actors)
    called = or_(ActorRow.name.in_(names), _overlaps(ActorRow.aliases, names))
    return or_(ActorRow.id.in_(ids), called) if ids else called


def _claimed(wanted: EventFilter) -> Select[UUID]:
    """The events with a claim of the roles and verifications that are wanted."""
    return select(func.unnest(ClaimRow.events)).where(stands(ClaimRow, wanted.at), *_is_claimed(wanted))


def _is_claimed(wanted: EventFilter) -> list[Condition]:
    asked = ((ClaimRow.role, wanted.claimant_roles), (ClaimRow.verification, wanted.claim_verifications))
    return [column.in_(values) for column, values in asked if values]


def _qualified(expression: str, row: Rows) -> str:
    """An expression over bare columns as one over those of a row; PostgreSQL takes both for the same."""
    return re.sub(
        r"\b(extent_id|near_regions|extent_region|first_day|last_day)\b", rf"{row.name}.\1", expression
    )


def _overlaps(column: Any, texts: list[str]) -> Condition:
    """The array has one of these texts."""
    # Only the dialect's own ARRAY has a method for it.
    found: Condition = column.bool_op("&&")(cast(texts, ARRAY(Text)))
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _on_days(days: Days, match: Match, row: Rows) -> Condition:
    if match is Match.POSSIBLE:
        return _overlap(days.widest(), row)
    if match is Match.POINT:
        return _overlap(days, row)
    # Known to the day or better, first..last is duration, and one day in the window is enough; else it is doubt, and all must lie in it.
    inside = and_(
        row.c.first_day >= days.since if days.since else true(),
        row.c.last_day <= days.until if days.until else true(),
    )
    return and_(_overlap(days, row), or_(row.c.date_precision.in_(DAY_OR_FINER), inside))


def _overlap(days: Days, row: Rows) -> Condition:
    """One of the event's days lies in the window.

    first_day is bounded from below too, or else "one day in 2001" would read everything that began before it (measured: 1,050 ms
    against 32 at a million events). The few events that last longer come from an index of their own.
    """
    begun = row.c.first_day <= days.until if days.until else true()
    if not days.since:
        return begun
    recent = row.c.first_day >= _earlier(days.since, LONG_DAYS)
    long = literal_column(_qualified(LONG_UNTIL, row), Date) >= days.since
    lasting = row.c.last_day >= days.since
    return and_(begun, lasting, or_(and_(recent, begun), long))


def _earlier(day: date, days: int) -> date:
    return day - timedelta(days=days) if day.toordinal() > days + 1 else date.min


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


def _without_point(area: Area, row: Rows) -> Condition:
    """Which of the events without a point touch an area with their extent: asked apart, and looked up in a hash.

    Of a condition on each row the planner would think that it is worked out for all rows.
    """
    other, identity = _other(row)
    here, there = ([one.c[name] for name in identity] for one in (row, other))
    touched = select(*there).where(other.c.geom.is_(None), _extent_touches(area, other))
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


def _extent_touches(area: Area, row: Rows) -> Condition:
    """What `_in_area` says of possible events, asked of each row by itself: for few rows.

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


def _in_area(area: Area, match: Match, row: Rows) -> Condition:
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
    return literal_column(_qualified(EXTENT_KIND, row), Text).in_(
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
