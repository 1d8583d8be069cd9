"""Statements of one shape are compiled once, and each is answered with its own values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy import Select, any_, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.types import Date, Integer, Text

from app.db import shapes
from app.db.shapes import Shaped
from app.queries.shapes import geometry

NUMBERS = func.generate_series(1, 9).table_valued("number").render_derived()


@pytest.fixture(autouse=True)
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is compiled, and nothing kept before."""
    made: list[str] = []
    compile_it = shapes._compiled

    def noted(*given: Any) -> Any:
        found = compile_it(*given)
        made.append(str(found.compiled))
        return found

    monkeypatch.setattr(shapes, "_compiled", noted)
    monkeypatch.setattr(shapes, "_kept", type(shapes._kept)())
    return made


def shaped(*conditions: ColumnElement[bool], limit: int = 100) -> Shaped:
    """The sum of some numbers, of at most so many."""

    def whole() -> Select[Any]:
        found = select(NUMBERS.c.number).where(*conditions).order_by(NUMBERS.c.number).limit(limit).subquery()
        return select(func.array_agg(found.c.number))

    return Shaped(select(NUMBERS.c.number).where(*conditions), limit, whole)


async def asked(connection: AsyncConnection, one: Shaped) -> list[int]:
    (found,) = await shapes.one(connection, one)
    return found or []


async def test_values_are_those_of_the_question_and_not_of_the_first(
    connection: AsyncConnection, compiled: list[str]
) -> None:
    number = NUMBERS.c.number
    for low, high in ((2, 4), (8, 8), (5, 1), (1, 9)):
        found = await asked(connection, shaped(number >= low, number <= high))
        assert found == list(range(low, high + 1))
    assert len(compiled) == 1


async def test_another_shape_or_another_constant_is_another_statement(
    connection: AsyncConnection, compiled: list[str]
) -> None:
    number = NUMBERS.c.number
    assert await asked(connection, shaped(number >= 4)) == [4, 5, 6, 7, 8, 9]
    assert await asked(connection, shaped(number <= 4)) == [1, 2, 3, 4]
    assert await asked(connection, shaped(number <= 5, limit=2)) == [1, 2]
    assert await asked(connection, shaped(number <= 5, limit=3)) == [1, 2, 3]
    assert await asked(connection, shaped(number <= literal_column("3"))) == [1, 2, 3]
    assert await asked(connection, shaped(number <= literal_column("2"))) == [1, 2]
    assert len(compiled) == 6


async def test_one_value_in_two_places_is_not_taken_for_two(
    connection: AsyncConnection, compiled: list[str]
) -> None:
    number = NUMBERS.c.number
    for value, other in ((3, 3), (7, 2)):
        same = literal(value, Integer)
        assert await asked(connection, shaped(number >= same, number <= same)) == [value]
        one, two = literal(value, Integer), literal(other, Integer)
        assert await asked(connection, shaped(number >= one, number <= two)) == list(range(value, other + 1))
    assert len(compiled) == 2


async def test_lists_are_as_long_as_they_are(connection: AsyncConnection, compiled: list[str]) -> None:
    number = NUMBERS.c.number
    for values in ([1], [2, 3, 4], [9, 1]):
        assert await asked(connection, shaped(number.in_(values))) == sorted(values)
        assert await asked(connection, shaped(number == any_(literal(values, ARRAY(Integer))))) == sorted(
            values
        )
    assert len(compiled) == 2


async def test_values_of_every_kind_arrive_as_they_are(
    connection: AsyncConnection, compiled: list[str]
) -> None:
    for day, word, x in ((date(2021, 8, 8), "%(odd)s :x $1 '", 1.5), (date(1989, 1, 1), "قندوز", -3.0)):
        one = shaped(
            NUMBERS.c.number == 1,
            literal(day, Date) == func.make_date(day.year, day.month, day.day),
            literal(word, Text) == func.convert_from(literal(word.encode()), "UTF8"),
            func.ST_X(geometry(shapely.Point(x, 2))) == x,
        )
        assert await asked(connection, one) == [1]
    assert len(compiled) == 1


async def test_what_cannot_be_told_apart_is_compiled_each_time(
    connection: AsyncConnection, compiled: list[str]
) -> None:
    for value in (3, 5):
        assert await asked(connection, shaped(NUMBERS.c.number == Unkeyed(value))) == [value]
        # GeoAlchemy writes this value into the text: nobody could put another in its place.
        written = func.ST_SRID(func.ST_GeomFromWKB(literal(shapely.Point(1, 2).wkb), value))
        assert await asked(connection, shaped(NUMBERS.c.number == written)) == [value]
    assert len(compiled) == 4


async def test_no_more_are_kept_than_are_wanted(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "KEPT", 3)
    for limit in (1, 2, 3, 1, 4):
        await asked(connection, shaped(limit=limit))
    assert [key[0] for key in shapes._kept] == [3, 1, 4]


class Unkeyed(ColumnElement[int]):
    """Says nothing by which it could be known."""

    inherit_cache = False
    type = Integer()

    def __init__(self, value: int) -> None:
        self.value = value


@compiles(Unkeyed)
def _unkeyed(element: Unkeyed, _compiler: SQLCompiler, **_options: Any) -> str:
    return str(element.value)
