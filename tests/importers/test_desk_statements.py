"""What a desk file says beside its events is read, or refused with line, column and key."""

import hashlib
from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest
import yaml

from app.domain.events import actor_id, event_id
from app.domain.evidence import StatementKind, statement_id
from app.domain.statements import Claim, Document, Estimate, Figure, Link
from tests.importers.desking import (
    ARTICLE,
    DESK,
    SHIPPED,
    at,
    changed,
    coded,
    document,
    flaws,
    said,
)

ONE, TWO = event_id("desk", "one"), event_id("desk", "two")


def test_each_statement_is_read_with_what_it_refers_to() -> None:
    found = said(DESK)

    assert [key for _, key in found] == [
        "report", "photo", "said", "answer", "dead", "dead-civilians", "grade", "sum", "after",
    ]  # fmt: skip
    claim, estimate = found["claim", "answer"], found["estimate", "dead"]
    assert isinstance(claim, Claim)
    assert (claim.events, claim.stance, claim.role) == ((ONE,), "sidesteps", "party_to_conflict")
    assert claim.responds_to == statement_id(StatementKind.CLAIM, "desk", "said")
    assert claim.document_id == document("report")
    assert isinstance(estimate, Estimate)
    assert (estimate.low, estimate.best, estimate.high, estimate.event_id) == (1, 2, 3, ONE)
    assert (estimate.claim_id, estimate.document_id) == (
        statement_id(StatementKind.CLAIM, "desk", "said"),
        None,
    )
    link = found["event_link", "after"]
    assert isinstance(link, Link)
    assert (link.event_id, link.other_id, link.kind) == (ONE, TWO, "follows")


def test_who_speaks_is_an_actor_of_the_desk_also_one_who_takes_part_in_no_event() -> None:
    text = changed("{key: blue, name: Blue}", "{key: blue, name: Blue}\n  - {key: un, name: UN}")
    text = changed("claimant: Blue,", "claimant: Blue, actor: un,", text)

    claim = said(text)["claim", "answer"]

    assert isinstance(claim, Claim)
    assert claim.actor_id == actor_id("desk", "un")
    assert [one.source_key for one in coded(text).evidence.actors] == ["red", "blue", "un"]


def test_an_event_of_another_dataset_is_named_by_dataset_and_key() -> None:
    link = said(changed("to: two", "to: ucdp-ged/12345"))["event_link", "after"]

    assert isinstance(link, Link)
    assert link.other_id == event_id("ucdp-ged", "12345")


def test_a_document_has_all_that_is_known_of_it() -> None:
    whole = (
        "{key: report, kind: article, publisher: Somebody, title: A title, authors: [One, Two], url: https://a.example/x,"
        " archive_url: http://b.example, published_on: 2021-08-08, published_at: 2021-08-08T23:30:00.5+04:30, language: fa-AF,"
        f" sha256: {'0a' * 32}, copy_of: photo, note: A note}}"
    )

    found = said(changed("{key: report, publisher: Somebody, published_on: 2021-08-08}", whole))[
        "document", "report"
    ]

    assert asdict(found) == {
        "source_key": "report",
        "kind": "article",
        "publisher": "Somebody",
        "title": "A title",
        "authors": ("One", "Two"),
        "url": "https://a.example/x",
        "archive_url": "http://b.example",
        "published_on": date(2021, 8, 8),
        "published_at": datetime(2021, 8, 8, 19, 0, 0, 500_000, tzinfo=UTC),
        "language": "fa-AF",
        "sha256": "0a" * 32,
        "origin_id": document("photo"),
        "note": "A note",
    }


def test_a_figure_has_a_range_and_a_change_where_it_is_told_so() -> None:
    text = changed(
        "value: 3, qualifier: about",
        "low: 3, high: 4, change: {percent: -47.5, against: {first: 2020-01-01, last: 2020-06-30}, words: less}",
    )

    figure = said(text)["figure", "sum"]

    assert isinstance(figure, Figure)
    assert (figure.value, figure.qualifier, figure.low, figure.high) == (None, None, 3, 4)
    assert (figure.change_percent, figure.change_first_day, figure.change_words) == (
        -47.5,
        date(2020, 1, 1),
        "less",
    )


