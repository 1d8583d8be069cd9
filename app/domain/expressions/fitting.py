"""Whether parts of a condition fit together, and literals brought to the kind of what they are compared with."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from app.domain.expressions.errors import BadExpression
from app.domain.expressions.literals import GEOMETRIES, day_of
from app.domain.expressions.nodes import FOLDS, Call, Expression, Interval, Literal, Operation, Property
from app.domain.kinds import INSTANTS, NUMERIC, TEXTUAL, TOLD, Kind

MAX_PATTERN = 500
"""Characters of a pattern of LIKE."""

_FAMILIES = (NUMERIC, TEXTUAL, INSTANTS, frozenset({Kind.BOOLEAN}))
Part = TypeVar("Part", bound=Expression)


def alike(one: Expression, other: Expression) -> tuple[Expression, Expression]:
    """Two values that can be compared, with their literals of one kind. Raises BadExpression."""
    if not any(one.kind in family and other.kind in family for family in _FAMILIES):
        raise BadExpression(
            f"{told(one).capitalize() if not isinstance(one, Property) else told(one)} is {TOLD[one.kind]}, and cannot be compared"
            f" with {told(other)}, which is {TOLD[other.kind]}.{_advice(one, other)}"
        )
    if Kind.ID in {one.kind, other.kind}:
        return _as_id(one), _as_id(other)
    if Kind.DATE in {one.kind, other.kind}:
        return _as_day(one), _as_day(other)
    return one, other


def same_days(*parts: Part) -> Any:
    """Days, instants and intervals: with all their literals as days, where one of them is of days."""
    ends = [end for part in parts for end in _ends(part)]
    found = parts
    if any(end.kind in {Kind.DATE, Kind.INTERVAL} for end in ends):
        found = tuple(_days(part) for part in parts)  # type: ignore[assignment]
    for part in found:
        _refuse_reversed(part)
    return found[0] if len(found) == 1 else found


def pattern(part: Expression) -> None:
    """Refuse what is no pattern of LIKE: a literal, perhaps within CASEI or ACCENTI, whose escapes end."""
    while isinstance(part, Operation) and part.op in FOLDS:
        (part,) = part.args
    if not isinstance(part, Literal) or not isinstance(part.value, str):
        raise BadExpression(
            "The pattern of LIKE is a text, in which % stands for any characters and _ for one."
        )
    if len(part.value) > MAX_PATTERN:
        raise BadExpression(f"The pattern of LIKE is longer than {MAX_PATTERN} characters.")
    if (len(part.value) - len(part.value.rstrip("\\"))) % 2:
        raise BadExpression(
            "The pattern of LIKE ends with a single \\, which escapes what follows it; write \\\\ for the character itself."
        )


def told(part: Expression) -> str:
    """A part in the words of a sentence."""
    match part:
        case Property(name, _):
            return f"'{name}'"
        case Literal(value, Kind.BOOLEAN):
            return f"the value {str(value).lower()}"
        case Literal(value, _):
            return f"the value '{str(value)[:40]}'"
        case Call(function, _):
            return f"what {function} gives"
        case Operation(op, _):
            return f"what {op.upper()} gives"
        case _:
            return "a value"


def hint(name: str) -> BadExpression | None:
    """What a name that is no function was meant to be: a geometry with commas inside."""
    for kind in GEOMETRIES:
        if name.upper() == kind.upper():
            return BadExpression(
                f"This is no {name.upper()[:20]}: coordinates have a space between longitude and latitude, and commas between places,"
                " as in POINT(68.86 36.73)."
            )
    return None


def _advice(one: Expression, other: Expression) -> str:
    kinds = {one.kind, other.kind}
    if Kind.INTERVAL in kinds:
        return " Intervals are compared by T_INTERSECTS, T_DURING and their kin."
    if Kind.TEXT in kinds and kinds & INSTANTS:
        return " Write DATE('2021-08-08') or TIMESTAMP('2021-08-08T20:00:00Z')."
    return ""


def _as_id(part: Expression) -> Expression:
    """Ids are texts in lower case with four hyphens, however they are written."""
    if isinstance(part, Literal) and isinstance(part.value, str):
        try:
            return Literal(str(UUID(part.value)), Kind.TEXT)
        except ValueError:
            return part
    return part


def _as_day(part: Expression) -> Expression:
    return day_of(part) if isinstance(part, Literal) else part


def _ends(part: Expression) -> list[Expression]:
    if isinstance(part, Interval):
        return [end for end in (part.start, part.end) if end is not None]
    return [part]


def _days(part: Expression) -> Expression:
    if isinstance(part, Interval):
        return Interval(*(None if end is None else _as_day(end) for end in (part.start, part.end)))
    return _as_day(part)


def _refuse_reversed(part: Expression) -> None:
    if not isinstance(part, Interval):
        return
    start, end = part.start, part.end
    if isinstance(start, Literal) and isinstance(end, Literal) and start.value > end.value:  # type: ignore[operator]
        raise BadExpression(f"The interval ends ({end.value}) before it begins ({start.value}).")
