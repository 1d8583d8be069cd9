"""The history of one event: its revisions, and what was said about it, version by version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import zip_longest
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN
from app.domain.events import Status

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that was one thing and is another."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Saying:
    """What became of a statement about the event in a version."""

    kind: str
    id: str
    change: str
    """`added`, `changed` or `withdrawn`."""
    fields: list[Difference]
    """What it said before and says now: of one that was added, all that is not null."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What an event became in a version."""

    revision: int
    version: int
    known_at: datetime
    change: str
    """`create`, `update`, `retract` or `reinstate`."""
    fields: list[Difference] | None
    """None where the state before is not kept: of the first."""
    statements: list[Saying] = field(default_factory=list)


async def of_event(
    connection: AsyncConnection, event: UUID, shown: str, *, limit: int, before: int, at: int | None
) -> tuple[list[Revision], int | None]:
    """Revisions of an event, the newest first, and the version before which the next page goes on if there are more.

    Only those of versions before `before`, and as of a version if one is given. Compared is what is `shown`: a format's list of columns.
    """
    values = {"id": str(event), "limit": limit + 1, "before": before if at is None else min(before, at + 1)}
    rows = (await connection.execute(text(_history(shown)), values)).mappings().all()
    states = [row for row in rows if row["kind"] == "event"]
    said = [row for row in rows if row["kind"] != "event"]
    found = [
        Revision(
            revision=row["revision"],
            version=row["since_version"],
            known_at=row["known_at"],
            change=_change(row, earlier),
            fields=None if earlier is None else _differences(_told(earlier), _told(row)),
            statements=list(_sayings(said, row["since_version"], str(event))),
        )
        for row, earlier in zip_longest(states, states[1:])
    ]
    more = len(found) > limit
    return found[:limit], found[limit - 1].version if more else None


def _change(row: Any, earlier: Any) -> str:
    status = _told(row)["status"]
    if row["revision"] == 1:
        return "create"
    # Where the state before is not kept (migration 0002), it was no retracted one as far as can be told; the feed says the same.
    if status == (_told(earlier)["status"] if earlier else Status.ACTIVE):
        return "update"
    return "retract" if status == Status.RETRACTED else "reinstate"


def _told(row: Any) -> Told:
    told: Told = row["told"]
    return told


def _differences(before: Told, after: Told) -> list[Difference]:
    return [
        Difference(name, before.get(name), after.get(name))
        for name in after
        if name not in _OF_THE_ROW and before.get(name) != after.get(name)
    ]


def _sayings(rows: list[Any], version: int, event: str) -> Iterator[Saying]:
    """What was said anew, otherwise, or taken back in this version, of what was about the event before it or is after it.

    Of a statement that came to be about the event later, the versions before are none of its history.
    """
    begun = {(row["kind"], row["id"]): _told(row) for row in rows if row["since_version"] == version}
    ended = {(row["kind"], row["id"]): _told(row) for row in rows if row["until_version"] == version}
    for key in sorted({*begun, *ended}, key=str):
        before, after = ended.get(key), begun.get(key)
        if not any(told and _is_about(told, event) for told in (before, after)):
            continue
        change = "added" if before is None else "withdrawn" if after is None else "changed"
        fields = _differences(before or {}, after) if after is not None else []
        yield Saying(key[0], str(key[1]), change, fields)


def _is_about(told: Told, event: str) -> bool:
    return event in (told.get("event_id"), told.get("other_id"), *told.get("events", ()))


_OF_THE_ROW = frozenset({"id", "revision", "updated", "since_version", "until_version", "names"})
"""What every revision has of its own, and what only serves to find it."""


def _json(name: str, among: str) -> str:
    return f"""
    SELECT '{name}', id, revision, since_version, until_version, to_jsonb({name})
    FROM {name}, bounds WHERE {among} AND (
        since_version BETWEEN bounds.first AND bounds.last OR until_version BETWEEN bounds.first AND bounds.last
    )
"""


_STATEMENTS = (
    # Those that once were about the event, or come to be, too: `_sayings` takes the pairs of rows of which one is.
    ("claim", "id IN (SELECT id FROM claim WHERE events @> ARRAY[CAST(:id AS uuid)])"),
    ("estimate", "id IN (SELECT id FROM estimate WHERE event_id = CAST(:id AS uuid))"),
    ("assessment", "id IN (SELECT id FROM assessment WHERE event_id = CAST(:id AS uuid))"),
    ("event_link", "id IN (SELECT id FROM event_link WHERE CAST(:id AS uuid) IN (event_id, other_id))"),
)


@cache
def _history(shown: str) -> str:
    return f"""
WITH page AS (
    SELECT event.id, revision, since_version, until_version, (
        SELECT to_jsonb(told) FROM (
            SELECT {shown}, ST_AsGeoJSON(event.geom, 9)::jsonb AS geometry, event.extent_region, event.near_regions,
                event.extent_id
        ) AS told
    ) AS told
    FROM event_revision AS event
    WHERE event.id = CAST(:id AS uuid) AND seq IS NOT NULL AND since_version < :before
    ORDER BY since_version DESC LIMIT :limit
), bounds AS (
    SELECT coalesce(min(since_version), {OPEN}) AS first, coalesce(max(since_version), 0) AS last FROM page
), rows AS (
    SELECT 'event' AS kind, id, revision, since_version, until_version, told FROM page
    {" ".join(f"UNION ALL {_json(name, among)}" for name, among in _STATEMENTS)}
)
SELECT rows.*, version.known_at FROM rows LEFT JOIN version ON version.id = since_version ORDER BY since_version DESC, kind, rows.id
"""
