"""A desk file is read, or says by line and column what is wrong with it."""

import hashlib
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.domain.drafts import Draft
from app.domain.events import DatePrecision, DeathsState, EventType, FirstReportedBasis, Precision
from app.importers.desk import BadDesk, Coded, read
from app.importers.locating import Locator
from app.importers.region_seed import SEED, seeded

SHIPPED = SEED / "desk" / "2021-08-08-kunduz-helmand.yaml"
ARTICLE = Path(__file__).parents[3] / "shared" / "data" / "seed-article.txt"

DESK = """\
format: sitrep-desk-1
documents:
  - {key: report, publisher: Somebody, published_on: 2021-08-08}
actors:
  - {key: red, name: Red, aliases: [Reds, سرخ]}
  - {key: blue, name: Blue}
events:
  - key: one
    type: battle
    title: A battle
    when: {first: 2021-08-07, last: 2021-08-08, precision: day}
    where: {precision: settlement, region: AF-KDZ, point: [68.857, 36.72895]}
    side_a: [red]
    side_b: [blue]
    deaths: {state: reported, low: 1, best: 2, high: 3}
    documents: [report]
  # What stands here is about the next event.
  - key: two
    type: arrest
    title: NO
    when: {first: 2021-08-01, last: 2021-08-08, precision: week}
    where: {precision: admin1, region: AF-HEL}
    deaths: {state: not_reported}
    documents: [report]
claims:
  - {key: said, about: [one], claimant: Red, role: party_to_conflict, stance: asserts, quote: We won, speech: direct,
     said: {first: 2021-08-08, last: 2021-08-08}, verification: not_stated, document: report}
  - {key: answer, about: [one], claimant: Blue, role: party_to_conflict, stance: denies, responds_to: said, quote: No,
     speech: direct, said: {first: 2021-08-08, last: 2021-08-08}, verification: not_stated, document: report}
figures:
  - {key: sum, metric: killed, value: 3, qualifier: about, area: {region: AF}, period: {first: 2021-08-01, last: 2021-08-08},
     by: Red, role: party_to_conflict, quote: Some three, verification: not_stated, document: report}
"""


@cache
def locator() -> Locator:
    return Locator(seeded())


def coded(text: str) -> list[Coded]:
    return read(text.encode(), "desk.yaml", seeded(), locator())


def drafts(text: str) -> dict[str, Draft]:
    return {one.draft.source_key: one.draft for one in coded(text)}


def flaws(text: str) -> list[str]:
    with pytest.raises(BadDesk) as caught:
        coded(text)
    return [str(flaw) for flaw in caught.value.flaws]


