"""The rows of a snapshot as they are hashed. A form, once released, never changes: what was cited must verify for ever.

Who wants other rows gives them another name, beside those that are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, Text, literal_column


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How an event is written as a row."""

    properties: tuple[str, ...]
    """What is told of it, in this order: a list of the form's own, into which new properties do not come."""
    written: ColumnElement[str]
    """The row as text, as an expression over the columns of `event`."""


_ROWS_1 = (
    "id", "dataset", "source_key", "type", "source_type", "title", "summary", "first_day", "last_day", "date_precision", "place",
    "precision", "radius_m", "country", "admin1", "admin2", "side_a", "side_b", "deaths_low", "deaths_best", "deaths_high",
    "deaths_civilians", "deaths_state", "deaths_estimate", "verification", "contested", "claims", "sources", "first_reported", "revision",
)  # fmt: skip
_DAYS = {
    "first_day": "nullif(event.first_day, '-infinity')",
    "last_day": "nullif(event.last_day, 'infinity')",
}
_COLUMNS = ", ".join(f"{_DAYS.get(name, f'event.{name}')} AS {name}" for name in _ROWS_1)
# The numbers of our GeoJSON, which have up to nine decimals, written out with nine as `%.9f` does in any language: the text does not depend
# on how PostGIS or Python spell a number.
_POINT = ", ".join(
    f"to_char(CAST(CAST(ST_AsGeoJSON(event.geom, 9) AS json) #>> '{{coordinates,{axis}}}' AS float8), 'FM990.000000000')"
    for axis in (0, 1)
)

NEWEST_FORM = "sitrep-rows-1"
"""The form in which new snapshots are hashed."""

FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "sitrep-rows-1": Form(
            properties=_ROWS_1,
            written=literal_column(
                f"(SELECT row_to_json(told)::text FROM (SELECT {_COLUMNS},"
                f" CASE WHEN event.geom IS NOT NULL THEN ARRAY[{_POINT}] END AS point) AS told)",
                Text,
            ),
        )
    }
)
"""The forms by name.

`sitrep-rows-1`: a JSON object without spaces that holds the properties in their order and then `point`: longitude and latitude as texts
with nine decimals (`%.9f`), or null. Only what JSON demands is escaped. The rows of a snapshot are in the order of their ids, with a newline
between two of them, in UTF-8.
"""
