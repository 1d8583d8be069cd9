"""Counting: how many events, and how many deaths, by a period, a property, or two of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from app.columns.events import Array, Columns, Rows
from app.columns.matching import EPOCH, Wanted, since_epoch
from app.columns.sums import DEATHS, sums
from app.domain.counts import MOST_COUNTS, PERIODS, By, TooManyCounts
from app.domain.days import Days
from app.queries.columns import FOREVER, NEVER, PRECISIONS, TYPES, UNKNOWN, VERIFICATIONS

Row = dict[str, Any]
_MONDAY = 3
"""Days from the Monday before 1970-01-01 to that day."""
_DENSE = 4_000_000
"""Up to so many sets a table with a place for each is quicker than sorting."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted: a list for each thing that is told, of all sets in the order of what it was counted by; and the whole."""

    table: dict[str, list[Any]]
    total: Row

    @property
    def rows(self) -> list[Row]:
        """The same as a row for each set."""
        names = tuple(self.table)
        return [dict(zip(names, row, strict=True)) for row in zip(*self.table.values(), strict=True)]


@dataclass(frozen=True, slots=True)
class _Axis:
    """One of the things that are counted by: whole numbers from `low`, of which UNKNOWN is the lowest, and how each is written."""

    by: By
    codes: Array
    low: int
    size: int
    told: Callable[[int], str | None]
    filled: range = range(0)
    """The places of those that are told even if they have no event."""


def counted(wanted: Wanted, by: Sequence[By]) -> Counted:
    """The counts of what is wanted by one or two axes. Raises TooManyCounts. Takes milliseconds of processor."""
    columns = wanted.columns
    rows = wanted.rows(slice(0, len(columns)))
    axes = [_axis(one, columns, rows, wanted.wanted.days) for one in by]
    period = next((one for one in by if one in PERIODS), None)
    used, numbers = _numbered(axes, len(rows))
    # Refused before anything is summed.
    places = _places(axes, used)
    sets = _Sets(columns, rows, numbers, len(used), _spanning(columns, rows, period))
    return Counted(_names(axes, places) | sets.told(_found(places, used)), sets.all_told())


def by_region(wanted: Wanted) -> dict[str, dict[str, int]]:
    """For each region what is filed under it, or lies in it: by property, then by code; regions of no event are left out."""
    columns = wanted.columns
    rows = wanted.rows(slice(0, len(columns)))
    found: dict[str, dict[str, int]] = {name: {} for name in ("count", *DEATHS, "deaths_unknown")}
    for place in (columns.country, columns.admin1, columns.admin2):
        filed = place[rows].astype(np.int64)
        within = rows[filed != UNKNOWN]
        sets = _Sets(columns, within, filed[filed != UNKNOWN], len(columns.regions), None)
        some = sets.some()
        codes = [columns.regions[code] for code in some.tolist()]
        for name, values in sets.told(some).items():
            told = {code: value for code, value in zip(codes, values, strict=True) if value is not None}
            found["count" if name == "events" else name] |= told
    return found


def _numbered(axes: list[_Axis], rows: int) -> tuple[Array, Array]:
    """The sets of some event by their places among all that there could be, and for each row the number of its own among them."""
    key = np.zeros(rows, np.int64)
    for axis in axes:
        key = key * axis.size + (axis.codes - axis.low)
    size = int(np.prod([axis.size for axis in axes], dtype=np.int64))
    if size > _DENSE:
        used, numbers = np.unique(key, return_inverse=True)
        return used, numbers
    used = np.flatnonzero(np.bincount(key, minlength=size))
    table = np.zeros(size, np.int64)
    table[used] = np.arange(len(used))
    return used, table[key]


def _found(places: Array, used: Array) -> Array:
    """The number of the set that stands at each place, -1 where there is none."""
    if not len(used):
        return np.full(len(places), -1)
    at = np.minimum(np.searchsorted(used, places), len(used) - 1)
    return np.where(used[at] == places, at, -1)


def _places(axes: list[_Axis], used: Array) -> Array:
    """The sets that are told: those of some event, and, where periods are counted by, those of all others that are wanted.

    Where that would be more than an answer holds, those of some event alone: one old event must not spoil a window of days.
    """
    _refuse_more(len(used), axes)
    choices: list[set[int] | range] = []
    rest = used
    for axis in reversed(axes):
        seen = np.unique(rest % axis.size)
        rest = rest // axis.size
        # As a range at first, since it may be of millions of days.
        wide = len(axis.filled) > MOST_COUNTS
        choices.insert(0, axis.filled if wide else {*seen.tolist(), *axis.filled})
    if not any(axis.filled for axis in axes) or math.prod(map(len, choices)) > MOST_COUNTS:
        return used
    wanted = np.zeros(1, np.int64)
    for axis, choice in zip(axes, choices, strict=True):
        wanted = (wanted[:, None] * axis.size + np.array(sorted(choice), np.int64)).ravel()
    return wanted


def _refuse_more(count: int, axes: list[_Axis]) -> None:
    if count > MOST_COUNTS:
        by = ",".join(axis.by for axis in axes)
        raise TooManyCounts(
            f"By {by} these are {count:,} counts, and an answer has at most {MOST_COUNTS:,}. Ask for a shorter time or a longer period."
        )


def _names(axes: list[_Axis], places: Array) -> dict[str, list[Any]]:
    """How the sets at these places are written, by axis."""
    named: dict[str, list[Any]] = {}
    for axis in reversed(axes):
        places, codes = np.divmod(places, axis.size)
        words = {code: axis.told(code + axis.low) if code else None for code in np.unique(codes).tolist()}
        named[str(axis.by)] = [words[code] for code in codes.tolist()]
    return dict(reversed(named.items()))


