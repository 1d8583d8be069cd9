"""Staging: the rows of a release in temporary tables, where a transaction can compare them with what is kept.

Nobody else sees them, so that no lock is needed while they are written. What is written into them is made in `store.batches`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.store.copying import copy_encoded

SEPARATOR = "\x1f"
"""Between the cells of a staged row: ASCII's own, which no text has any use for."""

MAPPED: tuple[tuple[str, str], ...] = (
    ("type", "text"),
    ("source_type", "text"),
    ("title", "text"),
    ("summary", "text"),
    ("first_day", "date"),
    ("last_day", "date"),
    ("date_precision", "text"),
    ("instant", "timestamptz"),
    ("place", "text"),
    ("precision", "text"),
    ("radius_m", "integer"),
    ("country", "text"),
    ("admin1", "text"),
    ("admin2", "text"),
    ("extent_region", "text"),
    ("near_regions", "text[]"),
    ("extent_id", "uuid"),
    ("side_a", "text[]"),
    ("side_b", "text[]"),
    ("deaths_low", "integer"),
    ("deaths_best", "integer"),
    ("deaths_high", "integer"),
    ("deaths_civilians", "integer"),
    ("deaths_state", "text"),
    ("verification", "text"),
    ("contested", "boolean"),
    ("claims", "integer"),
    ("sources", "integer"),
    ("first_reported", "date"),
    ("first_reported_basis", "text"),
    ("documents", "uuid[]"),
    ("deaths_estimate", "uuid"),
)
"""The columns of `event` that a draft fills, but for `geom`. An event that differs in one of them has changed."""

COMPARED = (*(name for name, _ in MAPPED), "geom")

UNSEEN: tuple[tuple[str, str], ...] = (
    ("own_reported", "date"),
    ("own_reported_basis", "text"),
    ("civilians_estimate", "uuid"),
)
"""The columns of `event` that a draft fills for `conclusions` to work from. To differ in them alone is no change."""

WRITTEN = (*COMPARED, *(name for name, _ in UNSEEN))

COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "import_row": (
        ("row_number", "integer"),
        ("hash", "bytea"),
        ("joined", "text"),
        ("cells", "text[]"),
        ("state", "text"),
        ("event_id", "uuid"),
    ),
    "import_event": (
        ("row_number", "integer"),
        ("id", "uuid"),
        ("hash", "bytea"),
        ("source_key", "text"),
        *MAPPED,
        *UNSEEN,
        ("lon", "double precision"),
        ("lat", "double precision"),
        ("sides_a", "uuid[]"),
        ("sides_b", "uuid[]"),
        ("words", "text"),
        ("place_key", "text"),
    ),
    "import_actor": (
        ("row_number", "integer"),
        ("id", "uuid"),
        ("source_key", "text"),
        ("name", "text"),
        ("aliases", "text[]"),
        ("names", "text"),
    ),
    "import_extent": (("id", "uuid"), ("wkb", "bytea")),
    "import_issue": (
        ("row_number", "integer"),
        ("column", "text"),
        ("rule", "text"),
        ("value", "text"),
        ("message", "text"),
        ("quarantined", "boolean"),
        ("event_id", "uuid"),
    ),
}
"""The columns of each table that are copied, with their types."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows that are ready to be copied."""

    encoded: dict[str, bytes] = field(repr=False)
    """By table, as `encoding.encoded` writes them."""
    told: int
    """How many of the source's rows say something."""
    oldest: date | None
    newest: date | None
    """First and last day of the events in it."""


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
