"""Arrow IPC streams with GeoArrow: a table in the memory of whoever reads it, as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.formats import geoarrow
from app.formats.columns import Dialect, columns, line, selected
from app.formats.format import About, Format, Shown
from app.formats.tables import Blocks

if TYPE_CHECKING:
    import pyarrow as pa


class Taken:
    """A file of which is taken, again and again, what was written to it since."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._written = 0

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        self._written += len(self._parts[-1])
        return len(self._parts[-1])

    def tell(self) -> int:
        return self._written

    def flush(self) -> None:
        """There is nothing to wait for."""

    def close(self) -> None:
        """It is no file."""

    def taken(self) -> bytes:
        """What was written since this was last asked."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


class Stream:
    """Writes the schema, then a batch of rows at a time (`formats.format.Writer`)."""

    def __init__(self, shown: Shown, about: About) -> None:
        """Take what is shown, and what the schema is to tell."""
        import pyarrow as pa

        self._columns = columns(shown)
        self._schema = geoarrow.schema(self._columns, about)
        self._blocks = Blocks(self._columns, Dialect.ARROW)
        self._file = Taken()
        self._stream = pa.ipc.new_stream(pa.PythonFile(self._file, mode="w"), self._schema)

    def begin(self) -> bytes:
        return self._file.taken()

    def write(self, rows: bytes) -> bytes:
        return self._put(self._blocks.add(rows))

    def end(self) -> Iterator[bytes]:
        yield self._put(self._blocks.rest())
        self._stream.close()
        yield self._file.taken()

    def close(self) -> None:
        """Nothing is held: without its end the stream is cut off."""

    def _put(self, tables: Iterator[pa.Table]) -> bytes:
        for table in tables:
            self._stream.write_table(geoarrow.with_geometry(table).cast(self._schema))
        return self._file.taken()


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
