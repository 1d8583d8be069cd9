"""Withdrawing: which events a release takes back, since it is complete and lacks them, or since it says so.

What is found here stands in `import_absent`; `merging.write` retracts it. `merging.find_repeated` makes the tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.releases import Scope, scope_values

EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An event that is about to be withdrawn."""

    source_key: str
    title: str
    first_day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What a complete release lacks of what it speaks for."""

    scope: Scope
    active: int
    """Events in its scope that stand now."""
    absent: int
    """Those of them that it lacks, and of which no newer release speaks."""
    unreadable: int
    """Rows whose key cannot be read: any of them may be one that seems absent."""
    elsewhere: int
    """Absent events in countries of which the release has no event at all."""
    examples: tuple[Example, ...]

    @property
    def share(self) -> float:
        return self.absent / self.active if self.active else 0.0


async def find_absent(connection: AsyncConnection, dataset: str, scope: Scope) -> Withdrawal:
    """Find what a complete release withdraws; `merging.find_newer` comes first. Holds as long as nobody else writes."""
    await connection.execute(text("DELETE FROM import_absent"))
    values = {"dataset": dataset, **scope_values(scope)}
    absent = (await connection.execute(text(_ABSENT), values)).rowcount
    active = (await connection.execute(text(_ACTIVE), values)).scalar_one()
    unreadable = (await connection.execute(text(_UNREADABLE))).scalar_one()
    elsewhere = (await connection.execute(text(_ELSEWHERE))).scalar_one()
    shown = await connection.execute(text(_EXAMPLES), {"limit": EXAMPLES})
    return Withdrawal(
        scope=scope,
        active=active,
        absent=absent,
        unreadable=unreadable,
        elsewhere=elsewhere,
        examples=tuple(
            Example(source_key=row.source_key, title=row.title, first_day=row.first_day) for row in shown
        ),
    )


async def withdraw(connection: AsyncConnection, events: list[UUID]) -> None:
    """Let these events be withdrawn too, if they stand; `find_absent` comes first, where it does."""
    await connection.execute(text(_WITHDRAW), {"ids": [str(event) for event in events]})


_IN_SCOPE = """
event.dataset = :dataset AND event.status = 'active'
AND (CAST(:countries AS text[]) IS NULL OR event.country = ANY (CAST(:countries AS text[])))
AND (CAST(:first_year AS integer) IS NULL OR event.first_day >= make_date(CAST(:first_year AS integer), 1, 1))
AND (CAST(:last_year AS integer) IS NULL OR event.last_day <= make_date(CAST(:last_year AS integer), 12, 31))
"""

_ABSENT = f"""
INSERT INTO import_absent
SELECT id FROM event WHERE {_IN_SCOPE}
AND NOT EXISTS (SELECT FROM import_row WHERE import_row.event_id = event.id)
AND NOT EXISTS (
    SELECT FROM release_row JOIN import_newer ON import_newer.id = release_id WHERE release_row.event_id = event.id
)
"""

_WITHDRAW = """
INSERT INTO import_absent SELECT id FROM event
WHERE id = ANY (CAST(:ids AS uuid[])) AND status = 'active' AND id NOT IN (SELECT id FROM import_absent)
AND NOT EXISTS (
    SELECT FROM release_row JOIN import_newer ON import_newer.id = release_id WHERE release_row.event_id = event.id
)
"""

_ACTIVE = f"SELECT count(*) FROM event WHERE {_IN_SCOPE}"

_UNREADABLE = "SELECT count(*) FROM import_row WHERE state = 'q' AND event_id IS NULL"

_ELSEWHERE = """
SELECT count(*) FROM event WHERE id IN (SELECT id FROM import_absent)
AND country NOT IN (SELECT country FROM import_event WHERE country IS NOT NULL)
"""

_EXAMPLES = """
SELECT source_key, title, first_day FROM event WHERE id IN (SELECT id FROM import_absent)
ORDER BY deaths_best DESC NULLS LAST, id LIMIT :limit
"""
