"""Connections are set for short spatial reads, and a dead one is not handed out."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import create_reader


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
    async with fresh_engine.connect() as other:
        assert await other.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": dead}) is True

    async with pooled.connect() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) != dead
    await pooled.dispose()
