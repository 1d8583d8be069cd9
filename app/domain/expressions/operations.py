"""What each operator takes, and what its arguments have to do with one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from app.domain.expressions.errors import BadExpression, unknown
from app.domain.expressions.fitting import alike, hint, pattern, refuse_other, same_days
from app.domain.expressions.functions import FUNCTIONS
from app.domain.expressions.nodes import (
    ARITHMETIC,
    ARRAY,
    COMPARISONS,
    FOLDS,
    LOGIC,
    SPATIAL,
    TEMPORAL,
    Array,
    Call,
    Expression,
    Op,
    Operation,
)
from app.domain.kinds import ARRAYS, INSTANTS, NUMERIC, TEXTUAL, Kind

MAX_LIST = 1_000
"""Values of an IN or of an array."""
MAX_WORKED_OUT = 8
"""Calculations, foldings and functions within one another: as SQL these are deeper than anything else."""

_ORDERED = NUMERIC | TEXTUAL | INSTANTS
_SCALAR = _ORDERED | {Kind.BOOLEAN}
_GEOMETRIES = frozenset({Kind.GEOMETRY})


class Parts(Protocol):
    """What reads the arguments."""

    def part(self, value: Any) -> Expression:
        """Any part of a condition."""
        ...

    def condition(self, value: Any) -> Expression:
        """Something that is true or false."""
        ...

    def spend(self, cost: int) -> None:
        """Count what was read, as so many parts."""
        ...

    def members(self, values: list[Any]) -> tuple[Expression, ...]:
        """The members of a list."""
        ...


def operation(parts: Parts, name: object, args: object) -> Expression:
    """An operator or a function with its arguments. Raises BadExpression."""
    if not isinstance(name, str) or not isinstance(args, list):
        raise BadExpression('An operation of CQL2 JSON has the name "op" and the list "args".')
    op = _OPS.get(name.lower())
    parts.spend(10 if op in ARITHMETIC else 0)
    found = _call(parts, name, args) if op is None else _READ[op](parts, op, args)
    if _worked_out(found) > MAX_WORKED_OUT:
        raise BadExpression(
            f"Calculations and functions are nested more than {MAX_WORKED_OUT} deep. Put brackets round the halves of a long one."
        )
    return found


def _logic(parts: Parts, op: Op, args: list[Any]) -> Operation:
    if op is Op.NOT:
        return Operation(op, (parts.condition(*_counted(op, args, 1)),))
    if len(args) < 2:  # what stands on its two sides
        raise BadExpression(f"{op.upper()} needs two conditions or more.")
    found = [parts.condition(one) for one in args]
    # a AND (b AND c) is a AND b AND c.
    flat = [
        part
        for one in found
        for part in (one.args if isinstance(one, Operation) and one.op is op else (one,))
    ]
    return Operation(op, tuple(flat))


def _comparison(parts: Parts, op: Op, args: list[Any]) -> Operation:
    one, other = _several(parts, op, args, _SCALAR)
    return Operation(op, alike(one, other))


def _like(parts: Parts, op: Op, args: list[Any]) -> Operation:
    text, wanted = _several(parts, op, args, TEXTUAL)
    pattern(wanted)
    return Operation(op, (text, wanted))


def _between(parts: Parts, op: Op, args: list[Any]) -> Operation:
    value, low, high = _several(parts, op, args, _ORDERED, 3)
    value, low = alike(value, low)
    value, high = alike(value, high)
    return Operation(op, (*alike(value, low), high))


def _in(parts: Parts, op: Op, args: list[Any]) -> Operation:
    given, listed = _counted(op, args, 2)
    if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_LIST:
        raise BadExpression(f"IN is followed by a list of 1 to {MAX_LIST} values: type IN ('battle','riot').")
    value = parts.part(given)
    refuse_other(value, _SCALAR, op.upper())
    return Operation(op, (value, *(alike(value, one)[1] for one in parts.members(listed))))


def _is_null(parts: Parts, op: Op, args: list[Any]) -> Operation:
    return Operation(op, (parts.part(*_counted(op, args, 1)),))


def _fold(parts: Parts, op: Op, args: list[Any]) -> Operation:
    return Operation(op, _several(parts, op, args, TEXTUAL, 1))


def _arithmetic(parts: Parts, op: Op, args: list[Any]) -> Operation:
    return Operation(op, _several(parts, op, args, NUMERIC))


def _worked_out(part: Expression) -> int:
    """How many values that are worked out lie within one another, down to what is true or false."""
    if not isinstance(part, Operation | Call) or part.kind is Kind.BOOLEAN:
        return 0
    return 1 + max((_worked_out(arg) for arg in part.args), default=0)


def _spatial(parts: Parts, op: Op, args: list[Any]) -> Operation:
    one, other = _counted(op, args, 2)
    if op in {Op.S_INTERSECTS, Op.S_DISJOINT}:
        # A collection of points, lines and polygons is met where one of them is.
        ones, others = _of_one_kind(one), _of_one_kind(other)
        # Each pair costs as any comparison does; they are paid for before they are made.
        parts.spend(20 * (len(ones) * len(others) - 1))
        pairs = [[first, second] for first in ones for second in others]
        if len(pairs) > 1:
            touched = Operation(Op.OR, tuple(_spatial(parts, Op.S_INTERSECTS, pair) for pair in pairs))
            return touched if op is Op.S_INTERSECTS else Operation(Op.NOT, (touched,))
    parts.spend(20)
    return Operation(op, _several(parts, op, args, _GEOMETRIES))


def _of_one_kind(value: Any) -> list[Any]:
    """The members of a collection of several kinds of geometry; of anything else itself."""
    match value:
        case {"type": "GeometryCollection", "geometries": [*members]}:
            kinds = {
                str(one.get("type")).removeprefix("Multi") if isinstance(one, dict) else "" for one in members
            }
            return members if len(kinds) > 1 else [value]
    return [value]


def _temporal(parts: Parts, op: Op, args: list[Any]) -> Operation:
    return Operation(op, same_days(*_several(parts, op, args, INSTANTS | {Kind.INTERVAL})))


def _sets(parts: Parts, op: Op, args: list[Any]) -> Operation:
    one, other = _several(parts, op, args, ARRAYS)
    an_empty_one = any(isinstance(part, Array) and not part.items for part in (one, other))
    if one.kind is not other.kind and not an_empty_one:
        raise BadExpression(f"{op.upper()} compares an array of texts with one of numbers.")
    return Operation(op, (one, other))


def _call(parts: Parts, name: str, args: list[Any]) -> Call:
    function = FUNCTIONS.get(name.lower())
    if function is None:
        raise hint(name) or unknown(name, "function", FUNCTIONS)
    found = [parts.part(one) for one in args]
    if len(found) != len(function.arguments):
        names = ", ".join(argument.name for argument in function.arguments)
        raise BadExpression(f"The arguments of {function.name} are ({names}); here are {len(found)}.")
    for part, argument in zip(found, function.arguments, strict=True):
        refuse_other(part, argument.kinds, function.name)
    return Call(function.name, tuple(found))


def _several(
    parts: Parts, op: Op, args: list[Any], kinds: frozenset[Kind], number: int = 2
) -> tuple[Expression, ...]:
    """So many arguments, each of one of these kinds."""
    found = tuple(parts.part(arg) for arg in _counted(op, args, number))
    for part in found:
        refuse_other(part, kinds, op.upper())
    return found


def _counted(op: Op, args: list[Any], number: int) -> list[Any]:
    if len(args) != number:
        plural = "s" if number > 1 else ""
        raise BadExpression(f"{op.upper()} takes {number} argument{plural}; here are {len(args)}.")
    return args


Read = Callable[[Parts, Op, list[Any]], Operation]
_GROUPS: tuple[tuple[frozenset[Op], Read], ...] = (
    (LOGIC, _logic),
    (COMPARISONS, _comparison),
    (frozenset({Op.LIKE}), _like),
    (frozenset({Op.BETWEEN}), _between),
    (frozenset({Op.IN}), _in),
    (frozenset({Op.IS_NULL}), _is_null),
    (FOLDS, _fold),
    (ARITHMETIC, _arithmetic),
    (SPATIAL, _spatial),
    (TEMPORAL, _temporal),
    (ARRAY, _sets),
)
_READ = {op: read for group, read in _GROUPS for op in group}
_OPS = {op.lower(): op for op in Op}
