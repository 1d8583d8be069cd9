"""The temporal operators of CQL2 (21-065r2, 7.8), over starts and ends; of a single day or instant both are itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from app.domain.expressions.nodes import Op

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Ends:
    """A start and an end, both included."""

    start: ColumnElement[Any]
    end: ColumnElement[Any]


HOLDS: dict[Op, Callable[[Ends, Ends], Condition]] = {
    Op.T_AFTER: lambda a, b: a.start > b.end,
    Op.T_BEFORE: lambda a, b: a.end < b.start,
    Op.T_CONTAINS: lambda a, b: and_(a.start < b.start, a.end > b.end),
    Op.T_DISJOINT: lambda a, b: or_(a.end < b.start, a.start > b.end),
    Op.T_DURING: lambda a, b: and_(a.start > b.start, a.end < b.end),
    Op.T_EQUALS: lambda a, b: and_(a.start == b.start, a.end == b.end),
    Op.T_FINISHED_BY: lambda a, b: and_(a.start < b.start, a.end == b.end),
    Op.T_FINISHES: lambda a, b: and_(a.start > b.start, a.end == b.end),
    Op.T_INTERSECTS: lambda a, b: and_(a.start <= b.end, a.end >= b.start),
    Op.T_MEETS: lambda a, b: a.end == b.start,
    Op.T_MET_BY: lambda a, b: a.start == b.end,
    Op.T_OVERLAPPED_BY: lambda a, b: and_(a.start > b.start, a.start < b.end, a.end > b.end),
    Op.T_OVERLAPS: lambda a, b: and_(a.start < b.start, a.end > b.start, a.end < b.end),
    Op.T_STARTED_BY: lambda a, b: and_(a.start == b.start, a.end > b.end),
    Op.T_STARTS: lambda a, b: and_(a.start == b.start, a.end < b.end),
}
APART = frozenset({Op.T_AFTER, Op.T_BEFORE, Op.T_DISJOINT})
"""Those that may hold of two that have no moment in common; all others imply T_INTERSECTS."""
