"""The application: routes, problems and what they share, put together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app import __version__
from app.api import problems
from app.api.access import Connect, Knowledge, prepare_columns
from app.api.document import document
from app.api.door import Door
from app.api.exports import MOST, Exports
from app.api.routes import (
    catalogue,
    changes,
    collections,
    counts,
    documents,
    events,
    evidence,
    exports,
    figures,
    history,
    home,
    items,
    map_page,
    places,
    region_tiles,
    regions,
    snapshots,
    styles,
    tiles,
    tilesets,
)
from app.api.streams import Streams
from app.api.tiling import Tiling
from app.columns.keeping import GATHERING, Kept
from app.db.engine import COPY_TIMEOUT, HASH_TIMEOUT, HASHING, READERS, Held, create_reader, in_transactions
from app.db.listening import listen
from app.formats import memory
from app.formats.catalogue import load
from app.settings import Settings

log = logging.getLogger("sitrep")

DESCRIPTION = """
Conflict events on PostGIS: what happened, where, when, to whom, and how exactly each is known.

Every read of events has one grammar of parameters. Errors are `application/problem+json` (RFC 9457); an unknown or malformed
parameter is an error, never ignored. Pages are followed by their `next` link. Answers have ETags: send them back in
`If-None-Match`, and what has not changed costs nothing.
"""

EXPOSED = (
    "Content-Crs",
    "Content-Disposition",
    "ETag",
    "Link",
    "Location",
    "OGC-NumberEstimated",
    "OGC-NumberMatched",
    "OGC-NumberReturned",
    "Retry-After",
)
"""Headers of answers that scripts on other hosts may read."""

ROUTERS = (
    # What is asked for most is found first.
    tiles.router,
    events.router,
    exports.router,
    # After the events' own, which have the address of their search.
    evidence.router,
    history.router,
    changes.router,
    snapshots.router,
    documents.router,
    figures.router,
    counts.router,
    tilesets.router,
    regions.router,
    region_tiles.router,
    places.router,
    styles.router,
    catalogue.router,
    collections.router,
    items.router,
    collections.unknown,
    home.router,
    map_page.router,
)


def create_app(settings: Settings) -> FastAPI:
    """Sitrep as an ASGI application. It reads from `settings.database_url`, which must be migrated."""
    app = FastAPI(
        title="Sitrep",
        version=__version__,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.settings = settings
    app.state.streams = Streams()
    app.state.exports = Exports()
    for router in ROUTERS:
        app.include_router(router)
    described = document(app, ROUTERS)
    app.openapi = lambda: described  # type: ignore[method-assign]  # FastAPI's documented way to have one's own
    home.add_docs(app)
    problems.install(app)
    # Maps on other hosts call this. Outside of the others, so that problems can be read there too.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["*"],
        expose_headers=EXPOSED,
        max_age=86_400,
    )
    # Outside of all that Starlette and FastAPI put round their own: what was answered before needs none of it.
    stack = app.build_middleware_stack
    app.build_middleware_stack = lambda: Door(stack())  # type: ignore[method-assign]
    return app


def read_from(
    app: FastAPI,
    connect: Connect,
    *,
    door: Connect | None = None,
    begin: Connect | None = None,
    copy: Connect | None = None,
    everything: Connect | None = None,
) -> None:
    """Let the application read over connections that `connect` gives. It knows nothing of the data until then.

    What all requests must know first is read over those that `door` gives, if they are others. `begin` gives those that are in a
    transaction, which commits at its end, and are few with more time; `copy` those over which whole results are read, `everything` those
    over which columns are.
    """
    app.state.connect = connect
    app.state.begin = begin or connect
    app.state.copy = copy or connect
    app.state.knowledge = Knowledge(door or connect)
    app.state.columns = Kept(connect, everything or connect)
    app.state.tiling = Tiling(connect)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    if settings.database_url is None:
        message = "create_app needs a database_url"
        raise RuntimeError(message)
    short_reader = create_reader(settings.database_url)
    reader = Held(short_reader, READERS)
    # The door has a connection of its own: readers who take long keep nobody from a 304 or from /health.
    door_reader = create_reader(settings.database_url, connections=1)
    door = Held(door_reader, 1)
    # Whole results take minutes, and have their own.
    copier = create_reader(settings.database_url, connections=MOST, timeout=COPY_TIMEOUT)
    hasher = create_reader(settings.database_url, connections=HASHING, timeout=HASH_TIMEOUT)
    # Columns never wait for whole results: without them no tile is made after a write.
    gatherer = create_reader(settings.database_url, connections=GATHERING, timeout=COPY_TIMEOUT)
    streams: Streams = app.state.streams
    loading = asyncio.create_task(asyncio.to_thread(load))
    listening = asyncio.create_task(listen(settings.database_url, streams.wake))
    read_from(
        app,
        reader.connect,
        door=door.connect,
        begin=in_transactions(hasher).begin,
        copy=copier.connect,
        everything=gatherer.connect,
    )
    columns: Kept = app.state.columns
    preparing = asyncio.create_task(_prepare(app))
    try:
        yield
    finally:
        streams.stop()
        listening.cancel()
        preparing.cancel()
        await asyncio.wait({listening, loading, preparing})
        await columns.stop()
        for held in (reader, door):
            await held.close()
        for engine in (copier, short_reader, door_reader, hasher, gatherer):
            await engine.dispose()


async def _prepare(app: FastAPI) -> None:
    tiling: Tiling = app.state.tiling
    try:
        await prepare_columns(app)
        await tiling.prepare(app.state.knowledge)
        # A third of what it took was needed on the way only.
        await asyncio.to_thread(memory.give_back)
    except problems.DATABASE_ERRORS:
        # Whoever asks for the first tile will be told, or will find the database back.
        log.warning("The base map was not prepared.", exc_info=True)
    except Exception:
        log.exception("What tiles need was not prepared.")
