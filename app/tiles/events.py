"""A tile of events: points, stacks, cells and areas, each event in exactly one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.columns.events import (
    GROUP_NAMES,
    GROUP_OF_TYPE,
    Array,
    Columns,
    Rows,
    rows_known_to,
    run_of,
    tails_of,
    unwoven,
)
from app.columns.matching import Wanted
from app.columns.sums import DEATHS, Sharing, Sums, fit, sharing, sums
from app.domain.grid import EXTENT, Tile
from app.domain.regions import Regions
from app.formats import mvt
from app.queries.columns import FOREVER, NEVER, PRECISIONS, TYPES, UNKNOWN, VERIFICATIONS
from app.tiles.outlines import Outlines, number

POINTS_FROM = 8
"""The zoom from which events are points wherever they fit."""
FEW = 20
"""Places in a tile of a lower zoom that still are points."""
MOST = 2_000
"""Points and stacks in a tile."""
COARSE, FINE = 4, 6
"""Bits of a cell's column in its tile: 16 cells to a side, 32 pixels each; 64 where points would be too many."""
MOST_BYTES = 250_000
"""Of a tile's points, stacks and cells before compression."""
COUNTRIES_UP_TO = 2
"""The zoom up to which areas are countries: thousands of subdivisions would fill the tile, and none could be seen."""
SHOWN = 5
"""Ids of a stack."""

_SAFE = np.uint64(2**53 - 1)
"""Whole numbers that JavaScript can hold."""


def written(wanted: Wanted, tile: Tile, outlines: Outlines, regions: Regions) -> bytes:
    """The tile's layers; no bytes where nothing of the question is in it. Takes milliseconds of processor: not for the event loop."""
    columns = wanted.columns
    rows = wanted.rows(run_of(columns, tile))
    areas = _areas(wanted, tile, outlines)
    return _placed(columns, rows, tile) + areas.outlined(regions) + areas.labelled(regions)


def _placed(columns: Columns, rows: Rows, tile: Tile) -> bytes:
    if fit(columns, rows, MOST if tile.z >= POINTS_FROM else FEW):
        shared = sharing(columns, rows)
        layers = _points(columns, shared.alone, tile) + _stacks(columns, shared, tile)
        if len(layers) <= MOST_BYTES:
            return layers
    if tile.z >= POINTS_FROM:
        layers = _cells(columns, rows, tile, FINE)
        if len(layers) <= MOST_BYTES:
            return layers
    return _cells(columns, rows, tile, COARSE)


def _points(columns: Columns, rows: Rows, tile: Tile) -> bytes:
    first, last, reported = columns.first_day[rows], columns.last_day[rows], columns.reported[rows]
    radius, types = columns.radius_m[rows], columns.type[rows]
    x, y = _in_tile(columns.curve[rows], tile)
    return mvt.points(
        "points",
        x=x,
        y=y,
        ids=tails_of(columns.id[rows]) & _SAFE,
        columns={
            "id": mvt.Uuids(columns.id[rows]),
            "type": mvt.Texts(TYPES, types),
            "group": mvt.Texts(GROUP_NAMES, GROUP_OF_TYPE[types]),
            "first_day": mvt.Numbers(first, first != NEVER),
            "last_day": mvt.Numbers(last, last != FOREVER),
            "reported": mvt.Numbers(reported, reported != FOREVER),
            **{name: _known(getattr(columns, name)[rows]) for name in DEATHS},
            "precision": mvt.Texts(PRECISIONS, columns.precision[rows]),
            "radius_m": _known(radius),
            "verification": mvt.Texts(VERIFICATIONS, columns.verification[rows]),
            "contested": mvt.Flags(columns.contested[rows]),
            "dataset": mvt.Texts(columns.datasets, columns.dataset[rows]),
        },
    )


def _stacks(columns: Columns, shared: Sharing, tile: Tile) -> bytes:
    rows = shared.together
    places = columns.curve[rows[shared.starts]]
    x, y = _in_tile(places, tile)
    edges = [*shared.starts.tolist(), len(rows)]
    newest = [_ids(columns, rows[start:end][:SHOWN]) for start, end in pairwise(edges)]
    told = _told(sums(columns, rows, shared.sets, len(places)))
    return mvt.points("stacks", x=x, y=y, ids=places >> np.uint64(11), columns={"ids": newest, **told})


def _cells(columns: Columns, rows: Rows, tile: Tile, bits: int) -> bytes:
    below = 64 - 2 * (tile.z + bits)
    shared = sharing(columns, rows, below)
    cells = columns.curve[shared.together[shared.starts]] >> np.uint64(below)
    x, y = (np.asarray(one, np.int64) for one in unwoven(cells))
    side = EXTENT >> bits
    layer = mvt.points(
        "cells",
        x=(x - (tile.x << bits)) * side + side // 2,
        y=(y - (tile.y << bits)) * side + side // 2,
        # Of all zooms: a zoom of cells, of which there are fewer than 32, and 20 bits for column and row.
        ids=(tile.z + bits << 40) | x << 20 | y,
        columns=_told(sums(columns, shared.together, shared.sets, len(cells))),
    )
    return _points(columns, shared.alone, tile) + layer


