"""`GET /changes/stream` as a browser reads it: over a socket, from a server of its own."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.api.streams import Streams
from app.main import create_app
from app.serving import _Server
from app.settings import Settings
from tests.api.asking import problem
from tests.changing import commit, revise, write
from tests.world import Made, add_version, load_world

SOON_S = 5
LISTENERS = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'"


@dataclass
class Served:
    """A server on a port of its own."""

    client: AsyncClient
    streams: Streams
    engine: AsyncEngine
    stop: Callable[[], None]
    database: str


@dataclass
class Told:
    """One block of a stream: its fields, and its comments under the empty name."""

    fields: dict[str, str] = field(default_factory=dict)

    @property
    def change(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.fields["data"])
        return found


@asynccontextmanager
async def serving(url: str, engine: AsyncEngine, streams: Streams) -> AsyncIterator[Served]:
    app = create_app(Settings(database_url=url))
    app.state.streams = streams
    config = uvicorn.Config(
        app, http="httptools", log_config=None, access_log=False, timeout_graceful_shutdown=10
    )
    started = asyncio.Event()
    server = _Server(config, started.set, streams.stop)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        running = asyncio.create_task(server.serve([listener]))
        await started.wait()

        def stop() -> None:
            server.should_exit = True

        try:
            async with AsyncClient(base_url=address, timeout=SOON_S) as client:
                yield Served(client, streams, engine, stop, url)
        finally:
            stop()
            await running


@pytest.fixture
async def server(fresh_database: str, fresh_engine: AsyncEngine) -> AsyncIterator[Served]:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    async with serving(fresh_database, fresh_engine, Streams()) as server:
        yield server


@asynccontextmanager
async def reading(
    server: Served, last: str | None = None, **parameters: Any
) -> AsyncIterator[AsyncIterator[Told]]:
    """The blocks of a stream, the first of which has come already."""
    headers = {"Accept": "text/event-stream", **({"Last-Event-ID": last} if last else {})}
    async with server.client.stream("GET", "/changes/stream", params=parameters, headers=headers) as answer:
        assert answer.status_code == 200
        blocks = _blocks(answer)
        opening = await anext(blocks)
        assert set(opening.fields) == {"retry", "id"}
        yield blocks


async def _blocks(answer: httpx.Response) -> AsyncIterator[Told]:
    told = Told()
    async for line in answer.aiter_lines():
        if not line:
            yield told
            told = Told()
            continue
        name, _, value = line.partition(":")
        assert name not in told.fields, line
        told.fields[name] = value.removeprefix(" ")


async def changes(blocks: AsyncIterator[Told], number: int) -> list[str]:
    """The ids of the events of the next changes."""
    found: list[str] = []
    async with asyncio.timeout(SOON_S):
        while len(found) < number:
            told = await anext(blocks)
            if "data" in told.fields:
                assert told.fields["id"] == str(told.change["seq"])
                assert told.fields["event"] == told.change["change"]
                found.append(told.change["id"])
    return found


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


async def until(count: Callable[[], Any], wanted: int) -> None:
    async with asyncio.timeout(SOON_S):
        while await count() != wanted:  # noqa: ASYNC110 - the database rings no bell for it
            await asyncio.sleep(0.02)


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


async def test_one_stream_too_many_is_refused_until_another_ends(
    fresh_database: str, fresh_engine: AsyncEngine
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    async with serving(fresh_database, fresh_engine, Streams(most=2)) as server:
        async with reading(server), reading(server):
            refused = await server.client.get("/changes/stream")
            assert problem(refused) == (503, "too-many-streams", None)
            assert int(refused.headers["retry-after"]) > 0

        async def count() -> int:
            return server.streams.open

        await until(count, 0)
        async with reading(server):
            pass


async def test_a_server_that_stops_ends_its_streams_at_once(server: Served) -> None:
    async with reading(server) as blocks:
        began = time.monotonic()
        server.stop()
        assert [told async for told in blocks] == []
        assert time.monotonic() - began < 1


async def test_a_server_that_stops_waits_for_no_client_that_reads_no_more(
    fresh_database: str, fresh_engine: AsyncEngine
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    async with serving(fresh_database, fresh_engine, Streams()) as server:
        host, port = server.client.base_url.host, server.client.base_url.port
        with socket.create_connection((host, port or 80)) as deaf:
            deaf.sendall(b"GET /changes/stream?since=0 HTTP/1.1\r\nHost: x\r\n\r\n")
            long = "x" * 500_000
            for _ in range(30):
                await commit(server.engine, Made(summary=long))
            began = time.monotonic()
            server.stop()
            await until_closed(server)
            assert time.monotonic() - began < 3


async def until_closed(server: Served) -> None:
    async def count() -> int:
        return server.streams.open

    await until(count, 0)


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
