"""Reads the events of a desk file: what happened, when, where, between whom, and where its deaths are told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.drafts import Draft
from app.domain.events import (
    DatePrecision,
    DeathsState,
    EventType,
    FirstReportedBasis,
    Precision,
    event_id,
)
from app.domain.evidence import Group, Harm, StatementKind, statement_id
from app.domain.regions import Region
from app.importers.desk_known import DESK, Known
from app.importers.desk_schema import keys
from app.importers.locating import Located, Locator, Spot
from app.importers.yaml_lines import Section

EVENT_REFUSED = {
    "verification": (
        "An event has no 'verification' of its own. Say it, and why, in an entry of 'assessments':"
        " {key: …, event: …, scheme: verification, grade: unverified, assessor: …, assessed_on: 2021-08-08, rationale: …}."
    )
}
"""Keys that an event had once, with what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEvent:
    """An event whose deaths may still have to be taken from an estimate."""

    draft: Draft
    deaths: Section


def read_event(entry: Section, key: str, known: Known, locator: Locator) -> ReadEvent:
    """An event as it stands there. `with_deaths` comes when the estimates have been read."""
    documents, reported = known.listed_documents(entry)
    first, last, precision = _days(entry, reported, known)
    entry.maybe_text("note")
    deaths = entry.section("deaths", keys("deaths"), dict.fromkeys(("low", "best", "high"), _WRITE_ESTIMATE))
    side_a, side_b = known.side(entry, "side_a"), known.side(entry, "side_b")
    if both := [one.source_key for one in side_b if one in side_a]:
        raise entry.flaw("side_b", f"{both[0]!r} is on both sides. Name each actor on one.")
    draft = Draft(
        source_key=key,
        type=entry.word("type", EventType),
        title=entry.text("title"),
        summary=entry.maybe_text("summary"),
        first_day=first,
        last_day=last,
        date_precision=precision,
        **_Place(entry.section("where", keys("where")), known, locator).read(),
        side_a=side_a,
        side_b=side_b,
        **_deaths(deaths),
        first_reported=reported,
        first_reported_basis=FirstReportedBasis.DOCUMENT,
        documents=documents,
    )
    return ReadEvent(draft=draft, deaths=deaths)


def with_deaths(event: ReadEvent, known: Known) -> Draft:
    """The event with the estimates that its deaths are. The store takes the numbers from there."""
    if not event.deaths.has("from"):
        return event.draft
    whole = _estimate(event, "from", known, (Group.ALL, Group.UNKNOWN))
    told = event.deaths.has("civilians")
    civilians = _estimate(event, "civilians", known, (Group.CIVILIANS,)) if told else None
    if whole is None:
        return event.draft
    return replace(event.draft, deaths_estimate=whole, civilians_estimate=civilians)


def _estimate(event: ReadEvent, key: str, known: Known, groups: tuple[Group, ...]) -> UUID | None:
    """The id of the estimate that a key names; None where it has a fault, which is told by itself."""
    named = event.deaths.text(key)
    found = known.estimates.get(named)
    if found is None:
        if known.has("estimates", named) and named not in known.withdrawn["estimates"]:
            return None
        gone = "is taken back" if known.has("estimates", named) else "is no estimate"
        raise event.deaths.flaw(key, f"{named!r} {gone} in this file. {_WRITE_ESTIMATE}")
    if found.event_id != event_id(DESK, event.draft.source_key):
        raise event.deaths.flaw(key, f"The estimate {named!r} is about another event.")
    if found.harm != Harm.KILLED or found.group not in groups:
        wanted = " or ".join(groups)
        raise event.deaths.flaw(
            key,
            f"{key!r} names an estimate of harm 'killed' and group {wanted}; {named!r} is of {found.harm}, {found.group}.",
        )
    return statement_id(StatementKind.ESTIMATE, DESK, named)


_WRITE_ESTIMATE = (
    "A number of deaths is an entry of 'estimates', with who gives it, which the event names as 'deaths: {from: its-key}':"
    " {key: its-key, event: …, harm: killed, group: all, best: 3, state: reported, basis: stated, document: …}."
)


def _deaths(deaths: Section) -> dict[str, Any]:
    """The columns of deaths that are told by a word."""
    if deaths.has("from") and deaths.has("state"):
        raise deaths.flaw(
            "state", "The deaths have either a 'state' or a 'from': an estimate has a state of its own."
        )
    if deaths.has("from"):
        return {}
    if deaths.has("civilians"):
        raise deaths.flaw("civilians", f"'civilians' goes with 'from'. {_WRITE_ESTIMATE}")
    if not deaths.has("state"):
        raise deaths.flaw(
            "state", f"'deaths' needs a 'state' (as not_reported) or a 'from'. {_WRITE_ESTIMATE}"
        )
    state = deaths.word("state", DeathsState)
    if state is DeathsState.REPORTED:
        raise deaths.flaw("state", _WRITE_ESTIMATE)
    zero = 0 if state in {DeathsState.EXPLICIT_ZERO, DeathsState.ZERO_OR_NOT_REPORTED} else None
    numbers = dict.fromkeys(("deaths_low", "deaths_best", "deaths_high", "deaths_civilians"), zero)
    return {**numbers, "deaths_state": state}


