"""An importer of drafts that are there already: what tests write events with, in the way that all are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.drafts import Dataset, Draft, Rejected
from app.domain.events import DatePrecision, EventType, Precision
from app.domain.statements import NO_EVIDENCE, Evidence
from app.importers.importer import Order, Reader
from app.importers.reading import Row, Table
from app.importers.run import Report, merge

NOTES = Dataset(id="notes", title="Notes", publisher="Us", licence="CC0-1.0", citation="None")

_files = count(1)


class Notes:
    """An importer of drafts. Rows without one make no event."""

    dataset = NOTES

    def __init__(self, drafts: Sequence[Draft], evidence: Evidence = NO_EVIDENCE) -> None:
        self._drafts = drafts
        self.evidence = evidence

    def heading(self, first: Sequence[str]) -> tuple[Sequence[str], bool]:
        return first, True

    def reader(self, header: Sequence[str], *, released_on: date | None) -> Reader:  # noqa: ARG002  # an importer
        def read(rows: Sequence[Row]) -> list[Draft | Rejected]:
            return [self._drafts[row.number - 2] for row in rows]

        return read

    def order(self, name: str, label: str | None, newest: date | None) -> Order:  # noqa: ARG002  # an importer
        return Order(1, "stated", label)


def draft(**changes: Any) -> Draft:
    """A draft; what is not named is plain and the same for all."""
    values: dict[str, Any] = {
        "source_key": "1",
        "type": EventType.BATTLE,
        "title": "Something happened",
        "first_day": date(2021, 8, 8),
        "last_day": date(2021, 8, 8),
        "date_precision": DatePrecision.DAY,
        "precision": Precision.UNKNOWN,
    }
    return Draft(**(values | changes))


def table_of(drafts: Sequence[Draft], cells: Iterable[list[str]] = ()) -> Table:
    """A table whose rows make these drafts, as a file of its own."""
    kept = list(cells) or [[str(number)] for number in range(len(drafts))]
    rows = (Row(number + 2, one) for number, one in enumerate(kept))
    return Table("notes", sha256(f"{next(_files)} {drafts!r}".encode()).digest(), ("key",), rows)


async def bring(
    connection: AsyncConnection,
    *drafts: Draft,
    cells: Iterable[list[str]] = (),
    withdrawn: Iterable[str] = (),
    evidence: Evidence | None = None,
) -> Report:
    """Merge drafts, each from a row with these cells, and withdraw the events of these keys."""
    told = evidence or Evidence(withdrawn_events=frozenset(withdrawn))
    return await merge(connection, table_of(drafts, cells), Notes(drafts, told))
