"""Arrow tables with a geometry, and what their schema tells: for Arrow streams and GeoParquet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson

from app.formats.columns import Column, Kind
from app.formats.format import About
from app.formats.tables import array_type

if TYPE_CHECKING:
    import pyarrow as pa

TITLE = "Conflict events"
CRS = "OGC:CRS84"
"""Longitude and latitude on WGS 84."""

_PLACES = {Kind.DEGREES, Kind.OUTLINE}


def has_geometry(columns: Sequence[Column]) -> bool:
    """Whether the columns tell where an event is."""
    return any(column.kind in _PLACES for column in columns)


def schema(columns: Sequence[Column], about: About) -> pa.Schema:
    """The schema of the tables that `with_geometry` gives, and where they come from."""
    import pyarrow as pa

    fields = [pa.field(one.name, array_type(one.kind)) for one in columns if one.kind not in _PLACES]
    if has_geometry(columns):
        extension = {
            "ARROW:extension:name": "geoarrow.wkb",
            "ARROW:extension:metadata": orjson.dumps({"crs": CRS, "crs_type": "authority_code"}).decode(),
        }
        fields.append(pa.field("geometry", pa.binary(), metadata=extension))
    return pa.schema(fields, metadata=attribution(about))


def attribution(about: About) -> dict[str, str]:
    """What a file tells of itself, by name."""
    return {
        "title": TITLE,
        "source": about.address,
        "attribution": orjson.dumps(list(about.sources)).decode(),
    }


def with_geometry(table: pa.Table) -> pa.Table:
    """Longitude and latitude as one column of points in WKB; null where there is no point. An outline is WKB already."""
    if "longitude" not in table.column_names:
        return table
    points = points_as_wkb(table.column("longitude"), table.column("latitude"))
    return table.drop_columns(["longitude", "latitude"]).append_column("geometry", points)


def points_as_wkb(longitude: pa.ChunkedArray, latitude: pa.ChunkedArray) -> pa.Array:
    """Points as WKB, little end first: 21 bytes each."""
    import numpy as np

    written = np.zeros(len(longitude), dtype=[("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])
    written["order"], written["type"] = 1, 1
    written["x"], written["y"] = longitude.to_numpy(), latitude.to_numpy()
    known = longitude.is_valid().combine_chunks()
    return fixed(written, known)


def fixed(written: Any, known: pa.Array | None = None) -> pa.Array:
    """An array of records that are all of one size as binary values; null where they are not `known`."""
    import numpy as np
    import pyarrow as pa

    size = written.dtype.itemsize
    places = np.arange(0, (len(written) + 1) * size, size, dtype=np.int32)
    mask = None if known is None else _bits(known)
    buffers = [mask, pa.py_buffer(places), pa.py_buffer(np.ascontiguousarray(written))]
    return pa.BinaryArray.from_buffers(pa.binary(), len(written), buffers)


def _bits(known: pa.Array) -> pa.Buffer:
    import numpy as np
    import pyarrow as pa

    return pa.py_buffer(np.packbits(known.to_numpy(zero_copy_only=False), bitorder="little"))
