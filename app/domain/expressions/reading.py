"""CQL2 JSON becomes a condition whose parts fit together: names are known, kinds agree, and nothing is larger than it may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from app.domain.areas import MAX_VERTICES
from app.domain.expressions import literals
from app.domain.expressions.crs import Crs
from app.domain.expressions.errors import BadExpression, unknown
from app.domain.expressions.fitting import alike, hint, pattern, same_days, told
from app.domain.expressions.functions import FUNCTIONS
from app.domain.expressions.nodes import (
    ARITHMETIC,
    ARRAY,
    COMPARISONS,
    FOLDS,
    SPATIAL,
    TEMPORAL,
    Array,
    Call,
    Expression,
    Geometry,
    Interval,
    Literal,
    Op,
    Operation,
    Property,
)
from app.domain.kinds import ARRAYS, INSTANTS, NUMERIC, TEXTUAL, TOLD, Kind

MAX_DEPTH = 30
"""Operators within operators."""
MAX_NODES = 1_000
MAX_LIST = 1_000
"""Values of an IN or of an array."""
MAX_TEXT = 10_000
"""Characters of a text."""

_OPS = {op.lower(): op for op in Op}
_ANY = frozenset(Kind)
_ORDERED = NUMERIC | TEXTUAL | INSTANTS


@dataclass(slots=True)
class Reader:
    """Reads one filter over these properties. Each method raises BadExpression."""

    fields: Mapping[str, Kind]
    crs: Crs
    nodes: int = 0
    corners: int = 0
    depth: int = field(default=0)

    def condition(self, value: Any) -> Expression:
        """Something that is true or false."""
        found = self.part(value)
        if found.kind is not Kind.BOOLEAN:
            raise BadExpression(f"A condition is true or false; {told(found)} is {TOLD[found.kind]}.")
        return found

    def part(self, value: Any) -> Expression:
        """Any part of a condition."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise BadExpression(f"The filter has more than {MAX_NODES} parts.")
        if self.depth >= MAX_DEPTH:
            raise BadExpression(f"The filter is nested more than {MAX_DEPTH} deep.")
        self.depth += 1
        try:
            return self._part(value)
        finally:
            self.depth -= 1

    def _part(self, value: Any) -> Expression:
        match value:
            case bool():
                return Literal(value, Kind.BOOLEAN)
            case int() | float():
                return literals.number(value)
            case str():
                return self._text(value)
            case list():
                return self._array(value)
            case Mapping():
                return self._object(value)
            case None:
                raise BadExpression("Nothing compares with null. Ask whether a value IS NULL.")
        raise BadExpression(f"'{str(value)[:40]}' is no part of a filter.")

    def _text(self, value: str) -> Literal:
        if len(value) > MAX_TEXT:
            raise BadExpression(f"A text of the filter is longer than {MAX_TEXT} characters.")
        # Neither can be stored, so neither can be asked about.
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise BadExpression(
                "A text of the filter holds the character NUL or half a character, which are no text."
            )
        return Literal(value, Kind.TEXT)

    def _object(self, value: Mapping[str, Any]) -> Expression:
        for name, reading in _OBJECTS.items():
            if name in value:
                return reading(self, value)
        raise BadExpression(
            'An object of CQL2 JSON has the member "op", "property", "date", "timestamp", "interval", "bbox" or, as a geometry, "type".'
        )

    def _property(self, value: Mapping[str, Any]) -> Property:
        name = value["property"]
        if not isinstance(name, str) or name not in self.fields:
            raise unknown(str(name), "property", self.fields)
        return Property(name, self.fields[name])

    def _geometry(self, value: Mapping[str, Any]) -> Geometry:
        if not isinstance(value["type"], str) or value["type"] not in literals.GEOMETRIES:
            raise BadExpression(f"'{str(value['type'])[:40]}' is no type of geometry.")
        found = literals.geometry(value, self.crs)
        self.corners += int(shapely.get_num_coordinates(found.area.core))
        if self.corners > MAX_VERTICES:
            raise BadExpression(f"The geometries of the filter have more than {MAX_VERTICES} corners.")
        return found

    def _interval(self, value: Mapping[str, Any]) -> Interval:
        ends = value["interval"]
        if not isinstance(ends, list) or len(ends) != 2:  # a start and an end
            raise BadExpression(
                "An interval has a start and an end, of which '..' is open: INTERVAL('2021-08-01','..')."
            )
        start, end = (self._end(one) for one in ends)
        return same_days(Interval(start, end))

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
        items = self._members(value)
        if all(item.kind in TEXTUAL for item in items):
            return Array(items, Kind.TEXTS)
        if all(item.kind in NUMERIC for item in items):
            return Array(items, Kind.NUMBERS)
        raise BadExpression("The members of an array are all texts or all numbers.")

    def _members(self, values: list[Any]) -> tuple[Expression, ...]:
        # Plain values of long lists are not counted: they have a limit of their own.
        return tuple(
            self._part(one) if isinstance(one, str | int | float) else self.part(one) for one in values
        )

    def _operation(self, value: Mapping[str, Any]) -> Expression:
        name, args = value["op"], value.get("args")
        if not isinstance(name, str) or not isinstance(args, list):
            raise BadExpression('An operation of CQL2 JSON has the name "op" and the list "args".')
        op = _OPS.get(name.lower())
        if op is None:
            return self._call(name, args)
        for group, reading in _OPERATIONS:
            if op in group:
                return reading(self, op, args)
        raise BadExpression(f"The operator '{op}' is not read here.")

    def _logic(self, op: Op, args: list[Any]) -> Operation:
        if op is Op.NOT:
            return Operation(op, (self.condition(*_counted(op, args, 1)),))
        if len(args) < 2:  # what stands on its two sides
            raise BadExpression(f"'{op}' needs two conditions or more.")
        found = [self.condition(one) for one in args]
        # a AND (b AND c) is a AND b AND c.
        flat = [part for one in found for part in (one.args if _is(one, op) else (one,))]
        return Operation(op, tuple(flat))

    def _comparison(self, op: Op, args: list[Any]) -> Operation:
        one, other = (self._of(_ORDERED | {Kind.BOOLEAN}, op, arg) for arg in _counted(op, args, 2))
        return Operation(op, alike(one, other))

    def _like(self, op: Op, args: list[Any]) -> Operation:
        one, other = (self._of(TEXTUAL, op, arg) for arg in _counted(op, args, 2))
        pattern(other)
        return Operation(op, (one, other))

    def _between(self, op: Op, args: list[Any]) -> Operation:
        low_high = args[1] if len(args) == 2 and isinstance(args[1], list) else args[1:]  # as drafts have it
        value, low, high = (self._of(_ORDERED, op, arg) for arg in _counted(op, [*args[:1], *low_high], 3))
        value, low = alike(value, low)
        value, high = alike(value, high)
        return Operation(op, alike(value, low) + (high,))

    def _in(self, op: Op, args: list[Any]) -> Operation:
        given, listed = _counted(op, args, 2)
        if not isinstance(listed, list) or not 1 <= len(listed) <= MAX_LIST:
            raise BadExpression(
                f"IN is followed by a list of 1 to {MAX_LIST} values: type IN ('battle','riot')."
            )
        value = self._of(_ORDERED | {Kind.BOOLEAN}, op, given)
        return Operation(op, (value, *(alike(value, one)[1] for one in self._members(listed))))

    def _is_null(self, op: Op, args: list[Any]) -> Operation:
        return Operation(op, (self.part(*_counted(op, args, 1)),))

    def _fold(self, op: Op, args: list[Any]) -> Operation:
        return Operation(op, (self._of(TEXTUAL, op, *_counted(op, args, 1)),))

    def _arithmetic(self, op: Op, args: list[Any]) -> Operation:
        return Operation(op, tuple(self._of(NUMERIC, op, arg) for arg in _counted(op, args, 2)))

    def _spatial(self, op: Op, args: list[Any]) -> Operation:
        return Operation(
            op, tuple(self._of(frozenset({Kind.GEOMETRY}), op, arg) for arg in _counted(op, args, 2))
        )

    def _temporal(self, op: Op, args: list[Any]) -> Operation:
        one, other = (self._of(INSTANTS | {Kind.INTERVAL}, op, arg) for arg in _counted(op, args, 2))
        return Operation(op, same_days(one, other))

    def _sets(self, op: Op, args: list[Any]) -> Operation:
        one, other = (self._of(ARRAYS, op, arg) for arg in _counted(op, args, 2))
        if one.kind is not other.kind and not any(
            isinstance(part, Array) and not part.items for part in (one, other)
        ):
            raise BadExpression(f"{op.upper()} compares an array of texts with one of numbers.")
        return Operation(op, (one, other))

    def _call(self, name: str, args: list[Any]) -> Call:
        function = FUNCTIONS.get(name.lower())
        if function is None:
            raise hint(name) or unknown(name, "function", FUNCTIONS)
        found = [self.part(one) for one in args]
        if len(found) != len(function.arguments):
            names = ", ".join(argument.name for argument in function.arguments)
            raise BadExpression(f"The arguments of {function.name} are ({names}); here are {len(found)}.")
        for part, argument in zip(found, function.arguments, strict=True):
            _refuse_other(part, argument.kinds, function.name)
        return Call(function.name, tuple(found))

    def _of(self, kinds: frozenset[Kind], op: Op, value: Any) -> Expression:
        """A part of one of these kinds."""
        found = self.part(value)
        _refuse_other(found, kinds, op.upper())
        return found


