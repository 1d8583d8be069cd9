"""FlatGeobuf with its index: a map reads the box that it shows out of a file, wherever that lies.

The index stands before the features, so they are kept in a temporary file until the last has come. Features are in the order of the
index, and those without a place, which no box finds, come last. In memory there are 32 bytes of each point, 48 of each area: its box,
where it is kept, and where it is to stand; and 3 of the index.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

import orjson

from app.formats import memory, packed_tree
from app.formats.columns import Column, Dialect, Kind, columns, line, selected
from app.formats.format import About, Format, Shown
from app.formats.geoarrow import TITLE, attribution, fixed

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from app.formats.flatbuffer import ColumnType, GeometryType

    Numbers = np.ndarray[Any, Any]

AT_ONCE = 2_000
"""Features that are gathered from the temporary file, and sent, at a time."""


class FlatGeobuf:
    """Keeps features until all are there, and then writes the index and them (`formats.format.Writer`)."""

    def __init__(self, shown: Shown, about: About) -> None:
        """Take what is shown, and what the header is to tell."""
        from app.formats.tables import Blocks

        self._columns = columns(shown)
        self._about = about
        self._blocks = Blocks(self._columns, Dialect.FLATGEOBUF)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        # They grow where they are, which lists of arrays do not when they are put together.
        self._sizes = bytearray()
        self._boxes = bytearray()

    def begin(self) -> bytes:
        from app.formats import flatbuffer

        return flatbuffer.MAGIC

    def write(self, rows: bytes) -> bytes:
        self._keep(self._blocks.add(rows))
        return b""

    def end(self) -> Iterator[bytes]:
        import numpy as np

        from app.formats import flatbuffer

        self._keep(self._blocks.rest())
        boxes = np.frombuffer(self._boxes).reshape(
            -1, 4 if self._geometry() == flatbuffer.GeometryType.MULTI_POLYGON else 2
        )
        kept = np.zeros(len(boxes) + 1, dtype=np.int64)
        np.cumsum(np.frombuffer(self._sizes, dtype=np.int32), out=kept[1:])
        self._sizes = bytearray()
        box = packed_tree.extent(boxes)
        yield self._header(len(boxes), box)
        if not len(boxes):
            return
        order = packed_tree.order(boxes)
        if box is not None:
            yield from packed_tree.tree(boxes, order, kept)
        memory.give_back()
        yield from self._gathered(kept, order)

    def close(self) -> None:
        self._file.close()
        memory.give_back()

    def _keep(self, tables: Iterator[pa.Table]) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        for table in tables:
            features, boxes = self._features(table)
            # Neighbours are kept together, as they will be asked for: else each is a page of the file that is read for it alone.
            near = packed_tree.order(boxes)
            features = features.take(pa.array(near))
            self._file.write(_content(features))
            self._sizes += pc.binary_length(features).to_numpy().tobytes()
            self._boxes += boxes[near].tobytes()

    def _features(self, table: pa.Table) -> tuple[pa.Array, Numbers]:
        """The features of some rows, and their boxes (`packed_tree`)."""
        import numpy as np
        import shapely

        from app.formats import flatbuffer

        told = properties(table, _told(self._columns))
        if "geometry" in table.column_names:
            wkb = table.column("geometry").to_pylist()
            return flatbuffer.outlines(told, wkb), shapely.bounds(shapely.from_wkb(wkb))
        if "longitude" not in table.column_names:
            x = y = np.full(len(table), np.nan)
        else:
            x, y = table.column("longitude").to_numpy(), table.column("latitude").to_numpy()
        return flatbuffer.points(told, x, y), np.column_stack([x, y])

    def _header(self, count: int, box: Numbers | None) -> bytes:
        from app.formats import flatbuffer

        metadata = orjson.dumps(attribution(self._about)).decode()
        header = flatbuffer.Header(title=TITLE, description=_cited(self._about), metadata=metadata)
        return header.written(
            [(column.name, _type(column.kind)) for column in _told(self._columns)],
            self._geometry(),
            count=count,
            box=None if box is None else box.tolist(),
            node_size=0 if box is None else packed_tree.NODE_SIZE,
        )

    def _geometry(self) -> GeometryType:
        from app.formats.flatbuffer import GeometryType

        kinds = {column.kind for column in self._columns}
        if Kind.OUTLINE in kinds:
            return GeometryType.MULTI_POLYGON
        return GeometryType.POINT if Kind.DEGREES in kinds else GeometryType.UNKNOWN

    def _gathered(self, kept: Numbers, order: Numbers) -> Iterator[bytes]:
        self._file.flush()
        file = self._file.fileno()
        for begin in range(0, len(order), AT_ONCE):
            part = order[begin : begin + AT_ONCE]
            sizes = (kept[part + 1] - kept[part]).tolist()
            # Read and not mapped: of a mapped file, a row would take 64 kB of memory.
            yield b"".join(map(os.pread, repeat(file), sizes, kept[part].tolist()))


def properties(table: pa.Table, told: Sequence[Column]) -> pa.Array:
    """The properties of each row as FlatGeobuf has them: the number of the column, then the value; what is unknown is left out."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    parts: list[Any] = []
    for number, column in enumerate(told):
        values = table.column(column.name).combine_chunks()
        known = values.is_valid()
        if column.kind in _SIZES:
            written = np.zeros(len(values), dtype=[("column", "<u2"), ("value", _SIZES[column.kind])])
            written["value"] = values.fill_null(pa.scalar(0).cast(values.type)).to_numpy(zero_copy_only=False)
        else:
            written = np.zeros(len(values), dtype=[("column", "<u2"), ("length", "<u4")])
            written["length"] = pc.binary_length(values).fill_null(0).to_numpy()
        written["column"] = number
        parts.append(fixed(written, known))
        if column.kind not in _SIZES:
            parts.append(values.cast(pa.binary()))
    nothing = pa.scalar(b"", pa.binary())
    return pc.binary_join_element_wise(*parts, nothing, null_handling="replace", null_replacement=b"")


def _told(all_columns: Sequence[Column]) -> list[Column]:
    return [column for column in all_columns if column.kind not in {Kind.DEGREES, Kind.OUTLINE}]


def _type(kind: Kind) -> ColumnType:
    from app.formats.flatbuffer import ColumnType

    types = {
        Kind.TEXTS: ColumnType.JSON,
        Kind.DAY: ColumnType.DATE_TIME,
        Kind.INSTANT: ColumnType.DATE_TIME,
        Kind.INTEGER: ColumnType.INT,
        Kind.TRUTH: ColumnType.BOOL,
    }
    return types.get(kind, ColumnType.STRING)


def _content(features: pa.Array) -> memoryview:
    """The bytes of features, one after the other."""
    _, places, content = features.buffers()
    ends = memoryview(places).cast("i")
    begin, end = ends[features.offset], ends[features.offset + len(features)]
    return memoryview(content)[begin:end]


def _cited(about: About) -> str:
    return " ".join(f"{one['title']} ({one['licence']}): {one['citation']}" for one in about.sources)


_SIZES = {Kind.INTEGER: "<i4", Kind.TRUTH: "?"}
"""Kinds of one size, and how they are written."""

FLATGEOBUF = Format(
    name="fgb",
    aliases=("flatgeobuf",),
    media_type="application/vnd.flatgeobuf",
    accepted=("application/flatgeobuf", "application/x-flatgeobuf"),
    title="FlatGeobuf",
    columns=lambda shown: selected(shown, Dialect.FLATGEOBUF),
    line=lambda shown: line(shown, Dialect.FLATGEOBUF),
    writer=FlatGeobuf,
    slow=True,
    ordered=False,
)
