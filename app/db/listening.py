"""Listening: being told by the database that a version was committed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NoReturn

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.engine import CONNECT_S, create_engine
from app.db.turns import CHANNEL

AGAIN = timedelta(seconds=1)
"""How long after a connection was lost another is tried."""
ALIVE = timedelta(seconds=15)
"""How often a quiet connection is asked whether it still is one: one that broke without a word would be listened to for ever."""

log = logging.getLogger("sitrep")


async def listen(url: str, heard: Callable[[], None]) -> NoReturn:
    """Call `heard` whenever a version has been committed, until this is cancelled. Takes one connection, and another when that breaks.

    `heard` is called with each new connection too: what was announced before it was not heard.
    """
    engine = create_engine(url, pooled=False)
    silent = False
    while True:
        try:
            await _until_lost(engine, heard)
            silent = False
        except (DBAPIError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            if not silent:
                log.warning("No word of new versions for the moment: %s", error)
            silent = True
        await asyncio.sleep(AGAIN.total_seconds())


async def _until_lost(engine: AsyncEngine, heard: Callable[[], None]) -> None:
    async with engine.connect() as connection:
        try:
            await _hear(connection, heard)
        finally:
            # It may be dead, or be listening still: nobody is to be given it.
            await connection.invalidate()


async def _hear(connection: AsyncConnection, heard: Callable[[], None]) -> None:
    raw = (await connection.get_raw_connection()).driver_connection
    assert raw is not None, "asyncpg has connections of its own"  # noqa: S101 - for the types
    lost = asyncio.Event()
    raw.add_termination_listener(lambda *_: lost.set())
    await raw.add_listener(CHANNEL, lambda *_: heard())
    heard()
    while not lost.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ALIVE.total_seconds()):
                await lost.wait()
        if not lost.is_set():
            await raw.execute("SELECT 1", timeout=CONNECT_S)