_SPANS = {DatePrecision.DAYS_2_6: (2, 6), DatePrecision.WEEK: (7, 8), DatePrecision.MONTH: (9, 31)}
"""How many days, first and last included, a doubt about the day spans. "The past week" said on a Sunday is eight."""


def _days(entry: Section, reported: date, known: Known) -> tuple[date, date, DatePrecision]:
    when = entry.section("when", keys("when"))
    first, last = known.past(when, "first", when.day("first")), when.day("last")
    precision = when.word("precision", DatePrecision)
    when.maybe_text("words")
    if first > last:
        raise when.flaw("last", f"The event ends ({last}) before it begins ({first}).")
    if first > reported:
        raise when.flaw("first", f"The event begins ({first}) after it was reported ({reported}).")
    length = (last - first).days + 1
    least, most = _SPANS.get(precision, (1, length))
    if not least <= length <= most:
        raise when.flaw(
            "precision", f"{first} to {last} is {length} days; with {precision!s} it is {least} to {most}."
        )
    return first, last, precision


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an event was. A point is for a place that is known; a region needs none."""

    where: Section
    known: Known
    locator: Locator

    def read(self) -> dict[str, Any]:
        """The place's columns."""
        where = self.where
        precision = where.word("precision", Precision)
        region = self.known.region(where) if where.has("region") else None
        point = self._point() if where.has("point") else None
        self._check(precision, region, point)
        lon, lat = point or (None, None)
        located = self._located(precision, region, point)
        return {
            "place": where.maybe_text("place"), "lon": lon, "lat": lat, "precision": precision,
            "radius_m": located.radius_m, "country": located.country, "admin1": located.admin1,
            "admin2": located.admin2, "extent_region": located.extent_region,
            "near_regions": located.near_regions, "extent": located.extent,
        }  # fmt: skip

    def _point(self) -> tuple[float, float]:
        point = self.where.numbers("point")
        if len(point) != 2:
            raise self.where.flaw("point", "A point is longitude and latitude, as [68.857, 36.72895].")
        lon, lat = point
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise self.where.flaw("point", f"[{lon}, {lat}] is not on the globe: longitude comes first.")
        return lon, lat

    def _check(self, precision: Precision, region: Region | None, point: tuple[float, float] | None) -> None:
        if (precision in _WITH_POINT) != (point is not None):
            needed = "needs a point" if point is None else "has no point: it would stand in for an area"
            raise self.where.flaw("point", f"A place known to {precision} {needed}.")
        level = region.level if region else None
        if level not in _LEVELS[precision]:
            wanted = " or ".join(_LEVEL_NAMES[one] for one in _LEVELS[precision])
            raise self.where.flaw("region", f"A place known to {precision} needs {wanted}.")

    def _located(
        self, precision: Precision, region: Region | None, point: tuple[float, float] | None
    ) -> Located:
        if point is None:
            if region is None:
                return Located()
            path = [*reversed(self.known.regions.above(region.code)), region.code, None, None]
            return Located(country=path[0], admin1=path[1], admin2=path[2], extent_region=region.code)
        named = region.parent if region and region.level > 1 else region.code if region else None
        country = region.country if region else None
        spot = Spot(lon=point[0], lat=point[1], precision=precision, country=country, adm_1=named)
        found = self.locator.locate(spot)
        if found.problems:
            why = " ".join(problem.message for problem in found.problems)
            told = f"The point does not go with {self.where.text('region')}: {why}" if region else why
            raise self.where.flaw("point", told)
        return found


_WITH_POINT = frozenset(
    {
        Precision.EXACT,
        Precision.VICINITY,
        Precision.SETTLEMENT,
        Precision.NEAR_SETTLEMENT,
        Precision.SEA_AIR,
    }
)
_LEVEL_NAMES = {
    None: "no region",
    0: "the code of a country",
    1: "the code of a subdivision",
    2: "the code of a district",
}
_LEVELS: dict[Precision, tuple[int | None, ...]] = {
    Precision.EXACT: (0, 1, 2),
    Precision.VICINITY: (0, 1, 2),
    Precision.SETTLEMENT: (0, 1, 2),
    Precision.NEAR_SETTLEMENT: (0, 1, 2),
    Precision.ADMIN3: (2,),
    Precision.ADMIN2: (2,),
    Precision.ADMIN1: (1,),
    Precision.FUZZY_REGION: (0, 1),
    Precision.COUNTRY: (0,),
    Precision.SEA_AIR: (None,),
    Precision.UNKNOWN: (None,),
}
"""Of what level the region may be that goes with a precision: with a point the one that holds it, else the extent."""
