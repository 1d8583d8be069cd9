"""COPY reads what an ordinary statement reads, whatever the values of its parameters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Text, bindparam, cast, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.filters import NEWEST_FIRST, EventFilter, View
from app.formats import geojson
from app.queries import events
from app.queries.copying import copy
from tests.queries.questions import ASKED, Asked
from tests.world import REGIONS, Made, MakeEvent, put

TRICKS = (
    "'; DROP TABLE event; --",
    "\\'; DROP TABLE event; --",
    "$1 $2 $3",
    "%L %s {0} :name",
    "E'\\x41'",
    "$$ DROP TABLE event $$",
    "a\nb\r\t\\N\\.",
    "\x01\x02 \x1e\x1f",
    "قندوز 𝕏 '''",
    "",
)


async def copied(connection: AsyncConnection, wanted: EventFilter) -> list[str]:
    rows: list[bytes] = []

    async def take(some: bytes) -> None:
        rows.append(some)

    statement = events.whole_statement(wanted, NEWEST_FIRST, [geojson.feature()])
    await copy(connection, statement, take, verbatim=True)
    return b"".join(rows).decode().splitlines()


@pytest.mark.parametrize("asked", ASKED, ids=lambda one: one.name)
async def test_every_question_is_copied_as_it_is_read(
    connection: AsyncConnection, make_event: MakeEvent, asked: Asked
) -> None:
    # The same small world for all: what one question lets in another does not.
    await put(
        connection,
        *(Made(within=region.code, precision="admin1", deaths=2, claims=1, sources=2) for region in REGIONS),
        *(
            Made(at=(longitude, 36.2), day="2001-05-05", contested=True, type="abduction")
            for longitude in (68.2, 179.8)
        ),
        Made(day=None, side_a=("Taliban",), dataset="desk", verification="verified", precision="exact"),
    )
    for wanted in (asked.wanted, replace(asked.wanted, at=1)):
        page = await events.page(connection, wanted, View(limit=1000), geojson.feature(), None)
        assert await copied(connection, wanted) == page.features


async def test_a_filter_lets_in_some_and_not_others(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(side_a=("Taliban",))
    await make_event(side_a=("Others",))
    assert len(await copied(connection, EventFilter(actors=("Taliban",)))) == 1


@pytest.mark.parametrize("trick", TRICKS)
async def test_a_value_stays_a_value(connection: AsyncConnection, make_event: MakeEvent, trick: str) -> None:
    await make_event(side_a=(trick or "x",))
    await make_event(side_a=("Others",))
    assert len(await copied(connection, EventFilter(actors=(trick, "$1", "no one")))) == (1 if trick else 0)

    rows: list[bytes] = []

    async def take(some: bytes) -> None:
        rows.append(some)

    columns: list[ColumnElement[Any]] = [
        cast(literal(trick), Text),
        bindparam("other", "$1"),
        literal_column("'after'"),
    ]
    await copy(connection, select(*columns), take, verbatim=False)
    quoted = b"".join(rows).decode()
    assert quoted.endswith(",$1,after\n")
    cell = quoted.removesuffix(",$1,after\n")
    assert (cell[1:-1].replace('""', '"') if cell.startswith('"') else cell) == trick
