"""Reads the regions that ship with Sitrep: countries, subdivisions, and the districts of Afghanistan."""

import gzip
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from app.domain.regions import Region, Regions

SEED = Path(__file__).parents[2] / "seed"

_TUPLES = ("fips", "gw", "aliases")
_AT_A_TIME = 200
"""Regions whose polygons are made together: one by one they take three times as long, all at once 23 MB more."""


def read_seed(path: Path = SEED / "regions.jsonl.gz") -> Iterator[Region]:
    """The regions of a seed file, parents before what lies in them. Takes 0.3 s for all."""
    with gzip.open(path, "rb") as file:
        lines = file.read().splitlines()
    scale = orjson.loads(lines[0])["scale"]
    for start in range(1, len(lines), _AT_A_TIME):
        rings = _Rings(scale)
        told: list[dict[str, Any]] = []
        for line in lines[start : start + _AT_A_TIME]:
            told.append(orjson.loads(line))
            rings.add(told[-1].pop("rings"))
        for values, geom in zip(told, rings.polygons(), strict=True):
            values["geom"] = geom
            yield Region(**{**values, **{key: tuple(values.get(key, ())) for key in _TUPLES}})


@cache
def seeded() -> Regions:
    """All regions of the seed with their polygons, read once a process."""
    return Regions(read_seed())


class _Rings:
    """Undoes `_rings` of seed/build_regions.py for several regions: each corner is kept as the way from the one before."""

    def __init__(self, scale: int) -> None:
        self._scale = scale
        self._steps: list[NDArray[np.int64]] = []
        # How many of the next smaller kind each of them has.
        self._regions: list[int] = []
        self._polygons: list[int] = []
        self._rings: list[int] = []

    def add(self, polygons: list[list[list[int]]]) -> None:
        """The polygons of one region."""
        rings = [ring for polygon in polygons for ring in polygon]
        self._regions.append(len(polygons))
        self._polygons += map(len, polygons)
        self._rings += [len(ring) // 2 for ring in rings]
        self._steps.append(np.array(list(chain.from_iterable(rings))))

    def polygons(self) -> NDArray[np.object_]:
        """A MultiPolygon for each region."""
        corners = np.concatenate(self._steps).reshape(-1, 2).cumsum(axis=0)
        starts = _offsets(self._rings)[:-1]
        # Each ring begins anew and not where the one before ended.
        before = np.where(starts[:, None] > 0, corners[starts - 1], 0)
        corners -= np.repeat(before, self._rings, axis=0)
        offsets = tuple(map(_offsets, (self._rings, self._polygons, self._regions)))
        kind = shapely.GeometryType.MULTIPOLYGON
        made: NDArray[np.object_] = shapely.from_ragged_array(kind, corners / self._scale, offsets)
        return made


def _offsets(counts: list[int]) -> NDArray[np.int64]:
    """Where each of them begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(counts)])
