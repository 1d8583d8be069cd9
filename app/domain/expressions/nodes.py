"""The parts of a condition (CQL2, OGC 21-065r2). They are made by `parse`, which leaves none that cannot be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.domain.areas import Box, Shape
from app.domain.expressions.functions import FUNCTIONS
from app.domain.kinds import Kind


class Op(StrEnum):
    """The operators, as CQL2 JSON spells them."""

    AND = "and"
    OR = "or"
    NOT = "not"
    EQUAL = "="
    UNEQUAL = "<>"
    LESS = "<"
    GREATER = ">"
    AT_MOST = "<="
    AT_LEAST = ">="
    LIKE = "like"
    BETWEEN = "between"
    IN = "in"
    IS_NULL = "isNull"
    CASEI = "casei"
    ACCENTI = "accenti"
    PLUS = "+"
    MINUS = "-"
    TIMES = "*"
    OVER = "/"
    MODULO = "%"
    DIV = "div"
    POWER = "^"
    S_INTERSECTS = "s_intersects"
    S_EQUALS = "s_equals"
    S_DISJOINT = "s_disjoint"
    S_TOUCHES = "s_touches"
    S_WITHIN = "s_within"
    S_OVERLAPS = "s_overlaps"
    S_CROSSES = "s_crosses"
    S_CONTAINS = "s_contains"
    T_AFTER = "t_after"
    T_BEFORE = "t_before"
    T_CONTAINS = "t_contains"
    T_DISJOINT = "t_disjoint"
    T_DURING = "t_during"
    T_EQUALS = "t_equals"
    T_FINISHED_BY = "t_finishedBy"
    T_FINISHES = "t_finishes"
    T_INTERSECTS = "t_intersects"
    T_MEETS = "t_meets"
    T_MET_BY = "t_metBy"
    T_OVERLAPPED_BY = "t_overlappedBy"
    T_OVERLAPS = "t_overlaps"
    T_STARTED_BY = "t_startedBy"
    T_STARTS = "t_starts"
    A_EQUALS = "a_equals"
    A_CONTAINS = "a_contains"
    A_CONTAINED_BY = "a_containedBy"
    A_OVERLAPS = "a_overlaps"


LOGIC = frozenset({Op.AND, Op.OR, Op.NOT})
COMPARISONS = frozenset({Op.EQUAL, Op.UNEQUAL, Op.LESS, Op.GREATER, Op.AT_MOST, Op.AT_LEAST})
FOLDS = frozenset({Op.CASEI, Op.ACCENTI})
ARITHMETIC = frozenset({Op.PLUS, Op.MINUS, Op.TIMES, Op.OVER, Op.MODULO, Op.DIV, Op.POWER})
SPATIAL = frozenset(op for op in Op if op.startswith("s_"))
TEMPORAL = frozenset(op for op in Op if op.startswith("t_"))
ARRAY = frozenset(op for op in Op if op.startswith("a_"))


@dataclass(frozen=True, slots=True)
class Property:
    """A property of whatever is asked about."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Literal:
    """A value: a text, a finite number, a truth, a day or an instant in UTC."""

    value: str | float | bool | date | datetime
    kind: Kind


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry or a box, in longitude and latitude whatever it was given in."""

    area: Box | Shape

    @property
    def kind(self) -> Kind:
        """A geometry."""
        return Kind.GEOMETRY


@dataclass(frozen=True, slots=True)
class Interval:
    """From one instant until another, both included. None is an open end."""

    start: Expression | None
    end: Expression | None

    @property
    def kind(self) -> Kind:
        """An interval."""
        return Kind.INTERVAL


@dataclass(frozen=True, slots=True)
class Array:
    """Several values; an empty one is of texts."""

    items: tuple[Expression, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with what it stands between. `IN` has the value, then each of the list."""

    op: Op
    args: tuple[Expression, ...]

    @property
    def kind(self) -> Kind:
        """What it gives."""
        if self.op in ARITHMETIC:
            return Kind.NUMBER
        return Kind.TEXT if self.op in FOLDS else Kind.BOOLEAN


@dataclass(frozen=True, slots=True)
class Call:
    """A function of `FUNCTIONS` with its arguments."""

    function: str
    args: tuple[Expression, ...]

    @property
    def kind(self) -> Kind:
        """What it gives."""
        return FUNCTIONS[self.function].returns


Expression = Property | Literal | Geometry | Interval | Array | Operation | Call
"""A condition or a part of one; each has a `kind`. Equal conditions are equal and hash alike."""