class _Sets:
    """Sums over sets of rows."""

    def __init__(self, columns: Columns, rows: Rows, sets: Array, size: int, spanning: Array | None) -> None:
        self._sums = sums(columns, rows, sets, size)
        self._spanning = None if spanning is None else np.bincount(sets[spanning], minlength=size)

    def told(self, sets: Array) -> dict[str, list[Any]]:
        """What is told of these sets; -1 is a set of no events, of which nothing is known but that they are none."""

        def of(values: Array) -> Array:
            # With a place more at the end, which -1 is.
            return np.append(values, 0)[sets]

        events = of(self._sums.events)
        told: dict[str, list[Any]] = {"events": events.tolist()}
        for name in DEATHS:
            pairs = zip(
                of(self._sums.deaths[name]).tolist(), of(self._sums.known[name]).tolist(), strict=True
            )
            told[name] = [value if count else None for value, count in pairs]
        told["deaths_unknown"] = (events - of(self._sums.known["deaths_best"])).tolist()
        if self._spanning is not None:
            told["spanning"] = of(self._spanning).tolist()
        return told

    def all_told(self) -> Row:
        """All sets together: each row is in one of them."""
        row: Row = {"events": int(self._sums.events.sum())}
        for name in DEATHS:
            row[name] = int(self._sums.deaths[name].sum()) if self._sums.known[name].any() else None
        row["deaths_unknown"] = row["events"] - int(self._sums.known["deaths_best"].sum())
        if self._spanning is not None:
            row["spanning"] = int(self._spanning.sum())
        return row

    def some(self) -> Array:
        """The sets of some event."""
        return np.flatnonzero(self._sums.events)


def _axis(by: By, columns: Columns, rows: Rows, days: Days | None) -> _Axis:
    if by in PERIODS:
        return _periods(by, columns.first_day[rows], days)
    words: Sequence[str] = {
        By.TYPE: TYPES,
        By.PRECISION: PRECISIONS,
        By.VERIFICATION: VERIFICATIONS,
        By.DATASET: columns.datasets,
    }.get(by, columns.regions)
    codes = getattr(columns, by)[rows].astype(np.int64)
    return _Axis(by, codes, UNKNOWN, len(words) + 1, lambda code: str(words[code]))


def _periods(by: By, first: Array, days: Days | None) -> _Axis:
    known = first != NEVER
    periods = _period_of(by, first[known])
    seen = (int(periods.min()), int(periods.max())) if len(periods) else None
    wanted = _wanted(by, seen, days)
    ends = [*(seen or ()), *(wanted or ())]
    low, high = (min(ends), max(ends)) if ends else (0, -1)
    codes = np.full(len(first), low - 1, np.int64)
    codes[known] = periods
    filled = range(wanted[0] - low + 1, wanted[1] - low + 2) if wanted else range(0)
    return _Axis(by, codes, low - 1, high - low + 2, lambda code: _written(by, code), filled)


def _wanted(by: By, seen: tuple[int, int] | None, days: Days | None) -> tuple[int, int] | None:
    """The first and the last period that are told even if they have no event: the window's, and where it is open, those of events.

    That nothing happened in a month is an answer too. None where there is neither.
    """
    bounds = (days.since, days.until) if days else (None, None)
    since, until = (
        None if day is None else int(_period_of(by, np.array([since_epoch(day)]))[0]) for day in bounds
    )
    if seen is None and (since is None or until is None):
        return None
    low = since if since is not None else seen[0] if seen else 0
    high = until if until is not None else seen[1] if seen else 0
    return (low, high) if low <= high else None


def _period_of(by: By, days: Array) -> Array:
    """The number of the period in which a day is: days, weeks, months or years since 1970."""
    if by is By.DAY or not len(days):
        return days.astype(np.int64)
    low, high = int(days.min()), int(days.max())
    if high - low >= len(days):
        return _worked_out(by, days)
    # Events lie in some thousand days: to look each up takes a hundredth of what a calendar takes.
    table = _worked_out(by, np.arange(low, high + 1))
    found: Array = table[days - low]
    return found


def _worked_out(by: By, days: Array) -> Array:
    if by is By.WEEK:
        return (days.astype(np.int64) + _MONDAY) // 7
    unit = "M" if by is By.MONTH else "Y"
    return days.astype(np.int64).astype("datetime64[D]").astype(f"datetime64[{unit}]").astype(np.int64)


def _written(by: By, period: int) -> str:
    if by is By.DAY:
        return str(EPOCH + timedelta(days=period))
    if by is By.WEEK:
        year, week, _ = (EPOCH + timedelta(days=period * 7 - _MONDAY)).isocalendar()
        return f"{year:04}-W{week:02}"
    if by is By.MONTH:
        return f"{1970 + period // 12:04}-{period % 12 + 1:02}"
    return f"{1970 + period:04}"


def _spanning(columns: Columns, rows: Rows, by: By | None) -> Array | None:
    """For each row whether it lasts into a later period than that of its first day."""
    if by is None:
        return None
    first, last = columns.first_day[rows], columns.last_day[rows]
    known = (first != NEVER) & (last != FOREVER)
    # Most begin and end on one day.
    longer = np.flatnonzero(known & (last > first))
    later = np.zeros(len(rows), bool)
    later[longer] = _period_of(by, last[longer]) > _period_of(by, first[longer])
    return later
