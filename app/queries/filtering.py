"""The only WHERE on events: an `EventFilter` becomes conditions, composed of what is set and of nothing else.

Parts that look something up first do so in a WITH, once, and give it to the index as `= ANY(ARRAY(SELECT …))`: `IN (SELECT …)`
under an OR alone would become a filter over the whole table.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    any_,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array

from app.db.tables import (
    LONG_DAYS,
    LONG_UNTIL,
    ActorRow,
    ClaimRow,
    EventActorRow,
    ExtentRow,
    RegionRow,
    VersionRow,
)
from app.domain.days import Days
from app.domain.events import DAY_OR_FINER, Status
from app.domain.filters import EventFilter, Match
from app.domain.queryables import EVENTS
from app.queries.expressions import Column, Columns, Day, Place, Span, condition
from app.queries.history import Rows, events_at, stands, was_so
from app.queries.in_place import extent_touches, in_area, in_place, qualified, without_point

Condition = ColumnElement[bool]

UNKNOWN_FIRST = literal_column("'-infinity'::date", Date)
UNKNOWN_LAST = literal_column("'infinity'::date", Date)


def conditions(wanted: EventFilter, row: Rows | None = None) -> list[Condition]:
    """What must hold of an event that is wanted: all of these. `row` is where it is looked for (`history.events_at`)."""
    row = events_at(wanted.at) if row is None else row
    return [
        *([] if wanted.at is None else [was_so(row, wanted.at)]),
        row.c.status == Status.ACTIVE,
        *in_place(wanted, row, without_point),
        *_in_time(wanted, row),
        *_of_kind(wanted, row),
        *_among(wanted, row),
        *_meeting(wanted, row),
    ]


def conditions_then(wanted: EventFilter, row: Rows) -> list[Condition]:
    """What must hold of a row of `event_revision`, as things were when it began: `conditions` without the status and the version."""
    return [
        *in_place(wanted, row, extent_touches),
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
        touching=lambda area: in_area(area, Match.POSSIBLE, row),
        within=lambda area: in_area(area, Match.DEFINITE, row),
    )


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
    long = literal_column(qualified(LONG_UNTIL, row), Date) >= days.since
    lasting = row.c.last_day >= days.since
    return and_(begun, lasting, or_(and_(recent, begun), long))


def _earlier(day: date, days: int) -> date:
    return day - timedelta(days=days) if day.toordinal() > days + 1 else date.min
