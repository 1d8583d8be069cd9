"""A condition as CQL2 JSON: one form for all its spellings, from which `parse` reads the same condition."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
import shapely

from app.domain.areas import Box
from app.domain.expressions.nodes import (
    Array,
    Call,
    Expression,
    Geometry,
    Interval,
    Literal,
    Op,
    Operation,
    Property,
)
from app.domain.moments import written


def to_json(part: Expression) -> Any:  # noqa: PLR0911 — one for each kind of part
    """CQL2 JSON with geometries in CRS84, numbers in one spelling and instants in UTC."""
    match part:
        case Property(name, _):
            return {"property": name}
        case Literal(value, _):
            return _literal(value)
        case Geometry(Box() as box):
            return {"bbox": [plain(edge) for edge in (box.west, box.south, box.east, box.north)]}
        case Geometry(area):
            return _geometry(orjson.loads(shapely.to_geojson(area.core)))
        case Interval(start, end):
            return {"interval": [_end(start), _end(end)]}
        case Array(items, _):
            return [to_json(item) for item in items]
        case Operation(Op.IN, (value, *listed)):
            return {"op": Op.IN.value, "args": [to_json(value), [to_json(one) for one in listed]]}
        case Operation(op, args):
            return {"op": op.value, "args": [to_json(one) for one in args]}
        case Call(function, args):
            return {"op": function, "args": [to_json(one) for one in args]}


def plain(value: float) -> float:
    """A number as JSON has it: 68.0 as 68, and -0.0 as 0.

    >>> plain(68.0), plain(-0.0), plain(0.5)
    (68, 0, 0.5)
    """
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


def plain_numbers(value: Any) -> Any:
    """Coordinates, however deep in lists."""
    return [plain_numbers(part) for part in value] if isinstance(value, list) else plain(value)


def _literal(value: object) -> Any:
    match value:
        case datetime():
            return {"timestamp": written(value)}
        case date():
            return {"date": value.isoformat()}
        case bool() | str():
            return value
        case float():
            return plain(value)
    raise TypeError(value)


def _end(end: Expression | None) -> Any:
    if end is None:
        return ".."
    found = to_json(end)
    # Within an interval days and instants are plain texts.
    return found.get("date") or found.get("timestamp") or found


def _geometry(value: dict[str, Any]) -> dict[str, Any]:
    return {"type": value["type"], "coordinates": plain_numbers(value["coordinates"])}
