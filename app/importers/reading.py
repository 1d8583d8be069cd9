"""A file becomes rows of cells, verbatim: whatever its encoding, its line ends and its mistakes."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from app.domain.drafts import Fault
from app.importers.opening import Source, Unreadable

MAX_CELL = 4 * 2**20
"""The longest cell that is read, in characters. GED's longest has 5,132; a quote that is never closed must end somewhere."""
MAX_LINE_BYTES = 64 * 2**20
NUL = "\N{SYMBOL FOR NULL}"
"""Stands for a NUL byte, which PostgreSQL cannot keep in a text."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(slots=True)
class Row:
    """One row, its cells as they came."""

    number: int
    """As a spreadsheet counts: the first row of the file, its header if it has one, is 1."""
    cells: list[str]
    faults: tuple[Fault, ...] = ()
    """What is wrong with the row as such. One that quarantines: its cells mean nothing."""
    silent: bool = False
    """A row that says nothing by its nature: a blank one, or a second header (HXL). It is kept, and is no fault."""


@dataclass(slots=True)
class Table:
    """The rows of one release, and what it is known by."""

    name: str
    sha256: bytes
    header: tuple[str, ...]
    """The names of the columns as they came, in their order."""
    rows: Iterator[Row] = field(repr=False)
    """Can be walked through once."""


Heading = Callable[[Sequence[str]], tuple[Sequence[str], bool]]
"""Says of a file's first row which columns it has, and whether that row is their header (or a row already).

