"""The columns that are kept: of what is now, brought up to date when something was written, and of versions that were asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from app.columns.cache import Cache
from app.columns.events import Array, Columns, arranged, changed
from app.columns.matching import Wanted, beyond, marked, without_point
from app.domain.filters import EventFilter
from app.queries import columns as reading

Connect = Callable[[], AbstractAsyncContextManager[AsyncConnection]]

GATHERING = 2
"""Connections over which columns are read: the newest, and those of an earlier version."""
EARLIER = 200_000_000
"""Bytes of columns of earlier versions that are kept: of two million events. What was read last is kept whatever its size."""
FOUND = 64_000_000
"""Bytes of answers of the database that are kept, a byte for each event."""
ANEW = 0.02
"""From this share of changed events on all are read anew, which is then faster."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What columns know regions and datasets by, at a version of the data."""

    version: int
    regions: tuple[str, ...]
    datasets: tuple[str, ...]


class Kept:
    """The columns in memory. They are read when somebody asks, once for all who do."""

    def __init__(self, connect: Connect, copy: Connect) -> None:
        """`connect` gives connections for short reads; `copy` those that may read all events."""
        self._connect = connect
        self._copy = copy
        self._newest: Columns | None = None
        self._renewing: asyncio.Task[Columns] | None = None
        self._reading_earlier = asyncio.Lock()
        self._earlier: Cache[Columns] = Cache(EARLIER)
        self._found: Cache[Array] = Cache(FOUND)

    async def wanted(self, codes: Codes, wanted: EventFilter) -> Wanted:
        """What a filter wants of the columns: of what is now, at least as new as `codes`, or as of the filter's version."""
        columns = await self._columns(codes, wanted.at)
        found = await self._marked(columns, beyond(wanted))
        boxless = await self._marked(columns, without_point(wanted))
        return Wanted(columns=columns, wanted=wanted, found=found, boxless=boxless)

    def at_hand(self, codes: Codes, wanted: EventFilter) -> Wanted | None:
        """The same of what is now, where nothing needs to be read for it; else None."""
        newest = self._newest
        if (
            wanted.at is not None
            or newest is None
            or newest.version < codes.version
            or not _fits(newest, codes)
        ):
            return None
        masks = []
        for asked in (beyond(wanted), without_point(wanted)):
            mask = None if asked is None else self._found.known((newest.itself, asked))
            if asked is not None and mask is None:
                return None
            masks.append(mask)
        return Wanted(columns=newest, wanted=wanted, found=masks[0], boxless=masks[1])

    async def stop(self) -> None:
        """Give up what is being read."""
        if self._renewing:
            self._renewing.cancel()
            await asyncio.wait({self._renewing})

    async def _columns(self, codes: Codes, at: int | None) -> Columns:
        if at is None:
            return await self._now(codes)
        newest = self._newest
        if newest is not None and newest.settled and newest.version == at and _fits(newest, codes):
            # What stands as of the last version is what is now.
            return newest
        key = (at, codes.regions, codes.datasets)
        return await self._earlier.get(key, lambda: self._read_earlier(codes, at), _size)

    async def _read_earlier(self, codes: Codes, at: int) -> Columns:
        # One after the other: of the connections one is left for what is now.
        async with self._reading_earlier:
            return await self._read(codes, at)

    async def _now(self, codes: Codes) -> Columns:
        while True:
            newest = self._newest
            if newest is not None and newest.version >= codes.version and _fits(newest, codes):
                return newest
            ours = self._renewing is None
            if self._renewing is None:
                self._renewing = asyncio.create_task(self._renew(codes))
            # Shielded: a map that is moved leaves its questions behind, and what takes seconds would begin anew with each.
            renewed = await asyncio.shield(self._renewing)
            if ours:
                return renewed

    async def _renew(self, codes: Codes) -> Columns:
        try:
            self._newest = await self._renewed(self._newest, codes)
            return self._newest
        finally:
            self._renewing = None

    async def _renewed(self, before: Columns | None, codes: Codes) -> Columns:
        if before is None or not _fits(before, codes):
            return await self._read(codes, None)
        async with self._copy() as connection:
            version, seq = await reading.standing(connection)
            if seq - before.seq <= max(ANEW * len(before), 1_000):
                statement = reading.changed(before.regions, before.datasets, before.seq)
                rows = await reading.read(connection, statement)
                settled = await reading.standing(connection) == (version, seq)
                return await asyncio.to_thread(
                    changed, before, rows, version=version, settled=settled, seq=seq
                )
        return await self._read(codes, None)

    async def _read(self, codes: Codes, at: int | None) -> Columns:
        async with self._copy() as connection:
            version, seq = await reading.standing(connection)
            rows = await reading.read(connection, reading.everything(codes.regions, codes.datasets, at))
            # What was of a version stays so; what is now may have become something else meanwhile.
            settled = at is not None or await reading.standing(connection) == (version, seq)
        return await asyncio.to_thread(
            arranged,
            rows,
            regions=codes.regions,
            datasets=codes.datasets,
            version=version if at is None else at,
            settled=settled,
            seq=seq,
        )

    async def _marked(self, columns: Columns, wanted: EventFilter | None) -> Array | None:
        if wanted is None:
            return None
        return await self._found.get((columns.itself, wanted), lambda: self._find(columns, wanted), len)

    async def _find(self, columns: Columns, wanted: EventFilter) -> Array:
        async with self._connect() as connection:
            ids = await reading.matching(connection, wanted)
        return await asyncio.to_thread(marked, columns, ids)


def _fits(columns: Columns, codes: Codes) -> bool:
    """Whether columns know all that is known. Datasets only come: that they know more than is asked about does no harm."""
    same = columns.regions is codes.regions or columns.regions == codes.regions
    return same and set(codes.datasets) <= set(columns.datasets)


def _size(columns: Columns) -> int:
    return min(100 * len(columns), EARLIER)
