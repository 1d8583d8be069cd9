"""Outlines of regions for tiles: cut to the tile, simplified for its zoom, as the bytes that stand in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from app.domain.grid import EXTENT, Floats, Tile, Window, degrees, world
from app.formats.mvt import varint, zigzag
from app.tiles import polygons

WHOLE_FROM = 6
"""The zoom from which outlines are as they are kept: their corners lie 1 km apart, which is a pixel there."""
_PIXEL = 1 / 512
"""Of a tile's side."""
_COARSER = {0: 2, 1: 2, 3: 4}
"""Zooms whose outlines are made of those of another, in a third of the time."""
LEVELS = (0, 1, 2)
"""Countries, their subdivisions, and districts."""
STEPS = (
    *((0, zoom) for zoom in range(WHOLE_FROM + 1)),
    *((level, zoom) for zoom in range(3, 7) for level in (1, 2)),
)
"""Levels and zooms that are to be prepared, in the order in which a map asks for them."""
KEPT_BYTES = 48 * 2**20
"""Of encoded outlines. The most that the tiles of a continent take up to zoom 6."""

LARGEST = 0.42
"""Steradians: the area of Russia, the largest country."""

Polygons = NDArray[Any]
"""An array of Shapely polygons."""


@dataclass(frozen=True, slots=True)
class Label:
    """Where a region's name stands, in the square of the world, and how early."""

    code: str
    x: float
    y: float
    rank: int
    """0 for a region as large as the largest country, one more for each quarter of that: each zoom makes up for one."""


@lru_cache(maxsize=20_000)
def number(code: str) -> int:
    """The id of a region's features, the same in all layers and installations: below 2^53, so that JavaScript can hold it.

    >>> number("AF") == number("AF") < 2**53, number("AF") == number("AX")
    (True, False)
    """
    return int.from_bytes(blake2b(code.encode(), digest_size=8).digest(), "big") >> 11


