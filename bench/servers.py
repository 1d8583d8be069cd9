"""The servers that are compared, each one process on a port of this machine, ended by its number."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import httpx
from sqlalchemy import make_url

SITREP = (sys.executable, "-c", "from app.cli import main; main()", "serve")
_START_S = 120
_PEER = ("tipg", "uvicorn", "httptools", "uvloop")


class Server:
    """A process that answers."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.port = port
        self._pid = process.pid
        # One for all: to make one, with its certificates, takes longer than most answers.
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, verify=False)  # noqa: S501  # no TLS

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """One answer, uncompressed."""
        told = {"Accept-Encoding": "identity"} | (headers or {})
        return self._client.get(path, headers=told)

    def cpu_ms(self) -> float:
        """Of processor time that the process has had."""
        fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    async def rest(self) -> None:
        """Wait until it has done what it does after a start: until it takes a twentieth of a processor, for a minute at most."""
        for _ in range(60):
            before = self.cpu_ms()
            await asyncio.sleep(1)
            if self.cpu_ms() - before < 50:
                return

    def memory_mb(self) -> float:
        """What the process has of memory that is its own."""
        found = re.search(
            r"^RssAnon:\s+(\d+) kB", Path(f"/proc/{self._pid}/status").read_text(), re.MULTILINE
        )
        return int(found[1]) / 1024 if found else 0.0


@asynccontextmanager
async def running(command: Sequence[str], port: int, ready: str, log: Path) -> AsyncIterator[Server]:
    """A server from the moment at which it answers 'ready' with something."""
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(*command, stdout=said, stderr=said)
    server = Server(process, port)
    try:
        until = time.monotonic() + _START_S
        while process.returncode is None and time.monotonic() < until:
            with suppress(httpx.HTTPError):
                if (await asyncio.to_thread(server.get, ready)).status_code < 500:
                    break
            await asyncio.sleep(0.2)
        else:
            raise RuntimeError(f"{command[0]} did not start: {log.read_text()[-2000:]}")
        yield server
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def tipg(folder: Path) -> Path | None:
    """TiPG's Python in an environment of its own, installed once; None where it cannot be."""
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        pip = (str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install", *_PEER)
        for command in ((sys.executable, "-m", "venv", str(folder)), pip):
            process = await asyncio.create_subprocess_exec(*command)
            if await process.wait():
                return None
        (folder / "installed").touch()
    return python


def tipg_command(python: Path, url: str, port: int) -> list[str]:
    """The command line that serves the table of events."""
    where = make_url(url)
    # A socket's folder as a host: TiPG takes no URL without one.
    socket = quote(str(where.query.get("host", "")), safe="")
    target = f"postgresql://{where.username}@{socket}:{where.query.get('port', 5432)}/{where.database}"
    settings = {
        "DATABASE_URL": target if where.query.get("host") else url.replace("+asyncpg", ""),
        "TIPG_DB_TABLES": json.dumps(["public.event"]),
        "TIPG_DB_FUNCTIONS": "[]",
        "TIPG_DB_DATETIME_EXTENT": "false",
        "TIPG_TABLE_CONFIG__public_event__geomcol": "geom",
        "TIPG_TABLE_CONFIG__public_event__datetimecol": "first_day",
        "TIPG_CATALOG_TTL": "0",
    }
    options = (
        "--port",
        str(port),
        "--http",
        "httptools",
        "--loop",
        "uvloop",
        "--log-level",
        "warning",
        "--no-access-log",
    )
    return [
        "env",
        *(f"{name}={value}" for name, value in settings.items()),
        str(python),
        "-m",
        "uvicorn",
        "tipg.main:app",
        *options,
    ]
