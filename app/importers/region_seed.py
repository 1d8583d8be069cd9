"""Reads the regions that ship with Sitrep: countries, subdivisions, and the districts of Afghanistan."""

import gzip
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from app.domain.regions import Region, Regions

SEED = Path(__file__).parents[2] / "seed"

_TUPLES = ("fips", "gw", "aliases")


def read_seed(path: Path = SEED / "regions.jsonl.gz") -> Iterator[Region]:
    """The regions of a seed file, parents before what lies in them. Takes 0.6 s for all."""
    with gzip.open(path, "rb") as file:
        lines = file.read().splitlines()
    scale = orjson.loads(lines[0])["scale"]
    for line in lines[1:]:
        values: dict[str, Any] = orjson.loads(line)
        values["geom"] = _geometry(values.pop("rings"), scale)
        yield Region(**{**values, **{key: tuple(values.get(key, ())) for key in _TUPLES}})


@cache
def seeded() -> Regions:
    """All regions of the seed with their polygons, read once a process."""
    return Regions(read_seed())


def _geometry(polygons: list[list[list[int]]], scale: int) -> shapely.MultiPolygon:
    """Undoes `_rings` of seed/build_regions.py: each corner is kept as the way from the one before."""
    return shapely.MultiPolygon(
        [(_corners(one[0], scale), [_corners(ring, scale) for ring in one[1:]]) for one in polygons]
    )


def _corners(steps: list[int], scale: int) -> NDArray[np.float64]:
    return np.array(steps).reshape(-1, 2).cumsum(axis=0) / scale
