"""Which rows of the columns are wanted: an `EventFilter` as comparisons of arrays.

What columns do not hold (words, actors, claims, shapes, extents, conditions in CQL2) the database is asked about, once for all tiles
and counts of a question: `beyond` is the part of the filter that it must answer, as ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from app.columns.events import Array, Columns, Rows
from app.domain.areas import Box
from app.domain.days import Days
from app.domain.filters import EventFilter, Match, RegionWanted
from app.queries.columns import FOREVER, PRECISIONS, TYPES, UNKNOWN, VERIFICATIONS

EPOCH = date(1970, 1, 1)
_HELD: dict[str, Any] = {
    "days": None, "reported": None, "has_geometry": None, "deaths_min": None, "deaths_max": None, "sources_min": None,
    "contested": None, "types": (), "datasets": (), "precisions": (), "verifications": (),
}  # fmt: skip
"""What columns can tell of a filter, whatever else it asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The rows that are wanted: those that meet the filter as far as columns hold it, and are among `found`."""

    columns: Columns
    wanted: EventFilter
    found: Array | None = None
    """For each row whether the database found it; None where it was not asked."""
    boxless: Array | None = None
    """For each row without a point whether its extent touches the box that is wanted; None where no box is."""

    def rows(self, run: slice) -> Rows:
        """The wanted among a run of rows."""
        kept: Array | None = None
        for condition in self._conditions(run):
            kept = condition if kept is None else kept & condition
        if kept is None:
            return np.arange(run.start, run.stop)
        rows: Rows = np.flatnonzero(kept) + run.start
        return rows

    def _conditions(self, run: slice) -> Iterator[Array]:
        held, wanted = self.columns, self.wanted
        if self.found is not None:
            yield self.found[run]
        if wanted.match is Match.POINT:
            yield from _in_place(held, wanted, run, self.boxless)
        if wanted.has_geometry is not None:
            yield np.isnan(held.lon[run]) != wanted.has_geometry
        if wanted.days:
            yield from _on_days(held, wanted.days, wanted.match, run)
        if wanted.reported:
            yield from _reported(held, wanted.reported, run)
        yield from _of_kind(held, wanted, run)


def beyond(wanted: EventFilter) -> EventFilter | None:
    """What of a filter the database must be asked about; None if nothing."""
    rest = replace(wanted, **_HELD)
    if wanted.match is Match.POINT:
        rest = replace(rest, regions=(), box=None)
    nothing = EventFilter(at=wanted.at, match=wanted.match)
    return None if rest == nothing else rest


def without_point(wanted: EventFilter) -> EventFilter | None:
    """The events without a point that a box wants all the same; None where it needs no asking."""
    if wanted.box is None or wanted.match is not Match.POINT:
        return None
    return EventFilter(box=wanted.box, has_geometry=False, at=wanted.at)


def marked(columns: Columns, ids: Array) -> Array:
    """For each row whether it is one of these ids."""
    found = np.zeros(len(columns), bool)
    found[columns.rows_of(ids)] = True
    return found


def _in_place(held: Columns, wanted: EventFilter, run: slice, boxless: Array | None) -> Iterator[Array]:
    if wanted.box:
        inside = _in_box(held, wanted.box, run)
        yield inside if boxless is None else inside | boxless[run]
    if wanted.regions:
        yield _in_regions(held, wanted.regions, run)


def _in_box(held: Columns, box: Box, run: slice) -> Array:
    lon, lat = held.lon[run], held.lat[run]
    # A point that is not a number is in no box.
    inside = (lat >= box.south) & (lat <= box.north)
    if box.west <= box.east:
        return inside & (lon >= box.west) & (lon <= box.east)
    return inside & ((lon >= box.west) | (lon <= box.east))


def _in_regions(held: Columns, regions: Sequence[RegionWanted], run: slice) -> Array:
    levels = ((0, held.country), (1, held.admin1), (2, held.admin2))
    found: Array | None = None
    for level, column in levels:
        codes = {region.code for region in regions if region.level == level}
        if codes:
            inside = _one_of(column[run], held.regions, codes)
            found = inside if found is None else found | inside
    return np.zeros(len(held.country[run]), bool) if found is None else found


def _one_of(codes: Array, words: Sequence[str], wanted: Any) -> Array:
    """For each code whether its word is wanted; UNKNOWN is the last place of the table, and never is."""
    table = np.zeros(len(words) + 1, bool)
    table[:-1] = [word in wanted for word in words]
    return table[codes]


def _on_days(held: Columns, days: Days, match: Match, run: slice) -> Iterator[Array]:
    asked = days.widest() if match is Match.POSSIBLE else days
    first, last = held.first_day[run], held.last_day[run]
    if asked.until:
        yield first <= since_epoch(asked.until)
    if asked.since:
        yield last >= since_epoch(asked.since)
    if match is Match.DEFINITE:
        inside = np.ones(len(first), bool)
        if asked.since:
            inside &= first >= since_epoch(asked.since)
        if asked.until:
            inside &= last <= since_epoch(asked.until)
        yield (held.certain_day[run] == 1) | inside


def _reported(held: Columns, days: Days, run: slice) -> Iterator[Array]:
    reported = held.reported[run]
    yield reported != FOREVER
    if days.since:
        yield reported >= since_epoch(days.since)
    if days.until:
        yield reported <= since_epoch(days.until)


def _of_kind(held: Columns, wanted: EventFilter, run: slice) -> Iterator[Array]:
    coded = (
        (held.type, TYPES, wanted.types),
        (held.dataset, held.datasets, wanted.datasets),
        (held.precision, PRECISIONS, wanted.precisions),
        (held.verification, VERIFICATIONS, wanted.verifications),
    )
    for column, words, some in coded:
        if some:
            yield _one_of(column[run], words, some)
    if wanted.deaths_min is not None:
        yield held.deaths_best[run] >= wanted.deaths_min
    if wanted.deaths_max is not None:
        best = held.deaths_best[run]
        yield (best != UNKNOWN) & (best <= wanted.deaths_max)
    if wanted.sources_min is not None:
        yield held.sources[run] >= wanted.sources_min
    if wanted.contested is not None:
        yield held.contested[run] == wanted.contested


def since_epoch(day: date) -> int:
    """A day as columns count them."""
    return (day - EPOCH).days