def test_a_copy_has_the_origin_at_the_end_of_its_chain() -> None:
    text = changed(
        "  - {key: photo,",
        "  - {key: c, publisher: C, published_on: 2021-08-08, copy_of: b}\n"
        "  - {key: b, publisher: B, published_on: 2021-08-08, copy_of: a}\n"
        "  - {key: a, publisher: A, published_on: 2021-08-08, copy_of: of-another-file}\n"
        "  - {key: photo,",
    )

    origins = {one.source_key: one.origin_id for one in said(text).values() if isinstance(one, Document)}

    assert {origins["a"], origins["b"], origins["c"]} == {document("of-another-file")}
    assert origins["report"] == document("report")


@pytest.mark.parametrize("listed", ["events", "claims", "estimates", "assessments", "figures", "links"])
def test_what_is_taken_back_needs_its_key_alone(listed: str) -> None:
    text = f"format: sitrep-desk-1\n{listed}:\n  - {{key: wrong, withdrawn: true, note: A mistake.}}\n"

    evidence = coded(text, "2021-08-08.yaml").evidence

    assert evidence.statements == ()
    if listed == "events":
        assert evidence.withdrawn_events == {"wrong"}
    else:
        assert [key for _, key in evidence.withdrawn] == ["wrong"]


def test_a_line_takes_back_a_whole_entry_and_false_takes_back_nothing() -> None:
    withdrawn = coded(changed("{key: after,", "{key: after, withdrawn: true,")).evidence
    standing = coded(changed("{key: after,", "{key: after, withdrawn: false,")).evidence

    assert withdrawn.withdrawn == {(StatementKind.EVENT_LINK, "after")}
    assert not standing.withdrawn
    assert len(standing.statements) - len(withdrawn.statements) == 1


