"""Streams: answers that go on, and tell of changes as they are committed (server-sent events; WHATWG HTML, 9.2).

A stream waits for the bell or for its next heartbeat, looks what is new over a connection that it has for that one query, and sends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.api import problems
from app.errors import TooManyStreams
from app.formats import changes
from app.queries.changes import Seen

HEARTBEAT = timedelta(seconds=15)
"""Proxies end what is silent for a minute; some for half of one."""
MOST = 200
"""Streams that are open at once in this process."""
MOST_EACH = 50
"""Those of one address among them: a client that forgets to close its own must not take the places of all others."""
AT_ONCE = 4
"""Streams that ask the database at once, so that a bell for all of them does not take the connections of other readers."""
RETRY_MS = 3_000
PAGE = 100
"""Changes that are read, and sent, at a time."""
GRACE_S = 1.0
"""How long a stream has for its last words when the server stops."""

HEADERS = {
    "Cache-Control": "no-store",
    # nginx would wait until it has four kilobytes.
    "X-Accel-Buffering": "no",
}

Look = Callable[[int, int], Awaitable[Seen]]
"""What is new above a number, and at most how many."""

log = logging.getLogger("sitrep")


class Streams:
    """The streams of this process: how many there are, what wakes them, and what ends them."""

    def __init__(
        self, *, heartbeat: timedelta = HEARTBEAT, most: int = MOST, most_each: int = MOST_EACH
    ) -> None:
        """Have none yet. A stream is silent for no longer than `heartbeat`, and looks for itself as often.

        `most` may be open at once, `most_each` of them by one client.
        """
        self.heartbeat_s = heartbeat.total_seconds()
        self.most = most
        self.most_each = most_each
        self.open_by: Counter[str] = Counter()
        """By client."""
        self.turns = asyncio.Semaphore(AT_ONCE)
        self.stopped = asyncio.Event()
        self.bell = asyncio.Event()
        """Rung when there may be something new, and then replaced: take it before you look, and wait for it afterwards."""

    @property
    def open(self) -> int:
        """How many are open."""
        return self.open_by.total()

    def wake(self) -> None:
        """Let all streams look what is new."""
        rung, self.bell = self.bell, asyncio.Event()
        rung.set()

    def stop(self) -> None:
        """Let all streams end now, and those that come later at once."""
        self.stopped.set()
        self.wake()

    def begin(self, since: int, look: Look, client: str) -> Stream:
        """A stream of what `look` finds above a number, for the client of this address. Raises TooManyStreams."""
        if self.open >= self.most:
            raise TooManyStreams(
                f"{self.most} streams are open here, and no more are taken. Ask /changes from time to time instead."
            )
        if self.open_by[client] >= self.most_each:
            raise TooManyStreams(
                f"{self.most_each} streams are open here from one address, yours, and no more of it are taken. Close some, or ask /changes"
                " from time to time instead."
            )
        self.open_by[client] += 1
        return Stream(self, since, look, client)

    def ended(self, client: str) -> None:
        """Give the place of a stream of this client back."""
        self.open_by[client] -= 1
        if not self.open_by[client]:
            del self.open_by[client]


class Stream(StreamingResponse):
    """One answer that goes on until its client goes away or the server stops."""

    def __init__(self, streams: Streams, since: int, look: Look, client: str) -> None:
        """Use `Streams.begin`."""
        self.streams = streams
        self.client = client
        self.look = look
        super().__init__(self._told(since), headers=HEADERS, media_type=changes.STREAM_MEDIA_TYPE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; whatever ends it, its place is free again."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.streams.ended(self.client)

    async def listen_for_disconnect(self, receive: Receive) -> None:
        """Return when the stream is to be cut off: its client is gone, or reads no more while the server stops."""
        gone = asyncio.create_task(super().listen_for_disconnect(receive))
        stopped = asyncio.create_task(self.streams.stopped.wait())
        try:
            await asyncio.wait({gone, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not gone.done():
                await asyncio.wait({gone}, timeout=GRACE_S)
        finally:
            gone.cancel()
            stopped.cancel()

    async def _told(self, since: int) -> AsyncIterator[bytes]:
        clock = asyncio.get_running_loop().time
        yield changes.opening(since, retry_ms=RETRY_MS)
        sent = clock()
        while not self.streams.stopped.is_set():
            bell = self.streams.bell
            seen = await self._looked(since)
            since = seen.through
            if seen.changes:
                yield changes.told(seen.changes)
                sent = clock()
            elif clock() - sent >= self.streams.heartbeat_s:
                yield changes.heartbeat(since)
                sent = clock()
            if not seen.more:
                await _rung(bell, within_s=self.streams.heartbeat_s - (clock() - sent))

    async def _looked(self, since: int) -> Seen:
        """What is new; nothing, while the database does not answer: that is no reason to end."""
        try:
            async with self.streams.turns:
                if self.streams.stopped.is_set():  # while it waited for its turn
                    return Seen([], since, more=False)
                return await self.look(since, PAGE)
        except problems.DATABASE_ERRORS as error:
            if not problems.is_down(error):
                raise
            log.warning("A stream cannot look what is new for the moment: %s", error)
            return Seen([], since, more=False)


async def _rung(bell: asyncio.Event, *, within_s: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(within_s, 0)):
            await bell.wait()
