"""A source becomes a file that can be read: a path, a pipe or an address; plain, gzipped or zipped, told by content and not by name."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, Protocol, cast
from urllib.parse import unquote, urlsplit

from app.errors import SitrepError

MAX_BYTES = 4 * 2**30
"""A source may be this long as it comes. All of UCDP GED is 40 MB zipped, all of ACLED some 400."""
MAX_UNPACKED_BYTES = 16 * 2**30
"""And this long unpacked: a bomb ends here."""
MAX_EXPANSION = 200
"""Unpacked to packed. CSV of events shrinks 5 to 20 times, a file of one repeated byte 1,000 times."""
HARMLESS_BYTES = 64 * 2**20
"""Below this a file may expand as it likes."""
PIECE = 2**18
TIMEOUT_S = 30.0
STDIN = "-"
STDIN_NAME = "standard input"
"""What a release that came so is called."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


Progress = Callable[[int, int | None], None]
"""Told now and then how many bytes have come, and of how many if that is known."""


class Unreadable(SitrepError):
    """A source of which nothing can be read. The sentence says why, and what to do."""


@dataclass(slots=True)
class Source:
    """A file that is here and known by its hash, ready to be unpacked and read."""

    name: str
    """The file's name, or the address it was fetched from."""
    sha256: bytes
    """Of the file as it came, before it was unpacked."""
    size: int
    file: BinaryIO = field(repr=False)
    member: str | None = None
    """Which file of an archive is meant; None where it holds only one CSV."""
    stamp: tuple[int, int] = field(default=(0, 0), repr=False)
    """Its length and when it was last written, as it was hashed."""

    def unpacked(self) -> BinaryIO:
        """The content from its start, with gzip and zip taken off. Raises Unreadable, also while it is read."""
        self.file.seek(0)
        return _unpack(self)

    def require_unchanged(self) -> None:
        """What was read is what was hashed. Raises Unreadable where somebody has written to the file meanwhile."""
        if _stamp(self.file) != self.stamp:
            raise Unreadable(
                f"{self.name} was changed while it was read. Nothing was imported; import it again."
            )

    def read_so_far(self) -> int:
        """How many bytes of the file as it came have been read: for a progress bar."""
        return self.file.tell()


@contextmanager
def opened(
    place: str, *, member: str | None = None, progress: Progress = lambda _done, _all: None
) -> Iterator[Source]:
    """Open a path, `-` (standard input), or an http or https address. Raises Unreadable."""
    with _arrived(place, progress) as file:
        stamp = _stamp(file)
        digest, size = _digest(file)
        if size == 0:
            raise Unreadable(f"{_called(place)} is empty.")
        yield Source(_called(place), digest, size, file, member, stamp)


def _arrived(place: str, progress: Progress) -> AbstractContextManager[BinaryIO]:
    """The content as a file on disk in which one can go back."""
    if place == STDIN:
        if sys.stdin is None or sys.stdin.isatty():
            raise Unreadable("Nothing is piped in. Use: zcat ged.csv.gz | sitrep import ucdp-ged -")
        return _spooled(sys.stdin.buffer)
    if urlsplit(place).scheme in {"http", "https"}:
        return _fetched(place, progress)
    try:
        file = Path(place).expanduser().open("rb")
    except (OSError, ValueError) as error:
        raise Unreadable(_why_not(place, error)) from error
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    with file:  # a named pipe, or <(…) of a shell
        return _spooled(file)


def _why_not(place: str, error: Exception) -> str:
    match error:
        case FileNotFoundError():
            hint = " An address begins with http:// or https://." if place.startswith("www.") else ""
            return f"There is no file {place}.{hint}"
        case IsADirectoryError():
            return f"{place} is a folder. Name the file in it."
        case PermissionError():
            return f"{place} may not be read by this user."
        case _:
            return f"{place} cannot be opened: {error}."


def _spooled(stream: IO[bytes]) -> BinaryIO:
    """A pipe's content in a temporary file, back at its start."""
    file = _temporary()
    total = 0
    while piece := stream.read(PIECE):
        total += len(piece)
        if total > MAX_BYTES:
            file.close()
            raise Unreadable(_too_long("What is piped in"))
        file.write(piece)
    file.seek(0)
    return file


