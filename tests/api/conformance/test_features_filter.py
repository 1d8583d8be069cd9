"""OGC API Features Part 3 (19-079r2): queryables, queryables as parameters, filter, features-filter."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx import AsyncClient, Response
from jsonschema import Draft202012Validator

from app.domain.collections import COLLECTIONS
from app.domain.crs import Crs
from app.domain.kinds import Kind
from tests.api.asking import ids, problem
from tests.api.conformance import Full

CLASSES = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{name}"
    for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
)
EVERY = pytest.mark.parametrize("name", list(COLLECTIONS))
VALUES = [
    (name, key)
    for name, one in COLLECTIONS.items()
    for key, kind in one.queryables.items()
    if kind not in {Kind.GEOMETRY, Kind.INTERVAL}
]


async def items(client: AsyncClient, name: str, /, **params: Any) -> Response:
    return await client.get(
        f"/collections/{name}/items", params={key.replace("__", "-"): value for key, value in params.items()}
    )


async def features(client: AsyncClient, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await items(client, name)).json()["features"]
    return found


@EVERY
async def test_queryables_response(client: AsyncClient, name: str) -> None:
    answer = await client.get(f"/collections/{name}/queryables")

    schema = answer.json()
    Draft202012Validator.check_schema(schema)
    assert answer.headers["content-type"] == "application/schema+json"
    assert set(schema["properties"]) == set(COLLECTIONS[name].queryables)
    assert schema["additionalProperties"] is False
    assert all(one.get("description") for one in schema["properties"].values())


@pytest.mark.parametrize(("name", "key"), VALUES)
async def test_query_parameters_of_queryables_let_in_what_has_the_value(
    client: AsyncClient, full: Full, name: str, key: str
) -> None:
    everything = await features(client, name)
    values = {one["id"]: one["properties"].get(key) for one in everything}
    if key == "actors":
        values = {one["id"]: one["properties"]["side_a"] for one in everything}
    known = [value for value in values.values() if value not in (None, [])]
    if not known:
        pytest.skip("nothing has it")
    wanted = known[0][0] if isinstance(known[0], list) else known[0]

    answer = await items(client, name, **{key: str(wanted).lower() if isinstance(wanted, bool) else wanted})

    same = {
        which
        for which, value in values.items()
        if value == wanted or (isinstance(value, list) and wanted in value)
    }
    assert ids(answer) == same, answer.url


@EVERY
async def test_query_parameters_hold_together_with_others(client: AsyncClient, full: Full, name: str) -> None:
    key = COLLECTIONS[name].identity
    which = full.identities[name]

    assert ids(await items(client, name, **{key: which})) == {which}
    assert ids(await items(client, name, **{key: which}, filter=f"{key} = 'another'")) == set()


@EVERY
@pytest.mark.parametrize("lang", [None, "cql2-text", "cql2-json"])
async def test_filter_param_and_filter_lang(
    client: AsyncClient, full: Full, name: str, lang: str | None
) -> None:
    key, which = COLLECTIONS[name].identity, full.identities[name]
    written = f"{key} = '{which}'"
    if lang == "cql2-json":
        written = json.dumps({"op": "=", "args": [{"property": key}, which]})
    asked = {"filter": written, **({"filter__lang": lang} if lang else {})}

    assert ids(await items(client, name, **asked)) == {which}
    others = ids(await items(client, name)) - {which}
    assert ids(await items(client, name, filter=f"NOT ({key} = '{which}')")) == others


@EVERY
async def test_filter_on_what_is_no_queryable_is_refused(client: AsyncClient, full: Full, name: str) -> None:
    answer = await items(client, name, filter="colour = 'red'")

    assert problem(answer) == (400, "bad-parameter", "filter")
    assert "colour" in answer.json()["detail"]


@EVERY
@pytest.mark.parametrize("wrong", ["(", "a = ", "= 5", "id = 1 AND", "'x", "1 = 1 ; DROP TABLE event"])
async def test_a_filter_that_cannot_be_read_is_refused(
    client: AsyncClient, full: Full, name: str, wrong: str
) -> None:
    assert problem(await items(client, name, filter=wrong)) == (400, "bad-parameter", "filter")


@EVERY
async def test_filter_lang_and_filter_crs_valid_values(client: AsyncClient, full: Full, name: str) -> None:
    key = COLLECTIONS[name].identity
    condition = f"{key} = 'x'"

    assert problem(await items(client, name, filter=condition, filter__lang="sql")) == (
        400,
        "bad-parameter",
        "filter-lang",
    )
    assert problem(await items(client, name, filter=condition, filter__crs="EPSG:1")) == (
        400,
        "bad-parameter",
        "filter-crs",
    )


@pytest.mark.parametrize(
    ("crs", "box"),
    [
        (Crs.CRS84, "60,29,75,38"),
        (Crs.EPSG_4326, "29,60,38,75"),
        (Crs.EPSG_3857, "6679169,3375646,8348962,4579426"),
    ],
)
async def test_filter_crs_param(client: AsyncClient, full: Full, crs: Crs, box: str) -> None:
    asked = {"filter": f"S_INTERSECTS(geometry, BBOX({box}))", "filter__crs": crs}

    assert ids(await items(client, "events", **asked)) == {str(full.kabul)}
    assert ids(await items(client, "figures", **asked)) == {full.identities["figures"]}
    assert "AF" in ids(await items(client, "regions", **asked))
    assert "FJ" not in ids(await items(client, "regions", **asked))


async def test_filter_is_the_same_in_text_in_json_and_in_parameters(client: AsyncClient, full: Full) -> None:
    plain = await items(
        client,
        "events",
        bbox="60,29,75,38",
        has_geometry="true",
        type="battle",
        datetime="2021-08-01/2021-08-31",
        deaths_min="10",
    )
    text = await items(
        client,
        "events",
        filter=(
            "S_INTERSECTS(geometry, BBOX(60,29,75,38)) AND type = 'battle' AND deaths_best >= 10"
            " AND T_INTERSECTS(datetime, INTERVAL('2021-08-01', '2021-08-31'))"
        ),
    )
    conditions = [
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [60, 29, 75, 38]}]},
        {"op": "=", "args": [{"property": "type"}, "battle"]},
        {"op": ">=", "args": [{"property": "deaths_best"}, 10]},
        {
            "op": "t_intersects",
            "args": [{"property": "datetime"}, {"interval": ["2021-08-01", "2021-08-31"]}],
        },
    ]
    coded = await items(
        client, "events", filter=json.dumps({"op": "and", "args": conditions}), filter__lang="cql2-json"
    )

    assert ids(plain) == ids(text) == ids(coded) == {str(full.kabul)}


@EVERY
async def test_filter_goes_with_paging(client: AsyncClient, full: Full, name: str) -> None:
    """The next page is of the same question; a cursor of another filter is refused."""
    key = COLLECTIONS[name].identity
    answer = await items(client, name, filter=f"{key} <> 'x'", limit=1)
    following = [one["href"] for one in answer.json()["links"] if one["rel"] == "next"]

    if not following:
        assert len(await features(client, name)) == 1
        return
    second = await client.get(following[0])
    assert ids(second).isdisjoint(ids(answer))
    other = following[0].replace("filter=", "filter=NOT%20")
    assert problem(await client.get(other))[:2] == (400, "bad-cursor")


async def test_functions_are_listed_with_what_they_take(client: AsyncClient) -> None:
    answer = await client.get("/functions")

    told = {one["name"]: one for one in answer.json()["functions"]}
    assert told["year"]["returns"] == ["integer"]
    assert told["year"]["arguments"] == [{"title": "day", "type": ["datetime"]}]
    found = await items(client, "events", filter="year(first_day) = 2021")
    assert found.status_code == 200
