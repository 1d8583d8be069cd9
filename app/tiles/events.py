"""A tile of events: points, stacks, cells and areas, each event in exactly one of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.columns.events import (
    GROUP_NAMES,
    GROUP_OF_TYPE,
    Array,
    Columns,
    Rows,
    run_of,
    tails_of,
    unwoven,
)
from app.columns.matching import Wanted
from app.columns.sums import DEATHS, Sharing, Sums, fit, sharing, shown, sums
from app.domain.filters import EventFilter
from app.domain.grid import EXTENT, Tile
from app.domain.regions import Regions
from app.formats import mvt
from app.queries.columns import FOREVER, NEVER, PRECISIONS, TYPES, UNKNOWN, VERIFICATIONS
from app.tiles.outlines import LEVELS, Outlines, number

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
LOOKED_AT, FEW_EVENTS = 100_000, 1_000
"""Events that are compared for a tile, and the wanted that are in it, up to which it is made in a few milliseconds."""
SHOWN = 5
"""Ids of a stack."""

_SAFE = np.uint64(2**53 - 1)
"""Whole numbers that JavaScript can hold."""


def written(
    wanted: Wanted, tile: Tile, outlines: Outlines, regions: Regions, rows: Rows | None = None
) -> bytes:
    """The tile's layers; no bytes where nothing of the question is in it. `rows` is what `few` gave, if it did.

    Takes milliseconds of processor: not for the event loop but for few.
    """
    columns = wanted.columns
    if rows is None:
        rows = wanted.rows(run_of(columns, tile))
    areas = _areas(wanted, tile, outlines)
    return _placed(columns, rows, tile) + areas.outlined(regions) + areas.labelled(regions)


def few(wanted: Wanted, tile: Tile, outlines: Outlines) -> Rows | None:
    """The rows with a place in a tile that is made in less time than it takes to have a thread do it; None for any other."""
    columns = wanted.columns
    run = run_of(columns, tile)
    looked_at = run.stop - run.start
    if _question(wanted, tile) not in columns.memory:
        looked_at += columns.regional - columns.placed
    if looked_at > LOOKED_AT or not outlines.are_quick(tile):
        return None
    rows = wanted.rows(run)
    return rows if len(rows) <= FEW_EVENTS else None


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
    x, y = unwoven(cells)
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
class _Regional:
    """What is wanted of the events that are known to a region only."""

    places: Array
    """Where each of `Columns.regions` stands in the sums; -1 where nothing is known of it."""
    levels: Collection[int]
    """In which there are regions that do."""
    sums: Sums


def _regional(wanted: Wanted, tile: Tile, outlines: Outlines) -> _Regional:
    """The sums by region, or by country where the tile shows no more; worked out once for all tiles of a question."""
    return wanted.columns.memory.get(_question(wanted, tile), lambda: _summed(wanted, tile, outlines))


def _question(wanted: Wanted, tile: Tile) -> tuple[EventFilter, bool]:
    return wanted.wanted, tile.z <= COUNTRIES_UP_TO


def _summed(wanted: Wanted, tile: Tile, outlines: Outlines) -> _Regional:
    by_country = tile.z <= COUNTRIES_UP_TO
    columns = wanted.columns
    rows = wanted.rows(slice(columns.placed, columns.regional))
    codes = columns.extent_region[rows]
    if by_country:
        country = columns.country[rows]
        codes = np.where(country == UNKNOWN, codes, country)
    whole = sums(columns, rows, codes, len(columns.regions))
    some = np.flatnonzero(whole.events)
    places = np.full(len(columns.regions), -1)
    places[some] = np.arange(len(some))
    # Countries are few, and what is in them takes long to draw; of all others any may be of each level.
    levels = outlines.levels(columns.regions[code] for code in some.tolist()) if by_country else LEVELS
    return _Regional(places, levels, whole.some(some))


@dataclass(frozen=True, slots=True)
class _Areas:
    """The regions of a tile of which events are known that lie somewhere in them."""

    tile: Tile
    outlines: Outlines
    drawn: dict[str, bytes]
    """By code."""
    sums: Sums
    """In that order."""

    def outlined(self, regions: Regions) -> bytes:
        return mvt.polygons(
            "areas",
            geometries=[*self.drawn.values()],
            ids=[number(code) for code in self.drawn],
            columns={**_named([*self.drawn], regions), **_told(self.sums)},
        )

    def labelled(self, regions: Regions) -> bytes:
        labels = [_label(code, self.tile, self.outlines) for code in self.drawn]
        codes = [code for code, found in zip(self.drawn, labels, strict=True) if found]
        there = [place for place, found in enumerate(labels) if found]
        x, y = np.array([labels[place] for place in there], np.int64).reshape(-1, 2).T
        return mvt.points(
            "area_labels",
            x=x,
            y=y,
            ids=np.array([number(code) for code in codes], np.int64),
            columns={**_named(codes, regions), **_told(self.sums.some(np.array(there, np.int64)))},
        )


def _areas(wanted: Wanted, tile: Tile, outlines: Outlines) -> _Areas:
    regional = _regional(wanted, tile, outlines)
    place_of = wanted.columns.place_of
    drawn: dict[str, bytes] = {}
    places: list[int] = []
    for level in sorted(regional.levels):
        for code, geometry in outlines.at_level(tile, level).items():
            # A region may have come since the columns were read.
            place = regional.places[place_of[code]] if code in place_of else -1
            if place >= 0:
                drawn[code] = geometry
                places.append(place)
    return _Areas(tile, outlines, drawn, regional.sums.some(np.array(places, np.int64)))


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


def _told(whole: Sums) -> dict[str, mvt.Column]:
    """The properties of sums."""
    names = (
        "count",
        *GROUP_NAMES,
        *DEATHS,
        "deaths_unknown",
        "first_day",
        "last_day",
        "verified",
        "contested",
    )
    return {name: mvt.Numbers(column) for name, column in zip(names, shown(whole), strict=True)}


def _known(values: Array) -> mvt.Numbers:
    return mvt.Numbers(values, values != UNKNOWN)


def _in_tile(places: Array, tile: Tile) -> tuple[Array, Array]:
    """Places on the curve as units of their tile."""
    x, y = unwoven(places)
    shift = 32 - 12 - tile.z
    return (x >> shift) & (EXTENT - 1), (y >> shift) & (EXTENT - 1)


def _ids(columns: Columns, rows: Rows) -> str:
    written = columns.id[rows].tobytes().hex()
    whole = (written[at : at + 32] for at in range(0, len(written), 32))
    return ",".join(f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in whole)
