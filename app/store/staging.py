"""Staging: the rows of a release in temporary tables, where a transaction can compare them with what is kept.

Nobody else sees them, so that no lock is needed while they are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import shapely
from shapely import MultiPolygon
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.drafts import ActorDraft, Draft, Fault, Rejected
from app.domain.events import Precision, actor_id, event_id
from app.domain.words import fold
from app.store.copying import copy
from app.store.regions import names

BATCH = 2000
"""Rows that are written at a time: some 5 MB."""
SEPARATOR = "\x1f"
"""Between the cells of a staged row: ASCII's own, which no text has any use for."""
LONGEST_WORDS = 100_000
"""Of one event's text, in characters, that can be searched for. A tsvector takes a million bytes at most."""
KIND_OF_PLACE = frozenset(
    [
        "town",
        "city",
        "village",
        "hamlet",
        "settlement",
        "area",
        "neighbourhood",
        "neighborhood",
        "suburb",
        "camp",
        "district",
        "municipality",
    ]
)
"""Words behind a place's name that are none of it."""
AT_A_PLACE = frozenset({Precision.EXACT, Precision.VICINITY, Precision.SETTLEMENT, Precision.NEAR_SETTLEMENT})

MAPPED: tuple[tuple[str, str], ...] = (
    ("type", "text"),
    ("source_type", "text"),
    ("title", "text"),
    ("summary", "text"),
    ("first_day", "date"),
    ("last_day", "date"),
    ("date_precision", "text"),
    ("instant", "timestamptz"),
    ("place", "text"),
    ("precision", "text"),
    ("radius_m", "integer"),
    ("country", "text"),
    ("admin1", "text"),
    ("admin2", "text"),
    ("extent_region", "text"),
    ("near_regions", "text[]"),
    ("extent_id", "uuid"),
    ("side_a", "text[]"),
    ("side_b", "text[]"),
    ("deaths_low", "integer"),
    ("deaths_best", "integer"),
    ("deaths_high", "integer"),
    ("deaths_civilians", "integer"),
    ("deaths_state", "text"),
    ("verification", "text"),
    ("contested", "boolean"),
    ("claims", "integer"),
    ("sources", "integer"),
    ("first_reported", "date"),
    ("first_reported_basis", "text"),
    ("documents", "uuid[]"),
    ("deaths_estimate", "uuid"),
)
"""The columns of `event` that a draft fills, but for `geom`. An event that differs in one of them has changed."""

COMPARED = (*(name for name, _ in MAPPED), "geom")

_ROW = ("row_number", "hash", "joined", "cells", "state", "event_id")
_EVENT = (
    "row_number",
    "id",
    "hash",
    "source_key",
    *(name for name, _ in MAPPED),
    "lon",
    "lat",
    "sides_a",
    "sides_b",
    "words",
    "place_key",
)
_ACTOR = ("row_number", "id", "source_key", "name", "aliases", "names")
_ISSUE = ("row_number", "column", "rule", "value", "message", "quarantined", "event_id")

_COPIED = (
    ("import_row", _ROW),
    ("import_event", _EVENT),
    ("import_actor", _ACTOR),
    ("import_extent", ("id", "wkb")),
    ("import_issue", _ISSUE),
)
TABLES = tuple(name for name, _ in _COPIED)

Batch = list[tuple[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]]]
"""Rows for each of the tables."""

# What the planner has to know: the texts and cells tell it nothing, and cost half a second for 16,000 rows.
_ANALYZED = (
    "import_row (row_number, hash, state, event_id)",
    "import_event (row_number, id, country, place_key, extent_region, extent_id)",
    "import_actor (id)",
    "import_extent (id)",
    "import_issue (row_number, quarantined)",
)

