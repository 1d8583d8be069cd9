"""A row as an importer reads it: cells by the name of their column, and a note of each fault that comes up.

Rows share their places, days and actors. `Part` reads cells that belong together once for all rows in which they are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from app.domain.drafts import Fault
from app.importers import cells
from app.importers.cells import BadCell

LONGEST_VALUE = 500
"""Of a cell in an issue, in characters. The record has all of it."""

Value = TypeVar("Value")


class Refused(Exception):
    """The row makes no event; its faults say why."""


class Notes:
    """One row. What it refuses is noted, and reading goes on, so that all that is wrong with a row is said at once."""

    __slots__ = ("_cells", "_columns", "_faults", "_refused")

    def __init__(self, columns: Mapping[str, int], row: Sequence[str], faults: Sequence[Fault] = ()) -> None:
        """`columns` says where in the row each stands. A row may be too short: what it lacks is empty."""
        self._columns = columns
        self._cells = row
        self._faults = list(faults)
        self._refused = any(fault.quarantined for fault in faults)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._faults)

    @property
    def refused(self) -> bool:
        return self._refused

    def text(self, column: str) -> str:
        """A cell as it came; empty where the file has no such column."""
        at = self._columns.get(column)
        return "" if at is None or at >= len(self._cells) else self._cells[at]

    def words(self, column: str) -> str | None:
        return cells.words(self.text(column))

    def part(self, part: Part[Value]) -> Value:
        """What some cells say together. Their faults are those of the row."""
        told = part.read(self._cells)
        for fault in told.faults:
            self.add(fault)
        self._refused |= told.refused
        return told.value

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
        text = self.text(column)
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
        text = self.text(column)
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


@dataclass(frozen=True, slots=True)
class _Told(Generic[Value]):
    value: Value
    faults: tuple[Fault, ...]
    refused: bool


class Part(Generic[Value]):
    """Some columns of a table that are read together, once for all rows in which their cells are the same."""

    def __init__(
        self,
        columns: Mapping[str, int],
        names: Sequence[str],
        read: Callable[[Notes], Value],
        *,
        remembered: int,
    ) -> None:
        """`read` is given the cells of the columns `names`, as far as the table has them; so many outcomes are remembered."""
        self._read = read
        self._at = [columns[name] for name in names if name in columns]
        self._columns = {name: at for at, name in enumerate(name for name in names if name in columns)}
        self._told = lru_cache(maxsize=remembered)(self._told_by)

    def read(self, row: Sequence[str]) -> _Told[Value]:
        """What these cells of a row say. Raises IndexError where it lacks one of them: a shorter row is refused before."""
        return self._told(tuple([row[at] for at in self._at]))

    def _told_by(self, row: tuple[str, ...]) -> _Told[Value]:
        note = Notes(self._columns, row)
        value = self._read(note)
        return _Told(value, note.faults, note.refused)
