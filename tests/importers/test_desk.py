"""A desk file is read, or says by line and column what is wrong with it."""

import json
from datetime import date
from typing import Any

import pytest
import yaml

from app.domain.events import DatePrecision, DeathsState, EventType, FirstReportedBasis, Precision
from app.domain.evidence import StatementKind, statement_id
from app.importers.desk import BadDesk, read
from app.importers.region_seed import seeded
from tests.importers.desking import (
    DESK,
    at,
    changed,
    coded,
    document,
    drafts,
    flaws,
    locator,
    said,
)


def test_an_event_with_a_place_gets_its_point_its_subdivisions_and_its_sides() -> None:
    one = drafts(DESK)["one"]

    assert (one.type, one.precision, one.lon, one.lat) == (
        EventType.BATTLE,
        Precision.SETTLEMENT,
        68.857,
        36.72895,
    )
    assert (one.country, one.admin1, one.admin2) == ("AF", "AF-KDZ", "AF-KDZ.kunduz")
    assert (one.first_day, one.last_day, one.date_precision) == (
        date(2021, 8, 7),
        date(2021, 8, 8),
        DatePrecision.DAY,
    )
    assert [(actor.source_key, actor.name, actor.aliases) for actor in one.side_a] == [
        ("red", "Red", ("Reds", "سرخ"))
    ]
    assert (one.first_reported, one.first_reported_basis, one.documents) == (
        date(2021, 8, 8),
        FirstReportedBasis.DOCUMENT,
        (document("report"),),
    )


def test_the_deaths_of_an_event_are_the_estimates_that_it_names() -> None:
    one = drafts(DESK)["one"]

    assert one.deaths_estimate == statement_id(StatementKind.ESTIMATE, "desk", "dead")
    assert one.civilians_estimate == statement_id(StatementKind.ESTIMATE, "desk", "dead-civilians")
    # For the store to take.
    assert (one.deaths_low, one.deaths_best, one.deaths_high, one.deaths_civilians) == (None,) * 4


@pytest.mark.parametrize(
    ("state", "number"),
    [("not_reported", None), ("vague", None), ("explicit_zero", 0), ("zero_or_not_reported", 0)],
)
def test_deaths_without_an_estimate_are_a_word_and_a_zero_only_where_one_was_said(
    state: str, number: int | None
) -> None:
    two = drafts(changed("state: not_reported}", f"state: {state}}}"))["two"]

    assert (two.deaths_low, two.deaths_best, two.deaths_high, two.deaths_civilians) == (number,) * 4
    assert (two.deaths_state, two.deaths_estimate) == (DeathsState(state), None)


def test_an_event_whose_place_is_a_province_has_no_point_and_the_province_as_its_extent() -> None:
    two = drafts(DESK)["two"]

    assert (two.lon, two.lat, two.extent, two.radius_m, two.near_regions) == (None,) * 5
    assert (two.country, two.admin1, two.admin2, two.extent_region) == ("AF", "AF-HEL", None, "AF-HEL")


def test_what_is_not_reported_is_none_and_never_zero() -> None:
    two = drafts(DESK)["two"]

    assert (two.deaths_low, two.deaths_best, two.deaths_high, two.deaths_civilians) == (None,) * 4
    assert (two.verification, two.contested, two.claims, two.summary) == (None,) * 4


def test_a_word_that_yaml_takes_for_something_else_stays_text() -> None:
    assert drafts(DESK)["two"].title == "NO"


def test_a_record_is_the_event_as_it_is_written_without_the_comment_on_the_next() -> None:
    key, written = coded(DESK).events[0].cells

    assert key == "one"
    assert written.startswith("key: one\ntype: battle\n")
    assert written.endswith("\ndocuments: [report]")
    assert yaml.safe_load(written)["side_a"] == ["red"]


def test_the_same_in_json_is_the_same() -> None:
    def plain(value: Any) -> str:
        return str(value)

    as_json = json.dumps(
        yaml.safe_load(DESK) | {"events": yaml.safe_load(DESK)["events"]}, default=plain, ensure_ascii=False
    )
    # YAML's NO is false to the loader of this test, which is why the reader does not use it.
    as_json = as_json.replace('"title": false', '"title": "NO"')

    assert drafts(as_json) == drafts(DESK)
    assert said(as_json) == said(DESK)


