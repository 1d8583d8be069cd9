"""What several tables have: checks of vocabularies, columns of geometry."""

from __future__ import annotations

from enum import StrEnum

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """A check that a column holds one of a vocabulary's words (or null, where it may be null)."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f'"{column}" IN ({listed})', name=column)


def geometry(kind: str) -> Geometry:
    """A geometry column in EPSG:4326 whose index, if it has one, is named among the table's."""
    return Geometry(kind, srid=4326, spatial_index=False)
