"""What an import shows: a bar while it works, and a table of what became of the rows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.domain.statements import Evidence
from app.importers.run import Report
from app.queries.issues import FaultCount
from app.store.withdrawing import Withdrawal

MOST_RULES = 12
LONGEST_EXAMPLE = 160

_MEANING = {
    "created": "new events",
    "changed": "events with a new revision",
    "unchanged": "rows that say what is known",
    "outdated": "rows about which a newer release has spoken; they change nothing",
    "quarantined": "rows that make no event; they are kept, and named below",
}

Answer = TypeVar("Answer")


class Bar:
    """A line on standard error that moves while an import works; nothing where that is no terminal."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[rows]}"), TimeElapsedColumn(), console=self._console, transient=True,
            disable=not self._console.is_terminal,
        )  # fmt: skip
        self._task: TaskID = self._progress.add_task("Opening", total=None, rows="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def fetched(self, done: int, of: int | None) -> None:
        """So many bytes have come over the net."""
        self._progress.update(
            self._task, description="Fetching", completed=done, total=of, rows=f"{done / 2**20:.1f} MiB"
        )

    def read(self, count: int, done: int, of: int) -> None:
        """So many rows have been read, and so many bytes of the file."""
        description = "Reading" if done < of else "Comparing and writing"
        self._progress.update(
            self._task, description=description, completed=done, total=of, rows=f"{count:,} rows"
        )

    def say(self, sentence: str) -> None:
        self._console.print(sentence, markup=False, highlight=False)

    def paused(self, ask: Callable[[], Answer]) -> Answer:
        """Get out of the way of a question."""
        self._progress.stop()
        try:
            return ask()
        finally:
            self._progress.start()


def nothing_read(report: Report) -> bool:
    """Whether not one row of a file made or met an event."""
    return not report.already and report.read == report.quarantined


def withdrawal(found: Withdrawal) -> None:
    """What a complete release would retract, before it does."""
    console = Console(stderr=True, highlight=False)
    console.print(
        f"The release is complete for {found.scope}. Of {found.active:,} events there it lacks {found.absent:,}"
        f" ({100 * found.share:.1f} %), which would be retracted, as:",
        markup=False,
    )
    for one in found.examples:
        console.print(f"  {one.source_key}  {one.first_day}  {one.title[:80]}", markup=False)
    if found.elsewhere:
        console.print(
            f"{found.elsewhere:,} of them are in countries of which the file has no event."
            " If it does not speak for these, name its own with --countries.",
            markup=False,
        )
    if found.unreadable:
        console.print(
            f"{found.unreadable:,} rows have no key that can be read; they may be some of these.",
            markup=False,
        )


def report(found: Report, *, dry_run: bool) -> None:
    """The end of an import, on standard output."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    called = f"{found.dataset} {found.order.label}" if found.order.label else found.dataset
    if found.already:
        console.print(f"{found.name} was imported before ({called}). Nothing has changed.", markup=False)
        return
    console.print(
        f"{found.name}: {called}{', tried out: nothing was written' if dry_run else ''}", markup=False
    )
    table = Table(box=box.SIMPLE, show_header=False, pad_edge=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    table.add_column()
    for word, meaning in _lines(found):
        table.add_row(word, f"{getattr(found, word):,}", meaning)
    console.print(table)
    _faults(console, found, dry_run=dry_run)
    if found.order.basis == "newest_day":
        console.print(
            "The name of the file tells no release, so it counts as one of its newest day. --release says otherwise.",
            markup=False,
        )


def _lines(found: Report) -> list[tuple[str, str]]:
    reinstated = f"; {found.reinstated:,} of them were retracted before" if found.reinstated else ""
    scope = f" ({found.withdrawal.scope})" if found.withdrawal else ""
    return [
        ("read", "rows"),
        ("created", _MEANING["created"]),
        ("changed", _MEANING["changed"] + reinstated),
        ("unchanged", _MEANING["unchanged"]),
        ("retracted", f"events that a complete release lacks{scope}"),
        ("outdated", _MEANING["outdated"]),
        ("quarantined", _MEANING["quarantined"]),
        ("flagged", "rows that make an event, and have a fault"),
    ]


def _faults(console: Console, found: Report, *, dry_run: bool) -> None:
    if not found.faults:
        return
    table = Table("fault", "rows", "", "for example", box=box.SIMPLE, pad_edge=False)
    table.columns[1].justify = "right"
    # What is not kept can be looked up nowhere.
    shown = found.faults if dry_run else found.faults[:MOST_RULES]
    for fault in shown:
        kind = "quarantined" if fault.quarantined else "flagged"
        table.add_row(fault.rule, f"{fault.rows:,}", kind, escape(_example(fault)))
    console.print(table)
    if others := len(found.faults) - len(shown):
        console.print(f"and {others} more kinds of fault.")
    where = "" if dry_run else f"All of them: sitrep import issues {found.release_id}. "
    console.print(f"{where}What they mean: docs/import-rules.md", markup=False)


def _example(fault: FaultCount) -> str:
    example = fault.example
    cell = f", {example.column}" if example.column else ""
    text = f"row {example.row_number}{cell}: {example.message}"
    return text if len(text) <= LONGEST_EXAMPLE else f"{text[: LONGEST_EXAMPLE - 1]}…"


def desk_checked(name: str, events: int, evidence: Evidence, elsewhere: int) -> None:
    """That a desk file has no fault, on standard output."""
    gone = len(evidence.withdrawn) + len(evidence.withdrawn_events)
    taken = f", and takes back {gone:,}" if gone else ""
    told = f"{name} has no fault: it has {_many(events, 'event')} and {_many(len(evidence.statements), 'statement')}{taken}."
    if elsewhere:
        is_there = "thing is" if elsewhere == 1 else f"{elsewhere:,} things are"
        told += f" Whether the {is_there} there that it names in other files, loading will show."
    Console(highlight=False, soft_wrap=True).print(told, markup=False)


def _many(count: int, what: str) -> str:
    """As "1 event" or "2 events"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def desk_loaded(found: Report, *, dry_run: bool) -> None:
    """What became of a desk file, on standard output."""
    console = Console(highlight=False, soft_wrap=True)
    said, tried = found.said, ", tried out: nothing was written" if dry_run else ""
    written = found.created or found.changed or found.retracted or said.written
    if found.already or not written:
        why = "was loaded before" if found.already else "says nothing new"
        outdated = found.outdated + said.outdated
        later = f" Of {outdated:,} of its entries a later file has spoken." if outdated else ""
        console.print(f"{found.name} {why}. Nothing has changed.{later}", markup=False)
        return
    table = Table("", *_DESK_COLUMNS, box=box.SIMPLE, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    events = (found.created, found.changed, found.unchanged, found.retracted, found.outdated)
    statements = (said.created, said.changed, said.unchanged, said.withdrawn, said.outdated)
    table.add_row("events", *(f"{count:,}" for count in events))
    table.add_row("statements", *(f"{count:,}" for count in statements))
    console.print(f"{found.name}: loaded{tried}", markup=False)
    console.print(table)
    for sentence in _desk_remarks(found):
        console.print(sentence, markup=False)


_DESK_COLUMNS = ("new", "changed", "unchanged", "taken back", "outdated")


def _desk_remarks(found: Report) -> list[str]:
    """What the table does not say of itself."""
    remarks = []
    if found.followed:
        remarks.append(
            f"Events of other files with a new revision by what this one says of them: {found.followed:,}."
        )
    if found.said.absent:
        remarks.append(f"Statements that were to be taken back, and did not stand: {found.said.absent:,}.")
    if found.outdated or found.said.outdated:
        remarks.append("Of what is outdated a later file has spoken: it changes nothing.")
    if found.order.basis == "newest_day":
        remarks.append(
            "The file's name tells no day, so its newest document gives its place in the order of desk files."
        )
    return remarks
