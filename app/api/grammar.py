"""The parameters as they are documented: what OpenAPI and the reference page show, and what the door lets in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.api.grammar_parts import Parameter
from app.api.grammar_parts import listing as _list
from app.api.grammar_parts import text as _text
from app.api.grammar_parts import truth as _truth
from app.api.grammar_parts import whole as _whole
from app.domain.changes import DEFAULT_LIMIT as DEFAULT_CHANGES
from app.domain.changes import MAX_LIMIT as MAX_CHANGES
from app.domain.crs import Crs
from app.domain.events import PROPERTIES, EventType, Precision, Verification
from app.domain.evidence import ClaimantRole, PublisherVerification
from app.domain.expressions import Language
from app.domain.filters import DEFAULT_LIMIT, MAX_LIMIT, CountWanted, GeometryWanted, Match
from app.formats.catalogue import FORMATS

LIMIT = _whole(
    f"Events on a page. More than {MAX_LIMIT} is taken as {MAX_LIMIT}.",
    100,
    minimum=1,
    maximum=MAX_LIMIT,
    default=DEFAULT_LIMIT,
)
CURSOR = _text(
    "Where the page before ended. Take it from the `next` link, and change nothing of the question.",
    "WyI4Yz…",
)

AS_OF = _text(
    "An instant with its offset: the answer is what this database knew then, and never changes. One that is still to come is an error.",
    "2021-08-09T00:00Z",
)

CRS_PARAMETERS: dict[str, Parameter] = {
    "crs": _text(
        "The reference system of the geometries that are answered, by its address; also `[EPSG:3857]`. EPSG:4326 has latitude first.",
        Crs.EPSG_3857,
        format="uri",
        default=Crs.CRS84,
    ),
    "bbox-crs": _text(
        "The reference system of `bbox`, with its order of axes.",
        Crs.EPSG_4326,
        format="uri",
        default=Crs.CRS84,
    ),
}


EVENT_PARAMETERS: dict[str, Parameter] = {
    "bbox": {
        "description": (
            "A box: west,south,east,north in degrees, edges included. West greater than east runs over the antimeridian. Six"
            " numbers (with heights) are accepted. An event without a point is compared by the region it is known to lie in; one"
            " without any place matches every box (OGC API Features)."
        ),
        "schema": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
        "style": "form",
        "explode": False,
        "example": [60.5, 29.4, 74.9, 38.5],
    },
    "bbox-crs": CRS_PARAMETERS["bbox-crs"],
    "datetime": _text(
        "A local day, an RFC 3339 instant (its calendar day as written), or a closed interval: `start/end`, `../end`, `start/..`,"
        " `start/P7D`. Events with a day in it match.",
        "2021-08-01/2021-08-09",
    ),
    "region": _list(
        "A region by ISO 3166-2 (`AF-KDZ`), ISO 3166-1 alpha-2 or alpha-3 (`AF`, `AFG`), our own code (`AF-KDZ.imam-sahib`),"
        " FIPS 10-4 with its prefix (`fips:AF24`) or an unambiguous name (`Kunduz`; of nested regions that share a name, the"
        " larger). May be repeated.",
        ["AF-KDZ"],
    ),
    "intersects": _text(
        "A GeoJSON geometry or WKT, in longitude and latitude, of at most 10,000 corners. Long ones go to `POST /events/search`.",
        "POLYGON((68 36,70 36,70 38,68 38,68 36))",
    ),
    "near": _text("The centre of a circle: longitude,latitude. Needs `radius`.", "68.86,36.73"),
    "radius": _text(
        "The circle's radius: metres, or a number with m, km, mi or nmi. Up to 9,900 km.", "50km"
    ),
    "match": _text(
        "What of an event is compared. `point`: its point, and the region it is filed under; what map clients expect. `possible`: it"
        " may have happened there and then. `definite`: it certainly happened there and then, as far as the source knows.",
        "possible",
        enum=list(Match),
        default=Match.POINT,
    ),
    "type": _list("Event types of our vocabulary.", ["battle", "air_strike"], EventType),
    "dataset": _list("Where the events come from (`/datasets`).", ["ucdp-ged"]),
    "precision": _list("How exactly the place is known.", ["settlement"], Precision),
    "verification": _list(
        "What an assessor found. Events that nobody assessed match none of these.",
        ["unverified"],
        Verification,
    ),
    "actor": {
        "description": "Who takes part, by id, exact name or exact alias (`/actors`). Repeat it for or: many names hold commas.",
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": True,
        "example": ["Taliban"],
    },
    "deaths_min": _whole("Deaths, best figure, at least. An unknown figure never matches.", 10, minimum=0),
    "deaths_max": _whole("Deaths, best figure, at most. An unknown figure never matches.", 100, minimum=0),
    "contested": _truth(
        "Whether one party asserts what another denies. Where that is not known, neither matches."
    ),
    "has_geometry": _truth("Whether the event has a point."),
    "q": _text(
        "Words in title, summary, place, actors and their other names, any case, accents and local spellings: `Qunduz` and `قندوز`"
        ' find Kunduz. All must occur; `OR`, `-word` and `"a phrase"` as in a web search.',
        "hospital helmand",
    ),
    "reported": _text(
        "The window in which the event was first reported, written like `datetime`.", "2021-08-08/.."
    ),
    "claimant_role": _list(
        "Events with a claim by somebody of this standing. Together with `claim_verification`: one claim that is both.",
        ["party_to_conflict"],
        ClaimantRole,
    ),
    "claim_verification": _list(
        "Events with a claim of whose verification the publisher says this.",
        ["explicitly_unverified"],
        PublisherVerification,
    ),
    "sources_min": _whole(
        "At least so many sources: independent origins where they are told apart (copies of one report are one), else as the dataset counts.",
        2,
        minimum=0,
    ),
    "filter": _text(
        "A condition in CQL2 (OGC 21-065r2), as text or JSON, over the properties of events and `geometry`, `extent`, `datetime` and"
        " `actors`. Where it is neither true nor false, since something is not known, the event does not match.",
        "deaths_best > 10 AND S_INTERSECTS(geometry, BBOX(60,29,75,38))",
    ),
    "filter-lang": _text(
        "The encoding of `filter`. Without it, what begins with `{` is JSON.",
        "cql2-text",
        enum=list(Language),
    ),
    "filter-crs": _text(
        "The reference system of the geometries in `filter`: CRS84 (the default; longitude, latitude), EPSG 4326 (latitude, longitude)"
        " or 3857.",
        Crs.CRS84,
        enum=list(Crs),
        default=Crs.CRS84,
    ),
    "as_of": AS_OF,
    "sortby": _text(
        "`first_day`, `last_day`, `deaths_best`, `first_reported`, `id`, each with + or - before it, commas between them. Unknown"
        " values come last. The default is the newest first.",
        "-deaths_best,-first_day",
    ),
    "limit": LIMIT,
    "cursor": CURSOR,
    "count": _text(
        "`exact` adds `numberMatched`, which takes time; `estimated` adds `numberEstimated`, the planner's guess.",
        "exact",
        enum=list(CountWanted),
        default=CountWanted.NONE,
    ),
    "properties": _list("Only these properties.", ["title", "first_day", "precision"], PROPERTIES),
    "geometry": _text(
        "`point`, `extent` (the area in which the event may have happened; pages of at most 1,000) or `none`.",
        "extent",
        enum=list(GeometryWanted),
        default=GeometryWanted.POINT,
    ),
    "crs": CRS_PARAMETERS["crs"],
    "f": _text(
        f"The format: {', '.join(f'`{one.name}` ({one.title})' for one in FORMATS)} or `html`, a page for people. Without it, the header"
        " `Accept` is asked.",
        "csv",
        enum=[*(name for one in FORMATS for name in (one.name, *one.aliases)), "html"],
        default=FORMATS[0].name,
    ),
}
"""The grammar of every read of events, in the order of the documentation."""

MAX_REGIONS = 1_000
MAX_EXTENTS = 1_000
"""A page with extents as geometry holds no more than this: a country's outline is a hundred times as long as a point."""

