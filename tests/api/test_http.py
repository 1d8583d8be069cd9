"""What HTTP asks of an answer: HEAD, ETag, coding, CORS, Accept, links behind a proxy."""

from __future__ import annotations

import asyncio
import gzip

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tests.api.asking import ids, links, problem
from tests.api.conftest import asking
from tests.world import MakeEvent, add_version

ADD_VERSION = text(
    "INSERT INTO version (id, known_at, kind, summary) SELECT coalesce(max(id), 0) + 1, coalesce(max(known_at), now()) + interval '1s', 'x', 'x' FROM version"
)

LISTS = ["/events", "/events?region=AF", "/regions?geometry=none", "/regions/AF", "/datasets", "/actors"]
READS = [*LISTS, "/", "/health", "/problems/too-slow", "/docs", "/openapi.json"]


@pytest.mark.parametrize("address", READS)
async def test_head_is_get_without_a_body(client: AsyncClient, world: object, address: str) -> None:
    got, head = await client.get(address), await client.head(address)
    assert head.status_code == got.status_code == 200
    assert head.headers == got.headers


@pytest.mark.parametrize("address", LISTS)
async def test_a_list_has_a_weak_etag_that_changes_when_a_version_is_written(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent, address: str
) -> None:
    await make_event(at=(68.5, 36.5))
    etag = (await client.get(address)).headers["etag"]
    assert etag.startswith('W/"')
    for known in (etag, etag.removeprefix("W/"), f'"other", {etag}', f'W/"x",{etag} ,"y"'):
        again = await client.get(address, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
        assert "vary" in again.headers
        assert "cache-control" in again.headers
    assert (await client.get(address, headers={"If-None-Match": 'W/"other"'})).status_code == 200

    await add_version(connection, 2)
    changed = await client.get(address, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["etag"] != etag) == (200, True)


async def test_another_question_and_another_host_have_another_etag(
    client: AsyncClient, world: object
) -> None:
    answers = [
        await client.get("/events"),
        await client.get("/events?limit=1"),
        await client.get("/events", headers={"Host": "other.test"}),
        await client.get("/regions"),
    ]
    assert len({answer.headers["etag"] for answer in answers}) == 4


async def test_304_asks_the_database_for_its_version_and_for_nothing_else(
    client: AsyncClient, make_event: MakeEvent, statements: list[str]
) -> None:
    await make_event()
    etag = (await client.get("/events")).headers["etag"]
    statements.clear()
    assert (await client.get("/events", headers={"If-None-Match": etag})).status_code == 304
    (only,) = statements
    assert "version" in only
    assert "event" not in only


async def test_a_read_after_a_write_never_gets_what_was_known_before(
    served: AsyncClient, fresh_engine: AsyncEngine
) -> None:
    # Callers who come at once share a look at the version: none of them may share one that began before it came.
    for _ in range(10):
        before = (await served.get("/events")).headers["etag"]
        rush = [asyncio.create_task(served.get("/events")) for _ in range(4)]
        await asyncio.sleep(0.001)
        async with fresh_engine.begin() as writer:
            await writer.execute(ADD_VERSION)
        after = await asyncio.gather(*(served.get("/events") for _ in range(4)))
        assert before not in {answer.headers["etag"] for answer in after}
        assert len({answer.headers["etag"] for answer in after}) == 1
        assert {answer.status_code for answer in await asyncio.gather(*rush)} == {200}


async def test_a_list_costs_two_statements(
    client: AsyncClient, make_event: MakeEvent, statements: list[str]
) -> None:
    await make_event()
    await client.get("/events")
    statements.clear()
    await client.get("/events?region=Kunduz&dataset=desk")
    assert len(statements) == 2


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("br, gzip;q=0.5", "gzip"),
        ("*", "gzip"),
        ("deflate, *;q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000, *", None),
        ("*;q=0", None),
        ("identity", None),
        ("br", None),
        ("", None),
        ("gzip;q=much", "gzip"),
    ],
)
async def test_an_answer_is_compressed_for_whom_takes_it(
    client: AsyncClient, world: object, accepted: str, coding: str | None
) -> None:
    async with client.stream("GET", "/regions", headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == coding
    assert "Accept-Encoding" in answer.headers["vary"]
    assert int(answer.headers["content-length"]) == len(raw)
    assert (gzip.decompress(raw) if coding else raw).startswith(b'{"type":"FeatureCollection"')


async def test_a_small_answer_is_not_compressed(client: AsyncClient, world: object) -> None:
    answer = await client.get("/figures", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


async def test_maps_on_other_hosts_may_read_answers_and_problems(client: AsyncClient, world: object) -> None:
    origin = {"Origin": "https://map.example"}
    for address, status in (("/events", 200), ("/events?x=1", 400), ("/nothing", 404), ("/events/1", 404)):
        answer = await client.get(address, headers=origin)
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == "*"
        assert {"etag", "link"} <= set(answer.headers["access-control-expose-headers"].lower().split(", "))


async def test_a_preflight_is_answered(client: AsyncClient, world: object) -> None:
    for method, headers in (("GET", "if-none-match"), ("POST", "content-type")):
        answer = await client.options(
            "/events/search",
            headers={
                "Origin": "https://map.example",
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": headers,
            },
        )
        assert answer.status_code == 200
        assert method in answer.headers["access-control-allow-methods"]
        assert headers in answer.headers["access-control-allow-headers"]
        assert int(answer.headers["access-control-max-age"]) >= 3600


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/geo+json",
        "application/json",
        "application/*;q=0.1",
        "text/html;q=0.4,*/*;q=0.8",
        "text/calendar, application/geo+json;q=0.5",
        "Application/Geo+JSON",
    ],
)
async def test_whoever_takes_json_gets_geojson(client: AsyncClient, world: object, accept: str) -> None:
    answer = await client.get("/events", headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/geo+json"


@pytest.mark.parametrize("accept", ["text/calendar", "text/html", "application/geo+json;q=0", "image/*"])
@pytest.mark.parametrize("address", ["/events", "/regions", "/datasets", "/actors", "/regions/AF"])
async def test_whoever_takes_none_of_ours_is_told(
    client: AsyncClient, world: object, address: str, accept: str
) -> None:
    if accept == "text/html" and address == "/events":
        accept = "text/html;q=0"
    if accept == "application/geo+json;q=0" and address in {"/datasets", "/actors"}:
        accept = "application/geo+json"
    answer = await client.get(address, headers={"Accept": accept})
    assert problem(answer) == (406, "not-acceptable", None)


async def test_links_are_those_a_proxy_shows(app: FastAPI, make_event: MakeEvent) -> None:
    await make_event()
    await make_event()
    async with asking(app, root_path="/conflict/api") as client:
        # As uvicorn passes on what a proxy sends with X-Forwarded-Proto and Host.
        answer = await client.get("https://example.org/conflict/api/events?limit=1")
        assert links(answer)["self"]["href"] == "https://example.org/conflict/api/events?limit=1"
        following = links(answer)["next"]["href"]
        assert following.startswith("https://example.org/conflict/api/events?limit=1&cursor=")
        assert len(ids(await client.get(following))) == 1
        refused = await client.get("https://example.org/conflict/api/events?x=1")
        assert refused.json()["type"] == "https://example.org/conflict/api/problems/unknown-parameter"
        described = await client.get("https://example.org/conflict/api/openapi.json")
        assert described.json()["servers"] == [{"url": "https://example.org/conflict/api"}]
        page = await client.get("https://example.org/conflict/api/docs")
        assert '"https://example.org/conflict/api/openapi.json"' in page.text.replace("'", '"')


@pytest.mark.parametrize("host", ["[::1", "a b", '"<>', "x:99999", "", "[::1]:8000", "é"])
async def test_a_strange_host_breaks_nothing(client: AsyncClient, world: object, host: str) -> None:
    answer = await client.get("/events", headers={b"Host": host.encode()})
    assert answer.status_code == 200


async def test_a_slash_at_the_end_leads_to_the_same(client: AsyncClient, world: object) -> None:
    answer = await client.get("/events/?limit=1")
    assert (answer.status_code, answer.headers["location"]) == (307, "http://sitrep.test/events?limit=1")
