"""The parameters of items of collections, as they are documented and let in (`api.grammar` has those of events)."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterable
from typing import Any

from app.api.collections import properties
from app.api.grammar import AS_OF, CRS_PARAMETERS, CURSOR, EVENT_PARAMETERS
from app.api.grammar_parts import Parameter
from app.api.grammar_parts import text as _text
from app.api.grammar_parts import whole as _whole
from app.api.negotiation import Offer
from app.domain.collections import EVENTS, Collection
from app.domain.kinds import Kind

MAX_ITEMS = 1_000
DEFAULT_ITEMS = 1_000
"""Clients that page through whole collections (GDAL, QGIS) take the default: with ten on a page they would ask thousands of times."""
PAGE_OF_ITEMS = 100
MOST_OF_PAGE = 500
"""On a page for people, which takes half a millisecond a row to write: without `limit`, and at most."""
CRS_OF_ITEM: dict[str, Parameter] = {"crs": CRS_PARAMETERS["crs"]}
ITEM_PATH = {"item_id": _text("The item's id.", "AF-KDZ")}


_TYPES = {Kind.INTEGER: "integer", Kind.NUMBER: "number", Kind.BOOLEAN: "boolean"}
_EXAMPLES: dict[Kind, Any] = {
    Kind.INTEGER: 1,
    Kind.NUMBER: 47,
    Kind.BOOLEAN: True,
    Kind.DATE: "2021-08-08",
    Kind.TIMESTAMP: "2021-08-09T00:00:00Z",
    Kind.ID: "a5f91262-ab3d-525f-bfda-3a272b22d4b8",
}


def form(offers: Iterable[Offer]) -> dict[str, Parameter]:
    """The parameter `f`, for what is offered."""
    names = [name for offer in offers for name in offer.names]
    described = "The form of the answer. Without it, the header `Accept` says which."
    return {"f": _text(described, names[0], enum=names)}


def of_queryables(collection: Collection, taken: Names[str]) -> dict[str, Parameter]:
    """Each queryable as a parameter (19-079r2, 6.3): what is equal to it matches; of a list, what has it."""
    told = properties(collection)
    found: dict[str, Parameter] = {}
    for name, kind in collection.queryables.items():
        if name in taken or kind in {Kind.GEOMETRY, Kind.INTERVAL}:
            continue
        listed = kind is Kind.TEXTS
        said = "Those that have this in" if listed else "Those whose"
        schema = {"type": _TYPES.get(kind, "string")}
        example = told.get(name, {}).get("enum", [_EXAMPLES.get(kind, "Kunduz")])[0]
        found[name] = {
            "description": f"{said} `{name}`{'' if listed else ' is this'}.",
            "schema": schema,
            "example": example,
        }
    return found


def of_items(collection: Collection, offers: Iterable[Offer]) -> dict[str, Parameter]:
    """The parameters of the items of a collection that is not of events."""
    days = {
        **EVENT_PARAMETERS["datetime"],
        "description": (
            "A day, an RFC 3339 instant (its calendar day as written), or a closed interval: `start/end`, `../end`, `start/..`,"
            " `start/P7D`. "
            + ("Items with a day in it match." if collection.days else "These items have no days: all match.")
        ),
    }
    box = {
        **EVENT_PARAMETERS["bbox"],
        "description": (
            "A box: west,south,east,north, edges included; in degrees, unless `bbox-crs` says otherwise. "
            + (
                "Items whose outline touches it match."
                if collection.geometry
                else "These items have no place: all match."
            )
        ),
    }
    return {
        "bbox": box,
        "datetime": days,
        **CRS_PARAMETERS,
        **({"as_of": AS_OF} if collection.versioned else {}),
        "sortby": _text(
            f"{', '.join(f'`{name}`' for name in collection.sortables)}, each with + or - before it, commas between them. Unknown"
            " values come last.",
            str(collection.order[0]),
        ),
        "limit": _whole(
            f"Items on a page. More than {MAX_ITEMS} is taken as {MAX_ITEMS}. A page for people has {PAGE_OF_ITEMS} without it, {MOST_OF_PAGE} at most.",
            100,
            minimum=1,
            maximum=MAX_ITEMS,
            default=DEFAULT_ITEMS,
        ),
        "cursor": CURSOR,
        "count": EVENT_PARAMETERS["count"],
        "filter": {
            **EVENT_PARAMETERS["filter"],
            "description": "A condition in CQL2 (OGC 21-065r2), as text or JSON, over the queryables.",
            "example": f"{collection.identity} <> 'x'",
        },
        "filter-lang": EVENT_PARAMETERS["filter-lang"],
        "filter-crs": EVENT_PARAMETERS["filter-crs"],
        **form(offers),
        **of_queryables(collection, ()),
    }


EVENT_ITEM_PARAMETERS: dict[str, Parameter] = {
    **EVENT_PARAMETERS,
    "limit": {
        **EVENT_PARAMETERS["limit"],
        "schema": {**EVENT_PARAMETERS["limit"]["schema"], "default": DEFAULT_ITEMS},
    },
    **of_queryables(EVENTS, EVENT_PARAMETERS),
}
"""The parameters of `/collections/events/items`: those of `/events`, with longer pages and with the queryables."""
