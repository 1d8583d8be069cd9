"""The one grammar of parameters: what a query string or a search body says becomes a question.

One function reads all parameters, since a dependency each costs as much as the database (measured at a page of 100).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from app.api import values as read
from app.api.grammar import (
    EVENT_PARAMETERS,
    MAX_EXTENTS,
    NOT_ASKED,
)
from app.api.values import Values
from app.domain import changes
from app.domain.areas import Box, Circle, Shape
from app.domain.counts import PERIODS, By
from app.domain.crs import Crs, box_in
from app.domain.cursors import BadCursorError, Cursor, fingerprint
from app.domain.days import Days
from app.domain.events import PROPERTIES, EventType, Precision, Verification
from app.domain.evidence import ClaimantRole, PublisherVerification
from app.domain.expressions import Expression, Language, parse
from app.domain.filters import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    NEWEST_FIRST,
    CountWanted,
    EventFilter,
    GeometryWanted,
    Match,
    RegionWanted,
    SortField,
    SortKey,
    View,
    total,
)
from app.domain.kinds import Kind
from app.domain.moments import parse_moment
from app.domain.queryables import EVENTS
from app.domain.regions import AmbiguousRegion, Region, Regions, UnknownRegion
from app.domain.words import fold, web_search
from app.errors import AmbiguousName, BadCursor, BadParameter, NotFound

MAX_NAME = 200
"""Characters of a code or name; no region has half as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the door must know of the database to read a question: kept in memory, renewed when the data change."""

    version: int
    regions: Regions
    datasets: frozenset[str]
    ground: int = 0
    """The version that last changed regions or places: what the base map shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of events: which, how shown, and from where on."""

    wanted: EventFilter
    view: View
    cursor: Cursor | None
    as_of: datetime | None
    """The moment as of which it is asked."""
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuestion:
    """What is asked of the change feed: whose changes, how shown, and behind which of them to go on."""

    wanted: EventFilter
    geometry: GeometryWanted
    properties: tuple[str, ...] | None
    since: int | None
    limit: int


def question(
    values: Values,
    known: Known,
    parameters: Collection[str] = EVENT_PARAMETERS,
    *,
    default_limit: int = DEFAULT_LIMIT,
) -> Question:
    """The question that the parameters of `/events` ask, or some of them. Raises a Problem on the first that cannot be read."""
    read.check(values, parameters)
    geometry = read.word(values, "geometry", GeometryWanted, GeometryWanted.POINT)
    view = View(
        sort=order_of(values, tuple(SortField), SortField.ID) or NEWEST_FIRST,
        limit=read.limit(
            values, default_limit, MAX_EXTENTS if geometry is GeometryWanted.EXTENT else MAX_LIMIT
        ),
        properties=_properties(values),
        geometry=geometry,
        count=read.word(values, "count", CountWanted, CountWanted.NONE),
        crs=crs_of(values),
    )
    asked = fingerprint_of(values)
    kinds = tuple(SortField(key.field).kind for key in total(view.sort))
    return Question(
        wanted=_wanted(values, known),
        view=view,
        cursor=cursor_of(values, asked, kinds),
        as_of=read.read("as_of", parse_moment, values),
        fingerprint=asked,
    )


def axes(values: Values) -> tuple[By, ...]:
    """What `by` says to count by: one thing, or two of which at most one is a period. Raises BadParameter."""
    by = read.words(values, "by", By)
    if not by:
        raise BadParameter(
            f"'by' is missing: one or two of {', '.join(By)}, as in by=month or by=month,type.",
            parameter="by",
        )
    if len(by) > 2:
        raise BadParameter(f"'by' takes one or two, and {len(by)} are given.", parameter="by")
    if all(one in PERIODS for one in by) and len(by) > 1:
        raise BadParameter(f"'by' takes one period, and {by[0]} and {by[1]} are two.", parameter="by")
    return by


def change_question(values: Values, known: Known, parameters: Collection[str]) -> ChangeQuestion:
    """The question that the parameters of `/changes` or `/changes/stream` ask. Raises a Problem on the first that cannot be read."""
    read.check(values, parameters)
    return ChangeQuestion(
        wanted=_wanted(values, known),
        geometry=read.word(values, "geometry", GeometryWanted, GeometryWanted.POINT),
        properties=_properties(values),
        since=place_in_feed("since", values["since"][0]) if "since" in values else None,
        limit=read.limit(values, changes.DEFAULT_LIMIT, changes.MAX_LIMIT),
    )


def place_in_feed(name: str, given: str) -> int:
    """A place in the change feed, as the parameter or header of this name gives it. Raises BadParameter."""
    seq = read.whole(given.strip(), changes.MAX_SEQ)
    if seq is None:
        raise BadParameter(
            f"'{given[:40]}' is no place in the feed. Give the 'next' of an answer, the 'seq' of a change, or 0.",
            parameter=name,
        )
    return seq


def identity(given: str, what: str) -> UUID:
    """The id of a thing (an `event`, a `document`) out of an address. Raises NotFound for what is none."""
    try:
        return UUID(given)
    except ValueError as error:
        raise NotFound(f"'{given[:60]}' is no {what} id: these are UUIDs.") from error


def region_wanted(region: Region, regions: Regions) -> RegionWanted:
    """A region with its kin."""
    return RegionWanted(
        code=region.code,
        level=region.level,
        inside=tuple(sorted(regions.inside(region.code))),
        above=regions.above(region.code),
    )


def one_region(given: str, regions: Regions, parameter: str) -> Region:
    """The region that a text means. Raises AmbiguousName, or UnknownRegion, which the caller knows how to take."""
    try:
        return regions.find(given[:MAX_NAME])
    except AmbiguousRegion as error:
        raise AmbiguousName(str(error), parameter=parameter) from error


def _wanted(values: Values, known: Known) -> EventFilter:
    deaths_min = read.read("deaths_min", read.count, values)
    deaths_max = read.read("deaths_max", read.count, values)
    if deaths_min is not None and deaths_max is not None and deaths_min > deaths_max:
        raise BadParameter(
            f"'deaths_min' ({deaths_min}) is greater than 'deaths_max' ({deaths_max}).",
            parameter="deaths_min",
        )
    return EventFilter(
        box=box_of(values),
        days=read.read("datetime", Days.parse, values),
        regions=tuple(
            region_wanted(region, known.regions)
            for region in regions_of(values.get("region", ()), known.regions)
        ),
        area=read.read("intersects", Shape.parse, values),
        near=_circle(values),
        match=read.word(values, "match", Match, Match.POINT),
        types=read.words(values, "type", EventType),
        datasets=datasets_of(values, known),
        precisions=read.words(values, "precision", Precision),
        verifications=read.words(values, "verification", Verification),
        actors=tuple(_actor(given) for given in values.get("actor", ())),
        deaths_min=deaths_min,
        deaths_max=deaths_max,
        contested=read.read("contested", read.truth, values),
        has_geometry=read.read("has_geometry", read.truth, values),
        words=read.read("q", _search, values),
        reported=read.read("reported", Days.parse, values),
        claimant_roles=read.words(values, "claimant_role", ClaimantRole),
        claim_verifications=read.words(values, "claim_verification", PublisherVerification),
        sources_min=read.read("sources_min", read.count, values),
        expression=expression_of(values, EVENTS),
    )


def expression_of(values: Values, fields: Mapping[str, Kind]) -> Expression | None:
    """The condition of `filter` over these properties."""
    crs = crs_of(values, "filter-crs")
    language = read.word(values, "filter-lang", Language, Language.TEXT) if "filter-lang" in values else None
    return read.read("filter", lambda given: parse(given, language, fields, crs), values)


def _circle(values: Values) -> Circle | None:
    if "near" not in values and "radius" not in values:
        return None
    for name, other in (("near", "radius"), ("radius", "near")):
        if name not in values:
            raise BadParameter(f"'{other}' needs '{name}': near=68.86,36.73&radius=50km.", parameter=name)
    # With a radius that is one, any fault is the centre's.
    read.read("near", lambda near: Circle.parse(near, "1"), values)
    near = values["near"][0]
    return read.read("radius", lambda radius: Circle.parse(near, radius.lower()), values)


def crs_of(values: Values, name: str = "crs") -> Crs:
    """The reference system that a parameter names; longitude and latitude without it."""
    return read.read(name, Crs.parse, values) or Crs.CRS84


def box_of(values: Values) -> Box | None:
    """The box of `bbox`, in the reference system of `bbox-crs`."""
    crs = crs_of(values, "bbox-crs")
    return read.read("bbox", lambda given: box_in(crs, given), values)


def regions_of(given: Sequence[str], regions: Regions) -> list[Region]:
    """The regions of a list of codes and names. Some names hold a comma themselves, so a whole value is tried first."""
    found: list[Region] = []
    for value in given:
        try:
            found.append(one_region(value, regions, "region"))
        except UnknownRegion as error:
            if "," not in value:  # a single one, and not there
                raise BadParameter(str(error), parameter="region") from error
            found += regions_of(read.several({"region": [value]}, "region"), regions)
    return found


def datasets_of(values: Values, known: Known) -> tuple[str, ...]:
    """The datasets that `dataset` names, which must be loaded here."""
    names = read.several(values, "dataset")
    for name in names:
        if name not in known.datasets:
            raise read.no_such("dataset", name, sorted(known.datasets), "dataset that is loaded here")
    return names


def order_of(values: Values, fields: Collection[str], identity: str) -> tuple[SortKey, ...] | None:
    """The order that `sortby` gives, out of these fields; None where it is not given."""
    if "sortby" not in values:
        return None
    try:
        return total(tuple(SortKey.parse(part, fields) for part in values["sortby"][0].split(",")), identity)
    except ValueError as error:
        listed = ", ".join(fields)
        raise BadParameter(
            f"'{values['sortby'][0][:60]}' is no order. Give {listed}, each with + or - before it, commas between them.",
            parameter="sortby",
        ) from error


def _properties(values: Values) -> tuple[str, ...] | None:
    if "properties" not in values:
        return None
    names = read.several(values, "properties")
    for name in names:
        if name not in PROPERTIES:
            raise read.no_such("properties", name, PROPERTIES, "property of an event")
    # In the order of the documentation, so that the same choice is the same answer.
    return tuple(name for name in PROPERTIES if name in names)


def cursor_of(values: Values, asked: str, kinds: tuple[type, ...]) -> Cursor | None:
    """The cursor that is given, for a question of this fingerprint with keys of these types."""
    if "cursor" not in values:
        return None
    try:
        return Cursor.decode(values["cursor"][0], question=asked, kinds=kinds)
    except BadCursorError as error:
        raise BadCursor(str(error), parameter="cursor") from error


def fingerprint_of(values: Values) -> str:
    """Of what is asked, and not of how the answer looks."""
    asked = {name: values[name] for name in sorted(values) if name not in NOT_ASKED}
    return fingerprint(orjson.dumps(asked).decode())


def _actor(given: str) -> str:
    try:
        return read.text(given)
    except ValueError as error:
        raise BadParameter(str(error), parameter="actor") from error


def name_of(given: str) -> str:
    """A name to search for, folded. Raises ValueError."""
    folded = fold(read.text(given))
    if not folded:
        raise ValueError(f"'{given[:60]}' holds no letter to search for.")
    return folded


def _search(given: str) -> str:
    folded = web_search(read.text(given))
    if not folded:
        raise ValueError(f"'{given[:60]}' holds no word to search for.")
    return folded