_CREATE = (
    "CREATE TEMPORARY TABLE import_row (row_number integer, hash bytea, joined text, cells text[], state text, event_id uuid) ON COMMIT DROP",
    f"""
    CREATE TEMPORARY TABLE import_event (
        row_number integer, id uuid, hash bytea, source_key text, {", ".join(f"{name} {kind}" for name, kind in MAPPED)},
        lon double precision, lat double precision, sides_a uuid[], sides_b uuid[], words text, place_key text,
        geom geometry(Point, 4326) GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED,
        search tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED
    ) ON COMMIT DROP
    """,
    """
    CREATE TEMPORARY TABLE import_actor (row_number integer, id uuid, source_key text, name text, aliases text[], names text)
    ON COMMIT DROP
    """,
    "CREATE TEMPORARY TABLE import_extent (id uuid, wkb bytea) ON COMMIT DROP",
    """
    CREATE TEMPORARY TABLE import_issue (
        row_number integer, "column" text, rule text, value text, message text, quarantined boolean, event_id uuid
    ) ON COMMIT DROP
    """,
)


class Staging:
    """The temporary tables of one import, and what is yet to be written into them."""

    def __init__(self, connection: AsyncConnection, dataset: str) -> None:
        self._connection = connection
        self._dataset = dataset
        self._rows: list[tuple[Any, ...]] = []
        self._events: list[tuple[Any, ...]] = []
        self._actors: list[tuple[Any, ...]] = []
        self._extents: list[tuple[Any, ...]] = []
        self._issues: list[tuple[Any, ...]] = []
        self._actors_seen: dict[ActorDraft, UUID] = {}
        self._extents_seen: set[UUID] = set()
        self._extent_ids: dict[int, tuple[MultiPolygon, UUID]] = {}
        self.oldest: date | None = None
        self.newest: date | None = None
        """First and last day of the events that were staged."""

    async def create(self) -> None:
        """Make the tables. They go with the transaction, or with the next import in it."""
        await self._connection.execute(
            text(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in TABLES)}")
        )
        for statement in _CREATE:
            await self._connection.execute(text(statement))

    @property
    def full(self) -> bool:
        return len(self._rows) >= BATCH

    def silent(self, number: int, content: bytes, cells: list[str]) -> None:
        """Stage a row that says nothing: it is kept, and makes no event."""
        self._rows.append((number, content, *_packed(cells), "s", None))

    def rejected(self, number: int, content: bytes, cells: list[str], row: Rejected) -> None:
        """Stage a row that makes no event."""
        made = event_id(self._dataset, row.source_key) if row.source_key else None
        self._rows.append((number, content, *_packed(cells), "q", made))
        self._faults(number, row.faults, made)

    def event(self, number: int, content: bytes, cells: list[str], draft: Draft) -> None:
        """Stage a row that makes an event."""
        made = event_id(self._dataset, draft.source_key)
        self._rows.append((number, content, *_packed(cells), "d", made))
        self._events.append(self._event_of(number, made, content, draft))
        self._faults(number, draft.faults, made)
        if draft.first_day and (self.oldest is None or draft.first_day < self.oldest):
            self.oldest = draft.first_day
        if draft.last_day and (self.newest is None or draft.last_day > self.newest):
            self.newest = draft.last_day

    def take(self) -> Batch:
        """What waits to be written. Staging can go on meanwhile, in another thread too."""
        waiting = (self._rows, self._events, self._actors, self._extents, self._issues)
        self._rows, self._events, self._actors, self._extents, self._issues = [], [], [], [], []
        return list(zip(_COPIED, waiting, strict=True))

    async def write(self, batch: Batch) -> None:
        """Write what was taken."""
        for (table, columns), rows in batch:
            if rows:
                await copy(self._connection, table, columns, rows)

    async def finish(self) -> None:
        """Let the planner know what there is."""
        for wanted in _ANALYZED:
            await self._connection.execute(text(f"ANALYZE {wanted}"))

    def _event_of(self, number: int, made: UUID, content: bytes, draft: Draft) -> tuple[Any, ...]:
        return (
            number,
            made,
            content,
            draft.source_key,
            draft.type,
            draft.source_type,
            draft.title,
            draft.summary,
            draft.first_day or date.min,  # asyncpg's -infinity
            draft.last_day or date.max,  # and infinity
            draft.date_precision,
            draft.instant,
            draft.place,
            draft.precision,
            draft.radius_m,
            draft.country,
            draft.admin1,
            draft.admin2,
            draft.extent_region,
            draft.near_regions,
            self._extent(draft.extent),
            [actor.name for actor in draft.side_a],
            [actor.name for actor in draft.side_b],
            draft.deaths_low,
            draft.deaths_best,
            draft.deaths_high,
            draft.deaths_civilians,
            draft.deaths_state,
            draft.verification,
            draft.contested,
            draft.claims,
            draft.sources,
            draft.first_reported,
            draft.first_reported_basis,
            draft.documents,
            draft.deaths_estimate,
            draft.lon,
            draft.lat,
            [self._actor(number, actor) for actor in draft.side_a],
            [self._actor(number, actor) for actor in draft.side_b],
            _words(draft),
            _place_key(draft.place) if draft.place and draft.precision in AT_A_PLACE else None,
        )

    def _actor(self, number: int, actor: ActorDraft) -> UUID:
        known = self._actors_seen.get(actor)
        if known is None:
            known = self._actors_seen[actor] = actor_id(self._dataset, actor.source_key)
            self._actors.append(
                (number, known, actor.source_key, actor.name, actor.aliases, names(actor.name, actor.aliases))
            )
        return known

    def _extent(self, area: MultiPolygon | None) -> UUID | None:
        """The id of an area, which is staged once."""
        if area is None:
            return None
        # Events at one place share one object; held here, so that its id() is not given to another.
        known = self._extent_ids.get(id(area))
        if known is not None:
            return known[1]
        wkb: bytes = shapely.to_wkb(area)
        made = _extent_id(wkb)
        if len(self._extent_ids) >= BATCH:
            self._extent_ids.clear()
        self._extent_ids[id(area)] = (area, made)
        if made not in self._extents_seen:
            self._extents_seen.add(made)
            self._extents.append((made, wkb))
        return made

    def _faults(self, number: int, faults: Iterable[Fault], made: UUID | None) -> None:
        self._issues += [
            (number, fault.column, fault.rule, fault.value, fault.message, fault.quarantined, made)
            for fault in faults
        ]


