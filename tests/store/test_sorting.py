"""A second connection sorts words in while the first writes."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.store import sorting

_PENDING = "SELECT gin_clean_pending_list('words_index')"


@pytest.fixture
async def words(fresh_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with an index of words, which is sorted in place of those of the events."""
    async with fresh_engine.begin() as connection:
        await connection.execute(text("CREATE TABLE words (search tsvector)"))
        await connection.execute(text("CREATE INDEX words_index ON words USING gin (search)"))
    monkeypatch.setattr(sorting, "_SORT_WORDS_IN", _PENDING)
    monkeypatch.setattr(sorting, "_EVERY_S", 0.01)


async def write(connection: AsyncConnection) -> None:
    await connection.execute(
        text(
            "INSERT INTO words SELECT to_tsvector('simple', n || ' word') FROM generate_series(1, 5000) AS n"
        )
    )


async def pending(connection: AsyncConnection) -> int:
    """How many pages of words wait; afterwards none does."""
    return int((await connection.execute(text(_PENDING))).scalar_one())


async def test_words_are_sorted_in_before_they_are_committed_and_nobody_sees_them(
    fresh_engine: AsyncEngine, words: None
) -> None:
    async with fresh_engine.connect() as first, fresh_engine.connect() as other:
        await first.execute(text("SET LOCAL gin_pending_list_limit = '256MB'"))
        await write(first)
        async with sorting.words_sorted_in(first, 5000):
            await asyncio.sleep(0.5)

            assert await pending(first) == 0
        found = "SELECT count(*) FROM words WHERE search @@ to_tsquery('simple', 'word')"
        assert (await first.execute(text(found))).scalar_one() == 5000
        assert (await other.execute(text(found))).scalar_one() == 0


async def test_without_a_second_connection_the_first_sorts_all_words_in(
    fresh_engine: AsyncEngine, words: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    sort = sorting._sort_words_in

    async def refuse_others(connection: AsyncConnection) -> None:
        if connection is not first:
            raise OperationalError("", {}, Exception("too many connections"))
        await sort(connection)

    monkeypatch.setattr(sorting, "_sort_words_in", refuse_others)
    async with fresh_engine.connect() as first:
        await first.execute(text("SET LOCAL gin_pending_list_limit = '256MB'"))
        async with sorting.words_sorted_in(first, 5000):
            await write(first)
            await asyncio.sleep(0.1)

        assert await pending(first) == 0


async def test_the_words_of_few_events_wait_for_more(fresh_engine: AsyncEngine, words: None) -> None:
    async with fresh_engine.connect() as first:
        await first.execute(text("SET LOCAL gin_pending_list_limit = '256MB'"))
        async with sorting.words_sorted_in(first, sorting.FROM_ROWS - 1):
            await write(first)
            await asyncio.sleep(0.1)

        assert await pending(first) > 0
