"""Problems: each error in one form, with the parameter at fault and a sentence that helps."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from starlette.types import Message

from app.api.access import prepare_columns
from app.db.engine import create_reader
from app.main import create_app, read_from
from app.queries import events
from app.settings import Settings
from tests.api.asking import problem
from tests.api.conftest import asking

REFUSED = [
    ("bbox=1,2,3", "bbox", "four numbers"),
    ("bbox=1,2,3,x", "bbox", "'x'"),
    ("bbox=1,2,3,nan", "bbox", "'nan'"),
    ("bbox=10,50,20,40", "bbox", "west,south,east,north"),
    ("bbox=29,60,38,175", "bbox", "-90..90"),
    ("bbox=1e400,0,1,1", "bbox", "numbers"),
    ("datetime=2021", "datetime", "2021-01-01/P1Y"),
    ("datetime=2021-08", "datetime", "2021-08-01/P1M"),
    ("bbox=[1,2,3,4]", "bbox", "without brackets"),
    ("datetime=2021-02-30", "datetime", "2021-02-30"),
    ("datetime=2021-08-09/2021-08-01", "datetime", "before"),
    ("datetime=../..", "datetime", "end"),
    ("datetime=٢٠٢١-٠٨-٠٨", "datetime", "day"),
    ("datetime=2021-08-01/P9999999999Y", "datetime", "duration"),
    ("reported=yesterday", "reported", "yesterday"),
    ("region=Nowhere", "region", "Nowhere"),
    ("region=Kundus", "region", "Did you mean AF-KDZ"),
    ("region=fips:XX", "region", "fips:XX"),
    ("region=AF,,TJ", "region", "commas"),
    ("region=AF,Nowhere", "region", "Nowhere"),
    ("intersects=POLYGON((0 0,1 1))", "intersects", "geometry"),
    ("intersects=POLYGON((0 0,1 1,1 0,0 1,0 0))", "intersects", "not valid"),
    ("intersects=POINT EMPTY", "intersects", "empty"),
    ("intersects=POINT(200 0)", "intersects", "longitude"),
    ("intersects={", "intersects", "JSON"),
    ("intersects=CIRCULARSTRING(0 0,1 1,2 0)", "intersects", "Curves"),
    ("near=68,36", "radius", "radius=50km"),
    ("radius=5km", "near", "near=68.86,36.73"),
    ("near=36,168&radius=5km", "near", "longitude,latitude"),
    ("near=68,36&radius=5 parsecs", "radius", "5 parsecs"),
    ("near=68,36&radius=-5", "radius", "more than 0"),
    ("near=68,36&radius=99999km", "radius", "at most"),
    ("match=exact", "match", "point, possible, definite"),
    ("type=airstrike", "type", "Did you mean 'air_strike'?"),
    ("type=BATTLE", "type", "Did you mean 'battle'?"),
    ("type=battle,", "type", "commas"),
    ("dataset=ucdp", "dataset", "Did you mean 'ucdp-ged'?"),
    ("precision=town", "precision", "settlement"),
    ("verification=yes", "verification", "unverified"),
    ("deaths_min=-1", "deaths_min", "0 to"),
    ("deaths_min=1.5", "deaths_min", "whole"),
    ("deaths_min=٣", "deaths_min", "whole"),
    ("deaths_min=2147483648", "deaths_min", "2147483647"),
    ("deaths_max=00000000000000000000999999999999999999", "deaths_max", "2147483647"),
    ("deaths_min=5&deaths_max=3", "deaths_min", "greater"),
    ("contested=1", "contested", "true nor false"),
    ("has_geometry=yes", "has_geometry", "true nor false"),
    ('q="', "q", "word"),
    ("q=...", "q", "word"),
    (f"q={'a' * 1001}", "q", "1000"),
    (f"actor={'a' * 1001}", "actor", "1000"),
    ("sortby=date", "sortby", "first_day"),
    ("sortby=--first_day", "sortby", "first_day"),
    ("sortby=first_day,", "sortby", "first_day"),
    ("limit=0", "limit", "1 to 10000"),
    ("limit=-5", "limit", "1 to 10000"),
    ("limit=ten", "limit", "1 to 10000"),
    ("limit=1.0", "limit", "1 to 10000"),
    ("limit=٣", "limit", "1 to 10000"),
    ("count=true", "count", "exact"),
    ("properties=name", "properties", "title"),
    ("geometry=polygon", "geometry", "extent"),
    ("f=xlsx", "f", "jsonfg, geojsonl, geojsons, csv, fgb, parquet, arrow"),
    ("limit=1&limit=2", "limit", "once"),
    ("datetime=", "datetime", "empty"),
    ("datetime", "datetime", "empty"),
    ("actor=", "actor", "empty"),
    ("q=%00", "q", "NUL"),
    ("q=a%00b", "q", "NUL"),
    ("q=%FF", None, "UTF-8"),
    ("%FF=1", None, "UTF-8"),
    ("&".join(f"region={number}" for number in range(1001)), None, "1000 parameters"),
]


@pytest.mark.parametrize(("asked", "parameter", "said"), REFUSED)
async def test_what_cannot_be_read_is_named_with_a_sentence_that_helps(
    client: AsyncClient, world: object, asked: str, parameter: str | None, said: str
) -> None:
    answer = await client.get(f"/events?{asked}")
    assert problem(answer) == (400, "bad-parameter", parameter)
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("country", "region"), ("date", "datetime"), ("from", "datetime"), ("page", "cursor"), ("fatalities", "deaths_min"),
        ("Region", "region"), ("bbx", "bbox"), ("sort", "sortby"), ("format", "f"), ("lat", "near"), ("offset", "cursor"),
    ],
)  # fmt: skip
async def test_an_unknown_parameter_is_refused_and_the_right_one_offered(
    client: AsyncClient, world: object, name: str, meant: str
) -> None:
    answer = await client.get(f"/events?{name}=1")
    assert problem(answer) == (400, "unknown-parameter", name)
    assert f"Did you mean '{meant}'?" in answer.json()["detail"]


async def test_a_problem_tells_where_and_what(client: AsyncClient, world: object) -> None:
    answer = await client.get("/regions/No%20where")
    assert answer.json() == {
        "type": "http://sitrep.test/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": answer.json()["detail"],
        "instance": "/regions/No%20where",
        "parameter": "code",
    }
    assert answer.headers["cache-control"] == "no-store"
    assert (await client.get(answer.json()["type"])).json()["slug"] == "not-found"


@pytest.mark.parametrize(
    "address", ["/nothing", "/events/1/2", "/docs/static/nothing.js", "/%00", "/☃", "//"]
)
async def test_an_address_that_is_not_there_is_a_problem(
    client: AsyncClient, world: object, address: str
) -> None:
    assert problem(await client.get(f"http://sitrep.test{address}")) == (404, "not-found", None)


@pytest.mark.parametrize(
    ("method", "address"),
    [("DELETE", "/events"), ("PUT", "/regions"), ("PATCH", "/"), ("GET", "/events/search")],
)
async def test_a_method_that_is_not_offered_is_a_problem_with_those_that_are(
    client: AsyncClient, world: object, method: str, address: str
) -> None:
    answer = await client.request(method, address)
    assert problem(answer) == (405, "method-not-allowed", None)
    assert answer.headers["allow"]


async def test_no_database_is_503_and_the_front_page_still_answers(cluster_settings: Settings) -> None:
    for url in (
        "postgresql+asyncpg://sitrep@/sitrep?host=/nowhere",
        "postgresql+asyncpg://sitrep@127.0.0.1:1/sitrep",
        f"postgresql+asyncpg://sitrep@/no_such_database?host={cluster_settings.data_dir}",
    ):
        app = create_app(Settings(database_url=url))
        async with app.router.lifespan_context(app), asking(app) as client:
            for address in (
                "/events",
                "/health",
                "/regions/AF",
                "/events/a5f91262-ab3d-525f-bfda-3a272b22d4b8",
            ):
                answer = await client.get(address, headers={"Origin": "https://map.example"})
                assert problem(answer) == (503, "unavailable", None)
                assert answer.headers["retry-after"] == "5"
                assert answer.headers["access-control-allow-origin"] == "*"
            assert (await client.get("/")).status_code == 200


async def test_a_database_that_hangs_up_is_503_once_and_then_read_again(
    served: AsyncClient, fresh_engine: AsyncEngine
) -> None:
    assert (await served.get("/events")).status_code == 200
    assert (await served.get("/counts?by=year")).status_code == 200
    kill = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with fresh_engine.connect() as other:
        await other.execute(kill)
    answers = [await served.get("/events") for _ in range(3)]
    assert answers[-1].status_code == 200
    assert {answer.status_code for answer in answers} <= {200, 503}


async def test_a_question_that_takes_too_long_is_503(fresh_database: str) -> None:
    engine = create_reader(fresh_database, timeout=timedelta(seconds=1))
    lock = create_async_engine(fresh_database)
    app = create_app(Settings())
    read_from(app, engine.connect)
    async with asking(app) as client, lock.begin() as writer:
        assert (await client.get("/events")).status_code == 200
        await writer.execute(text("LOCK TABLE event"))
        for address in ("/events?limit=5", "/events?count=exact&limit=1"):
            answer = await client.get(address)
            assert problem(answer) == (503, "too-slow", None)
            assert answer.headers["retry-after"] == "5"
            assert "no exact count" in answer.json()["detail"]
    await engine.dispose()
    await lock.dispose()


async def test_questions_that_take_long_keep_nobody_from_304_and_health(
    served: AsyncClient, fresh_engine: AsyncEngine
) -> None:
    etag = (await served.get("/events")).headers["etag"]
    async with fresh_engine.begin() as writer:
        await writer.execute(text("LOCK TABLE event"))
        slow = [asyncio.create_task(served.get("/events?limit=7")) for _ in range(25)]
        await asyncio.sleep(0.5)
        async with asyncio.timeout(10):
            known = await served.get("/events", headers={"If-None-Match": etag})
            health = await served.get("/health")
        assert (known.status_code, health.status_code) == (304, 200)
        # Those who found no connection are told so, long before those who have one are given up.
        answers = [task.result() for task in (await asyncio.wait(slow, timeout=8))[0]]
        assert [problem(answer) for answer in answers] == [(503, "unavailable", None)] * 5
        assert "busy with other questions" in answers[0].json()["detail"]
    assert {answer.status_code for answer in await asyncio.gather(*slow)} == {200, 503}


async def test_a_question_whose_client_hangs_up_is_ended_in_the_database(
    fresh_database: str, fresh_engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(database_url=fresh_database))
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'event'::regclass")
    hanging_up, sent = asyncio.Event(), []

    async def receive() -> Message:
        await hanging_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/events", "query_string": b"", "headers": []}
    async with app.router.lifespan_context(app), fresh_engine.begin() as writer:
        # What is read at the start must not wait for the table too.
        await prepare_columns(app)
        await writer.execute(text("LOCK TABLE event"))
        asked = asyncio.create_task(app({**scope, "server": ("sitrep.test", 80)}, receive, send))
        async with asyncio.timeout(10):
            while not await writer.scalar(waiting):  # noqa: ASYNC110 - the server does not tell
                await asyncio.sleep(0.01)
            hanging_up.set()
            await asked
            while await writer.scalar(waiting):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert sent == []
    assert caplog.text == ""


async def test_what_nobody_foresaw_is_500_with_a_request_id_and_no_details(
    app: FastAPI, client: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(events, "page", fail)
    answer = await client.get("/events", headers={"Origin": "https://map.example"})
    assert problem(answer) == (500, "internal-error", None)
    assert "secret" not in answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    request_id = answer.json()["detail"].rstrip(".").rpartition(" ")[2]
    assert request_id in caplog.text
    assert "secret" in caplog.text


async def test_a_fault_of_ours_in_sql_is_500(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(events, "conditions", lambda *_: [text("nothing = 'nowhere'")])
    assert problem(await client.get("/events")) == (500, "internal-error", None)


async def test_what_fastapi_refuses_is_a_problem_too() -> None:
    async def typed(number: int) -> int:
        return number

    app = create_app(Settings())
    app.add_api_route("/typed", typed)
    async with asking(app) as client:
        assert (await client.get("/typed?number=3")).json() == 3
        assert problem(await client.get("/typed?number=x")) == (400, "bad-parameter", "number")