@pytest.mark.parametrize(
    ("old", "new", "there", "told"),
    [
        # documents
        ("publisher: Somebody", "kind: sms, publisher: Somebody", "sms", "'sms' is no kind. There are: article, report"),
        ("publisher: Somebody", "url: javascript:x, publisher: Somebody", "javascript", "'javascript:x' is no address, such as https://"),
        ("publisher: Somebody", "url: '', publisher: Somebody", "''", "'url' is empty. Leave the key out where there is nothing to say."),
        ("publisher: Somebody", "sha256: abc, publisher: Somebody", "abc", "'abc' is no SHA-256"),
        ("publisher: Somebody", "language: English!, publisher: Somebody", "English!", "'English!' is no language's code"),
        ("publisher: Somebody", "published_at: 14:05, publisher: Somebody", "14:05", "'14:05' is no moment. Write it as 2021-08-08T14:05:00Z."),
        ("publisher: Somebody", "published_at: 2021-08-08T14:05:00, publisher: Somebody", "2021-08-08T", "'2021-08-08T14:05:00' is no moment."),
        ("publisher: Somebody", "published_at: 2021-08-08T25:05:00Z, publisher: Somebody", "2021-08-08T", "There is no moment 2021-08-08T25:05:00Z"),
        ("publisher: Somebody", "published_at: 2021-08-18T14:05:00Z, publisher: Somebody", "2021-08-18T", "The moment 2021-08-18 14:05:00+00:00 is not on the day of 'published_on', 2021-08-08."),
        ("publisher: Somebody", "copy_of: report, publisher: Somebody", "report, publisher", "'report' is in the end a copy of itself: report → report."),
        ("publisher: Somebody, published_on: 2021-08-08", "publisher: Somebody, published_on: 2022-01-03", "2022-01-03", "2022-01-03 is still to come: today is 2022-01-01 (UTC)."),
        ("publisher: Somebody, published_on: 2021-08-08", "publisher: Somebody, published_on: 2022-01-02", None, None),
        ("publisher: Somebody, published_on: 2021-08-08", "publisher: Somebody, published_at: 2022-01-02T23:00:00-01:00, published_on: 2022-01-02", "2022-01-02T", "2022-01-03 is still to come"),
        # actors
        ("name: Blue", f"name: {'B' * 501}", "B" * 501, "'name' has 500 characters at most, and this has 501."),
        ("aliases: [Reds, سرخ]", f"aliases: [Reds, {'B' * 501}]", "B" * 501, "'aliases' has 500 characters at most, and this has 501."),
        ("{key: photo,", f"{{key: {'k' * 201},", "k" * 201, "'key' has 200 characters at most, and this has 201."),
        ("{key: photo,", f"{{key: photo, title: {'T' * 501},", "T" * 501, "'title' has 500 characters at most, and this has 501."),
        ("{key: photo,", f"{{key: photo, title: {'T' * 500},", None, None),
        ("publisher: Somebody", f"publisher: {'P' * 501}", "P" * 501, "'publisher' has 500 characters at most"),
        ("publisher: Somebody", f"publisher: Somebody, authors: [{'P' * 501}]", "P" * 501, "'authors' has 500 characters at most"),
        ("quote: We won", f"quote: {'Q' * 5001}", "Q" * 5001, "'quote' has 5,000 characters at most"),
        ("rationale: Only Red says so.", f"rationale: {'R' * 5001}", "R" * 5001, "'rationale' has 5,000 characters at most"),
        ("title: A battle", f"title: A battle\n    summary: {'S' * 10001}", "S" * 10001, "'summary' has 10,000 characters at most"),
        ("last: 2021-08-08, precision: day", f"last: 2021-08-08, words: {'W' * 1001}, precision: day", "W" * 1001, "'words' has 1,000 characters at most"),
        # claims
        ("stance: asserts", "stance: insists", "insists", "'insists' is no stance. Did you mean 'sidesteps'?"),
        ("stance: sidesteps, responds_to: said", "stance: denies", "denies", "A claim that denies answers another: name it in 'responds_to'."),
        ("responds_to: said", "responds_to: answer", "answer, quote", "A claim does not answer itself."),
        ("responds_to: said", "responds_to: Said it", "Said it", "'Said it' is no key"),
        ("key: answer, about: [one]", "key: answer, about: [two]", "[two]", "'said', which this answers, is not about two."),
        ("key: answer, about: [one]", "key: answer, about: [One Two]", "[One Two]", "'One Two' is no event's key"),
        ("key: answer, about: [one]", "key: answer, about: [desk/one]", "[desk/one]", "An event of the desk is named by its key alone: one."),
        ("key: said, about: [one]", "key: said, about: []", "[],", "A claim is about one event or more."),
        ("key: answer", "key: said", "said, about: [one], claimant: Blue", "The key 'said' stands twice."),
        ("claimant: Red, actor: red", "claimant: Red, actor: green", "green", "'green' is no actor of this file, or one with a fault. There are: red, blue."),
        ("verification: not_stated, document: report}\n  - {key: answer", "verification: not_stated, document: paper}\n  - {key: answer", "paper", "'paper' is no document of this file, or one with a fault. There are: report, photo."),
        ("{key: answer, about", "{key: answer, anonymous: maybe, about", "maybe", "'maybe' is neither true nor false."),
        ("No word,\n     speech: direct, said: {first: 2021-08-08, last: 2021-08-08}", "No word,\n     speech: direct, said: {first: 2022-01-03, last: 2022-01-03}", "2022-01-03", "2022-01-03 is still to come"),
        ("No word,\n     speech: direct, said: {first: 2021-08-08, last: 2021-08-08}", "No word,\n     speech: direct, said: {first: 2021-08-06, last: 2021-08-07}", "{first: 2021-08-06", "It was said by 2021-08-07, before 'said', which it answers, was said (2021-08-08)."),
        ("No word,\n     speech: direct, said: {first: 2021-08-08, last: 2021-08-08}", "No word,\n     speech: direct, said: {first: 2021-08-07, last: 2021-08-08}", None, None),
        ("No word,\n     speech: direct, said: {first: 2021-08-08, last: 2021-08-08}", "No word,\n     speech: direct, said: {first: 2021-08-10, last: 2021-08-10}", "{first: 2021-08-10", "It was said from 2021-08-10 on, after 'report', which quotes it, was published (2021-08-08)."),
        ("No word,\n     speech: direct, said: {first: 2021-08-08, last: 2021-08-08}", "No word,\n     speech: direct, said: {first: 2021-08-09, last: 2021-08-09}", None, None),
        ("stance: sidesteps", "stance: retracts", "retracts", "'said' is what Red said, and Blue cannot take it back: a claim that retracts has the 'claimant' or 'actor'"),
        ("claimant: Blue, role: party_to_conflict, stance: sidesteps", "claimant: A Red spokesman, actor: red, role: party_to_conflict, stance: retracts", None, None),
        # estimates
        ("low: 1, best: 2", "low: 33, best: 2", "33", "'low' (33) is over 'best' (2): low, best and high go up."),
        ("low: 1, best: 2", 'low: "1", best: 2', '"1"', "'1' is in quotes, and so it is text. Write it without them."),
        ("qualifier: about,", "qualifier: about, change: {percent: '5', against: {first: 2020-08-01, last: 2020-08-31}},", "'5'", "'5' is in quotes"),
        ("{key: answer, about", '{key: answer, anonymous: "true", about', '"true"', "'true' is in quotes, and so it is text."),
        ("best: 2, high: 3", "high: 0", "1, high", "'low' (1) is over 'high' (0)"),
        ("low: 1, best: 2", "low: few, best: 2", "few", "'few' is no whole number of 0 or more."),
        ("low: 1, best: 2", "low: -1, best: 2", "-1, best", "'-1' is no whole number of 0 or more. Write it in plain digits, as 375000."),
        ("low: 1, best: 2, high: 3", "best: 99999999999", "99999999999", "99999999999 is more than 2147483647, the most that can be kept."),
        ("best: 2, high: 3, state: reported", "best: 2, high: 3, state: not_reported", "1, best", "An estimate whose state is not_reported has no number"),
        ("low: 1, best: 2, high: 3, state: reported", "high: 3, state: vague", "3, state", "An estimate whose state is vague has no number"),
        ("low: 1, best: 2, high: 3, state: reported", "state: reported", "reported, basis", "An estimate whose state is reported has a number above 0. Write it as"),
        ("low: 1, best: 2, high: 3, state: reported", "best: 0, state: reported", "reported, basis", "An estimate whose state is reported has a number above 0. A zero that is reported has the state explicit_zero."),
        ("low: 1, best: 2, high: 3, state: reported", "best: 1, state: explicit_zero", "1, state", "An estimate whose state is explicit_zero is written as 0, as 'best: 0'."),
        ("low: 1, best: 2, high: 3, state: reported", "state: zero_or_not_reported", "zero_or", "An estimate whose state is zero_or_not_reported is written as 0"),
        ("best: 2, high: 3, state: reported", "best: 2, high: 3, state: rumoured", "rumoured", "'rumoured' is no state."),
        ("{key: dead, event: one, harm: killed", "{key: dead, event: one, harm: slain", "slain", "'slain' is no harm."),
        ("harm: killed, group: all", "harm: killed, group: everybody", "everybody", "'everybody' is no group."),
        ("basis: counted", "basis: guessed", "guessed", "'guessed' is no basis."),
        (", claim: said}", "}", "{key: dead, event", "An estimate names either the 'claim' that gives it, or the 'document' where no claim does."),
        (", claim: said}", ", claim: said, document: report}", "report}\n  - {key: dead-civ", "An estimate names either the 'claim'"),
        ("{key: dead-civilians, event: one, harm: killed, group: civilians, best: 1, state: reported, basis: counted, document: report}",
         "{key: others, event: two, harm: injured, group: all, best: 1, state: reported, basis: counted, claim: said}",
         "two, harm", "'said', which gives this estimate, is not about two."),
        # assessments
        ("grade: unverified", "grade: A1", "A1", "'A1' is no grade of the scheme verification. There are: disputed"),
        ("scheme: verification, grade: unverified", "scheme: admiralty, grade: B7", "B7", "'B7' is no grade of the scheme admiralty. There are: A1, A2"),
        ("scheme: verification", "scheme: stars", "stars", "'stars' is no scheme."),
        ("document: photo}", "note: Because}", "Because", "An assessment that stands says why in 'rationale'"),
        (", document: photo}", "}", None, None),
        # figures
        ("value: 3, qualifier: about", "low: 4, high: 3", "4, high", "The range's low is over its high."),
        ("value: 3", "value: 33, low: 3", "33", "A figure has either a value or a range of low and high."),
        ("value: 3, qualifier: about", "low: 3, high: 4, qualifier: about", "about, area", "A 'qualifier' hedges a value; a range has none."),
        ("metric: killed", "metric: sunk", "sunk", "'sunk' is no metric."),
        ("area: {region: AF}", "area: {region: AFG!}", "AFG!", "'AFG!' is no region's code."),
        ("last: 2021-08-08},\n     by: Red", "last: 2021-07-08},\n     by: Red", "2021-07-08", "This ends (2021-07-08) before it begins (2021-08-01)."),
        # links
        ("to: two", "to: one", "one, kind: follows", "An event is not linked to itself."),
        ("assessed_on: 2021-08-09", "assessed_on: 2022-01-03", "2022-01-03", "2022-01-03 is still to come"),
        ("by: Red,", "said: {first: 2022-01-03, last: 2022-01-03}, by: Red,", "2022-01-03", "2022-01-03 is still to come"),
        ("qualifier: about,", "qualifier: about, change: {percent: -100.5, against: {first: 2020-08-01, last: 2020-08-31}},", "-100.5", "-100.5 per cent is less than nothing: -100 leaves none."),
        ("qualifier: about,", "qualifier: about, change: {percent: -100, against: {first: 2020-08-01, last: 2020-08-31}},", None, None),
        ("by: Red,", "said: {first: 2021-08-10, last: 2021-08-10}, by: Red,", "{first: 2021-08-10", "It was said from 2021-08-10 on, after 'report', which quotes it, was published"),
        ("kind: follows", "kind: avenges", "avenges", "'avenges' is no kind. There are: part_of"),
        ("{key: after", "{key: after, withdrawn: yes", "yes", "'yes' is neither true nor false."),
    ],
)  # fmt: skip
def test_a_fault_of_a_statement_is_told_with_its_line_and_column(
    old: str, new: str, there: str | None, told: str | None
) -> None:
    text = changed(old, new)
    if there is None:
        coded(text)  # nothing wrong with it
        return

    flaw = next(flaw for flaw in flaws(text) if flaw.startswith(at(text, there)))

    assert flaw.startswith(f"{at(text, there)}: {told}")


