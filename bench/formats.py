"""What a whole result costs in each format, beside psql with the same query in the same run.

    SITREP_DATA_DIR=/tmp/bench python bench/formats.py [--events 1000000] [--rounds 1] [--formats csv,geojsonl] [--port 8799]

Makes SYNTHETIC events about nothing that happened, serves them, and takes all of them in each format: seconds to the first byte, rows and
megabytes a second, the peak of the server's memory (all that is resident, and what of it is its own) and of PostgreSQL's for this statement, and the ratio to `psql -c 'COPY (…) TO
STDOUT'`. Runs on the database of SITREP_DATA_DIR, which must hold no other events, on this machine, as root or its owner.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import make_url, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import ready
from app.domain.filters import NEWEST_FIRST, EventFilter
from app.formats.catalogue import BY_NAME
from app.formats.format import Format, Shown
from app.queries import events
from app.settings import read_settings

EVENTS = """
INSERT INTO event (
    id, dataset, source_key, type, source_type, title, summary, first_day, last_day, date_precision, place, geom, precision, radius_m,
    country, admin1, extent_region, side_a, side_b, deaths_low, deaths_best, deaths_high, deaths_civilians, deaths_state, contested,
    claims, sources, first_reported, version, search
)
SELECT
    gen_random_uuid(), 'synthetic', n::text, CASE WHEN n % 3 = 0 THEN 'air_strike' ELSE 'battle' END, CASE WHEN n % 2 = 0 THEN '1' END,
    'A synthetic event, number ' || n, CASE WHEN n % 5 > 0 THEN repeat('Nothing of "this" happened, as nobody said. ', 4) END,
    CASE WHEN n % 1000 = 0 THEN '-infinity' ELSE day END, day + CASE WHEN n % 50 = 0 THEN 40 WHEN n % 4 = 0 THEN 3 ELSE 0 END, 'day',
    'Place ' || n % 400,
    CASE WHEN n % 20 > 0 THEN ST_SetSRID(ST_MakePoint(round((-170 + (n % 400 * 7919 % 34000) / 100.0 + random() / 5)::numeric, 6)::float8,
        round((-60 + (n % 400 * 104729 % 13000) / 100.0 + random() / 5)::numeric, 6)::float8), 4326) END,
    'settlement', 5000, 'C' || n % 60, 'A' || n * 31 % 907, 'A' || n * 31 % 907,
    ARRAY['Government of C' || n % 60], CASE WHEN n % 7 > 0 THEN ARRAY['Rebels, of ' || n % 90, 'Others'] ELSE '{}' END,
    n % 7, CASE WHEN n % 11 > 0 THEN n % 9 END, n % 9 + 3, CASE WHEN n % 2 = 0 THEN 0 END, 'reported', CASE WHEN n % 10 = 0 THEN n % 3 = 0 END,
    CASE WHEN n % 10 = 0 THEN 2 END, n % 5, day + 30, 1, to_tsvector('simple', 'a synthetic event place ' || n % 400 || ' word' || n % 5000)
FROM generate_series(1, :count) AS n, LATERAL (SELECT date '1989-01-01' + (n::bigint * 7919 % 13500)::integer AS day) AS days
"""
SERVER = """
import sys
import uvicorn
from app.main import create_app
from app.settings import Settings

class WithoutPandas:  # which Arrow loads where it is: here for tests, and on servers not
    def find_spec(self, name, path, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, WithoutPandas())
uvicorn.run(create_app(Settings(database_url=sys.argv[1])), port=int(sys.argv[2]), http="httptools", log_level="warning")
"""
BEFORE = (
    "INSERT INTO version (id, known_at, kind, summary) VALUES (1, now(), 'import', 'Synthetic')",
    (
        "INSERT INTO dataset (id, title, publisher, licence, redistribution, citation)"
        " VALUES ('synthetic', 'Synthetic events', 'Nobody', 'CC0-1.0', 'open', 'Nothing of this happened.')"
    ),
)
COPYING = text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY %'"
)


async def make(connection: AsyncConnection, count: int) -> None:
    """Write the events."""
    for statement in BEFORE:
        await connection.execute(text(statement))
    await connection.execute(text(EVENTS), {"count": count})
    await connection.commit()


class Peak:
    """The most memory of their own that the server and PostgreSQL's process for its statement have had, looked at ten times a second."""

    def __init__(self, engine: AsyncEngine, server: int) -> None:
        self._engine = engine
        self._server = server
        self.server_mb = self.backend_mb = 0.0
        # From here on VmHWM is the most that was resident: libraries and mapped files count as well.
        Path(f"/proc/{server}/clear_refs").write_text("5")

    @property
    def resident_mb(self) -> float:
        """The most that the server has had resident since this began."""
        return status_mb(self._server, "VmHWM")

    async def watch(self) -> None:
        async with self._engine.connect() as connection:
            while True:
                self.server_mb = max(self.server_mb, status_mb(self._server, "RssAnon"))
                for pid in (await connection.execute(COPYING)).scalars().all():
                    self.backend_mb = max(self.backend_mb, status_mb(pid, "RssAnon"))
                await connection.rollback()
                await asyncio.sleep(0.1)