@dataclass(frozen=True, slots=True)
class _Areas:
    """The regions of a tile of which events are known that lie somewhere in them."""

    tile: Tile
    outlines: Outlines
    codes: list[str]
    """Those that touch the tile."""
    drawn: Mapping[str, bytes]
    whole: Sums
    """Of all regions that have such events."""
    places: list[int]
    """Where those of `codes` stand in it."""

    def outlined(self, regions: Regions) -> bytes:
        return mvt.layer(
            "areas",
            kind=mvt.Kind.POLYGON,
            geometries=[self.drawn[code] for code in self.codes],
            ids=[number(code) for code in self.codes],
            columns={**_named(self.codes, regions), **_told(self.whole, self.places)},
        )

    def labelled(self, regions: Regions) -> bytes:
        at = {code: found for code in self.codes if (found := _label(code, self.tile, self.outlines))}
        places = [place for code, place in zip(self.codes, self.places, strict=True) if code in at]
        x, y = np.array([*at.values()], np.int64).reshape(-1, 2).T
        return mvt.points(
            "area_labels",
            x=x,
            y=y,
            ids=np.array([number(code) for code in at], np.int64),
            columns={**_named(list(at), regions), **_told(self.whole, places)},
        )


def _areas(wanted: Wanted, tile: Tile, outlines: Outlines) -> _Areas:
    columns = wanted.columns
    regional = slice(columns.placed, columns.regional)
    if tile.z <= COUNTRIES_UP_TO:
        rows = wanted.rows(regional)
        country = columns.country[rows]
        codes = np.where(country == UNKNOWN, columns.extent_region[rows], country)
    else:
        # What lies in other tiles need not be compared.
        rows = wanted.among(rows_known_to(columns, outlines.near(tile)))
        codes = columns.extent_region[rows]
    present, sets = np.unique(codes, return_inverse=True)
    names = [columns.regions[code] for code in present]
    drawn = outlines.in_tile(tile, names)
    places = [place for place, name in enumerate(names) if name in drawn]
    return _Areas(
        tile,
        outlines,
        [names[place] for place in places],
        drawn,
        sums(columns, rows, sets, len(names)),
        places,
    )


def _label(code: str, tile: Tile, outlines: Outlines) -> tuple[int, int] | None:
    """Where a region's label is in the tile; None where it is in another."""
    x, y = (int(one * (EXTENT << tile.z)) for one in outlines.label(code))
    if (x // EXTENT, y // EXTENT) != (tile.x, tile.y):
        return None
    return x % EXTENT, y % EXTENT


def _named(codes: list[str], regions: Regions) -> dict[str, mvt.Column]:
    return {
        "region": codes,
        "name": [regions[code].name for code in codes],
        "level": [regions[code].level for code in codes],
    }


def _told(whole: Sums, some: Collection[int] | None = None) -> dict[str, mvt.Column]:
    """The properties of sums, of all or some of their sets."""
    at = slice(None) if some is None else np.array(list(some), np.int64)

    def counted(values: Array) -> mvt.Numbers:
        return mvt.Numbers(values[at], values[at] > 0)

    events, first, last = whole.events[at], whole.first_day[at], whole.last_day[at]
    return {
        "count": mvt.Numbers(events),
        **{name: counted(whole.groups[:, place]) for place, name in enumerate(GROUP_NAMES)},
        **{name: mvt.Numbers(whole.deaths[name][at], whole.known[name][at] > 0) for name in DEATHS},
        "deaths_unknown": counted(whole.events - whole.known["deaths_best"]),
        "first_day": mvt.Numbers(first, first != FOREVER),
        "last_day": mvt.Numbers(last, last != NEVER),
        "verified": counted(whole.verified),
        "contested": counted(whole.contested),
    }


def _known(values: Array) -> mvt.Numbers:
    return mvt.Numbers(values, values != UNKNOWN)


def _in_tile(places: Array, tile: Tile) -> tuple[Array, Array]:
    """Places on the curve as units of their tile."""
    x, y = unwoven(places)
    shift = np.uint64(32 - 12 - tile.z)
    inside = np.uint64(EXTENT - 1)
    return (x >> shift) & inside, (y >> shift) & inside


def _ids(columns: Columns, rows: Rows) -> str:
    written = columns.id[rows].tobytes().hex()
    whole = (written[at : at + 32] for at in range(0, len(written), 32))
    return ",".join(f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in whole)
