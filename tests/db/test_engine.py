"""Connections are set for short spatial reads, and a dead one is not handed out."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import Held, create_reader, driver


async def ended_by_the_server(engine: AsyncEngine, pid: int | None) -> None:
    async with engine.connect() as other:
        assert await other.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid}) is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("plan_cache_mode", "force_custom_plan"),
        ("max_parallel_workers_per_gather", "0"),
        ("jit", "off"),
        ("TimeZone", "UTC"),
        ("application_name", "sitrep"),
        ("statement_timeout", "0"),
    ],
)
async def test_every_connection_has_these_settings(engine: AsyncEngine, name: str, value: str) -> None:
    async with engine.connect() as connection:
        assert await connection.scalar(text(f"SHOW {name}")) == value


async def test_a_statement_over_its_time_is_ended(fresh_database: str) -> None:
    engine = create_reader(fresh_database, timeout=timedelta(milliseconds=100))
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="statement timeout"):
            await connection.execute(text("SELECT pg_sleep(5)"))
    await engine.dispose()


async def test_json_is_read_and_written(fresh_engine: AsyncEngine) -> None:
    async with fresh_engine.connect() as connection:
        assert await connection.scalar(text("""SELECT '{"place": "قندوز"}'::jsonb""")) == {"place": "قندوز"}


async def test_a_connection_that_the_server_closed_is_replaced_unseen(
    fresh_database: str, fresh_engine: AsyncEngine
) -> None:
    pooled = create_reader(fresh_database, connections=1)
    async with pooled.connect() as connection:
        dead = await connection.scalar(text("SELECT pg_backend_pid()"))
    await ended_by_the_server(fresh_engine, dead)

    async with pooled.connect() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) != dead
    await pooled.dispose()


async def test_held_connections_are_few_and_used_again(fresh_database: str) -> None:
    engine = create_reader(fresh_database, connections=2)
    held = Held(engine, 2)
    most, now, used = 0, 0, set()

    async def read() -> None:
        nonlocal most, now
        async with held.connect() as connection:
            now += 1
            most = max(most, now)
            used.add(await connection.scalar(text("SELECT pg_backend_pid() FROM pg_sleep(0.05)")))
            now -= 1

    await asyncio.gather(*(read() for _ in range(10)))

    assert most == 2
    assert len(used) == 2
    await held.close()
    assert engine.sync_engine.pool.status().endswith("Current Checked out connections: 0")
    await engine.dispose()


async def test_who_waits_too_long_for_a_held_connection_is_told(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.engine.WAIT_S", 0.05)
    engine = create_reader(fresh_database, connections=1)
    held = Held(engine, 1)
    async with held.connect():
        with pytest.raises(PoolTimeout, match="busy"):
            async with held.connect():
                pytest.fail("two have it")

    async with held.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    await held.close()
    await engine.dispose()


async def test_a_held_connection_that_was_closed_or_failed_is_not_handed_out_again(
    fresh_database: str, fresh_engine: AsyncEngine
) -> None:
    engine = create_reader(fresh_database, connections=1)
    held = Held(engine, 1)
    async with held.connect() as connection:
        dead = await connection.scalar(text("SELECT pg_backend_pid()"))
    await ended_by_the_server(fresh_engine, dead)

    async with held.connect() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) != dead
    with pytest.raises(DBAPIError):
        async with held.connect() as connection:
            await connection.execute(text("SELECT 1 / 0"))
    async with held.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1
    await held.close()
    await engine.dispose()


async def test_a_held_connection_whose_statement_was_given_up_is_not_handed_out_again(
    fresh_database: str,
) -> None:
    engine = create_reader(fresh_database, connections=1)
    held = Held(engine, 1)
    async with held.connect() as connection:
        before = await connection.scalar(text("SELECT pg_backend_pid()"))
    begun = asyncio.Event()

    async def read() -> None:
        async with held.connect() as connection:
            begun.set()
            await driver(connection).fetchval("SELECT pg_sleep(30)")

    reading = asyncio.create_task(read())
    await begun.wait()
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    async with asyncio.timeout(10), held.connect() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) != before
    await held.close()
    await engine.dispose()


async def test_held_connections_are_given_back_when_they_are_free(fresh_database: str) -> None:
    engine = create_reader(fresh_database, connections=2)
    held = Held(engine, 2)
    begun = asyncio.Event()

    async def read() -> None:
        async with held.connect() as connection:
            begun.set()
            await connection.execute(text("SELECT pg_sleep(0.3)"))

    async with held.connect():
        reading = asyncio.create_task(read())
        await begun.wait()
    await held.close()

    assert reading.done()
    assert engine.sync_engine.pool.status().endswith("Current Checked out connections: 0")
    await engine.dispose()