def test_copies_in_a_circle_are_refused_each_by_name() -> None:
    text = changed(
        "  - {key: photo,",
        "  - {key: a, publisher: A, published_on: 2021-08-08, copy_of: b}\n"
        "  - {key: b, publisher: B, published_on: 2021-08-08, copy_of: a}\n"
        "  - {key: c, publisher: C, published_on: 2021-08-08, copy_of: b}\n"
        "  - {key: photo,",
    )

    assert flaws(text) == [
        f"{at(text, 'b}')}: 'a' is in the end a copy of itself: a → b → a.",
        f"{at(text, 'a}')}: 'b' is in the end a copy of itself: b → a → b.",
    ]


def test_answers_in_a_circle_are_refused_each_by_name() -> None:
    answers = "about: [one], claimant: W, role: witness, stance: relays, quote: Q, speech: direct, said: {first: 2021-08-08, last: 2021-08-08}, verification: not_stated, document: report, responds_to:"
    text = changed(
        "estimates:",
        f"  - {{key: yy, {answers} zz}}\n  - {{key: zz, {answers} yy}}\n  - {{key: xx, {answers} zz}}\nestimates:",
    )

    assert flaws(text) == [
        f"{at(text, 'zz}')}: 'yy' answers in the end itself: yy → zz → yy.",
        f"{at(text, 'yy}')}: 'zz' answers in the end itself: zz → yy → zz.",
    ]