def _counted(op: Op, args: list[Any], number: int) -> list[Any]:
    if len(args) != number:
        raise BadExpression(f"{op.upper()} takes {number} argument{'s'[: number > 1]}; here are {len(args)}.")
    return args


def _refuse_other(found: Expression, kinds: frozenset[Kind], where: str) -> None:
    if found.kind not in kinds:
        wanted = " or ".join(dict.fromkeys(TOLD[kind] for kind in Kind if kind in kinds))
        raise BadExpression(f"{where} takes {wanted}; {told(found)} is {TOLD[found.kind]}.")


def _is(part: Expression, op: Op) -> bool:
    return isinstance(part, Operation) and part.op is op


_OBJECTS: dict[str, Callable[[Reader, Mapping[str, Any]], Expression]] = {
    "op": Reader._operation,
    "property": Reader._property,
    "date": lambda _, value: literals.day(value["date"]),
    "timestamp": lambda _, value: literals.instant(value["timestamp"]),
    "interval": Reader._interval,
    "bbox": lambda reader, value: literals.box(value["bbox"], reader.crs),
    "type": Reader._geometry,
}
_OPERATIONS: tuple[tuple[frozenset[Op], Callable[[Reader, Op, list[Any]], Operation]], ...] = (
    (frozenset({Op.AND, Op.OR, Op.NOT}), Reader._logic),
    (COMPARISONS, Reader._comparison),
    (frozenset({Op.LIKE}), Reader._like),
    (frozenset({Op.BETWEEN}), Reader._between),
    (frozenset({Op.IN}), Reader._in),
    (frozenset({Op.IS_NULL}), Reader._is_null),
    (FOLDS, Reader._fold),
    (ARITHMETIC, Reader._arithmetic),
    (SPATIAL, Reader._spatial),
    (TEMPORAL, Reader._temporal),
    (ARRAY, Reader._sets),
)
