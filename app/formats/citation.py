"""The text by which a snapshot is cited: as it would stand in a footnote."""

from __future__ import annotations

from typing import Any

import orjson

from app.domain.moments import written
from app.domain.snapshots import Snapshot

MAX_CONDITION = 300
"""Characters of a condition that is cited as it is. The snapshot itself has it whole."""


def citation(snapshot: Snapshot, address: str) -> str:
    """What was asked, as known when, how many events, their hash, the sources in their own words, and where it can be verified."""
    asked = "; ".join(f"{name} {_told(value)}" for name, value in snapshot.question.items())
    return " ".join(
        (
            f"Sitrep, {f'events with {asked}' if asked else 'all events'}, as known here at {written(snapshot.known_at)}:",
            f"{_events(snapshot.rows)}, SHA-256 {snapshot.sha256.hex()} ({snapshot.row_form}).",
            *(_source(source) for source in snapshot.sources),
            address,
        )
    )


def _source(source: dict[str, Any]) -> str:
    """A dataset with the releases that have names of their own, its licence, and how it wants to be cited."""
    releases = ", ".join(one["label"] for one in source["releases"] if one["label"])
    title = f"{source['title']} {releases}" if releases else source["title"]
    return f"{title} ({_events(source['rows'])}; {source['licence']}): {source['citation'].rstrip('.')}."


def _events(number: int) -> str:
    return f"{number} event{'' if number == 1 else 's'}"


def _told(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return ",".join(str(part) for part in value)
        case {"type": _}:
            return f"a {value['type']} of {_corners(value['coordinates'])} corners"
        case dict():
            return _shortened(orjson.dumps(value).decode())
        case _:
            return str(value)


def _shortened(condition: str) -> str:
    """A condition in CQL2 JSON, if it fits into a footnote."""
    return condition if len(condition) <= MAX_CONDITION else f"a condition of {len(condition)} characters"


def _corners(coordinates: list[Any]) -> int:
    """How many positions a GeoJSON geometry has."""
    if coordinates and not isinstance(coordinates[0], list):
        return 1
    return sum(_corners(part) for part in coordinates)
