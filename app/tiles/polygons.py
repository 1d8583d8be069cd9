"""Polygons as the geometries of vector tiles, all of a tile at one go.

A loop over rings took 40 ms for the countries of the world; here each step is one over the corners of all of them.
Source: Vector Tile Specification 2.1, 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from app.domain.grid import BUFFER, EXTENT, Tile
from app.formats.mvt import lengths, varints, zigzag

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]

SMALLEST = 16
"""Square units. A smaller island or lake is half a pixel of a tile 512 pixels wide, and left out where its region has another."""
_MOVE, _LINE, _CLOSE = 1 << 3 | 1, 2, 1 << 3 | 7


def encode(parts: NDArray[Any], owners: Ints, tile: Tile) -> dict[int, bytes]:
    """The packed `geometry` of each owner that something can be seen of.

    `parts` are polygons in the square of the world, sorted by owner. Of each owner the largest part stays, however small, unless
    nothing is left of it on the grid of the tile.
    """
    if not len(parts):
        return {}
    rings = _Rings.of(parts, owners, tile).kept()
    return rings.written()


@dataclass(frozen=True, slots=True)
class _Rings:
    """Rings on the grid of a tile, unclosed, and without corners that are where the one before is."""

    xy: Ints
    """Corners, of all rings one after the other."""
    counts: Ints
    """Corners by ring."""
    polygons: Ints
    """Which polygon each ring is of; its first is the outer one."""
    owners: Ints
    """Whose each ring is."""

    @classmethod
    def of(cls, parts: NDArray[Any], owners: Ints, tile: Tile) -> _Rings:
        _, world, (ring_starts, part_starts) = shapely.to_ragged_array(parts)
        ring_starts = np.asarray(ring_starts, np.int64)
        counts = ring_starts[1:] - ring_starts[:-1] - 1
        closing = np.zeros(len(world), bool)
        closing[ring_starts[1:] - 1] = True
        xy = _on_grid(world[~closing], tile)
        part_starts = np.asarray(part_starts, np.int64)
        polygons = np.repeat(np.arange(len(parts)), part_starts[1:] - part_starts[:-1])
        return _without_repeats(xy, counts, polygons, owners[polygons])

    def kept(self) -> _Rings:
        """Without rings that are too small to be seen, outer ones clockwise as they are seen, inner ones the other way round."""
        area = self._areas()
        size = np.abs(area)
        outer = np.diff(self.polygons, prepend=-1) != 0
        stays = (size >= SMALLEST) & (self.counts >= 3)
        stays |= outer & self._largest(np.where(outer & (self.counts >= 3), size, 0), stays & outer)
        # A hole goes with what it is in.
        seen = np.zeros(int(self.polygons[-1]) + 1, bool)
        seen[self.polygons[stays & outer]] = True
        stays &= seen[self.polygons]
        turned = (area > 0) != outer
        return self._only(stays, turned)

    def written(self) -> dict[int, bytes]:
        if not len(self.counts):
            return {}
        numbers, owner_starts = self._numbers()
        ends = np.cumsum(lengths(numbers))
        written = varints(numbers).tobytes()
        starts = np.where(owner_starts > 0, ends[owner_starts - 1], 0)
        whose = self.owners[np.diff(self.owners, prepend=-1) != 0]
        bounds = [*starts.tolist(), len(written)]
        return {
            owner: written[start:end]
            for owner, start, end in zip(whose.tolist(), bounds[:-1], bounds[1:], strict=True)
        }

    def _numbers(self) -> tuple[Ints, Ints]:
        """Commands and parameters, and where those of each owner begin."""
        at, ring = self._places()
        new_owner = np.diff(self.owners, prepend=-1) != 0
        step = np.diff(self.xy, axis=0, prepend=0)
        first = self._starts()[new_owner]
        # The cursor of each feature starts at the corner of the tile.
        step[first] = self.xy[first]
        sizes = 2 * self.counts + 3
        starts = np.cumsum(sizes) - sizes
        numbers = np.empty(int(sizes.sum()), np.int64)
        numbers[starts] = _MOVE
        numbers[starts + 3] = (self.counts - 1) << 3 | _LINE
        numbers[starts + sizes - 1] = _CLOSE
        place = starts[ring] + np.where(at == 0, 1, 2 + 2 * at)
        numbers[place] = zigzag(step[:, 0])
        numbers[place + 1] = zigzag(step[:, 1])
        return numbers, starts[new_owner]

    def _areas(self) -> NDArray[np.float64]:
        """By the surveyor's formula: above 0 where a ring runs clockwise as it is seen, y downwards."""
        following = np.arange(len(self.xy)) + 1
        starts = self._starts()
        some = self.counts > 0
        following[(starts + self.counts - 1)[some]] = starts[some]
        x, y = self.xy[:, 0], self.xy[:, 1]
        cross = x * y[following] - x[following] * y
        total = np.concatenate([[0], np.cumsum(cross)])
        area: NDArray[np.float64] = (total[starts + self.counts] - total[starts]) / 2
        return area

    def _largest(self, size: NDArray[np.float64], stays: Truths) -> Truths:
        """The largest outer ring of each owner none of whose stays, if it is one."""
        order = np.lexsort((-size, self.owners))
        first = order[np.diff(self.owners[order], prepend=-1) != 0]
        without = np.ones(int(self.owners[-1]) + 1, bool)
        without[self.owners[stays]] = False
        chosen = np.zeros(len(size), bool)
        chosen[first[without[self.owners[first]] & (size[first] > 0)]] = True
        return chosen

    def _only(self, stays: Truths, turned: Truths) -> _Rings:
        at, ring = self._places()
        place = np.arange(len(self.xy))
        back = self._starts()[ring] + self.counts[ring] - 1 - at
        place = np.where(turned[ring], back, place)
        xy = self.xy[place][stays[ring]]
        return _Rings(xy, self.counts[stays], self.polygons[stays], self.owners[stays])

    def _starts(self) -> Ints:
        starts: Ints = np.cumsum(self.counts) - self.counts
        return starts

    def _places(self) -> tuple[Ints, Ints]:
        """For each corner its place in its ring, and which ring that is."""
        ring = np.repeat(np.arange(len(self.counts)), self.counts)
        return np.arange(len(self.xy)) - self._starts()[ring], ring


def _on_grid(world: NDArray[np.float64], tile: Tile) -> Ints:
    units: Ints = np.rint(world * tile.scale - np.array([tile.x, tile.y]) * EXTENT).astype(np.int64)
    # What ends at the edge of the world only ends there for the map: drawn out of sight, the antimeridian is no border.
    units[world <= 0] -= BUFFER
    units[world >= 1] += BUFFER
    return units


def _without_repeats(xy: Ints, counts: Ints, polygons: Ints, owners: Ints) -> _Rings:
    starts = np.cumsum(counts) - counts
    before = np.arange(len(xy)) - 1
    before[starts] = starts + counts - 1
    new = np.any(xy != xy[before], axis=1)
    ring = np.repeat(np.arange(len(counts)), counts)
    left = np.bincount(ring[new], minlength=len(counts))
    return _Rings(xy[new], left, polygons, owners)
