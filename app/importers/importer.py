"""What an importer is: a dataset, the header of its files, a reader of its rows, and the order of its releases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.domain.drafts import Dataset, Draft, Rejected
from app.domain.statements import Evidence
from app.errors import SitrepError
from app.importers.reading import Row

Reader = Callable[[Sequence[Row]], list[Draft | Rejected]]
"""Makes an event of each row, or says why it makes none. Not asked about rows that say nothing (`Row.silent`).

It is given many at once, since to find out where they are takes a fraction of the time then.
"""


class BadRelease(SitrepError):
    """A release's label that cannot be put in the dataset's order."""


@dataclass(frozen=True, slots=True)
class Order:
    """A release's place in its dataset's order. What a higher position said is not overwritten by a lower one."""

    position: int
    basis: str
    """How it is known: `stated`, `file_name` or `newest_day`."""
    label: str | None = None
    """The release's own name, such as 23.1."""


class Importer(Protocol):
    """One source. It touches neither the database nor the file."""

    dataset: Dataset
    evidence: Evidence
    """What the release says beside its events."""

    def heading(self, first: Sequence[str]) -> tuple[Sequence[str], bool]:
        """The columns of a file whose first row this is, and whether that row is their header. Raises Unreadable."""

    def reader(self, header: Sequence[str], *, released_on: date | None) -> Reader:
        """A reader of rows with these columns. Raises Unreadable where one that is needed is missing."""

    def order(self, name: str, label: str | None, newest: date | None) -> Order:
        """Where a release stands: by its label if one is stated, else by its file's name, else by the newest day in it.

        Raises BadRelease where the label says nothing.
        """
