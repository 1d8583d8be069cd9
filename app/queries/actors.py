"""Actors: who takes part in events, as the datasets name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import ActorRow
from app.queries.history import stands
from app.queries.regions import named


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorFilter:
    """Which actors are wanted. Nothing set means all of them."""

    datasets: tuple[str, ...] = ()
    at: int | None = None
    """The version as of which is asked; None: what is now."""
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
    statement = select(row.id, row.dataset_id.label("dataset"), row.source_key, row.name, row.aliases).limit(
        limit + 1
    )
    statement = statement.where(stands(row, wanted.at))
    if wanted.datasets:
        statement = statement.where(row.dataset_id.in_(wanted.datasets))
    if wanted.words is not None:
        best = func.word_similarity(wanted.words, row.names)
        return statement.where(named(row.names, wanted.words)).order_by(best.desc(), row.name, row.id)
    if after is not None:
        statement = statement.where(tuple_(row.name, row.id) > tuple_(*after))
    return statement.order_by(row.name, row.id)
