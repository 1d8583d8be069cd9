"""A desk file is loaded: what it says becomes events and statements, by key, with all that was before."""

import pytest

from app.db.turns import OPEN
from app.importers.desk import BadDesk
from tests.importers.desking import (
    DENIAL,
    DESK,
    LATER,
    TAKEN_BACK,
    Ask,
    Load,
    at,
    changed,
    counts,
    state,
)


async def test_an_event_has_what_follows_from_what_is_said_about_it(load_desk: Load, ask: Ask) -> None:
    report = await load_desk(DESK)

    assert counts(report) == {"created": 2, "statements created": 9}
    assert await state(ask, "verification, contested, claims, sources, first_reported::text, first_reported_basis") == (
        "unverified", False, 2, 1, "2021-08-08", "document",
    )  # fmt: skip
    assert await state(ask, "deaths_low, deaths_best, deaths_high, deaths_civilians, deaths_state"
    ) == (1, 2, 3, 1, "reported")  # fmt: skip
    assert await ask("SELECT touched FROM event_revision WHERE source_key = 'one'") == [
        (["assessments", "claims", "estimates", "links"],)
    ]
    assert await state(ask, "deaths_best, deaths_state, claims, contested, verification", "two") == (
        None, "not_reported", 0, None, None,
    )  # fmt: skip


async def test_who_only_speaks_is_an_actor_too(load_desk: Load, ask: Ask) -> None:
    await load_desk(
        changed(
            "{key: blue, name: Blue}", "{key: blue, name: Blue}\n  - {key: un, name: UN, aliases: [U.N.]}"
        )
    )

    assert await ask("SELECT source_key, name, aliases FROM actor ORDER BY source_key") == [
        ("blue", "Blue", []),
        ("red", "Red", ["Reds", "سرخ"]),
        ("un", "UN", ["U.N."]),
    ]


async def test_a_speaker_who_gets_another_name_keeps_the_old_one(load_desk: Load, ask: Ask) -> None:
    named = changed("{key: blue, name: Blue}", "{key: blue, name: Blue}\n  - {key: un, name: UN}")
    await load_desk(named)
    await load_desk(named.replace("name: UN}", "name: United Nations}"))

    assert await ask(
        f"SELECT name, aliases FROM actor WHERE source_key = 'un' AND until_version = {OPEN}"
    ) == [("United Nations", ["UN"])]


async def test_the_same_file_again_writes_nothing(load_desk: Load, ask: Ask) -> None:
    await load_desk(DESK)
    again = await load_desk(DESK)
    reworded = await load_desk(DESK + "# A comment.\n")

    assert again.already
    assert counts(reworded) == {}
    for table in ("event_revision", "claim", "estimate", "assessment", "figure", "event_link", "document"):
        assert await ask(
            f"SELECT count(*) FROM {table} WHERE since_version > 1 OR until_version < {OPEN}"
        ) == [(0,)]


async def test_a_file_put_back_to_its_former_content_is_merged_again_and_twice_in_a_row_only_once(
    load_desk: Load, ask: Ask
) -> None:
    edited = changed("title: A battle", "title: A skirmish")
    await load_desk(DESK)
    await load_desk(edited)
    back = await load_desk(DESK)

    assert counts(back) == {"changed": 1}
    assert await state(ask, "title, revision") == ("A battle", 3)
    assert (await load_desk(DESK)).already
    assert counts(await load_desk(edited)) == {"changed": 1}
    assert await ask("SELECT version, changed FROM release ORDER BY id") == [(3, 1), (4, 2)]


async def test_a_file_of_another_name_that_came_in_between_does_not_make_it_new(load_desk: Load) -> None:
    await load_desk(DESK)
    await load_desk(DENIAL, LATER)

    assert (await load_desk(DESK)).already


async def test_an_edited_file_makes_new_revisions_of_what_changed_and_of_its_events(
    load_desk: Load, ask: Ask
) -> None:
    await load_desk(DESK)
    report = await load_desk(changed("quote: We won", "quote: We have won"))

    assert counts(report) == {"changed": 1, "statements changed": 1}
    assert await ask("SELECT source_key, revision, quote FROM claim ORDER BY source_key, revision") == [
        ("answer", 1, "No word"),
        ("said", 1, "We won"),
        ("said", 2, "We have won"),
    ]
    assert await ask("SELECT source_key, revision, touched FROM event_revision WHERE since_version = 2") == [
        ("one", 2, ["claims"])
    ]
    assert await ask("SELECT count(*) FROM event_revision WHERE source_key = 'two'") == [(1,)]


