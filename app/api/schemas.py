"""What answers are made of, as JSON Schema for the OpenAPI document (3.0). A test holds them against real answers."""

from __future__ import annotations

from app.api.schemas_collections import SCHEMAS_OF_COLLECTIONS
from app.api.schemas_evidence import SCHEMAS_OF_EVIDENCE, WHOLE_EVENT
from app.api.schemas_maps import SCHEMAS_OF_MAPS
from app.api.schemas_parts import COUNT as _COUNT
from app.api.schemas_parts import Schema, reference
from app.api.schemas_parts import list_of as _list_of
from app.api.schemas_parts import names as _names
from app.api.schemas_parts import of as _of
from app.api.schemas_parts import shape as _object
from app.api.schemas_parts import word as _word
from app.domain.changes import FIELDS, ChangeKind
from app.domain.changes import MAX_LIMIT as MAX_CHANGES
from app.domain.events import (
    PROPERTIES,
    DatePrecision,
    DeathsState,
    EventType,
    Precision,
    Status,
    Verification,
)
from app.domain.filters import MAX_LIMIT

_DEATHS = "A figure that the source does not give is null, never 0."

EVENT_PROPERTIES: dict[str, Schema] = {
    "id": _of("string", "Stable, and equal in every installation for an imported event.", format="uuid"),
    "dataset": _of("string", "Where it comes from (`/datasets`)."),
    "source_key": _of("string", "The source's own key."),
    "type": _word("What kind of thing happened, in our vocabulary.", EventType),
    "source_type": _of("string", "The source's own code of the type.", null=True),
    "title": _of("string", "One line."),
    "summary": _of("string", "What the source tells of it.", null=True),
    "first_day": _of("string", "Local day at the place; null where unknown.", null=True, format="date"),
    "last_day": _of("string", "Local day, included; null where unknown.", null=True, format="date"),
    "date_precision": _word(
        "How exactly the days are known. Up to `day`, first to last is how long it lasted; from `days_2_6` on it is doubt.",
        DatePrecision,
    ),
    "place": _of("string", "The name of the place, as the source has it.", null=True),
    "precision": _word(
        "How exactly the place is known. From `admin3` on the point is a stand-in, a centroid.", Precision
    ),
    "radius_m": _of("integer", "Metres round the point within which it happened.", null=True),
    "country": _of("string", "ISO 3166-1 alpha-2.", null=True),
    "admin1": _of("string", "Code of the first-level subdivision (`/regions`).", null=True),
    "admin2": _of("string", "Code of the district (`/regions`).", null=True),
    "side_a": _names("Actors on one side. The order says nothing about who began."),
    "side_b": _names("Actors on the other."),
    "deaths_low": _of("integer", f"Deaths, low figure. {_DEATHS}", null=True),
    "deaths_best": _of("integer", f"Deaths, best figure. {_DEATHS}", null=True),
    "deaths_high": _of("integer", f"Deaths, high figure. {_DEATHS}", null=True),
    "deaths_civilians": _of("integer", f"Civilians among them. {_DEATHS}", null=True),
    "deaths_state": _word("What stands behind the figures: a zero that was said is not one that was left out.", DeathsState),
    "deaths_estimate": _of(
        "string", "The estimate that the deaths are; null where they are the dataset's own.", null=True, format="uuid"
    ),
    "verification": _word("What an assessor found; null where nobody assessed it.", Verification, null=True),
    "contested": _of("boolean", "Whether one party asserts what another denies; null where not known.", null=True),
    "claims": _of("integer", "How many statements about it are kept.", null=True),
    "sources": _of("integer", "Independent origins of what is told, where they are told apart; else as many sources as the dataset counts.", null=True),
    "first_reported": _of("string", "The day from which the world could know.", null=True, format="date"),
    "status": _word("`retracted` where the source withdrew it. Lists hold active events only.", Status),
    "revision": _of("integer", "1 at first, one more with each change."),
    "updated": _of("string", "When the present revision became known here.", format="date-time"),
}  # fmt: skip

