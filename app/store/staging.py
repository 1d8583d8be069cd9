"""Staging: the rows of a release in temporary tables, where a transaction can compare them with what is kept.

Nobody else sees them, so that no lock is needed while they are written. What is written into them is made in `store.batches`.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.copying import copy_encoded
from app.store.staged import COLUMNS, Batch

# Of `import_event`, worked out by the server.
_GENERATED = (
    "geom geometry(Point, 4326) GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED",
    "search tsvector GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED",
)

# What the planner has to know: the texts and cells tell it nothing, and cost half a second for 16,000 rows.
_ANALYZED = (
    "import_row (row_number, hash, state, event_id)",
    "import_event (row_number, id, country, place_key, extent_region, extent_id)",
    "import_actor (id)",
    "import_extent (id)",
    "import_issue (row_number, quarantined)",
)


class Staging:
    """The temporary tables of one import."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.told = 0
        """How many rows say something, of those that were written."""
        self.oldest: date | None = None
        self.newest: date | None = None
        """First and last day of the events that were written."""

    async def create(self) -> None:
        """Make the tables. They go with the transaction, or with the next import in it."""
        await self._connection.execute(
            text(f"DROP TABLE IF EXISTS {', '.join(f'pg_temp.{name}' for name in COLUMNS)}")
        )
        for name, columns in COLUMNS.items():
            made = [f'"{column}" {kind}' for column, kind in columns]
            made += _GENERATED if name == "import_event" else ()
            await self._connection.execute(
                text(f"CREATE TEMPORARY TABLE {name} ({', '.join(made)}) ON COMMIT DROP")
            )

    async def write(self, batch: Batch) -> None:
        """Write a batch into the tables."""
        for table, rows in batch.encoded.items():
            await copy_encoded(self._connection, table, [name for name, _ in COLUMNS[table]], rows)
        self.told += batch.told
        self.oldest = min(filter(None, (self.oldest, batch.oldest)), default=None)
        self.newest = max(filter(None, (self.newest, batch.newest)), default=None)

    async def finish(self) -> None:
        """Let the planner know what there is."""
        for wanted in _ANALYZED:
            await self._connection.execute(text(f"ANALYZE {wanted}"))