REGION_PARAMETERS: dict[str, Parameter] = {
    "q": _text(
        "A name, an alias or a part of one, any case, accents and script; near misses too. The best matches come first.",
        "kundoz",
    ),
    "parent": _text("The region right above, by code or name.", "AF"),
    "level": _whole("0 country, 1 first-level subdivision, 2 district.", 1, minimum=0, maximum=2),
    "geometry": _text("`polygon` or `none`.", "none", enum=["polygon", "none"], default="polygon"),
    "limit": _whole(
        f"Regions on a page. More than {MAX_REGIONS} is taken as {MAX_REGIONS}.",
        100,
        minimum=1,
        maximum=MAX_REGIONS,
        default=DEFAULT_LIMIT,
    ),
    "cursor": CURSOR,
}
"""The parameters of `/regions`."""

ACTOR_PARAMETERS: dict[str, Parameter] = {
    "q": _text(
        "A name, an alias or a part of one, any case, accents and script; near misses too. The best matches come first.",
        "taleban",
    ),
    "dataset": EVENT_PARAMETERS["dataset"],
    "as_of": AS_OF,
    "limit": REGION_PARAMETERS["limit"],
    "cursor": CURSOR,
}
"""The parameters of `/actors`."""

HISTORY_PARAMETERS: dict[str, Parameter] = {
    "as_of": AS_OF,
    "limit": {
        **REGION_PARAMETERS["limit"],
        "description": f"Revisions on a page. More than {MAX_REGIONS} is taken as {MAX_REGIONS}.",
    },
    "cursor": CURSOR,
}
"""The parameters of an event's history."""