_POSITIONS = {"type": "array", "items": {}, "description": "Longitude first (RFC 7946)."}
_GEOMETRY = _object(
    {"type": {"type": "string", "enum": ["Point", "Polygon", "MultiPolygon"]}, "coordinates": _POSITIONS},
    "A GeoJSON geometry in WGS 84; split at the antimeridian.",
)
_LINK = _object(
    {
        "rel": {"type": "string", "example": "next"},
        "type": {"type": "string", "example": "application/geo+json"},
        "href": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "method": _of("string", "`POST` where something is sent there: a question.", enum=["POST"]),
        "body": _of("object", "The search body of the next page."),
    },
    "A link (RFC 8288).",
    ("rel", "type", "href"),
)
_PROBLEM = _object(
    {
        "type": _of("string", "The kind of problem: an address that explains it.", format="uri"),
        "title": _of("string", "The kind in words."),
        "status": _of("integer", "The HTTP status."),
        "detail": _of("string", "What happened here, and what helps."),
        "instance": _of("string", "The path that was asked."),
        "parameter": _of("string", "The parameter at fault, if one is."),
    },
    "A problem (RFC 9457).",
    ("type", "title", "status", "detail", "instance"),
)


def _feature(
    properties: Schema, description: str, identifier: Schema, more: dict[str, Schema] | None = None
) -> Schema:
    return _object(
        {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": identifier,
            "geometry": {"allOf": [reference("Geometry")], "nullable": True},
            "properties": properties,
            "links": _list_of("Link"),
            **(more or {}),
        },
        description,
        ("type", "id", "geometry", "properties", *(more or {})),
    )


def _features(of: str, more: dict[str, Schema], description: str) -> Schema:
    return _object(
        {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "links": _list_of("Link"),
            "numberReturned": {**_COUNT, "maximum": MAX_LIMIT},
            **more,
            "features": _list_of(of),
        },
        description,
        ("type", "links", "numberReturned", "features"),
    )


