"""An expression becomes SQL: conditions here, the values that they compare in `values`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, any_, false, func, not_, or_

from app.domain.days import Days
from app.domain.expressions.nodes import ARRAY as SETS
from app.domain.expressions.nodes import (
    COMPARISONS,
    SPATIAL,
    TEMPORAL,
    Array,
    Expression,
    Geometry,
    Interval,
    Literal,
    Op,
    Operation,
    Property,
)
from app.domain.kinds import Kind
from app.queries.expressions.columns import Columns, Condition, Day, Place, Span
from app.queries.expressions.times import APART, HOLDS
from app.queries.expressions.values import Values
from app.queries.shapes import touches

_COMPARED: dict[Op, Callable[[Any, Any], Condition]] = {
    Op.EQUAL: lambda one, other: one == other,
    Op.UNEQUAL: lambda one, other: one != other,
    Op.LESS: lambda one, other: one < other,
    Op.GREATER: lambda one, other: one > other,
    Op.AT_MOST: lambda one, other: one <= other,
    Op.AT_LEAST: lambda one, other: one >= other,
}
_SCALAR = COMPARISONS | {Op.BETWEEN, Op.IN}
_SPATIAL = {
    Op.S_EQUALS: "ST_Equals",
    Op.S_TOUCHES: "ST_Touches",
    Op.S_WITHIN: "ST_Within",
    Op.S_OVERLAPS: "ST_Overlaps",
    Op.S_CROSSES: "ST_Crosses",
    Op.S_CONTAINS: "ST_Contains",
}


def condition(expression: Expression, columns: Columns) -> Condition:
    """What must hold of a row for the expression to be true. Where the expression is null, this may as well be false."""
    return _Writer(columns).holds(expression)


class _Writer:
    """Writes conditions over these columns."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._values = Values(columns, self.truth)

    def holds(self, part: Expression) -> Condition:
        """A condition that must hold. As null is as good as false here, columns can be compared bare, which lets indexes serve."""
        match part:
            case Operation(Op.AND, args):
                return and_(*(self.holds(arg) for arg in args))
            case Operation(Op.OR, args):
                return or_(*(self.holds(arg) for arg in args))
            case Operation(op, args) if op in _SCALAR:
                # Of the members of a list one is enough, and the others may be unknown.
                known = self._known(args[:1] if op is Op.IN else args)
                return and_(self._compared(op, args, bare=True), *known)
            case Operation(op, args) if op in TEMPORAL:
                return self._holds_in_time(op, args)
            case Operation(Op.S_INTERSECTS | Op.S_WITHIN | Op.S_CONTAINS as op, args):
                return self._holds_in_place(op, args)
            case _:
                return self.truth(part)

    def truth(self, part: Expression) -> Condition:  # noqa: PLR0911 — one for each kind of condition
        """A condition with its three values: true, false and null."""
        match part:
            case Operation(Op.AND, args):
                return and_(*(self.truth(arg) for arg in args))
            case Operation(Op.OR, args):
                return or_(*(self.truth(arg) for arg in args))
            case Operation(Op.NOT, (arg,)):
                return not_(self.truth(arg))
            case Operation(Op.LIKE, (text, pattern)):
                return self._values.text(text).like(self._values.text(pattern))
            case Operation(Op.IS_NULL, (arg,)):
                return self._is_null(arg)
            case Operation(op, args) if op in _SCALAR:
                return self._compared(op, args, bare=False)
            case Operation(op, (one, other)) if op in SPATIAL:
                return self._in_place(op, one, other)
            case Operation(op, args) if op in TEMPORAL:
                return HOLDS[op](*self._values.ends(args, bare=False))
            case Operation(op, (one, other)) if op in SETS:
                return _compared_sets(op, *self._values.sets(one, other))
            case _:
                return self._values.boolean(part)

    def _compared(self, op: Op, args: tuple[Expression, ...], *, bare: bool) -> Condition:
        if op is Op.IN:
            # Not IN (…), which a single value that is selected would make IN (SELECT …): null would be no value, and not null.
            one, several = self._values.among(args[0], args[1:], bare=bare)
            return one == any_(several)
        ordered = op not in {Op.EQUAL, Op.UNEQUAL}
        value, *others = self._values.alike(args, ordered=ordered, bare=bare)
        if op is Op.BETWEEN:
            low, high = others
            return value.between(low, high)
        return _COMPARED[op](value, *others)

    def _known(self, args: tuple[Expression, ...]) -> list[Condition]:
        """Days that are compared bare are known."""
        names = dict.fromkeys(arg.name for arg in args if isinstance(arg, Property))
        days = [column for name in names if isinstance(column := self._columns[name], Day)]
        return [day.column != day.unknown for day in days]

    def _holds_in_time(self, op: Op, args: tuple[Expression, ...]) -> Condition:
        if any(
            isinstance(end, Property)
            for arg in args
            if isinstance(arg, Interval)
            for end in (arg.start, arg.end)
        ):
            # Of an interval only those ends must be known that the operator compares.
            return self.truth(Operation(op, args))
        exactly = HOLDS[op](*self._values.ends(args, bare=True))
        found = self._span_and_window(args)
        if found is None or op in APART:
            return and_(exactly, *self._known(args))
        span, window = found
        # Every other operator implies a day in common, which indexes find.
        return span.overlapping(window) if op is Op.T_INTERSECTS else and_(span.overlapping(window), exactly)

    def _span_and_window(self, args: tuple[Expression, ...]) -> tuple[Span, Days] | None:
        for one, other in (args, args[::-1]):
            window = _window(other)
            if isinstance(one, Property) and window is not None:
                column = self._columns[one.name]
                if isinstance(column, Span):
                    return column, window
        return None

    def _holds_in_place(self, op: Op, args: tuple[Expression, ...]) -> Condition:
        inner, outer = args if op is not Op.S_CONTAINS else args[::-1]
        for one, other in ((inner, outer), (outer, inner))[: 2 if op is Op.S_INTERSECTS else 1]:
            if isinstance(one, Property) and isinstance(other, Geometry):
                column = self._columns[one.name]
                if isinstance(column, Place):
                    look = column.touching if op is Op.S_INTERSECTS else column.within
                    return and_(look(other.area), column.known)
        return self.truth(Operation(op, args))

    def _in_place(self, op: Op, one: Expression, other: Expression) -> Condition:
        if op is Op.S_DISJOINT:
            return not_(self._in_place(Op.S_INTERSECTS, one, other))
        if op is not Op.S_INTERSECTS:
            function = getattr(func, _SPATIAL[op])
            found: Condition = function(self._values.geometry(one), self._values.geometry(other))
            return found
        if isinstance(one, Geometry):
            one, other = other, one
        if isinstance(other, Geometry):
            return touches(self._values.geometry(one), other.area)
        return func.ST_Intersects(self._values.geometry(one), self._values.geometry(other))

    def _is_null(self, part: Expression) -> Condition:
        match part:
            case Property(name, _):
                column = self._columns[name]
                if isinstance(column, Day):
                    return column.column == column.unknown
                if isinstance(column, Place):
                    return not_(column.known)
                # An interval with open ends is one.
                return false() if isinstance(column, Span) else column.is_(None)
            case Interval(start, end):
                return or_(false(), *(self._is_null(one) for one in (start, end) if one is not None))
            case Literal() | Geometry() | Array():
                return false()
            case _:
                return self._values.any(part).is_(None)


def _compared_sets(op: Op, one: ColumnElement[Any], other: ColumnElement[Any]) -> Condition:
    if op is Op.A_OVERLAPS:
        return one.bool_op("&&")(other)
    holds, lies_in = one.bool_op("@>")(other), one.bool_op("<@")(other)
    return {Op.A_CONTAINS: holds, Op.A_CONTAINED_BY: lies_in, Op.A_EQUALS: and_(holds, lies_in)}[op]


def _window(part: Expression) -> Days | None:
    """The days that a literal names."""
    if isinstance(part, Literal):
        part = Interval(part, part)
    if not isinstance(part, Interval):
        return None
    ends = (part.start, part.end)
    if not all(end is None or (isinstance(end, Literal) and end.kind is Kind.DATE) for end in ends):
        return None
    since, until = (end.value if isinstance(end, Literal) else None for end in ends)
    return Days(since=since, until=until)  # type: ignore[arg-type]