async def test_a_changed_estimate_changes_the_deaths(load_desk: Load, ask: Ask) -> None:
    await load_desk(DESK)
    report = await load_desk(changed("best: 2, high: 3", "best: 3, high: 5"))

    assert counts(report) == {"changed": 1, "statements changed": 1}
    assert await state(ask, "deaths_low, deaths_best, deaths_high, revision") == (1, 3, 5, 2)


async def test_a_denial_in_a_later_file_makes_the_event_contested(load_desk: Load, ask: Ask) -> None:
    await load_desk(DESK)
    report = await load_desk(DENIAL, LATER)

    assert counts(report) == {"followed": 1, "statements created": 2}
    assert await state(ask, "contested, claims, sources, revision, version") == (True, 3, 2, 2, 2)
    assert await ask("SELECT source_key, since_version FROM claim ORDER BY 1") == [
        ("answer", 1),
        ("denial", 2),
        ("said", 1),
    ]


async def test_a_claim_that_is_taken_back_stays_readable_as_of_then(load_desk: Load, ask: Ask) -> None:
    await load_desk(DESK)
    await load_desk(DENIAL, LATER)
    report = await load_desk(DENIAL.replace("key: denial,", "key: denial, withdrawn: true,"), LATER)

    assert counts(report) == {"followed": 1, "statements withdrawn": 1}
    assert await state(ask, "contested, claims, sources, revision") == (False, 2, 1, 3)
    assert await ask("SELECT since_version, until_version FROM claim WHERE source_key = 'denial'") == [(2, 3)]

    back = await load_desk(DENIAL + "# Loaded anew.\n", LATER)

    assert counts(back) == {"followed": 1, "statements created": 1}
    assert await ask(
        "SELECT revision, since_version, until_version FROM claim WHERE source_key = 'denial' ORDER BY 1"
    ) == [
        (1, 2, 3),
        (2, 4, OPEN),
    ]


async def test_a_claimant_who_retracts_a_denial_leaves_the_event_uncontested(
    load_desk: Load, ask: Ask
) -> None:
    await load_desk(DESK)
    await load_desk(DENIAL, LATER)
    retracted = DENIAL.replace("key: denial", "key: retraction").replace(
        "stance: denies, responds_to: said", "stance: retracts, responds_to: denial"
    )

    await load_desk(retracted, "2021-08-11.yaml")

    assert await state(ask, "contested, claims") == (False, 4)


@pytest.mark.parametrize(
    ("claimant", "contested"), [("claimant: Someone,", False), ("claimant: Blue,", True)]
)
async def test_nobody_takes_back_what_another_said(
    *, load_desk: Load, ask: Ask, claimant: str, contested: bool
) -> None:
    await load_desk(DESK)
    await load_desk(DENIAL, LATER)
    retracted = DENIAL.replace("key: denial", "key: retraction").replace(
        "stance: denies, responds_to: said", "stance: retracts, responds_to: denial"
    )

    await load_desk(retracted.replace("claimant: Someone,", claimant), "2021-08-11.yaml")

    assert await state(ask, "contested, claims") == (contested, 4)


async def test_a_retraction_counts_for_the_events_that_it_is_about_whatever_is_written_after(
    load_desk: Load, ask: Ask
) -> None:
    both, denies = "about: [one, two]", "about: [one], stance: denies, responds_to: said"
    retracts = denies.replace("denies, responds_to: said", "retracts, responds_to: denial")
    asserts = denies.replace("denies, responds_to: said", "asserts").replace("about: [one]", both)
    await load_desk(DESK.replace("{key: said, about: [one]", f"{{key: said, {both}"))
    await load_desk(DENIAL.replace("about: [one]", both), LATER)

    await load_desk(DENIAL.replace(f"denial, {denies}", f"regret, {retracts}"), "2021-08-11.yaml")
    assert await state(ask, "contested", "one") == (False,)
    assert await state(ask, "contested", "two") == (True,)

    await load_desk(DENIAL.replace(f"denial, {denies}", f"more, {asserts}"), "2021-08-12.yaml")
    assert await state(ask, "contested", "one") == (False,)
    assert await state(ask, "contested", "two") == (True,)


