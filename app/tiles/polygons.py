"""Polygons as the geometries of vector tiles.

Source: Vector Tile Specification 2.1, 4.3.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from app.compiled import compiled
from app.domain.grid import BUFFER, EXTENT, Tile
from app.formats.mvt import LONGEST, MOVE, Bytes, put, zigzag

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]

SMALLEST = 16
"""Square units. A smaller island or lake is half a pixel of a tile 512 pixels wide, and left out where its region has another."""
_LINE, _CLOSE = 2, 1 << 3 | 7


def encode(parts: NDArray[Any], owners: Ints, tile: Tile) -> dict[int, bytes]:
    """The packed `geometry` of each owner that something can be seen of.

    `parts` are polygons in the square of the world, sorted by owner. Outer rings run clockwise as they are seen, inner ones the other way
    round. Of each owner the largest part stays, however small, unless nothing is left of it on the grid of the tile.
    """
    rings, polygons = shapely.get_rings(parts, return_index=True)
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    counts = np.bincount(ring_of, minlength=len(rings))
    xy, counts, areas = _cleaned(_on_grid(corners, tile), counts)
    owners = np.asarray(owners, np.int64)[polygons]
    stays = _seen(counts, areas, polygons, owners)
    written, ends = _written(xy, counts, areas, stays, (polygons, owners))
    found: dict[int, bytes] = {}
    start, whole = 0, written.tobytes()
    for ring in np.flatnonzero(np.diff(owners, append=-1)).tolist():
        end = int(ends[ring])
        if end > start:
            found[int(owners[ring])] = whole[start:end]
        start = end
    return found


def _on_grid(world: NDArray[np.float64], tile: Tile) -> Ints:
    units: Ints = np.rint(world * tile.scale - np.array([tile.x, tile.y]) * EXTENT).astype(np.int64)
    # What ends at the edge of the world only ends there for the map: drawn out of sight, the antimeridian is no border.
    units[world <= 0] -= BUFFER
    units[world >= 1] += BUFFER
    return units


@compiled
def _cleaned(xy: Ints, counts: Ints) -> tuple[Ints, Ints, Ints]:
    """Rings unclosed, and without corners that are where the one before is; the corners of each; and twice the area of each.

    That is above 0 where a ring runs clockwise as it is seen, y downwards (the surveyor's formula).
    """
    kept, left, areas = np.empty_like(xy), np.zeros_like(counts), np.zeros_like(counts)
    read = write = 0
    for ring in range(len(counts)):
        last = read + counts[ring] - 2
        for place in range(read, last + 1):
            before = last if place == read else place - 1
            if xy[place, 0] != xy[before, 0] or xy[place, 1] != xy[before, 1]:
                kept[write] = xy[place]
                write += 1
                left[ring] += 1
                areas[ring] += xy[before, 0] * xy[place, 1] - xy[place, 0] * xy[before, 1]
        read += counts[ring]
    return kept[:write].copy(), left, areas


@compiled
def _seen(counts: Ints, areas: Ints, polygons: Ints, owners: Ints) -> Truths:
    """Which rings are large enough to be seen, or the largest of an owner who has none that is. A hole goes with what it is in."""
    stays = np.zeros(len(counts), np.bool_)
    outer = largest = -1
    for ring in range(len(counts)):
        if ring == 0 or owners[ring] != owners[ring - 1]:
            largest = -1
        if ring == 0 or polygons[ring] != polygons[ring - 1]:
            outer = ring
        size = abs(areas[ring]) if counts[ring] >= 3 else 0
        stays[ring] = size >= 2 * SMALLEST and (ring == outer or stays[outer])
        if ring == outer and size > 0 and (largest < 0 or size > abs(areas[largest])):
            # Until a larger one comes, this is what is seen of its owner.
            if largest >= 0 and abs(areas[largest]) < 2 * SMALLEST:
                stays[largest] = False
            stays[ring], largest = True, ring
    return stays


@compiled
def _written(
    xy: Ints, counts: Ints, areas: Ints, stays: Truths, whose: tuple[Ints, Ints]
) -> tuple[Bytes, Ints]:
    """The commands of the rings that stay, and where in them those of each ring end."""
    polygons, owners = whose
    written = np.empty(len(xy) * 2 * LONGEST + len(counts) * (2 + LONGEST), np.uint8)
    ends = np.empty(len(counts), np.int64)
    at = start = x = y = 0
    for ring in range(len(counts)):
        if ring == 0 or owners[ring] != owners[ring - 1]:
            # The cursor of each feature begins at the corner of the tile.
            x = y = 0
        is_outer = ring == 0 or polygons[ring] != polygons[ring - 1]
        turned = (areas[ring] > 0) != is_outer
        for place in range(counts[ring] if stays[ring] else 0):
            corner = xy[start + counts[ring] - 1 - place] if turned else xy[start + place]
            if place < 2:
                at = put(written, at, MOVE if place == 0 else (counts[ring] - 1) << 3 | _LINE)
            at = put(written, at, zigzag(corner[0] - x))
            at = put(written, at, zigzag(corner[1] - y))
            x, y = corner
        if stays[ring]:
            at = put(written, at, _CLOSE)
        start += counts[ring]
        ends[ring] = at
    return written[:at].copy(), ends
