"""Areas that are asked about: boxes, circles and shapes of the caller's own, in longitude and latitude (CRS84 order, EPSG:4326).

Edges are straight lines in longitude and latitude, as RFC 7946 (3.1.1) has it; distances are metres on the WGS 84 ellipsoid.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from app.domain.circles import MAX_RADIUS_M, circle

MAX_VERTICES = 10_000
MAX_DEPTH = 30
"""Brackets within brackets. The parser of geometries goes one call deeper for each, and a deep one ends the process."""
SHORTEST_DEGREE_M = 110_574
"""The shortest degree of latitude of WGS 84 (at the equator), in metres: boxes made with it are never too small."""
_CORE = 0.997
"""What makes a polygon of a circle lie inside it: that polygon is up to 0.11 % larger than its circle, and its edges, which are
straight in degrees, bend up to 0.05 % away from the ground's."""
UNITS_M = {"": 1.0, "m": 1.0, "km": 1000.0, "mi": 1609.344, "nmi": 1852.0}

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees, with west not greater than east."""


class BadArea(ValueError):
    """An area that cannot be read; the message is a sentence for its writer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of longitudes and latitudes, edges included.

    West may be greater than east: the box then runs over the antimeridian (RFC 7946, 5.2).
    """

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        """Refuse what is no rectangle on the globe."""
        for value, limit, word in (
            (self.west, 180, "west"),
            (self.east, 180, "east"),
            (self.south, 90, "south"),
            (self.north, 90, "north"),
        ):
            if not -limit <= value <= limit:  # also refuses NaN
                message = (
                    f"The {word} edge {value:g} lies outside -{limit}..{limit} degrees."
                    " A box over the antimeridian is written with west greater than east."
                )
                raise BadArea(message)
        if self.south > self.north:
            message = f"South ({self.south:g}) is greater than north ({self.north:g}). The order is west,south,east,north."
            raise BadArea(message)

    @classmethod
    def parse(cls, text: str) -> Box:
        """Read `west,south,east,north`, or six numbers with heights, which do not restrict (events have no height).

        >>> Box.parse("178,-20,-170,-10").bounds
        ((178.0, -20.0, 180.0, -10.0), (-180.0, -20.0, -170.0, -10.0))

        Raises BadArea.
        """
        cells = text.split(",")
        if any(bracket in text for bracket in "[](){}"):
            raise BadArea("A box is written without brackets: 60.5,29.4,74.9,38.5.")
        if len(cells) not in {4, 6}:
            raise BadArea(
                f"A box has four numbers (west,south,east,north) or six with heights; here are {len(cells)}."
            )
        numbers = [_number(cell, "A box") for cell in cells]
        if len(numbers) == 6:  # west,south,low,east,north,high
            if numbers[2] > numbers[5]:
                message = f"The lower height ({numbers[2]:g}) is greater than the upper ({numbers[5]:g})."
                raise BadArea(message)
            del numbers[5], numbers[2]
        west, south, east, north = numbers
        return cls(west=west, south=south, east=east, north=north)

    @property
    def bounds(self) -> tuple[Bounds, ...]:
        """One rectangle, or two where the box runs over the antimeridian."""
        if self.west <= self.east:
            return ((self.west, self.south, self.east, self.north),)
        return ((self.west, self.south, 180.0, self.north), (-180.0, self.south, self.east, self.north))

    @property
    def pieces(self) -> list[BaseGeometry]:
        """The box as rectangles, one or two; each a line or a point where it is no wider or higher than that."""
        return [_rectangle(*bounds) for bounds in self.bounds]

    @property
    def core(self) -> BaseGeometry:
        """What of the box can hold something: its rectangles, or lines and points where there is none."""
        return _one_kind(self.pieces)


@dataclass(frozen=True, kw_only=True)
class Circle:
    """All places within `radius_m` metres of a point, its edge included."""

    lon: float
    lat: float
    radius_m: float

    def __post_init__(self) -> None:
        """Refuse a centre off the globe and a radius that is none."""
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):  # degrees of the globe
            message = f"{self.lon:g},{self.lat:g} is no place on the globe. The order is longitude,latitude."
            raise BadArea(message)
        if not 0 < self.radius_m <= MAX_RADIUS_M:
            message = (
                f"A radius is more than 0 and at most {MAX_RADIUS_M} metres; here it is {self.radius_m:g}."
            )
            raise BadArea(message)

    @classmethod
    def parse(cls, near: str, radius: str) -> Circle:
        """Read `lon,lat` and a length: metres, or a number with m, km, mi or nmi.

        >>> Circle.parse("68.86,36.73", "50km").radius_m
        50000.0

        Raises BadArea.
        """
        cells = near.split(",")
        if len(cells) != 2:  # longitude and latitude
            message = f"A place to be near is longitude,latitude; here are {len(cells)} numbers."
            raise BadArea(message)
        lon, lat = (_number(cell, "A place to be near") for cell in cells)
        return cls(lon=lon, lat=lat, radius_m=_metres(radius))

    @property
    def bounds(self) -> tuple[Bounds, ...]:
        """The smallest rectangles that hold the circle: one, or two over the antimeridian; all longitudes round a pole.

        A degree of latitude is taken at its shortest, so they are up to 1 % too large and never too small.
        """
        reach = self.radius_m / SHORTEST_DEGREE_M
        south, north = self.lat - reach, self.lat + reach
        if south <= -90 or north >= 90:  # a pole lies inside: every meridian does
            return ((-180.0, max(south, -90.0), 180.0, min(north, 90.0)),)
        # The meridian that touches a circle on the sphere does so at asin(sin r / cos lat). On the ellipsoid a degree of longitude
        # is never shorter than cos(lat) times a degree at the equator of a sphere of this size, so the box is not too small.
        span = math.degrees(
            math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(self.lat))))
        )
        west, east = self.lon - span, self.lon + span
        if west < -180:
            return ((west + 360, south, 180.0, north), (-180.0, south, east, north))
        if east > 180:
            return ((west, south, 180.0, north), (-180.0, south, east - 360, north))
        return ((west, south, east, north),)

    @cached_property
    def pieces(self) -> list[BaseGeometry]:
        """The circle as polygons of 256 corners, a little too large (0.1 %): cut at the antimeridian and closed over a pole."""
        return _pieces(circle(self.lon, self.lat, self.radius_m, vertices=256))

    @cached_property
    def core(self) -> BaseGeometry:
        """The same, a little too small, so that what lies in it surely lies in the circle."""
        return circle(self.lon, self.lat, self.radius_m * _CORE, vertices=256)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A geometry of the caller's own: valid, not empty, on the globe, of at most 10,000 corners; heights are dropped."""

    shape: BaseGeometry

    def __post_init__(self) -> None:
        """Refuse what cannot be asked about."""
        shape = self.shape
        if shape.is_empty:
            message = "The geometry is empty."
            raise BadArea(message)
        if shapely.get_num_coordinates(shape) > MAX_VERTICES:
            message = f"The geometry has more than {MAX_VERTICES} corners; simplify it."
            raise BadArea(message)
        west, south, east, north = shape.bounds
        if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):  # also refuses NaN
            message = (
                "The geometry leaves the globe: coordinates are longitude (-180..180), then latitude (-90..90)."
                " Split it at the antimeridian (RFC 7946, 3.1.9)."
            )
            raise BadArea(message)
        if not shape.is_valid:
            raise BadArea(_invalid(shapely.is_valid_reason(shape)))

    @classmethod
    def parse(cls, text: str, turn: Callable[[BaseGeometry], BaseGeometry] | None = None) -> Shape:
        """Read a GeoJSON geometry, a Feature for its geometry, or WKT (with or without SRID=4326). Raises BadArea.

        `turn` brings what is written in another reference system to longitude and latitude.
        """
        text = text.strip()
        _refuse_deep(text)
        flat = _flat(_of_geojson(text) if text.startswith("{") else _of_wkt(text))
        return cls(shape=turn(flat) if turn else flat)

    @cached_property
    def pieces(self) -> list[BaseGeometry]:
        """The geometry, or what lies on each side of the globe where it reaches over more than half of it."""
        return _pieces(self.shape)

    @property
    def core(self) -> BaseGeometry:
        """The geometry."""
        return self.shape


