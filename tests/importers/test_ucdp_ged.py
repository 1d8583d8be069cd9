"""Rows of UCDP GED: what becomes of each column, in each layout, and what is wrong with bad ones."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.drafts import ActorDraft, Draft, Fault, Rejected
from app.importers import rules
from app.importers.importer import Reader
from app.importers.opening import Unreadable, opened
from app.importers.reading import Row, read_table
from app.importers.ucdp_ged import UcdpGed
from app.importers.ucdp_layouts import GED_23_1
from tests.importers.conftest import MYANMAR, SAMPLE, SYRIA, Cells, MakeFile, as_csv, read_rows


@pytest.fixture
def draft_of(reader: Reader) -> Callable[..., Any]:
    """Makes a draft of a row with some cells changed."""

    def make(row: Cells, **changes: str) -> Draft | Rejected:
        cells = row | changes
        (made,) = reader([Row(2, [cells[name] for name in GED_23_1])])
        return made

    return make


def read_as_drafts(read: Reader, rows: Iterable[Row]) -> list[Any]:
    return list(read(list(rows)))


def names(faults: Iterable[Fault]) -> set[str]:
    return {fault.rule for fault in faults}


def test_a_row_becomes_an_event_column_for_column(draft_of: Any, row: Cells) -> None:
    draft = draft_of(row)

    assert {name: getattr(draft, name) for name in EXPECTED} == EXPECTED


EXPECTED = {
    "source_key": "387642",
    "type": "attack_on_civilians",
    "source_type": "3",
    "title": "Taleban – civilians, Shahidan village",
    "first_day": date(2021, 3, 10),
    "last_day": date(2021, 3, 10),
    "date_precision": "day",
    "instant": None,
    "place": "Shahidan village",
    "precision": "settlement",
    "country": "AF",
    "side_a": (ActorDraft(source_key="303", name="Taleban"),),
    "side_b": (ActorDraft(source_key="1", name="Civilians"),),
    "deaths_low": 2,
    "deaths_best": 2,
    "deaths_high": 2,
    "deaths_civilians": 2,
    "deaths_state": "reported",
    "verification": None,
    "contested": None,
    "claims": None,
    "first_reported_basis": "document",
}


@pytest.mark.parametrize(
    ("where", "precision"),
    [
        ("1", "settlement"),
        ("2", "near_settlement"),
        ("3.0", "admin2"),
        ("4", "admin1"),
        ("5", "fuzzy_region"),
        ("6", "country"),
        ("7.0", "sea_air"),
    ],
)
def test_where_prec_says_how_exactly_the_place_is_known(
    where: str, precision: str, draft_of: Any, row: Cells
) -> None:
    assert draft_of(row, where_prec=where).precision == precision


@pytest.mark.parametrize(
    ("when", "precision"), [("1", "day"), ("2", "days_2_6"), ("3", "week"), ("4", "month"), ("5", "year")]
)
def test_date_prec_says_how_exactly_the_day_is_known(
    when: str, precision: str, draft_of: Any, row: Cells
) -> None:
    assert draft_of(row, date_prec=when).date_precision == precision


def test_a_battle_names_both_sides_in_its_title(draft_of: Any, row: Cells) -> None:
    draft = draft_of(row, type_of_violence="1", side_b="IS", side_b_new_id="234")

    assert (draft.type, draft.title) == ("battle", "Taleban – IS, Shahidan village")


@pytest.mark.parametrize(
    "text",
    [
        "2015-05-31",
        "2015-05-31 00:00:00.000",
        "2015-05-31T00:00:00",
        "2015-05-31T23:30:00+04:30",
        "2015/5/31",
        "5/31/2015",
        "31/5/2015 0:00",
        "31.05.2015",
        "31-May-2015",
        "31 May 2015",
    ],
)
def test_days_are_read_in_several_forms_and_never_moved(text: str, draft_of: Any, row: Cells) -> None:
    draft = draft_of(row, date_start=text, date_end=text, year="2015")

    assert (draft.first_day, draft.last_day) == (date(2015, 5, 31), date(2015, 5, 31))


@pytest.mark.parametrize("text", ["214797", "214797.0", " 214797 ", "000214797"])
def test_a_key_has_one_spelling(text: str, draft_of: Any, row: Cells) -> None:
    assert draft_of(row, id=text).source_key == "214797"


def test_zero_deaths_are_zero_or_not_reported(draft_of: Any, row: Cells) -> None:
    draft = draft_of(row, low="0", best="0.0", high="0", deaths_civilians="0")

    assert (draft.deaths_best, draft.deaths_state) == (0, "zero_or_not_reported")


def test_deaths_that_are_missing_are_unknown_and_not_zero(draft_of: Any, row: Cells) -> None:
    draft = draft_of(row, low="", best="", high="", deaths_civilians="")

    assert (draft.deaths_low, draft.deaths_best, draft.deaths_civilians) == (None, None, None)
    assert draft.deaths_state == "not_reported"


def test_minus_one_source_is_an_unknown_number_and_flagged(draft_of: Any, row: Cells) -> None:
    draft = draft_of(row, number_of_sources="-1.0")

    assert draft.sources is None
    assert "sources_not_recorded" in names(draft.faults)


def test_it_was_first_reported_on_the_earliest_day_of_a_document_that_is_not_before_it(
    draft_of: Any, row: Cells
) -> None:
    draft = draft_of(row, source_date="2020-12-31;2021-03-12;2021-03-11;soon")

    assert (draft.first_reported, draft.first_reported_basis) == (date(2021, 3, 11), "document")


def test_rows_that_share_a_place_share_what_is_wrong_with_it(reader: Reader, row: Cells) -> None:
    far = row | {"geom_wkt": "", "priogrid_gid": "1", "country_id": "x"}
    rows = [row, far, far | {"id": "2"}, row | {"id": "3"}, far | {"id": "4", "date_start": "soon"}]

    found = read_as_drafts(reader, [Row(2, [one[name] for name in GED_23_1]) for one in rows])

    doubtful = {"priogrid_differs", "bad_number", "unknown_country"}
    assert [isinstance(one, Draft) for one in found] == [True, True, True, True, False]
    # What is only doubtful in a row that makes no event is not told.
    assert [names(one.faults) for one in found] == [set(), doubtful, doubtful, set(), {"bad_day"}]


def test_without_a_document_it_was_reported_with_the_release_if_its_day_is_known(
    ged: UcdpGed, draft_of: Any, row: Cells
) -> None:
    dated = ged.reader(GED_23_1, released_on=date(2023, 6, 1))
    without = row | {"source_date": "2021-03-09"}

    (draft,) = read_as_drafts(dated, [Row(2, [without[name] for name in GED_23_1])])

    assert (draft.first_reported, draft.first_reported_basis) == (date(2023, 6, 1), "release")
    assert draft_of(row, source_date="").first_reported is None


def test_the_headlines_are_the_summary_and_a_full_stop_is_none(draft_of: Any, row: Cells) -> None:
    assert draft_of(row, source_headline="One;Two").summary == "One; Two"
    assert draft_of(row, source_headline=".").summary is None


BAD = [
    ({"id": ""}, "no_key"),
    ({"id": "-5"}, "bad_key"),
    ({"id": "12.5"}, "bad_key"),
    ({"id": "ETH9766"}, "bad_key"),
    ({"type_of_violence": "4"}, "bad_type"),
    ({"type_of_violence": ""}, "bad_type"),
    ({"latitude": ""}, "no_coordinates"),
    ({"longitude": "NA"}, "no_coordinates"),
    ({"latitude": "34,5"}, "bad_coordinates"),
    ({"latitude": "north"}, "bad_coordinates"),
    ({"latitude": "inf"}, "bad_coordinates"),
    ({"latitude": "90.01"}, "off_the_globe"),
    ({"longitude": "-181"}, "off_the_globe"),
    ({"latitude": "0", "longitude": "0.0"}, "null_island"),
    ({"where_prec": ""}, "bad_place_precision"),
    ({"where_prec": "8"}, "bad_place_precision"),
    ({"where_prec": "1.5"}, "bad_place_precision"),
    ({"date_start": ""}, "no_day"),
    ({"date_start": "2021-02-30"}, "bad_day"),
    ({"date_end": "10 or 11 March"}, "bad_day"),
    ({"date_start": "5/11/2015"}, "bad_day"),
    ({"date_start": "0025-03-10"}, "impossible_day"),
    ({"date_start": "1899-12-31"}, "impossible_day"),
    ({"date_end": "2121-03-10"}, "impossible_day"),
    ({"date_end": "2021-03-09"}, "days_reversed"),
    ({"date_prec": "0"}, "bad_day_precision"),
    ({"date_prec": ""}, "bad_day_precision"),
]


@pytest.mark.parametrize(("changes", "rule"), BAD)
def test_a_bad_row_makes_no_event_and_its_fault_has_column_value_and_sentence(
    changes: dict[str, str], rule: str, draft_of: Any, row: Cells
) -> None:
    rejected = draft_of(row, **changes)

    assert isinstance(rejected, Rejected)
    (fault,) = (fault for fault in rejected.faults if fault.quarantined)
    assert fault.column is not None
    assert (fault.rule, fault.value) == (rule, (row | changes)[fault.column])
    assert fault.message.endswith((".", "?"))
    assert rejected.source_key == (None if "id" in changes else "387642")


def test_all_that_is_wrong_with_a_row_is_said_at_once(draft_of: Any, row: Cells) -> None:
    rejected = draft_of(row, id="x", latitude="", date_start="never", where_prec="9")

    assert names(rejected.faults) == {"bad_key", "no_coordinates", "bad_day", "bad_place_precision"}


FLAGGED = [
    ({"low": "5", "best": "2"}, "deaths_disordered"),
    ({"deaths_civilians": "1"}, "deaths_sum"),
    ({"high": "many"}, "bad_number"),
    ({"high": "99999999999"}, "bad_number"),
    ({"high": "-3"}, "negative_number"),
    ({"geom_wkt": "POINT (64 34)"}, "wkt_differs"),
    ({"geom_wkt": "somewhere"}, "wkt_differs"),
    ({"priogrid_gid": "1"}, "priogrid_differs"),
    ({"year": "2019"}, "other_year"),
    ({"date_end": "2026-12-01", "date_start": "2026-12-01", "year": "2026"}, "day_in_future"),
    ({"country_id": "9999"}, "unknown_country"),
]


@pytest.mark.parametrize(("changes", "rule"), FLAGGED)
def test_an_upstream_fault_that_still_has_a_place_and_a_day_is_kept_and_flagged(
    changes: dict[str, str], rule: str, draft_of: Any, row: Cells
) -> None:
    draft = draft_of(row, **changes)

    assert isinstance(draft, Draft)
    assert rule in names(draft.faults)
    assert not any(fault.quarantined for fault in draft.faults)


def test_nothing_is_said_about_a_row_in_which_nothing_is_wrong(draft_of: Any, row: Cells) -> None:
    assert draft_of(row).faults == ()


def test_a_point_at_0_0_may_be_at_sea(draft_of: Any, row: Cells) -> None:
    assert isinstance(draft_of(row, latitude="0", longitude="0", where_prec="7"), Draft)


def test_a_name_that_no_index_could_hold_is_cut(draft_of: Any, row: Cells) -> None:
    draft = draft_of(row, side_a="A" * 5000)

    assert len(draft.side_a[0].name) == 500


WITHOUT_41 = {
    "relid",
    "code_status",
    "conflict_dset_id",
    "dyad_dset_id",
    "side_a_dset_id",
    "side_b_dset_id",
    "where_description",
    "gwnoa",
}
LAYOUTS = {
    "41 columns": [name for name in GED_23_1 if name not in WITHOUT_41],
    "42 columns, low before best": [
        *(name for name in GED_23_1 if name not in (WITHOUT_41 - {"gwnoa"}) | {"low", "best", "high"}),
        "low",
        "best",
        "high",
    ],
    "49 columns": list(GED_23_1),
    "columns in another order, and capitals": [name.upper() for name in sorted(GED_23_1)],
}


@pytest.mark.parametrize("columns", LAYOUTS.values(), ids=LAYOUTS)
def test_every_layout_is_read_by_the_names_of_its_columns(
    columns: list[str], ged: UcdpGed, rows: list[Cells], make_file: MakeFile, draft_of: Any
) -> None:
    spelled = [
        {name.upper() if columns[0].isupper() else name: cell for name, cell in row.items()} for row in rows
    ]
    with opened(str(make_file(as_csv(spelled, columns)))) as source:
        table = read_table(source, ged.heading)
        read = ged.reader(table.header, released_on=None)
        found = read_as_drafts(read, table.rows)

    assert found == [draft_of(row) for row in rows]


def test_a_second_header_of_hxl_tags_is_no_event(
    ged: UcdpGed, rows: list[Cells], make_file: MakeFile, draft_of: Any
) -> None:
    columns = [*GED_23_1, "iso3"]
    tags = "," + ",".join(["#date+year"] * (len(columns) - 1))
    head, *rest = as_csv(rows, columns).splitlines(keepends=True)
    with opened(str(make_file("".join([head, tags + "\n", *rest])))) as source:
        table = read_table(source, ged.heading)
        read = ged.reader(table.header, released_on=None)
        hxl, *others = table.rows

    assert hxl.silent
    assert read_as_drafts(read, others) == [draft_of(row) for row in rows]


@pytest.mark.parametrize("name", ["ged231.csv", "ged191.csv"])
def test_a_file_without_a_header_is_known_by_its_first_row(
    name: str, ged: UcdpGed, make_file: MakeFile
) -> None:
    rows = read_rows(name)
    with opened(str(make_file(as_csv(rows, header=False)))) as source:
        table = read_table(source, ged.heading)
        read = ged.reader(table.header, released_on=None)
        found = read_as_drafts(read, table.rows)

    assert [one.source_key for one in found] == [row["id"].removesuffix(".0") for row in rows]
    assert [str(one.deaths_high) for one in found] == [row["high"].removesuffix(".0") for row in rows]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b,c\n1,2,3\n", "This is no UCDP GED file"),
        ("id,latitude,longitude\n1,2,3\n", "lacks the columns date_end, date_prec"),
    ],
)
def test_another_table_is_refused_in_a_sentence(
    text: str, sentence: str, ged: UcdpGed, make_file: MakeFile
) -> None:
    with opened(str(make_file(text))) as source, pytest.raises(Unreadable, match=re.escape(sentence)):
        read_table(source, ged.heading)


def test_low_over_best_is_kept_as_it_came(ged: UcdpGed, make_file: MakeFile) -> None:
    rows = read_rows("ged191.csv")
    with opened(str(make_file(rows))) as source:
        table = read_table(source, ged.heading)
        read = ged.reader(table.header, released_on=None)
        found = read_as_drafts(read, table.rows)

    assert [(one.deaths_low, one.deaths_best, one.deaths_high) for one in found[:2]] == [(0, 3, 0), (0, 3, 0)]
    assert all("deaths_disordered" in names(one.faults) for one in found[:2])
    assert "\n" in rows[2]["source_original"]


def _disordered(ged: UcdpGed, path: Path) -> tuple[int, set[str]]:
    with opened(str(path)) as source:
        table = read_table(source, ged.heading)
        read = ged.reader(table.header, released_on=None)
        found = read_as_drafts(read, table.rows)
    assert all(isinstance(one, Draft) for one in found)
    return len(found), {one.source_key for one in found if "deaths_disordered" in names(one.faults)}


@pytest.mark.skipif(not MYANMAR.exists(), reason="needs ../shared")
def test_the_six_rows_of_myanmar_and_bangladesh_with_low_over_best_are_kept(ged: UcdpGed) -> None:
    assert _disordered(ged, MYANMAR) == (3194, {"71686", "84006", "71645", "71690", "210317", "224479"})


@pytest.mark.skipif(not SYRIA.exists(), reason="needs ../shared")
@pytest.mark.parametrize(("path", "rows"), [(SYRIA, 16566), (SAMPLE, 1000)])
def test_every_row_of_a_real_release_makes_an_event(path: Path, rows: int, ged: UcdpGed) -> None:
    assert _disordered(ged, path)[0] == rows


def test_every_rule_that_the_tests_meet_is_in_the_table_of_rules() -> None:
    assert {rule for _, rule in BAD} <= set(rules.QUARANTINE)
    assert {rule for _, rule in FLAGGED} <= set(rules.FLAG)
