"""Rows become batches that are ready to be copied into the database."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.drafts import Draft
from app.importers.importer import Reader
from app.importers.reading import Row
from app.importers.records import content_hash
from app.store.batches import Packing
from app.store.staged import Batch


class Preparing:
    """Makes a batch of some rows at a time, as its reader reads them."""

    def __init__(self, read: Reader, dataset: str) -> None:
        self._read = read
        self._packing = Packing(dataset)

    def batch(self, rows: Sequence[Row]) -> Batch:
        made = iter(self._read([row for row in rows if not row.silent]))
        for row in rows:
            content = content_hash(row.cells)
            if row.silent:
                self._packing.silent(row.number, content, row.cells)
                continue
            one = next(made)
            if isinstance(one, Draft):
                self._packing.event(row.number, content, row.cells, one)
            else:
                self._packing.rejected(row.number, content, row.cells, one)
        return self._packing.take()
