"""`sitrep desk`, run as a person runs it, against a database of the test's own."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.importers.desk_commands import HELP
from app.importers.desk_schema import schema
from tests.importers.conftest import MakeFile
from tests.importers.desking import DENIAL, DESK, FILE, LATER, changed, coded

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]
Sitrep = Callable[..., Awaitable[Done]]
COMMAND = (sys.executable, "-c", "from app.cli import main; main()", "desk")


def ran(
    *arguments: object, database: str = "postgresql://nobody@nowhere.invalid/none", given: str = ""
) -> Done:
    """`sitrep desk …` against a database, which is nowhere unless said."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/",
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
        "SITREP_DATABASE_URL": database,
    }
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment, cwd=ROOT, capture_output=True, check=False, text=True, input=given,
    )  # fmt: skip


@pytest.fixture
def sitrep(fresh_database: str) -> Sitrep:
    url = fresh_database.replace("postgresql+asyncpg", "postgresql")

    async def run(*arguments: object, given: str = "") -> Done:
        return await asyncio.to_thread(ran, *arguments, database=url, given=given)

    return run


def table(done: Done) -> dict[str, list[int]]:
    """New, changed, unchanged, taken back and outdated, of events and of statements."""
    lines = [line.split() for line in done.stdout.splitlines()]
    return {line[0]: list(map(int, line[1:])) for line in lines if line[:1] in (["events"], ["statements"])}


async def test_a_file_is_loaded_with_a_table_and_the_second_time_nothing_changes(
    sitrep: Sitrep, make_file: MakeFile
) -> None:
    path = make_file(DESK, FILE)

    first, second = await sitrep(path), await sitrep(path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert table(first) == {"events": [2, 0, 0, 0, 0], "statements": [9, 0, 0, 0, 0]}
    assert second.stdout == f"{FILE} was loaded before. Nothing has changed.\n"


async def test_several_files_are_loaded_one_after_the_other_and_a_bad_one_keeps_none_away(
    sitrep: Sitrep, make_file: MakeFile
) -> None:
    bad = make_file(changed("type: battle", "type: batle"), "bad.yaml")

    done = await sitrep(make_file(DESK, FILE), bad, make_file(DENIAL, LATER))

    assert done.returncode == 1
    assert done.stderr == (
        "sitrep: bad.yaml was not loaded, since it has one fault:\n"
        "  line 10, column 11: 'batle' is no type. Did you mean 'battle'?\n"
    )
    assert "Events of other files with a new revision by what this one says of them: 1." in done.stdout


async def test_what_refers_to_nothing_is_refused_and_the_next_file_is_loaded(
    sitrep: Sitrep, make_file: MakeFile
) -> None:
    done = await sitrep(make_file(DENIAL, LATER), make_file(DESK, FILE))

    assert done.returncode == 1
    assert (
        "line 5, column 26: 'one' is neither an event of this file nor one that the database has."
        in done.stderr
    )
    assert table(done)["events"] == [2, 0, 0, 0, 0]


async def test_to_try_out_writes_nothing_and_finds_what_the_file_before_says(
    sitrep: Sitrep, make_file: MakeFile
) -> None:
    files = (make_file(DESK, FILE), make_file(DENIAL, LATER))

    tried = await sitrep("--dry-run", *files)
    loaded = await sitrep(*files)

    assert (tried.returncode, loaded.returncode) == (0, 0), tried.stderr
    assert tried.stdout.replace(", tried out: nothing was written", "") == loaded.stdout
    assert f"{LATER}: loaded, tried out: nothing was written" in tried.stdout


async def test_standard_input_is_loaded_as_json_too(sitrep: Sitrep) -> None:
    told = {
        "format": "sitrep-desk-1",
        "documents": [{"key": "post", "publisher": "Somebody", "published_on": "2021-08-08"}],
    }

    done = await sitrep("-", given=json.dumps(told, indent="\t"))

    assert (done.returncode, table(done)["statements"]) == (0, [1, 0, 0, 0, 0])
    assert "standard input: loaded" in done.stdout


def test_a_file_is_checked_without_a_database(make_file: MakeFile) -> None:
    good, bad = ran("--check", make_file(DESK, FILE)), ran("--check", make_file(DESK[:-3], "bad.yaml"))

    assert (good.returncode, good.stdout) == (0, f"{FILE} has no fault: it has 2 events and 9 statements.\n")
    assert ran("--check", make_file(DENIAL, LATER)).stdout == (
        f"{LATER} has no fault: it has 0 events and 2 statements. Whether the 2 things are there that it names in other files,"
        " loading will show.\n"
    )
    one = DENIAL[: DENIAL.index("claims:")]
    assert ran("--check", make_file(one, LATER)).stdout == (
        f"{LATER} has no fault: it has 0 events and 1 statement.\n"
    )
    one = DENIAL.replace("denies, responds_to: said", "asserts")
    assert (
        "Whether the thing is there that it names in other files,"
        in ran("--check", make_file(one, LATER)).stdout
    )
    assert (bad.returncode, bad.stdout) == (1, "")
    assert "This is neither YAML nor JSON" in bad.stderr


def test_the_schema_is_printed() -> None:
    assert json.loads(ran("--schema").stdout) == schema()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "name at least one file, or - for standard input."),
        (("--schema", "x.yaml"), 2, "it takes no file."),
        (("--check", "--dry-run", "x.yaml"), 2, "take one of them."),
        (("--bogus",), 2, "No such option"),
        (("nowhere.yaml",), 1, "sitrep: There is no file nowhere.yaml."),
        (("--check", "app"), 1, "sitrep: "),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments: tuple[str, ...], code: int, told: str) -> None:
    done = ran(*arguments)

    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_help_teaches_with_a_file_that_has_no_fault() -> None:
    done = ran("--help")
    _, _, example = HELP.partition("A short one:\n\n\b\n")
    example, _, _ = example.partition("\n\n\b")

    assert done.returncode == 0
    for word in ("--check", "--schema", "--dry-run", "withdrawn: true", "Exit codes"):
        assert word in done.stdout
    assert [one.draft.title for one in coded(example).events] == ["Fall of a town"]
