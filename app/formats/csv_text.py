"""CSV (RFC 4180), with a header: what PostgreSQL's COPY writes.

Nothing between two commas is unknown, and `""` an empty text. Lists are JSON, since names hold commas and semicolons.
"""

from __future__ import annotations

from app.formats.columns import Dialect, columns, line, selected
from app.formats.format import About, Format, Shown
from app.formats.sequences import Lines


class Table(Lines):
    """Puts the header before the rows."""

    def __init__(self, shown: Shown) -> None:
        """Take what is shown, which gives the names of the columns."""
        self._names = [column.name for column in columns(shown)]

    def begin(self) -> bytes:
        return f"{','.join(self._names)}\n".encode()


def _writer(shown: Shown, _about: About) -> Table:
    return Table(shown)


CSV = Format(
    name="csv",
    media_type="text/csv; charset=utf-8; header=present",
    title="CSV",
    columns=lambda shown: selected(shown, Dialect.CSV),
    line=lambda shown: line(shown, Dialect.CSV),
    writer=_writer,
)
