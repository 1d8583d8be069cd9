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

_TEXT, _ID, _INTEGER, _NUMBER = Kind.TEXT, Kind.ID, Kind.INTEGER, Kind.NUMBER
_DATE, _TIMESTAMP, _TEXTS = Kind.DATE, Kind.TIMESTAMP, Kind.TEXTS

REGIONS: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(("code", "name", "parent", "country", "alpha3"), _TEXT),
        "level": _INTEGER,
        "fips": _TEXTS,
        "aliases": _TEXTS,
        "geometry": Kind.GEOMETRY,
    }
)
FIGURES: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(("id", "actor_id", "document_id"), _ID),
        **dict.fromkeys(
            ("dataset", "source_key", "metric", "qualifier", "region", "region_name", "place"), _TEXT
        ),
        **dict.fromkeys(("claimant", "role", "quote", "verification", "note"), _TEXT),
        **dict.fromkeys(("revision", "value", "low", "high"), _INTEGER),
        **dict.fromkeys(("first_day", "last_day", "change_first_day", "change_last_day"), _DATE),
        "change_percent": _NUMBER,
        "geometry": Kind.GEOMETRY,
    }
)
"""Their geometry is the outline of their region."""
DOCUMENTS: Mapping[str, Kind] = MappingProxyType(
    {
        **dict.fromkeys(("id", "origin_id"), _ID),
        **dict.fromkeys(("dataset", "source_key", "kind", "publisher", "title", "url", "archive_url"), _TEXT),
        **dict.fromkeys(("language", "sha256", "note"), _TEXT),
        "revision": _INTEGER,
        "authors": _TEXTS,
        "published_on": _DATE,
        "published_at": _TIMESTAMP,
    }
)
ACTORS: Mapping[str, Kind] = MappingProxyType(
    {"id": _ID, **dict.fromkeys(("dataset", "source_key", "name"), _TEXT), "aliases": _TEXTS}
)
