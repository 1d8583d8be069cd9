"""`POST /events/search`: the same grammar as a JSON body."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from httpx import AsyncClient

from app.api.bodies import MAX_BODY
from tests.api.asking import ids, problem
from tests.world import MakeEvent

POINT = {"type": "Point", "coordinates": [68.5, 36.5]}
SQUARE = {"type": "Polygon", "coordinates": [[[68, 36], [70, 36], [70, 38], [68, 38], [68, 36]]]}


@pytest.mark.parametrize(
    "body",
    [
        {"bbox": [68, 36, 70, 38]},
        {"bbox": [68, 36, -1.5, 70, 38, 9]},
        {"bbox": "68,36,70,38"},
        {"datetime": "2021-08-08", "region": ["Kunduz", "Western"]},
        {"region": "AF-KDZ"},
        {"intersects": SQUARE},
        {"intersects": {"type": "Feature", "properties": None, "geometry": SQUARE}},
        {"intersects": "POINT(68.5 36.5)"},
        {"near": [68.5, 36.5], "radius": 1000},
        {"near": [68.5, 36.5], "radius": 1000.5},
        {"near": "68.5,36.5", "radius": "1km"},
        {"type": ["battle", "riot"], "actor": ["Army, the", "Nobody"]},
        {"deaths_min": 3, "deaths_max": 3.0, "contested": True, "has_geometry": True},
        {"q": "hospital", "reported": None, "count": "exact", "properties": ["title"]},
        {"precision": ["settlement"], "dataset": "desk", "verification": ["verified"]},
    ],
)
async def test_a_body_asks_what_a_query_string_asks(
    client: AsyncClient, make_event: MakeEvent, body: dict[str, Any]
) -> None:
    wanted = await make_event(
        at=(68.5, 36.5), side_a=("Army, the",), deaths=3, contested=True, title="Hospital", dataset="desk",
        verification="verified",
    )  # fmt: skip
    await make_event(
        at=(64, 31), side_a=("Army",), deaths=4, contested=False, type="protest", precision="admin1"
    )
    answer = await client.post("/events/search", json=body)
    assert ids(answer) == {str(wanted)}
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["cache-control"] == "no-store"


async def test_an_empty_object_asks_for_everything(client: AsyncClient, make_event: MakeEvent) -> None:
    made = {str(await make_event()), str(await make_event())}
    assert ids(await client.post("/events/search", json={})) == made
    assert ids(await client.post("/events/search", content=b"{}")) == made
    assert len(ids(await client.post("/events/search", json={"limit": 1}))) == 1
    assert ids(await client.post("/events/search", json={"limit": 1e300})) == made


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"country": "AF"}, "country"),
        ({"country": None}, "country"),
        ({"limit": 0}, "limit"),
        ({"limit": True}, "limit"),
        ({"limit": 1.5}, "limit"),
        ({"limit": -(10**18)}, "limit"),
        ({"region": []}, "region"),
        ({"region": [["AF"]]}, "region"),
        ({"region": {"code": "AF"}}, "region"),
        ({"type": ["battle", None]}, "type"),
        ({"bbox": [1, 2, 3]}, "bbox"),
        ({"bbox": [10**400, 2, 3, 4]}, None),
        ({"q": ""}, "q"),
        ({"q": "a\0b"}, "q"),
        ({"deaths_min": 10**18}, "deaths_min"),
        ({"contested": 1}, "contested"),
        ({"intersects": {"type": "Polygon"}}, "intersects"),
        ({"intersects": {"type": "Nothing", "coordinates": []}}, "intersects"),
        ({"intersects": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}}, "intersects"),
        ({"intersects": {"type": "FeatureCollection", "features": []}}, "intersects"),
        ({"intersects": [POINT]}, "intersects"),
        ({"datetime": ["2021-08-01", "2021-08-09"]}, "datetime"),
    ],
)
async def test_a_member_that_cannot_be_read_is_named(
    client: AsyncClient, world: object, body: dict[str, Any], parameter: str | None
) -> None:
    answer = await client.post("/events/search", json=body)
    status, kind, named = problem(answer)
    assert (status, named) == (400, parameter)
    assert kind in {"bad-parameter", "unknown-parameter", "bad-body"}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b'"AF"', b"null", b"7", b"{'limit': 1}", b'{"limit": NaN}', b'{"limit": 1e400}',
        b'{"q": "\\ud800"}', b'{"q": "\xff"}', b"[" * 100_000, b'{"a":' * 5_000, b"\xef\xbb\xbf",
    ],
)  # fmt: skip
async def test_what_is_no_json_object_is_refused(client: AsyncClient, world: object, body: bytes) -> None:
    assert problem(await client.post("/events/search", content=body)) == (400, "bad-body", None)


@pytest.mark.parametrize(
    "shape",
    [
        b'"' + b"GEOMETRYCOLLECTION(" * 40_000 + b"POINT(0 0)" + b")" * 40_000 + b'"',
        b'"' + b")" * 50 + b"GEOMETRYCOLLECTION(" * 40_000 + b'"',
        b'{"type":"GeometryCollection","geometries":[' * 100 + orjson.dumps(POINT) + b"]}" * 100,
        b'{"type":"GeometryCollection","geometries":[' * 300 + orjson.dumps(POINT) + b"]}" * 300,
    ],
)
async def test_deep_nesting_is_refused_and_does_not_end_the_process(
    client: AsyncClient, world: object, shape: bytes
) -> None:
    answer = await client.post("/events/search", content=b'{"intersects":' + shape + b"}")
    assert problem(answer) == (400, "bad-parameter", "intersects")


async def test_a_body_that_is_too_large_is_413(client: AsyncClient, world: object) -> None:
    fits = b'{"limit":1}'.ljust(MAX_BODY)
    assert (await client.post("/events/search", content=fits)).status_code == 200
    assert problem(await client.post("/events/search", content=fits + b" ")) == (413, "too-large", None)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
async def test_a_body_of_another_type_is_415(client: AsyncClient, world: object, kind: str) -> None:
    answer = await client.post("/events/search", content=b"{}", headers={"Content-Type": kind})
    assert problem(answer) == (415, "unsupported-media-type", None)


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/geo+json"]
)
async def test_json_by_any_of_its_names_is_taken(client: AsyncClient, world: object, kind: str) -> None:
    answer = await client.post("/events/search", content=b"{}", headers={"Content-Type": kind})
    assert ids(answer) == set()


async def test_parameters_in_the_address_of_a_search_are_refused(client: AsyncClient, world: object) -> None:
    assert problem(await client.post("/events/search?limit=1", json={})) == (400, "bad-parameter", "limit")


async def test_a_search_is_not_sent_with_get(client: AsyncClient, world: object) -> None:
    answer = await client.get("/events/search")
    assert problem(answer) == (405, "method-not-allowed", None)
    assert answer.headers["allow"] == "POST"


async def test_a_member_that_stands_twice_is_refused(client: AsyncClient) -> None:
    for path in ("/events/search", "/snapshots"):
        answer = await client.post(
            path, content='{"region": "AF", "region": "TJ"}', headers={"content-type": "application/json"}
        )
        assert problem(answer) == (400, "bad-body", None)
