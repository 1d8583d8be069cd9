"""The functions that a filter may call, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.kinds import INSTANTS, NUMERIC, TEXTUAL, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """An argument: its name, and the kinds that it may be of."""

    name: str
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function. Of an argument that is null it gives null."""

    name: str
    description: str
    arguments: tuple[Argument, ...]
    returns: Kind


def _of(name: str, description: str, returns: Kind, **arguments: frozenset[Kind]) -> Function:
    listed = tuple(Argument(name=said, kinds=kinds) for said, kinds in arguments.items())
    return Function(name=name, description=description, arguments=listed, returns=returns)


_TEXT = TEXTUAL
_DAY_OR_INSTANT = INSTANTS
_GEOMETRY = frozenset({Kind.GEOMETRY})

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        one.name: one
        for one in (
            _of("lower", "The text in small letters.", Kind.TEXT, text=_TEXT),
            _of("upper", "The text in capitals.", Kind.TEXT, text=_TEXT),
            _of("length", "How many characters the text has.", Kind.INTEGER, text=_TEXT),
            _of("size", "How many members the array has, each as often as it stands there.", Kind.INTEGER, array=frozenset({Kind.TEXTS, Kind.NUMBERS})),
            _of("abs", "The number without its sign.", Kind.NUMBER, number=NUMERIC),
            _of("ceil", "The least whole number that is not less.", Kind.NUMBER, number=NUMERIC),
            _of("floor", "The greatest whole number that is not more.", Kind.NUMBER, number=NUMERIC),
            _of("round", "The nearest whole number; of two that are as near, the even one.", Kind.NUMBER, number=NUMERIC),
            _of("year", "The year, of an instant in UTC.", Kind.INTEGER, day=_DAY_OR_INSTANT),
            _of("month", "The month, 1 to 12.", Kind.INTEGER, day=_DAY_OR_INSTANT),
            _of("day", "The day of the month, 1 to 31.", Kind.INTEGER, day=_DAY_OR_INSTANT),
            _of(
                "duration_days",
                "How many days the interval has, first and last included; null where an end is open.",
                Kind.INTEGER,
                interval=frozenset({Kind.INTERVAL}),
            ),
            _of(
                "distance_m",
                "Metres between the nearest points of two geometries, on the WGS 84 ellipsoid.",
                Kind.NUMBER,
                one=_GEOMETRY,
                other=_GEOMETRY,
            ),
        )
    }
)  # fmt: skip
"""The functions by name, with their arguments and what they give."""
