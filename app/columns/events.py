"""The columns: an array for each property that tiles and counts need, a row for each event that stands.

Rows are in the order in which tiles read them: first those with a place of their own, along a curve through all tiles (Morton's, so that a
tile of any zoom is one run of rows); then those that are known to a region only, by region; then those of no known place. At one point
the newest comes first. Nothing here changes: what is written later makes other columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.columns.memory import Memory
from app.compiled import compiled
from app.domain.events import GROUPS, EventGroup
from app.domain.grid import Tile, world
from app.queries.columns import FOREVER, NEVER, TYPES, UNKNOWN

Array = NDArray[Any]
Rows = NDArray[np.int64]
"""Numbers of rows, rising."""

BEFORE_2000 = 10_957
"""Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts."""
GROUP_NAMES = tuple(EventGroup)
GROUP_OF_TYPE = np.array([GROUP_NAMES.index(GROUPS.get(one, EventGroup.OTHER)) for one in TYPES], np.int8)

_SMALL = ("type", "precision", "verification", "contested", "certain_day")
_WOVEN = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
"""Steps in which the bits of a number are moved apart, and what is left after each."""
_PLACES = ("country", "admin1", "admin2", "extent_region")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """All events that stand, as of a version. Unknown numbers and codes are UNKNOWN, days NEVER and FOREVER."""

    id: Array
    """16 bytes each."""
    curve: Array
    """Its place on the curve, of those with a place of their own."""
    first_day: Array
    """Days since 1970-01-01."""
    last_day: Array
    reported: Array
    lon: Array
    """Degrees, EPSG:4326; not a number where there is no point. A stand-in where the event is known to a region only."""
    lat: Array
    type: Array
    """Places in `queries.columns.TYPES`, as those of `precision` and `verification` in theirs."""
    precision: Array
    verification: Array
    contested: Array
    certain_day: Array
    """Whether it happened on each of its days, and not on some day among them."""
    dataset: Array
    """Places in `datasets`."""
    country: Array
    """Places in `regions`, as those of the others."""
    admin1: Array
    admin2: Array
    extent_region: Array
    radius_m: Array
    deaths_low: Array
    deaths_best: Array
    deaths_high: Array
    sources: Array
    placed: int
    """How many have a place of their own: the first rows."""
    regional: int
    """Before this row those come that are known to a region; behind it, those of no known place."""
    regions: tuple[str, ...]
    place_of: Mapping[str, int]
    """Where each of `regions` stands among them."""
    datasets: tuple[str, ...]
    version: int
    """All of this version is in here."""
    settled: bool
    """Whether nothing of a later version is: none was written while these were read."""
    seq: int
    """The number of the change feed up to which all is in here."""
    by_tail: Array
    """Rows by the last eight bytes of their id."""
    tails: Array
    """Those bytes as numbers, rising."""
    memory: Memory = field(default_factory=Memory)
    """What was worked out of them for questions that may be asked again."""
    itself: object = field(default_factory=object)
    """What tells these columns from all others, also of the same version: rows found in some are not those of others."""

    def __len__(self) -> int:
        """How many events there are."""
        return len(self.id)

    def rows_of(self, ids: Array) -> Rows:
        """The rows of these ids (16 bytes each), those that are here, rising."""
        wanted = tails_of(ids)
        at = np.searchsorted(self.tails, wanted)
        found = []
        # Hardly ever do two ids end alike; then the next row is looked at too.
        while len(at):
            inside = at < len(self.tails)
            at, wanted, ids = at[inside], wanted[inside], ids[inside]
            alike = self.tails[at] == wanted
            at, wanted, ids = at[alike], wanted[alike], ids[alike]
            rows = self.by_tail[at]
            found.append(rows[(self.id[rows] == ids).all(axis=1)])
            at = at + 1
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def arranged(
    read: dict[str, Array],
    *,
    regions: tuple[str, ...],
    datasets: tuple[str, ...],
    version: int,
    settled: bool,
    seq: int,
) -> Columns:
    """The columns of rows as `queries.columns` reads them, in order. Those that do not stand are left out."""
    read = {name: values[read["active"] == 1] for name, values in read.items()}
    for name in ("first_day", "last_day", "reported"):
        known = (read[name] != NEVER) & (read[name] != FOREVER)
        read[name] = np.where(known, read[name] + np.int32(BEFORE_2000) * known, read[name]).astype(np.int32)
    narrow = dict.fromkeys(_SMALL, np.int8) | {
        name: np.min_scalar_type(-max(len(regions), 1)) for name in _PLACES
    }
    read |= {name: read[name].astype(kind) for name, kind in narrow.items()}
    places = {code: place for place, code in enumerate(regions)}
    return _in_order(
        read, regions=regions, place_of=places, datasets=datasets, version=version, settled=settled, seq=seq
    )


def changed(columns: Columns, read: dict[str, Array], *, version: int, settled: bool, seq: int) -> Columns:
    """The columns after these rows have changed, come or gone."""
    about: dict[str, Any] = {
        "regions": columns.regions,
        "datasets": columns.datasets,
        "version": version,
        "settled": settled,
        "seq": seq,
    }
    now = arranged(read, **about)
    about["place_of"] = columns.place_of
    gone = columns.rows_of(read["id"])
    count = len(columns)
    # Sorted anew, a million events take seconds: all but a few stand in their order already.
    order = np.insert(
        np.arange(count),
        [_place(columns, now, row) for row in range(len(now))],
        np.arange(count, count + len(now)),
    )
    there = np.ones(count + len(now), bool)
    there[gone] = False
    order = order[there[order]]
    placed, regional = (
        before + come - int(np.searchsorted(gone, before))
        for before, come in ((columns.placed, now.placed), (columns.regional, now.regional))
    )
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(columns, name), getattr(now, name)])[order] for name in _NAMES
    }
    on_curve = order[:placed]
    on_curve = np.where(on_curve < count, on_curve, on_curve - count + columns.placed)
    return Columns(
        **arrays,
        curve=np.concatenate([columns.curve, now.curve])[on_curve],
        placed=placed,
        regional=regional,
        **_tails(columns, now, order, there),
        **about,
    )


def _place(columns: Columns, now: Columns, row: int) -> int:
    """Before which row of some columns a row of others belongs."""
    if row < now.placed:
        start, end = _alike(columns.curve, now.curve[row], 0, columns.placed)
    elif row < now.regional:
        start, end = _alike(columns.extent_region, now.extent_region[row], columns.placed, columns.regional)
    else:
        start, end = columns.regional, len(columns)
    # Both fall where the others rise.
    since, until = _alike(columns.first_day[start:end][::-1], now.first_day[row], 0, end - start)
    start, end = end - until, end - since
    tails = tails_of(columns.id[start:end])[::-1]
    return end - int(np.searchsorted(tails, tails_of(now.id[row : row + 1])[0], "right"))


def _alike(rising: Array, value: Any, start: int, end: int) -> tuple[int, int]:
    """Where in a part of an array that rises there a value stands, or would."""
    part = rising[start:end]
    return start + int(np.searchsorted(part, value, "left")), start + int(
        np.searchsorted(part, value, "right")
    )


def _tails(columns: Columns, now: Columns, order: Array, there: Array) -> dict[str, Any]:
    """`by_tail` and `tails` of rows of two, of which those that are there stand in an order."""
    number = np.zeros(len(there), np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    kept = there[columns.by_tail]
    tails, rows = columns.tails[kept], number[columns.by_tail[kept]]
    at = np.searchsorted(tails, now.tails)
    return {
        "tails": np.insert(tails, at, now.tails),
        "by_tail": np.insert(rows, at, number[now.by_tail + len(columns)]),
    }


def _in_order(read: dict[str, Array], **about: Any) -> Columns:
    curve = curve_of(read["lon"], read["lat"])
    placed = (read["disc"] == 1) & ~np.isnan(read["lon"])
    regional = ~placed & (read["extent_region"] != UNKNOWN)
    kind = np.where(placed, 0, np.where(regional, 1, 2))
    along = np.where(placed, curve, np.where(regional, read["extent_region"], 0).astype(np.uint64))
    order = np.lexsort((~tails_of(read["id"]), -read["first_day"].astype(np.int64), along, kind))
    arrays: dict[str, Any] = {name: values[order] for name, values in read.items() if name in _NAMES}
    tails = tails_of(arrays["id"])
    by_tail = np.argsort(tails, kind="stable")
    return Columns(
        **arrays,
        curve=along[order][: placed.sum()],
        placed=int(placed.sum()),
        regional=int(placed.sum() + regional.sum()),
        by_tail=by_tail.astype(np.int32),
        tails=tails[by_tail],
        **about,
    )


def tails_of(ids: Array) -> Array:
    """The last eight bytes of each id as a number: of both kinds of UUIDs that events have, the part that is random."""
    tails: Array = np.ascontiguousarray(ids[:, 8:]).view(">u8").ravel().astype(np.uint64)
    return tails


def whole(places: Array) -> Array:
    """Places from 0 to 1 as whole numbers of 32 bits: a step is 9 mm at the equator."""
    steps: Array = np.clip(np.nan_to_num(places) * 2.0**32, 0, 2.0**32 - 1).astype(np.uint64)
    return steps


def curve_of(lon: Array, lat: Array) -> Array:
    """The place of points on the curve: the bits of x and y in turn, the highest first."""
    x, y = world(lon, lat)
    curve: Array = _spread(whole(x)) | (_spread(whole(y)) << np.uint64(1))
    return curve


def _spread(bits: Array) -> Array:
    """32 bits with a zero before each."""
    for shift, mask in _WOVEN:
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


@compiled
def _gathered(bits: np.int64) -> np.int64:
    """Every second bit, the lowest first: what `_spread` undoes."""
    bits &= 0x5555555555555555
    bits = (bits | bits >> 1) & 0x3333333333333333
    bits = (bits | bits >> 2) & 0x0F0F0F0F0F0F0F0F
    bits = (bits | bits >> 4) & 0x00FF00FF00FF00FF
    bits = (bits | bits >> 8) & 0x0000FFFF0000FFFF
    return (bits | bits >> 16) & 0x00000000FFFFFFFF


@compiled
def unwoven(curve: Array) -> tuple[Array, Array]:
    """The x and y of places on the curve, as whole numbers of 32 bits at most."""
    x, y = np.empty(len(curve), np.int64), np.empty(len(curve), np.int64)
    for place in range(len(curve)):
        x[place] = _gathered(np.int64(curve[place]))
        y[place] = _gathered(np.int64(curve[place] >> np.uint64(1)))
    return x, y


def run_of(columns: Columns, tile: Tile) -> slice:
    """The rows with a place in a tile. What lies on an edge is in the tile to the east or south."""
    corner = _spread(np.array([tile.x, tile.y], np.uint64) << np.uint64(32 - tile.z))
    start = int(corner[0]) | int(corner[1]) << 1
    # In Python's numbers: the end of the world's tile is one more than 64 bits hold.
    end = start + (1 << (64 - 2 * tile.z))
    first = int(np.searchsorted(columns.curve, np.uint64(start)))
    last = len(columns.curve) if end >> 64 else int(np.searchsorted(columns.curve, np.uint64(end)))
    return slice(first, last)


_NAMES = frozenset(one.name for one in fields(Columns)) - {
    "curve", "placed", "regional", "regions", "place_of", "datasets", "version", "settled", "seq", "by_tail", "tails",
    "itself", "memory",
}  # fmt: skip
