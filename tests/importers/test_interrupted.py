"""All or nothing: killed at any moment, interrupted, or side by side with another import."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.store import renewing
from tests.importers.conftest import Cells, MakeFile, Whole

ROOT = Path(__file__).parents[2]

# Imports a file, and kills itself with SIGKILL where the named function is called.
CHILD = """
import asyncio, os, signal, sys
from datetime import date
from importlib import import_module

from app.db.engine import create_engine
from app.importers.locating import Locator
from app.importers.opening import opened
from app.importers.reading import read_table
from app.importers.region_seed import seeded
from app.importers.run import Options, run
from app.importers.ucdp_ged import UcdpGed
from app.store import renewing

url, path, where, call, how, renewing.FROM_ROWS = *sys.argv[1:-1], int(sys.argv[-1])
if where:
    module, _, name = where.rpartition(".")
    owner = import_module(module) if not module.endswith("Staging") else import_module("app.store.staging").Staging
    original, calls = getattr(owner, name), [0]
    def patched(*args, **named):
        calls[0] += 1
        if calls[0] == int(call):
            os.kill(os.getpid(), getattr(signal, how))
        return original(*args, **named)
    setattr(owner, name, patched)

async def main():
    engine = create_engine(url)
    importer = UcdpGed(Locator(seeded()).locate_all, today=date(2026, 11, 22))
    with opened(path) as source:
        print("begun", flush=True)
        await run(engine, read_table(source, importer.heading), importer, Options())
    await engine.dispose()

asyncio.run(main())
"""

MOMENTS = [
    ("app.store.staging.Staging.write", 1),
    ("app.store.staging.Staging.write", 2),
    ("app.store.merging.find_repeated", 1),
    ("app.store.versions.begin", 1),
    ("app.store.merging.judge", 1),
    ("app.store.releases.open_release", 1),
    ("app.store.merging.run", 2),
    ("app.store.actors.merge", 1),
    ("app.store.renewing._run", 1),  # so many events are written into new tables
    ("app.store.actors.teach", 1),
    ("app.store.renewing._run", 2),
    ("app.store.renewing._alone", 1),
    ("app.store.renewing._run", 4),
    ("app.store.releases.close_release", 1),
    ("app.store.versions.close", 1),
    ("app.importers.run._to_its_end", 1),
]
MANY = 1300
"""More than one batch."""
TABLES = (
    "dataset",
    "release",
    "release_row",
    "record",
    "issue",
    "version",
    "event",
    "actor",
    "event_actor",
    "extent",
)


def child(url: str, path: Path, where: str = "", call: int = 1, how: str = "SIGKILL") -> list[str]:
    return [sys.executable, "-c", CHILD, url, str(path), where, str(call), how, str(MANY)]


async def made(engine: AsyncEngine) -> set[str]:
    """All tables and indexes, with their schema, and the columns of which finer statistics are kept."""
    async with engine.connect() as connection:
        return set(
            await connection.scalars(
                text("""
