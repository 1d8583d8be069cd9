"""What is told of several events together: how many, of which kinds, with how many deaths, from when to when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.columns.events import GROUP_NAMES, GROUP_OF_TYPE, Array, Columns, Rows
from app.compiled import compiled
from app.formats.mvt import NONE
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
    def deaths(self) -> dict[str, Array]:
        """Sums of the known, by `DEATHS`."""
        return {name: self._column(_SUMS + place) for place, name in enumerate(DEATHS)}

    @property
    def known(self) -> dict[str, Array]:
        """Of how many events they are known, by `DEATHS`."""
        return {name: self._column(_KNOWN + place) for place, name in enumerate(DEATHS)}

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


def shown(sums: Sums) -> Array:
    """What is shown of each set, a row for each property: how many, by group, deaths, deaths unknown, first and last day, verified, contested.

    NONE where nothing is known, or, but for the first, where it is none.
    """
    found: Array = _shown(sums.table)
    return found


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
def _shown(table: Array) -> Array:
    groups, deaths = _WIDTH - _GROUPS, len(DEATHS)
    found = np.empty((1 + groups + deaths + 5, len(table)), np.int64)
    for place in range(len(table)):
        one, into = table[place], found[:, place]
        into[0] = one[_EVENTS]
        for group in range(groups):
            into[1 + group] = one[_GROUPS + group] or NONE
        for which in range(deaths):
            into[1 + groups + which] = one[_SUMS + which] if one[_KNOWN + which] else NONE
        rest = into[1 + groups + deaths :]
        rest[0] = one[_EVENTS] - one[_KNOWN + 1] or NONE
        rest[1] = one[_FIRST] if one[_FIRST] != FOREVER else NONE
        rest[2] = one[_LAST] if one[_LAST] != NEVER else NONE
        rest[3], rest[4] = one[_VERIFIED] or NONE, one[_CONTESTED] or NONE
    return found


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
