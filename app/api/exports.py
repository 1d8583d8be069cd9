"""Whole results: all events that are asked for as one file, sent while PostgreSQL reads them.

One COPY, and so one snapshot, feeds a writer (`formats.format`), whose pieces are sent as the client takes them. What fails half-way ends
the connection without the end that the file or the chunked answer needs: nobody takes half a file for a whole one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

from app.api import answers, problems
from app.api.access import while_waited_for
from app.errors import TooManyExports
from app.formats.format import Format, Writer

MOST = 4
"""Whole results that are sent at once in this process: each holds a connection and a snapshot."""
STALLED = timedelta(seconds=30)
"""How long a client may take for PIECE bytes, before it is cut off: 9 kB a second are enough."""
PIECE = 1 << 18
"""Bytes that are sent at a time, and of rows that are written at a time."""
AHEAD = 2
"""Lots of rows that are read ahead of what is sent: PostgreSQL goes on meanwhile."""
BEGIN_S = 0.1
"""How long the answer waits for its first rows: until then what fails can be told as a problem."""
LEVEL = 1
"""Of compression. Level 4 saves a tenth more in twice the time, and a client waits for every row here."""

Copy = Callable[[Callable[[bytes], Awaitable[None]]], Awaitable[None]]
"""Reads all rows and hands them to what it is given."""

log = logging.getLogger("sitrep")


class Exports:
    """The whole results that this process sends: how many at once, and how patiently."""

    def __init__(self, *, most: int = MOST, stalled: timedelta = STALLED) -> None:
        """Send at most so many at once; a client that takes nothing for as long as `stalled` is cut off."""
        self.most = most
        self.stalled_s = stalled.total_seconds()
        self.open = 0

    def refuse_more(self) -> None:
        """Raise TooManyExports if no other can be sent now."""
        if self.open >= self.most:
            raise TooManyExports(
                f"{self.most} whole results are being sent from here, and no more at once. Try again in a minute, or read pages of /events."
            )

    def begin(
        self, request: Request, form: Format, writer: Writer, headers: Mapping[str, str], copy: Copy
    ) -> Export:
        """An answer that sends what `copy` reads as `writer` writes it. Ask `refuse_more` right before."""
        self.open += 1
        zipped = answers.takes_gzip(request) and not form.compressed
        return Export(self, form, _Pieces(writer, zipped=zipped), headers, copy)


class Export(Response):
    """One whole result on its way."""

    def __init__(
        self, exports: Exports, form: Format, pieces: _Pieces, headers: Mapping[str, str], copy: Copy
    ) -> None:
        """Use `Exports.begin`."""
        super().__init__(media_type=form.media_type, headers=dict(headers))
        del self.headers["content-length"]
        if pieces.zipped:
            self.headers["Content-Encoding"] = "gzip"
        self._exports = exports
        # One thread for all of it: each that takes a part keeps some of the memory that tables were made in.
        self._thread = ThreadPoolExecutor(1) if form.slow or pieces.zipped else None
        self._pieces = pieces
        self._copy = copy
        self._sent = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; whatever ends it, its place is free again, and its statement ended."""
        try:
            await while_waited_for(Request(scope, receive), self._send(scope["path"], send))
        finally:
            self._exports.open -= 1
            self._pieces.close()
            if self._thread:
                self._thread.shutdown(wait=False, cancel_futures=True)

    async def _send(self, path: str, send: Send) -> None:
        lots: asyncio.Queue[bytes | None] = asyncio.Queue(AHEAD)
        reading = asyncio.create_task(self._read(lots))
        try:
            first = await _soon(lots)
            if first is None:
                await reading  # which raises what failed: nothing was sent, so it is answered as a problem
            try:
                await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
                await self._send_rows(first, lots, reading, send)
            except (*problems.DATABASE_ERRORS, TimeoutError) as error:
                # Returning now, without a last piece, makes the server cut the connection.
                log.warning("%s was cut off after %d bytes: %s", path, self._sent, _reason(error))
                return
        finally:
            reading.cancel()
            await asyncio.wait({reading})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _read(self, lots: asyncio.Queue[bytes | None]) -> None:
        lot = _Lot(lots)
        try:
            await self._copy(lot.add)
            await lot.flush()
        except Exception:
            await lots.put(None)
            raise
        await lots.put(None)

    async def _send_rows(
        self, first: bytes | None, lots: asyncio.Queue[bytes | None], reading: asyncio.Task[None], send: Send
    ) -> None:
        await self._put(await self._worked(self._pieces.begin), send)
        rows = first
        while rows is not None:
            if rows:
                await self._put(await self._worked(self._pieces.write, rows), send)
            rows = await lots.get()
        await reading  # which raises what failed
        ending = self._pieces.end()
        while (piece := await self._worked(next, ending, None)) is not None:
            await self._put(piece, send)

    async def _worked(self, work: Callable[..., Any], *given: Any) -> Any:
        """What takes milliseconds is done in a thread: the loop has others to answer."""
        if not self._thread:
            return work(*given)
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *given)

    async def _put(self, piece: bytes, send: Send) -> None:
        view = memoryview(piece)
        for begin in range(0, len(view), PIECE):
            part = bytes(view[begin : begin + PIECE])
            async with asyncio.timeout(self._exports.stalled_s):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            self._sent += len(part)


async def _soon(lots: asyncio.Queue[bytes | None]) -> bytes | None:
    """The first rows, None where there are none, or nothing if they are long in coming."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(BEGIN_S):
            return await lots.get()
    return b""


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__


class _Lot:
    """Collects rows that come in crumbs, the first lot being whatever comes first."""

    def __init__(self, lots: asyncio.Queue[bytes | None]) -> None:
        self._lots = lots
        self._parts: list[bytes] = []
        self._size = 0
        self._enough = 0

    async def add(self, rows: bytes) -> None:
        self._parts.append(rows)
        self._size += len(rows)
        if self._size >= self._enough:
            await self.flush()

    async def flush(self) -> None:
        rows, self._parts, self._size, self._enough = b"".join(self._parts), [], 0, PIECE
        if rows:
            await self._lots.put(rows)


class _Pieces:
    """A writer's pieces, compressed if they are to be."""

    def __init__(self, writer: Writer, *, zipped: bool) -> None:
        self._writer = writer
        self.zipped = zipped
        self._zip = zlib.compressobj(LEVEL, wbits=31) if zipped else None

    def begin(self) -> bytes:
        return self._through(self._writer.begin(), flush=True)

    def write(self, rows: bytes) -> bytes:
        return self._through(self._writer.write(rows), flush=True)

    def end(self) -> Iterator[bytes]:
        for piece in self._writer.end():
            yield self._through(piece, flush=False)
        if self._zip:
            yield self._zip.flush()

    def close(self) -> None:
        self._writer.close()

    def _through(self, piece: bytes, *, flush: bool) -> bytes:
        if not self._zip or not piece:
            return piece
        written = self._zip.compress(piece)
        # What is there is sent, or else the client would wait for the first rows until the compressor has had enough.
        return written + self._zip.flush(zlib.Z_SYNC_FLUSH) if flush else written
