"""What is staged: the columns of the temporary tables, and batches of rows for them. Made where no database is known, too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

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
