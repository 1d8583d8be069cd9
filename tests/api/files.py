"""Files of events as rows, read by clients that are not ours: what the JSON answer has as properties, and `point`."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyarrow as pa
import pyogrio
from pyarrow import parquet

Row = dict[str, Any]
Read = Callable[[bytes, Path], list[Row]]


def told(features: list[Any]) -> list[Row]:
    """What the JSON answer tells, as rows."""
    return [{**feature["properties"], "point": _point(feature["geometry"])} for feature in features]


def _point(geometry: Any) -> tuple[float, float] | None:
    return tuple(geometry["coordinates"]) if geometry else None


def _of_collection(content: bytes, _: Path) -> list[Row]:
    return told(json.loads(content)["features"])


def _of_lines(content: bytes, _: Path) -> list[Row]:
    assert content.endswith(b"\n")
    return told([json.loads(line) for line in content.decode().removesuffix("\n").split("\n")])


def _of_sequence(content: bytes, _: Path) -> list[Row]:
    before, *records = content.split(b"\x1e")
    assert before == b""
    assert all(record.endswith(b"\n") for record in records)
    return told([json.loads(record) for record in records])


def _of_csv(content: bytes, _: Path) -> list[Row]:
    read = pd.read_csv(
        io.BytesIO(content), dtype=object, keep_default_na=False, na_values=[], lineterminator="\n"
    )
    # pandas cannot tell an unknown from an empty text; DuckDB can (below).
    return [_from_texts(row) for row in read.to_dict("records")]


def _from_texts(texts: Row) -> Row:
    row: Row = {}
    for name, text in texts.items():
        if text in {"", None}:
            row[name] = None
        elif name in {"side_a", "side_b"}:
            row[name] = json.loads(text)
        elif name in NUMBERS:
            row[name] = int(text)
        else:
            row[name] = {"true": True, "false": False}[text] if name == "contested" else text
    return _with_point(row, texts["longitude"], texts["latitude"])


def _with_point(row: Row, longitude: Any, latitude: Any) -> Row:
    del row["longitude"], row["latitude"]
    return {**row, "point": (float(longitude), float(latitude)) if longitude not in {"", None} else None}


def _of_arrow(content: bytes, _: Path) -> list[Row]:
    return _of_table(pa.ipc.open_stream(content).read_all())


def _of_parquet(content: bytes, _: Path) -> list[Row]:
    table = parquet.read_table(io.BytesIO(content))
    boxes = table.column("bbox").to_pylist()
    rows = _of_table(table.drop_columns(["bbox"]))
    for row, box in zip(rows, boxes, strict=True):
        point = row["point"]
        assert box == (point and {"xmin": point[0], "ymin": point[1], "xmax": point[0], "ymax": point[1]})
    return rows


def _of_table(table: pa.Table) -> list[Row]:
    frame = geopandas.GeoSeries.from_wkb(table.column("geometry").to_pandas())
    points = [None if point is None else (point.x, point.y) for point in frame]
    rows = [
        {name: _plain(value) for name, value in row.items()}
        for row in table.drop_columns(["geometry"]).to_pylist()
    ]
    return [{**row, "point": point} for row, point in zip(rows, points, strict=True)]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def _of_flatgeobuf(content: bytes, folder: Path) -> list[Row]:
    file = folder / "events.fgb"
    file.write_bytes(content)
    meta, _, geometries, columns = pyogrio.raw.read(file, datetime_as_string=True)
    assert meta["geometry_type"] == "Point"
    points = geopandas.GeoSeries.from_wkb(geometries)
    rows = []
    for number, point in enumerate(points):
        texts = {name: column[number] for name, column in zip(meta["fields"], columns, strict=True)}
        row = {name: _of_ogr(name, value) for name, value in texts.items()}
        rows.append({**row, "point": None if point is None else (point.x, point.y)})
    return rows


def _of_ogr(name: str, value: Any) -> Any:
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return None
    if name in {"side_a", "side_b"}:
        return json.loads(value)
    if name in {"first_day", "last_day", "first_reported"}:
        return str(value)[:10]
    if name == "updated":
        return datetime.fromisoformat(str(value)).isoformat()
    if name == "contested":
        return bool(value)
    return int(value) if name in NUMBERS else value


NUMBERS = {
    "radius_m", "claims", "sources", "revision", "deaths_low", "deaths_best", "deaths_high", "deaths_civilians",
}  # fmt: skip
READERS: dict[str, Read] = {
    "geojson": _of_collection,
    "jsonfg": _of_collection,
    "geojsonl": _of_lines,
    "geojsons": _of_sequence,
    "csv": _of_csv,
    "fgb": _of_flatgeobuf,
    "parquet": _of_parquet,
    "arrow": _of_arrow,
}
