"""The parts of FlatGeobuf that are FlatBuffers: a file's header, and its features, many at once.

https://github.com/flatgeobuf/flatgeobuf/tree/master/src/fbs has the tables; SLOTS and numbers here are theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import flatbuffers
import shapely

from app.formats.geoarrow import fixed

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Numbers = np.ndarray[Any, Any]

MAGIC = b"fgb\x03fgb\x00"
ALIGNED = 8
"""Numbers of eight bytes stand on multiples of this, counted from where a feature begins: browsers read them in place."""


class ColumnType(IntEnum):
    """What a column holds, as a FlatGeobuf header has it."""

    BOOL = 2
    INT = 5
    STRING = 11
    JSON = 12
    DATE_TIME = 13


class GeometryType(IntEnum):
    """What kind of geometry all features have."""

    UNKNOWN = 0
    POINT = 1
    MULTI_POLYGON = 6


class Header:
    """A file's header."""

    def __init__(self, *, title: str, description: str, metadata: str) -> None:
        """Take what the file tells of itself; `metadata` is JSON."""
        self._texts = {0: "events", 11: title, 12: description, 13: metadata}

    def written(
        self,
        columns: Sequence[tuple[str, ColumnType]],
        geometry: GeometryType,
        *,
        count: int,
        box: Sequence[float] | None,
        node_size: int,
    ) -> bytes:
        """The header with its size before it; `node_size` is 0 for a file without an index."""
        builder = flatbuffers.Builder(1024)
        texts = {slot: builder.CreateString(text) for slot, text in self._texts.items()}
        described = [_column(builder, name, kind) for name, kind in columns]
        listed = _vector(builder, described)
        reference = _reference_system(builder)
        envelope = None if box is None else _doubles(builder, box)
        builder.StartObject(14)
        for slot, text in texts.items():
            builder.PrependUOffsetTRelativeSlot(slot, text, 0)
        if envelope is not None:
            builder.PrependUOffsetTRelativeSlot(1, envelope, 0)
        builder.PrependUint8Slot(2, geometry, 0)
        builder.PrependUOffsetTRelativeSlot(7, listed, 0)
        builder.PrependUint64Slot(8, count, 0)
        builder.PrependUint16Slot(9, node_size, 16)
        builder.PrependUOffsetTRelativeSlot(10, reference, 0)
        builder.FinishSizePrefixed(builder.EndObject())
        return bytes(builder.Output())


def points(properties: pa.Array, longitude: Numbers, latitude: Numbers) -> pa.Array:
    """Features with a point and these properties (`flatgeobuf.properties`), each with its size before it."""
    import numpy as np
    import pyarrow.compute as pc

    lengths = pc.binary_length(properties).to_numpy()
    heads = np.zeros(len(lengths), dtype=_POINT)
    heads[:] = _POINT_HEAD
    heads["x"], heads["y"] = longitude, latitude
    # A feature without a point has the table of one all the same, at which nothing points.
    heads["geometry_at"] = np.where(np.isfinite(longitude), 4, 0)
    return _sized(heads, properties, lengths)