def _packed(cells: list[str]) -> tuple[str | None, list[str] | None]:
    """Cells as one text, or as they are where that could not be taken apart again.

    asyncpg looks at each item of an array in Python: 49 cells take it 25 µs, a text 1. PostgreSQL divides it in 2.
    """
    joined = SEPARATOR.join(cells)
    if len(cells) > 1 and joined.count(SEPARATOR) == len(cells) - 1:
        return joined, None
    return None, cells


def _extent_id(wkb: bytes) -> UUID:
    """UUID version 8 (RFC 9562, 5.8) of the SHA-256 of a geometry as WKB. `uuid.UUID` does not set this version before Python 3.14."""
    octets = bytearray(sha256(wkb).digest()[:16])
    octets[6] = octets[6] & 0x0F | 0x80
    octets[8] = octets[8] & 0x3F | 0x80
    return UUID(bytes=bytes(octets))


def _words(draft: Draft) -> str:
    """The words by which an event is found, folded as a search is. The store adds the spellings of its place."""
    told = f"{draft.title} {draft.summary or ''}"
    named = [name for actor in (*draft.side_a, *draft.side_b) for name in (actor.name, *actor.aliases)]
    parts = (fold(told[:LONGEST_WORDS]), *map(_folded, (draft.place or "", *named)))
    return " ".join(parts)[:LONGEST_WORDS]


_folded = lru_cache(maxsize=20_000)(fold)


@lru_cache(maxsize=20_000)
def _place_key(place: str) -> str | None:
    """A place's folded name without the words for its kind: what the gazetteer may know it by.

    >>> _place_key("Deir ez Zor town"), _place_key("Town")
    ('deir ez zor', 'town')
    """
    parts = _folded(place).split()
    while len(parts) > 1 and parts[-1] in KIND_OF_PLACE:
        parts.pop()
    return " ".join(parts) or None
