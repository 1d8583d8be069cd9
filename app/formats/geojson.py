"""GeoJSON (RFC 7946). PostgreSQL writes each feature as text.

Measured on 10,000 features: joining texts 1.5 ms, orjson from columns 18, pydantic 115.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text, literal_column

from app.domain.crs import Crs
from app.domain.events import PROPERTIES
from app.domain.filters import GeometryWanted
from app.formats.format import About, Format, Shown
from app.formats.statements import extended as with_members

MEDIA_TYPE = "application/geo+json"

SPECIAL = {
    "first_day": "nullif(event.first_day, '-infinity')",
    "last_day": "nullif(event.last_day, 'infinity')",
    "updated": "(SELECT version.known_at FROM version WHERE version.id = event.version)",
}
"""Properties that are not the column of their name: infinities are null on the wire."""

_HIGHEST = 85.05112877980659
"""Degrees of latitude at the edges of web Mercator's square."""
EXTENT = (
    "coalesce((SELECT extent.geom FROM extent WHERE extent.id = event.extent_id),"
    " (SELECT region.geom FROM region WHERE event.extent_id IS NULL AND region.code = event.extent_region))"
)
"""The area in which an event may have happened, over the columns of `event`."""


@cache
def feature(
    geometry: GeometryWanted = GeometryWanted.POINT,
    properties: tuple[str, ...] | None = None,
    crs: Crs = Crs.CRS84,
) -> ColumnElement[str]:
    """A feature of an event as text, over the columns of `event`: all properties, or those named (out of `PROPERTIES`)."""
    return extended(event_geometry(geometry, crs), properties)


def extended(geometry: str, properties: tuple[str, ...] | None, members: str = "") -> ColumnElement[str]:
    """A feature of an event with this geometry, and with further members: SQL for their text, with a comma before each."""
    names = PROPERTIES if properties is None else properties
    written = f"(SELECT row_to_json(shown)::text FROM (SELECT {shown(names)}) AS shown)" if names else "'{}'"
    # An id needs no escaping, being a UUID.
    return of("'\"' || event.id || '\"'", f"{geometry} || {members}" if members else geometry, written)


def of(identity: str, geometry: str, properties: str) -> ColumnElement[str]:
    """A feature as text, of an id, a geometry and properties that are texts of JSON."""
    return literal_column(
        f"""'{{"type":"Feature","id":' || {identity} || ',"geometry":' || {geometry} || ',"properties":' || {properties} || '}}'""",
        Text,
    )


def point(geometry: str, crs: Crs = Crs.CRS84) -> str:
    """A point as a GeoJSON geometry in a text, `null` where there is none."""
    # Millimetres; in degrees a tenth of that.
    digits = 3 if crs is Crs.EPSG_3857 else 9
    return f"coalesce(ST_AsGeoJSON({_in(crs, geometry)}, {digits}, 0), 'null')"


def area(geometry: str, crs: Crs = Crs.CRS84) -> str:
    """An area as a GeoJSON geometry in a text, `null` where there is none. Outer rings run counterclockwise (RFC 7946, 3.1.6)."""
    # Five decimals are about a metre, finer than any extent or border is known.
    digits = 0 if crs is Crs.EPSG_3857 else 5
    if crs is Crs.EPSG_3857:
        geometry = f"ST_ClipByBox2D({geometry}, ST_MakeEnvelope(-180, -{_HIGHEST}, 180, {_HIGHEST}, 4326))"
    return f"coalesce(ST_AsGeoJSON({_in(crs, f'ST_ForcePolygonCCW({geometry})')}, {digits}, 0), 'null')"


def event_geometry(wanted: GeometryWanted, crs: Crs) -> str:
    """What is shown as an event's geometry, as a text of JSON."""
    if wanted is GeometryWanted.NONE:
        return "'null'"
    return area(EXTENT, crs) if wanted is GeometryWanted.EXTENT else point("event.geom", crs)


def shown(properties: tuple[str, ...]) -> str:
    """Properties of an event as a list of columns, over those of `event`."""
    return ", ".join(f"{SPECIAL.get(name, f'event.{name}')} AS {name}" for name in properties)


@cache
def region(*, outline: bool, crs: Crs = Crs.CRS84) -> ColumnElement[str]:
    """A feature of a region as text, over the columns of `region`; its geometry is the outline, or null."""
    columns = ", ".join(
        f"region.{name}"
        for name in ("code", "name", "level", "parent", "country", "alpha3", "fips", "gw", "aliases")
    )
    return of(
        "to_json(region.code)",
        area("region.geom", crs) if outline else "'null'",
        f"(SELECT row_to_json(shown)::text FROM (SELECT {columns}) AS shown)",
    )


def collection(features: Iterable[str], members: dict[str, object]) -> bytes:
    """A FeatureCollection of features that are text already; `members` (links, counts) come before them."""
    head = orjson.dumps({"type": "FeatureCollection", **members})
    return b"".join((head[:-1], b',"features":[', ",".join(features).encode(), b"]}"))


class Collection:
    """Writes a FeatureCollection of features that are text already (`formats.format.Writer`)."""

    def __init__(self, members: Mapping[str, Any]) -> None:
        """Take the members that stand before the features."""
        self._members = members
        self._owed = b""

    def begin(self) -> bytes:
        return orjson.dumps({"type": "FeatureCollection", **self._members})[:-1] + b',"features":[\n'

    def write(self, rows: bytes) -> bytes:
        # A newline stands nowhere but between rows: inside of them JSON escapes it.
        written = self._owed + rows[:-1].replace(b"\n", b",\n")
        self._owed = b",\n"
        return written

    def end(self) -> Iterator[bytes]:
        yield b"\n]}\n"

    def close(self) -> None:
        """Nothing is held."""


def single(written: str, members: dict[str, object]) -> bytes:
    """One feature that is text already, with further members at its end."""
    return with_members(written, members, {})


def _in(crs: Crs, geometry: str) -> str:
    if crs is Crs.EPSG_3857:
        return f"ST_Transform({geometry}, {crs.srid})"
    return f"ST_FlipCoordinates({geometry})" if crs.latitude_first else geometry


def _line(asked: Shown) -> ColumnElement[str]:
    return feature(asked.geometry, asked.properties, asked.crs)


def _writer(_asked: Shown, about: About) -> Collection:
    return Collection(about.members)


GEOJSON = Format(
    name="geojson",
    aliases=("json",),
    media_type=MEDIA_TYPE,
    accepted=("application/json",),
    title="GeoJSON",
    columns=lambda asked: [_line(asked)],
    line=_line,
    writer=_writer,
    verbatim=True,
    linked=True,
    systems=True,
)
