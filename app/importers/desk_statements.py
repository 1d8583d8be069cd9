"""Reads the statements of a desk file, entry by entry: documents, claims, estimates, assessments, figures and links.

What concerns several entries at once is in `desk_checks`.
"""

from __future__ import annotations

from datetime import UTC, date
from itertools import pairwise
from typing import Any
from uuid import UUID

from app.domain.events import DeathsState
from app.domain.evidence import (
    ANSWERS,
    GRADES,
    Basis,
    ClaimantRole,
    DocumentKind,
    Group,
    Harm,
    LinkKind,
    Metric,
    PublisherVerification,
    Qualifier,
    Scheme,
    Speech,
    Stance,
    StatementKind,
    statement_id,
)
from app.domain.statements import Assessment, Claim, Document, Estimate, Figure, Link
from app.importers.desk_known import DESK, NO_KEY, Known
from app.importers.desk_schema import (
    INSTANT_PATTERN,
    KEY_PATTERN,
    LANGUAGE_PATTERN,
    MOST_COUNTED,
    MOST_PEOPLE,
    SHA256_PATTERN,
    URL_PATTERN,
    keys,
)
from app.importers.yaml_lines import Section, nearest

_NO_ADDRESS = "no address, such as https://example.org/report"


def read_document(entry: Section, key: str, known: Known) -> Document:
    """A document; that it is a copy of another is for `desk_checks.origins`, but the id of the other is noted."""
    copied = entry.maybe_matching("copy_of", KEY_PATTERN, NO_KEY)
    published_on = known.past(entry, "published_on", entry.day("published_on"))
    published_at = entry.instant("published_at", INSTANT_PATTERN) if entry.has("published_at") else None
    if published_at is not None and abs((published_at.date() - published_on).days) > 1:
        raise entry.flaw(
            "published_at", f"The moment {published_at} is not on the day of 'published_on', {published_on}."
        )
    if published_at is not None:
        known.past(entry, "published_at", published_at.astimezone(UTC).date())
    return Document(
        source_key=key,
        kind=entry.word("kind", DocumentKind) if entry.has("kind") else DocumentKind.OTHER,
        publisher=entry.text("publisher"),
        title=entry.maybe_text("title"),
        authors=entry.texts("authors"),
        url=entry.maybe_matching("url", URL_PATTERN, _NO_ADDRESS),
        archive_url=entry.maybe_matching("archive_url", URL_PATTERN, _NO_ADDRESS),
        published_on=published_on,
        published_at=published_at,
        language=entry.maybe_matching(
            "language", LANGUAGE_PATTERN, "no language's code, such as en or fa-AF"
        ),
        sha256=entry.maybe_matching("sha256", SHA256_PATTERN, "no SHA-256: 64 digits of 0 to 9 and a to f"),
        origin_id=statement_id(StatementKind.DOCUMENT, DESK, copied or key),
        note=entry.maybe_text("note"),
    )


def read_claim(entry: Section, key: str, known: Known) -> Claim:
    """A claim; which claims of the file it may answer is for `desk_checks.answers`."""
    stance = entry.word("stance", Stance)
    if stance in ANSWERS and not entry.has("responds_to"):
        raise entry.flaw("stance", f"A claim that {stance} answers another: name it in 'responds_to'.")
    about = known.about(entry)
    if not about:
        raise entry.flaw("about", "A claim is about one event or more.")
    first, last, words = _said(entry, known)
    known.quoted(entry, first)
    return Claim(
        source_key=key,
        events=about,
        stance=stance,
        claimant=entry.text("claimant"),
        anonymous=entry.yes("anonymous"),
        responds_to=statement_id(StatementKind.CLAIM, DESK, _answered(entry)) if entry.has("responds_to") else None,
        speech=entry.word("speech", Speech),
        said_first=first,
        said_last=last,
        said_words=words,
        **_source(entry, known),
    )  # fmt: skip


def _answered(entry: Section) -> str:
    return entry.matching("responds_to", KEY_PATTERN, NO_KEY)


def read_estimate(entry: Section, key: str, known: Known) -> Estimate:
    """An estimate, with numbers that go with its state."""
    state = entry.word("state", DeathsState)
    if entry.has("claim") == entry.has("document"):
        raise entry.flaw(
            "document",
            "An estimate names either the 'claim' that gives it, or the 'document' where no claim does.",
        )
    return Estimate(
        source_key=key,
        event_id=known.event(entry, "event"),
        harm=entry.word("harm", Harm),
        group=entry.word("group", Group),
        **_numbers(entry, state),
        state=state,
        basis=entry.word("basis", Basis),
        claim_id=known.claim(entry, "claim") if entry.has("claim") else None,
        document_id=known.document(entry) if entry.has("document") else None,
        quote=entry.maybe_text("quote"),
        note=entry.maybe_text("note"),
    )  # fmt: skip


