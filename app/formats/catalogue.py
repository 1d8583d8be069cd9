"""The formats in which events are written: pages by `f` and `Accept`, whole results by their address."""

from __future__ import annotations

from app.formats import memory
from app.formats.arrow import ARROW
from app.formats.columns import columns
from app.formats.csv_text import CSV
from app.formats.flatgeobuf import FLATGEOBUF
from app.formats.format import About, Format, Shown
from app.formats.geojson import GEOJSON
from app.formats.geoparquet import GEOPARQUET
from app.formats.jsonfg import JSONFG
from app.formats.sequences import GEOJSONL, GEOJSONS

FORMATS = (GEOJSON, JSONFG, GEOJSONL, GEOJSONS, CSV, FLATGEOBUF, GEOPARQUET, ARROW)
"""All formats, the one that is answered where none is asked for first."""
BY_NAME = {one.name: one for one in FORMATS}


def load() -> None:
    """Load what tables are made with, which takes most of a second: or else whoever asks first waits for it."""
    memory.settle()
    # Much is loaded by the first row only. Where there is pandas, Arrow looks at it: that alone takes half a second.
    nothing = b"," * (len(columns(Shown())) - 1) + b"\n"
    for form in FORMATS:
        if form.slow:
            page(form, Shown(), About(address=""), nothing)


def page(form: Format, shown: Shown, about: About, rows: bytes) -> bytes:
    """A whole file of a page's rows, each as the format's `line` has it, with a newline behind."""
    writer = form.writer(shown, about)
    try:
        parts = [writer.begin()]
        if rows:
            parts.append(writer.write(rows))
        return b"".join([*parts, *writer.end()])
    finally:
        writer.close()
