"""What a condition in CQL2 JSON is of an event, in plain Python and Shapely: true, false or None. No code of ours but the event's."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import shapely
from shapely.geometry import shape

from tests.queries.oracle import extent_of, metres
from tests.world import Made

KNOWN_AT = datetime(2021, 8, 9, tzinfo=UTC)
"""When version 1 of the small world became known."""
NEVER, EVER = -math.inf, math.inf


def value(part: Any, made: Made) -> Any:  # noqa: PLR0911 — one for each kind of part
    """A part of a condition: a text, a number, a truth, a day, an instant, a pair of ends, a shape, a set, or None."""
    if isinstance(part, bool | int | float | str):
        return part
    if isinstance(part, list):
        return frozenset(one for one in (value(item, made) for item in part) if one is not None)
    if "property" in part:
        return of_event(part["property"], made)
    if "date" in part:
        return date.fromisoformat(part["date"])
    if "timestamp" in part:
        return datetime.fromisoformat(part["timestamp"])
    if "interval" in part:
        return tuple(
            _end(one, made, open_end) for one, open_end in zip(part["interval"], (NEVER, EVER), strict=True)
        )
    if "bbox" in part:
        west, south, east, north = part["bbox"]
        if west <= east:
            return shapely.box(west, south, east, north)
        return shapely.MultiPolygon(
            [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
        )
    if "type" in part:
        return shape(part)
    return _operation(part["op"], part["args"], made)


def of_event(name: str, made: Made) -> Any:
    """A property of an event."""
    special: dict[str, Callable[[], Any]] = {
        "id": lambda: str(made.identity),
        "first_day": lambda: None if made.first_day == date.min else made.first_day,
        "last_day": lambda: None if made.last_day == date.max else made.last_day,
        "datetime": lambda: (
            NEVER if made.first_day == date.min else made.first_day,
            EVER if made.last_day == date.max else made.last_day,
        ),
        "first_reported": lambda: date.fromisoformat(str(made.reported)) if made.reported else None,
        "updated": lambda: KNOWN_AT,
        "geometry": lambda: shapely.Point(made.at) if made.at else None,
        "extent": lambda: extent_of(made),
        "side_a": lambda: frozenset(made.side_a),
        "side_b": lambda: frozenset(made.side_b),
        "actors": lambda: frozenset((*made.side_a, *made.side_b)),
    }
    if name in special:
        return special[name]()
    if name in {"country", "admin1", "admin2"}:
        return made.filed_under.get(name)
    return made.deaths if name.startswith("deaths_") else getattr(made, name)


def _end(end: Any, made: Made, open_end: float) -> Any:
    if end == "..":
        return open_end
    if isinstance(end, str):
        return date.fromisoformat(end) if len(end) == 10 else datetime.fromisoformat(end)
    return value(end, made)


def _operation(op: str, args: list[Any], made: Made) -> Any:  # noqa: PLR0911 — one for each kind of operator
    if op in {"and", "or"}:
        found = [value(one, made) for one in args]
        decided = op == "or"
        return decided if decided in found else None if None in found else not decided
    if op == "isNull":
        found = value(args[0], made)
        return found is None or (isinstance(found, tuple) and None in found)
    if op == "in":
        return _operation("or", [{"op": "=", "args": [args[0], one]} for one in [*args[1], args[1][0]]], made)
    if op == "between":
        low, high = ({"op": sign, "args": [args[0], one]} for sign, one in ((">=", args[1]), ("<=", args[2])))
        return _operation("and", [low, high], made)
    if op == "size":  # the one operation that looks at how often a member stands there
        sides = {"side_a": made.side_a, "side_b": made.side_b, "actors": (*made.side_a, *made.side_b)}
        return len(sides[args[0]["property"]])
    given = [value(one, made) for one in args]
    if any(one is None for one in given):
        return None
    if op.startswith("t_"):
        return _in_time(op, *(one if isinstance(one, tuple) else (one, one) for one in given))
    return _PLAIN[op](*given)


def _in_time(op: str, one: tuple[Any, Any], other: tuple[Any, Any]) -> bool | None:
    """Three-valued: what an unknown end is compared with is unknown."""
    (a, b), (c, d) = one, other
    ways: dict[str, list[tuple[Any, str, Any]]] = {
        "t_after": [(a, ">", d)],
        "t_before": [(b, "<", c)],
        "t_contains": [(a, "<", c), (b, ">", d)],
        "t_during": [(c, "<", a), (d, ">", b)],
        "t_equals": [(a, "=", c), (b, "=", d)],
        "t_finishedBy": [(a, "<", c), (b, "=", d)],
        "t_finishes": [(c, "<", a), (b, "=", d)],
        "t_intersects": [(a, "<=", d), (c, "<=", b)],
        "t_disjoint": [(a, "<=", d), (c, "<=", b)],
        "t_meets": [(b, "=", c)],
        "t_metBy": [(a, "=", d)],
        "t_overlappedBy": [(c, "<", a), (a, "<", d), (d, "<", b)],
        "t_overlaps": [(a, "<", c), (c, "<", b), (b, "<", d)],
        "t_startedBy": [(a, "=", c), (d, "<", b)],
        "t_starts": [(a, "=", c), (b, "<", d)],
    }
    found = [None if None in (x, y) else compare(sign, x, y) for x, sign, y in ways[op]]
    holds = False if False in found else None if None in found else True
    return (None if holds is None else not holds) if op == "t_disjoint" else holds


def compare(sign: str, one: Any, other: Any) -> bool:
    """Two known values. Where a day meets an instant, both are days."""
    if isinstance(one, date) and isinstance(other, date) and (type(one) is not type(other)):
        one, other = (x.date() if isinstance(x, datetime) else x for x in (one, other))
    if isinstance(one, date) != isinstance(other, date):  # one of them is an open end
        one, other = (0 if isinstance(x, date) else x for x in (one, other))
    signs: dict[str, Callable[[], bool]] = {
        "=": lambda: one == other,
        "<>": lambda: one != other,
        "<": lambda: one < other,
        ">": lambda: one > other,
        "<=": lambda: one <= other,
        ">=": lambda: one >= other,
    }
    return signs[sign]()


def like(text: str, pattern: str) -> bool:
    """% any characters, _ one, and what is behind a backslash itself."""
    signs = {"%": ".*", "_": "."}
    written = "".join(
        re.escape(found[1:]) if found[0] == "\\" else signs.get(found, re.escape(found))
        for found in re.findall(r"\\.|.", pattern, re.DOTALL)
    )
    return re.fullmatch(written, text, re.DOTALL) is not None


def casei(text: str) -> str:
    lower = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    return lower.replace("ς", "σ").replace("ſ", "s").replace("ß", "ss")


def accenti(text: str) -> str:
    bare = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", bare).translate(str.maketrans("øØđĐłŁı", "oOdDlLi"))


def bounded(number: float) -> float | None:
    if not abs(number) <= 1e100:
        return None
    return 0.0 if abs(number) < 1e-100 else number


def power(base: float, exponent: float) -> float | None:
    try:
        found = float(base) ** float(exponent)
    except (ZeroDivisionError, OverflowError):
        return None
    return None if isinstance(found, complex) else bounded(found)


def over(one: float, other: float) -> float | None:
    return bounded(one / other) if other else None


def div(one: float, other: float) -> float | None:
    return bounded(math.trunc(one / other)) if other else None


def modulo(one: float, other: float) -> float | None:
    return bounded(one - other * float(math.trunc(one / other))) if other else None


def duration(ends: tuple[Any, Any]) -> int | None:
    start, end = (one.date() if isinstance(one, datetime) else one for one in ends)
    if not (isinstance(start, date) and isinstance(end, date)):
        return None
    return (end - start).days + 1


_PLAIN: dict[str, Callable[..., Any]] = {
    "not": lambda one: not one,
    **{sign: (lambda one, other, sign=sign: compare(sign, one, other)) for sign in ("=", "<>", "<", ">", "<=", ">=")},
    "like": like,
    "casei": casei,
    "accenti": accenti,
    "+": lambda one, other: bounded(float(one) + other),
    "-": lambda one, other: bounded(float(one) - other),
    "*": lambda one, other: bounded(float(one) * other),
    "/": over,
    "div": div,
    "%": modulo,
    "^": power,
    "s_intersects": lambda one, other: one.intersects(other),
    "s_disjoint": lambda one, other: one.disjoint(other),
    "s_equals": lambda one, other: one.equals(other),
    "s_touches": lambda one, other: one.touches(other),
    "s_within": lambda one, other: one.within(other),
    "s_contains": lambda one, other: one.contains(other),
    "s_overlaps": lambda one, other: one.overlaps(other),
    "s_crosses": lambda one, other: one.crosses(other),
    "a_equals": lambda one, other: one == other,
    "a_contains": lambda one, other: one >= other,
    "a_containedBy": lambda one, other: one <= other,
    "a_overlaps": lambda one, other: bool(one & other),
    "lower": lambda one: "".join(c.lower() if len(c.lower()) == 1 else c for c in one),
    "upper": lambda one: "".join(c.upper() if len(c.upper()) == 1 else c for c in one),
    "length": len,
    "abs": abs,
    "ceil": lambda one: float(math.ceil(one)),
    "floor": lambda one: float(math.floor(one)),
    "round": lambda one: float(round(one)),
    "year": lambda one: one.year,
    "month": lambda one: one.month,
    "day": lambda one: one.day,
    "duration_days": duration,
    "distance_m": lambda one, other: metres((one.x, one.y), (other.x, other.y)),
}  # fmt: skip