Area = Box | Circle | Shape
"""What can be asked about. Each has `pieces` (geometries that together are not smaller than it, none of them on both sides of the
antimeridian) and `core` (one geometry that is not larger)."""


def _pieces(shape: BaseGeometry) -> list[BaseGeometry]:
    west, _, east, _ = shape.bounds
    if east - west <= 180:  # half of the globe
        return [shape]
    parts = shapely.get_parts(shape)
    sides = (
        [part for part in parts if side(part)] for side in (_is_western, lambda part: not _is_western(part))
    )
    return [_one_kind(side) for side in sides if side]


def _is_western(shape: BaseGeometry) -> bool:
    return bool(shape.bounds[2] <= 0)


def _one_kind(parts: list[BaseGeometry]) -> BaseGeometry:
    """The parts as one geometry; of several kinds only those of the highest dimension."""
    widest = max(shapely.get_dimensions(part) for part in parts)
    kept = [part for part in parts if shapely.get_dimensions(part) == widest]
    return kept[0] if len(kept) == 1 else shapely.union_all(kept)


def _rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    if west < east and south < north:
        return shapely.box(west, south, east, north)
    if west == east and south == north:
        return Point(west, south)
    return LineString([(west, south), (east, north)])


def _refuse_deep(text: str) -> None:
    depth = 0
    for bracket in re.findall(r"[\[\](){}]", text):
        depth = max(0, depth + (1 if bracket in "([{" else -1))
        if depth > MAX_DEPTH:
            raise BadArea(f"The geometry is nested more than {MAX_DEPTH} brackets deep.")