_NOT_OF_CHANGES = frozenset({"as_of", "sortby", "cursor", "count", "crs", "f", "limit"})
STREAM_PARAMETERS: dict[str, Parameter] = {
    "since": _whole(
        "Changes behind this place of the feed: the `next` of an answer, or the `seq` of a change.",
        0,
        minimum=0,
    ),
    **{name: said for name, said in EVENT_PARAMETERS.items() if name not in _NOT_OF_CHANGES},
}
"""The parameters of `/changes/stream`."""
CHANGE_PARAMETERS: dict[str, Parameter] = {
    **STREAM_PARAMETERS,
    "limit": _whole(
        f"Changes on a page. More than {MAX_CHANGES} is taken as {MAX_CHANGES}.",
        100,
        minimum=1,
        maximum=MAX_CHANGES,
        default=DEFAULT_CHANGES,
    ),
}
"""The parameters of `/changes`."""
LAST_EVENT_ID = "Last-Event-ID"
STREAM_HEADERS = {
    LAST_EVENT_ID: {
        "description": "The `id` of the last event that was received; browsers send it by themselves. It wins over `since`.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 42,
    }
}

VIEW = ("sortby", "limit", "cursor", "count", "properties", "geometry", "crs", "f")
"""Parameters of `/events` that say how an answer looks: no part of a snapshot, but given to its items."""
SNAPSHOT_PARAMETERS = {name: one for name, one in EVENT_PARAMETERS.items() if name not in VIEW}
"""The members of a snapshot's body: which events, and as of when."""
WHOLE_PARAMETERS = {
    name: one
    for name, one in EVENT_PARAMETERS.items()
    if name not in {"limit", "cursor", "count", "crs", "f"}
}
"""The parameters of a whole result: it has no pages, and its address names its format."""
ITEM_PARAMETERS = {name: EVENT_PARAMETERS[name] for name in VIEW}
"""The parameters of a snapshot's items."""
SNAPSHOT_PATH = {
    "snapshot_id": _text("The snapshot's id.", "109583e8-3dab-52de-b912-b72592063d5e", format="uuid")
}