def changed(old: str, new: str) -> str:
    assert DESK.count(old) == 1, f"{old!r} stands {DESK.count(old)} times in the desk file of these tests"
    return DESK.replace(old, new)


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
    assert (one.deaths_low, one.deaths_best, one.deaths_high, one.deaths_state) == (
        1,
        2,
        3,
        DeathsState.REPORTED,
    )
    assert (one.first_reported, one.first_reported_basis, one.sources) == (
        date(2021, 8, 8),
        FirstReportedBasis.DOCUMENT,
        1,
    )


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
    key, written = coded(DESK)[0].cells

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


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        ("sitrep-desk-1", "sitrep-desk-9", "sitrep-desk-9", "This reader knows the format 'sitrep-desk-1' only."),
        ("type: battle", "type: batle", "batle", "'batle' is no type. Did you mean 'battle'?"),
        ("title: A battle", "tittle: A battle", "tittle", "An entry of 'events' has no key 'tittle'. Did you mean 'title'?"),
        ("title: A battle", "title: ''", "''", "'title' is empty."),
        ("title: A battle", "type: arrest  #", "type: arrest  #", "An entry of 'events' has the key 'type' twice."),
        ("title: A battle", "summary: x", "key: one", "An entry of 'events' lacks 'title'."),
        ("key: two", "key: one #", "one #", "The key 'one' stands twice."),
        ("key: two", "key: Two!", "Two!", "The key 'Two!' is to be of small letters, digits and hyphens."),
        ("last: 2021-08-08, precision: day", "last: 2021-08-32, precision: day", "2021-08-32", "There is no day 2021-08-32: day"),
        ("last: 2021-08-08, precision: day", "last: 8 August, precision: day", "8 August", "'8 August' is no day. Write it as 2021-08-08."),
        ("last: 2021-08-08, precision: day", "last: 2021-08-06, precision: day", "2021-08-06", "The event ends (2021-08-06) before it begins (2021-08-07)."),
        ("first: 2021-08-07, last: 2021-08-08, precision: day", "first: 2021-08-09, last: 2021-08-10, precision: day", "2021-08-09", "The event begins (2021-08-09) after it was reported (2021-08-08)."),
        ("precision: week", "precision: days_2_6", "days_2_6", "2021-08-01 to 2021-08-08 is 8 days; with days_2_6 it is 2 to 6."),
        ("low: 1, best: 2", "low: 33, best: 2", "33", "The deaths go down (33, 2): low, best and high go up."),
        ("low: 1, best: 2", "low: few, best: 2", "few", "'few' is no whole number."),
        ("state: not_reported}", "state: vague, best: 0}", "vague", "Deaths that are vague have no number."),
        ("state: reported, low: 1, best: 2, high: 3", "state: reported", "reported}", "Deaths that are reported have a number."),
        ("state: reported, low", "state: explicit_zero, low", "explicit_zero", "Deaths that are explicit_zero are written as 0."),
        ("region: AF-HEL", "region: Helmand", "Helmand", "'Helmand' is no region's code. Did you mean AF-HEL (Helmand, Afghanistan)?"),
        ("region: AF-HEL", "region: AF-XXX", "AF-XXX", "'AF-XXX' is no region's code. No region is called 'AF-XXX'."),
        ("region: AF-HEL}", "region: AF }", "AF }", "A place known to admin1 needs the code of a subdivision."),
        ("region: AF-HEL", "region: AF-HEL, point: [64, 31]", "[64, 31]", "A place known to admin1 has no point: it would stand in for an area."),
        (", point: [68.857, 36.72895]", "", "{precision: settlement", "A place known to settlement needs a point."),
        ("[68.857, 36.72895]", "[68.857]", "[68.857]", "A point is longitude and latitude"),
        ("[68.857, 36.72895]", "[36.72895, 168.857]", "[36.72895", "[36.72895, 168.857] is not on the globe: longitude comes first."),
        ("[68.857, 36.72895]", "[64.4, 31.6]", "[64.4", "The point does not go with AF-KDZ: The point is over"),
        ("side_a: [red]", "side_a: [green]", "[green]", "'green' in 'side_a' is not in this file"),
        ("side_a: [red]", "side_a: green", "green", "'side_a' is a list"),
        ("stance: asserts", "stance: insists", "insists", "'insists' is no stance."),
        (", responds_to: said", "", "denies", "A claim that denies answers another: name it in 'responds_to'."),
        ("responds_to: said", "responds_to: nobody", "nobody", "No other claim has the key 'nobody'."),
        ("responds_to: said", "responds_to: answer", "answer, quote", "No other claim has the key 'answer'."),
        ("key: answer, about: [one]", "key: answer, about: [two]", "[two]", "'said', which this answers, is not about two."),
        ("key: answer, about: [one]", "key: answer, about: [three]", "[three]", "'three' is no event of this file."),
        ("key: said, about: [one]", "key: said, about: []", "[],", "A claim is about one event or more."),
        ("value: 3", "low: 4, high: 3", "4, high", "The range's low is over its high."),
        ("value: 3", "value: 33, low: 3", "33", "A figure has either a value or a range of low and high."),
        ("metric: killed", "metric: sunk", "sunk", "'sunk' is no metric."),
        ("area: {region: AF}", "area: {region: AFG!}", "AFG!", "'AFG!' is no region's code."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_column(old: str, new: str, at: str, told: str) -> None:
    text = changed(old, new)
    before = text[: text.index(at)]

    flaw = flaws(text)[0]

    assert flaw.startswith(
        f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}: {told}"
    )


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
        (b"[1, 2]", "line 1, column 1: A desk file is keys with values"),
        (b"format: [", "line 1, column 10: This is not YAML:"),
        (b"format: x\nformat: y\n", "line 2, column 1: A desk file has the key 'format' twice."),
        (b"ok: 1\nna\xefve: 2\n", "line 2, column 3: The file is not UTF-8."),
        (b"a: \x01", "line 1, column 1: This is not YAML:"),
        (b"a: 1\n---\nb: 2\n", "line 2, column 1: This is not YAML:"),
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


