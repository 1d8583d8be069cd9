"""An expression becomes SQL, part by part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely
from geoalchemy2 import Geography
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    cast,
    extract,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from app.domain.areas import Area
from app.domain.days import Days
from app.domain.expressions import Expression
from app.domain.expressions.nodes import (
    ARITHMETIC,
    ARRAY as SETS,
    COMPARISONS,
    SPATIAL,
    TEMPORAL,
    Array,
    Call,
    Geometry,
    Interval,
    Literal,
    Op,
    Operation,
    Property,
)
from app.domain.kinds import NUMERIC, TEXTUAL, Kind
from app.queries.expressions import folding, numbers
from app.queries.expressions.columns import Columns, Condition, Day, Place, Span
from app.queries.expressions.times import APART, HOLDS, Ends

E = ColumnElement[Any]


def condition(expression: Expression, columns: Columns) -> Condition:
    """What must hold of a row for the expression to be true. It may be null or false where the expression is null."""
    return _Writer(columns).holds(expression)
