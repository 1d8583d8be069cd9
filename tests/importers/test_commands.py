"""`sitrep import …`, run as a person runs it, against a database of the test's own."""

import asyncio
import csv
import io
import os
import pty
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.importers.commands import NOT_CONFIRMED
from tests.importers.conftest import Cells, MakeFile, as_csv

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[bytes]
Sitrep = Callable[..., Awaitable[Done]]
COMMAND = (sys.executable, "-c", "from app.cli import main; main()", "import")


@pytest.fixture
def sitrep(fresh_database: str) -> Sitrep:
    """Runs `sitrep import …` and gives what it said."""
    url = fresh_database.replace("postgresql+asyncpg", "postgresql")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
        "SITREP_DATABASE_URL": url,
    }

    async def run(*arguments: object, stdin: int = subprocess.DEVNULL, content: bytes | None = None) -> Done:
        given: dict[str, Any] = {"stdin": stdin} if content is None else {"input": content}
        command = [*COMMAND, *map(str, arguments)]
        return await asyncio.to_thread(
            lambda: subprocess.run(
                command, env=environment, cwd=ROOT, capture_output=True, check=False, **given
            )
        )

    return run


def told(done: Done) -> dict[str, int]:
    """The counts in the table at the end."""
    words = [line.split() for line in done.stdout.decode().splitlines()]
    return {
        line[0]: int(line[1].replace(",", ""))
        for line in words
        if len(line) > 2 and line[1].replace(",", "").isdigit()
    }


