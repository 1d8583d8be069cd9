"""What is told of several events together: how many, of which kinds, with how many deaths, from when to when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.columns.events import GROUP_NAMES, GROUP_OF_TYPE, Array, Columns, Rows
from app.compiled import compiled
from app.queries.columns import FOREVER, NEVER, UNKNOWN, VERIFICATIONS

DEATHS = ("deaths_low", "deaths_best", "deaths_high")


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the events of each of several sets, an array each."""

    table: Array
    """By set, and by what is summed."""

    @property
    def events(self) -> Array:
        """How many there are."""
        return self._column(_EVENTS)

    @property
    def groups(self) -> Array:
        """By set and `events.GROUP_NAMES`."""
        groups: Array = self.table[:, _GROUPS : _GROUPS + len(GROUP_NAMES)]
        return groups

    @property
    def deaths(self) -> dict[str, Array]:
        """Sums of the known, by `DEATHS`."""
        return {name: self._column(_SUMS + place) for place, name in enumerate(DEATHS)}

    @property
    def known(self) -> dict[str, Array]:
        """Of how many events they are known, by `DEATHS`."""
        return {name: self._column(_KNOWN + place) for place, name in enumerate(DEATHS)}

    @property
    def first_day(self) -> Array:
        """The first day of any, FOREVER where none is known."""
        return self._column(_FIRST)

    @property
    def last_day(self) -> Array:
        """NEVER where none is known."""
        return self._column(_LAST)

    @property
    def verified(self) -> Array:
        """How many are verified."""
        return self._column(_VERIFIED)

    @property
    def contested(self) -> Array:
        """How many are contested."""
        return self._column(_CONTESTED)

    def some(self, sets: Rows) -> Sums:
        """Those of some sets, in this order."""
        return Sums(self.table[sets])

    def _column(self, place: int) -> Array:
        column: Array = self.table[:, place]
        return column


@dataclass(frozen=True, slots=True)
class Sharing:
    """Rows by whether they share their place with others."""

    alone: Rows
    together: Rows
    sets: Array
    """For each of `together` the number of its place, rising from 0."""
    starts: Array
    """Where in `together` the rows of each place begin."""

    @property
    def places(self) -> int:
        """How many places these are."""
        return len(self.alone) + len(self.starts)


def sharing(columns: Columns, rows: Rows, bits: int = 0) -> Sharing:
    """Rows that have a place, by whether others share it, places that differ in their last `bits` on the curve being one."""
    return Sharing(*_sharing(columns.curve, rows, np.uint64(bits)))


def fit(columns: Columns, rows: Rows, most: int) -> bool:
    """Whether rows that have a place stand at no more than so many. Looks at no more than that takes."""
    return bool(_fit(columns.curve, rows, most))


def sums(columns: Columns, rows: Rows, sets: Array, size: int) -> Sums:
    """The sums over so many sets, of which each of the rows is in one: `sets` are their numbers."""
    table = np.zeros((size, _WIDTH), np.int64)
    table[:, _FIRST], table[:, _LAST] = FOREVER, NEVER
    deaths = columns.deaths_low, columns.deaths_best, columns.deaths_high
    others = columns.type, columns.first_day, columns.last_day, columns.verification, columns.contested
    _add(table, rows, np.asarray(sets, np.int64), deaths, others)
    return Sums(table)


_EVENTS, _FIRST, _LAST, _VERIFIED, _CONTESTED, _SUMS, _KNOWN, _GROUPS = 0, 1, 2, 3, 4, 5, 8, 11
"""Where each sum stands in a table."""
_WIDTH = _GROUPS + len(GROUP_NAMES)
_IS_VERIFIED = [str(one) for one in VERIFICATIONS].index("verified")


@compiled
def _add(
    table: Array, rows: Rows, sets: Array, deaths: tuple[Array, Array, Array], others: tuple[Array, ...]
) -> None:
    kind, first, last, verification, contested = others
    for place in range(len(rows)):
        row = rows[place]
        one = table[sets[place]]
        one[_EVENTS] += 1
        one[_GROUPS + GROUP_OF_TYPE[kind[row]]] += 1
        for which in range(len(deaths)):
            if deaths[which][row] != UNKNOWN:
                one[_SUMS + which] += deaths[which][row]
                one[_KNOWN + which] += 1
        if first[row] != NEVER:
            one[_FIRST] = min(one[_FIRST], first[row])
        if last[row] != FOREVER:
            one[_LAST] = max(one[_LAST], last[row])
        one[_VERIFIED] += verification[row] == _IS_VERIFIED
        one[_CONTESTED] += contested[row] == 1


@compiled
def _sharing(curve: Array, rows: Rows, bits: np.uint64) -> tuple[Rows, Rows, Array, Array]:
    count = len(rows)
    alone, together = np.empty(count, np.int64), np.empty(count, np.int64)
    sets, starts = np.empty(count, np.int64), np.empty(count, np.int64)
    single = shared = places = 0
    start = 0
    while start < count:
        where = curve[rows[start]] >> bits
        end = start + 1
        while end < count and curve[rows[end]] >> bits == where:
            end += 1
        if end - start == 1:
            alone[single] = rows[start]
            single += 1
        else:
            starts[places] = shared
            for place in range(start, end):
                together[shared] = rows[place]
                sets[shared] = places
                shared += 1
            places += 1
        start = end
    return alone[:single].copy(), together[:shared].copy(), sets[:shared].copy(), starts[:places].copy()


@compiled
def _fit(curve: Array, rows: Rows, most: int) -> bool:
    places = 0
    for place in range(len(rows)):
        if place == 0 or curve[rows[place]] != curve[rows[place - 1]]:
            places += 1
            if places > most:
                return False
    return True
