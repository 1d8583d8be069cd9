"""What follows for an event from what is said about it comes back when that is taken back or changed."""

from datetime import date
from typing import Any

import pytest

from app.domain.events import event_id
from tests.importers.conftest import Cells, Import, MakeFile, changed
from tests.importers.desking import DESK, KEY, TAKEN_BACK, Ask, Load, counts, state

OWN = "2021-03-20"
"""When the dataset says that the event was first reported; it was on 10 March."""
EARLIER = "2021-03-12"
TELLING = f"""\
format: sitrep-desk-1
documents:
  - {{key: early, publisher: A paper, published_on: {EARLIER}}}
claims:
  - {{key: told, about: [ucdp-ged/{KEY}], stance: asserts, claimant: Someone, role: witness, quote: Q, speech: direct,
     said: {{first: {EARLIER}, last: {EARLIER}}}, verification: not_stated, document: early}}
"""
REPORTED = "first_reported::text, first_reported_basis"
CORRECTED = """\
format: sitrep-desk-1
documents:
  - {{key: later, publisher: A paper, published_on: 2021-08-10}}
estimates:
  - {{key: {}, {}, best: 2, state: reported, basis: counted, document: later}}
"""


async def take_back(load_desk: Load, day: str = "2021-08-11") -> None:
    report = await load_desk(TAKEN_BACK.format("claims", "told"), f"{day}.yaml")
    assert counts(report) == {"followed": 1, "statements withdrawn": 1}


async def reported(ask: Ask, key: str = KEY) -> tuple[Any, ...]:
    return await state(ask, REPORTED, key, "ucdp-ged")


async def test_a_first_report_comes_back_when_the_claim_that_moved_it_is_withdrawn(
    load_desk: Load, ask: Ask, import_ged: Import, make_file: MakeFile, row: Cells
) -> None:
    own = changed(row, source_date=OWN)
    await import_ged(make_file([own, changed(own, id="7")]))

    await load_desk(TELLING)
    assert await reported(ask) == (EARLIER, "document")
    await take_back(load_desk)
    assert await reported(ask) == (OWN, "document")
    await load_desk(TELLING, "2021-08-12.yaml")
    assert await reported(ask) == (EARLIER, "document")

    assert await reported(ask, "7") == (OWN, "document")
    # As of each version it is what it was then.
    assert await ask(
        "SELECT since_version, first_reported::text FROM event_revision WHERE id = :id ORDER BY since_version",
        id=event_id("ucdp-ged", KEY),
    ) == [(1, OWN), (2, EARLIER), (3, OWN), (4, EARLIER)]


async def test_a_document_that_is_later_than_the_dataset_s_own_moves_nothing(
    load_desk: Load, ask: Ask, import_ged: Import, make_file: MakeFile, row: Cells
) -> None:
    await import_ged(make_file([changed(row, source_date="2021-03-11")]))
    await load_desk(TELLING)
    assert await reported(ask) == ("2021-03-11", "document")


async def test_a_newer_release_with_another_day_behind_an_earlier_document_is_no_change_and_counts_afterwards(
    load_desk: Load, ask: Ask, import_ged: Import, make_file: MakeFile, row: Cells
) -> None:
    await import_ged(make_file([changed(row, source_date=OWN)]))
    await load_desk(TELLING)

    newer = make_file([changed(row, source_date="2021-03-25")], "ged241.csv")
    report = await import_ged(newer, label="24.1")

    assert (report.changed, report.unchanged) == (0, 1)
    assert await state(ask, f"{REPORTED}, revision", KEY, "ucdp-ged") == (EARLIER, "document", 2)
    assert await ask("SELECT count(*) FROM event_revision WHERE dataset = 'ucdp-ged'") == [(2,)]
    await take_back(load_desk)
    assert await reported(ask) == ("2021-03-25", "document")


async def test_an_older_release_and_the_same_forced_again_leave_the_own_day_as_it_is(
    load_desk: Load, ask: Ask, import_ged: Import, make_file: MakeFile, row: Cells
) -> None:
    newest = make_file([changed(row, source_date=OWN)], "ged241.csv")
    await import_ged(newest, label="24.1")
    await load_desk(TELLING)

    older = await import_ged(make_file([changed(row, source_date="2021-03-15")], "ged221.csv"), label="22.1")
    again = await import_ged(newest, label="24.1", force=True)

    assert (older.outdated, again.changed, again.unchanged) == (1, 0, 1)
    assert await reported(ask) == (EARLIER, "document")
    await take_back(load_desk)
    assert await reported(ask) == (OWN, "document")


async def test_an_older_release_that_is_forced_brings_its_own_day(
    load_desk: Load, ask: Ask, import_ged: Import, make_file: MakeFile, row: Cells
) -> None:
    await import_ged(make_file([changed(row, source_date=OWN)], "ged241.csv"), label="24.1")
    await load_desk(TELLING)
    older = make_file([changed(row, source_date="2021-03-15")], "ged221.csv")
    await import_ged(older, label="22.1", force=True)
    await take_back(load_desk)
    assert await reported(ask) == ("2021-03-15", "document")