def status_mb(pid: int, name: str) -> float:
    """A size out of a process's status. RssAnon is what it has of its own: neither PostgreSQL's shared buffers nor a file."""
    with suppress(OSError):
        found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0
    return 0.0


async def taken(port: int, form: Format, peak: Peak) -> tuple[float, float, int]:
    """Seconds to the first byte and to the last, and how many bytes."""
    watching = asyncio.create_task(peak.watch())
    began = time.perf_counter()
    first, size = 0.0, 0
    async with (
        httpx.AsyncClient(timeout=600) as client,
        client.stream(
            "GET", f"http://127.0.0.1:{port}/events.{form.name}", headers={"Accept-Encoding": "identity"}
        ) as answer,
    ):
        async for part in answer.aiter_raw():
            first = first or time.perf_counter() - began
            size += len(part)
    watching.cancel()
    return first, time.perf_counter() - began, size


async def by_psql(url: Any, form: Format) -> float:
    """Seconds that psql takes to copy the same query."""
    columns = form.columns(Shown())
    statement = events.whole_statement(EventFilter(), NEWEST_FIRST if form.ordered else (), columns)
    sql = str(statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    options = "FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01'" if form.verbatim else "FORMAT csv"
    command = [
        "psql",
        "-X",
        "-q",
        "-h",
        url.query["host"],
        "-p",
        url.query["port"],
        "-U",
        url.username,
        url.database,
    ]
    settings = "SET jit = off; SET max_parallel_workers_per_gather = 0"
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, "-c", settings, "-c", f"COPY ({sql}) TO STDOUT ({options})", stdout=subprocess.DEVNULL
    )
    if await process.wait():
        raise SystemExit("psql failed.")
    return time.perf_counter() - began


async def at_rest(client: httpx.AsyncClient) -> None:
    """Wait until a server has made ready what tiles need, which is no part of what a whole result takes."""
    for tiles in ("events", "regions"):
        (await client.get(f"/tiles/{tiles}/0/0/0.mvt", timeout=300)).raise_for_status()


@asynccontextmanager
async def served(url: str, port: int) -> AsyncIterator[int]:
    """A server in a process of its own; its number."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVER, url, str(port))
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(200):
                with suppress(httpx.HTTPError):
                    if (await client.get("/health")).status_code == 200:
                        break
                await asyncio.sleep(0.1)
            await at_rest(client)
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--formats", default=",".join(BY_NAME))
    parser.add_argument("--port", type=int, default=8799)
    given = parser.parse_args()
    async with ready.database(read_settings()) as engine:
        async with engine.connect() as connection:
            if not (await connection.execute(text("SELECT count(*) FROM event"))).scalar_one():
                await make(connection, given.events)
                await connection.execution_options(isolation_level="AUTOCOMMIT")
                await connection.execute(text("VACUUM ANALYZE event"))
            await connection.rollback()
            rows = (await connection.execute(text("SELECT count(*) FROM event"))).scalar_one()
        url = engine.url.render_as_string(hide_password=False)
        async with served(url, given.port) as server:
            for name in given.formats.split(","):
                for _ in range(given.rounds):
                    await show(given.port, BY_NAME[name], engine, server, rows)


async def show(port: int, form: Format, engine: AsyncEngine, server: int, rows: int) -> None:
    before = status_mb(server, "RssAnon")
    psql = await by_psql(make_url(engine.url), form)
    peak = Peak(engine, server)
    first, whole, size = await taken(port, form, peak)
    print(
        f"{form.name}: first byte {first * 1000:.0f} ms; {whole:.1f} s, {rows / whole:,.0f} rows/s, {size / whole / 1e6:.0f} MB/s"
        f" of {size / 1e6:.0f} MB; psql {psql:.1f} s, {psql / whole:.2f} of its rate; server {peak.server_mb:.0f} MB"
        f" (before {before:.0f}; resident {peak.resident_mb:.0f}), PostgreSQL {peak.backend_mb:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    asyncio.run(main())
