"""The coordinate reference systems in which the geometries of a filter may be written (`filter-crs`)."""

from __future__ import annotations

import math
from enum import Enum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from app.domain.expressions.errors import BadExpression

_RADIUS_M = 6_378_137.0
_OGC = "http://www.opengis.net/def/crs/"


class Crs(Enum):
    """A system, by its address."""

    CRS84 = f"{_OGC}OGC/1.3/CRS84"
    """Longitude, latitude in degrees."""
    EPSG_4326 = f"{_OGC}EPSG/0/4326"
    """Latitude, longitude in degrees: the order of the axes is the authority's (OGC 19-079r2)."""
    EPSG_3857 = f"{_OGC}EPSG/0/3857"
    """Metres of the spherical Mercator projection of web maps."""

    @classmethod
    def parse(cls, text: str) -> Crs:
        """Read an address, with or without brackets, or a short name. Raises BadExpression.

        >>> Crs.parse("EPSG:3857")
        <Crs.EPSG_3857: 'http://www.opengis.net/def/crs/EPSG/0/3857'>
        """
        given = text.strip().strip("<>[]")
        found = _NAMES.get(given.lower().replace("https://", "http://"))
        if found is None:
            listed = ", ".join(crs.value for crs in cls)
            raise BadExpression(f"'{given[:80]}' is no reference system of filters. There are: {listed}.")
        return found

    def lonlat(self, shape: BaseGeometry) -> BaseGeometry:
        """The geometry in longitude and latitude. Edges stay straight between their ends as these lie there."""
        turn = {Crs.EPSG_4326: _swapped, Crs.EPSG_3857: _of_mercator}.get(self)
        if turn is None:
            return shape
        return shapely.transform(shape, turn)


def _swapped(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return points[:, ::-1]


def _of_mercator(points: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(all="ignore"):  # what is no place on the globe is refused as such
        lon = np.degrees(points[:, 0] / _RADIUS_M)
        lat = np.degrees(2 * np.arctan(np.exp(points[:, 1] / _RADIUS_M)) - math.pi / 2)
    # The edge of the map in metres has more digits than a float: it is 180 degrees.
    return np.column_stack((np.where(np.abs(np.abs(lon) - 180) < 1e-9, np.sign(lon) * 180.0, lon), lat))


_NAMES = {
    name: crs
    for crs, short in (
        (Crs.CRS84, ("crs84", "ogc:crs84")),
        (Crs.EPSG_4326, ("epsg:4326",)),
        (Crs.EPSG_3857, ("epsg:3857",)),
    )
    for name in (crs.value.lower(), *short)
}
