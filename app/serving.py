"""Serving: from nothing running to a port that answers, and back."""

import asyncio
import errno
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any

import uvicorn
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import cluster, migrations
from app.db.engine import create_engine
from app.errors import SitrepError
from app.settings import Settings

_GRACE_S = 10
"""How long requests may go on after the order to stop."""
_READ_S = 2
"""How long after it a client may take to read what is left of an answer that has ended."""
UNREAD = timedelta(seconds=30)
"""How long a client may leave unread what was sent to it: then it is taken for gone. Who has read all has as long as they like."""

Say = Callable[[str], None]
Seed = Callable[[AsyncEngine, Say], Awaitable[object]]
"""Brings a migrated database to what ships with Sitrep, and says what takes long. Quick where nothing is to be done."""


class CannotServe(SitrepError):
    """The address cannot be served on. The message says why and what helps."""


async def serve(settings: Settings, seed: Seed, say: Say) -> None:
    """Serves until SIGINT or SIGTERM. `say` is told what takes long, and the address once it answers.

    Raises CannotServe, ClusterError or MigrationError with a sentence that helps.
    """
    # The port comes first: if it is taken, nothing else need start.
    with _bound(settings.host, settings.port) as listener:
        # While the database starts: to load it takes as long.
        loading = asyncio.create_task(asyncio.to_thread(_load))
        async with _database(settings, seed, say) as url:
            app = (await loading)(settings.model_copy(update={"database_url": url}))
            config = uvicorn.Config(
                app,
                http="httptools",
                log_level="warning",
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_GRACE_S,
            )
            started = f"Sitrep serves on {_address(listener)} (Ctrl-C stops it)."
            server = _Server(config, lambda: say(started), app.state.streams.stop)
            with _signals_survived():
                await server.serve([listener])


def _load() -> Callable[[Settings], Any]:
    from app.main import create_app

    return create_app


@asynccontextmanager
async def _database(settings: Settings, seed: Seed, say: Say) -> AsyncIterator[str]:
    if cluster.is_new(settings):
        say(f"Making the database in {settings.data_dir} (once) ...")
    async with cluster.running(settings) as url:
        await migrations.upgrade(url)
        engine = create_engine(url, pooled=False)
        try:
            await seed(engine, say)
        finally:
            await engine.dispose()
        yield url


class _Server(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], stopping: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell_started = started
        self._tell_stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Before it waits for answers that are still being given: streams would go on as long as it waits.
        self._tell_stopping()
        cutting_off = asyncio.create_task(self._cut_off())
        try:
            await super().shutdown(sockets)
        finally:
            cutting_off.cancel()

    async def _cut_off(self) -> None:
        """Uvicorn would wait until all that was sent has been read, and so until its time is up for a client that reads no more."""
        await asyncio.sleep(_READ_S)
        for connection in list(self.server_state.connections):
            if connection.transport.is_closing():
                connection.transport.abort()


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that has the address but does not listen yet: who calls now is refused, not kept waiting."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise CannotServe(f"{host} is no address of this machine: {error.strerror}. Set --host.") from error
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it. The kernel counts what lies unread with a client too whose machine still answers (RFC 5482).
        unread_ms = int(UNREAD.total_seconds() * 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, unread_ms)
        try:
            listener.bind(address)
        except OSError as error:
            raise CannotServe(_refusal(host, port, error)) from error
        yield listener


def _refusal(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken: perhaps Sitrep is running already. "
            f"Otherwise set another with --port or SITREP_PORT, for example --port {min(port + 1, 65535)}."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is for root only. Set one from 1024 on with --port or SITREP_PORT."
    return f"Sitrep cannot serve on {host}: {error.strerror}. Set another address with --host or SITREP_HOST."


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _signals_survived() -> Iterator[None]:
    """Uvicorn stops at SIGINT and SIGTERM, then sends itself the same again, which would cut short our own farewell."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
