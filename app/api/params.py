"""The one grammar of parameters: what a query string or a search body says becomes a question.

One function reads all parameters, since a dependency each costs as much as the database (measured at a page of 100).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

import orjson

from app.api.grammar import ACTOR_PARAMETERS, EVENT_PARAMETERS, MAX_REGIONS, NOT_ASKED, REGION_PARAMETERS, REPEATABLE
from app.domain.areas import BadArea, Box, Circle, Shape
from app.domain.cursors import BadCursorError, Cursor, fingerprint
from app.domain.days import BadDays, Days
from app.domain.events import PROPERTIES, EventType, Precision, Verification
from app.domain.filters import (
    MAX_LIMIT,
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
from app.domain.regions import AmbiguousRegion, Region, Regions, UnknownRegion, fold
from app.domain.words import web_search
from app.errors import AmbiguousName, BadCursor, BadParameter, UnknownParameter
from app.queries.actors import ActorFilter
from app.queries.regions import RegionFilter

MAX_TEXT = 1_000
MAX_NAME = 200
"""Characters of a code or name; no region has half as many."""
MAX_DEATHS = 2**31 - 1
MAX_EXTENTS = 1_000
"""A page with extents as geometry holds no more than this: a country's outline is a hundred times as long as a point."""

Word = TypeVar("Word", bound=StrEnum)
Wanted = TypeVar("Wanted")
Mark = TypeVar("Mark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the door must know of the database to read a question: kept in memory, renewed when the data change."""

    version: int
    regions: Regions
    datasets: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of events: which, how shown, and from where on."""

    wanted: EventFilter
    view: View
    cursor: Cursor | None
    fingerprint: str


Values = Mapping[str, list[str]]
"""A parameter's values as text, by name, in the order in which they came."""


def values_of(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The parameters of a query string by name. Raises a Problem on text that no database can hold."""
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        if "\0" in value or not value.isprintable() and not _storable(value):
            raise BadParameter(f"'{name}' holds characters that are no text.", parameter=name)
        values[name].append(value)
    return dict(values)


def _storable(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def question(values: Values, known: Known) -> Question:
    """The question that the parameters of `/events` ask. Raises a Problem on the first that cannot be read."""
    _check(values, EVENT_PARAMETERS)
    view = View(
        sort=_sort(values),
        limit=_limit(values, MAX_EXTENTS if values.get("geometry") == [GeometryWanted.EXTENT] else MAX_LIMIT),
        properties=_properties(values),
        geometry=_word(values, "geometry", GeometryWanted, GeometryWanted.POINT),
        count=_word(values, "count", CountWanted, CountWanted.NONE),
    )
    _word(values, "f", Format, Format.GEOJSON)
    asked = _fingerprint(values)
    kinds = tuple(key.field.kind for key in total(view.sort))
    return Question(wanted=_wanted(values, known), view=view, cursor=_cursor(values, asked, kinds), fingerprint=asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueQuestion(Generic[Wanted, Mark]):
    """What is asked of regions or actors: which, how many, and after which to go on."""

    wanted: Wanted
    limit: int
    after: Mark | None
    outline: bool = True
    fingerprint: str


def region_question(values: Values, known: Known) -> CatalogueQuestion[RegionFilter, str]:
    """The question that the parameters of `/regions` ask. Raises a Problem on the first that cannot be read."""
    _check(values, REGION_PARAMETERS)
    one = {name: given[0] for name, given in values.items()}
    parents = _regions(values.get("parent", []), known.regions)
    if len(parents) > 1:
        raise BadParameter("'parent' is one region.", parameter="parent")
    wanted = RegionFilter(
        parent=parents[0].code if parents else None,
        level=int(_word(values, "level", Level, Level.COUNTRY)) if "level" in values else None,
        words=_read("q", _name, one),
    )
    outline = _word(values, "geometry", OutlineWanted, OutlineWanted.POLYGON) is OutlineWanted.POLYGON
    asked = _fingerprint(values)
    cursor = _cursor(values, asked, (str,))
    after = str(cursor.after[0]) if cursor else None
    return CatalogueQuestion(wanted=wanted, limit=_limit(values, MAX_REGIONS), after=after, outline=outline, fingerprint=asked)


def actor_question(values: Values, known: Known) -> CatalogueQuestion[ActorFilter, tuple[str, UUID]]:
    """The question that the parameters of `/actors` ask. Raises a Problem on the first that cannot be read."""
    _check(values, ACTOR_PARAMETERS)
    one = {name: given[0] for name, given in values.items()}
    wanted = ActorFilter(datasets=_datasets(values, known), words=_read("q", _name, one))
    asked = _fingerprint(values)
    cursor = _cursor(values, asked, (str, UUID))
    after = (str(cursor.after[0]), UUID(str(cursor.after[1]))) if cursor else None
    return CatalogueQuestion(wanted=wanted, limit=_limit(values, MAX_REGIONS), after=after, fingerprint=asked)


def _check(values: Values, names: Iterable[str]) -> None:
    """Refuse what is no parameter here, what is given twice, and what is empty."""
    refuse_unknown(values, names)
    for name, given in values.items():
        if len(given) > 1 and name not in REPEATABLE:
            raise BadParameter(f"'{name}' is given {len(given)} times; once is enough.", parameter=name)
        if not all(value.strip() for value in given):
            raise BadParameter(f"'{name}' is empty. Leave it out, or give it a value.", parameter=name)


def _fingerprint(values: Values) -> str:
    return fingerprint(orjson.dumps({name: values[name] for name in sorted(values) if name not in NOT_ASKED}).decode())


def refuse_unknown(values: Values, names: Iterable[str]) -> None:
    """Refuse a parameter that is not among `names`."""
    for name in values:
        if name not in names:
            listed = ", ".join(names)
            raise UnknownParameter(f"There is no parameter '{name[:60]}' here. There are: {listed}.", parameter=name[:60])


class Format(StrEnum):
    """What `f` may be."""

    GEOJSON = "geojson"
    JSON = "json"


class Level(StrEnum):
    """What `level` may be."""

    COUNTRY = "0"
    SUBDIVISION = "1"
    DISTRICT = "2"


class OutlineWanted(StrEnum):
    """What `geometry` of a region may be."""

    POLYGON = "polygon"
    NONE = "none"


def _wanted(values: Values, known: Known) -> EventFilter:
    one = {name: given[0] for name, given in values.items()}
    return EventFilter(
        box=_read("bbox", Box.parse, one),
        days=_read("datetime", Days.parse, one),
        regions=tuple(region_wanted(region, known.regions) for region in _regions(values.get("region", []), known.regions)),
        area=_read("intersects", Shape.parse, one),
        near=_circle(one),
        match=_word(values, "match", Match, Match.POINT),
        types=_words(values, "type", EventType),
        datasets=_datasets(values, known),
        precisions=_words(values, "precision", Precision),
        verifications=_words(values, "verification", Verification),
        actors=tuple(_text("actor", value) for value in values.get("actor", [])),
        deaths_min=_read("deaths_min", _deaths, one),
        deaths_max=_read("deaths_max", _deaths, one),
        contested=_read("contested", _truth, one),
        has_geometry=_read("has_geometry", _truth, one),
        words=_read("q", _search, one),
        reported=_read("reported", Days.parse, one),
    )


Read = TypeVar("Read")


def _read(name: str, parse: Callable[[str], Read], one: Mapping[str, str]) -> Read | None:
    """A parameter that is given once, read; None where it is not given."""
    if name not in one:
        return None
    try:
        return parse(one[name])
    except (BadArea, BadDays, ValueError) as error:
        raise BadParameter(str(error), parameter=name) from error


def _circle(one: Mapping[str, str]) -> Circle | None:
    if "near" not in one and "radius" not in one:
        return None
    for name, other in (("near", "radius"), ("radius", "near")):
        if name not in one:
            raise BadParameter(f"'{other}' needs '{name}': near=68.86,36.73&radius=50km.", parameter=name)
    return _read("near", lambda near: Circle.parse(near, one["radius"]), one)


def _regions(given: list[str], regions: Regions) -> list[Region]:
    """The regions of a list of codes and names. Some names hold a comma themselves, so a whole value is tried first."""
    found: list[Region] = []
    for value in given:
        try:
            found.append(regions.find(value[:MAX_NAME]))
        except AmbiguousRegion as error:
            raise AmbiguousName(str(error), parameter="region") from error
        except UnknownRegion as error:
            if "," not in value:  # a single one, and not there
                raise BadParameter(str(error), parameter="region") from error
            if not all(part.strip() for part in value.split(",")):
                raise BadParameter(f"'{value[:60]}' has an empty place between its commas.", parameter="region") from error
            found.extend(_regions(value.split(","), regions))
    return found


def region_wanted(region: Region, regions: Regions) -> RegionWanted:
    """A region with its kin."""
    return RegionWanted(
        code=region.code, level=region.level, inside=tuple(sorted(regions.inside(region.code))), above=regions.above(region.code)
    )


def _datasets(values: Values, known: Known) -> tuple[str, ...]:
    names = _list(values, "dataset")
    for name in names:
        if name not in known.datasets:
            listed = ", ".join(sorted(known.datasets))
            raise BadParameter(f"No dataset '{name[:60]}' is loaded. There are: {listed}.", parameter="dataset")
    return names


def _list(values: Values, name: str) -> tuple[str, ...]:
    """The values between the commas of a parameter that may be a list."""
    parts = [part.strip() for value in values.get(name, []) for part in value.split(",")]
    if not all(parts):
        raise BadParameter(f"'{name}' has an empty place between its commas.", parameter=name)
    return tuple(dict.fromkeys(parts))


def _words(values: Values, name: str, vocabulary: type[Word]) -> tuple[Word, ...]:
    return tuple(_of(vocabulary, name, part) for part in _list(values, name))


def _word(values: Values, name: str, vocabulary: type[Word], default: Word) -> Word:
    return _of(vocabulary, name, values[name][0]) if name in values else default


def _of(vocabulary: type[Word], name: str, text: str) -> Word:
    try:
        return vocabulary(text)
    except ValueError as error:
        listed = ", ".join(vocabulary)
        raise BadParameter(f"'{text[:60]}' is no {name}. There are: {listed}.", parameter=name) from error


def _sort(values: Values) -> tuple[SortKey, ...]:
    if "sortby" not in values:
        return View().sort
    try:
        return total(tuple(SortKey.parse(part) for part in values["sortby"][0].split(",")))
    except ValueError as error:
        listed = ", ".join(SortField)
        message = f"'{values['sortby'][0][:60]}' is no order. Give {listed}, each with + or - before it, commas between them."
        raise BadParameter(message, parameter="sortby") from error


def _limit(values: Values, most: int) -> int:
    """The size of a page. More than the maximum is no error, and taken as the maximum (OGC 17-069r4, fc-limit-response-1 C)."""
    if "limit" not in values:
        return View().limit
    text = values["limit"][0]
    if not (text.isascii() and text.isdigit() and int(text[:20]) > 0):
        raise BadParameter(f"'{text[:40]}' is no page size. Give a whole number from 1 to {most}.", parameter="limit")
    return min(int(text[:20]), most)


def _properties(values: Values) -> tuple[str, ...] | None:
    if "properties" not in values:
        return None
    names = _list(values, "properties")
    for name in names:
        if name not in PROPERTIES:
            listed = ", ".join(PROPERTIES)
            raise BadParameter(f"'{name[:60]}' is no property of an event. There are: {listed}.", parameter="properties")
    # In the order of the documentation, so that the same choice is the same answer.
    return tuple(name for name in PROPERTIES if name in names)


def _cursor(values: Values, asked: str, kinds: tuple[type, ...]) -> Cursor | None:
    if "cursor" not in values:
        return None
    try:
        return Cursor.decode(values["cursor"][0], question=asked, kinds=kinds)
    except BadCursorError as error:
        raise BadCursor(str(error), parameter="cursor") from error


def _deaths(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= MAX_DEATHS):
        message = f"'{text[:40]}' is no number of deaths. Give a whole number from 0 to {MAX_DEATHS}."
        raise ValueError(message)
    return int(text)


def _truth(text: str) -> bool:
    if text not in {"true", "false"}:
        message = f"'{text[:40]}' is neither true nor false."
        raise ValueError(message)
    return text == "true"


def _text(name: str, text: str) -> str:
    if len(text) > MAX_TEXT:
        raise BadParameter(f"'{name}' is longer than {MAX_TEXT} characters.", parameter=name)
    return text


def _name(text: str) -> str:
    folded = fold(_text("q", text))
    if not folded:
        message = f"'{text[:60]}' holds no letter to search for."
        raise ValueError(message)
    return folded


def _search(text: str) -> str:
    folded = web_search(_text("q", text))
    if not folded:
        message = f"'{text[:60]}' holds no word to search for."
        raise ValueError(message)
    return folded


def body_values(body: Mapping[str, object]) -> dict[str, list[str]]:
    """The members of a search body as parameters: the same names, with lists, numbers, truths and geometries as JSON has them.

    Raises a Problem where a member is nothing of these.
    """
    return {name: _as_text(name, value) for name, value in body.items() if value is not None}


def _as_text(name: str, value: object) -> list[str]:
    if isinstance(value, dict) and name == "intersects":
        return [orjson.dumps(value).decode()]
    if not isinstance(value, list):
        return [_scalar(name, value)]
    texts = [_scalar(name, part) for part in value]
    if not texts:
        raise BadParameter(f"'{name}' is an empty list. Leave it out, or give it a value.", parameter=name)
    return texts if name in REPEATABLE else [",".join(texts)]


def _scalar(name: str, value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            checked = values_of([(name, value)])
            return checked[name][0]
        case _:
            raise BadParameter(f"'{name}' is neither text, number, truth nor a list of these.", parameter=name)
