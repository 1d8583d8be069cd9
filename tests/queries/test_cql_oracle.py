"""Random conditions over random events, answered by PostGIS and by plain Python and Shapely: true, false and null must be the same."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import cql2
import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.expressions import Language, parse, to_json
from app.domain.filters import EventFilter
from app.domain.queryables import EVENTS
from app.domain.regions import Regions
from app.queries.filtering import conditions
from app.queries.history import events_at
from tests.queries import cql_strategies as cql
from tests.queries import strategies as random
from tests.queries.cql_oracle import value
from tests.queries.test_oracle import Events, holding

TOLD = random.events(random.placed(), random.dated(), cql.oddly_told(), most=8)


async def answers(connection: AsyncConnection, asked: Any, at: int | None = None) -> set[UUID]:
    wanted = EventFilter(expression=parse(asked, Language.JSON, EVENTS), at=at)
    return set(await connection.scalars(select(events_at(at).c.id).where(*conditions(wanted))))


async def check(connection: AsyncConnection, events: Events, asked: list[Any]) -> None:
    """Each condition, its denial, and whether it is null: an event is an answer to one of the three."""
    active = {made.identity: made for made in events if made.status == "active"}
    async with holding(connection, events):
        for condition in asked:
            note(str(condition))
            found = {key: value(condition, made) for key, made in active.items()}
            for wanted, truth in (
                (condition, True),
                (cql.op("not", condition), False),
                (cql.op("isNull", condition), None),
            ):
                expected = {key for key, one in found.items() if one is truth}
                assert await answers(connection, wanted) == expected, wanted


@pytest.mark.parametrize("kind", cql.PREDICATES)
@settings(max_examples=25)  # several conditions each, and three questions of each
@given(data=st.data(), events=TOLD)
async def test_conditions_of_one_kind(
    connection: AsyncConnection, world: Regions, kind: str, data: st.DataObject, events: Events
) -> None:
    await check(connection, events, data.draw(st.lists(cql.PREDICATES[kind], min_size=1, max_size=6)))


@given(events=TOLD, asked=cql.conditions(st.one_of(*cql.PREDICATES.values())))
async def test_conditions_of_all_kinds(
    connection: AsyncConnection, world: Regions, events: Events, asked: Any
) -> None:
    await check(connection, events, [asked])


@given(events=TOLD, asked=cql.conditions(st.one_of(*cql.PREDICATES.values())))
async def test_as_of_a_version_the_answer_is_what_it_was(
    connection: AsyncConnection, world: Regions, events: Events, asked: Any
) -> None:
    async with holding(connection, events):
        assert await answers(connection, asked, at=1) == await answers(connection, asked)


@given(cql.conditions(st.one_of(*cql.PREDICATES.values())))
def test_a_condition_is_read_back_from_its_canonical_form(asked: Any) -> None:
    read = parse(asked, Language.JSON, EVENTS)

    assert parse(to_json(read), None, EVENTS) == read


ALONE = st.one_of(*(one for kind, one in cql.PREDICATES.items() if kind != "nulls"))


@given(ALONE)
def test_a_condition_is_the_same_as_text(asked: Any) -> None:
    written = cql2.Expr(asked).to_text()
    # The package puts no brackets where some are needed, writes no empty lists, and numbers with all their digits.
    assume(cql2.parse_text(written).to_json() == cql2.Expr(asked).to_json() if "()" not in written else False)

    assert parse(written, Language.TEXT, EVENTS) == parse(asked, Language.JSON, EVENTS)
