"""The columns of events in formats that are tables: which, of what kind, and how they are selected.

A list, an instant and an area are written one way for people and another for machines: each format has its dialect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Text, literal_column

from app.domain.events import (
    PROPERTIES,
    DatePrecision,
    DeathsState,
    EventType,
    Precision,
    Status,
    Verification,
)
from app.domain.filters import GeometryWanted
from app.formats.format import Shown
from app.formats.geojson import EXTENT, SPECIAL

UNIT_SEPARATOR = "\x1f"
"""Between the texts of a list, for Arrow: ASCII has it for this."""


class Kind(Enum):
    """What a column holds."""

    TEXT = auto()
    WORD = auto()
    """One word of a vocabulary (VOCABULARIES)."""
    TEXTS = auto()
    """A list of texts, which may be empty."""
    DAY = auto()
    INSTANT = auto()
    INTEGER = auto()
    TRUTH = auto()
    DEGREES = auto()
    OUTLINE = auto()
    """An area."""


class Dialect(Enum):
    """How values are written for a format."""

    CSV = auto()
    """Lists as JSON, instants as in GeoJSON, areas as WKT."""
    ARROW = auto()
    """Lists with UNIT_SEPARATOR between their texts, instants as microseconds since 1970, areas as WKB in hexadecimal digits."""
    FLATGEOBUF = auto()
    """Lists and instants as in CSV, areas as for Arrow."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name."""

    name: str
    kind: Kind


VOCABULARIES: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "type": EventType,
        "date_precision": DatePrecision,
        "precision": Precision,
        "deaths_state": DeathsState,
        "verification": Verification,
        "status": Status,
    }
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(PROPERTIES, Kind.TEXT),
        **dict.fromkeys(VOCABULARIES, Kind.WORD),
        **dict.fromkeys(("side_a", "side_b"), Kind.TEXTS),
        **dict.fromkeys(("first_day", "last_day", "first_reported"), Kind.DAY),
        **dict.fromkeys(("radius_m", "claims", "sources", "revision"), Kind.INTEGER),
        **dict.fromkeys(("deaths_low", "deaths_best", "deaths_high", "deaths_civilians"), Kind.INTEGER),
        "contested": Kind.TRUTH,
        "updated": Kind.INSTANT,
    }
)
"""The kind of each property."""

_OUTLINE = f"ST_ForcePolygonCCW({EXTENT})"
_PLACES = {
    # The numbers of GeoJSON, which have nine decimals at most.
    "longitude": "CAST(round(CAST(ST_X(event.geom) AS numeric), 9) AS float8)",
    "latitude": "CAST(round(CAST(ST_Y(event.geom) AS numeric), 9) AS float8)",
}


def columns(shown: Shown) -> list[Column]:
    """The columns of a row: the properties in their order, `id` always among them as in a feature, and then where it is."""
    names = PROPERTIES if shown.properties is None else shown.properties
    named = [Column(name, KINDS[name]) for name in PROPERTIES if name in names or name == "id"]
    return [*named, *_places(shown.geometry)]


def selected(shown: Shown, dialect: Dialect) -> list[ColumnElement[Any]]:
    """The columns as they are selected for COPY, over the columns of `event`."""
    return [
        literal_column(_expression(column, dialect), Text).label(column.name) for column in columns(shown)
    ]


def line(shown: Shown, dialect: Dialect) -> ColumnElement[str]:
    """The same as a line of CSV, as COPY would write it but that every text stands in quotes."""
    cells = [_cell(column, _expression(column, dialect)) for column in columns(shown)]
    return literal_column(" || ',' || ".join(cells), Text)


def _places(geometry: GeometryWanted) -> list[Column]:
    match geometry:
        case GeometryWanted.POINT:
            return [Column(name, Kind.DEGREES) for name in _PLACES]
        case GeometryWanted.EXTENT:
            return [Column("geometry", Kind.OUTLINE)]
        case GeometryWanted.NONE:
            return []


def _expression(column: Column, dialect: Dialect) -> str:
    value = SPECIAL.get(column.name, f"event.{column.name}")
    arrow = dialect is Dialect.ARROW
    match column.kind:
        case Kind.DEGREES:
            return _PLACES[column.name]
        case Kind.OUTLINE:
            binary = f"encode(ST_AsBinary({_OUTLINE}, 'NDR'), 'hex')"
            return f"ST_AsText({_OUTLINE}, 5)" if dialect is Dialect.CSV else binary
        case Kind.TEXTS:
            listed = f"nullif(array_to_string({value}, E'\\x1f'), '')"
            return listed if arrow else f"CAST(to_json({value}) AS text)"
        case Kind.INSTANT:
            micros = f"CAST(extract(epoch FROM {value}) * 1000000 AS bigint)"
            return micros if arrow else f"to_json({value}) #>> '{{}}'"
        case Kind.TRUTH:
            return f"CAST({value} AS text)"
        case _:
            return value


def _cell(column: Column, expression: str) -> str:
    text = f"CAST({expression} AS text)"
    if column.kind in {Kind.TEXT, Kind.WORD, Kind.TEXTS, Kind.OUTLINE, Kind.INSTANT}:
        return f"""coalesce('"' || replace({text}, '"', '""') || '"', '')"""
    return f"coalesce({text}, '')"
