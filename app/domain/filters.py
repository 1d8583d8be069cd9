"""The question: which events are wanted, in which order, from where on. It travels from the URL to the WHERE in one piece."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.domain.areas import Area, Box, Circle
from app.domain.crs import Crs
from app.domain.days import Days
from app.domain.events import EventType, Precision, Verification
from app.domain.evidence import ClaimantRole, PublisherVerification
from app.domain.expressions import Expression

DEFAULT_LIMIT = 100
MAX_LIMIT = 10_000


class Match(StrEnum):
    """What of an event is compared with the area and the days that are asked about."""

    POINT = "point"
    """Its point, and the region it is filed under; its days overlap the window. What every map client expects."""
    POSSIBLE = "possible"
    """It may have happened there and then: its extent touches the area, one of its possible days lies in the window."""
    DEFINITE = "definite"
    """It certainly happened there and then: its extent lies inside the area, its days inside the window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionWanted:
    """A region that is asked about, with its kin, so that the question is a look-up."""

    code: str
    level: int
    """0 country, 1 first-level subdivision, 2 district."""
    inside: tuple[str, ...]
    """Its own code and those of all regions in it."""
    above: tuple[str, ...]
    """The codes of the regions it lies in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events are wanted. Nothing set means all of them; of several conditions all must hold, of several values any."""

    box: Box | None = None
    """Events with a point in it, edges included; without a point, those whose region it touches; without a place, all."""
    days: Days | None = None
    """Events on a day in this window, both ends included."""
    regions: tuple[RegionWanted, ...] = ()
    area: Area | None = None
    """A shape of the caller's own (`intersects`)."""
    near: Circle | None = None
    """A circle (`near` and `radius`)."""
    match: Match = Match.POINT
    types: tuple[EventType, ...] = ()
    datasets: tuple[str, ...] = ()
    precisions: tuple[Precision, ...] = ()
    verifications: tuple[Verification, ...] = ()
    actors: tuple[str, ...] = ()
    """Ids, exact names or exact aliases."""
    deaths_min: int | None = None
    """On the best figure, this one included. An unknown figure never matches."""
    deaths_max: int | None = None
    contested: bool | None = None
    has_geometry: bool | None = None
    words: str | None = None
    """All of these words, in title, summary, place, actors and their other names, as a web search reads them: "…" or -."""
    reported: Days | None = None
    """The window in which the event was first reported. Where that is not known it never matches."""
    claimant_roles: tuple[ClaimantRole, ...] = ()
    """Events with a claim by somebody of these roles, retractions and relays included."""
    claim_verifications: tuple[PublisherVerification, ...] = ()
    """Events with a claim of which the publisher says this. Together with roles: one claim that is both."""
    sources_min: int | None = None
    """At least so many sources: independent origins where they are told apart, else as the dataset counts."""
    expression: Expression | None = None
    """A condition over `queryables.EVENTS`. Where it is null, as of a value that is not known, the event does not match."""
    at: int | None = None
    """The version as of which is asked; None: what is now."""


class SortField(StrEnum):
    """What events can be ordered by."""

    FIRST_DAY = "first_day"
    LAST_DAY = "last_day"
    DEATHS_BEST = "deaths_best"
    FIRST_REPORTED = "first_reported"
    ID = "id"

    @property
    def kind(self) -> type:
        """The type of its values."""
        if self is SortField.ID:
            return UUID
        return int if self is SortField.DEATHS_BEST else date


@dataclass(frozen=True, slots=True)
class SortKey:
    """A field and a direction. Unknown values come last, whichever way."""

    field: str
    """Of events a `SortField`."""
    descending: bool

    @classmethod
    def parse(cls, text: str, fields: Collection[str] = tuple(SortField)) -> SortKey:
        """Read `first_day`, `+first_day` or `-first_day`, one of `fields`. Raises ValueError.

        >>> SortKey.parse("-deaths_best").descending
        True
        """
        # A plus that was not escaped reaches us as a space.
        text = text.strip()
        field = text[text[:1] in {"+", "-"} :]
        if field not in fields:
            raise ValueError(f"'{field}' is none of {', '.join(fields)}.")
        return cls(field, descending=text.startswith("-"))

    def __str__(self) -> str:
        """The way it is written in a URL."""
        return f"{'-' if self.descending else '+'}{self.field}"


NEWEST_FIRST = (SortKey(SortField.FIRST_DAY, descending=True), SortKey(SortField.ID, descending=True))


def total(keys: tuple[SortKey, ...], identity: str = SortField.ID) -> tuple[SortKey, ...]:
    """An order that leaves no two things equal: what tells them apart at the end, in the last key's direction, and nothing after it."""
    seen: dict[str, SortKey] = {}
    for key in keys:
        seen.setdefault(key.field, key)
        if key.field == identity:
            return tuple(seen.values())
    return (*seen.values(), SortKey(identity, descending=keys[-1].descending))


class GeometryWanted(StrEnum):
    """What is given as a feature's geometry."""

    POINT = "point"
    EXTENT = "extent"
    """The area in which the event may have happened."""
    NONE = "none"


class CountWanted(StrEnum):
    """Whether and how the whole answer is counted."""

    NONE = "none"
    EXACT = "exact"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is shown of the events that are wanted, and how much at a time."""

    sort: tuple[SortKey, ...] = NEWEST_FIRST
    limit: int = DEFAULT_LIMIT
    properties: tuple[str, ...] | None = None
    """Names out of `PROPERTIES`; None means all."""
    geometry: GeometryWanted = GeometryWanted.POINT
    count: CountWanted = CountWanted.NONE
    crs: Crs = Crs.CRS84
    """The reference system of the geometries."""
