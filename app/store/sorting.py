"""Words are sorted into their indexes by a second connection, while the first writes the events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store import merging

_EVERY_S = 0.5
"""How long words may gather. The more there are at a time, the less work they are."""


@asynccontextmanager
async def words_sorted_in_meanwhile(connection: AsyncConnection) -> AsyncIterator[None]:
    """While a transaction writes many events, have their words sorted in on another core.

    As autovacuum does it, too: what is sorted in is no more to be seen than before. `merging.write` does what is left.
    """
    sorting = asyncio.create_task(_sort_now_and_then(connection))
    try:
        yield
    finally:
        sorting.cancel()
        with suppress(asyncio.CancelledError):
            await sorting


async def _sort_now_and_then(connection: AsyncConnection) -> None:
    await asyncio.sleep(_EVERY_S)
    # It only saves time: where there is no second connection to be had, `merging.write` does it all.
    with suppress(SQLAlchemyError, OSError):
        async with connection.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as second:
            while True:
                await merging.sort_words_in(second)
                await asyncio.sleep(_EVERY_S)