@pytest.mark.parametrize(
    ("listed", "key", "told"),
    [
        ("claims", "answer", {"statements withdrawn": 1, "followed": 1}),
        ("estimates", "dead-civilians", {"statements withdrawn": 1, "followed": 1}),
        ("assessments", "grade", {"statements withdrawn": 1, "followed": 1}),
        ("figures", "sum", {"statements withdrawn": 1}),
        ("links", "after", {"statements withdrawn": 1, "followed": 2}),
        ("events", "one", {"retracted": 1}),
    ],
)
async def test_what_is_taken_back_is_ended_and_nothing_else(
    load_desk: Load, ask: Ask, listed: str, key: str, told: dict[str, int]
) -> None:
    await load_desk(DESK)
    report = await load_desk(TAKEN_BACK.format(listed, key), LATER)
    again = await load_desk(TAKEN_BACK.format(listed, key) + "# Again.\n", LATER)

    assert counts(report) == told
    assert {name: count for name, count in counts(again).items() if name != "statements absent"} == {}


@pytest.mark.parametrize(
    ("listed", "key", "told"),
    [
        ("claims", "answr", "Did you mean 'answer'?"),
        ("events", "tow", "Did you mean 'two'?"),
        ("links", "never-there", "Load first what is to be taken back, or mend the key."),
    ],
)
async def test_a_key_that_was_never_there_is_not_taken_back(
    load_desk: Load, ask: Ask, listed: str, key: str, told: str
) -> None:
    await load_desk(DESK)
    mistyped = TAKEN_BACK.format(listed, key)

    with pytest.raises(BadDesk) as caught:
        await load_desk(mistyped, LATER)

    assert [str(flaw) for flaw in caught.value.flaws] == [
        f"{at(mistyped, key)}: An entry of {listed!r} with the key {key!r} was never in the database. {told}"
    ]
    assert await ask("SELECT count(*) FROM version") == [(1,)]


async def test_an_event_and_all_that_is_said_of_it_are_taken_back_in_one_revision(
    load_desk: Load, ask: Ask
) -> None:
    await load_desk(DESK)
    gone = "".join(
        f"{listed}:\n" + "".join(f"  - {{key: {key}, withdrawn: true}}\n" for key in keys)
        for listed, keys in {"claims": ("said", "answer"), "estimates": ("dead",)}.items()
    )
    await load_desk(TAKEN_BACK.format("events", "one") + gone, LATER)

    assert await state(ask, "status, revision, claims") == ("retracted", 2, 0)


async def test_what_others_rest_on_is_not_taken_back_without_them(load_desk: Load, ask: Ask) -> None:
    await load_desk(DESK)
    await load_desk(DENIAL, LATER)
    claim, estimate = TAKEN_BACK.format("claims", "said"), TAKEN_BACK.format("estimates", "dead")

    with pytest.raises(BadDesk) as answered:
        await load_desk(claim, "2021-08-11.yaml")
    with pytest.raises(BadDesk) as told:
        await load_desk(estimate, "2021-08-11.yaml")

    assert [str(flaw) for flaw in answered.value.flaws] == [
        (
            f"{at(claim, 'said')}: 'said' is still needed: the claim 'answer' answers it and the claim 'denial' answers it and the"
            " estimate 'dead' rests on it. Take that back or change it in this file too."
        )
    ]
    assert [str(flaw) for flaw in told.value.flaws] == [
        (
            f"{at(estimate, 'dead')}: 'dead' is still needed: the deaths of the event 'one' are taken from it. Take that back or"
            " change it in this file too."
        )
    ]
    assert await ask("SELECT count(*) FROM version") == [(2,)]


async def test_an_estimate_may_be_taken_back_where_its_event_has_other_deaths_in_the_same_file(
    load_desk: Load, ask: Ask
) -> None:
    await load_desk(DESK)
    await load_desk(
        changed("{from: dead, civilians: dead-civilians}", "{state: vague}").replace(
            "{key: dead,", "{key: dead, withdrawn: true,"
        ),
        LATER,
    )

    assert await state(ask, "deaths_best, deaths_state") == (None, "vague")


@pytest.mark.parametrize(
    "told",
    [
        "event: two, harm: killed, group: all",
        "event: one, harm: injured, group: all",
        "event: one, harm: killed, group: children",
    ],
)
async def test_an_estimate_that_turns_out_to_be_of_something_else_gives_the_event_no_deaths(
    load_desk: Load, ask: Ask, told: str
) -> None:
    await load_desk(DESK)
    corrected = f"""\
format: sitrep-desk-1
documents:
  - {{key: later, publisher: A paper, published_on: 2021-08-10}}
estimates:
  - {{key: dead, {told}, best: 77, state: reported, basis: counted, document: later}}
"""
    await load_desk(corrected, LATER)

    assert await state(ask, "deaths_low, deaths_best, deaths_high, deaths_state") == (
        None,
        None,
        None,
        "not_reported",
    )
