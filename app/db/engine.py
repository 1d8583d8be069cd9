"""Connections to the database."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

READ_TIMEOUT = timedelta(seconds=15)
"""For one statement of a reader who waits for the answer."""
COPY_TIMEOUT = timedelta(minutes=30)
"""For a whole result, however slowly it is taken: as long a snapshot is held."""
HASH_TIMEOUT = timedelta(minutes=2)
"""For the rows of a snapshot, all together. The most that one may hold, a million, take 20 seconds of processor time."""
HASHING = 2
"""Snapshots whose rows are hashed at once, over connections of their own: however many come, readers have theirs."""
READERS = 20
"""How many short reads there may be at once."""
WAIT_S = 5
"""How long a reader waits for a connection while others have them all."""
CONNECT_S = 10
"""How long a server may take to accept a connection; asyncpg would wait for a minute."""

_SETTINGS: Mapping[str, str] = {
    "application_name": "sitrep",
    "timezone": "UTC",
    # Whole results are PostgreSQL's own text, whatever a server's settings say of days.
    "datestyle": "ISO",
    # The generic plan, which PostgreSQL tries from the 6th run on, took a box-and-days statement from 2 to 731 ms.
    "plan_cache_mode": "force_custom_plan",
    # A tile of 800 points: 15 ms with parallel workers, 1.0 to 3.7 without.
    "max_parallel_workers_per_gather": "0",
    # Compiling only costs, in statements of milliseconds.
    "jit": "off",
    # One wrong letter in a name of seven leaves 0.45 of it alike ("taleban"); PostgreSQL's own 0.6 finds no such near miss.
    "pg_trgm.word_similarity_threshold": "0.45",
}


def create_engine(url: str, *, pooled: bool = True) -> AsyncEngine:
    """An engine for commands: its statements take as long as they need. Without `pooled` each connection is closed after use."""
    return _engine(url, {}, {} if pooled else {"poolclass": NullPool})


def create_reader(url: str, *, connections: int = READERS, timeout: timedelta = READ_TIMEOUT) -> AsyncEngine:
    """An engine for short reads that somebody waits for, at most `connections` of them at once.

    Each statement stands for itself, without a transaction round it, and is ended when it takes longer than `timeout`. Who finds
    all connections busy waits for WAIT_S, and then has SQLAlchemy's TimeoutError.
    """
    milliseconds = str(int(timeout.total_seconds() * 1000))
    pool = {"pool_size": connections, "max_overflow": 0, "pool_timeout": WAIT_S}
    return _engine(url, {"statement_timeout": milliseconds}, {"isolation_level": "AUTOCOMMIT", **pool})


class Held:
    """Connections that are kept for many short reads, one after the other; to take one out of the pool costs more than such a read."""

    def __init__(self, reader: AsyncEngine, connections: int) -> None:
        """Take as many from this engine, which nobody else takes any of, each when it is first needed, and another one when the server has hung up."""
        self._reader = reader
        self._free: list[AsyncConnection] = []
        self._connections = connections
        self._places = asyncio.Semaphore(connections)
        self._closed = False

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """A connection for one who reads. Raises SQLAlchemy's TimeoutError if all are busy for WAIT_S."""
        await self._enter()
        try:
            connection = await self._open()
            try:
                yield connection
            except asyncio.CancelledError:
                # The driver gave its statement up, which may run on for as long as PostGIS does not look up.
                try:
                    await connection.invalidate()
                finally:
                    await connection.close()
                raise
            except BaseException:
                await connection.close()
                raise
            if self._closed:
                await connection.close()
            else:
                self._free.append(connection)
        finally:
            self._places.release()

    async def close(self) -> None:
        """Give all back, those that somebody reads with as soon as they are free, if that is within WAIT_S. Nobody reads afterwards."""
        self._closed = True
        while self._free:
            await self._free.pop().close()
        with suppress(TimeoutError):
            async with asyncio.timeout(WAIT_S):
                for _ in range(self._connections):
                    await self._places.acquire()

    async def _enter(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(WAIT_S):
                await self._places.acquire()
        except TimeoutError:
            message = f"All connections were busy for {WAIT_S} seconds."
            raise PoolTimeout(message) from None

    async def _open(self) -> AsyncConnection:
        while self._free:
            # The one that was used last: what the server keeps for it is at hand.
            connection = self._free.pop()
            if not _is_closed(connection):
                return connection
            await connection.close()
        return await self._reader.connect()


def driver(connection: AsyncConnection) -> Any:
    """The driver's own connection below, for what is asked so often that SQLAlchemy's part would be most of it."""
    # Not get_raw_connection(), which changes to another stack and back to give the same.
    return connection.sync_connection.connection.driver_connection  # type: ignore[union-attr]


def _is_closed(connection: AsyncConnection) -> bool:
    return connection.closed or connection.invalidated or driver(connection).is_closed()


def in_transactions(reader: AsyncEngine) -> AsyncEngine:
    """The same connections, for transactions: each of their statements sees what was committed before it.

    The time limit of a reader holds for each fetch from a stream, and not for the stream.
    """
    return reader.execution_options(isolation_level="READ COMMITTED")


def _engine(url: str, settings: Mapping[str, str], options: Mapping[str, Any]) -> AsyncEngine:
    engine = create_async_engine(
        url,
        connect_args={"server_settings": {**_SETTINGS, **settings}, "timeout": CONNECT_S},
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        **options,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    # Instead of pool_pre_ping, which asks the server each time: asyncpg knows when the server has hung up.
    if connection.driver_connection is not None and connection.driver_connection.is_closed():
        raise DisconnectionError
