"""A desk file as an importer: events that people code by hand from reports, with who says so. The format is explained in `docs/desk.md`.

In our own coding a fault is refused, where an imported one would be kept and flagged.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.drafts import Dataset
from app.domain.regions import Regions
from app.domain.statements import Document, Evidence
from app.errors import SitrepError
from app.importers import run
from app.importers.desk_file import Coded, DeskFile, Gathered
from app.importers.desk_known import DESK, Known
from app.importers.importer import BadRelease, Order, Reader
from app.importers.locating import Locator
from app.importers.reading import Row, Table
from app.importers.run import Options, Report
from app.importers.yaml_lines import Flaw, Section
from app.store.leftovers import StillNeeded
from app.store.statements import NeverKnown, UnknownReferences

DATASET = Dataset(
    id=DESK,
    title="Coded by the Sitrep desk",
    publisher="Sitrep",
    licence="CC-BY-4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    citation="Sitrep desk, events coded by hand from published reports; quotes remain their publishers'.",
)

HEADER = ("key", "event")
"""The columns of a record: the event's key, and the event as it is written in the file."""


class BadDesk(SitrepError):
    """A desk file that cannot be loaded. The text lists what is wrong, a line each, by line and column of the file."""

    def __init__(self, name: str, flaws: list[Flaw]) -> None:
        self.flaws = sorted(flaws, key=lambda one: (one.line, one.column))
        count = "one fault" if len(flaws) == 1 else f"{len(flaws)} faults"
        listed = "\n".join(f"  {flaw}" for flaw in self.flaws)
        super().__init__(f"{name} was not loaded, since it has {count}:\n{listed}")


class Desk:
    """A desk file that was read, as the importer of itself (`importers.importer.Importer`). For one import."""

    dataset = DATASET

    def __init__(
        self, content: bytes, name: str, events: list[Coded], evidence: Evidence, known: Known
    ) -> None:
        self.events = events
        self.evidence = evidence
        self._known = known
        self._drafts = {one.cells[0]: one.draft for one in events}
        self.table = Table(
            name=name,
            sha256=sha256(content).digest(),
            header=HEADER,
            rows=(Row(number, list(one.cells)) for number, one in enumerate(events, start=2)),
        )

    def heading(self, first: Sequence[str]) -> tuple[Sequence[str], bool]:
        """The columns of a record."""
        return HEADER, tuple(first) == HEADER

    def reader(self, header: Sequence[str], *, released_on: date | None) -> Reader:
        """Gives the events that were read with the file."""
        del header, released_on
        return lambda rows: [self._drafts[row.cells[0]] for row in rows]

    def order(self, name: str, label: str | None, newest: date | None) -> Order:
        """By the day in the file's name, else by the newest of its documents. A file that was edited keeps its place, and wins.

        Raises BadRelease where the file tells no day.
        """
        del newest
        if label is not None:
            raise BadRelease("A desk file has no label: the day in its name is its place in the order.")
        if found := _DAY_IN_NAME.search(name):
            return Order(int(found[0].replace("-", "")), "file_name")
        days = [one.published_on for one in self.evidence.statements if isinstance(one, Document)]
        if not days:
            raise BadRelease(
                f"{name} tells no day, so it has no place in the order of desk files: it has no documents. Put the day into"
                " the file's name, as 2021-08-09-follow-up.yaml."
            )
        return Order(int(f"{min(max(days), datetime.now(UTC).date()):%Y%m%d}"), "newest_day")

    @property
    def elsewhere(self) -> int:
        """How many things of other files and datasets it refers to. Whether they are there, only the database knows."""
        return len(self._known.elsewhere)

    def explained(self, error: SitrepError) -> SitrepError:
        """What the store refused, by its places in the file; the error itself where it has none."""
        flaws = list(self._flaws(error))
        return BadDesk(self.table.name, flaws) if flaws else error

    def _flaws(self, error: SitrepError) -> Iterator[Flaw]:
        if isinstance(error, NeverKnown):
            for one, entry in self._known.taken_back.items():
                if one in error.known:
                    yield _never_known(entry, error.known[one])
        elif isinstance(error, UnknownReferences):
            for one in error.missing:
                yield from self._known.elsewhere.get(one, ())
        elif isinstance(error, StillNeeded):
            for one, entry in self._known.taken_back.items():
                told = " and ".join(left.sentence for left in error.leftovers if left.gone == one)
                if told:
                    yield entry.flaw(
                        "key",
                        f"{entry.text('key')!r} is still needed: {told}. Take that back or change it in this file too.",
                    )


def _never_known(entry: Section, known: Collection[str]) -> Flaw:
    key = entry.text("key")
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else "Load first what is to be taken back, or mend the key."
    return entry.flaw("key", f"{entry.what} with the key {key!r} was never in the database. {hint}")


_DAY_IN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read(content: bytes, name: str, regions: Regions, locator: Locator, *, today: date | None = None) -> Desk:
    """A desk file, ready to be loaded once. `name` is what messages call it; `today` is that of UTC unless said.

    Raises BadDesk with everything that is wrong, one fault an entry. Whether what it refers to in other files is there, `load` finds.
    """
    known = Known(regions, today or datetime.now(UTC).date())
    file = DeskFile(known, locator)
    try:
        events, evidence = file.read(content)
    except Flaw as flaw:
        raise BadDesk(name, [*file.flaws, flaw]) from flaw
    except Gathered as gathered:
        raise BadDesk(name, file.flaws) from gathered
    return Desk(content, name, events, evidence, known)


async def load(engine: AsyncEngine, desk: Desk, options: Options | None = None) -> Report:
    """Load a desk file in a transaction of its own. Raises what `run.run` raises; BadDesk where it refers to what is kept nowhere."""
    try:
        return await run.run(engine, desk.table, desk, options)
    except (UnknownReferences, StillNeeded) as refused:
        raise desk.explained(refused) from refused


async def merge(connection: AsyncConnection, desk: Desk, options: Options | None = None) -> Report:
    """As `load`, within the transaction of the connection, which the caller ends."""
    try:
        return await run.merge(connection, desk.table, desk, options)
    except (UnknownReferences, StillNeeded) as refused:
        raise desk.explained(refused) from refused