def outlines(properties: pa.Array, wkb: Sequence[bytes | None]) -> pa.Array:
    """Features with an area, given as WKB, and these properties, each with its size before it."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    lengths = pc.binary_length(properties).to_numpy()
    heads = np.zeros(len(lengths), dtype=_OUTLINE)
    heads[:] = _OUTLINE_HEAD
    shapes = [(b"", 0) if one is None else _multi_polygon(one) for one in wkb]
    roots = np.array([root for _, root in shapes], dtype=np.int64)
    known = roots > 0
    begins = _padded(_OUTLINE.itemsize + lengths)
    heads["geometry_at"] = np.where(known, 4, 0)
    heads["geometry"] = np.where(known, begins + roots - _OUTLINE.fields["geometry"][1], 0)
    return _sized(heads, properties, lengths, pa.array([content for content, _ in shapes], pa.binary()))


def _sized(heads: Any, properties: pa.Array, lengths: Numbers, shapes: pa.Array | None = None) -> pa.Array:
    """Heads, properties and shapes put together, each padded."""
    import pyarrow as pa
    import pyarrow.compute as pc

    size = _padded(heads.dtype.itemsize + lengths)
    pads = pa.array([bytes(length) for length in range(ALIGNED)], pa.binary())
    padding = pads.take(pa.array(size - heads.dtype.itemsize - lengths))
    heads["properties_length"] = lengths
    heads["size"] = size - 4 + (0 if shapes is None else pc.binary_length(shapes).to_numpy())
    parts = [fixed(heads), properties, padding, *([] if shapes is None else [shapes])]
    return pc.binary_join_element_wise(*parts, pa.scalar(b"", pa.binary()))


def _padded(sizes: Numbers) -> Numbers:
    return (sizes + ALIGNED - 1) // ALIGNED * ALIGNED


@lru_cache(maxsize=64)  # thousands of events share an extent, and large ones take a while
def _multi_polygon(wkb: bytes) -> tuple[bytes, int]:
    """A MultiPolygon as a table, and where in these bytes it begins."""
    builder = flatbuffers.Builder(1024)
    parts = [_polygon(builder, part) for part in shapely.get_parts(shapely.from_wkb(wkb))]
    listed = _vector(builder, parts)
    builder.StartObject(8)
    builder.PrependUint8Slot(6, GeometryType.MULTI_POLYGON, 0)
    builder.PrependUOffsetTRelativeSlot(7, listed, 0)
    builder.Finish(builder.EndObject())
    content = bytes(builder.Output())
    return content, int.from_bytes(content[:4], "little")


def _polygon(builder: flatbuffers.Builder, polygon: shapely.Polygon) -> int:
    import numpy as np

    rings = [polygon.exterior, *polygon.interiors]
    corners = np.concatenate([shapely.get_coordinates(ring) for ring in rings])
    ends = np.cumsum([len(ring.coords) for ring in rings]).astype("<u4")
    places = builder.CreateNumpyVector(corners.astype("<f8").ravel())
    ended = builder.CreateNumpyVector(ends)
    builder.StartObject(8)
    builder.PrependUOffsetTRelativeSlot(0, ended, 0)
    builder.PrependUOffsetTRelativeSlot(1, places, 0)
    builder.PrependUint8Slot(6, 3, 0)
    return int(builder.EndObject())


def _column(builder: flatbuffers.Builder, name: str, kind: ColumnType) -> int:
    named = builder.CreateString(name)
    builder.StartObject(11)
    builder.PrependUOffsetTRelativeSlot(0, named, 0)
    builder.PrependUint8Slot(1, kind, 0)
    return int(builder.EndObject())


def _reference_system(builder: flatbuffers.Builder) -> int:
    """WGS 84. FlatGeobuf has x before y whatever the system's own order of axes."""
    authority, name = builder.CreateString("EPSG"), builder.CreateString("WGS 84")
    builder.StartObject(6)
    builder.PrependUOffsetTRelativeSlot(0, authority, 0)
    builder.PrependInt32Slot(1, 4326, 0)
    builder.PrependUOffsetTRelativeSlot(2, name, 0)
    return int(builder.EndObject())


def _vector(builder: flatbuffers.Builder, offsets: Sequence[int]) -> int:
    builder.StartVector(4, len(offsets), 4)
    for offset in reversed(offsets):
        builder.PrependUOffsetTRelative(offset)
    return int(builder.EndVector())


def _doubles(builder: flatbuffers.Builder, numbers: Sequence[float]) -> int:
    builder.StartVector(8, len(numbers), 8)
    for number in reversed(numbers):
        builder.PrependFloat64(number)
    return int(builder.EndVector())


def _layout() -> tuple[Any, Any, Any, Any]:
    """How features begin, byte by byte, and the numbers that are the same in each.

    A table begins with the distance back to its own table of places (`vtable`), in which 0 stands for what is left out; whatever has
    no fixed size is pointed at by the distance from the pointer.
    """
    import numpy as np

    begin = [
        ("size", "<u4"), ("root", "<u4"),
        ("vtable_size", "<u2"), ("table_size", "<u2"), ("geometry_at", "<u2"), ("properties_at", "<u2"),
        ("vtable_back", "<i4"), ("geometry", "<u4"), ("properties", "<u4"),
    ]  # fmt: skip
    shape = [
        ("shape_vtable_size", "<u2"), ("shape_table_size", "<u2"), ("ends_at", "<u2"), ("xy_at", "<u2"),
        ("shape_vtable_back", "<i4"), ("xy", "<u4"), ("xy_length", "<u4"), ("x", "<f8"), ("y", "<f8"),
    ]  # fmt: skip
    point = np.dtype([*begin, *shape, ("properties_length", "<u4")])
    outline = np.dtype([*begin, ("properties_length", "<u4")])
    head = (0, 12, 8, 12, 4, 8, 8)
    return (
        point,
        np.array((*head, 16, 40, 8, 8, 0, 4, 8, 4, 2, 0, 0, 0), dtype=point),
        outline,
        np.array((*head, 0, 4, 0), dtype=outline),
    )


_POINT, _POINT_HEAD, _OUTLINE, _OUTLINE_HEAD = _layout()
