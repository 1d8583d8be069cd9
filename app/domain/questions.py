"""The canonical form of a question: one for all its spellings, as members of a search body, from which it is read back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from app.domain.areas import Box, Circle
from app.domain.days import Days
from app.domain.expressions import to_json
from app.domain.expressions.writing import plain, plain_numbers
from app.domain.filters import EventFilter, Match
from app.domain.words import TERM

Members = dict[str, Any]


def canonical(wanted: EventFilter) -> Members:
    """What is wanted, as of any moment: regions as codes, lists sorted, days and numbers in one spelling, defaults left out.

    Every filter of `EventFilter` but `at` has its member here; one that is forgotten would be left out of what is kept.
    """
    where = (wanted.box, wanted.area, wanted.near, wanted.days, *wanted.regions)
    members: Members = {
        **_place(wanted),
        # Without an area or days there is nothing that it could compare.
        "match": wanted.match if wanted.match is not Match.POINT and any(where) else None,
        "datetime": _window(wanted.days, rough=wanted.match is Match.POSSIBLE),
        "reported": _window(wanted.reported, rough=False),
        "type": _sorted(wanted.types),
        "dataset": _sorted(wanted.datasets),
        "precision": _sorted(wanted.precisions),
        "verification": _sorted(wanted.verifications),
        "actor": _sorted(wanted.actors),
        "deaths_min": wanted.deaths_min,
        "deaths_max": wanted.deaths_max,
        "contested": wanted.contested,
        "has_geometry": wanted.has_geometry,
        "q": _search(wanted.words) if wanted.words else None,
        "claimant_role": _sorted(wanted.claimant_roles),
        "claim_verification": _sorted(wanted.claim_verifications),
        "sources_min": wanted.sources_min,
        "filter": to_json(wanted.expression) if wanted.expression else None,
    }
    return {name: members[name] for name in sorted(members) if members[name] is not None}


def as_json(members: Members) -> bytes:
    """JSON that is the same for the same members: sorted, without spaces."""
    return orjson.dumps(members, option=orjson.OPT_SORT_KEYS)


def _place(wanted: EventFilter) -> Members:
    return {
        "bbox": _box(wanted.box) if wanted.box else None,
        "region": _sorted(region.code for region in wanted.regions),
        "intersects": _geometry(wanted.area.core) if wanted.area else None,
        **(_circle(wanted.near) if wanted.near else {}),
    }


def _box(box: Box) -> list[float]:
    return [plain(edge) for edge in (box.west, box.south, box.east, box.north)]


def _circle(circle: Circle) -> Members:
    return {"near": [plain(circle.lon), plain(circle.lat)], "radius": plain(circle.radius_m)}


def _geometry(shape: BaseGeometry) -> Members:
    written: Members = orjson.loads(shapely.to_geojson(shape))
    return {"type": written["type"], "coordinates": plain_numbers(written["coordinates"])}


def _sorted(words: Iterable[str]) -> list[str] | None:
    return sorted(str(word) for word in set(words)) or None


def _window(days: Days | None, *, rough: bool) -> str | None:
    """A window of days. That an end was written as an instant counts only where days are compared roughly."""
    if not days:
        return None
    since = f"{days.since}{'T00:00:00Z' if rough and days.rough_since else ''}" if days.since else ".."
    until = f"{days.until}{'T00:00:00Z' if rough and days.rough_until else ''}" if days.until else ".."
    return since if since == until else f"{since}/{until}"


def _search(words: str) -> str:
    """Folded words (`words.web_search`) as they are typed: there a choice is OR in capitals.

    >>> _search('sana or "al bab" -"or"')
    'sana OR "al bab" -"or"'
    """
    return " ".join("OR" if found[0] == "or" else found[0] for found in TERM.finditer(words))
