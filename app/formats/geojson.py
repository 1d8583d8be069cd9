"""GeoJSON (RFC 7946). PostgreSQL writes each feature as text, and Python only joins them.

Measured on 10,000 features: joining texts 1.5 ms, orjson from columns 18, pydantic 115.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import orjson
from sqlalchemy import ColumnElement, Text, literal_column

from app.domain.events import PROPERTIES
from app.domain.filters import GeometryWanted
from app.formats.statements import extended

MEDIA_TYPE = "application/geo+json"

SPECIAL = {
    "first_day": "nullif(event.first_day, '-infinity')",
    "last_day": "nullif(event.last_day, 'infinity')",
    "updated": "(SELECT version.known_at FROM version WHERE version.id = event.version)",
}
"""Properties that are not the column of their name: infinities are null on the wire."""

GEOMETRIES = {
    GeometryWanted.POINT: "coalesce(ST_AsGeoJSON(event.geom, 9), 'null')",
    # Five decimals are about a metre, finer than any extent is known. Outer rings run counterclockwise (RFC 7946, 3.1.6).
    GeometryWanted.EXTENT: (
        "coalesce((SELECT ST_AsGeoJSON(ST_ForcePolygonCCW(extent.geom), 5) FROM extent WHERE extent.id = event.extent_id),"
        " (SELECT ST_AsGeoJSON(ST_ForcePolygonCCW(region.geom), 5) FROM region WHERE event.extent_id IS NULL AND region.code = event.extent_region),"
        " 'null')"
    ),
    GeometryWanted.NONE: "'null'",
}


@cache
def feature(
    geometry: GeometryWanted = GeometryWanted.POINT, properties: tuple[str, ...] | None = None
) -> ColumnElement[str]:
    """A feature of an event as text, over the columns of `event`: all properties, or those named (out of `PROPERTIES`)."""
    names = PROPERTIES if properties is None else properties
    written = f"(SELECT row_to_json(shown)::text FROM (SELECT {shown(names)}) AS shown)" if names else "'{}'"
    return literal_column(
        f"""'{{"type":"Feature","id":"' || event.id || '","geometry":' || {GEOMETRIES[geometry]}"""
        f""" || ',"properties":' || {written} || '}}'""",
        Text,
    )


def shown(properties: tuple[str, ...]) -> str:
    """Properties of an event as a list of columns, over those of `event`."""
    return ", ".join(f"{SPECIAL.get(name, f'event.{name}')} AS {name}" for name in properties)


@cache
def region(*, outline: bool) -> ColumnElement[str]:
    """A feature of a region as text, over the columns of `region`; its geometry is the outline, or null."""
    columns = ", ".join(
        f"region.{name}"
        for name in ("code", "name", "level", "parent", "country", "alpha3", "fips", "gw", "aliases")
    )
    geometry = "ST_AsGeoJSON(ST_ForcePolygonCCW(region.geom), 5)" if outline else "'null'"
    return literal_column(
        f"""'{{"type":"Feature","id":' || to_json(region.code) || ',"geometry":' || {geometry}"""
        f""" || ',"properties":' || (SELECT row_to_json(shown)::text FROM (SELECT {columns}) AS shown) || '}}'""",
        Text,
    )


def collection(features: Iterable[str], members: dict[str, object]) -> bytes:
    """A FeatureCollection of features that are text already; `members` (links, counts) come before them."""
    head = orjson.dumps({"type": "FeatureCollection", **members})
    return b"".join((head[:-1], b',"features":[', ",".join(features).encode(), b"]}"))


def single(written: str, members: dict[str, object]) -> bytes:
    """One feature that is text already, with further members at its end."""
    return extended(written, members, {})
