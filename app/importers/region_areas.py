"""Which regions a point lies in, and which a disc touches. Builds indexes and prepares polygons as they are first asked for."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Point, Polygon, STRtree, box

from app.domain.regions import Regions

_METRES_PER_DEGREE = 111_195
"""Of latitude on a sphere of 6,371,008.8 m. Distances here decide 10 and 25 km and may err by 0.6 %."""


class RegionAreas:
    """The polygons of the regions, indexed."""

    def __init__(self, regions: Regions) -> None:
        self._regions = regions
        self._trees: dict[str | None, tuple[list[str], STRtree]] = {}
        self._finest: dict[str | None, tuple[list[str], STRtree]] = {}
        self._prepared: set[str] = set()
        # Each place is asked about some five times, one after the other.
        self._remembered = lru_cache(maxsize=256)(self._holds)

    def holds(self, code: str, lon: float, lat: float) -> bool:
        """Whether a point lies in a region or on its border."""
        return self._remembered(code, lon, lat)

    def _holds(self, code: str, lon: float, lat: float) -> bool:
        geom = self._regions[code].geom
        if geom is None:
            return False
        if code not in self._prepared:
            shapely.prepare(geom)
            self._prepared.add(code)
        return bool(shapely.intersects_xy(geom, lon, lat))

    def within(self, code: str, lon: float, lat: float, metres: float) -> bool:
        """Whether a point lies in a region or at most so far outside."""
        return self.holds(code, lon, lat) or self._metres(code, lon, lat, metres) <= metres

    def containing(self, parent: str | None, lon: float, lat: float, metres: float) -> str | None:
        """Which of the regions right below `parent` (the countries, for None) holds the point, else which is the nearest within `metres`."""
        codes, tree = self._below(parent)
        if not codes:
            return None
        point = Point(lon, lat)
        held = sorted(codes[index] for index in tree.query(point) if self.holds(codes[index], lon, lat))
        if held or metres <= 0:
            return next(iter(held), None)
        boxes = _boxes(lon, lat, metres)
        near = sorted({codes[index] for one in boxes for index in tree.query(one)})
        by_distance = [(self._metres(code, lon, lat, metres), code) for code in near]
        distance, code = min(by_distance, default=(np.inf, None))
        return code if distance <= metres else None

    def clipped(self, disc: MultiPolygon, clips: Sequence[str]) -> MultiPolygon:
        """The part of a disc that lies in any of these regions; all of it for none."""
        geoms = [geom for code in clips if (geom := self._regions[code].geom) is not None]
        if not geoms or any(shapely.contains_properly(geom, disc) for geom in geoms):
            return disc
        cut = shapely.union_all([shapely.intersection(geom, disc) for geom in geoms])
        polygons = [part for part in shapely.get_parts(cut) if isinstance(part, Polygon)]
        return MultiPolygon(polygons) if polygons else disc

    def touched(self, extent: MultiPolygon, clips: Sequence[str]) -> set[str]:
        """Codes of the finest regions that an area touches: of all, or of those in `clips` where it was cut to these."""
        return set().union(*(self._touched(extent, clip) for clip in clips or (None,)))

    def _touched(self, extent: MultiPolygon, clip: str | None) -> set[str]:
        codes, tree = self._finest_of(clip)
        return {codes[index] for index in tree.query(extent, predicate="intersects")}

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

    def _below(self, parent: str | None) -> tuple[list[str], STRtree]:
        if parent not in self._trees:
            codes = (
                self._regions.children(parent)
                if parent
                else [one.code for one in self._regions if one.level == 0]
            )
            self._trees[parent] = self._tree(codes)
        return self._trees[parent]

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