def test_what_is_taken_back_in_the_file_bears_nothing_in_it() -> None:
    without_claim = flaws(changed("{key: said,", "{key: said, withdrawn: true,"))
    without_estimate = flaws(changed("{key: dead,", "{key: dead, withdrawn: true,"))

    assert [flaw.split(": ", 1)[1] for flaw in without_claim] == [
        "The claim 'said' is taken back in this file."
    ] * 2
    assert "'dead' is taken back in this file." in without_estimate[0]


PARTY = changed("grade: unverified", "grade: verified", changed(", document: photo}", "}"))
"""Verified, where nobody but Red says so."""


def test_a_party_s_word_alone_is_not_verified() -> None:
    (flaw,) = flaws(PARTY)

    assert flaw.startswith(
        f"{at(PARTY, 'verified, assessor')}: one is asserted by parties to the conflict alone, and verified by no publisher:"
        " it is unverified, whatever number of outlets repeat it. If something else shows that it is verified, name that in 'document'."
    )


def test_nor_by_an_outlet_that_repeats_it() -> None:
    text = changed(
        "  - {key: photo,", "  - {key: echo, publisher: E, published_on: 2021-08-09, copy_of: report}\n  - {key: photo,", PARTY
    )  # fmt: skip
    text = changed("rationale: Only Red says so.", "rationale: It is in two papers., document: echo", text)

    assert "it is unverified" in flaws(text)[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("grade: verified", "grade: disputed"),
        ("rationale: Only Red says so.", "rationale: It is seen., document: photo"),
        ("claimant: Red, actor: red, role: party_to_conflict", "claimant: Red, actor: red, role: witness"),
        ("last: 2021-08-08}, verification: not_stated, document: report}\n  - {key: answer",
         "last: 2021-08-08}, verification: partly_verified, document: report}\n  - {key: answer"),
        ("stance: asserts", "stance: relays"),
    ],
)  # fmt: skip
def test_it_may_be_where_something_else_bears_it(old: str, new: str) -> None:
    assert coded(changed(old, new, PARTY)).events


