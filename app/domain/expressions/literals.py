"""Literals of CQL2 JSON: numbers, days, instants, geometries and boxes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import orjson

from app.domain.areas import MAX_VERTICES, BadArea, Shape
from app.domain.crs import Crs, box_in
from app.domain.days import DAY
from app.domain.expressions.errors import BadExpression
from app.domain.expressions.nodes import Geometry, Literal
from app.domain.kinds import Kind
from app.domain.moments import parse_moment

MAX_NUMBER = 1e100
"""A number is no larger, and none but 0 nearer to 0 than one over it: what is larger or smaller would overflow in arithmetic."""

GEOMETRIES = frozenset(
    ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")
)


def number(value: float) -> Literal:
    """A number: all are floats, in text as in JSON. Raises BadExpression on what is too large."""
    if not abs(value) <= MAX_NUMBER:  # also refuses NaN
        raise BadExpression(f"Numbers lie between -{MAX_NUMBER:g} and {MAX_NUMBER:g}.")
    # -0.0 is 0.
    return Literal(float(value) + 0.0 if abs(value) >= 1 / MAX_NUMBER else 0.0, Kind.NUMBER)


def text(value: str, longest: int) -> Literal:
    """A text of bearable length that a database can hold. Raises BadExpression."""
    if len(value) > longest:
        raise BadExpression(f"A text of the filter is longer than {longest} characters.")
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadExpression(
            "A text of the filter holds the character NUL or half a character, which are no text."
        )
    return Literal(value, Kind.TEXT)


def day(value: object) -> Literal:
    """A day, `2021-08-08`. Raises BadExpression."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise BadExpression(f"'{_shown(value)}' is no day. Days are written DATE('2021-08-08').")
    try:
        return Literal(date.fromisoformat(value), Kind.DATE)
    except ValueError as error:
        raise BadExpression(f"There is no day {value}: {error}.") from error


def instant(value: object) -> Literal:
    """An RFC 3339 instant with its offset, in UTC. Raises BadExpression."""
    if not isinstance(value, str):
        raise BadExpression(
            f"'{_shown(value)}' is no instant. These are written TIMESTAMP('2021-08-08T20:00:00Z')."
        )
    try:
        return Literal(parse_moment(value), Kind.TIMESTAMP)
    except ValueError as error:
        raise BadExpression(str(error)) from error


def day_of(moment: Literal) -> Literal:
    """The day of an instant, in UTC; a day is its own."""
    if isinstance(moment.value, datetime):
        return Literal(moment.value.date(), Kind.DATE)
    return moment


def box(value: object, crs: Crs) -> Geometry:
    """A box of four numbers, or of six with heights. Raises BadExpression."""
    if not isinstance(value, list) or len(value) not in {4, 6} or not all(map(_is_number, value)):
        raise BadExpression("A box has four numbers, BBOX(west,south,east,north), or six with heights.")
    try:
        # -0 is 0: or else equal boxes would differ.
        return Geometry(box_in(crs, ",".join(repr(float(number) + 0.0) for number in value)))
    except BadArea as error:
        raise BadExpression(str(error)) from error


def geometry(value: Mapping[str, Any], crs: Crs) -> Geometry:
    """A GeoJSON geometry. Raises BadExpression."""
    _refuse_long(value)
    try:
        text = orjson.dumps(dict(value)).decode()
        shape = Shape.parse(text, turn=crs.lonlat)
    except (
        ValueError,
        TypeError,
    ) as error:  # BadArea is a ValueError, and so is what cannot be written as JSON
        raise BadExpression(str(error)) from error
    return Geometry(shape)


def _refuse_long(value: object) -> None:
    """Before it is read: a geometry is no larger than what may be asked about."""
    left = 4 * MAX_VERTICES
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, Mapping):
            stack.extend(one.values())
        elif isinstance(one, list):
            stack.extend(one)
        left -= 1
        if left < 0:
            raise BadExpression(f"The geometry has more than {MAX_VERTICES} corners; simplify it.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _shown(value: object) -> str:
    return str(value)[:40]
