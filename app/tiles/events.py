"""A tile of events: points, stacks, cells and areas, each event in exactly one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from app.columns.events import GROUP_NAMES, GROUP_OF_TYPE, Array, Columns, Rows, run_of, tails_of
from app.columns.matching import Wanted
from app.columns.sums import DEATHS, Sums, starts_of, sums
from app.domain.grid import EXTENT, Tile
from app.formats import mvt
from app.queries.columns import FOREVER, NEVER, PRECISIONS, TYPES, UNKNOWN, VERIFICATIONS
from app.tiles.outlines import Outlines

POINTS_FROM = 8
"""The zoom from which events are points wherever they fit."""
FEW = 300
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


def written(wanted: Wanted, tile: Tile, outlines: Outlines) -> bytes:
    """The tile's layers; no bytes where nothing of the question is in it. Takes milliseconds of processor: not for the event loop."""
    columns = wanted.columns
    rows = wanted.rows(run_of(columns, tile.z, tile.x, tile.y))
    return _placed(columns, rows, tile) + _areas(columns, _regional(wanted), tile, outlines)


def _placed(columns: Columns, rows: Rows, tile: Tile) -> bytes:
    starts = starts_of(columns.curve[rows])
    if len(starts) <= (MOST if tile.z >= POINTS_FROM else FEW):
        layers = _points_and_stacks(columns, rows, starts, tile)
        if len(layers) <= MOST_BYTES:
            return layers
    if tile.z >= POINTS_FROM:
        layers = _cells(columns, rows, tile, FINE)
        if len(layers) <= MOST_BYTES:
            return layers
    return _cells(columns, rows, tile, COARSE)


def _points_and_stacks(columns: Columns, rows: Rows, starts: Array, tile: Tile) -> bytes:
    many = np.diff(np.append(starts, len(rows))) > 1
    stacked = np.repeat(many, np.diff(np.append(starts, len(rows))))
    return _points(columns, rows[~stacked], tile) + _stacks(columns, rows[stacked], tile)


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


def _stacks(columns: Columns, rows: Rows, tile: Tile) -> bytes:
    starts = starts_of(columns.curve[rows])
    places = columns.curve[rows[starts]]
    x, y = _in_tile(places, tile)
    newest = [_ids(columns, rows[start:end][:SHOWN]) for start, end in _runs(starts, len(rows))]
    told: dict[str, mvt.Column] = {"ids": newest, **_told(sums(columns, rows, starts))}
    return mvt.points("stacks", x=x, y=y, ids=places >> np.uint64(11), columns=told)


def _cells(columns: Columns, rows: Rows, tile: Tile, bits: int) -> bytes:
    cells = columns.curve[rows] >> np.uint64(64 - 2 * (tile.z + bits))
    starts = starts_of(cells)
    sizes = np.diff(np.append(starts, len(rows)))
    alone = np.repeat(sizes == 1, sizes)
    gathered = rows[~alone]
    cells = cells[~alone]
    starts = starts_of(cells)
    x, y = (np.asarray(one, np.int64) for one in _unwoven(cells[starts]))
    side = EXTENT >> bits
    corner = np.array([tile.x, tile.y], np.int64) << bits
    layer = mvt.points(
        "cells",
        x=(x - corner[0]) * side + side // 2,
        y=(y - corner[1]) * side + side // 2,
        # Of all zooms: a zoom of cells, of which there are fewer than 32, and 20 bits for column and row.
        ids=(tile.z + bits << 40) | x << 20 | y,
        columns=_told(sums(columns, gathered, starts)),
    )
    return _points(columns, rows[alone], tile) + layer


def _regional(wanted: Wanted) -> Rows:
    return wanted.rows(slice(wanted.columns.placed, wanted.columns.regional))


def _areas(columns: Columns, rows: Rows, tile: Tile, outlines: Outlines) -> bytes:
    codes = columns.extent_region[rows]
    if tile.z <= COUNTRIES_UP_TO:
        country = columns.country[rows]
        codes = np.where(country == UNKNOWN, codes, country)
        order = np.argsort(codes, kind="stable")
        codes, rows = codes[order], rows[order]
    starts = starts_of(codes)
    names = [columns.regions[code] for code in codes[starts]]
    drawn = outlines.in_tile(tile, names)
    here = [place for place, name in enumerate(names) if name in drawn]
    if not here:
        return b""
    whole = sums(columns, rows, starts)
    labelled = [place for place in here if _label(names[place], tile, outlines)]
    return _outlined(names, here, whole, drawn, outlines) + _labels(names, labelled, whole, tile, outlines)


def _outlined(
    names: list[str], here: list[int], whole: Sums, drawn: Mapping[str, bytes], outlines: Outlines
) -> bytes:
    codes = [names[place] for place in here]
    return mvt.layer(
        "areas",
        kind=mvt.Kind.POLYGON,
        geometries=[drawn[code] for code in codes],
        ids=[outlines.number(code) for code in codes],
        columns={**_named(codes, outlines), **_told(whole, here)},
    )


def _labels(names: list[str], here: list[int], whole: Sums, tile: Tile, outlines: Outlines) -> bytes:
    codes = [names[place] for place in here]
    at = np.array([_label(code, tile, outlines) for code in codes], np.int64).reshape(-1, 2)
    return mvt.points(
        "area_labels",
        x=at[:, 0],
        y=at[:, 1],
        ids=np.array([outlines.number(code) for code in codes], np.int64),
        columns={**_named(codes, outlines), **_told(whole, here)},
    )


def _label(code: str, tile: Tile, outlines: Outlines) -> tuple[int, int] | None:
    """Where a region's label is in the tile; None where it is in another."""
    x, y = (int(one * (EXTENT << tile.z)) for one in outlines.label(code))
    if (x // EXTENT, y // EXTENT) != (tile.x, tile.y):
        return None
    return x % EXTENT, y % EXTENT


def _named(codes: list[str], outlines: Outlines) -> dict[str, mvt.Column]:
    return {
        "region": codes,
        "name": [outlines.name(code) for code in codes],
        "level": [outlines.level(code) for code in codes],
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
    x, y = _unwoven(places)
    shift = np.uint64(32 - 12 - tile.z)
    inside = np.uint64(EXTENT - 1)
    return (x >> shift) & inside, (y >> shift) & inside


def _unwoven(places: Array) -> tuple[Array, Array]:
    """The x and y that were woven into places on the curve."""
    return _gathered(places), _gathered(places >> np.uint64(1))


def _gathered(bits: Array) -> Array:
    """Every second bit, the lowest first."""
    bits = bits & np.uint64(0x5555555555555555)
    for shift, mask in (
        (1, 0x3333333333333333),
        (2, 0x0F0F0F0F0F0F0F0F),
        (4, 0x00FF00FF00FF00FF),
        (8, 0x0000FFFF0000FFFF),
        (16, 0x00000000FFFFFFFF),
    ):
        bits = (bits | (bits >> np.uint64(shift))) & np.uint64(mask)
    return bits


def _runs(starts: Array, end: int) -> list[tuple[int, int]]:
    edges = [*starts.tolist(), end]
    return list(zip(edges, edges[1:], strict=False))


def _ids(columns: Columns, rows: Rows) -> str:
    written = columns.id[rows].tobytes().hex()
    whole = (written[at : at + 32] for at in range(0, len(written), 32))
    return ",".join(f"{one[:8]}-{one[8:12]}-{one[12:16]}-{one[16:20]}-{one[20:]}" for one in whole)
