"""Desk files beside each other and beside other datasets: copies, references, their order, and all at once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.turns import OPEN
from app.importers.desk import BadDesk, load
from app.importers.importer import BadRelease
from tests.importers.desking import (
    DENIAL,
    DESK,
    FILE,
    KEY,
    LATER,
    SHIPPED,
    TAKEN_BACK,
    Ask,
    Load,
    at,
    changed,
    coded,
    counts,
    state,
)


def copies(*, independent: bool) -> str:
    """Three papers, of which two print the report of the first; the third event's."""
    fourth = "  - {key: d, publisher: D, published_on: 2021-08-08}\n" if independent else ""
    text = changed(
        "  - {key: photo,",
        "  - {key: b, publisher: B, published_on: 2021-08-08, copy_of: report}\n"
        f"  - {{key: c, publisher: C, published_on: 2021-08-07, copy_of: b}}\n{fourth}  - {{key: photo,",
    )
    listed = "[report, b, c, d]" if independent else "[report, b, c]"
    return text.replace(
        "dead-civilians}\n    documents: [report]", f"dead-civilians}}\n    documents: {listed}"
    )


@pytest.mark.parametrize(("independent", "sources"), [(False, 1), (True, 2)])
async def test_copies_of_a_report_are_one_source(
    *, load_desk: Load, ask: Ask, independent: bool, sources: int
) -> None:
    await load_desk(copies(independent=independent))

    assert await state(ask, "sources, first_reported::text") == (sources, "2021-08-07")


async def test_a_chain_of_copies_through_several_files_has_one_origin(load_desk: Load, ask: Ask) -> None:
    await load_desk(copies(independent=True))
    told = "format: sitrep-desk-1\ndocuments:\n  - {{key: {}, publisher: Somebody, published_on: 2021-08-08, copy_of: {}}}\n"

    # The report turns out to be a copy of D's, and later D's to be one of it: a circle, and still one report.
    first = await load_desk(told.format("report", "d"), LATER)
    assert (counts(first)["followed"], await state(ask, "sources, revision")) == (2, (1, 2))
    await load_desk(told.format("d", "b"), "2021-08-11.yaml")
    assert await state(ask, "sources, revision") == (1, 3)


async def test_an_estimate_s_document_is_a_source(load_desk: Load, ask: Ask) -> None:
    await load_desk(changed("basis: counted, document: report", "basis: counted, document: photo"))

    assert await state(ask, "sources") == (2,)


async def test_the_day_of_a_document_that_was_wrong_is_mended_in_the_event(load_desk: Load, ask: Ask) -> None:
    await load_desk(DESK)
    mended = "format: sitrep-desk-1\ndocuments:\n  - {key: report, publisher: Somebody, published_on: 2021-08-10}\n"
    report = await load_desk(mended, LATER)

    assert counts(report) == {"followed": 2, "statements changed": 1}
    assert await state(ask, "first_reported::text, revision") == ("2021-08-10", 2)


@pytest.mark.parametrize(
    ("old", "new", "there", "told"),
    [
        ("about: [one]", "about: [nowhere]", "[nowhere]", "'nowhere' is neither an event of this file nor one that the database has."),
        ("about: [one]", "about: [one, ucdp-ged/1]", "[one, ucdp", "'ucdp-ged/1' is no event of ucdp-ged that the database has."),
        ("responds_to: said", "responds_to: nothing", "nothing", "No claim has the key 'nothing', neither in this file nor in the database."),
    ],
)  # fmt: skip
async def test_what_is_kept_nowhere_is_told_by_its_place_in_the_file(
    *, load_desk: Load, ask: Ask, old: str, new: str, there: str, told: str
) -> None:
    await load_desk(DESK)
    follow_up = changed(old, new, DENIAL)

    with pytest.raises(BadDesk) as caught:
        await load_desk(follow_up, LATER)

    assert [str(flaw).startswith(f"{at(follow_up, there)}: {told}") for flaw in caught.value.flaws] == [True]
    assert await ask("SELECT count(*) FROM version") == [(1,)]


