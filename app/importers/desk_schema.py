"""The desk format, key by key: what its reader knows, and the JSON Schema (draft 2020-12) in which it is told.

The one place where keys are named: the reader takes them from here, and the schema is made of the same lines and the vocabularies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.domain.events import DatePrecision, DeathsState, EventType, Precision
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
)

FORMAT = "sitrep-desk-1"
MOST_PEOPLE = 2_147_483_647
"""The highest number of an estimate: what a column of whole numbers holds."""
MOST_COUNTED = 100_000_000_000
"""The highest number of a figure: about as many people as ever lived."""

LONGEST_TEXT = 1_000
"""Of a text, in characters, unless LONGEST says otherwise."""
LONGEST: dict[str, int] = {
    **dict.fromkeys(("key", "copy_of", "document", "documents", "actor", "side_a", "side_b"), 200),
    **dict.fromkeys(("responds_to", "claim", "from", "civilians"), 200),
    **dict.fromkeys(("title", "publisher", "authors", "name", "aliases", "claimant", "by", "assessor"), 500),
    **dict.fromkeys(("quote", "note", "rationale"), 5_000),
    "summary": 10_000,
}
"""By the name of the key; of each text where it has a list of them."""

Shape = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a part of the file."""

    about: str
    shape: Shape
    needed: bool = False
    """Whether it must be there. What depends on other keys is in RULES."""


def keys(part: str) -> tuple[str, ...]:
    """The keys of a part of the file, as PARTS names it."""
    return tuple(PARTS[part])


def schema() -> Shape:
    """The JSON Schema of a desk file. What it cannot say (what refers to what), `sitrep desk --check` does."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:sitrep:{FORMAT}",
        "title": "A desk file of Sitrep",
        "description": "Events that people code by hand from reports, with who says so. Explained in docs/desk.md.",
        **_part("file"),
        "$defs": {part: _part(part) for part in PARTS if part != "file"},
    }


def _part(part: str) -> Shape:
    made = PARTS[part]
    known = {
        "type": "object",
        "properties": {
            name: _bounded(name, key.shape) | {"description": key.about} for name, key in made.items()
        },
        "additionalProperties": False,
    }
    needed = [name for name, key in made.items() if key.needed]
    rules = RULES.get(part, [])
    if "withdrawn" not in made:
        return known | {"required": needed} | ({"allOf": rules} if rules else {})
    whole = {"required": needed} | ({"allOf": rules} if rules else {})
    return known | {"required": ["key"], "if": _is("withdrawn", True), "else": whole}


def _bounded(name: str, shape: Shape) -> Shape:
    """The shape, with the length that the key's texts may have."""
    if shape.get("type") == "array" and "items" in shape and shape["items"]:
        return shape | {"items": _bounded(name, shape["items"])}
    if shape.get("type") == "string" and "format" not in shape:
        return shape | {"maxLength": LONGEST.get(name, LONGEST_TEXT)}
    return shape


def _is(name: str, value: Any) -> Shape:
    """What holds where a key is there and has a value."""
    return {"properties": {name: {"const": value}}, "required": [name]}


def _one_of(words: type[StrEnum]) -> Shape:
    return {"enum": [str(word) for word in words]}


def _list(shape: Shape, least: int = 0) -> Shape:
    return {"type": "array", "items": shape, "uniqueItems": True} | ({"minItems": least} if least else {})


def _entries(part: str) -> Shape:
    return {"type": "array", "items": _of(part)}


def _of(part: str) -> Shape:
    return {"$ref": f"#/$defs/{part}"}


KEY_PATTERN = r"[a-z0-9-]+"
EVENT_PATTERN = r"[a-z0-9-]+(/\S(.*\S)?)?"
URL_PATTERN = r"https?://[^\s/]+\S*"
SHA256_PATTERN = r"[0-9a-f]{64}"
LANGUAGE_PATTERN = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
INSTANT_PATTERN = r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})"

