"""Coordinate reference systems in which areas are given and geometries are answered (OGC API Features Part 2, 18-058r1)."""

from __future__ import annotations

import math
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.domain.areas import BadArea, Box

_EARTH_M = 6_378_137.0
"""The sphere of web Mercator: the semi-major axis of WGS 84, in metres."""
_EDGE_M = math.pi * _EARTH_M


class UnknownCrs(ValueError):
    """A reference system that is not offered; the message lists those that are."""


class Crs(StrEnum):
    """A reference system by the address that names it."""

    CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    """Longitude, latitude in degrees on WGS 84. In it everything is kept, and answered unless another is asked for."""
    EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
    """The same with latitude first."""
    EPSG_3857 = "http://www.opengis.net/def/crs/EPSG/0/3857"
    """Web Mercator, in metres; up to about 85.06 degrees north and south."""

    @classmethod
    def parse(cls, text: str) -> Crs:
        """Read an address, or its short form in brackets or bare: `[EPSG:3857]`, `EPSG:3857`, `OGC:CRS84`. Raises UnknownCrs.

        >>> Crs.parse("[EPSG:4326]").name
        'EPSG_4326'
        """
        given = text.strip().strip("<>[]")
        address = given.removeprefix("https://").removeprefix("http://")
        for crs in cls:
            short = _SHORT[crs]
            if address == crs.removeprefix("http://") or given.upper() in short:
                return crs
        raise UnknownCrs(f"'{given[:80]}' is not offered here. There are: {', '.join(cls)}.")

    @property
    def srid(self) -> int:
        """The number by which PostGIS knows it; for longitude first it is that of EPSG:4326 too."""
        return 3857 if self is Crs.EPSG_3857 else 4326

    @property
    def latitude_first(self) -> bool:
        """Whether its first number goes north."""
        return self is Crs.EPSG_4326

    def lonlat(self, shape: BaseGeometry) -> BaseGeometry:
        """A geometry of this system in longitude and latitude. Edges stay straight between their ends as these lie there."""
        if self is Crs.CRS84:
            return shape
        return shapely.transform(shape, _swapped if self.latitude_first else _of_mercator)


_SHORT: dict[Crs, tuple[str, ...]] = {
    Crs.CRS84: ("OGC:CRS84", "CRS84"),
    Crs.EPSG_4326: ("EPSG:4326",),
    Crs.EPSG_3857: ("EPSG:3857",),
}


def box_in(crs: Crs, text: str) -> Box:
    """Read a box whose numbers are of this system, in its order of axes. Raises BadArea.

    >>> box_in(Crs.EPSG_4326, "29.4,60.5,38.5,74.9").west
    60.5
    """
    if crs is Crs.CRS84:
        return Box.parse(text)
    cells = text.split(",")
    if len(cells) not in {4, 6}:
        return Box.parse(text)  # which says what is wrong with it
    half = len(cells) // 2
    first, second, third, fourth = cells[0], cells[1], cells[half], cells[half + 1]
    heights = [cells[2], cells[5]] if half == 3 else []
    if crs.latitude_first:
        first, second, third, fourth = second, first, fourth, third
    else:
        first, third = _longitude(first), _longitude(third)
        second, fourth = _latitude(second), _latitude(fourth)
    low, high = ([heights[0]], [heights[1]]) if heights else ([], [])
    return Box.parse(",".join([first, second, *low, third, fourth, *high]))


def _longitude(cell: str) -> str:
    metres = _metres(cell)
    if abs(metres) > _EDGE_M * (1 + 1e-9):
        raise BadArea(f"{metres:g} lies outside ±{_EDGE_M:.2f} metres, the edges of EPSG:3857.")
    return repr(max(-180.0, min(180.0, math.degrees(metres / _EARTH_M))))


def _latitude(cell: str) -> str:
    # Mercator goes on for ever: what lies beyond the square map is nearer to the pole, and still on the globe.
    return repr(math.degrees(math.atan(math.sinh(max(-700.0, min(700.0, _metres(cell) / _EARTH_M))))))


def _metres(cell: str) -> float:
    try:
        metres = float(cell)
    except ValueError as error:
        raise BadArea(f"A box has numbers between its commas; '{cell.strip()[:40]}' is none.") from error
    if not math.isfinite(metres):
        raise BadArea(f"A box has numbers between its commas; '{cell.strip()[:40]}' is none.")
    return metres


def _swapped(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return points[:, ::-1]


def _of_mercator(points: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):  # what is no place on the globe is refused as such
        lon = np.degrees(points[:, 0] / _EARTH_M)
        lat = np.degrees(2 * np.arctan(np.exp(points[:, 1] / _EARTH_M)) - math.pi / 2)
    # The edge of the map in metres has more digits than a float: it is 180 degrees.
    return np.column_stack((np.where(np.abs(np.abs(lon) - 180) < 1e-9, np.sign(lon) * 180.0, lon), lat))
