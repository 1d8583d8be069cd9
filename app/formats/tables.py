"""Rows as CSV become Arrow tables, block by block: threads of Arrow's own parse them, and a block at a time is in memory."""

from __future__ import annotations

import binascii
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from app.formats import memory
from app.formats.columns import UNIT_SEPARATOR, VOCABULARIES, Column, Dialect, Kind

if TYPE_CHECKING:  # pyarrow is loaded when the first table is written: it takes a third of a second
    import pyarrow as pa

FIRST_BLOCK = 1 << 16
BLOCK = 1 << 21
"""Bytes of CSV that become one table; the first is small, so that something can be sent soon."""


class Blocks:
    """Collects copied rows until there are enough for a table."""

    def __init__(self, columns: Sequence[Column], dialect: Dialect) -> None:
        """Take the columns of the rows, and the dialect in which they were selected: one of those for machines."""
        self._columns = columns
        self._dialect = dialect
        self._parts: list[bytes] = []
        self._size = 0
        self._enough = FIRST_BLOCK

    def add(self, rows: bytes) -> Iterator[pa.Table]:
        """A table, if there are rows enough now."""
        self._parts.append(rows)
        self._size += len(rows)
        if self._size >= self._enough:
            self._enough = BLOCK
            yield from self.rest()

    def rest(self) -> Iterator[pa.Table]:
        """A table of the rows that are left, if any are."""
        if self._parts:
            memory.give_back()  # what the last block was made in
            rows = b"".join(self._parts)
            self._parts, self._size = [], 0
            made = table(rows, self._columns, self._dialect)
            del rows
            memory.give_back()
            yield made


def table(rows: bytes, columns: Sequence[Column], dialect: Dialect) -> pa.Table:
    """Whole rows of CSV as a table with these columns: for Arrow in its own types, for FlatGeobuf as texts and numbers.

    Longitude and latitude are numbers, and an outline is WKB.
    """
    import pyarrow as pa
    from pyarrow import csv

    names = [column.name for column in columns]
    read = csv.read_csv(
        pa.BufferReader(rows),
        csv.ReadOptions(column_names=names, block_size=len(rows) + 1),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types={column.name: _as_read(column.kind, dialect) for column in columns},
            null_values=[""],
            true_values=["true"],
            false_values=["false"],
            strings_can_be_null=True,
            # "" is an empty text, and nothing at all is unknown.
            quoted_strings_can_be_null=False,
        ),
    ).combine_chunks()
    arrays = [_converted(read.column(column.name), column, dialect) for column in columns]
    return pa.table(dict(zip(names, arrays, strict=True)))


def array_type(kind: Kind) -> pa.DataType:
    """The Arrow type in which a kind of column is given."""
    import pyarrow as pa

    types = {
        Kind.TEXT: pa.string(),
        Kind.WORD: pa.dictionary(pa.int8(), pa.string()),
        Kind.TEXTS: pa.list_(pa.string()),
        Kind.DAY: pa.date32(),
        Kind.INSTANT: pa.timestamp("us", "UTC"),
        Kind.INTEGER: pa.int32(),
        Kind.TRUTH: pa.bool_(),
        Kind.DEGREES: pa.float64(),
        Kind.OUTLINE: pa.binary(),
    }
    return types[kind]


def _as_read(kind: Kind, dialect: Dialect) -> pa.DataType:
    import pyarrow as pa

    if kind in {Kind.INTEGER, Kind.TRUTH, Kind.DEGREES}:
        return array_type(kind)
    if dialect is Dialect.ARROW and kind in {Kind.DAY, Kind.INSTANT}:
        return pa.int64() if kind is Kind.INSTANT else array_type(kind)
    return pa.string()


def _converted(read: pa.ChunkedArray, column: Column, dialect: Dialect) -> pa.Array:
    import pyarrow as pa

    array = read.chunk(0) if read.num_chunks == 1 else pa.concat_arrays(read.chunks)
    if column.kind is Kind.OUTLINE:
        return _bytes(array)
    if dialect is not Dialect.ARROW:
        return array
    match column.kind:
        case Kind.WORD:
            return _words(array, column.name)
        case Kind.TEXTS:
            return _lists(array)
        case Kind.INSTANT:
            return array.cast(array_type(Kind.INSTANT))
        case _:
            return array


def _words(array: pa.Array, name: str) -> pa.Array:
    """Words by their place in the vocabulary, which is the same in every table of a file."""
    import pyarrow as pa
    import pyarrow.compute as pc

    vocabulary = _vocabulary(name)
    places = pc.index_in(array, value_set=vocabulary)
    if places.null_count != array.null_count:
        raise ValueError(f"A word of '{name}' is none of its vocabulary.")
    return pa.DictionaryArray.from_arrays(places.cast(pa.int8()), vocabulary)


@cache
def _vocabulary(name: str) -> pa.Array:
    import pyarrow as pa

    return pa.array([str(word) for word in VOCABULARIES[name]])


def _lists(array: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    split = pc.split_pattern(array, UNIT_SEPARATOR)
    # A list that is empty came as nothing: without the mask of nulls it is one of no length.
    return pa.ListArray.from_arrays(split.offsets, split.values)


def _bytes(array: pa.Array) -> pa.Array:
    """Bytes out of hexadecimal digits, all rows at once."""
    import numpy as np
    import pyarrow as pa

    mask, offsets, digits = array.buffers()
    places = np.frombuffer(offsets, dtype=np.int32, count=len(array) + 1)
    content = binascii.unhexlify(memoryview(digits)[: places[-1]]) if digits else b""
    halved: Any = (places // 2).astype(np.int32)
    return pa.BinaryArray.from_buffers(
        pa.binary(), len(array), [mask, pa.py_buffer(halved), pa.py_buffer(content)]
    )
