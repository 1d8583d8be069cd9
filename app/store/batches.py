"""Batches: drafts and their source rows, made ready to be copied into the tables of `store.staging`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any
from uuid import UUID

import shapely
from shapely import MultiPolygon

from app.domain.drafts import ActorDraft, Draft, Fault, Rejected
from app.domain.events import Precision, actor_id, event_id
from app.domain.words import fold, names
from app.store.encoding import FEW, encoded
from app.store.staged import COLUMNS, SEPARATOR, Batch

BATCH = 1000
"""Rows that are made ready and written at a time: some 3 MB."""
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
EXTENTS_REMEMBERED = 4_000
"""Areas whose id is at hand: as many as a `Locator` remembers, of which most are asked for again."""
AT_A_PLACE = frozenset({Precision.EXACT, Precision.VICINITY, Precision.SETTLEMENT, Precision.NEAR_SETTLEMENT})

_MANY = frozenset({"joined", "source_key", "title", "summary", "words", "value", "message", "names"})
"""Texts of which few come again."""
_KINDS = {
    table: [FEW if kind == "text" and name not in _MANY else kind for name, kind in columns]
    for table, columns in COLUMNS.items()
}


@dataclass(slots=True)
class _Event:
    """A row that makes an event."""

    number: int
    made: UUID
    content: bytes
    draft: Draft


class Packing:
    """Makes batches of the rows of one dataset. What it has given already, actors and extents, it gives no second time."""

    def __init__(self, dataset: str) -> None:
        self._dataset = dataset
        self._actors_seen: dict[ActorDraft, UUID] = {}
        self._sides_seen: dict[tuple[ActorDraft, ...], tuple[UUID, ...]] = {}
        self._extents_seen: set[UUID] = set()
        self._extent_ids: dict[int, tuple[MultiPolygon, UUID]] = {}
        self._begin()

    def _begin(self) -> None:
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
        self._events: list[_Event] = []
        self._told = 0

    def silent(self, number: int, content: bytes, cells: list[str]) -> None:
        """Add a row that says nothing: it is kept, and makes no event."""
        self._row(number, content, cells, "s", None)

    def rejected(self, number: int, content: bytes, cells: list[str], row: Rejected) -> None:
        """Add a row that makes no event."""
        made = event_id(self._dataset, row.source_key) if row.source_key else None
        self._told += 1
        self._row(number, content, cells, "q", made)
        self._faults(number, row.faults, made)

    def event(self, number: int, content: bytes, cells: list[str], draft: Draft) -> None:
        """Add a row that makes an event."""
        made = event_id(self._dataset, draft.source_key)
        self._told += 1
        self._row(number, content, cells, "d", made)
        self._events.append(_Event(number, made, content, draft))
        self._faults(number, draft.faults, made)

    def take(self) -> Batch:
        """What was added, ready to be copied. The next batch begins."""
        drafts = [event.draft for event in self._events]
        made = {"import_event": encoded(_KINDS["import_event"], self._columns(drafts))} if drafts else {}
        made |= {
            table: encoded(_KINDS[table], zip(*rows, strict=True))
            for table, rows in self._rows.items()
            if rows
        }
        batch = Batch(
            encoded=made,
            told=self._told,
            oldest=min((draft.first_day for draft in drafts if draft.first_day), default=None),
            newest=max((draft.last_day for draft in drafts if draft.last_day), default=None),
        )
        self._begin()
        return batch

    def _row(self, number: int, content: bytes, cells: list[str], state: str, made: UUID | None) -> None:
        self._rows["import_row"].append((number, content, *_packed(cells), state, made))

    def _columns(self, drafts: list[Draft]) -> list[Iterable[Any]]:
        """The events as the columns of `import_event`."""
        sides = [
            tuple([self._side(event.number, side) for side in (event.draft.side_a, event.draft.side_b)])
            for event in self._events
        ]
        worked_out: dict[str, Iterable[Any]] = {
            "row_number": [event.number for event in self._events],
            "id": [event.made for event in self._events],
            "hash": [event.content for event in self._events],
            "first_day": [draft.first_day or date.min for draft in drafts],  # -infinity
            "last_day": [draft.last_day or date.max for draft in drafts],  # and infinity
            "extent_id": self._extents([draft.extent for draft in drafts]),
            "side_a": [_names(draft.side_a) for draft in drafts],
            "side_b": [_names(draft.side_b) for draft in drafts],
            "own_reported": map(attrgetter("first_reported"), drafts),
            "own_reported_basis": map(attrgetter("first_reported_basis"), drafts),
            "sides_a": [side_a for side_a, _ in sides],
            "sides_b": [side_b for _, side_b in sides],
            "words": map(_words, drafts),
            "place_key": [
                _place_key(draft.place) if draft.place and draft.precision in AT_A_PLACE else None
                for draft in drafts
            ],
        }
        return [
            worked_out[name] if name in worked_out else map(attrgetter(name), drafts)
            for name, _ in COLUMNS["import_event"]
        ]

    def _side(self, number: int, side: tuple[ActorDraft, ...]) -> tuple[UUID, ...]:
        known = self._sides_seen.get(side)
        if known is None:
            known = self._sides_seen[side] = tuple([self._actor(number, actor) for actor in side])
        return known

    def _actor(self, number: int, actor: ActorDraft) -> UUID:
        known = self._actors_seen.get(actor)
        if known is None:
            known = self._actors_seen[actor] = actor_id(self._dataset, actor.source_key)
            self._rows["import_actor"].append(
                (number, known, actor.source_key, actor.name, actor.aliases, names(actor.name, actor.aliases))
            )
        return known

    def _extents(self, areas: Sequence[MultiPolygon | None]) -> list[UUID | None]:
        """The ids of areas, each of which is staged once."""
        # Events at one place share one object; held here, so that its id() is not given to another.
        if len(self._extent_ids) + len(areas) > EXTENTS_REMEMBERED:
            self._extent_ids.clear()
        wanted = {id(area): area for area in areas if area is not None}
        new = [area for one, area in wanted.items() if one not in self._extent_ids]
        for area, wkb in zip(new, shapely.to_wkb(new), strict=True):
            made = _extent_id(wkb)
            self._extent_ids[id(area)] = (area, made)
            if made not in self._extents_seen:
                self._extents_seen.add(made)
                self._rows["import_extent"].append((made, wkb))
        return [None if area is None else self._extent_ids[id(area)][1] for area in areas]

    def _faults(self, number: int, faults: Iterable[Fault], made: UUID | None) -> None:
        self._rows["import_issue"] += [
            (number, fault.column, fault.rule, fault.value, fault.message, fault.quarantined, made)
            for fault in faults
        ]


@lru_cache(maxsize=4096)
def _names(side: tuple[ActorDraft, ...]) -> tuple[str, ...]:
    return tuple(actor.name for actor in side)


def _packed(cells: list[str]) -> tuple[str | None, tuple[str, ...] | None]:
    """Cells as one text, which PostgreSQL divides in 2 µs, or as they are where that could not be taken apart again."""
    joined = SEPARATOR.join(cells)
    if len(cells) > 1 and joined.count(SEPARATOR) == len(cells) - 1:
        return joined, None
    return None, tuple(cells)


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
