"""The words of evidence: who says what about an event, in which document, with which figures, and what an assessor made of it."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID, uuid5

from app.domain.events import NAMESPACE, Verification


class Stance(StrEnum):
    """What a claimant does about an event."""

    ASSERTS = "asserts"
    DENIES = "denies"
    DISPUTES = "disputes"
    """Says that it was otherwise: another place, another doer, other victims."""
    CORROBORATES = "corroborates"
    RETRACTS = "retracts"
    """Takes back what the same claimant said."""
    CANNOT_CONFIRM = "cannot_confirm"
    RELAYS = "relays"
    """Passes on what another says, without a word of one's own."""
    SIDESTEPS = "sidesteps"
    """Answers, and does not speak of what was asked: neither a denial nor a doubt."""


ANSWERS = frozenset({Stance.DENIES, Stance.DISPUTES, Stance.CORROBORATES, Stance.RETRACTS, Stance.SIDESTEPS})
"""Stances towards something that somebody said. A denial that answers nothing is refused."""
ASSERTING = (Stance.ASSERTS, Stance.CORROBORATES)
DENYING = (Stance.DENIES, Stance.DISPUTES)
"""An event is contested where a claim of each of these two stands."""


class ClaimantRole(StrEnum):
    """The claimant's standing towards what the claim is about."""

    PARTY_TO_CONFLICT = "party_to_conflict"
    OFFICIAL = "official"
    """Of a state or body that is no party to what the claim is about."""
    WITNESS = "witness"
    MEDICAL = "medical"
    NGO_MONITOR = "ngo_monitor"
    INTERGOVERNMENTAL = "intergovernmental"
    RESEARCHER = "researcher"
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


class DocumentKind(StrEnum):
    """What a document is."""

    ARTICLE = "article"
    REPORT = "report"
    STATEMENT = "statement"
    POST = "post"
    IMAGERY = "imagery"
    OTHER = "other"


class Harm(StrEnum):
    """What an estimate counts people by."""

    KILLED = "killed"
    INJURED = "injured"
    CASUALTIES = "casualties"
    """Killed and injured together."""
    MISSING = "missing"
    ABDUCTED = "abducted"
    DETAINED = "detained"
    DISPLACED = "displaced"


class Group(StrEnum):
    """Of whom an estimate speaks."""

    ALL = "all"
    CIVILIANS = "civilians"
    COMBATANTS = "combatants"
    CHILDREN = "children"
    WOMEN = "women"
    MEN = "men"
    HEALTH_WORKERS = "health_workers"
    AID_WORKERS = "aid_workers"
    JOURNALISTS = "journalists"
    UNKNOWN = "unknown"
    """The source does not say who they were."""


class Basis(StrEnum):
    """How an estimate's numbers came about."""

    STATED = "stated"
    """Somebody said a number, and not how it came about."""
    COUNTED = "counted"
    NAMED = "named"
    """The dead or injured are listed by name."""
    SUMMED = "summed"
    """Added up from several reports."""
    CODED = "coded"
    """Made of words or of several reports by a dataset's own rules ("dozens" as 12)."""


class Scheme(StrEnum):
    """By which rules an assessor grades. Several stand side by side; none is computed from another."""

    VERIFICATION = "verification"
    """Our own: how far the event is verified."""
    AIRWARS = "airwars"
    """Airwars' grading of civilian harm."""
    ADMIRALTY = "admiralty"
    """Reliability of the source (A to F) and credibility of the information (1 to 6), as in B2 (NATO AJP-2.1)."""


GRADES: dict[Scheme, frozenset[str]] = {
    Scheme.VERIFICATION: frozenset(Verification),
    Scheme.AIRWARS: frozenset({"confirmed", "fair", "weak", "contested", "discounted"}),
    Scheme.ADMIRALTY: frozenset(
        f"{reliability}{credibility}" for reliability in "ABCDEF" for credibility in "123456"
    ),
}
"""The grades of each scheme."""


class LinkKind(StrEnum):
    """How an event is related to another."""

    PART_OF = "part_of"
    SAME_AS = "same_as"
    """The same thing, as another dataset tells it."""
    FOLLOWS = "follows"
    RETALIATES_FOR = "retaliates_for"
    RELATED = "related"


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
    """How a value was hedged."""

    EXACTLY = "exactly"
    ABOUT = "about"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"


class StatementKind(StrEnum):
    """The kinds of statements, as the tables are called."""

    DOCUMENT = "document"
    CLAIM = "claim"
    ESTIMATE = "estimate"
    ASSESSMENT = "assessment"
    FIGURE = "figure"
    EVENT_LINK = "event_link"


def statement_id(kind: StatementKind, dataset: str, source_key: str) -> UUID:
    """The id of a statement, made like an event's, of `kind/dataset/source_key`.

    >>> statement_id(StatementKind.CLAIM, "desk", "taliban-accusation")
    UUID('e34aaae5-4866-5ceb-810a-f13dc8ec01ad')
    """
    return uuid5(NAMESPACE, f"{kind}/{dataset}/{source_key}")
