"""A trial: tiles of a few events that are made up, so that what is compiled is compiled, or loaded, before anybody waits for it."""

from __future__ import annotations

import numpy as np
import shapely

from app.columns.events import Columns, arranged
from app.columns.matching import Wanted
from app.domain.filters import EventFilter
from app.domain.grid import MAX_ZOOM, Tile
from app.domain.regions import Region, Regions
from app.queries.columns import empty
from app.tiles import events
from app.tiles.outlines import Outlines


def trial() -> None:
    """Make tiles in which is one of each: a point, a stack, cells, an area. Some six seconds the first time, then a third of one."""
    region = Region(code="ZZ", name="Trial", level=0, country="ZZ")
    square = shapely.multipolygons([shapely.box(0, 0, 10, 10)])
    outlines = Outlines([(region.code, region.level, shapely.to_wkb(square))])
    wanted = Wanted(columns=_few(region), wanted=EventFilter())
    for tile in (Tile(0, 0, 0), Tile(MAX_ZOOM, 2 ** (MAX_ZOOM - 1), 2 ** (MAX_ZOOM - 1) - 1)):
        events.written(wanted, tile, outlines, Regions([region]))


def _few(region: Region) -> Columns:
    """One event alone in its place, two that share one, many around them, and one that is known to the region only."""
    count = 3 + events.FEW + 1 + 1
    rows = empty(count)
    rows["id"] = np.arange(16 * count, dtype=np.uint8).reshape(count, 16)
    rows["active"][:] = rows["disc"][:-1] = 1
    rows["extent_region"][:] = 0
    rows["lon"][:] = rows["lat"][:] = 0.001
    rows["lon"][3:-1] = np.linspace(1, 9, count - 4)
    rows["lon"][0] = 0.002
    return arranged(rows, regions=(region.code,), datasets=("trial",), version=0, settled=True, seq=0)
