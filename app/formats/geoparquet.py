"""GeoParquet 1.1: row groups that a reader can skip by box and by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from app.formats import geoarrow, memory
from app.formats.arrow import Taken
from app.formats.columns import Column, Dialect, Kind, columns, line, selected
from app.formats.format import About, Format, Shown
from app.formats.tables import Blocks

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 100_000
"""Rows of a group: few enough to skip, enough to compress."""
GROUP_BYTES = 64_000_000
"""Bytes in memory after which a group ends before it has so many rows: long texts, and areas."""
BOX = ("xmin", "ymin", "xmax", "ymax")


class Parquet:
    """Writes a group of rows at a time, and at the end where they are (`formats.format.Writer`)."""

    def __init__(self, shown: Shown, about: About) -> None:
        """Take what is shown, and what the file is to tell of itself."""
        from pyarrow import parquet

        self._columns = columns(shown)
        self._schema = _schema(self._columns, about)
        self._blocks = Blocks(self._columns, Dialect.ARROW)
        self._tables: list[pa.Table] = []
        self._rows = self._size = 0
        self._file = Taken()
        self._parquet = parquet.ParquetWriter(self._file, self._schema, compression="zstd")

    def begin(self) -> bytes:
        return self._file.taken()

    def write(self, rows: bytes) -> bytes:
        self._add(self._blocks.add(rows))
        if self._rows >= GROUP or self._size >= GROUP_BYTES:
            self._put()
        return self._file.taken()

    def end(self) -> Iterator[bytes]:
        self._add(self._blocks.rest())
        if self._rows:
            self._put()
            yield self._file.taken()
        self._parquet.close()
        yield self._file.taken()

    def close(self) -> None:
        # Without its end the file has no index of what it holds, and cannot be read.
        self._tables = []
        memory.give_back()

    def _add(self, tables: Iterator[pa.Table]) -> None:
        for table in tables:
            self._tables.append(
                geoarrow.with_geometry(_boxed(table)).select(self._schema.names).cast(self._schema)
            )
            self._rows += len(table)
            self._size += self._tables[-1].nbytes

    def _put(self) -> None:
        import pyarrow as pa

        group = pa.concat_tables(self._tables)
        self._tables, self._rows, self._size = [], 0, 0
        memory.give_back()
        self._parquet.write_table(group, row_group_size=len(group))
        del group
        memory.give_back()


def _schema(shown: Sequence[Column], about: About) -> pa.Schema:
    import pyarrow as pa

    schema = geoarrow.schema(shown, about)
    if not geoarrow.has_geometry(shown):
        return schema
    plain = pa.field("geometry", pa.binary())
    schema = schema.set(schema.get_field_index("geometry"), plain)
    box = pa.struct([pa.field(name, pa.float64()) for name in BOX])
    outlines = any(column.kind is Kind.OUTLINE for column in shown)
    return schema.append(pa.field("bbox", box)).with_metadata(
        {**geoarrow.attribution(about), "geo": orjson.dumps(_geo("MultiPolygon" if outlines else "Point"))}
    )


def _geo(geometry_type: str) -> dict[str, Any]:
    """The member `geo` of the file's metadata (GeoParquet 1.1). Coordinates are longitude and latitude on WGS 84 where it names no others."""
    return {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": [geometry_type],
                "orientation": "counterclockwise",
                "covering": {"bbox": {name: ["bbox", name] for name in BOX}},
            }
        },
    }


def _boxed(table: pa.Table) -> pa.Table:
    """The box of each geometry beside it, by whose statistics a reader skips groups."""
    import pyarrow as pa
    import shapely

    if "longitude" in table.column_names:
        point = [table.column(name).combine_chunks() for name in ("longitude", "latitude")]
        return table.append_column("bbox", _box([*point, *point], point[0].is_null()))
    if "geometry" not in table.column_names:
        return table
    column = table.column("geometry").combine_chunks()
    bounds = shapely.bounds(shapely.from_wkb(column.to_numpy(zero_copy_only=False)))
    sides = [pa.array(bounds[:, side], from_pandas=True) for side in range(len(BOX))]
    return table.append_column("bbox", _box(sides, column.is_null()))


def _box(sides: list[pa.Array], unknown: pa.Array) -> pa.Array:
    import pyarrow as pa

    return pa.StructArray.from_arrays(sides, list(BOX), mask=unknown)


GEOPARQUET = Format(
    name="parquet",
    aliases=("geoparquet",),
    media_type="application/vnd.apache.parquet",
    accepted=("application/x-parquet",),
    title="GeoParquet",
    columns=lambda shown: selected(shown, Dialect.ARROW),
    line=lambda shown: line(shown, Dialect.ARROW),
    writer=Parquet,
    slow=True,
    compressed=True,
)
