"""What reads cost: pages, tiles and counts, beside the bare statement, a raw ASGI route, and TiPG on the same table.

    script/bench [--events 1000000] [--rounds 2] [--seconds 3] [--write]

Makes SYNTHETIC events about nothing that happened (`bench/synthetic.py`), once, in SITREP_DATA_DIR. Four clients over connections that are
kept ask one kind of question after the other, of each server in turn, every time another question of the kind; of several rounds the
quickest counts, since what others do on the machine only ever slows. `--write` puts the figures into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import ready
from app.importers.seed import seed
from app.settings import Settings, read_settings
from bench import load, raw, report, servers, synthetic
from bench.load import LoadError, Rate
from bench.questions import Question, everything, places
from bench.report import Measured, Report
from bench.servers import Server

PORT = 8020
HOT = 50
"""Answers that are asked for again and again."""


@dataclass(slots=True)
class Bench:
    """What is measured with."""

    url: str
    settings: dict[str, str]
    folder: Path
    seconds: int
    rounds: int
    sitrep: Server
    raw: Server
    tipg: Server | None
    asked: dict[str, int] = field(default_factory=dict)
    """How many of the paths that may be asked once were."""

    async def measure(self, question: Question, place: int) -> Measured:
        """A question of each server in turn, so many times over; of each the quickest round."""
        numbered = [
            f"/ask/{place}/{number}" for number in range(min(len(question.statements), load.MOST_SCRIPTS))
        ]
        seconds = max(self.seconds, question.seconds)
        ways: dict[str, Callable[[], Awaitable[Rate]]] = {
            "sitrep": lambda: self._ask(self.sitrep, question.paths, self.seconds, question),
            "bare": lambda: load.over_sql(self.folder, self.url, self.settings, question.statements, seconds),
            "raw": lambda: self._ask(self.raw, numbered, seconds),
        }
        if (tipg := self.tipg) and question.peer:
            ways["tipg"] = lambda: self._ask(tipg, question.peer, seconds)
        return Measured(question.name, await self._best(ways))

    async def repeated(self, name: str, paths: list[str], raw_path: str) -> Measured:
        """Answers that are kept, or that the client has."""
        ways: dict[str, Callable[[], Awaitable[Rate]]] = {
            "sitrep": lambda: self._ask(self.sitrep, paths, self.seconds, encoding="gzip"),
            "raw": lambda: self._ask(self.raw, [raw_path], self.seconds),
        }
        return Measured(name, await self._best(ways))

    async def compressed(self, question: Question) -> Measured:
        """The same page for a client that takes gzip."""
        ways = {"sitrep": lambda: self._ask(self.sitrep, question.paths, self.seconds, encoding="gzip")}
        return Measured(f"{question.name}, gzip", await self._best(ways))

    async def _best(self, ways: Mapping[str, Callable[[], Awaitable[Rate]]]) -> dict[str, Rate]:
        found: dict[str, Rate] = {}
        for _ in range(self.rounds):
            for name, way in ways.items():
                rate = await way()
                if name not in found or rate.per_s > found[name].per_s:
                    found[name] = rate
        return found

    async def _ask(
        self,
        server: Server,
        paths: Sequence[str],
        seconds: int,
        question: Question | None = None,
        *,
        encoding: str = "",
    ) -> Rate:
        fresh = question is not None and question.fresh
        start = self.asked.get(question.name, 0) if question and fresh else 0
        before = server.cpu_ms()
        rate = await load.over_http(self.folder, server.port, paths, seconds, start=start, encoding=encoding)
        if question and fresh:
            self.asked[question.name] = start + rate.answers + load.CLIENTS
        return replace(rate, cpu_ms=(server.cpu_ms() - before) / max(1, rate.answers))


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=2, help="of which the quickest counts")
    parser.add_argument("--seconds", type=int, default=3, help="that a round takes at least")
    parser.add_argument("--only", default="", help="kinds of questions whose name holds this")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    given = parser.parse_args()
    settings = read_settings()
    async with ready.database(settings) as engine:
        await _built(engine, given.events)
        with tempfile.TemporaryDirectory(prefix="sitrep-bench-") as folder:
            found = await _measured(engine, settings, Path(folder), given)
    print(found.text())
    if given.write:
        path = Path(__file__).parents[1] / "docs" / "benchmarks.md"
        path.write_text(found.document())
        print(f"Written to {path}.")


async def _built(engine: AsyncEngine, count: int) -> None:
    """See to it that these events are there, and no others."""
    await seed(engine, _say)
    async with engine.connect() as connection:
        there = await connection.scalar(text("SELECT count(*) FROM event WHERE dataset = 'synthetic'"))
    if not there:
        began = time.monotonic()
        await synthetic.build(engine, count, _say)
        _say(f"Built in {time.monotonic() - began:.0f} s.")
    elif there != count:
        raise SystemExit(
            f"There are {there:,} events here. Name another folder in SITREP_DATA_DIR, or --events {there}."
        )


async def _measured(
    engine: AsyncEngine, settings: Settings, folder: Path, given: argparse.Namespace
) -> Report:
    url = engine.url.render_as_string(hide_password=False)
    async with engine.connect() as connection:
        at = await places(connection)
    questions = everything(at)
    found = Report(events=given.events)
    async with AsyncExitStack() as stack:
        sitrep = await stack.enter_async_context(
            servers.running((*servers.SITREP, "--port", str(PORT)), PORT, "/health", folder / "sitrep.log")
        )
        found.memory_before_mb = sitrep.memory_mb()
        began = time.monotonic()
        sitrep.get("/counts?by=year").raise_for_status()
        found.columns_s = time.monotonic() - began
        began = time.monotonic()
        sitrep.get("/tiles/events/0/0/0.mvt").raise_for_status()
        found.outlines_s = time.monotonic() - began
        await sitrep.rest()
        ceiling = await stack.enter_async_context(
            servers.running(
                (sys.executable, "-m", "bench.raw", url, str(PORT + 1)),
                PORT + 1,
                "/nothing",
                folder / "raw.log",
            )
        )
        peer = await stack.enter_async_context(_tipg(settings, url, folder))
        bench = Bench(
            url, await raw.session_settings(url), folder, given.seconds, given.rounds, sitrep, ceiling, peer
        )
        for place, question in enumerate(questions):
            if given.only in question.name:
                found.add(await bench.measure(question, place))
                _say(found.line(found.measured[-1]))
        for question in [one for one in questions if one.name.startswith("page") and "region" in one.name]:
            if given.only in question.name:
                found.add(await bench.compressed(question))
        await _kept(bench, questions, found, given.only)
        if not given.only:
            await asyncio.to_thread(_all_tiles, sitrep, at.dense, found)
        found.memory_after_mb = sitrep.memory_mb()
    return found


@asynccontextmanager
async def _tipg(settings: Settings, url: str, folder: Path) -> AsyncIterator[Server | None]:
    python = await servers.tipg(settings.data_dir.parent / "sitrep-bench-tipg")
    if python is None:
        _say("TiPG is left out: pip could not install it.")
        yield None
        return
    port = PORT + 2
    async with servers.running(
        servers.tipg_command(python, url, port), port, "/healthz", folder / "tipg.log"
    ) as peer:
        yield peer


async def _kept(bench: Bench, questions: list[Question], found: Report, only: str) -> None:
    """Tiles that were made, and answers that the client has."""
    by_kind = {
        "cached tile": next(one for one in questions if one.name.startswith("detail")),
        "304 of a page": next(one for one in questions if one.name.startswith("page")),
    }
    for name, question in by_kind.items():
        answers = [(path, bench.sitrep.get(path)) for path in question.paths[:HOT]]
        tagged = [f"{path}\t{answer.headers['etag']}" for path, answer in answers]
        if name == "cached tile":
            size = sum(len(gzip.compress(answer.content, 4)) for _, answer in answers) // len(answers)
            asked = {
                name: ([path for path, _ in answers], f"/bytes/{size}"),
                "304 of a tile": (tagged, "/nothing"),
            }
        else:
            asked = {name: (tagged, "/nothing")}
        for told, (paths, raw_path) in asked.items():
            if only in told:
                found.add(await bench.repeated(told, paths, raw_path))
                _say(found.line(found.measured[-1]))


def _all_tiles(server: Server, dense: list[tuple[float, float]], found: Report) -> None:
    """Every tile of zoom 0 to 5 over all days, and those round the densest points down to zoom 14, each once."""
    whole = {(z, x, y) for z in range(6) for x in range(2**z) for y in range(2**z)}
    for z in range(6, 15):
        for lon, lat in dense[:60]:
            x, y = report.tile_of(z, lon, lat)
            whole.add((z, x, y))
    for z, x, y in sorted(whole):
        began = time.monotonic()
        answer = server.get(f"/tiles/events/{z}/{x}/{y}.mvt")
        answer.raise_for_status()
        if answer.content:
            found.tile(z, len(answer.content), (time.monotonic() - began) * 1000)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except LoadError as error:
        raise SystemExit(str(error)) from error
