"""Mapbox Vector Tiles 2.1: layers out of columns, written many features at a time.

A tile is its layers one after the other (protobuf joins what is repeated). All numbers of a layer become one array first, and that array
bytes at one go: a feature at a time, two thousand points took longer than the database needs to find them.
Source: Vector Tile Specification 2.1; Protocol Buffers, "Encoding".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.grid import EXTENT

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
Ints = NDArray[np.int64]
Value = str | int | float | bool | None


_TRUTHS: list[tuple[type, Value]] = [(bool, False), (bool, True)]


class Kind(IntEnum):
    """What the geometries of a layer are."""

    POINT = 1
    POLYGON = 3


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of few texts: `codes` say which of `words` each feature has, below 0 none."""

    words: Sequence[str]
    codes: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of whole numbers; where `known` is false the feature has none."""

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


@dataclass(frozen=True, slots=True)
class _Values:
    """Different values, encoded one after the other, how many they are, and which each feature has in each column (-1: none)."""

    encoded: bytes
    count: int
    codes: Ints


def points(name: str, *, x: Ints, y: Ints, ids: NDArray[Any], columns: Mapping[str, Column]) -> bytes:
    """A layer of points in units of the tile, y downwards; `ids` are whole numbers from 0. No bytes where there are no points."""
    if not len(ids):
        return b""
    move = np.full(len(ids), 1 << 3 | 1)
    geometry = np.stack([move, zigzag(x), zigzag(y)], axis=1)
    tags, values = _tags(columns, len(ids))
    body, used = _tagged(np.asarray(ids, np.int64), tags, Kind.POINT)
    body = np.column_stack([body, lengths(geometry).sum(axis=1), geometry])
    used = np.column_stack([used, np.ones((len(ids), 4), bool)])
    length = np.where(used, lengths(body), 0).sum(axis=1)
    whole = np.column_stack([np.full(len(ids), 0x12), length, body])
    used = np.column_stack([np.ones((len(ids), 2), bool), used])
    return _layer(name, columns, values, varints(whole[used]))


def layer(
    name: str, *, kind: Kind, geometries: Sequence[bytes], ids: Sequence[int], columns: Mapping[str, Column]
) -> bytes:
    """A layer of geometries that are encoded already (the bytes of `geometry`). No bytes where there are none."""
    if not geometries:
        return b""
    tags, values = _tags(columns, len(ids))
    body, used = _tagged(np.asarray(ids, np.int64), tags, kind)
    sizes = np.array([len(one) for one in geometries])
    body = np.column_stack([body, sizes])
    used = np.column_stack([used, np.ones(len(ids), bool)])
    length = np.where(used, lengths(body), 0).sum(axis=1) + sizes
    whole = np.column_stack([np.full(len(ids), 0x12), length, body])
    used = np.column_stack([np.ones((len(ids), 2), bool), used])
    # What stands before each geometry is written at one go, and then parted.
    ends = np.cumsum(np.where(used, lengths(whole), 0).sum(axis=1)).tolist()
    written = varints(whole[used])
    before = [written[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
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
    keys = b"".join(_sized(3, key.encode()) for key in columns)
    return _sized(
        3, _sized(1, name.encode()) + features + keys + values + b"\x28" + varint(EXTENT) + b"\x78\x02"
    )


def _sized(field: int, body: bytes) -> bytes:
    return bytes((field << 3 | 2,)) + varint(len(body)) + body


def _tags(columns: Mapping[str, Column], count: int) -> tuple[Ints, bytes]:
    """For each feature and column the number of its value, -1 where there is none; and all values, encoded."""
    tags = np.empty((count, len(columns)), np.int64)
    encoded, before = [], 0

    def take(places: list[int], values: _Values) -> None:
        nonlocal before
        tags[:, places] = values.codes + np.where(values.codes < 0, 0, before)
        encoded.append(values.encoded)
        before += values.count

    # All columns of a kind at one go, with their values in common: each step of it costs as much for one of few features as for several.
    few = {place: one for place, one in enumerate(columns.values()) if isinstance(one, Texts | Flags)}
    numbers = {place: one for place, one in enumerate(columns.values()) if isinstance(one, Numbers)}
    if few:
        take([*few], _few([*few.values()], count))
    if numbers:
        take([*numbers], _numbers([*numbers.values()], count))
    for place, column in enumerate(columns.values()):
        if isinstance(column, Uuids):
            take([place], _uuids(column))
        elif not isinstance(column, Texts | Flags | Numbers):
            take([place], _any(column))
    return tags, b"".join(encoded)


def _tagged(ids: Ints, tags: Ints, kind: Kind) -> tuple[Ints, NDArray[np.bool_]]:
    """The numbers of each feature up to the length of its geometry, and which of them are written."""
    count, columns = tags.shape
    known = tags >= 0
    pairs = np.empty((count, columns, 2), np.int64)
    pairs[:, :, 0] = np.arange(columns)
    pairs[:, :, 1] = tags
    # There are fewer than 128 columns: each key is a byte.
    size = np.where(known, lengths(tags) + 1, 0).sum(axis=1)

    def all_of(number: int) -> Ints:
        return np.full(count, number)

    # Each feature is numbers only: what has a length here is no text, so that keys and lengths are varints too.
    head = [all_of(0x08), ids, all_of(2 << 3 | 2), size]
    body = np.column_stack(
        [*head, pairs.reshape(count, columns * 2), all_of(0x18), all_of(kind), all_of(0x22)]
    )
    used = np.ones(body.shape, bool)
    used[:, len(head) : len(head) + columns * 2] = np.repeat(known, 2, axis=1)
    return body, used


def varints(numbers: Ints) -> bytes:
    """Whole numbers from 0, one after the other, as protobuf writes them."""
    sizes = lengths(numbers)
    ends = np.cumsum(sizes)
    written = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    at, rest, more = ends - sizes, numbers, sizes > 1
    while len(rest):
        written[at] = (rest & 127) | (more.astype(np.int64) << 7)
        # Nearly all are keys and small: what is left for the next round are few.
        longer = np.flatnonzero(more)
        at, rest = at[longer] + 1, rest[longer] >> 7
        more = rest > 127
    return written.tobytes()


def lengths(numbers: Ints) -> Ints:
    """How many bytes each number takes as a varint."""
    sizes = np.ones(numbers.shape, np.int64)
    longer = np.flatnonzero(numbers > 127)
    rest = numbers.ravel()[longer] >> 7
    flat = sizes.ravel()
    while len(longer):
        flat[longer] += 1
        still = rest > 127
        longer, rest = longer[still], rest[still] >> 7
    return sizes


def zigzag(numbers: NDArray[Any]) -> Ints:
    signed = np.asarray(numbers, np.int64)
    return (signed << 1) ^ (signed >> 63)


def _any(column: Sequence[Value]) -> _Values:
    """Of any values: the slow way, for layers of few features."""
    known: dict[tuple[type, Value], int] = {}
    codes = [-1 if one is None else known.setdefault((type(one), one), len(known)) for one in column]
    return _Values(b"".join(_value(*one) for one in known), len(known), np.array(codes, np.int64)[:, None])


def _few(columns: Sequence[Texts | Flags], count: int) -> _Values:
    """Of several columns of few values, each a column of the codes."""
    words: list[tuple[type, Value]] = []
    codes = np.empty((count, len(columns)), np.int64)
    nothing = []
    for place, column in enumerate(columns):
        # Before the first of each column is a place for none, which -1 is.
        nothing.append(len(words))
        words.append((str, None))
        codes[:, place] = column.codes
        codes[:, place] += len(words)
        words += [(str, one) for one in column.words] if isinstance(column, Texts) else _TRUTHS
    there = np.bincount(codes.ravel(), minlength=len(words)) > 0
    there[nothing] = False
    places = np.cumsum(there) - 1
    places[nothing] = -1
    used = np.flatnonzero(there).tolist()
    return _Values(b"".join(_value(*words[one]) for one in used), len(used), places[codes])


def _numbers(columns: Sequence[Numbers], count: int) -> _Values:
    """Of several columns, each a column of the codes."""
    values = np.empty((count, len(columns)), np.int64)
    known = np.ones(values.shape, bool)
    for place, column in enumerate(columns):
        values[:, place] = column.values
        if column.known is not None:
            known[:, place] = column.known
    used, among = np.unique(values[known], return_inverse=True)
    codes = np.full(values.shape, -1)
    codes[known] = among
    # sint64 of Value is field 6: days before 1970 are below zero.
    signed = zigzag(used)
    frame = np.column_stack([np.full(len(used), 0x22), lengths(signed) + 1, np.full(len(used), 0x30), signed])
    return _Values(varints(frame.ravel()), len(used), codes)


def _uuids(column: Uuids) -> _Values:
    count = len(column.raw)
    hexadecimal = np.frombuffer(column.raw.tobytes().hex().encode(), np.uint8).reshape(count, 32)
    written = np.full((count, 40), ord("-"), np.uint8)
    written[:, :4] = (0x22, 38, 0x0A, 36)
    for start, end, at in ((0, 8, 4), (8, 12, 13), (12, 16, 18), (16, 20, 23), (20, 32, 28)):
        written[:, at : at + end - start] = hexadecimal[:, start:end]
    return _Values(written.tobytes(), count, np.arange(count)[:, None])


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
