"""The parameters of evidence as they are documented: documents, figures, and what is said about one event."""

from __future__ import annotations

from app.api.grammar import AS_OF, CRS_PARAMETERS, CURSOR, EVENT_PARAMETERS
from app.api.grammar_parts import Parameter, listing, repeated, text, whole
from app.domain.evidence import ClaimantRole, Metric, PublisherVerification
from app.domain.filters import DEFAULT_LIMIT, Match

MAX_PAGE = 1_000
_LIMIT = whole(
    f"How many on a page. More than {MAX_PAGE} is taken as {MAX_PAGE}.",
    100,
    minimum=1,
    maximum=MAX_PAGE,
    default=DEFAULT_LIMIT,
)

AS_OF_PARAMETERS: dict[str, Parameter] = {"as_of": AS_OF}
"""The parameters of what has one address each, and of the lists under an event."""

WHOLE_EVENT_PARAMETERS: dict[str, Parameter] = {
    **AS_OF_PARAMETERS,
    "crs": CRS_PARAMETERS["crs"],
    "f": text(
        "The format: `geojson`, also called `json`, or `html`, a page for people. Without it, what the header `Accept` names.",
        "html",
        enum=["geojson", "json", "html"],
    ),
}
"""The parameters of one event."""

DOCUMENT_PARAMETERS: dict[str, Parameter] = {
    "q": text(
        "Publisher, title or author, or a part of one, any case, accents and script; near misses too. The best matches come first.",
        "amnesty",
    ),
    "publisher": repeated(
        "The publisher by its exact name. Repeat it for or: some names hold commas.", "CNN"
    ),
    "published": text("The window in which it was published, written like `datetime`.", "2021-08-08/.."),
    "dataset": {
        **EVENT_PARAMETERS["dataset"],
        "description": "Which dataset has it (`/datasets`). Commas stand for or.",
    },
    "as_of": AS_OF,
    "limit": _LIMIT,
    "cursor": CURSOR,
}
"""The parameters of `/documents`."""

FIGURE_PARAMETERS: dict[str, Parameter] = {
    "region": {
        **EVENT_PARAMETERS["region"],
        "description": (
            "Figures over this region or one inside it, by code or unambiguous name as for events. With `match=possible` also figures"
            " over a region that it lies in. Commas stand for or. May be repeated."
        ),
        "example": ["AF"],
    },
    "period": text(
        "A local day, an instant, or a closed interval, written like `datetime`: figures whose period has a day in it.",
        "2021-01-01/2021-06-30",
    ),
    "match": text(
        "What of a figure is compared. `point`: its area lies in the region, its period shares a day with the window. `possible`: also"
        " figures over a larger area. `definite`: area and period lie in what is asked for.",
        "possible",
        enum=list(Match),
        default=Match.POINT,
    ),
    "metric": listing("What is counted.", ["casualties"], Metric),
    "claimant_role": listing(
        "Figures given by somebody of this standing.", ["intergovernmental"], ClaimantRole
    ),
    "verification": listing(
        "Figures of which the publisher says this.", ["not_stated"], PublisherVerification
    ),
    "dataset": DOCUMENT_PARAMETERS["dataset"],
    "as_of": AS_OF,
    "limit": _LIMIT,
    "cursor": CURSOR,
}
"""The parameters of `/figures`."""

DOCUMENT_PATH = {
    "document_id": text("The document's id.", "f583f1b8-27b9-585d-b844-a1006fd3b39f", format="uuid")
}
FIGURE_PATH = {"figure_id": text("The figure's id.", "da2bca85-abc9-59e5-9f20-af7000d4e9b2", format="uuid")}
ACTOR_PATH = {"actor_id": text("The actor's id.", "d5c43350-e868-596e-86af-6db1fd399322", format="uuid")}
