"""Which regions points lie in, and which discs touch. Builds indexes and prepares polygons as they are first asked for."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon, STRtree, box
from shapely.geometry.base import BaseGeometry

from app.domain.regions import Regions

_METRES_PER_DEGREE = 111_195
"""Of latitude on a sphere of 6,371,008.8 m. Distances here decide 10 and 25 km and may err by 0.6 %."""

Point2 = tuple[float, float]
"""Longitude and latitude."""


class RegionAreas:
    """The polygons of the regions, indexed."""

    def __init__(self, regions: Regions) -> None:
        self._regions = regions
        self._all: tuple[list[str], STRtree] | None = None
        self._below: dict[str | None, tuple[list[str], STRtree]] = {}
        self._finest: dict[str | None, tuple[list[str], STRtree]] = {}
        self._held: dict[Point2, list[str]] = {}

    def foresee(self, points: Iterable[Point2]) -> None:
        """Find out where these points lie, all at once: it takes a tenth of the time. Forgets the points of before."""
        wanted = list(dict.fromkeys(points))
        self._held = dict(zip(wanted, self._holding(wanted), strict=True))

    def holds(self, code: str, lon: float, lat: float) -> bool:
        """Whether a point lies in a region or on its border."""
        return code in self._around(lon, lat)

    def within(self, code: str, lon: float, lat: float, metres: float) -> bool:
        """Whether a point lies in a region or at most so far outside."""
        return self.holds(code, lon, lat) or self._metres(code, lon, lat, metres) <= metres

    def containing(self, parent: str | None, lon: float, lat: float, metres: float) -> str | None:
        """Which of the regions right below `parent` (the countries, for None) holds the point, else which is the nearest within `metres`."""
        held = [code for code in self._around(lon, lat) if self._regions[code].parent == parent]
        if held or metres <= 0:
            return min(held, default=None)
        codes, tree = self._right_below(parent)
        boxes = _boxes(lon, lat, metres)
        near = sorted({codes[index] for one in boxes for index in tree.query(one)})
        by_distance = [(self._metres(code, lon, lat, metres), code) for code in near]
        distance, code = min(by_distance, default=(np.inf, None))
        return code if distance <= metres else None

    def clipped(self, discs: NDArray[np.object_], clips: Sequence[str]) -> NDArray[np.object_]:
        """The part of each disc that lies in any of these regions, a MultiPolygon; all of it for none."""
        geoms = [geom for code in clips if (geom := self._regions[code].geom) is not None]
        shapely.prepare(geoms)
        crossing = (
            ~np.any([shapely.contains_properly(geom, discs) for geom in geoms], axis=0) if geoms else []
        )
        if not np.any(crossing):
            return discs
        crossed = discs[crossing]
        cuts: Any = shapely.union_all([shapely.intersection(geom, crossed) for geom in geoms], axis=0)
        extents = discs.copy()
        extents[crossing] = [_polygons(cut) or disc for cut, disc in zip(cuts, crossed, strict=True)]
        return extents

    def touched(self, extents: NDArray[np.object_], clips: Sequence[str]) -> list[set[str]]:
        """Codes of the finest regions that each area touches: of all, or of those in `clips` where it was cut to these."""
        touched: list[set[str]] = [set() for _ in extents]
        for clip in clips or (None,):
            codes, tree = self._finest_of(clip)
            for which, index in tree.query(extents, predicate="intersects").T.tolist():
                touched[which].add(codes[index])
        return touched

    def about_km(self, code: str, lon: float, lat: float) -> int:
        """How far a point is from a region, on the sphere, to the nearest place by degrees: for a sentence, not for a rule."""
        geom = self._regions[code].geom
        if geom is None:
            return 0
        nearest = shapely.get_point(shapely.shortest_line(Point(lon, lat), geom), 1)
        here, there = np.radians([lat, lon]), np.radians([nearest.y, nearest.x])
        half = np.sin((there - here) / 2) ** 2
        return round(
            2 * 6371 * float(np.arcsin(np.sqrt(half[0] + np.cos(here[0]) * np.cos(there[0]) * half[1])))
        )

    def _around(self, lon: float, lat: float) -> list[str]:
        """Codes of all regions that hold a point."""
        found = self._held.get((lon, lat))
        if found is None:
            (found,) = self._holding([(lon, lat)])
            self._held[lon, lat] = found
        return found

    def _holding(self, points: Sequence[Point2]) -> list[list[str]]:
        """For each point codes of all regions that hold it."""
        if self._all is None:
            self._all = self._tree(region.code for region in self._regions)
        codes, tree = self._all
        holding: list[list[str]] = [[] for _ in points]
        if points:
            xs, ys = np.array(points).T
            at, which = tree.query(shapely.points(xs, ys))
            geoms = tree.geometries[which]
            shapely.prepare(geoms)
            held = shapely.intersects_xy(geoms, xs[at], ys[at])
            for point, index in zip(at[held].tolist(), which[held].tolist(), strict=True):
                holding[point].append(codes[index])
        return holding

    def _right_below(self, parent: str | None) -> tuple[list[str], STRtree]:
        if parent not in self._below:
            self._below[parent] = self._tree(one.code for one in self._regions if one.parent == parent)
        return self._below[parent]

    def _finest_of(self, whole: str | None) -> tuple[list[str], STRtree]:
        """Districts where there are any, else subdivisions, else countries."""
        if whole not in self._finest:
            codes = self._regions.inside(whole) if whole else {one.code for one in self._regions}
            self._finest[whole] = self._tree(
                code for code in sorted(codes) if not self._regions.children(code)
            )
        return self._finest[whole]

    def _tree(self, codes: Iterable[str]) -> tuple[list[str], STRtree]:
        pairs = [(code, geom) for code in codes if (geom := self._regions[code].geom) is not None]
        return [code for code, _ in pairs], STRtree([geom for _, geom in pairs])

    def _metres(self, code: str, lon: float, lat: float, reach_m: float) -> float:
        """Distance to a region, exact enough up to `reach_m`; infinite beyond. On the plane that touches the earth at the point."""
        geom = self._regions[code].geom
        if geom is None:
            return float(np.inf)
        squeeze = np.cos(np.radians(lat))
        nearest = np.inf
        for one in _boxes(lon, lat, reach_m):
            west, south, east, north = one.bounds
            near = shapely.clip_by_rect(geom, west, south, east, north)
            if not near.is_empty:
                flat = shapely.transform(near, lambda xy: _flat(xy, lon, lat, squeeze))
                nearest = min(nearest, float(shapely.distance(flat, Point(0, 0))))
        return float(nearest) * _METRES_PER_DEGREE


def _polygons(cut: BaseGeometry) -> MultiPolygon | None:
    """The polygons of what was cut out; None if there are none."""
    if isinstance(cut, MultiPolygon) and not cut.is_empty:
        return cut
    polygons = [part for part in shapely.get_parts(cut) if isinstance(part, Polygon) and not part.is_empty]
    return MultiPolygon(polygons) if polygons else None


def _flat(xy: NDArray[np.float64], lon: float, lat: float, squeeze: float) -> NDArray[np.float64]:
    east = (xy[:, 0] - lon + 180) % 360 - 180
    return np.column_stack([east * squeeze, xy[:, 1] - lat])


def _boxes(lon: float, lat: float, metres: float) -> list[Polygon]:
    """What surely holds all within a distance: a box, two where it meets the antimeridian."""
    up = metres / _METRES_PER_DEGREE * 1.01
    farthest = min(abs(lat) + up, 90)
    aside = min(up / max(np.cos(np.radians(farthest)), 1e-9), 180.0)
    boxes = [box(max(lon - aside, -180), max(lat - up, -90), min(lon + aside, 180), min(lat + up, 90))]
    if lon - aside < -180 or lon + aside > 180:
        turn = 360 if lon < 0 else -360
        boxes.append(
            box(
                max(lon + turn - aside, -180),
                max(lat - up, -90),
                min(lon + turn + aside, 180),
                min(lat + up, 90),
            )
        )
    return boxes
