"""What tiles say of themselves: TileJSON 3.0, and tile sets and tile matrix sets as OGC has them (20-057, 17-083r4)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request

from app import __version__
from app.api.answers import Link, address, link
from app.domain.grid import MAX_ZOOM
from app.formats import mvt

Document = dict[str, Any]

MATRIX_SET = "WebMercatorQuad"
MATRIX_SET_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRIX_SET}"
MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"
REL = "http://www.opengis.net/def/rel/ogc/1.0"
JSON = "application/json"
XYZ = "{z}/{x}/{y}.mvt"
"""What stands for the places of a tile in its plain address."""

_HALF = math.pi * 6_378_137.0
"""Metres from the middle of the square of Web Mercator to its edge (EPSG:3857, on a sphere of the ellipsoid's semi-major axis)."""
_PIXELS = 256
_PIXEL_M = 0.000_28
"""Metres of the pixel that scales of tile matrices are told with (17-083r4, 6.1.1.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer of tiles: its name, what a feature of it is, the zooms in which it is, and its properties with their kinds."""

    name: str
    description: str
    geometry: str
    """`points` or `polygons`."""
    fields: Mapping[str, str]
    """`String`, `Number` or `Boolean`, by property."""
    first: int = 0


_COUNTS = dict.fromkeys(("count", "deaths_low", "deaths_best", "deaths_high", "deaths_unknown"), "Number")
_SUMS = {
    **_COUNTS,
    **dict.fromkeys(("battle", "bombing", "civilians", "territory", "protest", "other"), "Number"),
    **dict.fromkeys(("first_day", "last_day", "verified", "contested"), "Number"),
}
_REGION = {"region": "String", "name": "String", "level": "Number"}

EVENT_LAYERS = (
    Layer(
        name="points",
        description="One event.",
        geometry="points",
        fields={
            **dict.fromkeys(("id", "type", "group"), "String"),
            **dict.fromkeys(("first_day", "last_day", "reported"), "Number"),
            **dict.fromkeys(("deaths_low", "deaths_best", "deaths_high"), "Number"),
            "precision": "String",
            "radius_m": "Number",
            "verification": "String",
            "contested": "Boolean",
            "dataset": "String",
        },
    ),
    Layer(
        name="stacks",
        description="Several events that share one point.",
        geometry="points",
        fields={"ids": "String", **_SUMS},
    ),
    Layer(
        name="cells", description="The events in one cell of a fixed grid.", geometry="points", fields=_SUMS
    ),
    Layer(
        name="areas",
        description="The events that are known to one region only; in each tile that the region touches.",
        geometry="polygons",
        fields={**_REGION, **_SUMS},
    ),
    Layer(
        name="area_labels",
        description="The same as `areas`, once in the world.",
        geometry="points",
        fields={**_REGION, **_SUMS},
    ),
)

REGIONS_MAX_ZOOM = 10
"""A unit of a tile is 10 m there, which is as exact as outlines are kept: clients enlarge these tiles for higher zooms."""
REGIONS_ATTRIBUTION = (
    'Borders: <a href="https://www.naturalearthdata.com/">Natural Earth</a>, '
    '<a href="https://www.geoboundaries.org/">geoBoundaries</a>; '
    'places: <a href="https://www.geonames.org/">GeoNames</a> (CC BY 4.0)'
)

_AREA = {**_REGION, "parent": "String"}

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


def tilejson(
    *,
    name: str,
    description: str,
    attribution: str,
    template: str,
    layers: Iterable[Layer],
    max_zoom: int = MAX_ZOOM,
) -> Document:
    """TileJSON 3.0. `template` is the absolute address of a tile with {z}, {x} and {y}."""
    return {
        "tilejson": "3.0.0",
        "name": name,
        "description": description,
        "version": __version__,
        "attribution": attribution,
        "scheme": "xyz",
        "tiles": [template],
        "minzoom": 0,
        "maxzoom": max_zoom,
        # The whole world: no client asks for a tile outside, and regions reach beyond all points of events.
        "bounds": [-180.0, -85.0511, 180.0, 85.0511],
        "vector_layers": [
            {
                "id": one.name,
                "description": one.description,
                "minzoom": one.first,
                "maxzoom": max_zoom,
                "fields": dict(one.fields),
            }
            for one in layers
        ],
    }


def template(request: Request, path: str, places: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """The address of tiles under a path, with what stands for their places in it, such as `{z}/{x}/{y}.mvt`, and these parameters."""
    before, _, query = address(request, path, pairs).partition("?")
    # A value may hold braces, and would be taken for a place to fill in; in a query they are escaped.
    return f"{before}/{places}{'?' if query else ''}{query}"


def tileset(
    request: Request, pairs: Sequence[tuple[str, str]], layers: Iterable[Layer] | None = None
) -> Document:
    """The tiles of events in one tile matrix set: in short for a list, or whole, with its layers. `pairs` are what is asked of them."""
    here = f"/collections/events/tiles/{MATRIX_SET}"
    scheme = address(request, f"/tileMatrixSets/{MATRIX_SET}")
    links: list[Link] = [
        link("self", JSON, address(request, here, pairs)),
        link(f"{REL}/tiling-scheme", JSON, scheme),
    ]
    said = {"title": "Events", "dataType": "vector", "crs": MERCATOR, "tileMatrixSetURI": MATRIX_SET_URI}
    if layers is None:
        return {**said, "links": links}
    item = link("item", mvt.MEDIA_TYPE, template(request, here, "{tileMatrix}/{tileRow}/{tileCol}", pairs))
    same = link("describedby", JSON, address(request, "/tiles/events.json", pairs))
    links += [
        {**item, "title": "A tile", "templated": True},
        {**same, "title": "The same as TileJSON"},
    ]
    return {**said, "links": links, "layers": [_layer(one) for one in layers]}


def _layer(one: Layer) -> Document:
    return {
        "id": one.name,
        "description": one.description,
        "dataType": "vector",
        "geometryDimension": 2 if one.geometry == "polygons" else 0,
        "minTileMatrix": str(one.first),
        "maxTileMatrix": str(MAX_ZOOM),
        "propertiesSchema": {
            "type": "object",
            "properties": {name: {"type": kind.lower()} for name, kind in one.fields.items()},
        },
    }


def matrix_set() -> Document:
    """WebMercatorQuad as far as tiles go here (17-083r4, Annex D.1)."""
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": MATRIX_SET_URI,
        "crs": MERCATOR,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [_matrix(zoom) for zoom in range(MAX_ZOOM + 1)],
    }


def _matrix(zoom: int) -> Document:
    cell = 2 * _HALF / (_PIXELS << zoom)
    return {
        "id": str(zoom),
        "scaleDenominator": cell / _PIXEL_M,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-_HALF, _HALF],
        "tileWidth": _PIXELS,
        "tileHeight": _PIXELS,
        "matrixWidth": 1 << zoom,
        "matrixHeight": 1 << zoom,
    }
