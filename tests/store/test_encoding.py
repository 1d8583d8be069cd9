"""What is encoded here is what PostgreSQL reads."""

import math
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store import encoding
from app.store.copying import copy_encoded
from app.store.encoding import FEW, encoded

ONE, OTHER = UUID(int=1), UUID(int=2**128 - 1)
VALUES: dict[str, list[Any]] = {
    "text": ["", "Kunduz قندوز 🕊", "a\tb\\N\n", None],
    FEW: ["battle", "", "battle", None],
    "bytea": [b"", b"\0\xff", None],
    "uuid": [ONE, OTHER, None],
    "double precision": [0.0, -0.0, -179.999999, 1e300, math.inf, None],
    "integer": [0, 1, -1, 2**31 - 1, -(2**31), None],
    "boolean": [True, False, None],
    "date": [date(2000, 1, 1), date(1999, 12, 31), date(1900, 2, 28), date(2024, 2, 29), None],
    "timestamptz": [
        datetime(2021, 8, 8, 5, 30, 0, 1, tzinfo=UTC),
        datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        None,
    ],
    "text[]": [(), ("",), ("a", "b,{}", 'c"\\'), ("NULL",), None],
    "uuid[]": [(), (ONE,), (OTHER, ONE), None],
}


async def there_and_back(connection: AsyncConnection, kind: str, values: list[Any]) -> list[Any]:
    column = "text" if kind == FEW else kind
    await connection.execute(text(f"CREATE TEMPORARY TABLE kept (number integer, value {column})"))
    await copy_encoded(
        connection, "kept", ["number", "value"], encoded(["integer", kind], [range(len(values)), values])
    )
    # The type is in the statement, since the driver remembers of which type the answers to a statement are.
    return list(await connection.scalars(text(f'SELECT value AS "{kind}" FROM kept ORDER BY number')))


@pytest.mark.parametrize("kind", VALUES)
async def test_values_of_each_type_are_read_as_they_were(kind: str, connection: AsyncConnection) -> None:
    values = VALUES[kind]

    found = await there_and_back(connection, kind, values)

    # As texts, in which 0.0 and -0.0 differ.
    assert [repr(tuple(one) if isinstance(one, list) else one) for one in found] == list(map(repr, values))


async def test_the_first_and_the_last_day_are_infinite(connection: AsyncConnection) -> None:
    await there_and_back(connection, "date", [date.min, date.max])

    found = await connection.execute(text("SELECT value::text FROM kept ORDER BY number"))
    assert found.scalars().all() == ["-infinity", "infinity"]


def test_no_row_is_lost_where_a_column_is_too_short() -> None:
    with pytest.raises(ValueError, match="shorter"):
        encoded(["integer", "integer"], [[1, 2, 3], [1]])


async def test_more_values_than_are_remembered_are_written_right(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "_REMEMBERED", 10)
    values = [number % 37 for number in range(1000)]

    assert await there_and_back(connection, "integer", values) == values


async def test_what_is_longer_than_a_piece_is_written_whole(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.copying._PIECE", 7)
    values = ["", "x" * 100, None, "é" * 33]

    assert await there_and_back(connection, "text", values) == values