async def test_an_import_ends_with_a_table_and_the_second_says_that_nothing_changed(
    sitrep: Sitrep, rows: list[Cells], make_file: MakeFile
) -> None:
    path = make_file([*rows, rows[0] | {"id": "7", "latitude": "95"}])

    first = await sitrep("ucdp-ged", path)
    second = await sitrep("ucdp-ged", path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    counts = {
        "read": 14,
        "created": 13,
        "changed": 0,
        "unchanged": 0,
        "retracted": 0,
        "outdated": 0,
        "quarantined": 1,
    }
    assert {name: told(first)[name] for name in counts} == counts
    assert told(first)["off_the_globe"] == 1
    assert b"sitrep import issues 1" in first.stdout
    assert second.stdout.decode() == "ged231.csv was imported before (ucdp-ged 23.1). Nothing has changed.\n"


async def test_standard_input_is_imported(sitrep: Sitrep, rows: list[Cells]) -> None:
    done = await sitrep("ucdp-ged", "--release", "23.1", "-", content=as_csv(rows).encode())

    assert (done.returncode, told(done)["created"]) == (0, 13)


async def test_all_faults_of_a_release_are_printed_as_csv(
    sitrep: Sitrep, rows: list[Cells], make_file: MakeFile
) -> None:
    await sitrep("ucdp-ged", make_file([rows[0] | {"date_start": "soon"}, rows[9]]))

    done = await sitrep("issues", 1)

    assert done.returncode == 0, done.stderr
    found = [
        one
        for one in csv.DictReader(io.StringIO(done.stdout.decode()))
        if one["rule"] in {"bad_day", "sources_not_recorded"}
    ]
    assert [(one["row"], one["column"], one["value"], one["quarantined"], one["key"]) for one in found] == [
        ("2", "date_start", "soon", "yes", ""),
        ("3", "number_of_sources", "-1.0", "no", "21300"),
    ]


async def test_a_release_is_printed_as_its_file_had_it(
    sitrep: Sitrep, rows: list[Cells], make_file: MakeFile
) -> None:
    await sitrep("ucdp-ged", make_file(rows))

    done = await sitrep("rows", 1)

    assert list(csv.DictReader(io.StringIO(done.stdout.decode()))) == rows


async def test_the_releases_are_listed(sitrep: Sitrep, rows: list[Cells], make_file: MakeFile) -> None:
    await sitrep("ucdp-ged", make_file(rows))

    done = await sitrep("releases")

    assert done.stdout.decode().splitlines()[1].split()[:4] == ["1", "ucdp-ged", "23.1", "ged231.csv"]


async def test_without_a_terminal_and_without_yes_much_is_not_retracted(
    sitrep: Sitrep, rows: list[Cells], make_file: MakeFile
) -> None:
    await sitrep("ucdp-ged", make_file(rows, "ged221.csv"))
    options = ("--complete", "--years", "1989-2022")

    refused = await sitrep("ucdp-ged", make_file(rows[:1]), *options)
    tried = await sitrep("ucdp-ged", make_file(rows[:1]), *options, "--dry-run")
    agreed = await sitrep("ucdp-ged", make_file(rows[:1]), *options, "--yes")

    assert refused.returncode == NOT_CONFIRMED
    assert "12 of 13 events in the scope (all countries, 1989-2022) are absent" in refused.stderr.decode()
    assert "Of 13 events there it lacks 12 (92.3 %)" in refused.stderr.decode()
    assert "of them are in countries of which the file has no event." in refused.stderr.decode()
    assert (tried.returncode, told(tried)["retracted"]) == (0, 12)
    assert (agreed.returncode, told(agreed)["retracted"]) == (0, 12)


@pytest.mark.parametrize(
    ("answer", "code", "sentence"),
    [(b"y\n", 0, b"retracted"), (b"n\n", NOT_CONFIRMED, b"Nothing was changed")],
)
async def test_at_a_terminal_one_is_asked(
    *, answer: bytes, code: int, sentence: bytes, sitrep: Sitrep, rows: list[Cells], make_file: MakeFile
) -> None:
    await sitrep("ucdp-ged", make_file(rows, "ged221.csv"))
    ours, theirs = pty.openpty()
    try:
        os.write(ours, answer)
        done = await sitrep(
            "ucdp-ged", make_file(rows[:1]), "--complete", "--years", "1989-2022", stdin=theirs
        )
    finally:
        os.close(ours)
        os.close(theirs)

    assert done.returncode == code
    assert b"Retract 12 events?" in done.stderr
    assert sentence in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("missing.csv",), 1, "sitrep: There is no file missing.csv."),
        (("--release", "latest", "{file}"), 2, "latest is no release of UCDP GED"),
        (("--countries", "SY", "{file}"), 2, "give --complete too"),
        (("--complete", "--countries", "Atlantis", "{file}"), 2, "No region is called 'Atlantis'"),
        (("--complete", "--countries", "AF-KDZ", "{file}"), 2, "AF-KDZ (Kunduz) is no country"),
        (("--complete", "--years", "2019-2016", "{file}"), 2, "write a year"),
        (("--member", "a.csv", "{file}"), 1, "is no archive"),
    ],
)
async def test_what_is_wrong_is_one_sentence(
    *,
    arguments: tuple[str, ...],
    code: int,
    sentence: str,
    sitrep: Sitrep,
    rows: list[Cells],
    make_file: MakeFile,
) -> None:
    path = make_file(rows)

    done = await sitrep("ucdp-ged", *(str(path) if one == "{file}" else one for one in arguments))

    assert done.returncode == code
    assert sentence in " ".join(done.stderr.decode().replace("│", " ").split())
    assert b"Traceback" not in done.stderr


async def test_a_file_of_which_no_row_can_be_read_is_code_1_and_its_rows_are_kept(
    sitrep: Sitrep, rows: list[Cells], make_file: MakeFile
) -> None:
    done = await sitrep("ucdp-ged", make_file([rows[0] | {"latitude": ""}]))

    assert (done.returncode, told(done)["quarantined"]) == (1, 1)
    assert "no row of ged231.csv could be read as an event" in done.stderr.decode()
    assert len((await sitrep("rows", 1)).stdout.splitlines()) == 2


@pytest.mark.parametrize("command", ["issues", "rows"])
async def test_a_release_that_is_not_there_is_said(command: str, sitrep: Sitrep) -> None:
    done = await sitrep(command, 99)

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr == b"sitrep: There is no release 99. `sitrep import releases` lists them.\n"
