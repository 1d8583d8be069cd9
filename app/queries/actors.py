"""Actors: who takes part in events, as the datasets name them. A page of them, one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Select, cast, func, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import ActorRow, ClaimRow, EventActorRow
from app.domain.events import ActorRole, Status
from app.queries.history import events_at, stands, was_so
from app.queries.regions import named


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorFilter:
    """Which actors are wanted. Nothing set means all of them."""

    datasets: tuple[str, ...] = ()
    at: int | None = None
    """The version as of which is asked; None: what is now. Costs the same: one table has both."""
    words: str | None = None
    """A name or alias, or a part of one, folded (`domain.words.fold`); names that are nearly so match too."""


async def page(
    connection: AsyncConnection, wanted: ActorFilter, *, limit: int, after: tuple[str, UUID] | None
) -> tuple[list[dict[str, Any]], tuple[str, UUID] | None]:
    """Actors, and the name and id after which the next page begins if there are more."""
    rows = (await connection.execute(page_statement(wanted, limit=limit, after=after))).mappings().all()
    last = rows[limit - 1] if len(rows) > limit else None
    return [dict(row) for row in rows[:limit]], (last["name"], last["id"]) if last else None


def page_statement(
    wanted: ActorFilter, *, limit: int, after: tuple[str, UUID] | None
) -> Select[*tuple[Any, ...]]:
    """By name; where a name is searched for, the best matches first."""
    row = ActorRow
    statement = select(*_SHOWN).where(stands(row, wanted.at)).limit(limit + 1)
    if wanted.datasets:
        statement = statement.where(row.dataset_id.in_(wanted.datasets))
    if wanted.words is not None:
        best = func.word_similarity(wanted.words, row.names)
        return statement.where(named(row.names, wanted.words)).order_by(best.desc(), row.name, row.id)
    if after is not None:
        statement = statement.where(tuple_(row.name, row.id) > tuple_(*after))
    return statement.order_by(row.name, row.id)


async def one(connection: AsyncConnection, actor: UUID, at: int | None) -> dict[str, Any] | None:
    """One actor with its part in events, now or as of a version; None if there is none.

    `events` is in how many active events it takes part, `side_a` and `side_b` in how many of them on which side, `first_day` and
    `last_day` the first and last known day of these, `claims` how many claims it makes.
    """
    found = (await connection.execute(one_statement(actor, at))).mappings().one_or_none()
    return dict(found) if found else None


def one_statement(actor: UUID, at: int | None) -> Select[*tuple[Any, ...]]:
    """By primary key, and by the index on the parts that actors take."""
    part = _part(actor, at).subquery("part")
    made = select(func.count()).where(ClaimRow.actor_id == actor, stands(ClaimRow, at)).scalar_subquery()
    return (
        select(*_SHOWN, *part.c, cast(made, Integer).label("claims"))
        .select_from(ActorRow)
        .join(part, literal_column("true"))
        .where(ActorRow.id == actor, stands(ActorRow, at))
    )


def _part(actor: UUID, at: int | None) -> Select[*tuple[Any, ...]]:
    row, event = EventActorRow, events_at(at)
    events = func.count(event.c.id.distinct())
    first = func.nullif(event.c.first_day, literal_column("'-infinity'::date"), type_=Date)
    last = func.nullif(event.c.last_day, literal_column("'infinity'::date"), type_=Date)
    statement = (
        select(
            events.label("events"),
            events.filter(row.role == ActorRole.SIDE_A).label("side_a"),
            events.filter(row.role == ActorRole.SIDE_B).label("side_b"),
            func.min(first).label("first_day"),
            func.max(last).label("last_day"),
        )
        .select_from(row)
        .join(event, event.c.id == row.event_id)
        .where(row.actor_id == actor, stands(row, at), event.c.status == Status.ACTIVE)
    )
    return statement if at is None else statement.where(was_so(event, at))


_SHOWN = (
    ActorRow.id,
    ActorRow.dataset_id.label("dataset"),
    ActorRow.source_key,
    ActorRow.name,
    ActorRow.aliases,
)