SELECT format('%s.%s %s', nspname, relname, (SELECT array_agg(attname) FROM pg_attribute WHERE attrelid = pg_class.oid AND attstattarget > 0))
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'i') AND nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND nspname NOT LIKE 'pg_temp%'
""")
            )
        )


async def contents(engine: AsyncEngine) -> dict[str, int]:
    async with engine.connect() as connection:
        return {
            table: (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
            for table in TABLES
        }


NOTHING = dict.fromkeys(TABLES, 0)


@pytest.fixture
def many(rows: list[Cells], make_file: MakeFile, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of so MANY events that they are written into new tables."""
    monkeypatch.setattr(renewing, "FROM_ROWS", MANY)
    return make_file(
        [row | {"id": f"{number}{row['id']}"} for number in range(1, MANY // len(rows) + 1) for row in rows]
    )


@pytest.mark.parametrize(("where", "call"), MOMENTS)
async def test_killed_at_any_moment_it_leaves_nothing_and_ends_right_when_run_again(
    *, where: str, call: int, fresh_engine: AsyncEngine, fresh_database: str, many: Path, whole: Whole
) -> None:
    before = await made(fresh_engine)
    killed = await asyncio.to_thread(
        subprocess.run, child(fresh_database, many, where, call), cwd=ROOT, capture_output=True, check=False
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert await contents(fresh_engine) == NOTHING
    assert await made(fresh_engine) == before
    report = await whole(many)
    assert (report.read, report.created) == (MANY, MANY)
    found = await contents(fresh_engine)
    assert (found["event"], found["release_row"]) == (MANY, MANY)
    assert (found["event_actor"], found["version"]) == (2 * MANY, 1)
    assert await made(fresh_engine) == before


async def test_killed_at_some_moment_of_the_writing_it_leaves_all_or_nothing(
    fresh_engine: AsyncEngine, fresh_database: str, many: Path, whole: Whole
) -> None:
    for wait in (0.05, 0.2, 0.35, 0.5, 0.65):
        process = await asyncio.create_subprocess_exec(
            *child(fresh_database, many),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert process.stdout is not None
        await process.stdout.readline()
        await asyncio.sleep(wait)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()

        assert (await contents(fresh_engine))["event"] in {0, MANY}

    await whole(many)
    found = await contents(fresh_engine)
    assert (found["event"], found["release"], found["version"]) == (MANY, 1, 1)


async def test_the_commit_is_seen_to_its_end_when_ctrl_c_comes_in_it(
    fresh_engine: AsyncEngine, fresh_database: str, many: Path
) -> None:
    stopped = await asyncio.to_thread(
        subprocess.run,
        child(fresh_database, many, "app.importers.run._to_its_end", 1, "SIGINT"),
        cwd=ROOT,
        capture_output=True,
        check=False,
    )

    # Either it was stopped and nothing is there, or it went through and all is: what it says is true.
    assert (await contents(fresh_engine))["event"] == (MANY if stopped.returncode == 0 else 0)


async def test_two_imports_at_once_wait_for_each_other_and_say_so(
    fresh_engine: AsyncEngine, rows: list[Cells], make_file: MakeFile, whole: Whole
) -> None:
    one, other = make_file(rows[:8], "GEDEvent_v23_0_1.csv"), make_file(rows[4:], "GEDEvent_v23_0_2.csv")
    told: list[str] = []

    async with fresh_engine.connect() as busy:
        await busy.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": 0x73697472_77726974})
        work = asyncio.gather(whole(one, tell=told.append), whole(other, tell=told.append))
        while len(told) < 2:  # noqa: ASYNC110  # told from within, where no event could be set
            await asyncio.sleep(0.01)
        await busy.rollback()
    reports = await work

    assert told == ["Another import is being written. This one waits for its turn."] * 2
    assert sorted(report.version or 0 for report in reports) == [1, 2]
    assert sum(report.created for report in reports) == 13
    assert (await contents(fresh_engine))["event"] == 13


async def test_one_file_imported_twice_at_once_is_imported_once(
    fresh_engine: AsyncEngine, rows: list[Cells], make_file: MakeFile, whole: Whole
) -> None:
    path = make_file(rows)

    reports = await asyncio.gather(whole(path), whole(path))

    assert sorted(report.already for report in reports) == [False, True]
    assert (await contents(fresh_engine))["version"] == 1


async def test_versions_are_known_in_the_order_of_their_numbers(
    fresh_engine: AsyncEngine, rows: list[Cells], make_file: MakeFile, whole: Whole
) -> None:
    for number, row in enumerate(rows[:5]):
        await whole(make_file([row], f"GEDEvent_v23_0_{number + 1}.csv"))

    async with fresh_engine.connect() as connection:
        found = (
            await connection.execute(
                text("SELECT id, known_at, kind, summary FROM version ORDER BY known_at")
            )
        ).all()
    assert [row.id for row in found] == [1, 2, 3, 4, 5]
    assert {row.kind for row in found} == {"import"}
    assert found[0].summary == "ucdp-ged 23.0.1: 1 created"


async def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    fresh_engine: AsyncEngine, rows: list[Cells], make_file: MakeFile, whole: Whole
) -> None:
    report = await whole(make_file(rows), dry_run=True)

    assert report.created == 13
    assert await contents(fresh_engine) == NOTHING