TEXT: Shape = {"type": "string", "pattern": r"\S"}
KEY: Shape = {"type": "string", "pattern": f"^{KEY_PATTERN}$"}
EVENT: Shape = {"type": "string", "pattern": f"^{EVENT_PATTERN}$"}
URL: Shape = {"type": "string", "pattern": f"^{URL_PATTERN}$"}
DAY: Shape = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
INSTANT: Shape = {"type": "string", "format": "date-time", "pattern": f"^{INSTANT_PATTERN}$"}
YES: Shape = {"type": "boolean"}
PEOPLE: Shape = {"type": "integer", "minimum": 0, "maximum": MOST_PEOPLE}
COUNTED: Shape = {"type": "integer", "minimum": 0, "maximum": MOST_COUNTED}
POINT: Shape = {
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -180, "maximum": 180},
        {"type": "number", "minimum": -90, "maximum": 90},
    ],
    "items": False,
    "minItems": 2,
}

_KEY = Key("Its name in the desk's files, for good: small letters, digits and hyphens.", KEY, needed=True)
_WITHDRAWN = Key("true takes it back: then only `key` is read.", YES)
_NOTE = Key("A remark of the desk.", TEXT)
_DOCUMENT = Key("The document that it stands in, by its key.", KEY, needed=True)
_ABOUT = "by its key, also in another desk file; one of another dataset as ucdp-ged/12345."
_EVENT = Key(f"The event that it is about: {_ABOUT}", EVENT, needed=True)
_QUOTE = Key("The words of the document, letter for letter, and no more than needed.", TEXT, needed=True)
_ROLE = Key("The claimant's standing towards what it is about.", _one_of(ClaimantRole), needed=True)
_SAID_OF = Key("What the publisher says of its verification.", _one_of(PublisherVerification), needed=True)
_ACTOR = Key("The actor for whom the claimant speaks, by its key.", KEY)

