"""What a format of events is: a name, a media type, what is selected for it, and a writer that frames rows.

Rows reach a writer as PostgreSQL's COPY gives them, whatever the format: as text that passes through, or as CSV that becomes a table.
Pages and whole results are written by the same writers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import ColumnElement

from app.domain.crs import Crs
from app.domain.filters import GeometryWanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of each event."""

    properties: tuple[str, ...] | None = None
    """Names out of `PROPERTIES`; None means all."""
    geometry: GeometryWanted = GeometryWanted.POINT
    crs: Crs = Crs.CRS84
    """The reference system of the geometries; others than this are for formats with `systems`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file tells of itself, as far as its format has room for it."""

    address: str
    """Where the same is asked again."""
    sources: Sequence[Mapping[str, Any]] = ()
    """The datasets it may hold: `id`, `title`, `licence`, `licence_url`, `citation` of each."""
    members: Mapping[str, Any] = field(default_factory=dict)
    """Members of a JSON answer that stand before the features: links, counts."""


class Writer(Protocol):
    """Turns rows into a file, piece by piece: `begin`, any number of `write`, `end`. A file without its end is none."""

    def begin(self) -> bytes:
        """What stands before all rows; it is known before the first."""

    def write(self, rows: bytes) -> bytes:
        """What is to be sent after these rows, whole ones, each with a newline at its end. It may be nothing yet."""

    def end(self) -> Iterator[bytes]:
        """What is still to be sent after the last row, piece by piece."""

    def close(self) -> None:
        """Give back what it holds (a temporary file), whether it came to its end or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write events. All there are is in `formats.catalogue`."""

    name: str
    """What the parameter `f` calls it, and how the address and the file of a whole result end."""
    media_type: str
    title: str
    aliases: tuple[str, ...] = ()
    """What else `f` may say."""
    accepted: tuple[str, ...] = ()
    """Further media types by which it is asked for."""
    columns: Callable[[Shown], list[ColumnElement[Any]]]
    """What is selected for a row of a whole result, over the columns of `event`."""
    line: Callable[[Shown], ColumnElement[str]]
    """The same as one text, for a page."""
    writer: Callable[[Shown, About], Writer]
    verbatim: bool = False
    """Whether a row is one text that is passed on as it is; else it is CSV."""
    slow: bool = False
    """Whether writing takes so long (building tables, milliseconds a piece) that the event loop must not wait for it."""
    ordered: bool = True
    """Whether the order that is asked for is kept; else the format has one of its own."""
    compressed: bool = False
    """Whether it is compressed already, so that doing it again is wasted."""
    linked: bool = False
    """Whether its body has room for links."""
    systems: bool = False
    """Whether geometries may be in another reference system than longitude and latitude."""
    profile: str | None = None
    """What it is a profile of its media type by (RFC 6906), if it is one."""
