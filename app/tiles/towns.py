"""Towns of a base map: which of them a tile shows, so that the largest of each neighbourhood are seen at every zoom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.grid import EXTENT, MAX_ZOOM, Floats, Tile, world
from app.formats import mvt
from app.queries.places import Gazetteer

FROM_ZOOM = 4
_CELLS = {4: 4, 5: 8}
_MOST_CELLS = 12
"""Cells to the side of a tile: each shows its most important town. 16 towns a tile at zoom 4, 64 at 5, then 144 at most.

Each zoom's cells are parts of the cells of the zoom before, so that no town is lost while one zooms in.
"""
RANKS = (1_000_000, 300_000, 100_000, 30_000, 10_000)
"""Inhabitants from which a town is of rank 0, 1 and so on."""


@dataclass(frozen=True, slots=True)
class Towns:
    """All towns, the most important first: capitals, then by inhabitants."""

    x: Floats
    y: Floats
    zooms: NDArray[np.int64]
    """The zoom from which each is shown."""
    ranks: NDArray[np.int64]
    capital: NDArray[np.bool_]
    names: list[str]
    local: list[str]

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> Towns:
        """Some 0.5 s for all of the world: not for the event loop."""
        order = np.lexsort((-gazetteer.population, ~gazetteer.capital))
        x, y = world(gazetteer.lon[order], gazetteer.lat[order])
        population, capital = gazetteer.population[order], gazetteer.capital[order]
        ranks = np.searchsorted(-np.array(RANKS), -population)
        return cls(
            x=x,
            y=y,
            zooms=_zooms(x, y),
            ranks=np.where(capital, 0, ranks),
            capital=capital,
            names=[gazetteer.names[place] for place in order],
            local=[gazetteer.local[place] for place in order],
        )

    def layer(self, tile: Tile) -> bytes:
        """The layer `places` of a tile: each town in one tile of a zoom. No bytes where there are none."""
        side = 1 / 2**tile.z
        west, north = tile.x * side, tile.y * side
        inside = (self.x >= west) & (self.x < west + side) & (self.y >= north) & (self.y < north + side)
        shown = np.flatnonzero(inside & (self.zooms <= tile.z))
        return mvt.points(
            "places",
            x=units(self.x[shown], tile.x, tile),
            y=units(self.y[shown], tile.y, tile),
            ids=shown,
            columns={
                "name": [self.names[one] for one in shown],
                "local": [self.local[one] or None for one in shown],
                "capital": [True if one else None for one in self.capital[shown].tolist()],
                "rank": self.ranks[shown].tolist(),
            },
        )


def units(along: Floats, number: int, tile: Tile) -> NDArray[np.int64]:
    """Places in the square of the world as units of a tile that they are in, from its column or row."""
    inside: NDArray[np.int64] = np.floor(along * tile.scale - number * EXTENT).astype(np.int64)
    return np.clip(inside, 0, EXTENT - 1)


def _zooms(x: Floats, y: Floats) -> NDArray[np.int64]:
    zooms = np.full(len(x), MAX_ZOOM)
    for zoom in range(MAX_ZOOM, FROM_ZOOM - 1, -1):
        across = _CELLS.get(zoom, _MOST_CELLS) << zoom
        cell = np.floor(y * across).astype(np.int64) * across + np.floor(x * across).astype(np.int64)
        # The first of each cell, which is the most important.
        _, first = np.unique(cell, return_index=True)
        zooms[first] = zoom
    return zooms
