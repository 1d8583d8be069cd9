"""The application over a real PostGIS.

app, client      reads from the test's own transaction, in which `world` is
served           the same with its lifespan, on a database of its own: for what commits, breaks or waits
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import pytest
from asyncpg.connection import LoggedQuery
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api.exports import Exports
from app.api.streams import Streams
from app.db.engine import driver
from app.domain.regions import Regions
from app.main import create_app, read_from
from app.settings import Settings


@pytest.fixture(scope="session")
def made_app() -> FastAPI:
    """Made once: its routes take longer to make than most tests take."""
    return create_app(Settings())


@pytest.fixture
def app(made_app: FastAPI, connection: AsyncConnection, world: Regions) -> FastAPI:
    made_app.state.streams, made_app.state.exports = Streams(), Exports()
    made_app.middleware_stack = None  # what it remembers of answers goes with it
    read_from(made_app, lambda: nullcontext(connection))
    return made_app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with asking(app) as client:
        yield client


@pytest.fixture
async def served(fresh_database: str) -> AsyncIterator[AsyncClient]:
    app = create_app(Settings(database_url=fresh_database))
    async with app.router.lifespan_context(app), asking(app) as client:
        yield client


@asynccontextmanager
async def asking(app: FastAPI, **settings: Any) -> AsyncIterator[AsyncClient]:
    """A client of an application, which sees its 500s as answers."""
    transport = ASGITransport(app, raise_app_exceptions=False, **settings)
    async with AsyncClient(transport=transport, base_url="http://sitrep.test") as client:
        yield client


@pytest.fixture
def statements(connection: AsyncConnection) -> Iterator[list[str]]:
    """The statements that are sent over the test's connection from here on, by SQLAlchemy and past it."""
    sent: list[str] = []

    def note(logged: LoggedQuery) -> None:
        sent.append(logged.query)

    driver(connection).add_query_logger(note)
    yield sent
    driver(connection).remove_query_logger(note)
