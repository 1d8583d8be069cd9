"""Connections to the database."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

READ_TIMEOUT = timedelta(seconds=15)
"""For one statement of a reader who waits for the answer."""

_SETTINGS: Mapping[str, str] = {
    "application_name": "sitrep",
    "timezone": "UTC",
    # The generic plan, which PostgreSQL tries from the 6th run on, took a box-and-days statement from 2 to 731 ms.
    "plan_cache_mode": "force_custom_plan",
    # A tile of 800 points: 15 ms with parallel workers, 1.0 to 3.7 without.
    "max_parallel_workers_per_gather": "0",
    # Compiling only costs, in statements of milliseconds.
    "jit": "off",
    # One wrong letter in a name of seven leaves 0.45 of it alike ("taleban"); PostgreSQL's own 0.6 finds no such near miss.
    "pg_trgm.word_similarity_threshold": "0.45",
}


def create_engine(
    url: str, *, statement_timeout: timedelta | None = None, pool_size: int = 10, pooled: bool = True
) -> AsyncEngine:
    """An engine over asyncpg, set for short spatial reads.

    `statement_timeout` ends any statement that takes longer: READ_TIMEOUT for interactive readers, None for imports and
    migrations. `pool_size` connections stay open, and as many again may be added in a rush. Without `pooled` each is
    closed after use.
    """
    settings = dict(_SETTINGS)
    if statement_timeout is not None:
        settings["statement_timeout"] = str(int(statement_timeout.total_seconds() * 1000))
    pool: dict[str, Any] = (
        {"pool_size": pool_size, "max_overflow": pool_size} if pooled else {"poolclass": NullPool}
    )
    engine = create_async_engine(
        url,
        connect_args={"server_settings": settings},
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        **pool,
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    return engine


def _refuse_closed(
    connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    # Instead of pool_pre_ping, which asks the server each time: asyncpg knows when the server has hung up.
    if connection.driver_connection is not None and connection.driver_connection.is_closed():
        raise DisconnectionError
