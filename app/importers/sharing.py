"""The rows of a file as batches, in their order: made here, and from some length on by a second process too."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import date
from itertools import islice

from app.importers.helper import HelperLost, Second
from app.importers.importer import Importer
from app.importers.preparing import Preparing
from app.importers.reading import Row, Table
from app.store.batches import BATCH
from app.store.staged import Batch

ALONE = 10 * BATCH
"""Rows after which a second process is started, where it was not started with the command."""
_MOST_WAITING = 5
"""Batches, in the making or ready, behind the one that is waited for."""


class Batches:
    """The batches of one file. Without a `second` process, one does all."""

    def __init__(
        self,
        table: Table,
        importer: Importer,
        *,
        released_on: date | None,
        second: Second | None,
    ) -> None:
        self._table = table
        self._second = second
        self._released_on = released_on
        self._preparing = Preparing(
            importer.reader(table.header, released_on=released_on), importer.dataset.id
        )
        self._waiting: deque[Future[Batch]] = deque()
        self._read = 0
        self._ended = False
        self._closed = False
        self.told = 0
        """How many of the rows that were read say something."""

    def take(self) -> Batch | None:
        """The next batch, None after the last. Takes its time, so it is for a thread.

        Raises Unreadable, and HelperLost.
        """
        while self._waiting or not self._ended:
            if self._waiting and (
                self._ended or self._waiting[0].done() or len(self._waiting) > _MOST_WAITING
            ):
                return self._waiting.popleft().result()
            rows = list(islice(self._table.rows, BATCH))
            self._ended = len(rows) < BATCH
            self._read += len(rows)
            self.told += sum(not row.silent for row in rows)
            if rows:
                self._waiting.append(self._made(rows))
        return None

    def close(self) -> None:
        """End the second process. Also while `take` is at work, of whose batches nobody has any use then."""
        self._closed = True
        if self._second is not None:
            self._second.close()

    def _made(self, rows: Sequence[Row]) -> Future[Batch]:
        if self._second and (self._second.helper or self._read > ALONE) and not self._closed:
            helper = self._second.start()
            helper.begin(self._table.header, released_on=self._released_on)
            try:
                if helper.free:
                    return helper.give(rows)
            except HelperLost:
                # One that was given rows is missed; without it others are all made here.
                if helper.used:
                    raise
                self._second = None
        made: Future[Batch] = Future()
        made.set_result(self._preparing.batch(rows))
        return made
