"""CQL2 JSON becomes a condition whose parts fit together: names are known, kinds agree, and nothing is larger than it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely

from app.domain.areas import MAX_VERTICES
from app.domain.crs import Crs
from app.domain.expressions import literals
from app.domain.expressions.errors import BadExpression, unknown
from app.domain.expressions.fitting import one_grain, told
from app.domain.expressions.nodes import Array, Expression, Geometry, Interval, Literal, Property
from app.domain.expressions.operations import MAX_LIST, operation
from app.domain.kinds import INSTANTS, NUMERIC, TEXTUAL, TOLD, Kind

MAX_DEPTH = 24
"""Operators within operators. What writes SQL goes up to sixty calls deeper for each, and Python ends at a thousand."""
MAX_PARTS = 500
"""Parts of a filter; a calculation counts as ten, an area that is compared as twenty, which is what they cost to write as SQL (0.5 s at most)."""
MAX_LISTED = 5_000
"""Values of all lists together."""
MAX_TEXT = 10_000
"""Characters of a text."""


@dataclass(slots=True)
class Reader:
    """Reads one filter over these properties. Each method raises BadExpression."""

    fields: Mapping[str, Kind]
    crs: Crs
    parts: int = 0
    corners: int = 0
    listed: int = 0
    depth: int = 0

    def condition(self, value: Any) -> Expression:
        """Something that is true or false."""
        found = self.part(value)
        if found.kind is not Kind.BOOLEAN:
            raise BadExpression(f"A condition is true or false; {told(found)} is {TOLD[found.kind]}.")
        return found

    def part(self, value: Any) -> Expression:
        """Any part of a condition."""
        self.spend(1)
        if self.depth >= MAX_DEPTH:
            raise BadExpression(f"The filter is nested more than {MAX_DEPTH} deep.")
        self.depth += 1
        try:
            return self._part(value)
        finally:
            self.depth -= 1

    def spend(self, cost: int) -> None:
        """Count what was read, as so many parts."""
        self.parts += cost
        if self.parts > MAX_PARTS:
            raise BadExpression(
                f"The filter has more than {MAX_PARTS} parts, of which a calculation counts as ten and an area that is compared as twenty."
            )

    def members(self, values: list[Any]) -> tuple[Expression, ...]:
        """The members of a list. Plain values are not counted as parts, since lists have a limit of their own."""
        self.listed += len(values)
        if self.listed > MAX_LISTED:
            raise BadExpression(f"The lists of the filter have more than {MAX_LISTED} values.")
        return tuple(
            self._part(one) if isinstance(one, str | int | float) else self.part(one) for one in values
        )

    def _part(self, value: Any) -> Expression:
        match value:
            case bool():
                return Literal(value, Kind.BOOLEAN)
            case int() | float():
                return literals.number(value)
            case str():
                return literals.text(value, MAX_TEXT)
            case list():
                return self._array(value)
            case Mapping():
                return self._object(value)
        if value is None:
            raise BadExpression("Nothing compares with null. Ask whether a value IS NULL.")
        raise BadExpression(f"'{str(value)[:40]}' is no part of a filter.")

    def _object(self, value: Mapping[str, Any]) -> Expression:  # noqa: PLR0911 — one for each kind of object
        match value:
            case {"op": name, "args": args}:
                return operation(self, name, args)
            case {"property": name}:
                return self._property(name)
            case {"date": given}:
                return literals.day(given)
            case {"timestamp": given}:
                return literals.instant(given)
            case {"interval": [start, end]}:
                return one_grain(Interval(self._end(start), self._end(end)))
            case {"bbox": given}:
                return literals.box(given, self.crs)
            case {"type": str(kind)} if kind in literals.GEOMETRIES:
                return self._geometry(value)
        raise BadExpression(
            'An object of CQL2 JSON is one of {"op":…,"args":[…]}, {"property":…}, {"date":…}, {"timestamp":…}, {"interval":[…,…]},'
            ' {"bbox":[…]} and a GeoJSON geometry.'
        )

    def _property(self, name: object) -> Property:
        if not isinstance(name, str) or name not in self.fields:
            raise unknown(str(name), "property", self.fields)
        return Property(name, self.fields[name])

    def _geometry(self, value: Mapping[str, Any]) -> Geometry:
        found = literals.geometry(value, self.crs)
        self.corners += int(shapely.get_num_coordinates(found.area.core))
        if self.corners > MAX_VERTICES:
            raise BadExpression(f"The geometries of the filter have more than {MAX_VERTICES} corners.")
        return found

    def _end(self, value: Any) -> Expression | None:
        if value == "..":
            return None
        if isinstance(value, str):
            return literals.day(value) if len(value) == len("2021-08-08") else literals.instant(value)
        found = self.part(value)
        if found.kind not in INSTANTS:
            raise BadExpression(f"An interval ends on days or instants; {told(found)} is {TOLD[found.kind]}.")
        return found

    def _array(self, value: list[Any]) -> Array:
        if len(value) > MAX_LIST:
            raise BadExpression(f"An array of the filter has more than {MAX_LIST} members.")
        items = self.members(value)
        if all(item.kind in TEXTUAL for item in items):
            return Array(items, Kind.TEXTS)
        if all(item.kind in NUMERIC for item in items):
            return Array(items, Kind.NUMBERS)
        raise BadExpression("The members of an array are all texts or all numbers.")
