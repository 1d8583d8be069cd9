"""Arithmetic that never fails: what cannot be worked out, or is too large for the next operation, is null.

PostgreSQL raises an error on a division by zero, on overflow and on underflow, which would be one for the whole answer. So each number is
0, or between 1e-100 and 1e100 (`domain.expressions.literals.MAX_NUMBER`), and so is each result, which is named (FROM unnest) in order to
be written once however often it is looked at: written twice, thirty operations would be a thousand million.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Double, and_, case, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import array

from app.domain.expressions.literals import MAX_NUMBER
from app.domain.expressions.nodes import Op

Number = ColumnElement[Any]
_MOST = 230.0
"""The natural logarithm of what is just under MAX_NUMBER."""


def number(value: float) -> Number:
    """A number of the caller's."""
    return cast(literal(value), Double)


_ZERO, _ONE = number(0.0), number(1.0)


def double(column: Number) -> Number:
    """A whole number as one to calculate with."""
    return cast(column, Double)


def bounded(value: Number) -> Number:
    """The number, or 0 if it is nearly that, or null if it is too large."""
    named = func.unnest(array([value])).column_valued("result")
    size = func.abs(named)
    kept = case((size < number(1 / MAX_NUMBER), _ZERO), else_=named)
    return select(kept).where(size <= number(MAX_NUMBER)).scalar_subquery()


def worked_out(op: Op, one: Number, other: Number) -> Number:
    """One arithmetic operation."""
    return bounded(_OPERATIONS[op](one, other))


def _over(one: Number, other: Number) -> Number:
    # Python's sign for it would bring casts.
    return one.op("/", return_type=Double())(func.nullif(other, _ZERO, type_=Double))


def _modulo(one: Number, other: Number) -> Number:
    """What is left of a division that gives a whole number; it has the sign of the dividend, as in SQL."""
    return _named(one, other, lambda a, b: a - b * func.trunc(_over(a, b)))


def _power(one: Number, other: Number) -> Number:
    return _named(
        one,
        other,
        lambda a, b: case(
            (and_(a == _ZERO, b < _ZERO), null()),
            # Of a zero to an unknown power nothing is known either.
            (a == _ZERO, case((b == _ZERO, _ONE), (b > _ZERO, _ZERO), else_=null())),
            (and_(a < _ZERO, b != func.floor(b)), null()),
            (b * func.ln(func.abs(a)) > number(_MOST), null()),
            (b * func.ln(func.abs(a)) < number(-_MOST), _ZERO),
            else_=func.power(a, b),
        ),
    )


def _named(one: Number, other: Number, worked: Callable[[Number, Number], Number]) -> Number:
    names = func.unnest(array([one]), array([other])).table_valued("a", "b").render_derived("operand")
    return select(worked(names.c.a, names.c.b)).scalar_subquery()


_OPERATIONS: dict[Op, Callable[[Number, Number], Number]] = {
    Op.PLUS: lambda one, other: one + other,
    Op.MINUS: lambda one, other: one - other,
    Op.TIMES: lambda one, other: one * other,
    Op.OVER: _over,
    Op.DIV: lambda one, other: func.trunc(_over(one, other)),
    Op.MODULO: _modulo,
    Op.POWER: _power,
}