class Outlines:
    """The outlines of all regions, in memory. Threads may share it; what it gives is not to be changed.

    The first tile of a level and zoom below 6 costs up to 1.5 s, in which outlines are simplified; `prepare` does that ahead. Others cost
    1 to 20 ms there, half a millisecond from zoom 6 on, and microseconds the second time.
    """

    def __init__(self, regions: Iterable[tuple[str, int, bytes]]) -> None:
        """Of codes, levels and MultiPolygons in longitude and latitude (WKB). Takes some 0.5 s for all of the world."""
        rows = list(regions)
        geographic = shapely.from_wkb([row[2] for row in rows])
        areas = shapely.area(shapely.transform(geographic, _equal_area))
        shapes = shapely.transform(geographic, _projected)
        levels = np.array([row[1] for row in rows], np.int64)
        codes = np.array([row[0] for row in rows], object)
        self._levels = {
            int(level): _Level(
                codes[levels == level].tolist(), shapes[levels == level], areas[levels == level]
            )
            for level in np.unique(levels)
        }
        self._level_of = {row[0]: row[1] for row in rows}
        self._whole = _Whole.of(self._levels) if self._levels else None
        self._kept: OrderedDict[tuple[Tile, int], Mapping[str, bytes]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def codes(self, level: int) -> tuple[str, ...]:
        """The regions of a level, in the order in which they came."""
        return tuple(self._levels[level].codes) if level in self._levels else ()

    def prepare(self, level: int, zoom: int) -> None:
        """Simplify what the first tile of a level and zoom needs: up to 1.5 s. All STEPS together take some 6 s."""
        if level in self._levels:
            self._levels[level].sheet(zoom)

    def at_level(self, tile: Tile, level: int) -> Mapping[str, bytes]:
        """The regions of a level that touch a tile, by code: each as the packed `geometry` of a feature, cut 64 units beyond the edge.

        A region too small to be drawn is a square of two units where its label is.
        """
        key = (tile, level)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        if tile.z >= WHOLE_FROM and self._whole:
            drawn = self._whole.in_tile(tile)
        else:
            drawn = {level: self._levels[level].in_tile(tile)} if level in self._levels else {}
        with self._lock:
            for one in drawn if tile.z < WHOLE_FROM else LEVELS:
                self._keep((tile, one), drawn.get(one, {}))
        return drawn.get(level, {})

    def are_quick(self, tile: Tile) -> bool:
        """Whether those of a tile take a millisecond or less: they are kept, or few and not to be simplified."""
        return tile.z >= WHOLE_FROM or all((tile, level) in self._kept for level in LEVELS)

    def levels(self, codes: Iterable[str]) -> set[int]:
        """The levels of some regions. Codes of no region are left out."""
        return {self._level_of[code] for code in codes if code in self._level_of}

    def label(self, code: str) -> tuple[float, float]:
        """A point well inside a region's largest part, in the square of the world. KeyError if there is no such region."""
        return self._levels[self._level_of[code]].label(code)

    def middle(self, code: str) -> tuple[float, float]:
        """The same in degrees: longitude, latitude."""
        return degrees(*self.label(code))

    def box(self, code: str) -> tuple[float, float, float, float]:
        """West, south, east, north in degrees. West is greater than east where the narrowest box runs over the antimeridian."""
        parts = self._levels[self._level_of[code]].bounds(code)
        west, east = _narrowest(parts[:, 0], parts[:, 2])
        _, south = degrees(0.0, float(parts[:, 3].max()))
        _, north = degrees(0.0, float(parts[:, 1].min()))
        return (west - 0.5) * 360, south, (east - 0.5) * 360, north

    def labels_in(self, tile: Tile, level: int) -> list[Label]:
        """The labels of a level's regions that stand in a tile: each in one tile of a zoom."""
        return self._levels[level].labels_in(tile.window(0)) if level in self._levels else []

    def _keep(self, key: tuple[Tile, int], found: Mapping[str, bytes]) -> None:
        if key in self._kept:
            return
        self._kept[key] = found
        self._bytes += _size(found)
        while self._bytes > KEPT_BYTES:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _size(oldest)


@dataclass(frozen=True)
class _Sheet:
    """The parts of a level's regions, simplified for a zoom, in a tree."""

    parts: Polygons
    owners: NDArray[np.int64]
    bounds: Floats

    @classmethod
    def of(cls, shapes: Polygons) -> _Sheet:
        parts, owners = shapely.get_parts(shapes, return_index=True)
        return cls(parts, owners, shapely.bounds(parts))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Made for those that tiles are cut out of."""
        return shapely.STRtree(self.parts)

    def shapes(self) -> Polygons:
        """The regions whole again, each in the place of its number."""
        return np.asarray(shapely.multipolygons(self.parts, indices=self.owners))

    def cut(self, tile: Tile) -> tuple[Polygons, NDArray[np.int64]]:
        """What lies in a tile, sorted by owner."""
        west, north, east, south = tile.window()
        # Here y grows to the south, so that what is north is the lower end of the box.
        places = np.sort(self.tree.query(shapely.box(west, north, east, south)))
        parts, owners, bounds = self.parts[places], self.owners[places], self.bounds[places]
        low, high = (bounds[:, :2] < (west, north)).any(axis=1), (bounds[:, 2:] > (east, south)).any(axis=1)
        over = low | high
        if not over.any():
            return parts, owners
        pieces, of = shapely.get_parts(
            shapely.clip_by_rect(parts[over], west, north, east, south), return_index=True
        )
        areal = shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON
        parts = np.concatenate([parts[~over], pieces[areal]])
        owners = np.concatenate([owners[~over], owners[over][of[areal]]])
        order = np.argsort(owners, kind="stable")
        return parts[order], owners[order]


@dataclass(frozen=True, slots=True)
class _Whole:
    """The regions of all levels as they are kept, together: what is cut out of them is cut at one go."""

    sheet: _Sheet
    labels: Floats
    names: list[tuple[int, str]]
    """By number, the level and the code."""
    levels: tuple[int, ...]

    @classmethod
    def of(cls, levels: Mapping[int, _Level]) -> _Whole:
        sheets = [level.sheet(WHOLE_FROM) for level in levels.values()]
        before = np.cumsum([0, *(len(level.codes) for level in levels.values())])
        parts = np.concatenate([sheet.parts for sheet in sheets])
        owners = np.concatenate([sheet.owners + first for sheet, first in zip(sheets, before, strict=False)])
        return cls(
            _Sheet(parts, owners, shapely.bounds(parts)),
            np.concatenate([level.labels for level in levels.values()]),
            [(number, code) for number, level in levels.items() for code in level.codes],
            tuple(levels),
        )

    def in_tile(self, tile: Tile) -> dict[int, dict[str, bytes]]:
        found: dict[int, dict[str, bytes]] = {level: {} for level in self.levels}
        for place, drawn in _drawn(self.sheet, self.labels, tile):
            level, code = self.names[place]
            found[level][code] = drawn
        return found


class _Level:
    """The regions of one level, simplified for each zoom when it is first asked for."""

    def __init__(self, codes: list[str], shapes: Polygons, areas: Floats) -> None:
        self.codes = codes
        # Whole shapes are not kept: the parts are copies of all that is in them.
        self._sheets = {WHOLE_FROM: _Sheet.of(shapes)}
        self._locks = [Lock() for _ in range(WHOLE_FROM + 1)]
        self.labels = _labels(shapes)
        self._ranks = np.maximum(0, np.floor(np.log(LARGEST / areas) / np.log(4))).astype(np.int64)
        self._places = {code: place for place, code in enumerate(codes)}
        self._label_of: dict[str, tuple[float, float]] = dict(
            zip(codes, map(tuple, self.labels.tolist()), strict=True)
        )

    def label(self, code: str) -> tuple[float, float]:
        return self._label_of[code]

    def bounds(self, code: str) -> Floats:
        """The boxes of a region's parts."""
        sheet = self._sheets[WHOLE_FROM]
        found: Floats = sheet.bounds[sheet.owners == self._places[code]]
        return found

    def sheet(self, zoom: int) -> _Sheet:
        zoom = min(zoom, WHOLE_FROM)
        with self._locks[zoom]:
            if zoom not in self._sheets:
                finer = self.sheet(_COARSER.get(zoom, WHOLE_FROM)).shapes()
                # Without bends of less than a square pixel; neighbours keep the borders that they share.
                self._sheets[zoom] = _Sheet.of(shapely.coverage_simplify(finer, _PIXEL / 2**zoom))
            return self._sheets[zoom]

    def in_tile(self, tile: Tile) -> dict[str, bytes]:
        return {self.codes[place]: drawn for place, drawn in _drawn(self.sheet(tile.z), self.labels, tile)}

    def labels_in(self, window: Window) -> list[Label]:
        found = []
        for place in _labelled_in(self.labels, window):
            x, y = self.labels[place].tolist()
            found.append(Label(self.codes[place], x, y, int(self._ranks[place])))
        return found


def _drawn(sheet: _Sheet, labels: Floats, tile: Tile) -> list[tuple[int, bytes]]:
    """What is seen of regions in a tile, by their numbers, in their order."""
    encoded = polygons.encode(*sheet.cut(tile), tile)
    for place in _labelled_in(labels, tile.window()):
        # Where the label is there is land: if nothing of it is left, it was too small.
        if place not in encoded:
            encoded[place] = _square(labels[place], tile)
    return sorted(encoded.items())


def _labelled_in(labels: Floats, window: Window) -> list[int]:
    west, north, east, south = window
    x, y = labels[:, 0], labels[:, 1]
    found: list[int] = np.flatnonzero((x >= west) & (x < east) & (y >= north) & (y < south)).tolist()
    return found


def _labels(shapes: Polygons) -> Floats:
    """For each shape the point of its largest part that is farthest from its border, roughly."""
    parts, owners = shapely.get_parts(shapes, return_index=True)
    order = np.lexsort((-shapely.area(parts), owners))
    largest = parts[order[np.diff(owners[order], prepend=-1) != 0]]
    west, north, east, south = shapely.bounds(largest).T
    narrow = np.minimum(east - west, south - north)
    # All corners: to leave some out first took longer than it saved.
    centres = shapely.get_point(shapely.maximum_inscribed_circle(largest, narrow / 20), 0)
    outside = ~shapely.contains(largest, centres)
    centres[outside] = shapely.point_on_surface(largest[outside])
    points: Floats = shapely.get_coordinates(centres)
    return points


def _narrowest(west: Floats, east: Floats) -> tuple[float, float]:
    """The ends of the shortest stretch, round the world if need be, that holds all of some stretches."""
    order = np.argsort(west)
    starts, reached = west[order], np.maximum.accumulate(east[order])
    # Between where one ends and the next begins; the last gap runs over the edge of the world.
    gaps = np.append(starts[1:], starts[0] + 1) - reached
    widest = int(np.argmax(gaps))
    return float(starts[(widest + 1) % len(starts)]), float(reached[widest])


def _square(at: Floats, tile: Tile) -> bytes:
    """Two units wide, clockwise as it is seen."""
    x, y = np.rint(at * tile.scale - np.array([tile.x, tile.y]) * EXTENT).astype(np.int64)
    corner, steps = (int(x) - 1, int(y) - 1), (2, 0, 0, 2, -2, 0)
    return b"".join(map(varint, [9, *map(zigzag, corner), 3 << 3 | 2, *map(zigzag, steps), 15]))


def _projected(lonlat: Floats) -> Floats:
    return np.column_stack(world(lonlat[:, 0], lonlat[:, 1]))


def _equal_area(lonlat: Floats) -> Floats:
    """A cylinder on which areas are those on a sphere, in steradians (Lambert)."""
    radians = np.radians(lonlat)
    return np.column_stack([radians[:, 0], np.sin(radians[:, 1])])


def _size(found: Mapping[str, bytes]) -> int:
    return 200 + sum(len(one) + 100 for one in found.values())
