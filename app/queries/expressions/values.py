"""The values that conditions compare, each as SQL of the type of its kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geography
from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Integer,
    Text,
    Uuid,
    cast,
    extract,
    func,
    literal,
    literal_column,
    null,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import Grouping

from app.domain.expressions.nodes import (
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
from app.domain.kinds import INSTANTS, NUMERIC, TEXTUAL, Kind
from app.queries.expressions import folding, numbers
from app.queries.expressions.columns import Columns, Condition, Day, Place, Span
from app.queries.expressions.times import Ends
from app.queries.shapes import geometry

Value = ColumnElement[Any]
_MOST_INTEGER = 2**31 - 1
_OPEN = {
    (kind, end): literal_column(f"'{end}'::{name}", type_)
    for kind, name, type_ in (
        (Kind.DATE, "date", Date()),
        (Kind.TIMESTAMP, "timestamptz", DateTime(timezone=True)),
    )
    for end in ("-infinity", "infinity")
}
# asyncpg takes the very first and the very last moment for infinities.
_FIRST_MOMENT = datetime(1, 1, 1, microsecond=1, tzinfo=UTC)
_LAST_MOMENT = datetime(9999, 12, 31, 23, 59, 59, 999_998, tzinfo=UTC)


class Values:
    """Writes values over these columns; conditions among them are written by `truth`."""

    def __init__(self, columns: Columns, truth: Callable[[Expression], Condition]) -> None:
        self._columns = columns
        self._truth = truth

    def any(self, part: Expression) -> Value:
        """A value of whatever kind."""
        match part.kind:
            case Kind.TEXT | Kind.ID:
                return self.text(part)
            case Kind.NUMBER | Kind.INTEGER:
                return self.number(part)
            case Kind.DATE | Kind.TIMESTAMP:
                return self.instant(part)
            case Kind.GEOMETRY:
                return self.geometry(part)
            case _:
                return self._grouped(part)

    def alike(self, parts: tuple[Expression, ...], *, ordered: bool, bare: bool) -> list[Value]:
        """Values that are compared, all of one type. `bare`: of days the columns themselves, infinities and all."""
        kinds = {part.kind for part in parts}
        if kinds <= NUMERIC:
            return (
                [self._integer(part) for part in parts]
                if _are_whole(parts)
                else [self.number(part) for part in parts]
            )
        if kinds <= INSTANTS:
            as_day = len(kinds) > 1
            return [self.instant(part, as_day=as_day, bare=bare) for part in parts]
        if kinds <= TEXTUAL:
            if not ordered and _are_ids(parts):
                return [self._id(part) for part in parts]
            first, *others = (self.text(part) for part in parts)
            # By code point, whatever the database's language.
            return [first.collate("C") if ordered else first, *others]
        return [self._grouped(part) for part in parts]

    def _grouped(self, part: Expression) -> Value:
        # In brackets of its own: NOT a IS NULL would be NOT (a IS NULL).
        return Grouping(self._truth(part))

    def among(self, value: Expression, items: tuple[Expression, ...], *, bare: bool) -> tuple[Value, Value]:
        """A value and an array of values of its type: of plain ones a single parameter, however many they are."""
        given = [item.value for item in items if isinstance(item, Literal)]
        parts = (value, *items)
        if len(given) == len(items) and value.kind in NUMERIC:
            if _are_whole(parts):
                return self._integer(value), literal([int(one) for one in given], ARRAY(Integer))  # type: ignore[arg-type]
            return self.number(value), cast(literal(given, ARRAY(Double)), ARRAY(Double))
        if len(given) == len(items) and value.kind in TEXTUAL:
            if _are_ids(parts):
                return self._id(value), literal([UUID(str(one)) for one in given], ARRAY(Uuid))
            return self.text(value), literal(given, ARRAY(Text))
        first, *others = self.alike(parts, ordered=False, bare=bare)
        return first, array(others)

    def boolean(self, part: Expression) -> Value:
        """A truth that is written as it is."""
        if isinstance(part, Property):
            return self._column(part)
        if isinstance(part, Literal):
            return literal(part.value, Boolean)
        raise TypeError(part)

    def text(self, part: Expression) -> Value:  # noqa: PLR0911 — one for each kind of text
        """A text; an id as it is written."""
        match part:
            case Property(_, Kind.ID):
                return cast(self._column(part), Text)
            case Property():
                return self._column(part)
            case Literal(value, _):
                return literal(value, Text)
            case Operation(Op.CASEI, (inner,)):
                return folding.without_case(self.text(inner))
            case Operation(Op.ACCENTI, (inner,)):
                return folding.without_accents(self.text(inner))
            case Call("lower", (inner,)):
                return func.lower(self.text(inner), type_=Text)
            case Call("upper", (inner,)):
                return func.upper(self.text(inner), type_=Text)
        raise TypeError(part)

    def number(self, part: Expression, *, operand: bool = False) -> Value:
        """A number; as an `operand` one with which arithmetic does not fail."""
        match part:
            case Literal(float() as value, _):
                return numbers.number(value)
            case Property(_, Kind.NUMBER):
                column = numbers.double(self._column(part))
                return numbers.bounded(column) if operand else column
            case Operation(op, (one, other)):
                return numbers.worked_out(
                    op, self.number(one, operand=True), self.number(other, operand=True)
                )
            case Call("abs" | "ceil" | "floor" | "round" as name, (inner,)):
                # These leave a number within its bounds.
                rounded: Value = getattr(func, name)(self.number(inner, operand=True), type_=Double)
                return rounded
            case Call("distance_m", (one, other)):
                spheroid = (cast(self.geometry(end), Geography) for end in (one, other))
                return func.ST_Distance(*spheroid, type_=Double)
            case _:
                return numbers.double(self._integer(part))

    def _integer(self, part: Expression) -> Value:
        match part:
            case Literal(float() as value, _):
                return literal(int(value), Integer)
            case Call("length", (text,)):
                return func.char_length(self.text(text), type_=Integer)
            case Call("size", (inner,)):
                return func.cardinality(self._set(inner, inner.kind), type_=Integer)
            case Call("year" | "month" | "day" as name, (moment,)):
                found = self.instant(moment, as_day=True)
                return cast(extract(name, found), Integer)
            case Call("duration_days", (interval,)):
                (ends,) = self.ends((interval,), bare=False, as_day=True)
                last = func.nullif(ends.end, _OPEN[Kind.DATE, "infinity"], type_=Date)
                first = func.nullif(ends.start, _OPEN[Kind.DATE, "-infinity"], type_=Date)
                return last - first + literal(1, Integer)
            case Property():
                return self._column(part)
        raise TypeError(part)

    def instant(self, part: Expression, *, as_day: bool = False, bare: bool = False) -> Value:
        """A day or an instant; `as_day`: its day, in UTC."""
        match part:
            case Literal(value, Kind.DATE):
                return _day(value)
            case Literal(datetime() as value, _):
                found: Value = literal(min(max(value, _FIRST_MOMENT), _LAST_MOMENT), DateTime(timezone=True))
            case Property(name, _):
                column = self._columns[name]
                if isinstance(column, Day):
                    return column.column if bare else column.value
                found = self._column(part)
            case _:
                raise TypeError(part)
        return cast(func.timezone("UTC", found), Date) if as_day and part.kind is Kind.TIMESTAMP else found

    def ends(self, parts: tuple[Expression, ...], *, bare: bool, as_day: bool = False) -> list[Ends]:
        """The starts and ends of intervals and instants, all of one type."""
        kinds = {kind for part in parts for kind in _instants(part)}
        as_day = as_day or Kind.DATE in kinds or not kinds
        return [self._ends(part, as_day=as_day, bare=bare) for part in parts]

    def _ends(self, part: Expression, *, as_day: bool, bare: bool) -> Ends:
        if isinstance(part, Property) and isinstance(span := self._columns[part.name], Span):
            return Ends(span.start, span.end)
        start, end = (part.start, part.end) if isinstance(part, Interval) else (part, part)
        kind = Kind.DATE if as_day else Kind.TIMESTAMP
        return Ends(
            _OPEN[kind, "-infinity"] if start is None else self.instant(start, as_day=as_day, bare=bare),
            _OPEN[kind, "infinity"] if end is None else self.instant(end, as_day=as_day, bare=bare),
        )

    def geometry(self, part: Expression) -> Value:
        """A geometry in EPSG:4326."""
        if isinstance(part, Geometry):
            return geometry(part.area.core)
        if isinstance(part, Property):
            column = self._columns[part.name]
            return column.value if isinstance(column, Place) else self._column(part)
        raise TypeError(part)

    def sets(self, one: Expression, other: Expression) -> tuple[Value, Value]:
        """Two arrays of one type: an empty one is of the other's."""
        kind = Kind.NUMBERS if Kind.NUMBERS in {one.kind, other.kind} else Kind.TEXTS
        return self._set(one, kind), self._set(other, kind)

    def _set(self, part: Expression, kind: Kind) -> Value:
        type_ = ARRAY(Double if kind is Kind.NUMBERS else Text)
        if isinstance(part, Property):
            return self._column(part) if kind is Kind.TEXTS else cast(self._column(part), type_)
        if not isinstance(part, Array):
            raise TypeError(part)
        if all(isinstance(item, Literal) for item in part.items):
            return literal([item.value for item in part.items if isinstance(item, Literal)], type_)
        written = [self.number(item) if kind is Kind.NUMBERS else self.text(item) for item in part.items]
        # What is null is no member.
        return func.array_remove(cast(array(written), type_), null(), type_=type_)

    def _id(self, part: Expression) -> Value:
        return literal(UUID(str(part.value)), Uuid) if isinstance(part, Literal) else self._column(part)

    def _column(self, part: Expression) -> Value:
        if isinstance(part, Property):
            column = self._columns[part.name]
            if isinstance(column, ColumnElement):
                return column
        raise TypeError(part)


def _are_whole(parts: tuple[Expression, ...]) -> bool:
    """Integers, and at least one of them no literal: these are compared as such, for the planner's statistics."""
    return not all(isinstance(part, Literal) for part in parts) and all(
        part.value.is_integer() and abs(part.value) <= _MOST_INTEGER
        if isinstance(part, Literal) and isinstance(part.value, float)
        else part.kind is Kind.INTEGER
        for part in parts
    )


def _are_ids(parts: tuple[Expression, ...]) -> bool:
    """Columns of ids, and literals that are ids in the one way in which these are written."""
    return any(part.kind is Kind.ID for part in parts) and all(
        _is_id(str(part.value)) if isinstance(part, Literal) else part.kind is Kind.ID for part in parts
    )


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _instants(part: Expression) -> set[Kind]:
    if isinstance(part, Interval):
        return {end.kind for end in (part.start, part.end) if end is not None}
    return {Kind.DATE} if part.kind is Kind.INTERVAL else {part.kind}


def _day(value: Any) -> Value:
    # asyncpg takes the first and the last day for infinities.
    if value in {date.min, date.max}:
        return func.make_date(value.year, value.month, value.day, type_=Date)
    return literal(value, Date)
