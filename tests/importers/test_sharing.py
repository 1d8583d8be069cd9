"""Two processes read a long file as one does: the same rows, the same faults, and nothing where it ends badly."""

import asyncio
import gzip
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.importers import helper, sharing
from app.importers.helper import Helper, HelperLost, Second, is_long
from app.importers.opening import Unreadable, opened
from app.importers.reading import Row, read_table
from app.importers.run import Options, merge, run
from app.importers.ucdp_ged import UcdpGed, seeded_importer
from app.importers.ucdp_layouts import GED_23_1
from app.store.staged import Batch
from tests.importers.conftest import TODAY, Cells, MakeFile, as_csv
from tests.importers.test_interrupted import NOTHING, ROOT, TABLES, contents

AGAIN = partial(seeded_importer, TODAY)

# Starts a helper, gives it work for some seconds, and says which process it is.
PARENT = """
import time
from datetime import date
from functools import partial
from app.importers.helper import Helper
from app.importers.reading import Row
from app.importers.ucdp_ged import seeded_importer
from app.importers.ucdp_layouts import GED_23_1

helper = Helper(partial(seeded_importer, date(2026, 11, 22)))
helper.begin(GED_23_1, released_on=None)
while not helper.free:
    time.sleep(0.01)
rows = [Row(number, [str(number)] * 49) for number in range(50_000)]
helper.give(rows), helper.give(rows)
print(helper._process.pid, flush=True)
time.sleep(60)
"""


class Given(list[Helper]):
    """The helpers that were started."""

    lots = 0
    kill_at = 0
    """The lot before which the helper is killed; 0: none."""


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Given]:
    """Lots of a hundred rows, and a helper from the second on. None of those that were started is left at the end."""
    started = Given()

    class Ready(Helper):
        """Does work from its first moment on, as a long file's helper does for most of it."""

        def begin(self, header: Sequence[str], *, released_on: date | None) -> None:
            if not self._begun:
                super().begin(header, released_on=released_on)
                self._ready.result()
                started.append(self)

        def give(self, rows: Sequence[Row]) -> Future[Batch]:
            started.lots += 1
            if started.lots == started.kill_at:
                self._process.kill()
            return super().give(rows)

    monkeypatch.setattr(sharing, "BATCH", 100)
    monkeypatch.setattr(sharing, "ALONE", 100)
    monkeypatch.setattr(helper, "Helper", Ready)
    yield started
    assert [one._process.returncode for one in started] == [-signal.SIGKILL] * len(started)


@pytest.fixture
def many(rows: list[Cells]) -> list[Cells]:
    """A thousand rows of all kinds: some are repeated later on, some cannot be read, and each tenth has a place of its own."""
    found = []
    for number in range(1000):
        row = rows[number % len(rows)] | {"id": str(number - number % 7 if number % 50 == 3 else number + 1)}
        if number % 10 == 0:
            row |= {"latitude": f"{float(row['latitude']) + number / 1e5:.6f}", "geom_wkt": ""}
        if number % 33 == 0:
            row |= {"date_start": "soon"}
        if number % 90 == 0:
            row = dict.fromkeys(row, "")
        found.append(row)
    return found


async def everything(engine: AsyncEngine, path: Path, ged: UcdpGed, **options: Any) -> dict[str, list[str]]:
    """All rows of all tables after an import that is then undone, without what counts imports and without the time."""
    async with engine.connect() as connection:
        with opened(str(path)) as source:
            await merge(connection, read_table(source, ged.heading), ged, Options(**options))
        found = {}
        for table in TABLES:
            left_out = (
                "{known_at,release_id,version}" if table == "event" else "{known_at,release_id,version,id}"
            )
            found[table] = list(
                await connection.scalars(
                    text(
                        f"SELECT (to_jsonb(one) - '{left_out}'::text[])::text FROM {table} AS one ORDER BY 1"
                    )
                )
            )
        await connection.rollback()
    return found


