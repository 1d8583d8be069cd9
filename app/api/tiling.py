"""Tiles as they are answered: made once for all who wait, kept compressed, and told apart by the address and the data."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import Request, Response

from app.api import answers, values
from app.api.access import Connect, Knowledge, while_waited_for
from app.api.answers import takes_gzip
from app.api.negotiation import refuse_other
from app.columns.cache import Cache
from app.columns.counting import by_region
from app.columns.matching import Wanted
from app.domain.grid import BadTile, Tile
from app.domain.regions import Regions
from app.errors import NotFound
from app.formats import mvt
from app.queries import places
from app.queries import regions as reading
from app.tiles.outlines import STEPS, Outlines
from app.tiles.towns import Towns
from app.tiles.trial import trial

KEPT = 64_000_000
"""Bytes of compressed tiles."""
COUNTED = 16
"""Questions whose counts by region are kept."""
ACCEPTED = (mvt.MEDIA_TYPE, "application/x-protobuf", "application/octet-stream")
"""Media types for which a tile is answered."""

_HANDS = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="tiles")

ByRegion = dict[str, dict[str, int]]


class Tiling:
    """What tiles are made with: the outlines of all regions, and the tiles that were made last."""

    def __init__(self, connect: Connect) -> None:
        """`connect` gives connections for short reads."""
        self._connect = connect
        self.made: Cache[bytes] = Cache(KEPT)
        # The newest only: regions change with a new release of Sitrep.
        self._outlines: Cache[Outlines] = Cache(1)
        self._towns: Cache[Towns] = Cache(1)
        self._counted: Cache[ByRegion] = Cache(COUNTED)

    async def outlines(self, regions: Regions) -> Outlines:
        """The outlines of these regions, read once for as long as nobody changes them."""
        return await self._outlines.get(regions, self._read, lambda _: 1)

    def outlines_at_hand(self, regions: Regions) -> Outlines | None:
        """The same where they have been read; else None."""
        return self._outlines.known(regions)

    async def prepare(self, knowledge: Knowledge) -> None:
        """Make ready what the first tiles need, so that nobody waits for it: some 8 s of a processor, in steps that can be given up."""
        known = await knowledge.now()
        outlines = await self.outlines(known.regions)
        await asyncio.to_thread(outlines.prepare, *STEPS[0])
        await self.towns(known.ground)
        for level, zoom in STEPS[1:]:
            await asyncio.to_thread(outlines.prepare, level, zoom)

    async def counted(self, wanted: Wanted) -> ByRegion:
        """What is wanted, counted by region, once for all tiles of a question."""
        key = (wanted.columns.itself, wanted.wanted)
        return await self._counted.get(key, lambda: asyncio.to_thread(by_region, wanted), lambda _: 1)

    async def towns(self, ground: int) -> Towns:
        """The towns of the gazetteer, as a version left it (`Known.ground`)."""
        return await self._towns.get(ground, self._read_towns, lambda _: 1)

    async def _read_towns(self) -> Towns:
        async with self._connect() as connection:
            gazetteer = await places.gazetteer(connection)
        return await asyncio.to_thread(Towns.of, gazetteer)

    async def _read(self) -> Outlines:
        async with self._connect() as connection:
            shapes = await reading.shapes(connection)
        # Whoever has outlines may make tiles on the event loop, and compiles nothing there.
        await asyncio.to_thread(trial)
        return await asyncio.to_thread(Outlines, shapes)


def tile_at(z: str, x: str, y: str) -> Tile:
    """The tile of an address. Raises NotFound for what is none."""
    numbers = [values.whole(one, 1 << 31) for one in (z, x, y)]
    if any(one is None for one in numbers):
        raise NotFound(
            f"'{z[:20]}/{x[:20]}/{y[:20]}' is no tile: zoom, column and row are whole numbers, as in 8/177/99."
        )
    try:
        return Tile(*(one for one in numbers if one is not None))
    except BadTile as error:
        raise NotFound(str(error)) from error


async def tile_answer(
    request: Request,
    version: int,
    make: Callable[[], Coroutine[Any, Any, Callable[[], bytes]]],
    at_once: Callable[[], Callable[[], bytes] | None] = lambda: None,
) -> Response:
    """The tile of this request as of a version: 304, one that is kept, or what `make` gives, which runs in a thread. 204 where it is empty.

    `at_once` gives the same for a tile that is made in less time than it takes to have a thread do it. Raises NotAcceptable, and what
    these two raise.
    """
    etag = answers.list_etag(request, version, mvt.MEDIA_TYPE)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, *ACCEPTED)
    tiling: Tiling = request.app.state.tiling
    zipped = tiling.made.known(etag)
    if zipped is None and (write := at_once()):
        zipped = _zipped(write)
        tiling.made.keep(etag, zipped, _size(zipped))
    if zipped is None:
        zipped = await while_waited_for(request, tiling.made.get(etag, lambda: _made(make), _size))
    headers = {"ETag": etag, "Cache-Control": answers.CACHE, "Vary": answers.VARY}
    if not zipped:
        return Response(status_code=204, headers=headers)
    if takes_gzip(request):
        headers["Content-Encoding"] = "gzip"
    else:
        zipped = gzip.decompress(zipped)
    return Response(zipped, media_type=mvt.MEDIA_TYPE, headers=headers)


async def _made(make: Callable[[], Coroutine[Any, Any, Callable[[], bytes]]]) -> bytes:
    write = await make()
    return await asyncio.get_running_loop().run_in_executor(_HANDS, _zipped, write)


def _zipped(write: Callable[[], bytes]) -> bytes:
    """Compressed whoever asks: nearly all take it so, and it is done once."""
    written = write()
    return answers.compress(written) if written else b""


def _size(zipped: bytes) -> int:
    return len(zipped) + 200
