"""What the tiles of regions say of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fastapi import Request

from app.api.answers import address
from app.api.tilesets import Layer

REGIONS_MAX_ZOOM = 10
"""A unit of a tile is 10 m there, which is as exact as outlines are kept: clients enlarge these tiles for higher zooms."""
REGIONS_ATTRIBUTION = (
    'Borders: <a href="https://www.naturalearthdata.com/">Natural Earth</a>, '
    '<a href="https://www.geoboundaries.org/">geoBoundaries</a>; '
    'places: <a href="https://www.geonames.org/">GeoNames</a> (CC BY 4.0)'
)

_REGION = {"region": "String", "name": "String", "level": "Number"}
_AREA = {**_REGION, "parent": "String"}
_COUNTS = dict.fromkeys(("count", "deaths_low", "deaths_best", "deaths_high", "deaths_unknown"), "Number")

REGION_LAYERS = (
    Layer(name="countries", description="Countries.", geometry="polygons", fields=_AREA),
    Layer(
        name="subdivisions",
        description="First-level subdivisions of countries.",
        geometry="polygons",
        fields=_AREA,
        first=3,
    ),
    Layer(
        name="districts",
        description="Parts of subdivisions, where they are known.",
        geometry="polygons",
        fields=_AREA,
        first=6,
    ),
    Layer(
        name="labels",
        description="Where the names of regions stand, each once in the world.",
        geometry="points",
        fields={**_REGION, "rank": "Number"},
    ),
    Layer(
        name="places",
        description="Towns of the gazetteer.",
        geometry="points",
        fields={"name": "String", "local": "String", "capital": "Boolean", "rank": "Number"},
        first=4,
    ),
)


COUNTED_LAYERS = tuple(
    replace(layer, fields={**layer.fields, **_COUNTS}) if layer.geometry == "polygons" else layer
    for layer in REGION_LAYERS
)
"""The same with counts."""


def template(request: Request, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """The address of a tile of regions, with `{z}`, `{x}` and `{y}` in it."""
    before, _, query = address(request, "/tiles/regions", pairs).partition("?")
    # A value may hold braces, and would be taken for a place to fill in; in a query they are escaped.
    return f"{before}/{{z}}/{{x}}/{{y}}.mvt{'?' if query else ''}{query}"