PARTS: dict[str, dict[str, Key]] = {
    "file": {
        "format": Key(f"{FORMAT}.", {"const": FORMAT}, needed=True),
        "documents": Key("What is coded from.", _entries("document")),
        "actors": Key("Who takes part or speaks.", _entries("actor")),
        "events": Key("What happened.", _entries("event")),
        "claims": Key("Who says what about events.", _entries("claim")),
        "estimates": Key("How many people came to harm in an event, as somebody puts it.", _entries("estimate")),
        "assessments": Key("What an assessor made of an event.", _entries("assessment")),
        "figures": Key("Numbers over an area and a period.", _entries("figure")),
        "links": Key("How events are related.", _entries("link")),
    },
    "document": {
        "key": _KEY,
        "kind": Key("What it is; `other` unless said.", _one_of(DocumentKind)),
        "publisher": Key("Who published it.", TEXT, needed=True),
        "title": Key("Its title.", TEXT),
        "authors": Key("Who wrote it.", _list(TEXT)),
        "url": Key("Its address.", URL),
        "archive_url": Key("Where a copy of it is kept.", URL),
        "published_on": Key("The day at the publisher's place.", DAY, needed=True),
        "published_at": Key("The moment, where it is known (RFC 3339).", INSTANT),
        "language": Key("Its language, as en or fa-AF (BCP 47).", {"type": "string", "pattern": f"^{LANGUAGE_PATTERN}$"}),
        "sha256": Key("Of the text that was coded.", {"type": "string", "pattern": f"^{SHA256_PATTERN}$"}),
        "copy_of": Key("The document whose report it repeats, by its key, also in another file. Copies count as one source.", KEY),
        "note": _NOTE,
    },
    "actor": {
        "key": _KEY,
        "name": Key("As it is to be shown.", TEXT, needed=True),
        "aliases": Key("Other names and spellings, in any script.", _list(TEXT)),
    },
    "event": {
        "key": _KEY,
        "withdrawn": _WITHDRAWN,
        "type": Key("What kind of thing happened (docs/event-types.md).", _one_of(EventType), needed=True),
        "title": Key("In a few words.", TEXT, needed=True),
        "summary": Key("In a sentence or two.", TEXT),
        "when": Key("On which days.", _of("when"), needed=True),
        "where": Key("At which place.", _of("where"), needed=True),
        "side_a": Key("Who is said to have acted, by their keys.", _list(KEY)),
        "side_b": Key("Against whom, by their keys.", _list(KEY)),
        "deaths": Key("What is known of deaths.", _of("deaths"), needed=True),
        "documents": Key("What it is coded from, by their keys.", _list(KEY, least=1), needed=True),
        "note": _NOTE,
    },
    "when": {
        "first": Key("The first day, local.", DAY, needed=True),
        "last": Key("The last day, included.", DAY, needed=True),
        "precision": Key("How exactly the days are known.", _one_of(DatePrecision), needed=True),
        "words": Key("As the document puts it.", TEXT),
    },
    "where": {
        "precision": Key("How exactly the place is known.", _one_of(Precision), needed=True),
        "region": Key("The code of the finest region that holds it, as AF-KDZ.", TEXT),
        "place": Key("The place's name.", TEXT),
        "point": Key("Longitude and latitude of a place that is known; never a stand-in.", POINT),
    },
    "deaths": {
        "state": Key(
            "Where no number is given; the last two mean 0.",
            {"enum": [str(one) for one in DeathsState if one is not DeathsState.REPORTED]},
        ),
        "from": Key("The estimate of this file that gives the number, by its key.", KEY),
        "civilians": Key("The estimate of this file that gives the number of civilians among them, by its key.", KEY),
    },
    "span": {
        "first": Key("The first day.", DAY, needed=True),
        "last": Key("The last day, included.", DAY, needed=True),
        "words": Key("As the document puts it.", TEXT),
    },
    "claim": {
        "key": _KEY,
        "withdrawn": _WITHDRAWN,
        "about": Key(f"The events that it is about: each {_ABOUT}", _list(EVENT, least=1), needed=True),
        "stance": Key("What the claimant does about them.", _one_of(Stance), needed=True),
        "claimant": Key("As the document names them.", TEXT, needed=True),
        "anonymous": Key("true where the document does not give the claimant's name.", YES),
        "actor": _ACTOR,
        "role": _ROLE,
        "responds_to": Key("The claim that it answers, by its key, also in another file.", KEY),
        "quote": _QUOTE,
        "speech": Key("Whose words the quote is in.", _one_of(Speech), needed=True),
        "said": Key("When it was said.", _of("span"), needed=True),
        "verification": _SAID_OF,
        "document": _DOCUMENT,
        "note": _NOTE,
    },
    "estimate": {
        "key": _KEY,
        "withdrawn": _WITHDRAWN,
        "event": _EVENT,
        "harm": Key("What people are counted by.", _one_of(Harm), needed=True),
        "group": Key("Of whom it speaks.", _one_of(Group), needed=True),
        "low": Key("At least so many.", PEOPLE),
        "best": Key("So many.", PEOPLE),
        "high": Key("At most so many.", PEOPLE),
        "state": Key("What stands behind the number.", _one_of(DeathsState), needed=True),
        "basis": Key("How the number came about.", _one_of(Basis), needed=True),
        "claim": Key("The claim that gives it, by its key, also in another file.", KEY),
        "document": Key("The document that gives it, where no claim does.", KEY),
        "quote": Key(_QUOTE.about, TEXT),
        "note": _NOTE,
    },
    "assessment": {
        "key": _KEY,
        "withdrawn": _WITHDRAWN,
        "event": _EVENT,
        "scheme": Key("By which rules.", _one_of(Scheme), needed=True),
        "grade": Key("A grade of the scheme.", {"enum": sorted({str(one) for of in GRADES.values() for one in of})}, needed=True),
        "assessor": Key("Who assessed it.", TEXT, needed=True),
        "assessed_on": Key("On which day.", DAY, needed=True),
        "rationale": Key("Why this grade.", TEXT, needed=True),
        "document": Key("Where it was published, or what it rests on.", KEY),
        "note": Key("Why it is taken back; one that stands says why in `rationale`.", TEXT),
    },
    "figure": {
        "key": _KEY,
        "withdrawn": _WITHDRAWN,
        "about": Key(f"The events that it speaks of, if any: each {_ABOUT}", _list(EVENT)),
        "metric": Key("What is counted: people, in each case.", _one_of(Metric), needed=True),
        "value": Key("So many.", COUNTED),
        "qualifier": Key("How the value was hedged.", _one_of(Qualifier)),
        "low": Key("Of a range, the least.", COUNTED),
        "high": Key("Of a range, the most.", COUNTED),
        "change": Key("Against an earlier period.", _of("change")),
        "area": Key("Where.", _of("area"), needed=True),
        "period": Key("In which period.", _of("span"), needed=True),
        "said": Key("When it was said.", _of("span")),
        "by": Key("Who gives it, as the document names them.", TEXT, needed=True),
        "actor": _ACTOR,
        "role": _ROLE,
        "quote": _QUOTE,
        "verification": _SAID_OF,
        "document": _DOCUMENT,
        "note": _NOTE,
    },
    "change": {
        "percent": Key("Per cent, above 0 for more.", {"type": "number", "minimum": -100}, needed=True),
        "against": Key("The period against which.", _of("span"), needed=True),
        "words": Key("As the document puts it.", TEXT),
    },
    "area": {
        "region": Key("A region's code, as AF.", TEXT, needed=True),
        "place": Key("The place's name, where it is finer.", TEXT),
    },
    "link": {
        "key": _KEY,
        "withdrawn": _WITHDRAWN,
        "event": Key(f"The event that is related: {_ABOUT}", EVENT, needed=True),
        "to": Key(f"The event to which: {_ABOUT}", EVENT, needed=True),
        "kind": Key("How.", _one_of(LinkKind), needed=True),
        "note": _NOTE,
    },
}  # fmt: skip

