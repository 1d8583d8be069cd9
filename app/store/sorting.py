"""Words are sorted into their indexes by a second connection, while the first writes the events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

FROM_ROWS = 1000
"""Events from which their words are sorted in at once, and not with those of later ones."""
_EVERY_S = 0.5
"""How long words may gather. The more there are at a time, the less work they are."""


@asynccontextmanager
async def words_sorted_in(connection: AsyncConnection, written: int) -> AsyncIterator[None]:
    """While a transaction writes so many events, have their words sorted in on another core; do what is left at the end.

    As autovacuum does it, too: what is sorted in is no more to be seen than before.
    """
    if written < FROM_ROWS:
        yield
        return
    sorting = asyncio.create_task(_sort_now_and_then(connection))
    try:
        yield
    finally:
        sorting.cancel()
        with suppress(asyncio.CancelledError):
            await sorting
    # 100,000 events are written in 4.2 s so, and in 5.1 with the words sorted in by small lots. After changes too: what is left
    # unsorted is read through by every search.
    await _sort_words_in(connection)


async def _sort_now_and_then(connection: AsyncConnection) -> None:
    await asyncio.sleep(_EVERY_S)
    # It only saves time: where there is no second connection to be had, the first does it all.
    with suppress(SQLAlchemyError, OSError):
        async with connection.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as second:
            while True:
                await _sort_words_in(second)
                await asyncio.sleep(_EVERY_S)


async def _sort_words_in(connection: AsyncConnection) -> None:
    """Sort the words that wait at the indexes into them, whoever has written them and whether or not that is committed."""
    await connection.execute(text(_SORT_WORDS_IN))


_SORT_WORDS_IN = (
    "SELECT gin_clean_pending_list('event_search'), gin_clean_pending_list('event_revision_search')"
)
