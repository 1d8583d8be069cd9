"""CQL2 (OGC 21-065r2), class by class: every example in text and in JSON finds the same events, by GET and by POST."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from httpx import AsyncClient

from app.domain.expressions import CONFORMANCE, FUNCTIONS, Function, Language, parse
from app.domain.expressions.nodes import Op
from app.domain.kinds import Kind
from app.domain.queryables import EVENTS
from tests.api.asking import ids
from tests.api.cql2_examples import EXAMPLES, TOLD, Example
from tests.world import MakeEvent

CONF = "http://www.opengis.net/spec/cql2/1.0/conf/"
CASES = [
    pytest.param(one, id=f"{CONF}{name} {one.text}") for name, several in EXAMPLES.items() for one in several
]


@pytest.fixture
async def told(make_event: MakeEvent) -> dict[str, str]:
    """The names of the events by their ids."""
    return {str(await make_event(**about)): name for name, about in TOLD.items()}


def test_each_class_that_is_claimed_has_examples() -> None:
    assert set(CONFORMANCE) == {f"{CONF}{name}" for name in (*EXAMPLES, "cql2-text", "cql2-json")}
    assert len(CONFORMANCE) == len(set(CONFORMANCE))


@pytest.mark.parametrize("example", CASES)
def test_both_encodings_say_the_same(example: Example) -> None:
    of_text = parse(example.text, Language.TEXT, EVENTS)

    assert of_text == parse(example.json, Language.JSON, EVENTS)
    assert of_text == parse(orjson.dumps(example.json).decode(), Language.JSON, EVENTS)


@pytest.mark.parametrize("example", CASES)
async def test_both_encodings_find_the_same(
    client: AsyncClient, told: dict[str, str], example: Example
) -> None:
    for answer in (
        await client.get("/events", params={"filter": example.text, "filter-lang": "cql2-text"}),
        await client.get(
            "/events", params={"filter": orjson.dumps(example.json).decode(), "filter-lang": "cql2-json"}
        ),
        await client.post("/events/search", json={"filter": example.json}),
    ):
        assert {told[found] for found in ids(answer)} == set(example.finds)


def _ops(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["op"]} if "op" in value else set()
        return own.union(*(_ops(one) for one in value.values()))
    return set().union(*(_ops(one) for one in value)) if isinstance(value, list) else set()


def test_every_operator_has_an_example() -> None:
    shown = set().union(*(_ops(one.json) for several in EXAMPLES.values() for one in several))

    assert set(Op) - shown == set()


CALLED = {
    Kind.TEXT: "title",
    Kind.NUMBER: "deaths_best",
    Kind.DATE: "first_day",
    Kind.INTERVAL: "datetime",
    Kind.GEOMETRY: "geometry",
    Kind.TEXTS: "actors",
}


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
async def test_every_function_can_be_called(
    client: AsyncClient, told: dict[str, str], function: Function
) -> None:
    args = ", ".join(
        next(name for kind, name in CALLED.items() if kind in argument.kinds)
        for argument in function.arguments
    )
    called = f"{function.name.upper()}({args})"
    known, unknown, same = [
        ids(await client.get("/events", params={"filter": asked}))
        for asked in (f"{called} IS NOT NULL", f"{called} IS NULL", f"{called} = {called}")
    ]

    assert known == same
    assert known | unknown == set(told)
    assert known


@pytest.mark.parametrize("kind", sorted(set(EVENTS)))
async def test_every_queryable_can_be_asked_for(client: AsyncClient, told: dict[str, str], kind: str) -> None:
    known = await client.get("/events", params={"filter": f"{kind} IS NOT NULL"})
    unknown = await client.get("/events", params={"filter": f'"{kind}" IS NULL'})

    assert ids(known) | ids(unknown) == set(told)
    assert ids(known) & ids(unknown) == set()