async def test_a_claim_may_be_about_an_event_of_another_dataset(
    load_desk: Load, ask: Ask, import_ged: Any, make_file: Any, row: dict[str, str]
) -> None:
    await import_ged(make_file([row]))
    before = await state(ask, "sources, claims", KEY, "ucdp-ged")
    follow_up = changed(
        "about: [one], stance: denies, responds_to: said",
        f"about: [ucdp-ged/{KEY}], stance: asserts",
        DENIAL,
    )

    report = await load_desk(follow_up, LATER)

    assert counts(report) == {"followed": 1, "statements created": 2}
    assert before[1] is None
    assert await state(ask, "sources, claims, contested, revision", KEY, "ucdp-ged") == (
        before[0],
        1,
        False,
        2,
    )
    # A newer release of its own dataset leaves that as it is.
    again = await import_ged(make_file([row | {"relid": "AFG-0"}], "ged241.csv"), label="24.1")
    assert (again.changed, again.unchanged) == (0, 1)


async def test_the_later_file_wins_whichever_is_loaded_first(load_desk: Load, ask: Ask) -> None:
    later = changed("quote: We won", "quote: We lost").replace("title: A battle", "title: A skirmish")
    await load_desk(later, LATER)
    report = await load_desk(DESK, FILE)

    assert counts(report) == {"outdated": 2, "statements outdated": 9}
    assert await state(ask, "title, revision") == ("A skirmish", 1)
    assert await ask("SELECT quote FROM claim WHERE source_key = 'said'") == [("We lost",)]


async def test_who_only_speaks_bears_the_name_of_the_later_file_whichever_is_loaded_first(
    load_desk: Load, ask: Ask
) -> None:
    def speaking(name: str) -> str:
        actor = f"actors:\n  - {{key: speaker, name: {name}}}\nclaims:"
        return DENIAL.replace("claims:", actor).replace("Someone,", "Someone, actor: speaker,")

    await load_desk(DESK)
    await load_desk(speaking("Newer"), "2021-08-20.yaml")
    await load_desk(speaking("Older").replace("key: denial", "key: another"), LATER)

    assert await ask(
        f"SELECT name, aliases FROM actor WHERE source_key = 'speaker' AND until_version = {OPEN}"
    ) == [("Newer", ["Older"])]


async def test_what_a_later_file_took_back_stays_so(load_desk: Load, ask: Ask) -> None:
    await load_desk(DESK)
    await load_desk(TAKEN_BACK.format("events", "two") + "links:\n  - {key: after, withdrawn: true}\n", LATER)
    edited = await load_desk(DESK + "# Edited.\n", FILE)

    assert counts(edited) == {"outdated": 1, "statements outdated": 1}
    assert await state(ask, "status, revision", "two") == ("retracted", 2)


async def test_an_earlier_file_takes_nothing_back_of_which_a_later_one_speaks(
    load_desk: Load, ask: Ask
) -> None:
    await load_desk(DESK)
    early = TAKEN_BACK.format("events", "two") + "links:\n  - {key: after, withdrawn: true}\n"
    report = await load_desk(early, "2021-08-01.yaml")

    assert counts(report) == {"statements outdated": 1}
    assert await state(ask, "status, revision", "two") == ("active", 1)


async def test_a_file_whose_name_tells_no_day_has_that_of_its_newest_document(
    load_desk: Load, ask: Ask
) -> None:
    await load_desk(DESK, "standard input")

    assert await ask("SELECT position, position_basis FROM release") == [(20210809, "newest_day")]
    with pytest.raises(BadRelease, match="Put the day into the file's name"):
        await load_desk(TAKEN_BACK.format("claims", "said"), "standard input")


async def test_a_file_whose_newest_day_is_corrected_to_an_earlier_one_keeps_its_place(
    load_desk: Load, ask: Ask
) -> None:
    earlier = DESK.replace("2021-08-09", "2021-08-08").replace("title: A battle", "title: A skirmish")
    await load_desk(DESK, "notes.yaml")
    report = await load_desk(earlier, "notes.yaml")

    assert counts(report) == {"changed": 1, "statements changed": 2}
    assert (
        await ask("SELECT position, position_basis FROM release ORDER BY id")
        == [(20210809, "newest_day")] * 2
    )
    assert counts(await load_desk(earlier.replace("skirmish", "fight"), "other.yaml"))["outdated"] == 2


