"""What an answer as of a version costs beside the live one, with ten revisions an event.

    SITREP_DATA_DIR=/tmp/bench python bench/as_of.py [--events 200000]

Makes SYNTHETIC events about nothing that happened, around a few hundred places, each changed nine times in nine versions; then asks the
same questions live, as of the last version, and as of one in the middle, by turns in one run, and prints medians and ratios. Runs on the
database of SITREP_DATABASE_URL or SITREP_DATA_DIR, which must hold no events yet.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import replace
from datetime import date
from statistics import median

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db import ready
from app.db.engine import create_reader
from app.domain.areas import Box, Circle
from app.domain.days import Days
from app.domain.filters import EventFilter, RegionWanted, View
from app.formats import geojson
from app.queries import events
from app.settings import read_settings
from app.store.revisions import TOLD

REVISIONS = 10
ROUNDS = 15
EVENTS = """
INSERT INTO event (
    id, dataset, source_key, type, title, summary, first_day, last_day, date_precision, place, geom, precision, country, admin1,
    extent_region, deaths_low, deaths_best, deaths_high, deaths_state, first_reported, version, search
)
SELECT
    gen_random_uuid(), 'synthetic', n::text, CASE WHEN n % 3 = 0 THEN 'air_strike' ELSE 'battle' END, 'A synthetic event ' || n,
    repeat('Nothing of this happened. ', 6), day, day + CASE WHEN n % 50 = 0 THEN 40 WHEN n % 4 = 0 THEN 3 ELSE 0 END, 'day',
    'Place ' || n % 400,
    ST_SetSRID(ST_MakePoint(-170 + (n % 400 * 7919 % 34000) / 100.0 + random() / 5, -60 + (n % 400 * 104729 % 13000) / 100.0 + random() / 5), 4326),
    'settlement', 'C' || n % 60, 'A' || n * 31 % 907, 'A' || n * 31 % 907, n % 7, n % 9, n % 9 + 3, 'reported', day + 30, 1,
    to_tsvector('simple', 'a synthetic event place ' || n % 400 || ' word' || n % 5000)
FROM generate_series(1, :count) AS n, LATERAL (SELECT date '1989-01-01' + (n::bigint * 7919 % 13500)::integer AS day) AS days
"""
END = "UPDATE event_revision SET until_version = :version WHERE until_version > :version"
CHANGE = "UPDATE event SET deaths_best = deaths_best + 1, revision = revision + 1, version = :version"
BEGIN = f"""
INSERT INTO event_revision ({TOLD}, since_version, seq)
SELECT {TOLD}, :version, nextval('change_seq') FROM event ORDER BY first_day DESC, id DESC
"""

REGION = RegionWanted(code="A7", level=1, inside=("A7",), above=("C7",))
QUESTIONS = {
    "world, one day": EventFilter(days=Days(since=date(2016, 5, 5), until=date(2016, 5, 5))),
    "newest": EventFilter(),
    "box, all days": EventFilter(box=Box(west=0, south=0, east=20, north=20)),
    "box, one month": EventFilter(
        box=Box(west=0, south=0, east=20, north=20),
        days=Days(since=date(2016, 5, 1), until=date(2016, 5, 31)),
    ),
    "near, 25 km": EventFilter(near=Circle(lon=10.0, lat=10.0, radius_m=25_000)),
    "region, one year": EventFilter(
        regions=(REGION,), days=Days(since=date(2016, 1, 1), until=date(2016, 12, 31))
    ),
    "a rare word": EventFilter(words="word77"),
}


async def make(connection: AsyncConnection, count: int) -> None:
    """Write the events and their revisions."""
    await connection.execute(text("SET statement_timeout = 0"))
    for version in range(1, REVISIONS + 1):
        if version == 1:
            await connection.execute(text(EVENTS), {"count": count})
        else:
            await connection.execute(text(CHANGE), {"version": version})
            await connection.execute(text(END), {"version": version})
        await connection.execute(text(BEGIN), {"version": version})
        known = "INSERT INTO version (id, known_at, kind, summary) VALUES (CAST(:version AS integer), now() + CAST(:version AS integer) * interval '1 microsecond', 'import', 'Synthetic')"
        await connection.execute(text(known), {"version": version})
        await connection.commit()
        print(f"version {version} of {REVISIONS}", flush=True)


async def measure(connection: AsyncConnection) -> None:
    """Ask each question live and as of two versions, by turns."""
    written = geojson.feature()
    for name, wanted in QUESTIONS.items():
        asked = {
            "live": wanted,
            "last": replace(wanted, at=REVISIONS),
            "middle": replace(wanted, at=REVISIONS // 2),
        }
        took: dict[str, list[float]] = {label: [] for label in asked}
        rows = {}
        for _ in range(ROUNDS):
            for label, question in asked.items():
                began = time.perf_counter()
                rows[label] = len(
                    (await events.page(connection, question, View(limit=100), written, None)).features
                )
                took[label].append((time.perf_counter() - began) * 1000)
        live = median(took["live"])
        times = ", ".join(
            f"{label} {median(one):.1f} ms ({median(one) / live:.1f})" for label, one in took.items()
        )
        print(f"{name}: {times}; {rows['live']} rows")


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=200_000)
    count = parser.parse_args().events
    async with ready.database(read_settings()) as engine:
        url = engine.url.render_as_string(hide_password=False)
        async with engine.connect() as connection:
            if not (await connection.execute(text("SELECT count(*) FROM event"))).scalar_one():
                await make(connection, count)
        vacuum = engine.execution_options(isolation_level="AUTOCOMMIT")
        async with vacuum.connect() as connection:
            await connection.execute(text("VACUUM ANALYZE event"))
            await connection.execute(text("VACUUM ANALYZE event_revision"))
        reader = create_reader(url)
        async with reader.connect() as connection:
            await measure(connection)
        await reader.dispose()


if __name__ == "__main__":
    asyncio.run(main())