Raises Unreadable where the file is no such table.
"""


def read_table(source: Source, heading: Heading) -> Table:
    """The rows of a source, one at a time. Raises Unreadable, also while they are walked through."""
    reader = _Rows(_lines(source))
    first = next((row for row in reader if not row.silent), None)
    if first is None:
        raise Unreadable(f"{source.name} holds no rows.")
    header, is_header = heading(first.cells)
    reader.width = len(header)
    if not is_header:
        reader.again(first)
    return Table(source.name, source.sha256, tuple(header), _to_the_end(source, reader))


def _to_the_end(source: Source, reader: _Rows) -> Iterator[Row]:
    yield from reader
    source.require_unchanged()


@dataclass(slots=True)
class _Line:
    text: str
    mended: tuple[str, ...] = ()
    """What had to be read otherwise than the file says, in words."""


class _Rows:
    """CSV rows out of lines (RFC 4180), with their faults.

    A quote that is opened and never closed would swallow all that follows. So where a row that spans lines is no row, only its
    first line is taken as one, and the others are read again.
    """

    def __init__(self, lines: Iterator[_Line]) -> None:
        csv.field_size_limit(MAX_CELL)
        self.width = 0
        """How many cells a row should have; 0: not known yet."""
        self._lines = lines
        self._waiting: deque[_Line] = deque()
        self._used: list[_Line] = []
        self._delimiter = ""
        self._number = 0
        self._back: Row | None = None

    def again(self, row: Row) -> None:
        """Give back a row, to come first."""
        self._back = row

    def __iter__(self) -> Iterator[Row]:
        if self._back is not None:
            yield self._checked(self._back.number, self._back.cells, self._back.faults)
        cells_of = csv.reader(self._texts(), delimiter=self._sniffed())
        while True:
            self._used.clear()
            try:
                cells = next(cells_of, None)
                broken = len(self._used) > 1 and self._is_broken(cells)
            except csv.Error:
                cells, broken = [], True
            if cells is None:
                return
            self._number += 1
            if broken:
                yield self._checked(
                    self._number, self._first_line_only(), (*_mended(self._used), _OPEN_QUOTE)
                )
                # A new one, since this may have come to the end of the file within the quote.
                cells_of = csv.reader(self._texts(), delimiter=self._delimiter)
            else:
                yield self._checked(self._number, cells, _mended(self._used))

    def _is_broken(self, cells: list[str] | None) -> bool:
        """Whether what spans lines is no row: it has not the right number of cells, or a quote in it is never closed."""
        wrong = self.width > 0 and cells is not None and len(cells) != self.width
        return wrong or sum(line.text.count('"') for line in self._used) % 2 == 1

    def _texts(self) -> Iterator[str]:
        while True:
            line = self._waiting.popleft() if self._waiting else next(self._lines, None)
            if line is None:
                return
            self._used.append(line)
            yield line.text

    def _sniffed(self) -> str:
        """The sign between cells: a comma, unless the first line has none but a tab or a semicolon."""
        if not self._delimiter:
            first = next(self._lines, None)
            if first is not None:
                self._waiting.append(first)
            text = first.text if first else ""
            self._delimiter = next((sign for sign in ",\t;" if sign in text), ",")
        return self._delimiter

    def _first_line_only(self) -> list[str]:
        first, *others = self._used
        self._waiting.extendleft(reversed(others))
        self._used[1:] = []
        return first.text.rstrip("\r\n").split(self._delimiter)

    def _checked(self, number: int, cells: list[str], faults: tuple[Fault, ...]) -> Row:
        if all(cell[:1] == "#" or not cell.strip() for cell in cells):
            return Row(number, cells, faults, silent=True)
        if self.width and len(cells) != self.width:
            faults = (*faults, _ragged(len(cells), self.width))
        return Row(number, cells, faults)


_OPEN_QUOTE = Fault(
    rule="open_quote",
    message="A quote in the row is not closed where it ends, or a line break in it has none. The following lines were read as rows.",
    quarantined=True,
)


def _ragged(found: int, wanted: int) -> Fault:
    return Fault(
        rule="ragged_row",
        value=str(found),
        message=f"The row has {found} cells where the header has {wanted}. A comma or a quote is missing or too many.",
        quarantined=True,
    )


def _mended(lines: Sequence[_Line]) -> tuple[Fault, ...]:
    words = dict.fromkeys(word for line in lines for word in line.mended)
    return tuple(
        Fault(
            rule="nul_byte" if word == NUL else "not_utf8",
            value=word,
            message="The row holds a NUL byte, which cannot be kept; ␀ stands for it."
            if word == NUL
            else f"The row holds {word}, which is no UTF-8; it was read as Windows-1252.",
        )
        for word in words
    )


def _lines(source: Source) -> Iterator[_Line]:
    """The lines of a file with their ends, decoded: UTF-8 with single bytes of Windows-1252 in it, or UTF-16 with its mark."""
    stream = source.unpacked()
    start = stream.read(2)
    rest = io.BufferedReader(_Joined(start, stream), 2**18)
    head = rest.peek(2**16)
    if start in _UTF16:
        text = io.TextIOWrapper(cast("BinaryIO", rest), "utf-16", errors="replace", newline="\n")
        return (_without_nul(_Line(line)) for line in text)
    # As the Macintosh once ended its lines, and some exports of Excel for it still do.
    bare_returns = b"\n" not in head and b"\r" in head
    return _utf8_lines(source.name, cast("BinaryIO", rest), bare_returns=bare_returns)


class _Joined(io.RawIOBase):
    """What was read of a stream already, and then the rest of it."""

    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's buffer has no length
        piece = self._start + self._rest.read(len(buffer) - len(self._start))
        self._start = b""
        buffer[: len(piece)] = piece
        return len(piece)


def _utf8_lines(name: str, stream: BinaryIO, *, bare_returns: bool) -> Iterator[_Line]:
    number = 0
    while raw := stream.readline(MAX_LINE_BYTES):
        number += 1
        if len(raw) == MAX_LINE_BYTES:
            raise Unreadable(
                f"Line {number} of {name} is longer than {MAX_LINE_BYTES // 2**20} MiB: this is no CSV file."
            )
        if number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)  # the mark is no part of the first line
        pieces = raw.splitlines(keepends=True) if bare_returns else (raw,)
        for piece in pieces:
            yield _decoded(piece)


def _decoded(raw: bytes) -> _Line:
    try:
        line = _Line(raw.decode())
    except UnicodeDecodeError:
        mended: list[str] = []
        parts: list[str] = []
        while raw:
            try:
                parts.append(raw.decode())
                break
            except UnicodeDecodeError as error:
                odd = raw[error.start : error.start + 1]
                # Five bytes are nothing in Windows-1252 either; as Latin-1 they are at least kept apart.
                word = odd.decode("latin-1") if odd in b"\x81\x8d\x8f\x90\x9d" else odd.decode("cp1252")
                parts += [raw[: error.start].decode(), word]
                mended.append(f"byte 0x{odd.hex().upper()} ({word})")
                raw = raw[error.start + 1 :]
        line = _Line("".join(parts), tuple(mended))
    return _without_nul(line)


def _without_nul(line: _Line) -> _Line:
    if "\0" in line.text:
        return _Line(line.text.replace("\0", NUL), (*line.mended, NUL))
    return line
