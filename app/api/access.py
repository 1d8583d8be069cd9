"""What a route is handed: a connection to read with, and what the door knows of the data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.api.params import Known
from app.queries import datasets, regions, versions


class Knowledge:
    """What the door knows: regions and datasets in memory, renewed when a newer version has been written."""

    def __init__(self) -> None:
        self._known: Known | None = None
        self._regions_of = -1

    async def of(self, connection: AsyncConnection) -> Known:
        """The state at the current version. One small statement, unless something was written since the last time."""
        version = await versions.current(connection)
        known = self._known
        if known and known.version == version:
            return known
        newest = await versions.of_regions(connection)
        # The old ones are kept where only events changed: reading five thousand regions takes a tenth of a second.
        by_name = known.regions if known and newest == self._regions_of else await regions.registry(connection)
        self._known = Known(version=version, regions=by_name, datasets=await datasets.ids(connection))
        self._regions_of = newest
        return self._known


async def reading(request: Request) -> AsyncIterator[AsyncConnection]:
    """A connection for one read. Each statement stands for itself; nothing is begun, nothing to be committed."""
    engine: AsyncEngine = request.app.state.engine
    async with engine.connect() as connection:
        yield connection


Reading = Annotated[AsyncConnection, Depends(reading)]


async def knowing(request: Request, connection: Reading) -> Known:
    """What the door knows now."""
    knowledge: Knowledge = request.app.state.knowledge
    return await knowledge.of(connection)


Knowing = Annotated[Known, Depends(knowing)]
