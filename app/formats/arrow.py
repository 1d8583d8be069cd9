"""Arrow IPC streams with GeoArrow: a table in the memory of whoever reads it, as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.formats import geoarrow, memory
from app.formats.columns import Dialect, columns, line, selected
from app.formats.format import About, Format, Shown
from app.formats.tables import Blocks

if TYPE_CHECKING:
    import pyarrow as pa


class Taken:
    """A file of which is taken, again and again, what was written to it since."""

    closed = False

    def __init__(self) -> None:
        self._parts = BytesIO()
        self._taken = 0

    def write(self, part: Any) -> int:
        return self._parts.write(part)

    def tell(self) -> int:
        return self._taken + self._parts.tell()

    def flush(self) -> None:
        """There is nothing to wait for."""

    def close(self) -> None:
        """It is no file."""

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        part = self._parts.getvalue()  # which is no copy
        self._taken += len(part)
        self._parts = BytesIO()
        return part


class Stream:
    """Writes the schema, then a batch of rows at a time (`formats.format.Writer`)."""

    def __init__(self, shown: Shown, about: About) -> None:
        """Take what is shown, and what the schema is to tell."""
        import pyarrow as pa

        self._columns = columns(shown)
        self._schema = geoarrow.schema(self._columns, about)
        self._blocks = Blocks(self._columns, Dialect.ARROW)
        self._begun = b""
        self._file = Taken()
        self._stream = pa.ipc.new_stream(pa.PythonFile(self._file, mode="w"), self._schema)

    def begin(self) -> bytes:
        # Arrow writes the schema together with the first rows. It is known before: it is sent now, and left out then.
        self._begun = self._schema.serialize().to_pybytes()
        return self._begun

    def write(self, rows: bytes) -> bytes:
        return self._put(self._blocks.add(rows))

    def end(self) -> Iterator[bytes]:
        yield self._put(self._blocks.rest())
        self._stream.close()
        yield self._taken()

    def close(self) -> None:
        # Without its end the stream is cut off.
        memory.give_back()

    def _put(self, tables: Iterator[pa.Table]) -> bytes:
        for table in tables:
            self._stream.write_table(geoarrow.with_geometry(table).cast(self._schema))
        return self._taken()

    def _taken(self) -> bytes:
        part = self._file.taken()
        if part and self._begun:
            part, self._begun = part.removeprefix(self._begun), b""
        return part


ARROW = Format(
    name="arrow",
    aliases=("arrows",),
    media_type="application/vnd.apache.arrow.stream",
    title="Arrow stream",
    columns=lambda shown: selected(shown, Dialect.ARROW),
    line=lambda shown: line(shown, Dialect.ARROW),
    writer=Stream,
    slow=True,
)
