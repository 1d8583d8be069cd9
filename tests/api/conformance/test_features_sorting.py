"""OGC API Features Part 8 (draft): sortables and sorting. Part 5 (23-058r2): schemas."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient, Response
from jsonschema import Draft202012Validator, FormatChecker

from app.domain.collections import COLLECTIONS
from tests.api.asking import in_order, problem, walk
from tests.api.conformance import Full

CLASSES = (
    *(f"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/{name}" for name in ("schemas", "core-roles-features", "queryables", "sortables")),
    *(f"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/{name}" for name in ("sortables", "sorting", "features-sorting")),
)  # fmt: skip
SORTABLES = [(name, one) for name, collection in COLLECTIONS.items() for one in collection.sortables]
EVERY = pytest.mark.parametrize("name", list(COLLECTIONS))
KINDS = pytest.mark.parametrize("kind", ["schema", "queryables", "sortables"])
REL = "http://www.opengis.net/def/rel/ogc/1.0"


async def items(client: AsyncClient, name: str, /, **params: Any) -> Response:
    return await client.get(f"/collections/{name}/items", params=params)


@EVERY
@KINDS
async def test_schema_is_a_json_schema_of_an_object_and_is_linked(
    client: AsyncClient, full: Full, name: str, kind: str
) -> None:
    described = (await client.get(f"/collections/{name}")).json()
    hrefs = {link["type"]: link["href"] for link in described["links"] if link["rel"] == f"{REL}/{kind}"}

    answer = await client.get(hrefs["application/schema+json"])

    schema = answer.json()
    assert answer.headers["content-type"] == "application/schema+json"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"http://sitrep.test/collections/{name}/{kind}"
    assert schema["type"] == "object"
    Draft202012Validator.check_schema(schema)
    assert (await client.get(hrefs["text/html; charset=utf-8"])).status_code == 200


@EVERY
async def test_items_are_as_their_schema_says(client: AsyncClient, full: Full, name: str) -> None:
    schema = (await client.get(f"/collections/{name}/schema")).json()
    told = schema["properties"]

    for feature in (await items(client, name)).json()["features"]:
        properties = feature["properties"]
        assert set(properties) == {one for one in told if told[one].get("x-ogc-role") != "primary-geometry"}
        known = {key: value for key, value in properties.items() if value is not None}
        Draft202012Validator({"type": "object", "properties": told}, format_checker=FormatChecker()).validate(
            known
        )


@EVERY
async def test_core_roles_features(client: AsyncClient, full: Full, name: str) -> None:
    told = (await client.get(f"/collections/{name}/schema")).json()["properties"]
    roles = {one["x-ogc-role"]: key for key, one in told.items() if "x-ogc-role" in one}

    collection = COLLECTIONS[name]
    assert roles["id"] == collection.identity
    assert roles.get("primary-geometry") == ("geometry" if collection.geometry else None)
    if collection.days and collection.days[0] != collection.days[1]:
        assert (roles["primary-interval-start"], roles["primary-interval-end"]) == collection.days
    (feature,) = (await items(client, name, limit=1)).json()["features"]
    assert feature["id"] == feature["properties"][roles["id"]]
    assert sorted(one["x-ogc-propertySeq"] for one in told.values()) == list(range(1, len(told) + 1))


@EVERY
async def test_sortables_are_those_that_sortby_takes(client: AsyncClient, full: Full, name: str) -> None:
    told = (await client.get(f"/collections/{name}/sortables")).json()["properties"]

    assert list(told) == list(COLLECTIONS[name].sortables)
    answer = await items(client, name, sortby="colour")
    assert problem(answer) == (400, "bad-parameter", "sortby")
    assert ", ".join(told) in answer.json()["detail"]


@pytest.mark.parametrize(("name", "field"), SORTABLES)
@pytest.mark.parametrize("sign", ["+", "-", ""])
async def test_sorting_orders_all_pages_with_unknown_values_last(
    client: AsyncClient, full: Full, name: str, field: str, sign: str
) -> None:
    first = await items(client, name, sortby=f"{sign}{field}", limit=2)

    pages = await walk(client, first)

    everything = (await items(client, name)).json()["features"]
    values = {one["id"]: one["properties"][field] for one in everything}
    got = [values[one] for page in pages for one in page]
    known = sorted((one for one in values.values() if one is not None), reverse=sign == "-")
    assert got == [*known, *([None] * (len(values) - len(known)))]


async def test_sorting_by_several(client: AsyncClient, full: Full) -> None:
    answer = await items(client, "regions", sortby="-level,+name,code")

    told = [
        (one["properties"]["level"], one["properties"]["name"], one["id"])
        for one in answer.json()["features"]
    ]
    assert told == sorted(told, key=lambda one: (-one[0], one[1], one[2]))
    assert len(in_order(answer)) == 13
