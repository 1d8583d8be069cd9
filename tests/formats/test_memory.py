"""A whole result takes no more memory the longer it is, and what its first rows need is there before them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from app.formats import geoparquet
from app.formats.catalogue import BY_NAME
from app.formats.columns import VOCABULARIES, Kind, columns
from app.formats.format import About, Shown

TABLES = ("arrow", "parquet", "fgb")
CELLS = {
    Kind.TEXT: "A text about nothing that happened",
    Kind.TEXTS: "Army\x1fRebels",
    Kind.DAY: "2021-08-08",
    Kind.INSTANT: "1628380800000000",
    Kind.INTEGER: "7",
    Kind.TRUTH: "true",
    Kind.DEGREES: "12.5",
}
FEW, MANY = 10_000, 60_000
"""Rows: 50,000 more are 27 MB more of text."""
MOST_MB = 10
"""By which many rows may take more than few: much less than they are."""
PROGRAM = """
import re, sys
from pathlib import Path
from app.formats import catalogue, geoparquet
from app.formats.format import About, Shown

catalogue.load()
geoparquet.GROUP = 5_000

def peak_mb(name, rows, times):
    Path("/proc/self/clear_refs").write_text("5")
    writer = catalogue.BY_NAME[name].writer(Shown(), About(address=""))
    writer.begin()
    for _ in range(times):
        writer.write(rows)
    for _ in writer.end():
        pass
    writer.close()
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

name, row, few, many = sys.argv[1], sys.argv[2] + "\\n", int(sys.argv[3]), int(sys.argv[4])
rows = (row * 500).encode()
print(*(peak_mb(name, rows, count // 500) for count in (few, few, many)))
"""


def row() -> str:
    return ",".join(
        next(iter(VOCABULARIES[one.name])) if one.kind is Kind.WORD else CELLS[one.kind]
        for one in columns(Shown())
    )


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="only Linux tells a peak since a moment"
)
@pytest.mark.parametrize("name", TABLES)
def test_many_rows_take_no_more_memory_than_few(name: str) -> None:
    given = [sys.executable, "-c", PROGRAM, name, row(), str(FEW), str(MANY)]
    _, few, many = map(
        float, subprocess.run(given, capture_output=True, text=True, check=True).stdout.split()
    )
    assert (MANY - FEW) * len(row()) > 25_000_000
    assert many - few < MOST_MB


def test_what_the_first_rows_need_is_loaded_at_the_start() -> None:
    program = (
        "import sys; from app.formats.catalogue import *; load(); before = set(sys.modules)\n"
        "for form in FORMATS: page(form, Shown(), About(address=''), (sys.argv[1] + '\\n').encode() if form.slow else b'')\n"
        "print(set(sys.modules) - before)"
    )
    found = subprocess.run([sys.executable, "-c", program, row()], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"


def test_an_arrow_stream_has_its_schema_before_any_row_and_once() -> None:
    writer = BY_NAME["arrow"].writer(Shown(), About(address="here"))
    begin = writer.begin()
    schema = pa.ipc.open_stream(begin).schema
    assert schema.metadata[b"source"] == b"here"
    rest = [writer.write(f"{row()}\n".encode() * 1_000), *writer.end()]
    stream = pa.ipc.open_stream(b"".join([begin, *rest]))
    assert stream.schema.equals(schema, check_metadata=True)
    assert stream.read_all().num_rows == 1_000


def test_a_group_of_parquet_ends_when_it_is_large_before_it_has_all_its_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(geoparquet, "GROUP_BYTES", 4_000_000)
    writer = BY_NAME["parquet"].writer(Shown(), About(address=""))
    parts = [writer.begin(), *(writer.write(f"{row()}\n".encode() * 500) for _ in range(60)), *writer.end()]
    found = parquet.read_metadata(pa.BufferReader(b"".join(parts)))
    groups = [found.row_group(number).num_rows for number in range(found.num_row_groups)]
    assert sum(groups) == 30_000
    assert len(groups) > 2
    assert max(groups) < 15_000
