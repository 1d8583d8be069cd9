"""What keeping a snapshot costs, and that it does no harm: whoever asks too much, goes away or comes twice leaves nothing behind."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.types import Message

from app.api.access import prepare_columns
from app.api.routes import snapshots as routes
from app.db import engine as engines
from app.main import create_app
from app.queries import snapshots
from app.settings import Settings
from tests.api.asking import problem
from tests.api.conftest import asking
from tests.api.keeping import keep
from tests.world import Made, MakeEvent, load_world, put


async def test_a_snapshot_writes_nothing_but_itself(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    etag = (await client.get("/events")).headers["etag"]
    await keep(client)
    again = await client.get("/events", headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert (await client.get("/health")).json()["version"] == 1


async def test_more_rows_than_a_snapshot_holds_are_refused_and_nothing_is_kept(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await make_event()
    monkeypatch.setattr(snapshots, "MAX_ROWS", 3)
    assert (await keep(client, type="battle"))["rows"] == 3
    monkeypatch.setattr(snapshots, "MAX_ROWS", 2)
    assert problem(await client.post("/snapshots", json={})) == (400, "too-many-rows", None)
    count = await connection.execute(text("SELECT count(*) FROM snapshot"))
    assert count.scalar_one() == 1


async def test_rows_that_take_too_long_are_given_up_and_nothing_is_kept(
    served: AsyncClient, fresh_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
        await put(connection, Made())
    monkeypatch.setattr(routes, "TIME_S", timedelta(microseconds=1).total_seconds())
    answer = await served.post("/snapshots", json={})
    assert problem(answer) == (503, "too-slow", None)
    monkeypatch.undo()
    assert (await served.post("/snapshots", json={})).status_code == 201


async def test_a_snapshot_whose_client_hangs_up_is_given_up_in_the_database(
    fresh_database: str, fresh_engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    app = create_app(Settings(database_url=fresh_database))
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'event_revision'::regclass"
    )
    hanging_up, body = asyncio.Event(), [b"{}"]

    async def receive() -> Message:
        if body:
            return {"type": "http.request", "body": body.pop(), "more_body": False}
        await hanging_up.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        pytest.fail("Nobody is there to be answered.")

    scope = {"type": "http", "method": "POST", "path": "/snapshots", "query_string": b"", "headers": []}
    async with app.router.lifespan_context(app), fresh_engine.begin() as writer:
        # What is read at the start must not wait for the table too.
        await prepare_columns(app)
        await writer.execute(text("LOCK TABLE event_revision"))
        asked = asyncio.create_task(app({**scope, "server": ("sitrep.test", 80)}, receive, send))
        async with asyncio.timeout(60):
            while not await writer.scalar(waiting):  # noqa: ASYNC110 - the server does not tell
                await asyncio.sleep(0.01)
            hanging_up.set()
            await asked
            while await writer.scalar(waiting):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await writer.scalar(text("SELECT count(*) FROM snapshot")) == 0
    assert caplog.text == ""


async def test_rows_that_are_hashed_have_two_minutes_and_other_reads_no_more_than_before(
    fresh_database: str,
) -> None:
    app = create_app(Settings(database_url=fresh_database))
    limit = text("SELECT current_setting('statement_timeout')")
    async with app.router.lifespan_context(app), app.state.begin() as hashing, app.state.connect() as reading:
        assert await hashing.scalar(limit) == "2min"
        assert await reading.scalar(limit) == "15s"
    assert timedelta(minutes=2).total_seconds() == routes.TIME_S


async def test_no_more_than_two_snapshots_are_hashed_at_once_and_others_are_told_to_come_back(
    fresh_database: str, fresh_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
        await put(connection, Made(at=(68.5, 36.5)))
    monkeypatch.setattr(engines, "WAIT_S", 0.2)
    app = create_app(Settings(database_url=fresh_database))
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'event_revision'::regclass"
    )
    regions = ("AF", "TJ", "ZA", "FJ")
    async with app.router.lifespan_context(app), asking(app) as client, fresh_engine.connect() as writer:
        # What is read at the start must not wait for the table too.
        await prepare_columns(app)
        await writer.execute(text("LOCK TABLE event_revision"))
        asked = [asyncio.create_task(client.post("/snapshots", json={"region": one})) for one in regions]
        async with asyncio.timeout(60):
            while sum(one.done() for one in asked) < 2:  # noqa: ASYNC110 - whichever they are
                await asyncio.sleep(0.01)
        refused = [one.result() for one in asked if one.done()]
        assert await writer.scalar(waiting) == 2
        # Those who only read have their connections.
        listed = await asyncio.gather(*(client.get("/events") for _ in range(20)))
        await writer.rollback()
        answers = await asyncio.gather(*asked)
    assert [problem(one) for one in refused] == [(503, "unavailable", None)] * 2
    assert all(int(one.headers["retry-after"]) > 0 for one in refused)
    assert {one.status_code for one in listed} == {200}
    assert sorted(one.status_code for one in answers) == [201, 201, 503, 503]


async def test_of_those_who_keep_the_same_at_once_one_does(
    served: AsyncClient, fresh_engine: AsyncEngine
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
        await put(connection, Made(at=(68.5, 36.5)))
    answers = await asyncio.gather(*(served.post("/snapshots", json={"region": "AF"}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.content for answer in answers}) == 1
    async with fresh_engine.connect() as connection:
        count = await connection.execute(text("SELECT count(*) FROM snapshot"))
        assert count.scalar_one() == 1