def _fetched(address: str, progress: Progress) -> BinaryIO:
    """What stands under an address, in a temporary file, back at its start."""
    import httpx  # takes a tenth of a second, and most sources are files

    file = _temporary()
    try:
        # Not compressed for the journey: the hash is that of the file, whatever the server would make of it.
        wanted = {"accept-encoding": "identity"}
        with httpx.stream("GET", address, headers=wanted, follow_redirects=True, timeout=TIMEOUT_S) as answer:
            answer.raise_for_status()
            length = answer.headers.get("content-length", "")
            expected = int(length) if length.isdecimal() else None
            for piece in answer.iter_bytes(PIECE):
                file.write(piece)
                if file.tell() > MAX_BYTES:
                    raise Unreadable(_too_long(address))
                progress(file.tell(), expected)
    except httpx.HTTPStatusError as error:
        file.close()
        code, reason = error.response.status_code, error.response.reason_phrase
        raise Unreadable(
            f"{address} answers {code} {reason}. Open it in a browser to see what has become of it."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        file.close()
        raise Unreadable(
            f"{address} could not be fetched ({type(error).__name__}: {error}). Without internet,"
            " download the file elsewhere and give its path."
        ) from error
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _temporary() -> BinaryIO:
    return cast("BinaryIO", tempfile.TemporaryFile(prefix="sitrep-"))  # its reader closes it


def _too_long(what: str) -> str:
    return f"{what} is longer than {MAX_BYTES / 2**30:g} GiB, the most that is read. Import it in parts."


def _called(place: str) -> str:
    """The name under which a release is known: a file's without its folders, an address without its password."""
    if place == STDIN:
        return STDIN_NAME
    parts = urlsplit(place)
    if parts.scheme in {"http", "https"}:
        host = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{host}{parts.path}"
    return Path(place).name


def file_name(name: str) -> str:
    """The last part of a path or an address.

    >>> file_name("https://ucdp.uu.se/downloads/ged/ged261-csv.zip")
    'ged261-csv.zip'
    """
    return PurePosixPath(unquote(name)).name


def _digest(file: BinaryIO) -> tuple[bytes, int]:
    digest = hashlib.sha256()
    size = 0
    while piece := file.read(PIECE):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    return digest.digest(), size


def _stamp(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _unpack(source: Source) -> BinaryIO:
    start = source.file.read(4)
    source.file.seek(0)
    if start == b"PK\x03\x04":
        return _counted(source, _from_zip(source))
    if start[:2] == b"\x1f\x8b":
        return _counted(source, gzip.GzipFile(fileobj=source.file))
    if source.member is not None:
        raise Unreadable(
            f"{source.name} is no archive, so that --member {source.member} names nothing. Leave it out."
        )
    return source.file


def _counted(source: Source, stream: _Readable) -> BinaryIO:
    """What comes out of an archive, bounded; a gzip inside a zip is taken off too."""
    counted = io.BufferedReader(_Bounded(source, stream), PIECE)
    if counted.peek(2)[:2] == b"\x1f\x8b":
        counted = io.BufferedReader(_Bounded(source, gzip.GzipFile(fileobj=counted)), PIECE)
    return cast("BinaryIO", counted)


class _Bounded(io.RawIOBase):
    """A stream out of an archive that ends in a sentence where the archive is a bomb or is damaged."""

    def __init__(self, source: Source, stream: _Readable) -> None:
        self._source = source
        self._stream = stream
        self._left = min(MAX_UNPACKED_BYTES, max(HARMLESS_BYTES, source.size * MAX_EXPANSION))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's buffer has no length
        try:
            piece = self._stream.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, OSError) as error:
            raise Unreadable(
                f"{self._source.name} is damaged or ends too early ({error}). Nothing was imported; download it again."
            ) from error
        self._left -= len(piece)
        if self._left < 0:
            raise Unreadable(
                f"{self._source.name} unpacks to over {MAX_EXPANSION} times its size, or to over"
                f" {MAX_UNPACKED_BYTES / 2**30:g} GiB, and was not read to its end. Unpack it first if it is right."
            )
        buffer[: len(piece)] = piece
        return len(piece)


def _from_zip(source: Source) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(source.file)
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        return archive.open(_chosen(source, names))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise Unreadable(
            f"{source.name} cannot be unpacked ({error}). Download it again, or unpack it first."
        ) from error
    except RuntimeError as error:  # how zipfile says that a password is wanted
        raise Unreadable(f"{source.name} is locked by a password. Unpack it first.") from error


def _chosen(source: Source, names: list[str]) -> str:
    """Which file of an archive is read: the one that is named, or the one table in it."""
    listed = ", ".join(names[:10]) + (" …" if len(names) > 10 else "") or "nothing"  # enough to see
    if source.member is not None:
        # The last part of a path will do, since that is what people see.
        fitting = [name for name in names if source.member in {name, PurePosixPath(name).name}]
        if len(fitting) != 1:
            raise Unreadable(f"{source.name} holds no file {source.member} (it holds {listed}).")
        return fitting[0]
    if "[Content_Types].xml" in names:
        raise Unreadable(
            f"{source.name} is a spreadsheet, not a CSV file. Save it as CSV (UTF-8) and import that."
        )
    tables = [
        name
        for name in names
        # What macOS adds to an archive is no table.
        if name.lower().endswith((".csv", ".csv.gz", ".txt", ".tsv")) and not name.startswith("__MACOSX/")
    ]
    csvs = [name for name in tables if name.lower().endswith((".csv", ".csv.gz"))] or tables
    if len(csvs) == 1:
        return csvs[0]
    if not csvs:
        raise Unreadable(f"{source.name} holds no CSV file (it holds {listed}). UCDP offers one as “CSV”.")
    raise Unreadable(
        f"{source.name} holds {len(csvs)} CSV files. Say which with --member NAME: {', '.join(csvs[:10])}."
    )