def test_json_may_be_indented_with_tabs_and_write_what_is_beyond_16_bits_as_a_pair() -> None:
    told: dict[str, Any] = {
        "format": "sitrep-desk-1",
        "documents": [
            {"key": "post", "publisher": "Somebody 🙂", "published_on": "2021-08-08", "note": 'a/b "c"\tä'}
        ],
    }

    found = said(json.dumps(told, indent="\t"))[("document", "post")]

    assert (getattr(found, "publisher"), getattr(found, "note")) == ("Somebody 🙂", 'a/b "c"\tä')  # noqa: B009


@pytest.mark.parametrize(
    ("old", "new", "there", "told"),
    [
        ("sitrep-desk-1", "sitrep-desk-9", "sitrep-desk-9", "This reader knows the format 'sitrep-desk-1' only."),
        ("type: battle", "type: batle", "batle", "'batle' is no type. Did you mean 'battle'?"),
        ("title: A battle", "tittle: A battle", "tittle", "An entry of 'events' has no key 'tittle'. Did you mean 'title'?"),
        ("title: A battle", "title: ''", "''", "'title' is empty. Write what it is."),
        ("title: A battle", "title: A battle\n    summary: ''", "''", "'summary' is empty. Leave the key out where there is nothing to say."),
        ("title: A battle", "type: arrest  #", "type: arrest  #", "An entry of 'events' has the key 'type' twice."),
        ("title: A battle", "summary: x", "key: one", "An entry of 'events' lacks 'title'."),
        ("key: two", "key: one #", "one #", "The key 'one' stands twice."),
        ("key: two", "key: Two!", "Two!", "'Two!' is no key: small letters, digits and hyphens."),
        ("last: 2021-08-08, precision: day", "last: 2021-08-32, precision: day", "2021-08-32", "There is no day 2021-08-32: day"),
        ("last: 2021-08-08, precision: day", "last: 9999-12-31, precision: day", "9999-12-31", "'9999-12-31' is no day."),
        ("last: 2021-08-08, precision: day", "last: 8 August, precision: day", "8 August", "'8 August' is no day. Write it as 2021-08-08."),
        ("last: 2021-08-08, precision: day", "last: 2021-08-06, precision: day", "2021-08-06", "The event ends (2021-08-06) before it begins (2021-08-07)."),
        ("first: 2021-08-07, last: 2021-08-08, precision: day", "first: 2021-08-09, last: 2021-08-10, precision: day", "2021-08-09, last", "The event begins (2021-08-09) after it was reported (2021-08-08)."),
        ("first: 2021-08-07, last: 2021-08-08, precision: day", "first: 2022-01-03, last: 2022-01-03, precision: day", "2022-01-03, last", "2022-01-03 is still to come: today is 2022-01-01 (UTC)."),
        ("precision: week", "precision: days_2_6", "days_2_6", "2021-08-01 to 2021-08-08 is 8 days; with days_2_6 it is 2 to 6."),
        ("state: not_reported}", "state: vague, best: 0}", "best: 0", "A number of deaths is an entry of 'estimates'"),
        ("state: not_reported}", "low: 3}", "low: 3", "A number of deaths is an entry of 'estimates', with who gives it, which the event names as 'deaths: {from: its-key}': {key: its-key,"),
        ("state: not_reported}", "state: reported}", "reported}", "A number of deaths is an entry of 'estimates'"),
        ("state: not_reported}", "state: some}", "some}", "'some' is no state. There are: reported, explicit_zero"),
        ("deaths: {state: not_reported}", "deaths: {}", "{}", "'deaths' needs a 'state' (as not_reported) or a 'from'."),
        ("{from: dead, ", "{state: vague, from: dead, ", "vague", "The deaths have either a 'state' or a 'from'"),
        ("{from: dead, civilians: dead-civilians}", "{civilians: dead-civilians, state: vague}", "dead-civilians, state", "'civilians' goes with 'from'."),
        ("from: dead,", "from: deaf,", "deaf,", "'deaf' is no estimate in this file. A number of deaths is an entry of 'estimates'"),
        ("from: dead, civilians: dead-civilians", "from: dead, civilians: 5", "5}", "'5' is no estimate in this file."),
        ("from: dead, civilians: dead-civilians", "from: dead, civilians: dead", "dead}", "'civilians' names an estimate of harm 'killed' and group civilians; 'dead' is of killed, all."),
        ("from: dead, civilians: dead-civilians", "from: dead-civilians", "dead-civilians}", "'from' names an estimate of harm 'killed' and group all or unknown; 'dead-civilians' is of killed, civilians."),
        ("{state: not_reported}", "{from: dead}", "dead}", "The estimate 'dead' is about another event."),
        ("title: A battle", "title: A battle\n    verification: verified", "verification: verified", "An event has no 'verification' of its own. Say it, and why, in an entry of 'assessments'"),
        ("title: A battle", 'title: "\\0"', '"\\0"', "This holds a character that cannot be kept (U+0000)."),
        ("region: AF-HEL", "region: Helmand", "Helmand", "'Helmand' is no region's code. Did you mean AF-HEL (Helmand, Afghanistan)?"),
        ("region: AF-HEL", "region: AF-XXX", "AF-XXX", "'AF-XXX' is no region's code. No region is called 'AF-XXX'."),
        ("region: AF-HEL}", "region: AF }", "AF }", "A place known to admin1 needs the code of a subdivision."),
        ("region: AF-HEL", "region: AF-HEL, point: [64, 31]", "[64, 31]", "A place known to admin1 has no point: it would stand in for an area."),
        (", point: [68.857, 36.72895]", "", "{precision: settlement", "A place known to settlement needs a point."),
        ("[68.857, 36.72895]", "[68.857]", "[68.857]", "A point is longitude and latitude"),
        ("[68.857, 36.72895]", "[36.72895, 168.857]", "[36.72895", "[36.72895, 168.857] is not on the globe: longitude comes first."),
        ("[68.857, 36.72895]", "[64.4, 31.6]", "[64.4", "The point does not go with AF-KDZ: The point is over"),
        ("side_a: [red]", "side_a: [green]", "[green]", "'green' in 'side_a' is not in this file"),
        ("side_b: [blue]", "side_b: [blue, red]", "[blue, red]", "'red' is on both sides. Name each actor on one."),
        ("side_a: [red]", "side_a: green", "green", "'side_a' is a list"),
    ],
)  # fmt: skip
def test_a_fault_of_an_event_is_told_with_its_line_and_column(
    old: str, new: str, there: str, told: str
) -> None:
    text = changed(old, new)

    (flaw,) = flaws(text)

    assert flaw.startswith(f"{at(text, there)}: {told}")


