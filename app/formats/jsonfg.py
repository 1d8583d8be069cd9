"""JSON-FG (OGC 21-045r1): GeoJSON that says when a feature was, and of what type it is.

The standard has no media type of its own: it is GeoJSON by the profile PROFILE.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement

from app.domain.crs import Crs
from app.domain.filters import GeometryWanted
from app.formats import geojson
from app.formats.format import About, Format, Shown

PROFILE = "http://www.opengis.net/def/profile/OGC/0/jsonfg"
CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/json-fg-1/1.0/conf/{name}" for name in ("core", "types-schemas")
)

# An end that is not known is open. Of an event of which neither is known there is no time.
_DAYS = {
    name: f"CASE WHEN isfinite(event.{name}) THEN to_char(event.{name}, 'YYYY-MM-DD') ELSE '..' END"
    for name in ("first_day", "last_day")
}
_TIME = f"""CASE
    WHEN event.first_day = event.last_day THEN '{{"date":"' || to_char(event.first_day, 'YYYY-MM-DD') || '"}}'
    WHEN isfinite(event.first_day) OR isfinite(event.last_day)
    THEN '{{"interval":["' || {_DAYS["first_day"]} || '","' || {_DAYS["last_day"]} || '"]}}'
    ELSE 'null' END"""


@cache
def feature(
    geometry: GeometryWanted = GeometryWanted.POINT,
    properties: tuple[str, ...] | None = None,
    crs: Crs = Crs.CRS84,
) -> ColumnElement[str]:
    """A feature of an event as text, over the columns of `event`.

    Its geometry is that of GeoJSON; in another reference system it stands in `place` besides.
    """
    place = "'null'" if crs is Crs.CRS84 else geojson.event_geometry(geometry, crs)
    members = f"""',"place":' || {place} || ',"time":' || {_TIME}"""
    return geojson.extended(geojson.event_geometry(geometry, Crs.CRS84), properties, members)


def _line(asked: Shown) -> ColumnElement[str]:
    return feature(asked.geometry, asked.properties, asked.crs)


def _writer(asked: Shown, about: About) -> geojson.Collection:
    told: dict[str, Any] = {"conformsTo": CONFORMANCE, "featureType": "event", "coordRefSys": asked.crs}
    if asked.geometry is GeometryWanted.POINT:
        told["geometryDimension"] = 0
    elif asked.geometry is GeometryWanted.EXTENT:
        told["geometryDimension"] = 2
    return geojson.Collection({**told, **about.members})


JSONFG = Format(
    name="jsonfg",
    media_type=geojson.MEDIA_TYPE,
    accepted=("application/fg+json", "application/vnd.ogc.fg+json"),
    title="JSON-FG",
    columns=lambda asked: [_line(asked)],
    line=_line,
    writer=_writer,
    verbatim=True,
    linked=True,
    systems=True,
    profile=PROFILE,
)
