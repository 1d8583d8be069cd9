"""The README's commands, run as they stand there, against a real server on the seed."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
SHELL = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
QUESTIONS = re.findall(r"```sh\n(curl .*?)```\n```json\n(.*?)```", README, re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"
SITREP = Path(sys.executable).with_name("sitrep")


# The first start fills a database with regions and places: half a minute, and minutes on a busy machine.
@pytest.mark.timeout(600)
async def test_the_questions_are_answered_as_shown_and_a_release_comes_in(reachable_dir: Path) -> None:
    async with _serving(reachable_dir) as address:
        for command, shown in QUESTIONS:
            answer = json.loads(await _output(shlex.split(command.replace(ADDRESS, address))))
            assert _holds(answer, json.loads(shown)), f"{command} gave {answer}"

        (importing,) = (command for command in SHELL if "import ucdp-ged http" in command)
        with _published(reachable_dir) as there:
            words = shlex.split(re.sub(r"https://\S+", f"{there}/ged231-csv.zip", importing))
            report = await _output([str(SITREP), *words[1:]], SITREP_DATA_DIR=str(reachable_dir / "data"))
        assert re.search(r"created\s+13\s", report)
        events = json.loads(await _output(["curl", "-s", f"{address}/events?dataset=ucdp-ged"]))
        assert events["numberReturned"] == 13


def test_there_are_five_questions_and_the_two_commands_exist() -> None:
    assert len(QUESTIONS) == 5
    assert re.findall(r"^(script/\w+)", SHELL[0], re.MULTILINE) == ["script/server", "script/test"]
    for script in ("script/server", "script/test"):
        assert (ROOT / script).stat().st_mode & 0o111


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        *(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")),
    ],
)
def test_links_and_paths_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text()
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", text)
    paths = re.findall(r"`((?:app|tests|seed|docs|script|migrations)/[\w./-]+)`", text)
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert missing + [path for path in paths if not (ROOT / path).exists()] == []


@asynccontextmanager
async def _serving(folder: Path) -> AsyncIterator[str]:
    """The address of `sitrep serve` on a data folder of its own."""
    server = await asyncio.create_subprocess_exec(
        SITREP, "serve", "--port", "0", env={"SITREP_DATA_DIR": str(folder / "data"), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert server.stdout
    try:
        said = ""
        while not (found := re.search(r"serves on (http\S+)", said)):
            line = (await asyncio.wait_for(server.stdout.readline(), 300)).decode()
            assert line, said
            said += line
        yield found[1]
    finally:
        server.terminate()
        await server.wait()


@contextmanager
def _published(folder: Path) -> Iterator[str]:
    """The address of a web server, on this machine, that has a release as UCDP publishes it: a zip with one CSV."""
    with ZipFile(folder / "ged231-csv.zip", "w") as archive:
        archive.write(ROOT / "tests/importers/rows/ged231.csv", "GEDEvent_v23_1.csv")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Says nothing."""


async def _output(words: list[str], **environment: str) -> str:
    """What a command prints; it must succeed."""
    process = await asyncio.create_subprocess_exec(
        *words, env={"PATH": "/usr/bin:/bin", **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    printed, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    return printed.decode()


def _holds(answer: Any, shown: Any) -> bool:
    """Whether the answer has all that is shown, in the same order; it may have more members."""
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(
            name in answer and _holds(answer[name], value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        return isinstance(answer, list) and len(answer) == len(shown) and all(map(_holds, answer, shown))
    return bool(answer == shown)
