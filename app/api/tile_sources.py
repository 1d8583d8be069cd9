"""TileJSON 3.0: where tiles are, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import Request

from app.api.answers import address
from app.domain.grid import MAX_LATITUDE

Fields = dict[str, str]
"""Properties of a layer, with a sentence for each."""

REGIONS_MAX_ZOOM = 10
"""A unit of a tile is 10 m there, which is as exact as outlines are kept: clients enlarge these tiles for higher zooms."""
REGIONS_ATTRIBUTION = (
    'Borders: <a href="https://www.naturalearthdata.com/">Natural Earth</a>, '
    '<a href="https://www.geoboundaries.org/">geoBoundaries</a>; '
    'places: <a href="https://www.geonames.org/">GeoNames</a> (CC BY 4.0)'
)

_REGION: Fields = {
    "region": "Code of the region.",
    "name": "Its name.",
    "level": "0 country, 1 subdivision, 2 district.",
}
_AREA: Fields = {**_REGION, "parent": "Code of the region right above."}
COUNTED: Fields = {
    "count": "Events filed under the region.",
    "deaths_low": "Sum of what is known.",
    "deaths_best": "Sum of what is known.",
    "deaths_high": "Sum of what is known.",
    "deaths_unknown": "Events whose deaths are not known.",
}
REGION_LAYERS: dict[str, tuple[int, Fields]] = {
    "countries": (0, _AREA),
    "subdivisions": (3, _AREA),
    "districts": (6, _AREA),
    "labels": (0, {**_REGION, "rank": "0 is drawn first."}),
    "places": (
        4,
        {
            "name": "Its name.",
            "local": "Its name in the local script.",
            "capital": "Whether it is the capital of its country.",
            "rank": "0 is drawn first.",
        },
    ),
}
"""By layer: the zoom from which it is there, and its properties."""
COUNTED_LAYERS = {
    name: (first, {**fields, **COUNTED} if fields is _AREA else fields)
    for name, (first, fields) in REGION_LAYERS.items()
}
"""The same with counts."""


def tile_source(
    request: Request,
    name: str,
    path: str,
    pairs: Iterable[tuple[str, str]],
    *,
    layers: dict[str, tuple[int, Fields]],
    max_zoom: int,
    attribution: str,
) -> dict[str, Any]:
    """The TileJSON of tiles at `{path}/{z}/{x}/{y}.mvt` with these parameters."""
    return {
        "tilejson": "3.0.0",
        "name": name,
        "attribution": attribution,
        "scheme": "xyz",
        "tiles": [template(request, path, pairs)],
        "minzoom": 0,
        "maxzoom": max_zoom,
        "bounds": [-180, -MAX_LATITUDE, 180, MAX_LATITUDE],
        "vector_layers": [
            {"id": layer, "minzoom": first, "maxzoom": max_zoom, "fields": fields}
            for layer, (first, fields) in layers.items()
        ],
    }


def template(request: Request, path: str, pairs: Iterable[tuple[str, str]]) -> str:
    """The address of tiles with these parameters, with `{z}`, `{x}` and `{y}` in it."""
    before, _, query = address(request, path, pairs).partition("?")
    # A value may hold braces, and would be taken for a place to fill in; in a query they are escaped.
    return f"{before}/{{z}}/{{x}}/{{y}}.mvt{'?' if query else ''}{query}"