async def test_two_processes_make_what_one_does(
    fresh_engine: AsyncEngine, helpers: Given, many: list[Cells], make_file: MakeFile, ged: UcdpGed
) -> None:
    path = make_file(many)

    alone = await everything(fresh_engine, path, ged)
    shared = await everything(fresh_engine, path, ged, second=Second(AGAIN))

    assert (len(helpers), helpers.lots > 1) == (1, True)
    assert shared == alone
    assert len(alone["release_row"]) == 1000
    assert len(alone["issue"]) > 20


async def test_a_second_process_that_was_started_with_the_command_works_from_the_first_row_on(
    fresh_engine: AsyncEngine, helpers: Given, many: list[Cells], make_file: MakeFile, ged: UcdpGed
) -> None:
    path = make_file(many[:100])
    alone = await everything(fresh_engine, path, ged, second=Second(AGAIN))
    assert helpers == []

    with closing(Second(AGAIN)) as second:
        second.start()
        shared = await everything(fresh_engine, path, ged, second=second)

    assert (len(helpers), helpers.lots) == (1, 1)
    assert shared == alone


async def test_two_processes_give_an_actor_of_several_names_the_name_that_one_does(
    fresh_engine: AsyncEngine, helpers: Given, row: Cells, make_file: MakeFile, ged: UcdpGed
) -> None:
    names = ["Taleban", "Taliban", *["Taleban"] * 998]
    path = make_file(
        [row | {"id": str(number), "side_b": name} for number, name in enumerate(names, start=1)]
    )

    alone = await everything(fresh_engine, path, ged)
    shared = await everything(fresh_engine, path, ged, second=Second(AGAIN))

    assert helpers.lots > 1
    assert any('"name": "Taliban"' in actor for actor in alone["actor"])
    assert shared["actor"] == alone["actor"]


async def test_a_short_file_starts_no_second_process(
    fresh_engine: AsyncEngine, helpers: Given, many: list[Cells], make_file: MakeFile, ged: UcdpGed
) -> None:
    await everything(fresh_engine, make_file(many[:100]), ged, second=Second(AGAIN))

    assert helpers == []


def torn(many: list[Cells]) -> bytes:
    """A file that ends in its midst, some lots in."""
    whole = gzip.compress(as_csv(many * 3).encode())
    return whole[: len(whole) * 2 // 3]


async def test_a_file_damaged_in_its_midst_is_told_as_ever_and_leaves_nothing(
    fresh_engine: AsyncEngine, helpers: Given, many: list[Cells], make_file: MakeFile, ged: UcdpGed
) -> None:
    path = make_file(torn(many), "ged231.csv.gz")
    told = []

    for second in (None, Second(AGAIN)):
        with opened(str(path)) as source, pytest.raises(Unreadable) as raised:
            await run(fresh_engine, read_table(source, ged.heading), ged, Options(second=second))
        told.append(str(raised.value))

    assert helpers.lots > 1
    assert told[0] == told[1]
    assert told[0].startswith("ged231.csv.gz is damaged or ends too early (")
    assert await contents(fresh_engine) == NOTHING


async def test_an_import_whose_second_process_is_killed_says_so_and_leaves_nothing(
    fresh_engine: AsyncEngine, helpers: Given, many: list[Cells], make_file: MakeFile, ged: UcdpGed
) -> None:
    helpers.kill_at = 2

    with opened(str(make_file(many))) as source, pytest.raises(HelperLost) as raised:
        await run(fresh_engine, read_table(source, ged.heading), ged, Options(second=Second(AGAIN)))

    assert str(raised.value) == (
        "A second process that helped to read the file was killed by signal 9. Nothing was imported; import it again."
    )
    assert await contents(fresh_engine) == NOTHING


async def test_without_a_second_process_that_is_lost_before_its_first_rows_one_does_all(
    fresh_engine: AsyncEngine, many: list[Cells], make_file: MakeFile, ged: UcdpGed
) -> None:
    path = make_file(many)
    alone = await everything(fresh_engine, path, ged)

    with closing(Second(AGAIN)) as second:
        lost = second.start()
        lost._process.kill()
        lost._process.wait()
        lost.begin(list(many[0]), released_on=None)
        with pytest.raises(HelperLost):
            lost._ready.result()
        assert await everything(fresh_engine, path, ged, second=second) == alone


@pytest.mark.parametrize(
    ("needed", "spared"),
    [
        # A second process loads nothing of a database.
        ("app.importers.preparing, app.importers.ucdp_ged", "sqlalchemy"),
        # An import of events alone loads no tables.
        ("app.importers.run, app.importers.ucdp_ged, app.db.ready", "geoalchemy2"),
    ],
)
def test_what_takes_long_to_load_is_left_out(*, needed: str, spared: str) -> None:
    loaded = f"import sys, {needed}; print('{spared}' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, check=True, text=True
    )

    assert done.stdout == "False\n"