def test_an_event_with_a_fault_does_not_make_faults_of_the_claims_about_it() -> None:
    assert len(flaws(changed("type: battle", "type: batle"))) == 1


def test_several_faults_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = changed("region: AF-HEL", "region: Helmand").replace("type: battle", "type: batle")

    assert [flaw.split(": ")[1] for flaw in flaws(text)] == [
        "'batle' is no type. Did you mean 'battle'?",
        "'Helmand' is no region's code. Did you mean AF-HEL (Helmand, Afghanistan)?",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1, column 1: The file is empty."),
        (
            b"format: sitrep-desk-1",
            "line 1, column 9: The file says nothing: it has none of documents, actors",
        ),
        (b"[1, 2]", "line 1, column 1: A desk file is keys with values"),
        (b"format: [", "line 1, column 10: This is neither YAML nor JSON:"),
        (b"format: x\nformat: y\n", "line 2, column 1: A desk file has the key 'format' twice."),
        (b"ok: 1\nna\xefve: 2\n", "line 2, column 3: The file is not UTF-8."),
        (b"a: \x01", "line 1, column 1: This is neither YAML nor JSON:"),
        (b'{"format": "x",', "line 1, column 16: This is neither YAML nor JSON:"),
        (b"a: 1\n---\nb: 2\n", "line 2, column 1: This is neither YAML nor JSON:"),
        (b"[" * 20_000, "line 1, column 1: This is nested more deeply than can be read."),
        (
            b"format: !!python/object/apply:os.system [id]",
            "line 1, column 9: 'format' is one value, not a list or keys",
        ),
    ],
)
def test_what_is_no_desk_file_is_refused_with_a_sentence(content: bytes, told: str) -> None:
    with pytest.raises(BadDesk) as caught:
        read(content, "desk.yaml", seeded(), locator())

    assert str(caught.value.flaws[0]).startswith(told)
    assert str(caught.value).startswith("desk.yaml was not loaded, since it has one fault:\n  line ")
