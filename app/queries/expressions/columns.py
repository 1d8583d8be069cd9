"""What stands for a property in SQL: a column, or several where one is not enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, func

from app.domain.areas import Area
from app.domain.days import Days

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A column of days that holds an infinity where the day is unknown.

    As a value it is null there. Where a condition must hold, the bare column is compared, for its index, and the unknown left out.
    """

    column: ColumnElement[date]
    unknown: ColumnElement[date]

    @property
    def value(self) -> ColumnElement[date | None]:
        """The day, or null."""
        return func.nullif(self.column, self.unknown, type_=Date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An interval of days in two columns that hold infinities where an end is open."""

    start: ColumnElement[date]
    end: ColumnElement[date]
    overlapping: Callable[[Days], Condition]
    """The interval has a day in a window, in the way that its indexes know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A geometry that is worked out row by row, with the ways in which indexes know where it lies."""

    value: ColumnElement[Any]
    known: Condition
    """Whether it is not null."""
    touching: Callable[[Area], Condition]
    within: Callable[[Area], Condition]


Column = ColumnElement[Any] | Day | Span | Place
Columns = Mapping[str, Column]
"""The columns of the properties, by name: of every property that a condition may name."""
