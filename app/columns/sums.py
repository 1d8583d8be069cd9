"""What is told of several events together: how many, of which kinds, with how many deaths, from when to when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.columns.events import GROUP_NAMES, GROUP_OF_TYPE, Array, Columns, Rows
from app.queries.columns import FOREVER, NEVER, UNKNOWN, VERIFICATIONS

DEATHS = ("deaths_low", "deaths_best", "deaths_high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Sums over the events of each of several sets, an array each."""

    events: Array
    groups: Array
    """By set and `events.GROUP_NAMES`."""
    deaths: dict[str, Array]
    """Sums of the known, by `DEATHS`."""
    known: dict[str, Array]
    """Of how many events they are known, by `DEATHS`."""
    first_day: Array
    """The first day of any, FOREVER where none is known."""
    last_day: Array
    """NEVER where none is known."""
    verified: Array
    contested: Array


def starts_of(ordered: Array) -> Array:
    """Where each run of equal values begins."""
    if not len(ordered):
        return np.zeros(0, np.int64)
    return np.concatenate([[0], np.flatnonzero(ordered[1:] != ordered[:-1]) + 1])


def sums(columns: Columns, rows: Rows, starts: Array) -> Sums:
    """The sums over sets of rows: each set is a run of `rows` that begins at one of `starts`, and none is empty."""
    ends = np.append(starts[1:], len(rows))
    sets = np.repeat(np.arange(len(starts)), ends - starts)
    groups = np.bincount(
        sets * len(GROUP_NAMES) + GROUP_OF_TYPE[columns.type[rows]], minlength=len(starts) * len(GROUP_NAMES)
    )
    deaths, known = {}, {}
    for name in DEATHS:
        values = getattr(columns, name)[rows]
        told = values != UNKNOWN
        known[name] = _added(told, starts)
        # What is not known is -1 here, which is put right in the sum.
        deaths[name] = _added(values, starts) + (ends - starts - known[name])
    first, last = columns.first_day[rows], columns.last_day[rows]
    return Sums(
        events=ends - starts,
        groups=groups.reshape(len(starts), len(GROUP_NAMES)),
        deaths=deaths,
        known=known,
        first_day=_reduced(np.minimum, np.where(first == NEVER, FOREVER, first), starts),
        last_day=_reduced(np.maximum, np.where(last == FOREVER, NEVER, last), starts),
        verified=_added(columns.verification[rows] == _VERIFIED, starts),
        contested=_added(columns.contested[rows] == 1, starts),
    )


def _added(values: Array, starts: Array) -> Array:
    # In 64 bits: sums of what a source sends as 32 need more.
    added: Array = np.add.reduceat(values, starts, dtype=np.int64) if len(starts) else starts
    return added


def _reduced(operation: np.ufunc, values: Array, starts: Array) -> Array:
    reduced: Array = operation.reduceat(values, starts) if len(starts) else values[:0]
    return reduced


_VERIFIED = [str(one) for one in VERIFICATIONS].index("verified")
