"""Who may hold places in `GET /changes/stream`, and for how long."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app import serving as servers
from app.api.streams import Streams
from tests.api.asking import problem
from tests.api.streaming import Served, changes, reading, serving, until
from tests.changing import commit
from tests.world import Made, load_world


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


async def test_no_address_takes_all_the_places(fresh_database: str, fresh_engine: AsyncEngine) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    async with serving(fresh_database, fresh_engine, Streams(most=3, most_each=2)) as server:
        async with reading(server), reading(server):
            refused = await server.client.get("/changes/stream")
            assert problem(refused) == (503, "too-many-streams", None)
            assert "from one address" in refused.json()["detail"]
            server.client.headers["X-Forwarded-For"] = "192.0.2.7"  # as a proxy on the same machine tells it
            async with reading(server):
                assert server.streams.open == 3
            del server.client.headers["X-Forwarded-For"]

        async def count() -> int:
            return server.streams.open

        await until(count, 0)
        async with reading(server), reading(server):
            pass


async def test_a_server_that_stops_waits_for_no_client_that_reads_no_more(
    fresh_database: str, fresh_engine: AsyncEngine
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    async with contextlib.AsyncExitStack() as stack:
        async with serving(fresh_database, fresh_engine, Streams()) as server:
            stack.enter_context(deaf(server))
            await tell_much(server)
            began = time.monotonic()
            server.stop()
            await until_closed(server)
            assert time.monotonic() - began < 3
        # Nor does the server wait until it has told all that it had to.
        assert time.monotonic() - began < 5


async def test_a_client_that_reads_no_more_loses_its_place_and_others_keep_theirs(
    fresh_database: str, fresh_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    monkeypatch.setattr(servers, "UNREAD", timedelta(seconds=1))
    async with (
        serving(fresh_database, fresh_engine, Streams()) as server,
        # Who has nothing to read is not cut off.
        reading(server, region="AF-KDZ") as quiet,
    ):

        async def count() -> int:
            return server.streams.open

        with deaf(server):
            await until(count, 2)
            await tell_much(server)
            await until(count, 1)
        made = await commit(server.engine, Made(at=(68.5, 36.5)))
        assert await changes(quiet, 1) == made


@contextlib.contextmanager
def deaf(server: Served) -> Iterator[None]:
    """A client that asks for all that was and will be told, and reads nothing of it."""
    host, port = server.client.base_url.host, server.client.base_url.port
    with socket.create_connection((host, port or 80)) as client:
        client.sendall(b"GET /changes/stream?since=0 HTTP/1.1\r\nHost: x\r\n\r\n")
        yield


async def tell_much(server: Served) -> None:
    """More than the buffers between hold."""
    for _ in range(30):
        await commit(server.engine, Made(summary="x" * 500_000))


async def until_closed(server: Served) -> None:
    async def count() -> int:
        return server.streams.open

    await until(count, 0)
