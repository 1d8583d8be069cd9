"""Conditions in CQL2 as SQL: whatever the caller wrote is a bound parameter, and columns are compared so that their indexes serve."""

from app.queries.expressions.columns import Column, Columns, Day, Place, Span
from app.queries.expressions.compiling import condition

__all__ = ["Column", "Columns", "Day", "Place", "Span", "condition"]
