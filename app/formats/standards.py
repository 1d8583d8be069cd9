"""Conformance classes in readable groups: which standard, and what of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_STANDARDS = {
    "ogcapi-common-1": ("OGC API - Common, Part 1: Core", "https://docs.ogc.org/is/19-072/19-072.html"),
    "ogcapi-common-2": (
        "OGC API - Common, Part 2: Geospatial data",
        "https://docs.ogc.org/DRAFTS/20-024.html",
    ),
    "ogcapi-features-1": (
        "OGC API - Features, Part 1: Core",
        "https://docs.ogc.org/is/17-069r4/17-069r4.html",
    ),
    "ogcapi-features-2": (
        "OGC API - Features, Part 2: Reference systems by reference",
        "https://docs.ogc.org/is/18-058r1/18-058r1.html",
    ),
    "ogcapi-features-3": (
        "OGC API - Features, Part 3: Filtering",
        "https://docs.ogc.org/is/19-079r2/19-079r2.html",
    ),
    "ogcapi-features-5": (
        "OGC API - Features, Part 5: Schemas",
        "https://docs.ogc.org/is/23-058r2/23-058r2.html",
    ),
    "ogcapi-features-8": ("OGC API - Features, Part 8: Sorting", ""),
    "cql2": ("Common Query Language (CQL2)", "https://docs.ogc.org/is/21-065r2/21-065r2.html"),
    "ogcapi-tiles-1": ("OGC API - Tiles, Part 1: Core", "https://docs.ogc.org/is/20-057/20-057.html"),
    "json-fg-1": ("OGC Features and Geometries JSON, Part 1: Core", ""),
}
"""Names of standards by their part of an address, with where they can be read."""
_NAMES = {
    "oas30": "OpenAPI 3.0",
    "oas31": "OpenAPI 3.1",
    "geojson": "GeoJSON",
    "html": "HTML",
    "json": "JSON",
    "mvt": "Mapbox Vector Tiles",
    "crs": "Reference systems",
    "cql2-text": "CQL2 as text",
    "cql2-json": "CQL2 as JSON",
    "basic-cql2": "Basic CQL2",
    "schemas": "Schemas of collections",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A standard with the classes that are kept of it, each a name and an address."""

    name: str
    href: str
    classes: list[tuple[str, str]]


def grouped(addresses: Iterable[str]) -> list[Standard]:
    """The classes by standard, in the order in which they come.

    >>> [(one.name, one.classes[0][0]) for one in grouped(["http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2"])]
    [('Common Query Language (CQL2)', 'Basic CQL2')]
    """
    found: dict[str, Standard] = {}
    for address in addresses:
        part = address.partition("/spec/")[2].partition("/")[0] or address
        name, href = _STANDARDS.get(part, (part, ""))
        known = found.setdefault(part, Standard(name=name, href=href, classes=[]))
        known.classes.append((_called(address.rpartition("/")[2]), address))
    return list(found.values())


def _called(name: str) -> str:
    return _NAMES.get(name, name.replace("-", " ").capitalize())
