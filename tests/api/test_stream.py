"""`GET /changes/stream` as a browser reads it: over a socket, from a server of its own."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.api.streams import Streams
from tests.api.asking import problem
from tests.api.streaming import SOON_S, Served, Told, changes, reading, serving, until
from tests.changing import commit, revise, write
from tests.world import Made, add_version, load_world

LISTENERS = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"


@pytest.fixture
async def server(fresh_database: str, fresh_engine: AsyncEngine) -> AsyncIterator[Served]:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    async with serving(fresh_database, fresh_engine, Streams()) as server:
        yield server


async def test_what_another_commits_is_told_within_a_second(server: Served) -> None:
    await commit(server.engine, Made())
    async with reading(server) as blocks:
        began = time.monotonic()
        made = await commit(server.engine, Made(title="One"), Made(title="Two\nlines"))
        assert set(await changes(blocks, 2)) == set(made)
        assert time.monotonic() - began < 1


async def test_a_change_is_told_as_the_feed_has_it(server: Served) -> None:
    async with reading(server, properties="title", region="AF-KDZ") as blocks:
        await commit(
            server.engine, Made(at=(0.0, 0.0)), Made(at=(68.5, 36.5), title="One\r\ntwo\u2028three\x85")
        )
        told = await anext(blocks)
    answer = await server.client.get("/changes?properties=title&region=AF-KDZ")
    assert [told.change] == answer.json()["changes"]
    assert told.change["event"]["properties"]["title"] == "One\r\ntwo\u2028three\x85"
    assert set(told.fields) == {"id", "event", "data"}


async def test_an_event_that_leaves_the_region_and_one_that_is_retracted_are_told(server: Served) -> None:
    async with server.engine.begin() as connection:
        gone, withdrawn = await write(connection, Made(at=(68.5, 36.5)), Made(at=(68.5, 36.5)))
    async with reading(server, region="AF-KDZ") as blocks:
        async with server.engine.begin() as connection:
            await add_version(connection, 3)
            await revise(connection, 3, gone, admin1="'AF-HEL'")
            await revise(connection, 3, withdrawn, status="'retracted'")
            await connection.execute(text("SELECT pg_notify('sitrep_version', '3')"))
        told = [await anext(blocks), await anext(blocks)]
    assert [(one.fields["event"], one.change["id"], one.change["matches"]) for one in told] == [
        ("update", str(gone), False),
        ("retract", str(withdrawn), False),
    ]


async def test_a_stream_goes_on_behind_since_and_behind_what_was_received_last(server: Served) -> None:
    made = [(await commit(server.engine, Made()))[0] for _ in range(4)]
    seqs = [str(one["seq"]) for one in (await server.client.get("/changes")).json()["changes"]]
    async with reading(server, since=0) as blocks:
        assert await changes(blocks, 4) == made
    async with reading(server, since=seqs[2]) as blocks:
        assert await changes(blocks, 1) == made[3:]
    # The header wins: a browser comes back to the same address.
    async with reading(server, last=seqs[1], since=0) as blocks:
        assert await changes(blocks, 2) == made[2:]


async def test_who_comes_back_again_and_again_misses_nothing_and_hears_nothing_twice(server: Served) -> None:
    made: list[str] = []

    async def writing() -> None:
        for number in range(60):
            made.extend(await commit(server.engine, *(Made() for _ in range(1 + number % 3))))
            await asyncio.sleep(0.005)

    last: str | None = "0"
    heard: list[str] = []
    writer = asyncio.create_task(writing())
    for read in itertools.cycle((1, 7, 2, 19)):
        async with reading(server, last=last) as blocks:
            for _ in range(read):
                told = await asyncio.wait_for(anext(blocks), SOON_S)
                last = told.fields["id"]
                heard.append(told.change["id"])
                if writer.done() and len(heard) == len(made):
                    break
        if writer.done() and len(heard) >= len(made):
            break
    await writer

    feed = [one["id"] for one in (await server.client.get("/changes?limit=1000")).json()["changes"]]
    assert heard == feed
    assert sorted(heard) == sorted(made)
    assert len(heard) == 120


async def test_a_silent_stream_has_a_heartbeat_which_tells_how_far_it_looked(
    fresh_database: str, fresh_engine: AsyncEngine
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    quick = Streams(heartbeat=timedelta(milliseconds=50))
    async with (
        serving(fresh_database, fresh_engine, quick) as server,
        reading(server, region="AF-KDZ", since=0) as blocks,
    ):
        first = await anext(blocks)
        assert first.fields == {"": "still here", "id": "0"}
        await commit(server.engine, Made(at=(0.0, 0.0)))
        async with asyncio.timeout(SOON_S):
            while (told := await anext(blocks)) == first:
                pass
        (only,) = (await server.client.get("/changes")).json()["changes"]
        assert told.fields == {"": "still here", "id": str(only["seq"])}


async def test_an_announcement_that_is_lost_costs_a_heartbeat_at_most(
    fresh_database: str, fresh_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    quick = Streams(heartbeat=timedelta(milliseconds=200))
    monkeypatch.setattr(quick, "wake", lambda: None)
    async with serving(fresh_database, fresh_engine, quick) as server, reading(server) as blocks:
        made = await commit(server.engine, Made())
        assert await changes(blocks, 1) == made


async def test_a_listener_whose_connection_is_ended_takes_another(server: Served) -> None:
    async with reading(server) as blocks:
        assert await changes_after_commit(server, blocks)
        async with server.engine.connect() as connection:
            ended = await connection.scalar(text(f"SELECT count(pg_terminate_backend(pid)) {LISTENERS}"))
        assert ended == 1
        # Unheard, and told as soon as there is another connection: long before the heartbeat.
        assert await changes_after_commit(server, blocks)
        await until(lambda: listeners(server), 1)
        assert await changes_after_commit(server, blocks)


async def changes_after_commit(server: Served, blocks: AsyncIterator[Told]) -> bool:
    made = await commit(server.engine, Made())
    return await changes(blocks, 1) == made


async def listeners(server: Served) -> int:
    async with server.engine.connect() as connection:
        return int(await connection.scalar(text(f"SELECT count(*) {LISTENERS}")) or 0)


async def test_a_process_listens_once_and_a_waiting_stream_holds_no_connection(server: Served) -> None:
    async with contextlib.AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(reading(server)) for _ in range(50)]
        made = await commit(server.engine, Made())
        for blocks in opened:
            assert await changes(blocks, 1) == made
        assert await listeners(server) == 1
        assert server.streams.open == 50
        async with server.engine.connect() as connection:
            busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()"
            assert await connection.scalar(text(busy)) == 0
            # One that listens, the door's, ours, and of the readers' twenty no more than may ask at once.
            every = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            assert int(await connection.scalar(text(every)) or 0) <= 3 + 4 + 1

    async def count() -> int:
        return server.streams.open

    await until(count, 0)


async def test_a_server_that_stops_ends_its_streams_at_once(server: Served) -> None:
    async with reading(server) as blocks:
        began = time.monotonic()
        server.stop()
        assert [told async for told in blocks] == []
        assert time.monotonic() - began < 1


async def test_proxies_are_told_to_pass_it_on_as_it_comes(server: Served) -> None:
    async with server.client.stream(
        "GET", "/changes/stream", headers={"Accept-Encoding": "gzip", "Origin": "https://map.example"}
    ) as answer:
        headers = answer.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert headers["access-control-allow-origin"] == "*"
    assert {"content-encoding", "content-length", "etag"} & set(headers) == set()


@pytest.mark.parametrize(
    ("query", "last", "kind", "parameter"),
    [
        ("region=Nowhere", None, "bad-parameter", "region"),
        ("limit=10", None, "unknown-parameter", "limit"),
        ("since=x", None, "bad-parameter", "since"),
        ("", "x", "bad-parameter", "Last-Event-ID"),
    ],
)
async def test_what_is_wrong_is_said_before_a_stream_begins(
    server: Served, query: str, last: str | None, kind: str, parameter: str
) -> None:
    headers = {"Last-Event-ID": last} if last else {}
    answer = await server.client.get(f"/changes/stream?{query}", headers=headers)
    assert problem(answer) == (400, kind, parameter)
    answer = await server.client.get("/changes/stream", headers={"Accept": "application/json"})
    assert problem(answer) == (406, "not-acceptable", None)
    assert server.streams.open == 0