def _of_geojson(text: str) -> BaseGeometry:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise BadArea(f"The geometry begins like GeoJSON, but is not JSON: {error}.") from error
    if value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, dict) or "type" not in value:
        raise BadArea('A GeoJSON geometry is an object such as {"type":"Polygon","coordinates":[…]}.')
    try:
        return shapely.from_geojson(json.dumps(value))
    except (shapely.GEOSException, ValueError, TypeError) as error:
        raise BadArea(f"The geometry is not GeoJSON: {_reason(error)}.") from error


def _of_wkt(text: str) -> BaseGeometry:
    srid = re.match(r"SRID=([0-9]+);", text, re.IGNORECASE)
    if srid and srid[1] != "4326":
        raise BadArea(f"Geometries are in EPSG:4326; SRID {srid[1][:20]} is not.")
    try:
        with np.errstate(all="ignore"):  # a number too large to hold is refused with what leaves the globe
            return shapely.from_wkt(text[srid.end() :] if srid else text)
    except shapely.GEOSException as error:
        raise BadArea(f"The geometry is neither GeoJSON nor WKT: {_reason(error)}.") from error
    except NotImplementedError as error:  # Shapely's way to say so, of circular strings and their kin
        raise BadArea("Curves cannot be asked about: give points, lines or polygons.") from error


def _reason(error: Exception) -> str:
    """What GEOS, which reads geometries, has to say of one, in words for its writer.

    >>> _reason(ValueError("IllegalArgumentException: Points of LinearRing do not form a closed linestring"))
    'a ring ends where it begins'
    >>> _reason(ValueError("ParseException: Expected number but encountered word: 'a'"))
    "Expected number but encountered word: 'a'"
    """
    text = str(error)
    for theirs, ours in _REASONS:
        if theirs in text:
            return ours
    return re.sub(r"^[A-Za-z]+Exception: ", "", text).rstrip(" !.")


_REASONS = (
    ("closed linestring", "a ring ends where it begins"),
    ("number of points in LinearRing", "a ring has four points or more"),
    ("point array must contain", "a line has two points or more"),
    ("Unknown geometry type", "its type is none of GeoJSON"),
    (
        "json.exception",
        'its "coordinates" are not what its type has: numbers for a point, lists of points for others',
    ),
)
"""Parts of GEOS's messages, and what is said instead."""


def _flat(shape: BaseGeometry) -> BaseGeometry:
    """Without heights, and a collection as one geometry of one kind, since a collection cannot be asked what it covers."""
    shape = shapely.force_2d(shape)
    if shape.geom_type != "GeometryCollection":
        return shape
    united = shapely.union_all(shapely.get_parts(shape))
    if united.geom_type == "GeometryCollection" and not united.is_empty:
        message = "The geometries of a collection must be of one kind: all polygons, all lines or all points."
        raise BadArea(message)
    return united


def _metres(text: str) -> float:
    found = re.fullmatch(r"\s*([0-9.eE+\-]+)\s*([a-z]*)\s*", text)
    if not found or found[2] not in UNITS_M:
        message = f"'{text[:40]}' is not a length. Give metres, or a number with m, km, mi or nmi: 50km."
        raise BadArea(message)
    return _number(found[1], "A radius") * UNITS_M[found[2]]


def _number(text: str, what: str) -> float:
    try:
        # Python would also read 1_000 and the digits of any script.
        number = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        message = f"{what} is made of numbers; '{text[:40]}' is not one."
        raise BadArea(message)
    return number


def _invalid(reason: str) -> str:
    """Why a geometry is not valid, in words of ours where GEOS's are others: `Self-intersection[63.2 31.5]`."""
    if found := re.fullmatch(r"(?:Ring )?Self-intersection\[(\S+) (\S+)\]", reason):
        return f"The geometry is not valid: its edge crosses or touches itself at {found[1]}, {found[2]}, so that it has no clear inside."
    return f"The geometry is not valid: {reason}."
