"""The words an event is told in: types, precisions, states, and how an event gets its id."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID, uuid5

NAMESPACE = UUID("6f1c8c1e-5d0b-5f0e-9a53-0f3a6f2b7c11")
"""The namespace of event ids. Never changes: ids are equal in every installation because it does not."""


class EventType(StrEnum):
    """What kind of thing happened: one small vocabulary of ours. The source's own code stands beside it.

    The crosswalk from UCDP, ACLED and CAMEO is `docs/event-types.md`.
    """

    TERRITORIAL_CHANGE = "territorial_change"
    BATTLE = "battle"
    AIR_STRIKE = "air_strike"
    SHELLING = "shelling"
    EXPLOSION = "explosion"
    ATTACK_ON_CIVILIANS = "attack_on_civilians"
    ABDUCTION = "abduction"
    SEXUAL_VIOLENCE = "sexual_violence"
    PROTEST = "protest"
    RIOT = "riot"
    AGREEMENT = "agreement"
    ARREST = "arrest"
    STRATEGIC_DEVELOPMENT = "strategic_development"
    UNSPECIFIED_VIOLENCE = "unspecified_violence"
    OTHER = "other"


class EventGroup(StrEnum):
    """The few kinds that a map tells apart by hue and shape."""

    BATTLE = "battle"
    BOMBING = "bombing"
    CIVILIANS = "civilians"
    TERRITORY = "territory"
    PROTEST = "protest"
    OTHER = "other"


GROUPS = {
    EventType.BATTLE: EventGroup.BATTLE,
    EventType.AIR_STRIKE: EventGroup.BOMBING,
    EventType.SHELLING: EventGroup.BOMBING,
    EventType.EXPLOSION: EventGroup.BOMBING,
    EventType.ATTACK_ON_CIVILIANS: EventGroup.CIVILIANS,
    EventType.ABDUCTION: EventGroup.CIVILIANS,
    EventType.SEXUAL_VIOLENCE: EventGroup.CIVILIANS,
    EventType.TERRITORIAL_CHANGE: EventGroup.TERRITORY,
    EventType.PROTEST: EventGroup.PROTEST,
    EventType.RIOT: EventGroup.PROTEST,
}
"""The group of a type; of those that are not here it is `other`."""


class Precision(StrEnum):
    """How exactly the place is known, finest first.

    From `admin3` on the point, if there is one, is a stand-in (a centroid) and not a place.
    """

    EXACT = "exact"
    VICINITY = "vicinity"
    SETTLEMENT = "settlement"
    NEAR_SETTLEMENT = "near_settlement"
    ADMIN3 = "admin3"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    FUZZY_REGION = "fuzzy_region"
    COUNTRY = "country"
    SEA_AIR = "sea_air"
    UNKNOWN = "unknown"


class DatePrecision(StrEnum):
    """How exactly the days are known. Up to `day` first..last is duration; from `days_2_6` on it is doubt."""

    INSTANT = "instant"
    HOUR = "hour"
    DAY = "day"
    DAYS_2_6 = "days_2_6"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


DAY_OR_FINER = (DatePrecision.INSTANT, DatePrecision.HOUR, DatePrecision.DAY)
"""With these an event certainly happened on each of its days; with the others on some day among them."""


class Verification(StrEnum):
    """What an assessor found. Null where nobody assessed it."""

    UNVERIFIED = "unverified"
    PARTLY_VERIFIED = "partly_verified"
    VERIFIED = "verified"
    DISPUTED = "disputed"
    REFUTED = "refuted"
    NOT_VERIFIABLE = "not_verifiable"


class DeathsState(StrEnum):
    """What stands behind the deaths of an event: a zero that was said is not a zero that was left out."""

    REPORTED = "reported"
    EXPLICIT_ZERO = "explicit_zero"
    ZERO_OR_NOT_REPORTED = "zero_or_not_reported"
    NOT_REPORTED = "not_reported"
    VAGUE = "vague"


class FirstReportedBasis(StrEnum):
    """Where `first_reported` comes from: the earliest document of the event, or the release that held it."""

    DOCUMENT = "document"
    RELEASE = "release"


class Status(StrEnum):
    """Whether the source still stands by the event. Nothing is deleted: what is withdrawn stays, retracted."""

    ACTIVE = "active"
    RETRACTED = "retracted"


class ActorRole(StrEnum):
    """On which side of the event an actor stands. The order says nothing about who began."""

    SIDE_A = "side_a"
    SIDE_B = "side_b"


def event_id(dataset: str, source_key: str) -> UUID:
    """The id of an imported event: UUID version 5 of `dataset/source_key`, equal in every installation.

    `source_key` is the source's own key in its canonical spelling (UCDP's `214797.0` is `214797`).

    >>> event_id("ucdp-ged", "214797")
    UUID('a5f91262-ab3d-525f-bfda-3a272b22d4b8')
    """
    return uuid5(NAMESPACE, f"{dataset}/{source_key}")


def actor_id(dataset: str, source_key: str) -> UUID:
    """The id of a source's actor, made like an event's, of `actor/dataset/source_key`."""
    return uuid5(NAMESPACE, f"actor/{dataset}/{source_key}")


PROPERTIES = (
    "id",
    "dataset",
    "source_key",
    "type",
    "source_type",
    "title",
    "summary",
    "first_day",
    "last_day",
    "date_precision",
    "place",
    "precision",
    "radius_m",
    "country",
    "admin1",
    "admin2",
    "side_a",
    "side_b",
    "deaths_low",
    "deaths_best",
    "deaths_high",
    "deaths_civilians",
    "deaths_state",
    "deaths_estimate",
    "verification",
    "contested",
    "claims",
    "sources",
    "first_reported",
    "status",
    "revision",
    "updated",
)
"""The properties of an event, by the same names in every format, filter and column."""
