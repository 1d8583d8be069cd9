"""A server on a port of its own, for tests of answers that go on."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from fastapi import FastAPI
from httpx import AsyncClient

from app.serving import _Server

SOON_S = 5


@dataclass
class Served:
    """An application that is served."""

    client: AsyncClient
    host: str
    port: int
    stop: Callable[[], None]


@asynccontextmanager
async def serving(app: FastAPI, stopping: Callable[[], None] = lambda: None) -> AsyncIterator[Served]:
    """Serve an application as `sitrep serve` does."""
    config = uvicorn.Config(
        app, http="httptools", log_config=None, access_log=False, timeout_graceful_shutdown=10
    )
    started = asyncio.Event()
    server = _Server(config, started.set, stopping)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        host, port = listener.getsockname()
        running = asyncio.create_task(server.serve([listener]))
        await started.wait()

        def stop() -> None:
            server.should_exit = True

        try:
            async with AsyncClient(base_url=f"http://{host}:{port}", timeout=60) as client:
                yield Served(client, host, port, stop)
        finally:
            stop()
            await running


async def until(count: Callable[[], Any], wanted: int) -> None:
    """Wait until a count is what is wanted."""
    async with asyncio.timeout(SOON_S):
        while await count() != wanted:  # noqa: ASYNC110 - the database rings no bell for it
            await asyncio.sleep(0.02)
