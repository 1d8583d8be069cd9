"""The style as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.formats.maplibre import events, ground
from app.formats.maplibre.themes import PALETTES, Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a client finds what the style is made of."""

    regions: str
    """Of tiles, with `{z}`, `{x}` and `{y}`."""
    events: str
    """Of the TileJSON, which names the datasets that a map has to name."""
    sprite: str
    """Without what a client adds for screens of more pixels (`@2x`), and without an ending."""


def style(theme: Theme, addresses: Addresses, *, regions_max_zoom: int, attribution: str) -> dict[str, Any]:
    """A style of version 8 for tiles of regions and of events."""
    palette = PALETTES[theme]
    return {
        "version": 8,
        "name": f"Sitrep {theme}",
        "sprite": addresses.sprite,
        "sources": {
            ground.SOURCE: {
                "type": "vector",
                "tiles": [addresses.regions],
                "maxzoom": regions_max_zoom,
                "attribution": attribution,
            },
            events.SOURCE: {"type": "vector", "url": addresses.events},
        },
        "layers": [
            *ground.ground(palette),
            *events.regional(theme, palette),
            *ground.borders(palette),
            # Events lie above names: they are what the map is for.
            *ground.names(palette),
            *events.placed(theme, palette),
            *events.counted(theme, palette),
        ],
    }
