"""What a route may ask for: a connection to read with, and what the door knows of the data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from fastapi import FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import ClientDisconnect

from app.api.params import Known
from app.columns.keeping import Codes, Kept
from app.columns.matching import Wanted
from app.domain.filters import EventFilter
from app.domain.moments import written
from app.domain.regions import Regions
from app.errors import BadParameter, NotFound
from app.queries import datasets, history, regions, versions

Read = TypeVar("Read")
Connect = Callable[[], AbstractAsyncContextManager[AsyncConnection]]


class Knowledge:
    """What the door knows: regions and datasets in memory, renewed when a newer version has been written."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._known: Known | None = None
        self._regions_of = -1
        self._under_way: asyncio.Task[Known] | None = None
        self._next: asyncio.Task[Known] | None = None

    async def now(self) -> Known:
        """What is known at a version that is read from the database after this was called: never an older one.

        Callers who come while a look is under way share the next: a rush of requests costs a few looks and not one each.
        """
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._under_way))
        # Shielded, since a caller who goes away must not take the others' look along.
        return await asyncio.shield(self._next)

    async def _after(self, earlier: asyncio.Task[Known] | None) -> Known:
        if earlier:
            await asyncio.wait([earlier])
        # From here on the version is being read: who comes now must wait for another look.
        self._under_way, self._next = self._next, None
        try:
            return await self._look()
        finally:
            self._under_way = None

    async def _look(self) -> Known:
        async with self._connect() as connection:
            version = await versions.current(connection)
            known = self._known
            if known and known.version == version:
                return known
            newest, places = await versions.of_ground(connection)
            # The old ones are kept where only events changed: reading five thousand regions takes a tenth of a second.
            by_name = (
                known.regions if known and newest == self._regions_of else await regions.registry(connection)
            )
            known = Known(
                version=version,
                ground=max(newest, places),
                regions=by_name,
                datasets=await datasets.ids(connection),
            )
        self._known, self._regions_of = known, newest
        return known


def reading(request: Request) -> AbstractAsyncContextManager[AsyncConnection]:
    """A connection for one read. Each statement stands for itself; nothing is begun, nothing to be committed.

    No dependency of FastAPI's: a request that is answered 304 needs none.
    """
    connect: Connect = request.app.state.connect
    return connect()


def in_transaction(request: Request) -> AbstractAsyncContextManager[AsyncConnection]:
    """A connection in a transaction that commits at its end, one of few: for snapshots, which are written, and whose rows come as a stream.

    Whoever holds it keeps no lock of writers: versions are resolved before, over `reading`.
    """
    begin: Connect = request.app.state.begin
    return begin()


def copying(request: Request) -> AbstractAsyncContextManager[AsyncConnection]:
    """A connection over which a whole result is read. It has minutes, and there are few."""
    connect: Connect = request.app.state.copy
    return connect()


async def while_waited_for(request: Request, work: Coroutine[Any, Any, Read]) -> Read:
    """What `work` reads, unless its client hangs up: then it is given up, and its statement is ended in the database too.

    A map that is moved on leaves its question behind: twenty of them would hold all connections until their time is up.
    Raises ClientDisconnect. The request's body must have been read.
    """
    under_way, hung_up = asyncio.ensure_future(work), asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({under_way, hung_up}, return_when=asyncio.FIRST_COMPLETED)
        if under_way.done():
            return under_way.result()
        raise ClientDisconnect
    finally:
        for task in (under_way, hung_up):
            task.cancel()
        await asyncio.wait({under_way, hung_up})


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def version_at(connection: AsyncConnection, moment: datetime | None) -> int | None:
    """The version as of which a moment asks; None for none, which asks what is now. Raises BadParameter for one to come."""
    if moment is None:
        return None
    try:
        return await versions.as_of(connection, moment)
    except versions.FutureError as error:
        raise BadParameter(str(error), parameter="as_of") from error


async def no_such(connection: AsyncConnection, what: str, which: UUID, as_of: datetime | None) -> NotFound:
    """The problem that there is no such thing (`queries.history`), or that it was not known yet at the moment that is asked about."""
    known_at = await history.first_known(connection, what, which) if as_of else None
    if as_of is None or known_at is None:
        return NotFound(f"There is no {what} {which}.")
    if known_at > as_of:
        return NotFound(
            f"The {what} {which} was not known here at {written(as_of)}; it became known at {written(known_at)}."
        )
    return NotFound(
        f"The {what} {which} had been withdrawn at {written(as_of)}; it became known at {written(known_at)}."
    )


async def in_columns(request: Request, known: Known, asked: EventFilter, as_of: datetime | None) -> Wanted:
    """What is wanted of the columns in memory (`app.columns`), as of a moment if one is given."""
    if as_of is not None:
        async with reading(request) as connection:
            asked = replace(asked, at=await version_at(connection, as_of))
    kept: Kept = request.app.state.columns
    return await kept.wanted(_codes(known), asked)


def at_hand(request: Request, known: Known, asked: EventFilter) -> Wanted | None:
    """The same of what is now, where nothing needs to be read for it; else None."""
    kept: Kept = request.app.state.columns
    return kept.at_hand(_codes(known), asked)


async def prepare_columns(app: FastAPI) -> None:
    """Read the columns before anybody asks for them."""
    kept: Kept = app.state.columns
    knowledge: Knowledge = app.state.knowledge
    await kept.wanted(_codes(await knowledge.now()), EventFilter())


def _codes(known: Known) -> Codes:
    return Codes(known.version, *_sorted(known.regions, known.datasets))


@lru_cache(maxsize=2)
def _sorted(regions: Regions, datasets: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(sorted(region.code for region in regions)), tuple(sorted(datasets))


async def knowing(request: Request) -> Known:
    """What the door knows now."""
    knowledge: Knowledge = request.app.state.knowledge
    return await knowledge.now()
