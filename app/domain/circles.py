"""Discs on the ellipsoid as polygons of longitudes and latitudes."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon, box, make_valid, multipolygons, polygons, union_all
from shapely.affinity import translate

MAX_RADIUS_M = 9_900_000
"""Just under a quarter of the way round: a larger disc may hold both poles."""

_SEMI_MAJOR_M = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_SEMI_MINOR_M = _SEMI_MAJOR_M * (1 - _FLATTENING)

_WIDEST_STEP_DEG = 3.0
# Edges are straight in degrees, not on the ground: this pays for the difference (at most 0.05 % while a step is under 3 degrees).
_MARGIN = 1.001

_VERTICES = 64

_SMALL_M = 110_000
_FAR_FROM_POLES_DEG = 75
_USUAL_M, _USUAL_DEG = 100_000, 175.0
"""At 75 degrees of latitude 100 km are 3.5 degrees of longitude."""

_PLAIN_DEG = 20.0
"""A disc no higher than this, round which no pole lies, has an outline that does not cross itself."""

Floats = NDArray[np.float64]


def circle(lon: float, lat: float, radius_m: float, vertices: int = _VERTICES) -> MultiPolygon:
    """All places within `radius_m` metres (WGS 84 geodesic) of a point, as a polygon in EPSG:4326 that is slightly too large.

    No place of the disc is outside; the edge is at most 0.5 % of the radius too far out with 64 vertices (measured against
    GeographicLib). Parts never leave ±180 and ±90: a disc over the antimeridian has a part on each side (RFC 7946, 3.1.9),
    and one that holds a pole reaches it along its whole width.

    Raises ValueError unless the point is on earth, 0 < radius_m <= MAX_RADIUS_M and vertices >= 32.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"({lon}, {lat}) is not a longitude and latitude")
    if not 0 < radius_m <= MAX_RADIUS_M:
        raise ValueError(f"A radius is more than 0 and at most {MAX_RADIUS_M} metres, not {radius_m}")
    if vertices < 32:
        raise ValueError(f"A circle needs at least 32 vertices, not {vertices}")
    return _within_the_world(_outline(lon, lat, _reach_m(radius_m, vertices), vertices), north=lat > 0)


def circles(centres: Sequence[tuple[float, float, float]]) -> NDArray[np.object_]:
    """The `circle` of each longitude, latitude and radius in metres. Of a thousand small ones each takes a tenth of the time."""
    made = np.empty(len(centres), dtype=object)
    usual = [at for at, centre in enumerate(centres) if _is_usual(*centre)]
    if usual:
        offsets = [
            _offsets(round(lat, 2), _reach_m(radius_m), _VERTICES)
            for _, lat, radius_m in map(centres.__getitem__, usual)
        ]
        outlines = np.stack(offsets) + np.array([centres[at][:2] for at in usual])[:, None, :]
        outlines[:, -1] = outlines[:, 0]
        made[usual] = multipolygons(polygons(outlines), indices=np.arange(len(usual)))
    for at in set(range(len(centres))).difference(usual):
        made[at] = circle(*centres[at])
    return made


def _is_usual(lon: float, lat: float, radius_m: float) -> bool:
    """Whether a circle is small and far from poles and the antimeridian. Every other one is made by itself."""
    return 0 < radius_m <= _USUAL_M and abs(lat) <= _FAR_FROM_POLES_DEG and abs(lon) <= _USUAL_DEG


def _reach_m(radius_m: float, vertices: int = _VERTICES) -> float:
    """How far out the corners lie."""
    return float(radius_m / np.cos(np.pi / vertices) * _MARGIN)


@cache
def _round(vertices: int) -> Floats:
    """Azimuths in radians once round, both ends included."""
    azimuths = np.linspace(0, 2 * np.pi, vertices + 1)
    azimuths.flags.writeable = False
    return azimuths


@lru_cache(maxsize=4096)
def _offsets(lat: float, reach_m: float, vertices: int) -> Floats:
    """From a point at this latitude to the line round it, in degrees."""
    lons, lats = _destinations(0, lat, _round(vertices), reach_m)
    offsets = np.column_stack([lons, lats - lat])
    offsets.flags.writeable = False
    return offsets


