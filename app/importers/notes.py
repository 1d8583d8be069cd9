"""A row as an importer reads it: cells by the name of their column, and a note of each fault that comes up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from app.domain.drafts import Fault
from app.importers import cells
from app.importers.cells import BadCell
from app.importers.reading import Row

LONGEST_VALUE = 500
"""Of a cell in an issue, in characters. The record has all of it."""

Value = TypeVar("Value")


class Refused(Exception):
    """The row makes no event; its faults say why."""


class Notes:
    """One row. What it refuses is noted, and reading goes on, so that all that is wrong with a row is said at once."""

    __slots__ = ("_cells", "_faults", "_refused")

    def __init__(self, columns: Sequence[str], row: Row) -> None:
        # By name at once: of 49 columns some 35 are asked for.
        self._cells = dict(zip(columns, row.cells, strict=False))
        self._faults = list(row.faults)
        self._refused = any(fault.quarantined for fault in row.faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._faults)

    def text(self, column: str) -> str:
        """A cell as it came; empty where the file has no such column."""
        return self._cells.get(column, "")

    def words(self, column: str) -> str | None:
        return cells.words(self._cells.get(column, ""))

    def attempt(self, column: str, read: Callable[[str], Value | None]) -> Value | None:
        """What can be read of a cell; None where nothing can, without a note."""
        try:
            return read(self.text(column))
        except BadCell:
            return None

    def needed(
        self, column: str, read: Callable[[str], Value | None], *, missing: str, bad: str
    ) -> Value | None:
        """What a row cannot do without: where it is missing or cannot be read, the row is refused and this is None."""
        text = self._cells.get(column, "")
        try:
            found = read(text)
        except BadCell as error:
            self.refuse(bad, column, f"“{text[:40]}” {error}.")
            return None
        if found is None:
            self.refuse(missing, column, f"The row has no {column}.")
        return found

    def number(self, column: str) -> int | None:
        """A whole number that may be missing; one that cannot be read is flagged, once."""
        text = self._cells.get(column, "")
        try:
            return cells.whole(text)
        except BadCell as error:
            self.flag("bad_number", column, f"“{text[:40]}” {error}; it is taken as unknown.")
            return None

    def count(self, column: str) -> int | None:
        """A number of people or things; a negative one is flagged."""
        number = self.number(column)
        if number is not None and number < 0:
            self.flag("negative_number", column, f"{number} is less than nothing; it is taken as unknown.")
            return None
        return number

    def code(self, column: str, known: Collection[int], *, bad: str) -> int:
        """One of the source's codes; what is none refuses the row."""
        found = self.attempt(column, cells.whole)
        if found is not None and found in known:
            return found
        self.refuse(bad, column, f"It must be one of {', '.join(map(str, known))}.")
        return 0

    def flag(self, rule: str, column: str, message: str) -> None:
        """Note something that does not keep the row from making an event."""
        self.add(Fault(rule=rule, column=column, value=self.text(column)[:LONGEST_VALUE], message=message))

    def refuse(self, rule: str, column: str, message: str) -> None:
        """Note something for which the row makes no event. Reading may go on until `stop_if_refused`."""
        value = self.text(column)[:LONGEST_VALUE]
        self._refused = True
        self.add(Fault(rule=rule, column=column, value=value, message=message, quarantined=True))

    def add(self, fault: Fault) -> None:
        if fault not in self._faults:
            self._faults.append(fault)

    def stop_if_refused(self) -> None:
        if self._refused:
            raise Refused
