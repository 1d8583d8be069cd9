"""A server on a port of its own, and its streams as a browser reads them: for tests of `GET /changes/stream`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncEngine

from app.api.streams import Streams
from app.main import create_app
from app.serving import _bound, _Server
from app.settings import Settings

SOON_S = 5


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
    with _bound("127.0.0.1", 0) as listener:
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


async def until(count: Callable[[], Any], wanted: int) -> None:
    async with asyncio.timeout(SOON_S):
        while await count() != wanted:  # noqa: ASYNC110 - the database rings no bell for it
            await asyncio.sleep(0.02)
