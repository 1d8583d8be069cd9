"""Rows of UCDP GED as fixtures, files made of them, and an import that is rolled back at the end of the test."""

import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.importers.desk import merge as merge_desk
from app.importers.importer import Reader
from app.importers.locating import Locator
from app.importers.opening import opened
from app.importers.reading import read_table
from app.importers.region_seed import seeded
from app.importers.run import Options, Report, merge, run
from app.importers.ucdp_ged import UcdpGed
from app.importers.ucdp_layouts import GED_23_1
from tests.importers.desking import FILE, Ask, Load, coded

Cells = dict[str, str]
MakeFile = Callable[..., Path]
Import = Callable[..., Awaitable[Report]]
Whole = Callable[..., Awaitable[Report]]
FaultRules = Callable[[], Awaitable[list[tuple[int, str, bool]]]]
Kept = Callable[..., Awaitable[dict[str, dict[str, Any]]]]

ROWS = Path(__file__).parent / "rows"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "ucdp"
SYRIA, MYANMAR, SAMPLE = (
    SHARED / name
    for name in (
        "ged-syria-2016-2019.csv.gz",
        "ged191-myanmar-bangladesh.csv.gz",
        "ged231-sample-59-countries.csv.gz",
    )
)
TODAY = date(2026, 11, 22)


def read_rows(name: str) -> list[Cells]:
    with (ROWS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_csv(rows: Sequence[Cells], columns: Sequence[str] | None = None, *, header: bool = True) -> str:
    """Rows as a CSV file with these columns, those of the first row unless said otherwise."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(
        text, columns or list(rows[0]), extrasaction="ignore", restval="", lineterminator="\n"
    )
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def rows() -> list[Cells]:
    """Thirteen rows of release 23.1, each with another precision, type or country."""
    return read_rows("ged231.csv")


@pytest.fixture
def row(rows: list[Cells]) -> Cells:
    """A row in which nothing is wrong: Shahidan village, Afghanistan, 10 March 2021."""
    return rows[0]


@pytest.fixture(scope="session")
def locator() -> Locator:
    return Locator(seeded())


@pytest.fixture(scope="session")
def ged(locator: Locator) -> UcdpGed:
    return UcdpGed(locator.locate_all, today=TODAY)


@pytest.fixture(scope="session")
def reader(ged: UcdpGed) -> Reader:
    """Makes drafts of rows with the 49 columns of release 23.1."""
    return ged.reader(GED_23_1, released_on=None)


@pytest.fixture
def make_file(tmp_path: Path) -> MakeFile:
    """Writes rows, or a text, or bytes, into a file of this name."""

    def make(content: Sequence[Cells] | str | bytes, name: str = "ged231.csv") -> Path:
        if not isinstance(content, str | bytes):
            content = as_csv(content)
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.fixture
def import_ged(connection: AsyncConnection, ged: UcdpGed) -> Import:
    """Imports a file within the test's transaction."""

    async def do(path: Path, **options: Any) -> Report:
        with opened(str(path)) as source:
            return await merge(connection, read_table(source, ged.heading), ged, Options(**options))

    return do


@pytest.fixture
def whole(fresh_engine: AsyncEngine, ged: UcdpGed) -> Whole:
    """Imports a file to its end, into the database of `fresh_engine`."""

    async def do(path: Path, **options: Any) -> Report:
        with opened(str(path)) as source:
            return await run(fresh_engine, read_table(source, ged.heading), ged, Options(**options))

    return do


@pytest.fixture
def kept(connection: AsyncConnection) -> Kept:
    """The events that are kept, by their source's key: these columns of them."""

    async def select(*columns: str) -> dict[str, dict[str, Any]]:
        found = await connection.execute(text(f"SELECT source_key, {', '.join(columns)} FROM event"))
        return {row.source_key: {name: getattr(row, name) for name in columns} for row in found}

    return select


@pytest.fixture
def fault_rules(connection: AsyncConnection) -> FaultRules:
    """Row, rule and whether quarantined, of all issues."""

    async def select() -> list[tuple[int, str, bool]]:
        found = await connection.execute(text("SELECT row_number, rule, quarantined FROM issue ORDER BY id"))
        return [(row.row_number, row.rule, row.quarantined) for row in found]

    return select


@pytest.fixture
def load_desk(connection: AsyncConnection) -> Load:
    """Loads a text as a desk file of this name, within the test's transaction."""

    async def run(content: str, name: str = FILE, **options: Any) -> Report:
        async with connection.begin_nested():
            return await merge_desk(connection, coded(content, name), Options(**options))

    return run


@pytest.fixture
def ask(connection: AsyncConnection) -> Ask:
    """Gives the rows of a statement, within that transaction."""

    async def select(statement: str, **values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await connection.execute(text(statement), values)]

    return select


def counts(report: Report) -> dict[str, int]:
    names = ("read", "created", "changed", "reinstated", "unchanged", "outdated", "quarantined", "retracted")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def changed(row: Cells, **cells: str) -> Cells:
    return row | cells
