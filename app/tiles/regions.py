"""A tile of regions: the base map, with what is counted by region where that is wanted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.domain.grid import Tile
from app.domain.regions import Regions
from app.formats import mvt
from app.tiles.outlines import Outlines, number
from app.tiles.towns import FROM_ZOOM, Towns, units

LAYERS = ("countries", "subdivisions", "districts")
"""By level."""
FROM = (0, 3, 6)
"""The zoom from which each level is drawn."""
LABELS_FROM = (0, 4, 7)
_AHEAD = (3, 1, 1)
"""By how many zooms a name of each level comes before its region is as large as the largest country is at zoom 0."""

Columns = Mapping[str, Mapping[str, int]]
"""Further properties of regions: by property, then by the region's code."""

_NOTHING: Columns = {}


def written(
    tile: Tile, regions: Regions, outlines: Outlines, towns: Towns, counted: Columns = _NOTHING
) -> bytes:
    """The tile's layers; no bytes where nothing is in it. Takes milliseconds of processor: not for the event loop."""
    drawn = [
        _areas(level, tile, regions, outlines, counted) for level, first in enumerate(FROM) if tile.z >= first
    ]
    places = towns.layer(tile) if tile.z >= FROM_ZOOM else b""
    return b"".join([*drawn, _labels(tile, regions, outlines), places])


def _areas(level: int, tile: Tile, regions: Regions, outlines: Outlines, counted: Columns) -> bytes:
    found = outlines.at_level(tile, level)
    known = [regions[code] for code in found if code in regions]
    return mvt.polygons(
        LAYERS[level],
        geometries=[found[one.code] for one in known],
        ids=[number(one.code) for one in known],
        columns={
            "region": [one.code for one in known],
            "name": [one.name for one in known],
            "level": [one.level for one in known],
            "parent": [one.parent for one in known],
            **{name: [values.get(one.code) for one in known] for name, values in counted.items()},
        },
    )


def _labels(tile: Tile, regions: Regions, outlines: Outlines) -> bytes:
    chosen: list[tuple[int, str, float, float]] = []
    for level, first in enumerate(LABELS_FROM):
        if tile.z < first:
            continue
        rank_up_to = tile.z + _AHEAD[level]
        chosen += [
            (one.rank, one.code, one.x, one.y)
            for one in outlines.labels_in(tile, level)
            if one.rank <= rank_up_to and one.code in regions
        ]
    chosen.sort()
    known = [regions[code] for _, code, _, _ in chosen]
    return mvt.points(
        "labels",
        x=units(np.array([one[2] for one in chosen]), tile.x, tile),
        y=units(np.array([one[3] for one in chosen]), tile.y, tile),
        ids=np.array([number(one.code) for one in known], np.int64),
        columns={
            "region": [one.code for one in known],
            "name": [one.name for one in known],
            "level": [one.level for one in known],
            "rank": [rank for rank, _, _, _ in chosen],
        },
    )
