"""Checks the claims and figures of a desk file, which are kept there until they can be loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.regions import Region
from app.importers.yaml_lines import Flaw, Section


class Stance(StrEnum):
    """What a claimant does about an event."""

    ASSERTS = "asserts"
    DENIES = "denies"
    DISPUTES = "disputes"
    CORROBORATES = "corroborates"
    RETRACTS = "retracts"
    CANNOT_CONFIRM = "cannot_confirm"
    RELAYS = "relays"
    SIDESTEPS = "sidesteps"
    """Answers, and does not speak of what was asked: neither a denial nor a doubt."""


ANSWERS = frozenset({Stance.DENIES, Stance.DISPUTES, Stance.CORROBORATES, Stance.RETRACTS, Stance.SIDESTEPS})
"""Stances towards something that somebody said. A denial that answers nothing is refused."""


class Role(StrEnum):
    """The claimant's standing towards what the claim is about."""

    PARTY_TO_CONFLICT = "party_to_conflict"
    OFFICIAL = "official"
    WITNESS = "witness"
    MEDICAL = "medical"
    NGO_MONITOR = "ngo_monitor"
    INTERGOVERNMENTAL = "intergovernmental"
    MEDIA = "media"
    OTHER = "other"


class PublisherVerification(StrEnum):
    """What the publisher says of a claim's verification."""

    NOT_STATED = "not_stated"
    EXPLICITLY_UNVERIFIED = "explicitly_unverified"
    PARTLY_VERIFIED = "partly_verified"
    PUBLISHER_VERIFIED = "publisher_verified"


class Speech(StrEnum):
    """Whose words a quote is in."""

    DIRECT = "direct"
    REPORTED = "reported"


class Metric(StrEnum):
    """What a figure counts: people, in each case."""

    KILLED = "killed"
    INJURED = "injured"
    CASUALTIES = "casualties"
    """Killed and injured together."""
    DISPLACED = "displaced"
    INJURED_TREATED = "injured_treated"
    POPULATION = "population"


class Qualifier(StrEnum):
    """How a figure's value was hedged."""

    EXACTLY = "exactly"
    ABOUT = "about"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Known:
    """What claims and figures may refer to, by key; and how a region's code is looked up."""

    documents: frozenset[str]
    actors: frozenset[str]
    events: frozenset[str]
    region: Callable[[Section], Region]


def check_claims(top: Section, known: Known) -> list[Flaw]:
    """What is wrong with the claims: at most one fault each. Answers may stand before what they answer."""
    flaws: list[Flaw] = []
    about: dict[str, tuple[str, ...]] = {}
    answers: list[Section] = []
    for node in top.items("claims"):
        try:
            claim = Section(node, "An entry of 'claims'", _CLAIM)
            key = claim.text("key")
            if key in about:
                raise claim.flaw("key", f"The key {key!r} stands twice.")
            about[key] = _about(claim, known)
            _check_claim(claim, known)
            answers += [claim] if claim.has("responds_to") else []
        except Flaw as flaw:
            flaws.append(flaw)
    for claim in answers:
        answered = claim.text("responds_to")
        missing = set(claim.texts("about")) - set(about.get(answered, ()))
        if answered not in about or answered == claim.text("key"):
            flaws.append(claim.flaw("responds_to", f"No other claim has the key {answered!r}."))
        elif missing:
            flaws.append(
                claim.flaw("about", f"{answered!r}, which this answers, is not about {', '.join(missing)}.")
            )
    return flaws


def check_figures(top: Section, known: Known) -> list[Flaw]:
    """What is wrong with the figures: at most one fault each."""
    flaws: list[Flaw] = []
    keys: set[str] = set()
    for node in top.items("figures"):
        try:
            figure = Section(node, "An entry of 'figures'", _FIGURE)
            if figure.text("key") in keys:
                raise figure.flaw("key", f"The key {figure.text('key')!r} stands twice.")
            keys.add(figure.text("key"))
            _check_figure(figure, known)
        except Flaw as flaw:
            flaws.append(flaw)
    return flaws


_CLAIM = (
    "key", "about", "actor", "claimant", "anonymous", "role", "stance", "responds_to", "quote", "speech", "said",
    "verification", "document", "note",
)  # fmt: skip
_FIGURE = (
    "key", "about", "metric", "value", "low", "high", "qualifier", "change", "area", "period", "said", "actor", "by",
    "role", "quote", "verification", "document", "note",
)  # fmt: skip


def _check_claim(claim: Section, known: Known) -> None:
    stance = claim.word("stance", Stance)
    if stance in ANSWERS and not claim.has("responds_to"):
        raise claim.flaw("stance", f"A claim that {stance} answers another: name it in 'responds_to'.")
    claim.text("claimant")
    claim.yes("anonymous")
    claim.word("speech", Speech)
    _check_span(claim, "said")
    _check_source(claim, known)


def _check_figure(figure: Section, known: Known) -> None:
    _about(figure, known)
    figure.word("metric", Metric)
    if figure.has("value") == (figure.has("low") or figure.has("high")):
        raise figure.flaw("value", "A figure has either a value or a range of low and high.")
    if figure.has("value"):
        figure.whole("value")
        figure.word("qualifier", Qualifier)
    elif figure.whole("low") > figure.whole("high"):
        raise figure.flaw("low", "The range's low is over its high.")
    if figure.has("change"):
        change = figure.section("change", ("percent", "against", "words"))
        change.number("percent")
        change.maybe_text("words")
        _check_span(change, "against")
    area = figure.section("area", ("region", "place"))
    known.region(area)
    area.maybe_text("place")
    _check_span(figure, "period")
    if figure.has("said"):
        _check_span(figure, "said")
    figure.text("by")
    _check_source(figure, known)


def _check_source(entry: Section, known: Known) -> None:
    """Who speaks, in which document, and what the publisher says of it."""
    entry.word("role", Role)
    entry.word("verification", PublisherVerification)
    entry.text("quote")
    entry.maybe_text("note")
    if entry.has("actor") and entry.text("actor") not in known.actors:
        raise entry.flaw("actor", f"{entry.text('actor')!r} is no actor of this file, or one with a fault.")
    if entry.text("document") not in known.documents:
        raise entry.flaw(
            "document", f"{entry.text('document')!r} is no document of this file, or one with a fault."
        )


def _check_span(entry: Section, key: str) -> None:
    span = entry.section(key, ("first", "last", "words"))
    span.maybe_text("words")
    if span.day("first") > span.day("last"):
        raise span.flaw("last", "This ends before it begins.")


def _about(entry: Section, known: Known) -> tuple[str, ...]:
    about = entry.texts("about")
    for key in about:
        if key not in known.events:
            raise entry.flaw("about", f"{key!r} is no event of this file.")
    if not about and entry.has("claimant"):
        raise entry.flaw("about", "A claim is about one event or more.")
    return about