SUFFIX_PATH = {
    "suffix": _text("The format.", "csv", enum=[one.name for one in FORMATS]),
}
EVENT_PATH = {"event_id": _text("The event's id.", "a5f91262-ab3d-525f-bfda-3a272b22d4b8", format="uuid")}
REGION_PATH = {"code": _text("A code or an unambiguous name, as the parameter `region` takes it.", "AF-KDZ")}

REPEATABLE = frozenset(
    {
        "region",
        "type",
        "dataset",
        "precision",
        "verification",
        "claimant_role",
        "claim_verification",
        "actor",
        "by",
        "properties",
        "metric",
        "publisher",
    }
)
NOT_ASKED = frozenset({"cursor", "limit", "f", "properties", "geometry", "crs", "count"})
"""Parameters that change how the answer looks and not which events it holds: they may change between pages."""

GUESSES = {
    **dict.fromkeys(
        ("country", "countries", "iso", "iso2", "iso3", "admin1", "admin2", "place", "province"), "region"
    ),
    **dict.fromkeys(
        ("date", "day", "days", "time", "from", "since", "start", "start_date", "year"), "datetime"
    ),
    **dict.fromkeys(("to", "until", "end", "end_date", "first_day", "last_day", "month"), "datetime"),
    **dict.fromkeys(("bounds", "box", "extent"), "bbox"),
    **dict.fromkeys(("lat", "lon", "lng", "latitude", "longitude", "point"), "near"),
    **dict.fromkeys(("distance", "buffer"), "radius"),
    **dict.fromkeys(("polygon", "wkt", "within", "geom"), "intersects"),
    **dict.fromkeys(("event_type", "types", "category"), "type"),
    **dict.fromkeys(("source", "datasets"), "dataset"),
    **dict.fromkeys(("side_a", "side_b", "actors", "group"), "actor"),
    **dict.fromkeys(("search", "query", "text", "keyword", "title", "name"), "q"),
    **dict.fromkeys(("deaths", "fatalities", "deaths_best"), "deaths_min"),
    **dict.fromkeys(("sort", "order", "order_by", "orderby"), "sortby"),
    **dict.fromkeys(("page", "offset", "startindex", "start_index", "skip", "after"), "cursor"),
    **dict.fromkeys(("page_size", "per_page", "size", "count_per_page", "max", "top"), "limit"),
    **dict.fromkeys(("where", "cql", "cql2", "cql_filter", "expression"), "filter"),
    **dict.fromkeys(("filter_lang", "filterlang"), "filter-lang"),
    **dict.fromkeys(("filter_crs", "filtercrs"), "filter-crs"),
    **dict.fromkeys(("fields", "columns", "select"), "properties"),
    **dict.fromkeys(("format", "output"), "f"),
    **dict.fromkeys(("asof", "at", "version", "known_at", "timestamp"), "as_of"),
    **dict.fromkeys(("role", "claimant"), "claimant_role"),
    **dict.fromkeys(("publishers", "outlet"), "publisher"),
    **dict.fromkeys(("published_on", "published_at"), "published"),
}
"""What other services call a parameter of ours: a hint for whoever guesses."""


def search_body(parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """The same parameters as members of a JSON body, as an OpenAPI operation has it."""
    members = {
        name: {**written["schema"], "description": written["description"]}
        for name, written in parameters.items()
    }
    for name in members.keys() & {"intersects", "filter"}:
        members[name] = {
            "description": members[name]["description"],
            "oneOf": [{"type": "object"}, {"type": "string"}],
        }
    schema = {"type": "object", "properties": members, "additionalProperties": False}
    example: dict[str, Any] = {"region": ["AF-HEL"], "datetime": "2021-08-01/2021-08-09"}
    if "limit" in parameters:
        example["limit"] = 10
    return {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}
