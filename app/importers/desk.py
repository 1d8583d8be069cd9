"""Reads a desk file: events that people code by hand from reports, with who says so. `seed/desk/` has one to copy from.

In our own coding a fault is refused, where an imported one would be kept and flagged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from typing import Any

import yaml

from app.domain.drafts import ActorDraft, Dataset, Draft
from app.domain.events import (
    DatePrecision,
    DeathsState,
    EventType,
    FirstReportedBasis,
    Precision,
    Verification,
)
from app.domain.regions import Region, Regions, UnknownRegion
from app.domain.statements import NO_EVIDENCE
from app.errors import SitrepError
from app.importers.desk_statements import Known, check_claims, check_figures
from app.importers.importer import BadRelease, Order, Reader
from app.importers.locating import Located, Locator, Spot
from app.importers.reading import Row, Table
from app.importers.yaml_lines import Flaw, Section, compose, verbatim

DATASET = Dataset(
    id="desk",
    title="Coded by the Sitrep desk",
    publisher="Sitrep",
    licence="CC-BY-4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    citation="Sitrep desk, events coded by hand from published reports; quotes remain their publishers'.",
)

FORMAT = "sitrep-desk-1"
HEADER = ("key", "event")
"""The columns of a record: the event's key, and the event as it is written in the file."""


