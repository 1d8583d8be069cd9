"""What is wrong with the rows of releases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One fault of one row."""

    row_number: int | None
    column: str | None
    rule: str
    value: str | None
    message: str
    quarantined: bool
    source_key: str | None = None
    """The key of the event that the row made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCount:
    """How often a rule was broken, with the first row that did."""

    rule: str
    quarantined: bool
    rows: int
    example: Issue


async def by_rule(connection: AsyncConnection, release_id: int) -> tuple[FaultCount, ...]:
    """The faults of a release, those that quarantine first, then the commonest."""
    found = await connection.execute(text(_BY_RULE), {"release_id": release_id})
    return tuple(
        FaultCount(
            rule=row.rule,
            quarantined=row.quarantined,
            rows=row.rows,
            example=Issue(
                row_number=row.row_number,
                column=row.column,
                rule=row.rule,
                value=row.value,
                message=row.message,
                quarantined=row.quarantined,
            ),
        )
        for row in found
    )


async def of_release(connection: AsyncConnection, release_id: int) -> AsyncIterator[Issue]:
    """All faults of a release, in the order of its rows."""
    found = await connection.stream(text(_ALL), {"release_id": release_id})
    async for row in found:
        yield Issue(**row._asdict())


_BY_RULE = """
SELECT rule, quarantined, rows, row_number, "column", value, message
FROM (
    SELECT issue.*, count(*) OVER same_rule AS rows, row_number() OVER (same_rule ORDER BY row_number, id) AS place
    FROM issue WHERE release_id = :release_id
    WINDOW same_rule AS (PARTITION BY rule, quarantined)
) AS counted
WHERE place = 1
ORDER BY quarantined DESC, rows DESC, rule
"""

_ALL = """
SELECT issue.row_number, issue."column", issue.rule, issue.value, issue.message, issue.quarantined, event.source_key
FROM issue LEFT JOIN event ON event.id = issue.event_id
WHERE issue.release_id = :release_id ORDER BY issue.row_number, issue.id
"""