def test_what_a_witness_took_back_bears_nothing() -> None:
    common = "about: [one], claimant: W, role: witness, quote: Q, speech: direct, said: {first: 2021-08-08, last: 2021-08-08}, verification: not_stated, document: report}"
    seen = changed("estimates:", f"  - {{key: seen, stance: asserts, {common}\nestimates:", PARTY)
    unseen = changed(
        "estimates:", f"  - {{key: unseen, stance: retracts, responds_to: seen, {common}\nestimates:", seen
    )

    assert coded(seen).events
    assert "it is unverified" in flaws(unseen)[0]


def test_the_report_that_ships_is_coded_into_these_events() -> None:
    found = {
        one.draft.source_key: (one.draft.type.value, one.draft.title, one.draft.extent_region)
        for one in coded(SHIPPED.read_text(encoding="utf-8")).events
    }

    assert found == {
        "2021-08-08-fall-of-kunduz": ("territorial_change", "Fall of Kunduz to the Taliban", "AF-KDZ"),
        "2021-08-us-air-strikes": ("air_strike", "US air strikes against Taliban positions", "AF"),
        "2021-08-helmand-hospital": ("air_strike", "Alleged bombing of a hospital", "AF-HEL"),
        "2021-08-helmand-high-school": ("air_strike", "Alleged bombing of a high school", "AF-HEL"),
        "2021-05-taliban-offensive-begins": ("strategic_development", "Taliban offensive begins", "AF"),
        "2021-05-us-drawdown-begins": ("strategic_development", "US drawdown of forces begins", "AF"),
    }


@pytest.mark.skipif(not ARTICLE.exists(), reason="the report itself is not part of the project")
def test_every_quote_stands_in_the_report_word_for_word_and_briefly() -> None:
    article = " ".join(ARTICLE.read_text(encoding="utf-8").split())
    desk = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    entries = [*desk["claims"], *desk["figures"]]

    assert [entry["key"] for entry in entries if entry["quote"] not in article] == []
    assert max(len(entry["quote"]) for entry in entries) <= 150
    assert desk["documents"][0]["sha256"] == hashlib.sha256(ARTICLE.read_bytes()).hexdigest()