async def test_a_second_process_that_cannot_begin_is_told_too() -> None:
    helper = Helper(partial(sys.exit, 5))
    helper.begin(["id"], released_on=None)

    try:
        with pytest.raises(HelperLost, match="ended with code 5"):
            helper._ready.result()
    finally:
        helper.close()


def test_a_second_process_works_too_where_its_pipes_may_not_be_large(
    monkeypatch: pytest.MonkeyPatch, many: list[Cells]
) -> None:
    monkeypatch.setattr(helper, "_PIPE", 2**31 - 1)  # more than anybody is given
    columns = list(many[0])
    second = Helper(AGAIN)
    second.begin(columns, released_on=None)

    try:
        rows = [Row(number, list(cells.values())) for number, cells in enumerate(many, start=2)]
        assert second.give(rows).result().told == len(rows)
    finally:
        second.close()


def test_a_second_process_says_nothing_when_the_first_is_gone_in_the_midst_of_sending() -> None:
    ready = pickle.dumps(AGAIN) + pickle.dumps((tuple(GED_23_1), None))
    cut = pickle.dumps([(2, ["a"] * 49, (), False)])[:-5]

    done = subprocess.run(
        [sys.executable, "-m", "app.importers.helper"],
        input=ready + cut,
        cwd=ROOT,
        capture_output=True,
        check=True,
    )

    assert done.stderr == b""


async def test_ctrl_c_ends_the_second_process_too(
    fresh_engine: AsyncEngine, helpers: Given, many: list[Cells], make_file: MakeFile, ged: UcdpGed
) -> None:
    def interrupt(_rows: int) -> None:
        if helpers:
            importing.cancel()  # what asyncio makes of it

    with opened(str(make_file(many))) as source:
        table = read_table(source, ged.heading)
        importing = asyncio.create_task(
            run(fresh_engine, table, ged, Options(second=Second(AGAIN), progress=interrupt))
        )
        with pytest.raises(asyncio.CancelledError):
            await importing

    assert len(helpers) == 1
    assert await contents(fresh_engine) == NOTHING


def test_the_second_process_ends_with_the_first_however_that_ends() -> None:
    first = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    with first.stdout:
        second = int(first.stdout.readline())

    first.kill()
    first.wait()

    for _ in range(1000):
        if not is_running(second):
            return
        time.sleep(0.01)
    os.kill(second, signal.SIGKILL)
    pytest.fail("The second process lives on.")


@pytest.mark.parametrize(
    ("name", "size", "long"),
    [
        ("a.csv", 4 * 2**20, True),
        ("a.csv", 4 * 2**20 - 1, False),
        ("a.csv.gz", 2**19, True),
        ("a.ZIP", 2**19 - 1, False),
    ],
)
def test_a_long_file_is_known_by_its_size(name: str, size: int, long: bool, tmp_path: Path) -> None:  # noqa: FBT001  # a table
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(size)

    assert is_long(str(path)) is long


@pytest.mark.parametrize("place", ["-", "https://example.org/ged.csv", "missing.csv", "a\0b", ""])
def test_of_what_is_no_file_nobody_knows_whether_it_is_long(place: str) -> None:
    assert not is_long(place)


def is_running(process: int) -> bool:
    """Whether it runs; one that has ended may wait to be noticed by whoever has adopted it."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
