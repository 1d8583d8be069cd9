"""Geometries as parameters, and how a column is compared with them."""

from __future__ import annotations

from typing import Any

import shapely
from geoalchemy2 import Geometry
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, func, literal, or_

from app.domain.areas import Area

_GEOMETRY = Geometry(srid=4326)


def geometry(shape: BaseGeometry) -> ColumnElement[Geometry]:
    """A geometry in EPSG:4326."""
    # By its type, and not as an argument, which GeoAlchemy writes into the text: then no statement could be kept (`db.shapes`).
    return func.ST_GeomFromWKB(literal(shapely.to_wkb(shape)), type_=_GEOMETRY)


def touches(column: Any, area: Area) -> ColumnElement[bool]:
    """One of the area's pieces touches it.

    Each by itself: one geometry on both sides of the antimeridian has a box round the world, and no index helps (400 ms against 68).
    """
    return or_(*(func.ST_Intersects(column, geometry(piece)) for piece in area.pieces))