_REGION_PROPERTIES: dict[str, Schema] = {
    "code": _of("string", "ISO 3166 code, or one of ours, which has a dot."),
    "name": _of("string", "Its name in English or a common spelling."),
    "level": _of("integer", "0 country, 1 first-level subdivision, 2 district.", minimum=0, maximum=2),
    "parent": _of("string", "Code of the region right above.", null=True),
    "country": _of("string", "ISO 3166-1 alpha-2."),
    "alpha3": _of("string", "ISO 3166-1 alpha-3, countries only.", null=True),
    "fips": _names("FIPS 10-4 codes, without the prefix `fips:`."),
    "gw": _of("array", "Gleditsch-Ward numbers, countries only.", items={"type": "integer"}),
    "aliases": _names("Other names and spellings, in any script."),
}
_RELEASE: dict[str, Schema] = {
    "name": _of("string", "The file's name, or the address it was fetched from."),
    "label": _of("string", "The release's own name, such as 23.1.", null=True),
    "position": _of("integer", "Its place in the dataset's order."),
    "released_on": _of("string", "When it was published.", null=True, format="date"),
    "sha256": _of("string", "Of the file as it came."),
    "complete": _of("boolean", "Whether a key that is absent from it is withdrawn."),
    **{
        name: {**_COUNT, "description": f"Rows {said}."}
        for name, said in (
            ("rows_read", "that were read"),
            ("created", "that made an event"),
            ("changed", "that changed one"),
            ("unchanged", "that changed nothing"),
            ("retracted", "of earlier releases that it withdrew"),
            ("outdated", "that a newer release had already spoken about"),
            ("quarantined", "that made no event"),
        )
    },
    "known_at": _of("string", "When it became known here.", format="date-time"),
}
_DATASET: dict[str, Schema] = {
    "id": _of("string", "As the parameter `dataset` takes it."),
    "title": _of("string", "Its name."),
    "publisher": _of("string", "Who publishes it."),
    "homepage": _of("string", "Its address.", null=True),
    "licence": _of("string", "SPDX identifier, or the licence's name."),
    "licence_url": _of("string", "Where the licence stands.", null=True),
    "redistribution": _of("string", "Whether rows may be given on.", enum=["open", "restricted"]),
    "citation": _of("string", "How to cite it."),
    "releases": _list_of("Release"),
}
_ACTOR: dict[str, Schema] = {
    "id": _of("string", "As the parameter `actor` takes it.", format="uuid"),
    "dataset": _of("string", "The dataset that names it."),
    "source_key": _of("string", "The source's own key."),
    "name": _of("string", "As the dataset has it."),
    "aliases": _names("Other names."),
}
_WHOLE_ACTOR: dict[str, Schema] = {
    **_ACTOR,
    "events": {**_COUNT, "description": "Active events in which it takes part."},
    "side_a": {**_COUNT, "description": "On one side in so many of them."},
    "side_b": {**_COUNT, "description": "On the other in so many."},
    "first_day": _of("string", "First known day of these; null where none is.", null=True, format="date"),
    "last_day": _of("string", "Last known day of these; null where none is.", null=True, format="date"),
    "claims": {**_COUNT, "description": "Claims that it makes."},
    "links": _list_of("Link"),
}
_DIFFERENCE = _object(
    {
        "name": _of("string", "The property, `geometry`, or a field of the statement."),
        "before": {"nullable": True, "description": "What it was."},
        "after": {"nullable": True, "description": "What it became."},
    },
    "A field that changed.",
)
_SAYING = _object(
    {
        "kind": _word("What kind of statement.", ("claim", "estimate", "assessment", "event_link")),
        "id": _of("string", "Of the statement.", format="uuid"),
        "change": _word("What became of it.", ("added", "changed", "withdrawn")),
        "fields": _list_of("Difference"),
    },
    "What became of a statement about the event.",
)
_REVISION = _object(
    {
        "revision": _of("integer", "1 at first, one more with each change."),
        "version": _of("integer", "The writing transaction that made it."),
        "known_at": _of("string", "When it became known here.", format="date-time"),
        "change": _word("What happened to the event.", ("create", "update", "retract", "reinstate")),
        "fields": {
            **_list_of("Difference"),
            "nullable": True,
            "description": "Null where no state before it is kept.",
        },
        "statements": _list_of("Saying"),
        "links": _list_of("Link"),
    },
    "What an event became.",
)
_SNAPSHOT_RELEASE: dict[str, Schema] = {
    **{name: _RELEASE[name] for name in ("name", "label", "released_on", "sha256")},
    "rows": {**_COUNT, "description": "Rows of the snapshot whose present state it made."},
}
_SNAPSHOT_SOURCE: dict[str, Schema] = {
    **{name: schema for name, schema in _DATASET.items() if name != "releases"},
    "rows": {**_COUNT, "description": "Rows of the snapshot that are of this dataset."},
    "releases": {"type": "array", "items": _object(_SNAPSHOT_RELEASE, "A release that rows come from.")},
}
_SHA256 = _of("string", "SHA-256 of the rows, in hexadecimal digits.", pattern="^[0-9a-f]{64}$")
_SNAPSHOT: dict[str, Schema] = {
    "id": _of("string", "Made of what it says.", format="uuid"),
    "created_at": _of("string", "When it was kept.", format="date-time"),
    "question": _of(
        "object", "Which events, as members of a search body, in one form for all spellings of a question."
    ),
    "version": _of("integer", "The version as of which."),
    "known_at": _of(
        "string", "When that became known here: `as_of` for the same answer.", format="date-time"
    ),
    "rows": {**_COUNT, "description": "How many events."},
    "sha256": _SHA256,
    "row_form": _of("string", "The rules by which rows are written for the hash: `sitrep-rows-1`."),
    "row_properties": _names("The properties that a row of this form has, in their order, before the point."),
    "sources": {
        "type": "array",
        "items": _object(_SNAPSHOT_SOURCE, "A dataset that rows come from, as described when it was kept."),
    },
    "citation": _of("string", "As it would stand in a footnote."),
    "links": _list_of("Link"),
}
_VERIFICATION: dict[str, Schema] = {
    "verified": _of("boolean", "Whether the rows are those that were cited."),
    "detail": _of("string", "A sentence that says so, or what differs."),
    "rows": _of("integer", "How many events there are; null where it can no longer be asked.", null=True),
    "sha256": {**_SHA256, "nullable": True},
    "expected": _object(
        {"rows": {**_COUNT, "description": "How many events there were."}, "sha256": _SHA256},
        "What the snapshot says.",
    ),
    "links": _list_of("Link"),
}
_HOME: dict[str, Schema] = {
    "title": {"type": "string"},
    "description": {"type": "string"},
    "version": _of("string", "Of the software."),
    "links": _list_of("Link"),
}
_KIND: dict[str, Schema] = {
    "slug": {"type": "string"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "description": {"type": "string"},
}

_CHANGE: dict[str, Schema] = {
    "seq": _of("integer", "Its place in the feed. Later changes have higher ones; some numbers are missing."),
    "version": _of("integer", "The writing transaction that made it."),
    "known_at": _of("string", "When it became known here.", format="date-time"),
    "change": _word("What became of the event.", ChangeKind),
    "id": _of("string", "The event's id.", format="uuid"),
    "revision": _of("integer", "The event's revision after the change."),
    "fields": _of(
        "array",
        "What changed; null for a creation, and where the state before is not kept.",
        null=True,
        items={"type": "string", "enum": list(FIELDS)},
    ),
    "matches": _of(
        "boolean", "Whether the event matches the parameters after the change. If not, it did before."
    ),
    "event": {"allOf": [reference("Event")], "description": "The event after the change."},
}
_CHANGES: dict[str, Schema] = {
    "links": _list_of("Link"),
    "numberReturned": {**_COUNT, "maximum": MAX_CHANGES},
    "next": _of("integer", "The `since` with which to go on, now or later."),
    "more": _of(
        "boolean", "Whether there is more to look at now. There may be, though no change was found yet."
    ),
    "changes": _list_of("Change"),
}

SCHEMAS: dict[str, Schema] = {
    "Problem": _PROBLEM,
    "Link": _LINK,
    "Geometry": _GEOMETRY,
    "Event": _feature(
        {
            "type": "object",
            "description": "All of them, or those that `properties` names.",
            "properties": {name: EVENT_PROPERTIES[name] for name in PROPERTIES},
        },
        "An event (GeoJSON feature). The geometry is null where no point is known.",
        {"type": "string", "format": "uuid"},
    ),
    "WholeEvent": _feature(
        reference("EventProperties"),
        "An event (GeoJSON feature) with all that is said about it. The geometry is null where no point is known.",
        {"type": "string", "format": "uuid"},
        WHOLE_EVENT,
    ),
    "EventProperties": _object(EVENT_PROPERTIES, "All of them."),
    "Events": _features(
        "Event",
        {
            "numberMatched": {**_COUNT, "description": "With `count=exact`."},
            "numberEstimated": {**_COUNT, "description": "With `count=estimated`: the planner's guess."},
        },
        "A page of events.",
    ),
    "Region": _feature(
        _object(_REGION_PROPERTIES, "All of them."), "A region (GeoJSON feature).", {"type": "string"}
    ),
    "Regions": _features("Region", {}, "A page of regions."),
    "Release": _object(_RELEASE, "One file or pull of a dataset."),
    "Dataset": _object(_DATASET, "Where events come from."),
    "Datasets": _object({"links": _list_of("Link"), "datasets": _list_of("Dataset")}, "All datasets."),
    "Actor": _object(_ACTOR, "Someone who takes part in events."),
    "Actors": _object(
        {"links": _list_of("Link"), "numberReturned": _COUNT, "actors": _list_of("Actor")},
        "A page of actors.",
    ),
    "WholeActor": _object(_WHOLE_ACTOR, "An actor, with its part in events."),
    **SCHEMAS_OF_EVIDENCE,
    "Difference": _DIFFERENCE,
    "Saying": _SAYING,
    "Revision": _REVISION,
    "History": _object(
        {
            "links": _list_of("Link"),
            "id": _of("string", "Of the event.", format="uuid"),
            "numberReturned": _COUNT,
            "revisions": _list_of("Revision"),
        },
        "The history of an event.",
    ),
    "Change": _object(_CHANGE, "A change of an event."),
    "Changes": _object(_CHANGES, "Changes in the order in which they were committed."),
    "ChangeStream": _of(
        "string",
        "Server-sent events: `id` is a change's `seq`, `event` its `change`, `data` the change as one line of JSON.",
    ),
    "Snapshot": _object(
        _SNAPSHOT, "A question that was kept with its moment, its number of rows and their hash."
    ),
    "Verification": _object(_VERIFICATION, "Whether a snapshot still holds."),
    "Home": _object(_HOME, "What there is here."),
    "Item": _feature(
        _of("object", "As the schema of its collection has them."),
        "An item of a collection (GeoJSON feature).",
        {"type": "string"},
    ),
    "Items": _features(
        "Item",
        {"numberMatched": {**_COUNT, "description": "With `count=exact`."}},
        "A page of items.",
    ),
    **SCHEMAS_OF_COLLECTIONS,
    **SCHEMAS_OF_MAPS,
    "Health": _object(
        {"status": {"type": "string", "enum": ["ok"]}, "version": _of("integer", "The data version.")},
        "The database answers.",
    ),
    "ProblemKind": _object(_KIND, "What a problem's `type` means."),
}
"""By the name under which the document has them."""