async def test_what_comes_over_standard_input_has_no_place_in_common(load_desk: Load) -> None:
    await load_desk(
        changed("A satellite, published_on: 2021-08-09", "A satellite, published_on: 2021-08-20"),
        "standard input",
    )

    assert counts(await load_desk(DESK, "standard input"))["outdated"] == 2


async def test_the_report_that_ships_says_all_that_it_says(load_desk: Load, ask: Ask) -> None:
    report = await load_desk(SHIPPED.read_text(encoding="utf-8"), SHIPPED.name)

    assert counts(report) == {"created": 6, "statements created": 19}
    for key in ("2021-08-helmand-hospital", "2021-08-helmand-high-school"):
        assert await state(ask, "verification, contested, claims, sources", key) == (
            "unverified",
            False,
            3,
            1,
        )
    assert await state(ask, "verification, contested, claims, sources", "2021-08-08-fall-of-kunduz") == (
        None,
        False,
        1,
        1,
    )
    assert await ask(
        "SELECT DISTINCT title FROM event JOIN claim ON event.id = ANY (claim.events) WHERE admin1 = 'AF-HEL'"
        " AND claim.role = 'party_to_conflict' AND claim.verification = 'explicitly_unverified' ORDER BY 1"
    ) == [("Alleged bombing of a high school",), ("Alleged bombing of a hospital",)]
    assert await ask(
        "SELECT source_key, value, qualifier, region, change_percent FROM figure ORDER BY 1"
    ) == [
        ("atmar-displaced", 300_000, "more_than", "AF", None),
        ("atmar-killed", 3_000, "more_than", "AF", None),
        ("kunduz-population", 375_000, "exactly", "AF-KDZ.kunduz", None),
        ("red-cross-treated", 49_500, "more_than", "AF", None),
        ("unama-casualties-2021-h1", 5_183, "about", "AF", 47.0),
    ]
    assert await ask("SELECT source_key FROM actor ORDER BY 1") == [
        (key,)
        for key in ("afghanistan", "red-cross", "taliban", "unama", "united-states", "us-central-command")
    ]


async def test_files_that_are_loaded_at_the_same_time_each_leave_their_claim(
    fresh_engine: AsyncEngine,
) -> None:
    await load(fresh_engine, coded(DESK, FILE))
    files = [
        coded(DENIAL.replace("key: denial", f"key: denial-{number}"), f"2021-08-{10 + number}.yaml")
        for number in range(6)
    ]

    await asyncio.gather(*(load(fresh_engine, one) for one in files))

    async with fresh_engine.connect() as connection:
        kept = await connection.execute(
            text(
                "SELECT revision, since_version, until_version, claims FROM event_revision WHERE source_key = 'one' ORDER BY 1"
            )
        )
        found = [tuple(row) for row in kept]
        claims = await connection.execute(text(f"SELECT count(*) FROM claim WHERE until_version = {OPEN}"))
        assert claims.scalar_one() == 2 + len(files)
    assert found == [
        (revision, revision, revision + 1 if revision < 7 else OPEN, revision + 1) for revision in range(1, 8)
    ]


async def test_an_older_file_does_not_overwrite_a_newer_one_that_was_merged_again(
    load_desk: Load, ask: Ask
) -> None:
    newer = changed("quote: We won", "quote: We lost")
    await load_desk(newer, LATER)
    await load_desk(newer, LATER, again=True)

    report = await load_desk(DESK, FILE)

    assert counts(report)["outdated"] > 0
    assert await ask(
        "SELECT quote FROM claim WHERE source_key = 'said' AND until_version = :open", open=OPEN
    ) == [("We lost",)]


async def test_the_same_words_under_a_later_day_have_the_later_place(load_desk: Load, ask: Ask) -> None:
    await load_desk(DESK, FILE)
    await load_desk(changed("quote: We won", "quote: We lost"), "2021-08-09-battle.yaml")

    report = await load_desk(DESK, LATER)

    assert not report.already
    assert await ask(
        "SELECT quote FROM claim WHERE source_key = 'said' AND until_version = :open", open=OPEN
    ) == [("We won",)]
    assert (await load_desk(DESK, LATER)).already
