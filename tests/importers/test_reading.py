"""Files as they come: whatever they are packed in and however they are written, each cell is read as it is."""

import gzip
import io
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.importers import opening
from app.importers.opening import Unreadable, opened
from app.importers.reading import Row, read_table

Put = Callable[..., Path]
HEADER = ["id", "name"]


def heading(first: Sequence[str]) -> tuple[Sequence[str], bool]:
    """A header of two columns, or a row of them without one."""
    return (first, True) if first[0] == "id" else (HEADER, False)


def read(place: Path | str, member: str | None = None) -> list[Row]:
    with opened(str(place), member=member) as source:
        return list(read_table(source, heading).rows)


def cells(place: Path | str, member: str | None = None) -> list[list[str]]:
    return [row.cells for row in read(place, member)]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(content: bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_csv", ".csv").replace("_txt", ".txt"), content)
    return packed.getvalue()


PLAIN = b"id,name\n1,Kunduz\n2,Herat\n"
EXPECTED = [["1", "Kunduz"], ["2", "Herat"]]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PLAIN, id="plain"),
        pytest.param(PLAIN[:-1], id="no line end at the end"),
        pytest.param(b"\xef\xbb\xbf" + PLAIN, id="utf-8 with a byte order mark"),
        pytest.param(b'\xef\xbb\xbf"id","name"\n1,Kunduz\n2,Herat\n', id="byte order mark before a quote"),
        pytest.param(PLAIN.replace(b"\n", b"\r\n"), id="lines end as in Windows"),
        pytest.param(PLAIN.replace(b"\n", b"\r"), id="lines end as on old Macintoshes"),
        pytest.param(PLAIN.decode().encode("utf-16"), id="utf-16"),
        pytest.param(PLAIN.replace(b",", b";"), id="semicolons"),
        pytest.param(PLAIN.replace(b",", b"\t"), id="tabs"),
        pytest.param(gzip.compress(PLAIN), id="gzip"),
        pytest.param(zipped(events_csv=PLAIN), id="zip"),
        pytest.param(zipped(readme_txt=b"read me", events_csv=PLAIN), id="zip with a note beside"),
        pytest.param(zipped(events_csv=gzip.compress(PLAIN)), id="gzip in a zip"),
    ],
)
def test_a_file_is_read_whatever_it_is_packed_in_and_written_as(content: Any, put: Put) -> None:
    assert cells(put(content, "no-name-that-tells")) == EXPECTED


def test_rows_count_as_in_a_spreadsheet_where_the_header_is_row_1(put: Put) -> None:
    assert [row.number for row in read(put(PLAIN))] == [2, 3]


def test_a_file_without_a_header_begins_with_row_1(put: Put) -> None:
    found = read(put(b"1,Kunduz\n2,Herat\n"))

    assert [(row.number, row.cells) for row in found] == [(1, ["1", "Kunduz"]), (2, ["2", "Herat"])]


def test_line_breaks_quotes_and_commas_in_cells_stay(put: Put) -> None:
    assert cells(put(b'id,name\n1,"a\nb, ""c"""\n2,d\n')) == [["1", 'a\nb, "c"'], ["2", "d"]]


def test_bytes_that_are_no_utf8_are_read_as_windows_1252_and_flagged(put: Put) -> None:
    mended, whole = read(
        put("id,name\n1,Ter Ma\u2019la caf".encode() + b"\xe9 \x92\n" + "2,Şanlıurfa\n".encode())
    )

    assert mended.cells == ["1", "Ter Ma’la café ’"]
    assert [fault.rule for fault in mended.faults] == ["not_utf8", "not_utf8"]
    assert (whole.cells, whole.faults) == (["2", "Şanlıurfa"], ())


def test_a_nul_byte_becomes_a_sign_for_it_and_is_flagged(put: Put) -> None:
    (row,) = read(put(b"id,name\n1,a\0b\n"))

    assert row.cells == ["1", "a␀b"]
    assert [fault.rule for fault in row.faults] == ["nul_byte"]


def test_a_second_header_and_blank_rows_say_nothing_and_are_kept(put: Put) -> None:
    found = read(put(b"id,name\n#event+id,#loc\n\n1,Kunduz\n,\n"))

    assert [(row.number, row.silent) for row in found] == [(2, True), (3, True), (4, False), (5, True)]


def test_a_row_with_too_few_or_too_many_cells_is_quarantined_alone(put: Put) -> None:
    found = read(put(b"id,name\n1\n2,Herat\n3,a,b\n"))

    assert [bool(row.faults) for row in found] == [True, False, True]
    assert found[0].faults[0].rule == "ragged_row"
    assert found[2].cells == ["3", "a", "b"]


