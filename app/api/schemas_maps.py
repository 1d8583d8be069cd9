"""What answers about tiles and counts are made of."""

from __future__ import annotations

from app.api.schemas_parts import COUNT, Schema, list_of, names, of, reference, shape, word
from app.domain.counts import PERIODS, By

_DEATHS = "Sum of the figures that are known; null where none is."
_SUMS: dict[str, Schema] = {
    "events": {**COUNT, "description": "How many events: each counts once, in the period of its first day."},
    "deaths_low": of("integer", _DEATHS, null=True),
    "deaths_best": of("integer", _DEATHS, null=True),
    "deaths_high": of("integer", _DEATHS, null=True),
    "deaths_unknown": {**COUNT, "description": "Events whose best figure is not known."},
    "spanning": {
        **COUNT,
        "description": "Events that last into a later period. Only where a period is counted by.",
    },
}
_TOLD = tuple(name for name in _SUMS if name != "spanning")
_NAMES: dict[str, Schema] = {
    str(by): of(
        "string",
        f"The {by}" + (", as ISO 8601 writes it." if by in PERIODS else ".") + " Null where it is not known.",
        null=True,
    )
    for by in By
}

_TILESET: dict[str, Schema] = {
    "title": {"type": "string"},
    "dataType": {"type": "string", "enum": ["vector"]},
    "crs": of("string", "The reference system of the grid.", format="uri"),
    "tileMatrixSetURI": of("string", "The grid.", format="uri"),
    "layers": {"type": "array", "items": of("object", "A layer with its properties.")},
    "links": list_of("Link"),
}

SCHEMAS_OF_MAPS: dict[str, Schema] = {
    "Place": shape(
        {
            "kind": word("What it is.", ("region", "settlement")),
            "code": of("string", "The region's code; of a settlement `geonames:` and its number there."),
            "name": of("string", "Its name."),
            "matched": of("string", "The spelling that was found."),
            "level": of("integer", "0 country, 1 subdivision, 2 district; null for a settlement.", null=True),
            "country": of("string", "ISO 3166-1 alpha-2."),
            "admin1": of("string", "Code of the subdivision in which it lies.", null=True),
            "within": names("Names of the regions in which it lies, the nearest first."),
            "point": of("array", "Longitude and latitude.", items={"type": "number"}),
            "bbox": of(
                "array",
                "Of a region: west, south, east, north; west is greater than east over the antimeridian.",
                null=True,
                items={"type": "number"},
            ),
            "population": of("integer", "Of a settlement; 0 where it is not known.", null=True),
        },
        "A region or a settlement.",
    ),
    "Places": shape(
        {"places": list_of("Place"), "numberReturned": COUNT, "links": list_of("Link")},
        "Places that a name may mean, the likeliest first.",
    ),
    "Style": shape(
        {
            "version": of("integer", "8."),
            "name": of("string", "Its name."),
            "sprite": of("string", "Address of the icons, without an ending."),
            "sources": of("object", "`regions` and `events`: our tiles."),
            "layers": {
                "type": "array",
                "description": "What is drawn, from below to above.",
                "items": {"type": "object"},
            },
        },
        "A style (MapLibre Style Specification, version 8).",
    ),
    "Sprite": of(
        "object",
        "By the name of an icon: `x`, `y`, `width`, `height` and `pixelRatio`, and how it may be stretched.",
        additionalProperties={"type": "object"},
    ),
    "SpriteImage": of("string", "A PNG.", format="binary"),
    "Tile": of("string", "A Mapbox Vector Tile 2.1; its layers are in docs/tiles.md.", format="binary"),
    "TileJson": of("object", "TileJSON 3.0."),
    "Tilesets": shape({"tilesets": list_of("Tileset"), "links": list_of("Link")}, "Tile sets (OGC 20-057)."),
    "Tileset": shape(
        _TILESET, "A tile set (OGC 17-083r4).", tuple(name for name in _TILESET if name != "layers")
    ),
    "TileMatrixSets": shape(
        {
            "tileMatrixSets": {"type": "array", "items": of("object", "A grid, with a link to it.")},
            "links": list_of("Link"),
        },
        "Grids of tiles.",
    ),
    "TileMatrixSet": of("object", "A grid of tiles (OGC 17-083r4)."),
    "Count": shape({**_NAMES, **_SUMS}, "One count, with what it was counted by.", _TOLD),
    "Total": shape(_SUMS, "All events together.", _TOLD),
    "Counts": shape(
        {
            "by": names("What was counted by."),
            "counts": list_of("Count"),
            "total": reference("Total"),
            "numberReturned": COUNT,
            "links": list_of("Link"),
        },
        "Events, counted.",
    ),
}
