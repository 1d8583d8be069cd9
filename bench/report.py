"""The figures of `bench/reads.py`: as a table, and as docs/benchmarks.md with what the product owes."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.domain.grid import world
from bench.load import Rate

WAYS = {"sitrep": "Sitrep", "bare": "bare statement", "raw": "raw route", "tipg": "TiPG"}


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of question, and how often a second each way answered it."""

    name: str
    rates: dict[str, Rate]

    def ratio(self, way: str) -> float | None:
        """Sitrep's throughput beside that of another way."""
        other = self.rates.get(way)
        return self.rates["sitrep"].per_s / other.per_s if other and other.per_s else None


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised of the questions whose name begins so."""

    of: str
    said: str
    value: float
    of_what: str
    """`bare`, `raw` and `tipg`: the ratio to that; `p95_ms`; `per_s`."""

    def reached(self, measured: Measured) -> tuple[float, bool] | None:
        """The figure, and whether it is good enough; None where it was not measured."""
        if self.of_what == "p95_ms":
            figure: float | None = measured.rates["sitrep"].p95_ms
            return (figure, figure < self.value) if figure is not None else None
        figure = measured.rates["sitrep"].per_s if self.of_what == "per_s" else measured.ratio(self.of_what)
        return None if figure is None else (figure, figure >= self.value)


TARGETS = (
    Target("page of 1000", "of the bare statement's throughput", 0.55, "bare"),
    Target("page of 1000", "of the raw route's", 0.6, "raw"),
    Target("page of 1000", "times TiPG's", 10, "tipg"),
    Target("page of 100:", "of the bare statement's throughput", 0.25, "bare"),
    Target("page of 100:", "of the raw route's", 0.6, "raw"),
    Target("page of 100:", "times TiPG's", 10, "tipg"),
    Target("detail tile", "of the bare statement's throughput", 0.6, "bare"),
    Target("overview tile, z0", "ms at p95, uncached", 100, "p95_ms"),
    Target("cached tile", "a second", 5_000, "per_s"),
    Target("304", "a second", 5_000, "per_s"),
)


@dataclass(slots=True)
class Report:
    """All that was found in one run."""

    events: int
    measured: list[Measured] = field(default_factory=list)
    columns_s: float = 0.0
    outlines_s: float = 0.0
    memory_before_mb: float = 0.0
    memory_after_mb: float = 0.0
    tiles: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    """By zoom the bytes and milliseconds of tiles over all days."""

    def add(self, measured: Measured) -> None:
        self.measured.append(measured)

    def tile(self, z: int, size: int, took_ms: float) -> None:
        self.tiles.setdefault(z, []).append((size, took_ms))

    def line(self, one: Measured) -> str:
        """One kind of question in a line."""
        told = [f"{WAYS[way]} {rate.per_s:,.0f}/s ({_ms(rate)})" for way, rate in one.rates.items()]
        wrong = [f"{WAYS[way]}: {rate.wrong} WRONG" for way, rate in one.rates.items() if rate.wrong]
        return f"{one.name}: {', '.join([*told, *wrong])}"

    def text(self) -> str:
        """All of it, to be read in a terminal."""
        return "\n".join(["", *self._table(), "", *self._verdicts(), "", *self._others()])

    def document(self) -> str:
        """docs/benchmarks.md."""
        machine = f"{os.cpu_count()} cores ({_processor()}), {_memory_gb():.0f} GB, {platform.system()}, Python {platform.python_version()}"
        return "\n".join([
            "# Benchmarks", "",
            f"`script/bench --write` wrote this on {datetime.now(UTC):%Y-%m-%d}, from one run with {self.events:,} SYNTHETIC events about nothing that happened, on one machine:",
            f"{machine}. Server, PostgreSQL and clients share it, and other work may: look at the ratios.", "",
            "Four clients over connections that are kept, each request another one of its kind (but for what is cached). HTTP is asked by wrk, SQL by pgbench: both are compiled, so neither",
            "is what is measured. *Bare statement*: the statement that Sitrep runs for a page, with its values in it and the settings of Sitrep's sessions; for tiles and counts, which are made from columns in memory,",
            "the statement that would make them in SQL (`bench/questions.py`). *Raw route*: an ASGI application that runs the same statement over asyncpg, joins the texts and does nothing else, served the same way;",
            "for what is cached, one that answers so many bytes from memory. *TiPG*: its items and tiles of the same table (a tile has 10,000 features at most). p50 and p95 in milliseconds; CPU is what an answer takes of the server process's own processor time, in milliseconds.", "",
            *self._table(), "", "## What was to be reached", "", *self._verdicts(), "", "## Besides", "", *self._others(), "",
        ])  # fmt: skip

    def _table(self) -> Iterator[str]:
        yield "| question | Sitrep/s | p50 / p95 | CPU | bare/s | p50 / p95 | ratio | raw/s | CPU | ratio | TiPG/s | CPU | ratio |"
        yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
        for one in self.measured:
            sitrep, bare = one.rates["sitrep"], one.rates.get("bare")
            cells = [one.name, _number(sitrep.per_s), _ms(sitrep), _cpu(sitrep)]
            cells += [_number(bare.per_s), _ms(bare)] if bare else ["", ""]
            cells.append(_ratio(one.ratio("bare")))
            for way in ("raw", "tipg"):
                rate = one.rates.get(way)
                cells += [_number(rate.per_s), _cpu(rate)] if rate else ["", ""]
                cells.append(_ratio(one.ratio(way)))
            yield f"| {' | '.join(cells)} |"

    def _verdicts(self) -> Iterator[str]:
        yield "| question | to be | is | |"
        yield "|---|---|--:|---|"
        for target in TARGETS:
            for one in self.measured:
                if (
                    one.name.startswith(target.of)
                    and "gzip" not in one.name
                    and (found := target.reached(one))
                ):
                    sign = "under" if target.of_what == "p95_ms" else "at least"
                    verdict = "reached" if found[1] else "**not reached**"
                    yield f"| {one.name} | {sign} {target.value:,g} {target.said} | {_number(found[0])} | {verdict} |"

    def _others(self) -> Iterator[str]:
        yield f"- The columns are read in {self.columns_s:.1f} s, when the first who needs them asks; the outlines of regions, and the first tile, take {self.outlines_s:.1f} s."
        yield f"- The server's own memory: {self.memory_before_mb:.0f} MB before, {self.memory_after_mb:.0f} MB after all that."
        if self.tiles:
            yield "- Tiles over all days, each made once, alone: every tile of zoom 0 to 5, and those of the densest points down to zoom 14."
            yield ""
            yield "| zoom | tiles | largest, kB | slowest, ms | half of them within, ms |"
            yield "|--:|--:|--:|--:|--:|"
            for z, made in sorted(self.tiles.items()):
                times = sorted(took for _, took in made)
                yield f"| {z} | {len(made)} | {max(size for size, _ in made) / 1000:.0f} | {times[-1]:.0f} | {times[len(times) // 2]:.0f} |"


def tile_of(z: int, lon: float, lat: float) -> tuple[int, int]:
    """Column and row of the tile in which a point is."""
    x, y = world(lon, lat)
    return int(x * 2**z), int(y * 2**z)


def _ms(rate: Rate) -> str:
    return f"{rate.p50_ms:.1f} / {rate.p95_ms:.1f}"


def _cpu(rate: Rate) -> str:
    return "" if rate.cpu_ms is None else f"{rate.cpu_ms:.2f}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _ratio(value: float | None) -> str:
    return "" if value is None else _number(value)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
