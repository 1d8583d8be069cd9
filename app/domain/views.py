"""What a small map shows: a piece of the globe, drawn flat, in longitude and latitude with the scale of its middle."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.areas import Bounds

WIDTH = 640
HEIGHT = 360
"""Units of the drawing, which grows and shrinks with the page."""
NARROWEST = 3.0
"""Degrees of latitude that are shown at least: a place is told by what lies round it."""
MARGIN = 0.12
"""What is left free on each side, as a part of what is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A rectangle of the globe in degrees. East is greater than west, and greater than 180 where it runs over the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, boxes: Iterable[Bounds], narrowest: float = NARROWEST) -> View | None:
        """The view that holds these boxes with a margin; None for none. Two boxes on both sides of the antimeridian are near.

        It is at least so many degrees of latitude high.

        >>> view = View.around([(179, -17, 180, -16), (-180, -17, -179, -16)])
        >>> view.west < 179 < 181 < view.east < 190
        True
        """
        known = list(boxes)
        if not known:
            return None
        west, east = _arc([(box[0], box[2]) for box in known])
        south, north = min(box[1] for box in known), max(box[3] for box in known)
        middle = (south + north) / 2
        # Near a pole a degree of longitude is next to nothing; what is drawn there is stretched and no more.
        narrowing = math.cos(math.radians(max(-75.0, min(75.0, middle))))
        height = max((north - south) * (1 + 2 * MARGIN), narrowest)
        width = max((east - west) * (1 + 2 * MARGIN), height * WIDTH / HEIGHT / narrowing)
        if width >= 360:
            width, west, east = 360.0, -180.0, 180.0
        height = width * narrowing * HEIGHT / WIDTH
        left = _turned((west + east) / 2 - width / 2)
        return cls(west=left, south=middle - height / 2, east=left + width, north=middle + height / 2)

    @property
    def width(self) -> float:
        """Degrees of longitude."""
        return self.east - self.west

    @property
    def per_degree(self) -> tuple[float, float]:
        """Units of the drawing for a degree of longitude and one of latitude."""
        return WIDTH / self.width, HEIGHT / (self.north - self.south)

    @property
    def windows(self) -> tuple[tuple[Bounds, float], ...]:
        """The rectangles within ±180 degrees that it is made of, each with the degrees by which what lies in it is moved east."""
        first = ((self.west, self.south, min(self.east, 180.0), self.north), 0.0)
        if self.east <= 180:
            return (first,)
        return (first, ((-180.0, self.south, self.east - 360, self.north), 360.0))

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place is drawn, in units from the upper left corner."""
        across, down = self.per_degree
        moved = lon + 360 if lon < self.west and lon + 360 <= self.east else lon
        return round((moved - self.west) * across, 1), round((self.north - lat) * down, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """Something that a map shows, written out as it is drawn."""

    layer: str
    """`country` and `subdivision`, which lie below; `area`, which the map is about."""
    code: str
    """The region's; empty for an extent."""
    name: str
    drawn: str
    lon: float | None
    lat: float | None
    """A point in what is seen of it, in degrees, where its name may stand."""
    breadth: float
    """Degrees of longitude from end to end of what is seen of it."""


def _arc(spans: list[tuple[float, float]]) -> tuple[float, float]:
    """The shortest arc of longitudes that holds all spans, as west and east; it leaves out the widest gap between them.

    >>> _arc([(170, 180), (-180, -175)]), _arc([(10, 20), (-5, 0)])
    ((170, 185), (-5, 20))
    """
    ordered = sorted(spans)
    west, reach = ordered[0]
    # Over the antimeridian, from the easternmost end to the westernmost beginning.
    gap, begin, end = west + 360 - max(east for _, east in ordered), west, max(east for _, east in ordered)
    for start, stop in ordered[1:]:
        if start - reach > gap:
            gap, begin, end = start - reach, start, reach + 360
        reach = max(reach, stop)
    return begin, end


def _turned(lon: float) -> float:
    """A longitude from -180 to 180."""
    return lon + 360 if lon < -180 else lon - 360 if lon >= 180 else lon