async def test_the_first_release_that_held_it_is_remembered_behind_a_document(
    load_desk: Load, ask: Ask, import_ged: Import, make_file: MakeFile, row: Cells
) -> None:
    undated = changed(row, source_date="")
    await import_ged(make_file([undated], "ged221.csv"), released_on=date(2022, 6, 1))
    await load_desk(TELLING)

    report = await import_ged(make_file([undated, row | {"id": "7"}]), released_on=date(2023, 6, 1))

    assert (report.changed, report.unchanged) == (0, 1)
    assert await reported(ask) == (EARLIER, "document")
    await take_back(load_desk)
    assert await reported(ask) == ("2022-06-01", "release")


async def test_an_event_that_is_reinstated_has_the_own_day_of_the_release_that_brings_it_back(
    load_desk: Load, ask: Ask, import_ged: Import, make_file: MakeFile, row: Cells
) -> None:
    held = [changed(row, source_date=OWN), changed(row, id="7")]
    await import_ged(make_file(held, "ged221.csv"), label="22.1")
    await load_desk(TELLING)
    left = make_file(held[1:], "ged231.csv")
    await import_ged(left, label="23.1", complete=True, confirm=lambda _: True)
    assert await state(ask, f"{REPORTED}, status", KEY, "ucdp-ged") == (EARLIER, "document", "retracted")
    await take_back(load_desk)
    assert await reported(ask) == (OWN, "document")

    back = make_file([changed(row, source_date="2021-03-25")], "ged241.csv")
    await import_ged(back, label="24.1")

    assert await state(ask, f"{REPORTED}, status", KEY, "ucdp-ged") == ("2021-03-25", "document", "active")
    await load_desk(TELLING, "2021-08-12.yaml")
    assert await reported(ask) == (EARLIER, "document")


DEATHS = "deaths_low, deaths_best, deaths_high, deaths_civilians"


async def test_the_civilians_among_the_deaths_follow_the_estimate_that_the_event_names(
    load_desk: Load, ask: Ask
) -> None:
    await load_desk(DESK)
    assert await state(ask, DEATHS) == (1, 2, 3, 1)

    corrected = CORRECTED.format("dead-civilians", "event: one, harm: killed, group: civilians")
    report = await load_desk(corrected, "2021-08-10.yaml")

    assert counts(report) == {"followed": 1, "statements created": 1, "statements changed": 1}
    assert await state(ask, f"{DEATHS}, revision") == (1, 2, 3, 2, 2)
    assert await state(ask, DEATHS, "two") == (None,) * 4

    await load_desk(TAKEN_BACK.format("estimates", "dead-civilians"), "2021-08-11.yaml")
    assert await state(ask, DEATHS) == (1, 2, 3, None)
    await load_desk(corrected, "2021-08-12.yaml")
    assert await state(ask, DEATHS) == (1, 2, 3, 2)
    assert await ask(
        "SELECT deaths_civilians FROM event_revision WHERE source_key = 'one' ORDER BY since_version"
    ) == [(1,), (2,), (None,), (2,)]


@pytest.mark.parametrize(
    "told",
    [
        "event: two, harm: killed, group: civilians",
        "event: one, harm: injured, group: civilians",
        "event: one, harm: killed, group: children",
    ],
)
async def test_an_estimate_that_turns_out_to_be_of_something_else_gives_no_civilians(
    load_desk: Load, ask: Ask, told: str
) -> None:
    await load_desk(DESK)
    await load_desk(CORRECTED.format("dead-civilians", told), "2021-08-10.yaml")
    assert await state(ask, DEATHS) == (1, 2, 3, None)


async def test_an_event_that_names_another_estimate_of_as_many_civilians_is_unchanged_and_follows_that(
    load_desk: Load, ask: Ask
) -> None:
    second = "  - {key: dead-too, event: one, harm: killed, group: civilians, best: 1, state: reported, basis: counted, document: report}\n"
    both = DESK.replace("assessments:\n", f"{second}assessments:\n")
    await load_desk(both)
    report = await load_desk(both.replace("civilians: dead-civilians}", "civilians: dead-too}"))
    assert counts(report) == {}

    one, other = (
        CORRECTED.format(key, "event: one, harm: killed, group: civilians")
        for key in ("dead-too", "dead-civilians")
    )
    await load_desk(other.replace("best: 2", "best: 3"), "2021-08-10.yaml")
    assert await state(ask, DEATHS) == (1, 2, 3, 1)
    await load_desk(one, "2021-08-11.yaml")
    assert await state(ask, DEATHS) == (1, 2, 3, 2)