def test_the_report_that_ships_is_coded_into_these_events() -> None:
    found = {
        one.draft.source_key: (one.draft.type.value, one.draft.title, one.draft.extent_region)
        for one in read(SHIPPED.read_bytes(), SHIPPED.name, seeded(), locator())
    }

    assert found == {
        "2021-08-08-fall-of-kunduz": ("territorial_change", "Fall of Kunduz to the Taliban", "AF-KDZ"),
        "2021-08-us-air-strikes": ("air_strike", "US air strikes against Taliban positions", "AF"),
        "2021-08-helmand-hospital": ("air_strike", "Alleged bombing of a hospital", "AF-HEL"),
        "2021-08-helmand-high-school": ("air_strike", "Alleged bombing of a high school", "AF-HEL"),
        "2021-05-taliban-offensive-begins": ("strategic_development", "Taliban offensive begins", "AF"),
        "2021-05-us-drawdown-begins": ("strategic_development", "US drawdown of forces begins", "AF"),
    }


def test_only_what_the_publisher_could_not_verify_is_unverified() -> None:
    events = read(SHIPPED.read_bytes(), SHIPPED.name, seeded(), locator())

    assert {one.draft.source_key: one.draft.verification for one in events if one.draft.verification} == {
        "2021-08-helmand-hospital": "unverified",
        "2021-08-helmand-high-school": "unverified",
    }


def test_an_accusation_by_a_party_that_could_not_be_verified_is_about_the_hospital_and_the_school() -> None:
    desk = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    places = {event["key"]: event["where"].get("region") for event in desk["events"]}

    found = {
        event
        for claim in desk["claims"]
        for event in claim["about"]
        if claim["role"] == "party_to_conflict"
        and claim["verification"] == "explicitly_unverified"
        and places[event] == "AF-HEL"
    }

    assert found == {"2021-08-helmand-hospital", "2021-08-helmand-high-school"}


def test_the_figures_of_the_report_are_kept_for_later() -> None:
    desk = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))

    assert {figure["key"]: figure["value"] for figure in desk["figures"]} == {
        "kunduz-population": 375_000,
        "unama-casualties-2021-h1": 5_183,
        "atmar-killed": 3_000,
        "atmar-displaced": 300_000,
        "red-cross-treated": 49_500,
    }


@pytest.mark.skipif(not ARTICLE.exists(), reason="the report itself is not part of the project")
def test_every_quote_stands_in_the_report_word_for_word() -> None:
    article = " ".join(ARTICLE.read_text(encoding="utf-8").split())
    desk = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    entries = [*desk["claims"], *desk["figures"]]

    assert [entry["key"] for entry in entries if entry["quote"] not in article] == []
    assert desk["documents"][0]["sha256"] == hashlib.sha256(ARTICLE.read_bytes()).hexdigest()


@pytest.mark.skipif(not ARTICLE.exists(), reason="the report itself is not part of the project")
def test_the_report_is_quoted_briefly() -> None:
    desk = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))

    assert max(len(entry["quote"]) for entry in [*desk["claims"], *desk["figures"]]) <= 150