class BadDesk(SitrepError):
    """A desk file that cannot be loaded. The text lists what is wrong, a line each, by line and column of the file."""

    def __init__(self, name: str, flaws: list[Flaw]) -> None:
        self.flaws = sorted(flaws, key=lambda one: (one.line, one.column))
        count = "one fault" if len(flaws) == 1 else f"{len(flaws)} faults"
        listed = "\n".join(f"  {flaw}" for flaw in self.flaws)
        super().__init__(f"{name} was not loaded, since it has {count}:\n{listed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One event of a desk file."""

    cells: tuple[str, str]
    """As HEADER."""
    draft: Draft


def read(content: bytes, name: str, regions: Regions, locator: Locator) -> list[Coded]:
    """The events of a desk file. Its documents, claims and figures are checked, and not loaded yet.

    `name` is what messages call the file. Raises BadDesk with everything that is wrong, one fault an entry.
    """
    desk = _Desk(regions, locator)
    try:
        return desk.read(content)
    except Flaw as flaw:
        raise BadDesk(name, [*desk.flaws, flaw]) from flaw
    except _Gathered as gathered:
        raise BadDesk(name, desk.flaws) from gathered


class Desk:
    """A desk file that was read, as the importer of itself (`importers.importer.Importer`)."""

    dataset = DATASET
    evidence = NO_EVIDENCE

    def __init__(self, content: bytes, name: str, events: list[Coded]) -> None:
        self._drafts = {one.cells[0]: one.draft for one in events}
        self.table = Table(
            name=name,
            sha256=sha256(content).digest(),
            header=HEADER,
            rows=(Row(number, list(one.cells)) for number, one in enumerate(events, start=2)),
        )

    def heading(self, first: Sequence[str]) -> tuple[Sequence[str], bool]:
        """The columns of a record."""
        return HEADER, tuple(first) == HEADER

    def reader(self, header: Sequence[str], *, released_on: date | None) -> Reader:
        """Gives the events that were read with the file."""
        del header, released_on
        return lambda row: self._drafts[row.cells[0]]

    def order(self, name: str, label: str | None, newest: date | None) -> Order:
        """By the day in the file's name, else by the newest day in it. A file that was edited keeps its place, and wins."""
        if label is not None:
            raise BadRelease("A desk file has no label: the day in its name is its place in the order.")
        if found := _DAY_IN_NAME.search(name):
            return Order(int(found[0].replace("-", "")), "file_name")
        return Order(int(f"{newest:%Y%m%d}") if newest else 0, "newest_day")


_DAY_IN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class _Gathered(Exception):
    """Some entries have faults."""


class _Desk:
    """One file being read: what its entries may refer to, and the faults found so far."""

    def __init__(self, regions: Regions, locator: Locator) -> None:
        self.flaws: list[Flaw] = []
        self._regions = regions
        self._locator = locator
        self._documents: dict[str, date] = {}
        self._actors: dict[str, ActorDraft] = {}
        self._events: dict[str, Coded] = {}
        self._event_keys: set[str] = set()
        """With those of faulty events, so that the claims about them are not called faulty too."""

    def read(self, content: bytes) -> list[Coded]:
        text = _decoded(content)
        top = Section(compose(text), "A desk file", _TOP)
        if top.text("format") != FORMAT:
            raise top.flaw("format", f"This reader knows the format {FORMAT!r} only.")
        self._each(top, "documents", _DOCUMENT, self._document)
        self._each(top, "actors", _ACTOR, self._actor)
        self._each(top, "events", _EVENT, lambda one: self._event(one, text))
        known = Known(
            frozenset(self._documents), frozenset(self._actors), frozenset(self._event_keys), self._region
        )
        self.flaws += check_claims(top, known)
        self.flaws += check_figures(top, known)
        if self.flaws:
            raise _Gathered
        return list(self._events.values())

    def _each(self, top: Section, key: str, known: tuple[str, ...], take: Callable[[Section], None]) -> None:
        """Every entry of a list; a faulty one is noted and the next is read."""
        for node in top.items(key):
            try:
                take(Section(node, f"An entry of {key!r}", known))
            except Flaw as flaw:
                self.flaws.append(flaw)

    def _document(self, entry: Section) -> None:
        key = _new_key(entry, self._documents)
        for optional in ("kind", "title", "url", "archive_url", "sha256", "language", "note"):
            entry.maybe_text(optional)
        entry.texts("authors")
        entry.text("publisher")
        self._documents[key] = entry.day("published_on")

    def _actor(self, entry: Section) -> None:
        key = _new_key(entry, self._actors)
        self._actors[key] = ActorDraft(
            source_key=key, name=entry.text("name"), aliases=entry.texts("aliases")
        )

    def _event(self, entry: Section, text: str) -> None:
        key = _new_key(entry, self._events)
        self._event_keys.add(key)
        documents = _references(entry, "documents", self._documents)
        if not documents:
            raise entry.flaw("documents", "An event needs the document that it is coded from.")
        reported = min(documents)
        first, last, precision = _days(entry, reported)
        entry.maybe_text("note")
        draft = Draft(
            source_key=key,
            type=entry.word("type", EventType),
            title=entry.text("title"),
            summary=entry.maybe_text("summary"),
            first_day=first,
            last_day=last,
            date_precision=precision,
            **self._place(entry.section("where", _WHERE)),
            side_a=tuple(_references(entry, "side_a", self._actors)),
            side_b=tuple(_references(entry, "side_b", self._actors)),
            **_deaths(entry.section("deaths", _DEATHS)),
            verification=entry.word("verification", Verification) if entry.has("verification") else None,
            sources=len(documents),
            first_reported=reported,
            first_reported_basis=FirstReportedBasis.DOCUMENT,
        )
        self._events[key] = Coded(cells=(key, verbatim(text, entry.node)), draft=draft)

    def _place(self, where: Section) -> dict[str, Any]:
        """The place's columns. A point is for a place that is known; a region needs none."""
        precision = where.word("precision", Precision)
        region = self._region(where) if where.has("region") else None
        point = _point(where) if where.has("point") else None
        if (precision in _WITH_POINT) != (point is not None):
            needed = "needs a point" if point is None else "has no point: it would stand in for an area"
            raise where.flaw("point", f"A place known to {precision} {needed}.")
        level = region.level if region else None
        if level not in _LEVELS[precision]:
            wanted = " or ".join(_LEVEL_NAMES[one] for one in _LEVELS[precision])
            raise where.flaw("region", f"A place known to {precision} needs {wanted}.")
        lon, lat = point or (None, None)
        located = self._located(where, precision, region, point)
        return {
            "place": where.maybe_text("place"), "lon": lon, "lat": lat, "precision": precision,
            "radius_m": located.radius_m, "country": located.country, "admin1": located.admin1,
            "admin2": located.admin2, "extent_region": located.extent_region,
            "near_regions": located.near_regions, "extent": located.extent,
        }  # fmt: skip

    def _located(
        self, where: Section, precision: Precision, region: Region | None, point: tuple[float, float] | None
    ) -> Located:
        if point is None:
            if region is None:
                return Located()
            path = [*reversed(self._regions.above(region.code)), region.code, None, None]
            return Located(country=path[0], admin1=path[1], admin2=path[2], extent_region=region.code)
        named = region.parent if region and region.level > 1 else region.code if region else None
        found = self._locator.locate(
            Spot(
                lon=point[0],
                lat=point[1],
                precision=precision,
                country=region.country if region else None,
                adm_1=named,
            )
        )
        if found.problems:
            why = " ".join(problem.message for problem in found.problems)
            raise where.flaw(
                "point", f"The point does not go with {where.text('region')}: {why}" if region else why
            )
        return found

    def _region(self, section: Section) -> Region:
        """The region of a code. Names are not taken: a file that is loaded years later must mean the same."""
        code = section.text("region")
        if found := self._regions.get(code):
            return found
        try:
            hint = f"Did you mean {self._regions.candidate(self._regions.find(code).code)}?"
        except UnknownRegion as unknown:
            hint = str(unknown)
        except LookupError as ambiguous:
            hint = str(ambiguous)
        raise section.flaw("region", f"{code!r} is no region's code. {hint}")


_TOP = ("format", "documents", "actors", "events", "claims", "figures")
_DOCUMENT = (
    "key", "kind", "publisher", "title", "authors", "url", "archive_url", "published_on", "language", "sha256", "note",
)  # fmt: skip
_ACTOR = ("key", "name", "aliases")
_EVENT = (
    "key", "type", "title", "summary", "when", "where", "side_a", "side_b", "deaths", "verification", "documents", "note",
)  # fmt: skip
_WHEN = ("first", "last", "precision", "words")
_WHERE = ("precision", "region", "place", "point")
_DEATHS = ("state", "low", "best", "high", "civilians")

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

_SPANS = {DatePrecision.DAYS_2_6: (2, 6), DatePrecision.WEEK: (7, 8), DatePrecision.MONTH: (9, 31)}
"""How many days, first and last included, a doubt about the day spans. "The past week" said on a Sunday is eight."""


def _days(entry: Section, reported: date) -> tuple[date, date, DatePrecision]:
    when = entry.section("when", _WHEN)
    first, last = when.day("first"), when.day("last")
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


def _point(where: Section) -> tuple[float, float]:
    point = where.numbers("point")
    if len(point) != 2:
        raise where.flaw("point", "A point is longitude and latitude, as [68.857, 36.72895].")
    lon, lat = point
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise where.flaw("point", f"[{lon}, {lat}] is not on the globe: longitude comes first.")
    return lon, lat


def _deaths(deaths: Section) -> dict[str, Any]:
    """The columns of the deaths. A number goes with a state that says that one was given."""
    state = deaths.word("state", DeathsState)
    low, best, high, civilians = (deaths.maybe_whole(key) for key in ("low", "best", "high", "civilians"))
    given = [one for one in (low, best, high, civilians) if one is not None]
    if state in {DeathsState.NOT_REPORTED, DeathsState.VAGUE} and given:
        raise deaths.flaw("state", f"Deaths that are {state} have no number.")
    if state is DeathsState.REPORTED and not given:
        raise deaths.flaw("state", "Deaths that are reported have a number.")
    if state in {DeathsState.EXPLICIT_ZERO, DeathsState.ZERO_OR_NOT_REPORTED} and set(given) != {0}:
        raise deaths.flaw("state", f"Deaths that are {state} are written as 0.")
    for less, more in pairwise(one for one in (low, best, high) if one is not None):
        if less > more:
            raise deaths.flaw("low", f"The deaths go down ({less}, {more}): low, best and high go up.")
    return {
        "deaths_low": low,
        "deaths_best": best,
        "deaths_high": high,
        "deaths_civilians": civilians,
        "deaths_state": state,
    }


def _new_key(entry: Section, taken: dict[str, Any]) -> str:
    key = entry.text("key")
    if key in taken:
        raise entry.flaw("key", f"The key {key!r} stands twice. A key is for one entry, and for good.")
    if not set(key) <= _KEY_LETTERS:
        raise entry.flaw("key", f"The key {key!r} is to be of small letters, digits and hyphens.")
    return key


_KEY_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


def _references(entry: Section, key: str, known: dict[str, Any]) -> list[Any]:
    """What the keys in a list refer to."""
    found = entry.texts(key)
    for one in found:
        if one not in known:
            raise entry.flaw(
                key,
                f"{one!r} in {key!r} is not in this file, or has a fault. There are: {', '.join(known) or 'none'}.",
            )
    return [known[one] for one in found]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start)
        start = content.rfind(b"\n", 0, error.start) + 1
        mark = yaml.Mark("", error.start, line, error.start - start, None, 0)
        raise Flaw(mark, "The file is not UTF-8. Save it as UTF-8.") from error