def _numbers(entry: Section, state: DeathsState) -> dict[str, int | None]:
    found = {name: entry.maybe_whole(name, MOST_PEOPLE) for name in ("low", "best", "high")}
    given = {name: number for name, number in found.items() if number is not None}
    if state in {DeathsState.NOT_REPORTED, DeathsState.VAGUE} and given:
        raise entry.flaw(
            next(iter(given)),
            f"An estimate whose state is {state} has no number: what is unknown is left out.",
        )
    if state is DeathsState.REPORTED and not any(given.values()):
        what = (
            "A zero that is reported has the state explicit_zero."
            if given
            else "Write it as 'low', 'best' or 'high'."
        )
        raise entry.flaw("state", f"An estimate whose state is reported has a number above 0. {what}")
    if state in {DeathsState.EXPLICIT_ZERO, DeathsState.ZERO_OR_NOT_REPORTED} and set(given.values()) != {0}:
        other = next((name for name, number in given.items() if number), "state")
        raise entry.flaw(other, f"An estimate whose state is {state} is written as 0, as 'best: 0'.")
    for (less, low), (more, high) in pairwise(given.items()):
        if low > high:
            raise entry.flaw(less, f"{less!r} ({low}) is over {more!r} ({high}): low, best and high go up.")
    return found


def read_assessment(entry: Section, key: str, known: Known) -> Assessment:
    """An assessment; whether the claims of the file bear it is for `desk_checks.unfounded`."""
    scheme = entry.word("scheme", Scheme)
    grade = entry.text("grade")
    if grade not in GRADES[scheme]:
        raise entry.flaw(
            "grade", f"{grade!r} is no grade of the scheme {scheme}. {nearest(grade, sorted(GRADES[scheme]))}"
        )
    if entry.has("note"):
        raise entry.flaw(
            "note",
            "An assessment that stands says why in 'rationale'; a 'note' goes with one that is taken back.",
        )
    return Assessment(
        source_key=key,
        event_id=known.event(entry, "event"),
        scheme=scheme,
        grade=grade,
        assessor=entry.text("assessor"),
        assessed_on=known.past(entry, "assessed_on", entry.day("assessed_on")),
        rationale=entry.text("rationale"),
        document_id=known.document(entry) if entry.has("document") else None,
    )


def read_figure(entry: Section, key: str, known: Known) -> Figure:
    """A figure: a value or a range."""
    area = entry.section("area", keys("area"))
    first, last, words = _span(entry, "period")
    said = _said(entry, known) if entry.has("said") else (None, None, None)
    if said[0] is not None:
        known.quoted(entry, said[0])
    return Figure(
        source_key=key,
        metric=entry.word("metric", Metric),
        **_value(entry),
        region=known.region(area).code,
        place=area.maybe_text("place"),
        first_day=first,
        last_day=last,
        period_words=words,
        **_change(entry),
        claimant=entry.text("by"),
        said_first=said[0],
        said_last=said[1],
        said_words=said[2],
        events=known.about(entry),
        **_source(entry, known),
    )


def read_link(entry: Section, key: str, known: Known) -> Link:
    """A link between two events."""
    event, other = known.event(entry, "event"), known.event(entry, "to")
    if event == other:
        raise entry.flaw("to", "An event is not linked to itself.")
    kind, note = entry.word("kind", LinkKind), entry.maybe_text("note")
    return Link(source_key=key, event_id=event, other_id=other, kind=kind, note=note)


def _value(figure: Section) -> dict[str, Any]:
    if figure.has("value") == (figure.has("low") or figure.has("high")):
        raise figure.flaw("value", "A figure has either a value or a range of low and high.")
    if figure.has("value"):
        return {
            "value": figure.whole("value", MOST_COUNTED),
            "qualifier": figure.word("qualifier", Qualifier),
        }
    if figure.has("qualifier"):
        raise figure.flaw("qualifier", "A 'qualifier' hedges a value; a range has none.")
    low, high = figure.whole("low", MOST_COUNTED), figure.whole("high", MOST_COUNTED)
    if low > high:
        raise figure.flaw("low", "The range's low is over its high.")
    return {"low": low, "high": high}


def _change(figure: Section) -> dict[str, Any]:
    if not figure.has("change"):
        return {}
    change = figure.section("change", keys("change"))
    first, last, words = _span(change, "against")
    percent = change.number("percent")
    if percent < -100:
        raise change.flaw("percent", f"{percent:g} per cent is less than nothing: -100 leaves none.")
    return {
        "change_percent": percent,
        "change_first_day": first,
        "change_last_day": last,
        "change_words": change.maybe_text("words") or words,
    }


def _source(entry: Section, known: Known) -> dict[str, Any]:
    """Who speaks, in which document and words, and what the publisher says of it."""
    actor: UUID | None = known.actor(entry)
    return {
        "actor_id": actor,
        "role": entry.word("role", ClaimantRole),
        "quote": entry.text("quote"),
        "verification": entry.word("verification", PublisherVerification),
        "document_id": known.document(entry),
        "note": entry.maybe_text("note"),
    }


def _said(entry: Section, known: Known) -> tuple[date, date, str | None]:
    found = _span(entry, "said")
    known.past(entry.section("said", keys("span")), "first", found[0])
    return found


def _span(entry: Section, key: str) -> tuple[date, date, str | None]:
    span = entry.section(key, keys("span"))
    first, last = span.day("first"), span.day("last")
    if first > last:
        raise span.flaw("last", f"This ends ({last}) before it begins ({first}).")
    return first, last, span.maybe_text("words")
