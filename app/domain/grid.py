"""The grid of tiles: WebMercatorQuad (OGC 17-083r4, D.1), in which tile maps on the web are cut.

The world is a square, from 0 to 1, x to the east and y to the south, so that a tile of zoom z has a side of 1/2^z.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

EXTENT = 4096
"""Units to the side of a tile, in which its geometries are written."""
BUFFER = 64
"""Units by which areas reach beyond the edge of a tile, so that no border is drawn along it."""
MAX_ZOOM = 14
MAX_LATITUDE = 85.0511287798
"""Degrees: where the square of Web Mercator ends. What lies beyond is drawn on its edge."""

Floats = NDArray[np.float64]
Window = tuple[float, float, float, float]
"""West, north, east, south in the square of the world."""


class BadTile(ValueError):
    """There is no such tile. `str(error)` says why."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile, by zoom, column from the west and row from the north. Raises BadTile."""

    z: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if not 0 <= self.z <= MAX_ZOOM:
            raise BadTile(f"Zoom {self.z} is not one from 0 to {MAX_ZOOM}.")
        last = 2**self.z - 1
        for name, number in (("Column", self.x), ("Row", self.y)):
            if not 0 <= number <= last:
                raise BadTile(f"{name} {number} is not one from 0 to {last}, which zoom {self.z} has.")

    @property
    def scale(self) -> int:
        """Units of this tile to the side of the world."""
        return EXTENT << self.z

    def window(self, buffer: int = BUFFER) -> Window:
        """The tile in the square of the world, wider by a buffer in units."""
        edge = buffer / self.scale
        side = 1 / 2**self.z
        west, north = self.x * side, self.y * side
        return west - edge, north - edge, west + side + edge, north + side + edge


def world(lon: Any, lat: Any) -> tuple[Floats, Floats]:
    """Longitudes and latitudes in degrees as x and y in the square of the world.

    >>> x, y = world([-180, 0, 180], [90, 0, -90])
    >>> x.tolist(), y.round(9).tolist()
    ([0.0, 0.5, 1.0], [0.0, 0.5, 1.0])
    """
    x = np.asarray(lon, np.float64) / 360 + 0.5
    sine = np.sin(np.radians(np.clip(np.asarray(lat, np.float64), -MAX_LATITUDE, MAX_LATITUDE)))
    y = 0.5 - np.arctanh(sine) / (2 * np.pi)
    return x, np.clip(y, 0.0, 1.0)


def degrees(x: float, y: float) -> tuple[float, float]:
    """A place in the square of the world as longitude and latitude.

    >>> lon, lat = degrees(0.75, 0.5)
    >>> lon, abs(round(lat, 9))
    (90.0, 0.0)
    """
    return (x - 0.5) * 360, float(np.degrees(np.arctan(np.sinh((0.5 - y) * 2 * np.pi))))