LISTS = ("documents", "actors", "events", "claims", "estimates", "assessments", "figures", "links")
"""The lists of entries, in the order in which they are read; each is of parts called as it is, without the s."""

_NUMBERS: tuple[Shape, ...] = tuple({"required": [name]} for name in ("low", "best", "high"))
_ZERO: Shape = {"properties": {name: {"const": 0} for name in ("low", "best", "high")}, "anyOf": [*_NUMBERS]}


def _with_state(*states: DeathsState) -> Shape:
    return {"properties": {"state": {"enum": [str(state) for state in states]}}, "required": ["state"]}


RULES: dict[str, list[Shape]] = {
    "deaths": [
        {"oneOf": [{"required": ["state"]}, {"required": ["from"]}]},
        {"dependentRequired": {"civilians": ["from"]}},
    ],
    "claim": [
        {
            "if": {"properties": {"stance": {"enum": sorted(ANSWERS)}}, "required": ["stance"]},
            "then": {"required": ["responds_to"]},
        }
    ],
    "estimate": [
        {"oneOf": [{"required": ["claim"]}, {"required": ["document"]}]},
        {"if": _with_state(DeathsState.REPORTED), "then": {"anyOf": [*_NUMBERS]}},
        {"if": _with_state(DeathsState.NOT_REPORTED, DeathsState.VAGUE), "then": {"not": {"anyOf": [*_NUMBERS]}}},
        {"if": _with_state(DeathsState.EXPLICIT_ZERO, DeathsState.ZERO_OR_NOT_REPORTED), "then": _ZERO},
    ],
    "assessment": [
        *({"if": _is("scheme", str(scheme)), "then": {"properties": {"grade": {"enum": sorted(grades)}}}}
          for scheme, grades in GRADES.items()),
        {"properties": {"note": False}},
    ],
    "figure": [
        {
            "oneOf": [
                {"required": ["value", "qualifier"], "not": {"anyOf": [_NUMBERS[0], _NUMBERS[2]]}},
                {"required": ["low", "high"], "not": {"anyOf": [{"required": ["value"]}, {"required": ["qualifier"]}]}},
            ]
        }
    ],
}  # fmt: skip
"""What of a part depends on its other keys."""
