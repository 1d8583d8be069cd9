"""Mapbox Vector Tiles 2.1: layers out of columns, written many features at a time.

A tile is its layers one after the other (protobuf joins what is repeated). The loops over features are compiled: in Python's own, two
thousand points took longer than the database needs to find them.
Source: Vector Tile Specification 2.1; Protocol Buffers, "Encoding".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.compiled import compiled
from app.domain.grid import EXTENT

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Value = str | int | float | bool | None


_TRUTHS: list[tuple[type, Value]] = [(bool, False), (bool, True)]
NONE = -(2**63)
"""In a column of numbers: that the feature has none."""
LONGEST = 10
"""Bytes of a varint."""
_HEAD = 4 * LONGEST + 6
"""Bytes of a feature before its geometry, without its tags."""
_POINT, _POLYGON = 1, 3
MOVE = 1 << 3 | 1
"""The command that sets the cursor to a place."""
_SPREAD = 0x9E3779B97F4A7
"""An odd number without pattern, by which numbers are spread over a table (Knuth, 6.4)."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of few texts: `codes` say which of `words` each feature has, below 0 none."""

    words: Sequence[str]
    codes: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of whole numbers; where one is NONE or `known` is false the feature has none."""

    values: NDArray[Any]
    known: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Flags:
    """A column of truths: 1 or 0, below 0 not known."""

    codes: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Uuids:
    """A column of UUIDs, 16 bytes each, told as text."""

    raw: NDArray[np.uint8]


Column = Texts | Numbers | Flags | Uuids | Sequence[Value]


def points(name: str, *, x: Ints, y: Ints, ids: NDArray[Any], columns: Mapping[str, Column]) -> bytes:
    """A layer of points in units of the tile, y downwards; `ids` are whole numbers from 0. No bytes where there are no points."""
    if not len(ids):
        return b""
    tags, values = _tags(columns, len(ids))
    features = _points(np.asarray(ids, np.int64), tags, np.asarray(x, np.int64), np.asarray(y, np.int64))
    return _layer(name, columns, values, features.tobytes())


def polygons(
    name: str, *, geometries: Sequence[bytes], ids: Sequence[int], columns: Mapping[str, Column]
) -> bytes:
    """A layer of polygons that are encoded already (the bytes of `geometry`). No bytes where there are none."""
    if not geometries:
        return b""
    tags, values = _tags(columns, len(ids))
    sizes = np.array([len(one) for one in geometries], np.int64)
    written, ends = _heads(np.asarray(ids, np.int64), tags, sizes)
    heads, edges = written.tobytes(), [0, *ends.tolist()]
    before = [heads[start:end] for start, end in pairwise(edges)]
    features = b"".join(part for both in zip(before, geometries, strict=True) for part in both)
    return _layer(name, columns, values, features)


def varint(number: int) -> bytes:
    """A whole number from 0 as protobuf writes it: seven bits at a time, the lowest first."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)


def _layer(name: str, columns: Mapping[str, Column], values: bytes, features: bytes) -> bytes:
    return _sized(
        3,
        _sized(1, name.encode())
        + features
        + _keys(tuple(columns))
        + values
        + b"\x28"
        + varint(EXTENT)
        + b"\x78\x02",
    )


@lru_cache(maxsize=100)
def _keys(names: tuple[str, ...]) -> bytes:
    return b"".join(_sized(3, name.encode()) for name in names)


def _sized(field: int, body: bytes) -> bytes:
    return bytes((field << 3 | 2,)) + varint(len(body)) + body


def _tags(columns: Mapping[str, Column], count: int) -> tuple[Ints, bytes]:
    """For each feature and column the number of its value, -1 where there is none; and all values, encoded."""
    cells = np.full((len(columns), count), NONE)
    # Where the words of a column begin among all; -1 where it is of numbers.
    firsts = np.full(len(columns), -1)
    words: list[tuple[type, Value]] = []
    for place, column in enumerate(columns.values()):
        if isinstance(column, Numbers):
            cells[place] = column.values
            if column.known is not None:
                cells[place, ~column.known] = NONE
        elif not isinstance(column, Uuids):
            codes, told = _coded(column)
            cells[place], firsts[place] = codes, len(words)
            words += told
    tags = np.full((count, len(columns)), -1)
    used = _number_words(tags, cells, firsts, len(words))
    numbers = _number_numbers(tags, cells, firsts, len(used))
    encoded = [_value(*words[one]) for one in used.tolist()]
    encoded.append(_whole_numbers(numbers).tobytes())
    before = len(used) + len(numbers)
    for place, column in enumerate(columns.values()):
        if isinstance(column, Uuids):
            tags[:, place] = np.arange(before, before + count)
            before += count
            encoded.append(_uuids(column.raw))
    return tags, b"".join(encoded)


def _coded(
    column: Texts | Flags | Sequence[Value],
) -> tuple[NDArray[Any] | list[int], Sequence[tuple[type, Value]]]:
    """Which of some values each feature has, below 0 none; and these values, with what they are."""
    if isinstance(column, Texts):
        return column.codes, [(str, one) for one in column.words]
    if isinstance(column, Flags):
        return column.codes, _TRUTHS
    known: dict[tuple[type, Value], int] = {}
    codes = [-1 if one is None else known.setdefault((type(one), one), len(known)) for one in column]
    return codes, list(known)


def _uuids(raw: NDArray[np.uint8]) -> bytes:
    count = len(raw)
    hexadecimal = np.frombuffer(raw.tobytes().hex().encode(), np.uint8).reshape(count, 32)
    written = np.full((count, 40), ord("-"), np.uint8)
    written[:, :4] = (0x22, 38, 0x0A, 36)
    for start, end, at in ((0, 8, 4), (8, 12, 13), (12, 16, 18), (16, 20, 23), (20, 32, 28)):
        written[:, at : at + end - start] = hexadecimal[:, start:end]
    return written.tobytes()


