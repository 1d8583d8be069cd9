"""What filters in CQL2 may name, by collection: the properties, and what kind of value each holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.events import PROPERTIES
from app.domain.kinds import Kind

_KINDS = {
    "id": Kind.ID,
    "deaths_estimate": Kind.ID,
    "first_day": Kind.DATE,
    "last_day": Kind.DATE,
    "first_reported": Kind.DATE,
    "updated": Kind.TIMESTAMP,
    "side_a": Kind.TEXTS,
    "side_b": Kind.TEXTS,
    "contested": Kind.BOOLEAN,
    **dict.fromkeys(
        ("radius_m", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians", "claims", "sources", "revision"),
        Kind.INTEGER,
    ),
}  # fmt: skip

EVENTS: Mapping[str, Kind] = MappingProxyType(
    {
        **{name: _KINDS.get(name, Kind.TEXT) for name in PROPERTIES},
        "geometry": Kind.GEOMETRY,
        "extent": Kind.GEOMETRY,
        "datetime": Kind.INTERVAL,
        "actors": Kind.TEXTS,
    }
)
"""Of events: their properties, and beside them

`geometry`: the point, null where there is none; `extent`: the area in which it may have happened, null where nothing is known of it;
`datetime`: first to last day, open where an end is unknown (while `first_day` and `last_day` are then null); `actors`: both sides.
"""
