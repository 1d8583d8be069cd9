"""Real processes that use a private cluster, and how tests see what runs and kill it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import asyncpg
from sqlalchemy import make_url

from app.db.postgres import Place

# A `sitrep` command in small: says the URL when the database answers, and leaves when its standard input ends.
USER = """
import asyncio, sys
from pathlib import Path
from app.db import cluster
from app.settings import Settings

async def work():
    settings = Settings(data_dir=Path(sys.argv[1]), database_url=None)
    # A kill is no power cut: what PostgreSQL has written survives it without being synced.
    async with cluster.running(settings, changed={"shared_buffers": "64MB", "fsync": "off"}) as url:
        print(url, flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(work())
"""


class User:
    """A process that uses the cluster."""

    def __init__(self, data_dir: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def url(self) -> str:
        """Waits until the database answers."""
        assert self.process.stdout is not None
        url = self.process.stdout.readline().strip()
        assert url, self.process.communicate()[1]
        return url

    def leave(self) -> None:
        _, complaint = self.process.communicate()
        assert (self.process.returncode, complaint) == (0, "")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def using(data_dir: Path) -> Iterator[User]:
    user = User(data_dir)
    try:
        yield user
    finally:
        if user.process.poll() is None:
            user.kill()


def ask(url: str, sql: str) -> object:
    """One value from the database, over a connection of its own."""
    where = make_url(url)

    async def answer() -> object:
        connection = await asyncpg.connect(
            host=str(where.query["host"]), port=5432, user=where.username, database=where.database
        )
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    # A loop and a thread of its own, since the tests here are plain functions.
    return asyncio.run(answer())


def asked_in_vain(url: str) -> bool:
    try:
        ask(url, "SELECT 1")
    except (OSError, asyncpg.PostgresError, asyncpg.ConnectionDoesNotExistError):
        return True
    return False


def eventually(true: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def processes(folder: Path) -> dict[int, str]:
    """The processes that keep or are a cluster below the folder: pid and command line."""
    found: dict[int, str] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            inside = (entry / "cwd").readlink().is_relative_to(folder)
            if inside or ("app.db.keeper" in command and str(folder) in command):
                found[int(entry.name)] = command
    return found


def kill_all(data_dir: Path) -> None:
    """Kills keeper and PostgreSQL as if at once.

    The keeper is stopped first: killed first, it would have PostgreSQL told to shut down in order; alive, it would start another.
    """
    pids = keeper(data_dir), postmaster(data_dir)
    os.kill(pids[0], signal.SIGSTOP)
    for pid in reversed(pids):
        os.kill(pid, signal.SIGKILL)


def postmaster(data_dir: Path) -> int:
    return int((Place(data_dir).pgdata / "postmaster.pid").read_text().split()[0])


def keeper(data_dir: Path) -> int:
    return next(pid for pid, command in processes(data_dir).items() if "app.db.keeper" in command)
