"""The change feed: what became of events, in the order in which it was committed.

Every change is a row of `event_revision` with a `seq`. One writes at a time, and draws its numbers while it does, so whoever sees a
number sees all lower ones that there will ever be: the feed asks for what lies above the last, and neither skips nor waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    Select,
    Text,
    and_,
    any_,
    case,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import EventRevisionRow, VersionRow
from app.domain.changes import FIELDS, TOUCHED, Change, ChangeKind
from app.domain.events import Status
from app.domain.filters import EventFilter
from app.queries.filtering import conditions_then
from app.queries.history import Rows

LOOKED_AT = 50_000
"""Numbers of the feed that one request looks at: half a second, if none of them is wanted."""

AFTER: Rows = EventRevisionRow.__table__.alias("event")
"""The state that a change made, under the name that formats write."""


def _state_before() -> Rows:
    """With a limit, so that it is looked up by its key for each change: the planner would rather read the whole table once."""
    row = EventRevisionRow.__table__.alias("kept")
    found = select(row).where(row.c.id == AFTER.c.id, row.c.until_version == AFTER.c.since_version)
    return found.limit(1).lateral("earlier")


BEFORE = _state_before()
"""The state before it, if there was one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Some changes, and where to go on."""

    changes: list[Change]
    through: int
    """The number up to which all were looked at: what follows has a higher one."""
    more: bool
    """Whether there is more to look at now."""


class BeyondFeedError(ValueError):
    """A place that the feed has not reached: a number that it never gave."""

    def __init__(self, since: int, last: int) -> None:
        super().__init__(
            f"The feed has not reached {since}: its last change is {last}. Take the place from 'next' or 'seq'; if the database was made"
            " anew, begin at 0."
        )


async def after(
    connection: AsyncConnection, since: int, wanted: EventFilter, written: ColumnElement[str], limit: int
) -> Seen:
    """The changes with a number above `since` of events that are wanted, or were before the change; at most `limit`.

    The event after the change is told as `written` (a format's expression over `event`). As no more than LOOKED_AT numbers are looked
    at, there may be none among them and more behind. Raises BeyondFeedError.
    """
    rows = (await connection.execute(after_statement(since, wanted, written, limit))).all()
    first, last = rows[0][:2]
    if since > (last or 0):
        raise BeyondFeedError(since, last or 0)
    found = [row for row in rows if row.seq is not None]
    if len(found) > limit:
        return Seen([_change(row) for row in found[:limit]], found[limit - 1].seq, more=True)
    through = since if first is None else min(last, first + LOOKED_AT - 1)
    return Seen([_change(row) for row in found], through, more=first is not None and through < last)


def after_statement(
    since: int, wanted: EventFilter, written: ColumnElement[str], limit: int
) -> Select[*tuple[Any, ...]]:
    """One change more than is wanted, so as to know whether there are more, behind the first and the last number that there are.

    In one statement, since numbers that are committed between two would be skipped.
    """
    seen = _numbers(since)
    first, seq = seen.c.first, AFTER.c.seq
    # Once for both uses, so that what they look up first is looked up once.
    now = conditions_then(wanted, AFTER)
    changes = (
        select(
            seq,
            AFTER.c.since_version.label("version"),
            _known_at().label("known_at"),
            _kind().label("kind"),
            AFTER.c.id,
            AFTER.c.revision,
            _fields().label("fields"),
            func.coalesce(and_(AFTER.c.status == Status.ACTIVE, *now), false()).label("matches"),
            written.label("event"),
        )
        .select_from(AFTER.outerjoin(BEFORE, true()))
        .where(seq >= first, seq < first + LOOKED_AT, *_shown(wanted, now))
        .order_by(seq)
        .limit(limit + 1)
        .lateral("change")
    )
    return select(*seen.c, *changes.c).select_from(seen.outerjoin(changes, true())).order_by(changes.c.seq)


async def last(connection: AsyncConnection) -> int:
    """The number of the last change, 0 before the first."""
    return (await connection.execute(LAST)).scalar_one() or 0


LAST = select(func.max(EventRevisionRow.seq))


def _numbers(since: int) -> CTE:
    """The first number above `since`, null if there is none, and the last of all.

    From the first and not from `since` on, since a write that failed may have left a gap of any size.
    """
    seq = EventRevisionRow.seq
    first = select(func.min(seq)).where(seq > since).scalar_subquery()
    return select(first.label("first"), LAST.scalar_subquery().label("last")).cte("seen")


def _shown(wanted: EventFilter, now: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Wanted after the change or before it, retracted or not: who saw an event is told when it goes."""
    if not now:
        return []
    # That there was one is said too: of none, `has_geometry=false` would hold.
    return [or_(and_(*now), and_(BEFORE.c.id.is_not(None), *conditions_then(wanted, BEFORE)))]


def _known_at() -> ColumnElement[str]:
    """As an event's `updated` is written."""
    known_at = func.to_json(VersionRow.known_at).op("#>>")(literal_column("'{}'"))
    return select(known_at).where(VersionRow.id == AFTER.c.since_version).correlate(AFTER).scalar_subquery()


def _kind() -> ColumnElement[str]:
    """Of an event that was changed before its states were kept (migration 0002), what can be told: history says the same."""
    before = func.coalesce(BEFORE.c.status, _word(Status.ACTIVE))
    return case(
        (AFTER.c.revision == 1, _word(ChangeKind.CREATE)),
        (before == AFTER.c.status, _word(ChangeKind.UPDATE)),
        (AFTER.c.status == Status.ACTIVE, _word(ChangeKind.REINSTATE)),
        else_=_word(ChangeKind.RETRACT),
    )


def _fields() -> ColumnElement[Any]:
    named = array([case((_changed(name), _word(name))) for name in FIELDS])
    return case((BEFORE.c.id.is_(None), null()), else_=func.array_remove(named, null()))


def _changed(name: str) -> ColumnElement[bool]:
    differ = [AFTER.c[column].is_distinct_from(BEFORE.c[column]) for column in _COLUMNS.get(name, (name,))]
    touched = [_word(name) == any_(AFTER.c.touched)] if name in TOUCHED else []
    return or_(*differ, *touched)


_COLUMNS: dict[str, tuple[str, ...]] = {
    "geometry": ("geom",),
    "extent": ("extent_region", "near_regions", "extent_id"),
    "estimates": (),
    "assessments": (),
    "links": (),
}
"""The columns behind a name, where they are not the one of that name."""


def _word(word: str) -> ColumnElement[str]:
    return literal_column(f"'{word}'", Text)


def _change(row: Row[*tuple[Any, ...]]) -> Change:
    return Change(
        seq=row.seq,
        version=row.version,
        known_at=row.known_at,
        kind=ChangeKind(row.kind),
        id=row.id,
        revision=row.revision,
        fields=None if row.fields is None else tuple(row.fields),
        matches=row.matches,
        event=row.event,
    )
