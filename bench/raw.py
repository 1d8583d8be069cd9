"""The ceiling in Python: an ASGI application that runs the statements of `bench/questions.py` and joins what comes, and does nothing else.

    python -m bench.raw URL PORT

`/ask/QUESTION/NUMBER` answers a question; `/bytes/COUNT` as many bytes from memory; `/nothing` 304. Served as Sitrep is.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import asyncpg
import uvicorn
import uvloop
from sqlalchemy import make_url, text

from app.db.engine import create_reader
from bench.questions import Question, everything, places

Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Raw:
    """The application."""

    def __init__(self, pool: asyncpg.Pool, questions: list[Question]) -> None:
        self._pool = pool
        self._questions = questions
        self._kept: dict[int, bytes] = {}

    async def __call__(self, scope: Scope, _receive: object, send: Send) -> None:
        _, kind, *rest = scope["path"].split("/")
        if kind == "nothing":
            return await _answer(send, 304, b"")
        if kind == "bytes":
            count = int(rest[0])
            return await _answer(send, 200, self._kept.setdefault(count, bytes(count)))
        return await _answer(send, 200, await self._asked(self._questions[int(rest[0])], int(rest[1])))

    async def _asked(self, question: Question, number: int) -> bytes:
        if not question.bound:
            async with self._pool.acquire() as connection:
                return await connection.fetchval(question.statements[number]) or b""
        sql, given = question.bound[number]
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(sql, *given)
        return (
            b'{"type":"FeatureCollection","features":[' + ",".join([row[0] for row in rows]).encode() + b"]}"
        )


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-length", str(len(body)).encode())] if body else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def session_settings(url: str) -> dict[str, str]:
    """What Sitrep sets for its connections, as PostgreSQL tells it."""
    engine = create_reader(url, connections=1)
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT name, setting FROM pg_settings WHERE source IN ('client', 'session')")
        )
        settings = {row.name: row.setting for row in rows}
    await engine.dispose()
    # Those of asyncpg's own, and limits, which pgbench needs none of.
    for name in ("client_encoding", "statement_timeout", "DateStyle", "application_name"):
        settings.pop(name, None)
    return settings


async def main(url: str, port: int) -> None:
    engine = create_reader(url, connections=1)
    async with engine.connect() as connection:
        questions = everything(await places(connection))
    await engine.dispose()
    where = make_url(url)
    settings = await session_settings(url)
    pool = await asyncpg.create_pool(
        host=where.query.get("host", where.host), port=int(str(where.query.get("port", where.port or 5432))), user=where.username,
        password=where.password, database=where.database, min_size=4, max_size=20, server_settings=settings,
    )  # fmt: skip
    config = uvicorn.Config(
        Raw(pool, questions), port=port, http="httptools", lifespan="off", log_level="warning", access_log=False,
        server_header=False,
    )  # fmt: skip
    await uvicorn.Server(config).serve()
    await pool.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(sys.argv[1], int(sys.argv[2])))
