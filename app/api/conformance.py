"""What of the open standards is claimed. Each class has tests named after its requirements (`tests/conformance`)."""

from __future__ import annotations

from app.domain.expressions.conformance import CONFORMANCE

_COMMON_1 = "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf"
_COMMON_2 = "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf"
_FEATURES_1 = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_FEATURES_2 = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf"
_FEATURES_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf"
_FEATURES_5 = "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf"
_FEATURES_8 = "http://www.opengis.net/spec/ogcapi-features-8/1.0/conf"
_TILES_1 = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"

CLASSES: tuple[str, ...] = (
    *(f"{_COMMON_1}/{name}" for name in ("core", "landing-page", "json", "html", "oas30")),
    f"{_COMMON_2}/collections",
    *(f"{_FEATURES_1}/{name}" for name in ("core", "geojson", "html", "oas30")),
    f"{_FEATURES_2}/crs",
    *(
        f"{_FEATURES_3}/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(f"{_FEATURES_5}/{name}" for name in ("schemas", "core-roles-features", "queryables", "sortables")),
    *(f"{_FEATURES_8}/{name}" for name in ("sortables", "sorting", "features-sorting")),
    *CONFORMANCE,
    *(
        f"{_TILES_1}/{name}"
        for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "datetime", "oas30")
    ),
)
"""The classes by their addresses, as `/conformance` has them."""
