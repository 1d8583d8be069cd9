"""Whether parts of a condition fit together, and literals brought to the kind of what they are compared with."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import overload
from uuid import UUID

from app.domain.expressions.errors import BadExpression
from app.domain.expressions.literals import GEOMETRIES, day_of
from app.domain.expressions.nodes import FOLDS, Call, Expression, Interval, Literal, Operation, Property
from app.domain.kinds import INSTANTS, NUMERIC, TEXTUAL, TOLD, Kind

MAX_PATTERN = 500
"""Characters of a pattern of LIKE."""

_FAMILIES = (NUMERIC, TEXTUAL, INSTANTS, frozenset({Kind.BOOLEAN}))


def alike(one: Expression, other: Expression) -> tuple[Expression, Expression]:
    """Two values that can be compared, with their literals of one kind. Raises BadExpression."""
    if not any(one.kind in family and other.kind in family for family in _FAMILIES):
        raise BadExpression(
            f"{_begun(told(one))} is {TOLD[one.kind]}, and cannot be compared"
            f" with {told(other)}, which is {TOLD[other.kind]}.{_advice(one, other)}"
        )
    if Kind.ID in {one.kind, other.kind}:
        return _as_id(one), _as_id(other)
    if Kind.DATE in {one.kind, other.kind}:
        return _as_day(one), _as_day(other)
    return one, other


def same_days(one: Expression, other: Expression) -> tuple[Expression, Expression]:
    """Days, instants and intervals: with all their literals as days, where one of them is of days. Raises BadExpression."""
    kinds = {kind for part in (one, other) for kind in _grains(part)}
    if Kind.DATE not in kinds:
        return one, other
    return _by_days(one), _by_days(other)


def one_grain(interval: Interval) -> Interval:
    """An interval whose literals are both days, if one end is. Raises BadExpression where it ends before it begins."""
    found = _by_days(interval) if Kind.DATE in _grains(interval) else interval
    start, end = (edge.value if isinstance(edge, Literal) else None for edge in (found.start, found.end))
    if isinstance(start, date) and isinstance(end, date) and start > end:
        raise BadExpression(f"The interval ends ({end}) before it begins ({start}).")
    return found


def refuse_other(found: Expression, kinds: frozenset[Kind], where: str) -> None:
    """Refuse a part of another kind than these, which are what an operator or function takes."""
    if found.kind not in kinds:
        wanted = " or ".join(dict.fromkeys(TOLD[kind] for kind in Kind if kind in kinds))
        raise BadExpression(f"{where} takes {wanted}; {told(found)} is {TOLD[found.kind]}.")


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
    # ACCENTI leaves out marks, also those that a backslash seems to escape.
    bare = "".join(one for one in unicodedata.normalize("NFD", part.value) if not unicodedata.combining(one))
    if any((len(text) - len(text.rstrip("\\"))) % 2 for text in (part.value, bare)):
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


def _begun(words: str) -> str:
    return words[0].upper() + words[1:]


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


def _grains(part: Expression) -> set[Kind]:
    """Whether it is of days or of instants. Intervals of columns are of days."""
    if isinstance(part, Interval):
        return {end.kind for end in (part.start, part.end) if end is not None}
    return {Kind.DATE} if part.kind is Kind.INTERVAL else {part.kind}


@overload
def _by_days(part: Interval) -> Interval: ...
@overload
def _by_days(part: Expression) -> Expression: ...
def _by_days(part: Expression) -> Expression:
    if not isinstance(part, Interval):
        return _as_day(part)
    return Interval(*(None if end is None else _as_day(end) for end in (part.start, part.end)))