def _outline(lon: float, lat: float, reach_m: float, vertices: int) -> Floats:
    """A closed line round the point, longitudes unwrapped: 360 degrees apart at its ends if it goes round a pole."""
    if reach_m <= _SMALL_M and abs(lat) <= _FAR_FROM_POLES_DEG:
        # That of the nearest hundredth of a degree, moved: at 75 degrees it is off by 0.033 % of the radius, for which the margin
        # pays. A third of the time, since the places of a release lie at a few hundred latitudes.
        moved: Floats = _offsets(round(lat, 2), reach_m, vertices) + np.array((lon, lat))
        return moved
    azimuths = _round(vertices)
    while True:
        lons, lats = _destinations(lon, lat, azimuths, reach_m)
        steps = np.abs(lons[1:] - lons[:-1])
        if steps.max() > 180:
            lons = np.unwrap(lons, period=360)
            steps = np.abs(np.diff(lons))
        wide = steps > _WIDEST_STEP_DEG
        # Past a pole at a hair's breadth the longitude turns by half a circle at once; more vertices would not help.
        if not wide.any() or len(azimuths) > 64 * vertices:
            return np.column_stack([lons, lats])
        between = (azimuths[:-1][wide] + azimuths[1:][wide]) / 2
        azimuths = np.sort(np.concatenate([azimuths, between]))


def _within_the_world(outline: Floats, *, north: bool) -> MultiPolygon:
    turn = outline[-1, 0] - outline[0, 0]
    if abs(turn) > 180:
        pole = 90 if north else -90
        outline = np.vstack([outline, [outline[-1, 0], pole], [outline[0, 0], pole]])
    else:
        outline[-1] = outline[0]
    west, east = outline[:, 0].min(), outline[:, 0].max()
    if abs(turn) < 1 and west >= -180 and east <= 180 and np.ptp(outline[:, 1]) < _PLAIN_DEG:
        # The usual case, and twice as fast: a small disc that meets neither the antimeridian nor a pole is one plain ring.
        ring: Any = polygons(outline)
        plain: MultiPolygon = multipolygons([ring])
        return plain
    shape = make_valid(Polygon(outline), method="structure", keep_collapsed=False)
    west, _, east, _ = shape.bounds
    turns = range(int(np.floor((west + 180) / 360)), int(np.ceil((east - 180) / 360)) + 1)
    windows = (box(360 * k - 180, -90, 360 * k + 180, 90) for k in turns)
    parts = [
        translate(shape.intersection(window), -360 * k) for k, window in zip(turns, windows, strict=True)
    ]
    whole = union_all(parts)
    kept = [part for part in getattr(whole, "geoms", [whole]) if isinstance(part, Polygon) and part.area > 0]
    return MultiPolygon(kept)


def _destinations(lon: float, lat: float, azimuths: Floats, distance_m: float) -> tuple[Floats, Floats]:
    """Where one comes to on the ellipsoid, in degrees: T. Vincenty, "Direct and inverse solutions", Survey Review 23 (1975), eqs. 1-11."""
    reduced = np.arctan((1 - _FLATTENING) * np.tan(np.radians(lat)))
    sin_u, cos_u = np.sin(reduced), np.cos(reduced)
    sin_a, cos_a = np.sin(azimuths), np.cos(azimuths)
    sigma_1 = np.arctan2(np.tan(reduced), cos_a)
    sin_alpha = cos_u * sin_a
    cos2_alpha = 1 - sin_alpha**2
    u2 = cos2_alpha * (_SEMI_MAJOR_M**2 / _SEMI_MINOR_M**2 - 1)
    a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    first = distance_m / (_SEMI_MINOR_M * a)
    sigma = first
    for _ in range(8):  # the error shrinks some 500-fold a round: eight are far below a nanometre
        cos_2m = np.cos(2 * sigma_1 + sigma)
        inner = np.cos(sigma) * (2 * cos_2m**2 - 1) - b / 6 * cos_2m * (4 * np.sin(sigma) ** 2 - 3) * (
            4 * cos_2m**2 - 3
        )
        before, sigma = sigma, first + b * np.sin(sigma) * (cos_2m + b / 4 * inner)
        if (
            np.abs(sigma - before).max() < 1e-9
        ):  # 6 millimetres; small discs are there after one or two rounds
            break
    cos_2m = np.cos(2 * sigma_1 + sigma)
    sin_s, cos_s = np.sin(sigma), np.cos(sigma)
    lats = np.arctan2(
        sin_u * cos_s + cos_u * sin_s * cos_a,
        (1 - _FLATTENING) * np.hypot(sin_alpha, sin_u * sin_s - cos_u * cos_s * cos_a),
    )
    spread = np.arctan2(sin_s * sin_a, cos_u * cos_s - sin_u * sin_s * cos_a)
    c = _FLATTENING / 16 * cos2_alpha * (4 + _FLATTENING * (4 - 3 * cos2_alpha))
    shift = (
        (1 - c) * _FLATTENING * sin_alpha * (sigma + c * sin_s * (cos_2m + c * cos_s * (2 * cos_2m**2 - 1)))
    )
    return lon + np.degrees(spread - shift), np.degrees(lats)