@lru_cache(maxsize=50_000)
def _value(kind: type, one: Any) -> bytes:
    """A value, which its type belongs to: 1, 1.0 and True are alike to Python. Names come again in every tile."""
    if kind is bool:
        return _sized(4, b"\x38" + varint(one))
    if kind is int:
        return _sized(4, b"\x30" + varint((one << 1) ^ (one >> 63)))
    if kind is float:
        return _sized(4, b"\x19" + np.float64(one).tobytes())
    return _sized(4, _sized(1, str(one).encode()))


@compiled
def zigzag(number: int) -> int:
    """A number of either sign as one from 0, small where it is near 0."""
    return (number << 1) ^ (number >> 63)


@compiled
def _length(number: int) -> int:
    size = 1
    while number > 127:
        number >>= 7
        size += 1
    return size


@compiled
def put(written: Bytes, at: int, number: int) -> int:
    """Write a number at a place. Returns the place behind it."""
    while number > 127:
        written[at] = number & 127 | 128
        number >>= 7
        at += 1
    written[at] = number
    return at + 1


@compiled
def _number_words(tags: Ints, cells: Ints, firsts: Ints, words: int) -> Ints:
    """Fill in the tags of the columns of words. Returns which words are used, in the order of their numbers."""
    number_of = np.full(words, -1, np.int64)
    used, some = np.empty(words, np.int64), 0
    for column in range(len(firsts)):
        for feature in range(cells.shape[1] if firsts[column] >= 0 else 0):
            if cells[column, feature] >= 0:
                word = firsts[column] + cells[column, feature]
                if number_of[word] < 0:
                    used[some], number_of[word] = word, some
                    some += 1
                tags[feature, column] = number_of[word]
    return used[:some].copy()


@compiled
def _number_numbers(tags: Ints, cells: Ints, firsts: Ints, before: int) -> Ints:
    """Fill in the tags of the columns of numbers, which come after so many values. Returns the numbers."""
    numbers, some = np.empty(cells.size, np.int64), 0
    size = 16
    while size < 2 * cells.size:
        size *= 2
    # A table in which a number that is there already is found: open addressing.
    slots = np.full(size, -1, np.int64)
    for column in range(len(firsts)):
        for feature in range(cells.shape[1] if firsts[column] < 0 else 0):
            cell = cells[column, feature]
            if cell != NONE:
                slot = (cell * _SPREAD >> 24) & (size - 1)
                while slots[slot] >= 0 and numbers[slots[slot]] != cell:
                    slot = (slot + 1) & (size - 1)
                if slots[slot] < 0:
                    slots[slot], numbers[some] = some, cell
                    some += 1
                tags[feature, column] = before + slots[slot]
    return numbers[:some].copy()


@compiled
def _whole_numbers(numbers: Ints) -> Bytes:
    """Numbers as values, one after the other."""
    written = np.empty(len(numbers) * (3 + LONGEST), np.uint8)
    at = 0
    for place in range(len(numbers)):
        # sint64 of Value is field 6: days before 1970 are below zero.
        signed = zigzag(numbers[place])
        written[at], written[at + 1], written[at + 2] = 0x22, _length(signed) + 1, 0x30
        at = put(written, at + 3, signed)
    return written[:at].copy()


@compiled
def _head(written: Bytes, at: int, number: int, tags: Ints, geometry: tuple[int, int]) -> int:
    """Write what a feature is up to its geometry, of which the kind and the size in bytes are told. Returns the place where that begins."""
    kind, size = geometry
    tagged = 0
    for column in range(len(tags)):
        if tags[column] >= 0:
            tagged += 1 + _length(tags[column])
    whole = 6 + _length(number) + _length(tagged) + tagged + _length(size) + size
    written[at] = 0x12
    at = put(written, at + 1, whole - 1)
    written[at] = 0x08
    at = put(written, at + 1, number)
    written[at] = 0x12
    at = put(written, at + 1, tagged)
    for column in range(len(tags)):
        if tags[column] >= 0:
            # There are fewer than 128 columns: each key is a byte.
            written[at] = column
            at = put(written, at + 1, tags[column])
    written[at], written[at + 1], written[at + 2] = 0x18, kind, 0x22
    return put(written, at + 3, size)


@compiled
def _heads(ids: Ints, tags: Ints, sizes: Ints) -> tuple[Bytes, Ints]:
    """What stands before the geometry of each polygon, and where each ends."""
    written = np.empty(len(ids) * (_HEAD + tags.shape[1] * (1 + LONGEST)), np.uint8)
    ends = np.empty(len(ids), np.int64)
    at = 0
    for feature in range(len(ids)):
        at = _head(written, at, ids[feature], tags[feature], (_POLYGON, sizes[feature]))
        ends[feature] = at
    return written[:at].copy(), ends


@compiled
def _points(ids: Ints, tags: Ints, x: Ints, y: Ints) -> Bytes:
    """Features of a point each."""
    written = np.empty(len(ids) * (_HEAD + 3 * LONGEST + tags.shape[1] * (1 + LONGEST)), np.uint8)
    at = 0
    for feature in range(len(ids)):
        right, down = zigzag(x[feature]), zigzag(y[feature])
        size = 1 + _length(right) + _length(down)
        at = _head(written, at, ids[feature], tags[feature], (_POINT, size))
        written[at] = MOVE
        at = put(written, put(written, at + 1, right), down)
    return written[:at].copy()