def test_a_quote_that_is_never_closed_costs_one_row_and_not_all_that_follow(put: Put) -> None:
    found = read(put(b'id,name\n1,"Kunduz\n2,Herat\n3,Kabul\n'))

    assert [row.cells for row in found if not row.faults] == [["2", "Herat"], ["3", "Kabul"]]
    assert found[0].cells == ["1", '"Kunduz']
    assert [fault.rule for fault in found[0].faults] == ["open_quote"]


def test_a_cell_of_three_million_letters_is_read(put: Put) -> None:
    (row,) = read(put(b'id,name\n1,"' + b"x" * 3_000_000 + b'"\n'))

    assert len(row.cells[1]) == 3_000_000


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "file.csv is empty", id="empty"),
        pytest.param(b"\n\n", "holds no rows", id="only blank lines"),
        pytest.param(gzip.compress(PLAIN * 1000)[:-20], "damaged or ends too early", id="cut off gzip"),
        pytest.param(zipped(events_csv=PLAIN)[:-30], "cannot be unpacked", id="cut off zip"),
        pytest.param(
            zipped(a_csv=PLAIN, b_csv=PLAIN), "--member NAME: a.csv, b.csv", id="several tables in a zip"
        ),
        pytest.param(zipped(data=PLAIN), "holds no CSV file (it holds data)", id="no table in a zip"),
        pytest.param(zipped(**{"[Content_Types].xml": b""}), "spreadsheet", id="a workbook of Excel"),
        pytest.param(gzip.compress((b"x" * 2**20 + b"\n") * 100), "unpacks to over 200 times", id="a bomb"),
        pytest.param(b"x" * (65 * 2**20), "this is no CSV file", id="a line without an end"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(content: Any, sentence: str, put: Put) -> None:
    with pytest.raises(Unreadable, match=r".") as caught:
        read(put(content))
    assert sentence in str(caught.value)


def test_one_of_several_tables_is_chosen_by_name(put: Put) -> None:
    assert cells(put(zipped(a_csv=b"id,name\n9,no\n", b_csv=PLAIN)), member="b.csv") == EXPECTED


def test_a_member_that_is_not_there_is_said(put: Put) -> None:
    with pytest.raises(Unreadable, match=r"holds no file c\.csv"):
        read(put(zipped(a_csv=PLAIN)), member="c.csv")


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="There is no file"):
        read(tmp_path / "missing.csv")
    with pytest.raises(Unreadable, match="is a folder"):
        read(tmp_path)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Piped:
        buffer = io.BytesIO(gzip.compress(PLAIN))

        def isatty(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", Piped())

    assert cells("-") == EXPECTED


def test_a_file_is_known_by_the_hash_of_what_came_and_not_of_what_was_in_it(put: Put) -> None:
    with opened(str(put(PLAIN))) as plain, opened(str(put(gzip.compress(PLAIN), "packed"))) as packed:
        assert plain.sha256 == sha256(PLAIN).digest()
        assert packed.sha256 == sha256(gzip.compress(PLAIN)).digest()


def test_a_file_that_changes_while_it_is_read_is_not_imported(put: Put) -> None:
    path = put(PLAIN)
    with opened(str(path)) as source:
        table = read_table(source, heading)
        path.write_bytes(PLAIN + b"3,Kabul\n")

        with pytest.raises(Unreadable, match="was changed while it was read"):
            list(table.rows)


def test_a_row_whose_key_begins_with_a_hash_is_a_row(put: Put) -> None:
    (row,) = read(put(b"id,name\n#1,Kunduz\n"))

    assert not row.silent


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/ged231.csv.gz")
            self.end_headers()
        elif self.path == "/ged231.csv.gz":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(gzip.compress(PLAIN))
        else:
            self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_is_fetched_also_where_it_has_moved(web: str) -> None:
    assert cells(f"{web}/ged231.csv.gz") == EXPECTED
    assert cells(f"{web}/moved") == EXPECTED


def test_a_password_in_an_address_is_not_kept(web: str) -> None:
    with opened(web.replace("http://", "http://me:secret@") + "/ged231.csv.gz") as source:
        assert source.name == f"{web}/ged231.csv.gz"


def test_an_address_with_nothing_under_it_is_said(web: str) -> None:
    with pytest.raises(Unreadable, match="answers 404 Not Found"):
        read(f"{web}/nothing")


def test_a_host_that_does_not_answer_is_said() -> None:
    with pytest.raises(Unreadable, match=r"could not be fetched .* Without internet"):
        read("http://127.0.0.1:9/ged.csv")


def test_a_download_ends_where_it_is_too_long(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_BYTES", 10)
    with pytest.raises(Unreadable, match="longer than"):
        read(f"{web}/ged231.csv.gz")
