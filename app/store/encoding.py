"""Rows in PostgreSQL's binary form, as COPY takes them (its documentation: COPY, File Formats).

Made here and not by the driver, so that it can be done in another process, and column by column: most values of a column were there
before, and are looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from struct import Struct
from typing import Any
from uuid import UUID

BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
"""Comes before the rows: the signature, no flags, no extension."""
END = b"\xff\xff"
"""Comes after them."""

_REMEMBERED = 4096
_NULL = b"\xff\xff\xff\xff"
_TEXT = 25
_UUID = 2950
"""What PostgreSQL calls the types of an array's items."""
_FIRST_DAY = date(2000, 1, 1)
_FIRST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)

_short = Struct(">h").pack
_length = Struct(">i").pack
_integer = Struct(">ii").pack
_double = Struct(">id").pack
_long = Struct(">iq").pack
_no_items = Struct(">iiii").pack
_items = Struct(">iiiiii").pack


FEW = "few texts"
"""A column of texts that come again and again; it is written as `text`."""


def encoded(kinds: Sequence[str], columns: Iterable[Iterable[Any]]) -> bytes:
    """Rows, given as their columns, which are of these types, by PostgreSQL's names, or FEW.

    None is NULL; a `date.min` is -infinity, a `date.max` infinity.

    >>> encoded(("text", "boolean"), [["é"], [None]]).hex(" ", -2)
    '0002 0000 0002 c3a9 ffff ffff'
    """
    first, *others = (map(_OF[kind], column) for kind, column in zip(kinds, columns, strict=True))
    begun = map(_short(len(kinds)).__add__, first)
    return b"".join(chain.from_iterable(zip(begun, *others, strict=True)))


class _Remembered(dict[Any, bytes]):
    """Values and how they are written. Not for types in which equal values are written otherwise, as 0.0 and -0.0."""

    def __init__(self, write: Callable[[Any], bytes]) -> None:
        self._write = write

    def __missing__(self, value: object) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[value] = written = _NULL if value is None else self._write(value)
        return written


def _text(value: str | None) -> bytes:
    if value is None:
        return _NULL
    content = value.encode()
    return _length(len(content)) + content


def _bytea(value: bytes | None) -> bytes:
    return _NULL if value is None else _length(len(value)) + value


def _uuid(value: UUID | None) -> bytes:
    return _NULL if value is None else b"\0\0\0\x10" + value.bytes


def _float(value: float | None) -> bytes:
    return _NULL if value is None else _double(8, value)


def _date(value: date) -> bytes:
    if value in {date.min, date.max}:
        return _integer(4, -(2**31) if value == date.min else 2**31 - 1)
    return _integer(4, (value - _FIRST_DAY).days)


def _instant(value: datetime) -> bytes:
    return _long(8, (value - _FIRST_INSTANT) // timedelta(microseconds=1))


def _texts(values: tuple[str, ...]) -> bytes:
    return _array(_TEXT, [_text(value) for value in values])


def _uuids(values: tuple[UUID, ...]) -> bytes:
    return _array(_UUID, [_uuid(value) for value in values])


def _array(kind: int, items: list[bytes]) -> bytes:
    content = b"".join(items)
    if not items:
        return _no_items(12, 0, 0, kind)
    # One dimension, no NULL in it, counted from 1.
    return _items(20 + len(content), 1, 0, kind, len(items), 1) + content


_OF: dict[str, Callable[[Any], bytes]] = {
    "text": _text,
    FEW: _Remembered(_text).__getitem__,
    "bytea": _bytea,
    "uuid": _uuid,
    "double precision": _float,
    "integer": _Remembered(lambda value: _integer(4, value)).__getitem__,
    "boolean": _Remembered(lambda value: b"\0\0\0\x01" + (b"\1" if value else b"\0")).__getitem__,
    "date": _Remembered(_date).__getitem__,
    "timestamptz": _Remembered(_instant).__getitem__,
    "text[]": _Remembered(_texts).__getitem__,
    "uuid[]": _Remembered(_uuids).__getitem__,
}
