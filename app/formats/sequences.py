"""One feature a line: as newline-delimited JSON, and as a text sequence (RFC 8142), in which each begins with a record separator."""

from __future__ import annotations

from collections.abc import Iterator

from app.formats.format import Format
from app.formats.geojson import GEOJSON

_SEPARATOR = b"\x1e"


class Lines:
    """Passes rows on (`formats.format.Writer`)."""

    def begin(self) -> bytes:
        return b""

    def write(self, rows: bytes) -> bytes:
        return rows

    def end(self) -> Iterator[bytes]:
        yield from ()

    def close(self) -> None:
        """Nothing is held."""


class TextSequence(Lines):
    """Begins each row with a record separator, which stands nowhere else: inside of JSON it is escaped."""

    def write(self, rows: bytes) -> bytes:
        return _SEPARATOR + rows[:-1].replace(b"\n", b"\n" + _SEPARATOR) + b"\n"


GEOJSONL = Format(
    name="geojsonl",
    aliases=("ndjson", "jsonl"),
    # Registered is none; this is what clients and servers call it.
    media_type="application/x-ndjson",
    accepted=("application/ndjson", "application/jsonl"),
    title="GeoJSON, one feature a line",
    columns=GEOJSON.columns,
    line=GEOJSON.line,
    writer=lambda _asked, _about: Lines(),
    verbatim=True,
)
GEOJSONS = Format(
    name="geojsons",
    aliases=("geojsonseq",),
    media_type="application/geo+json-seq",
    title="GeoJSON text sequence",
    columns=GEOJSON.columns,
    line=GEOJSON.line,
    writer=lambda _asked, _about: TextSequence(),
    verbatim=True,
)
