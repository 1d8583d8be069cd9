"""Examples of answers about evidence for the OpenAPI document, as the desk coded the report that ships with Sitrep."""

from __future__ import annotations

from typing import Any

from app.domain.events import actor_id, event_id
from app.domain.evidence import StatementKind, statement_id

_HOST = "http://127.0.0.1:8000"
_KNOWN = "2021-08-09T00:00:00+00:00"
_JSON = "application/json"
_HOSPITAL = str(event_id("desk", "2021-08-helmand-hospital"))
_SCHOOL = str(event_id("desk", "2021-08-helmand-high-school"))
_CENTCOM = "us-central-command"


def _id(kind: StatementKind, key: str) -> str:
    return str(statement_id(kind, "desk", key))


_REPORT = _id(StatementKind.DOCUMENT, "cnn-2021-08-08")
_ACCUSATION = _id(StatementKind.CLAIM, "taliban-accusation")


def _coded(kind: StatementKind, key: str, told: dict[str, Any]) -> dict[str, Any]:
    head = {"id": _id(kind, key), "dataset": "desk", "source_key": key, "revision": 1}
    return {**head, **told, "updated": _KNOWN}


def _links(path: str) -> list[dict[str, str]]:
    return [{"rel": "self", "type": _JSON, "href": f"{_HOST}{path}"}]


_CLAIMS = [
    _coded(
        StatementKind.CLAIM,
        "taliban-accusation",
        {
            "events": [_HOSPITAL, _SCHOOL],
            "stance": "asserts",
            "claimant": "The Taliban",
            "anonymous": False,
            "actor_id": str(actor_id("desk", "taliban")),
            "role": "party_to_conflict",
            "responds_to": None,
            "quote": "The Taliban has accused the US of bombing a hospital and a high school",
            "speech": "reported",
            "said_first": "2021-08-01",
            "said_last": "2021-08-08",
            "said_words": None,
            "verification": "explicitly_unverified",
            "document_id": _REPORT,
            "note": None,
        },
    ),
    _coded(
        StatementKind.CLAIM,
        "centcom-sidesteps",
        {
            "events": [_HOSPITAL, _SCHOOL],
            "stance": "sidesteps",
            "claimant": "Maj. Nicole Ferrara, a US Central Command spokesperson",
            "anonymous": False,
            "actor_id": str(actor_id("desk", _CENTCOM)),
            "role": "party_to_conflict",
            "responds_to": _ACCUSATION,
            "quote": "sidestepping a question about the targets of the strikes",
            "speech": "reported",
            "said_first": "2021-08-08",
            "said_last": "2021-08-08",
            "said_words": "on Sunday",
            "verification": "not_stated",
            "document_id": _REPORT,
            "note": None,
        },
    ),
]
_DOCUMENT = _coded(
    StatementKind.DOCUMENT,
    "cnn-2021-08-08",
    {
        "kind": "article",
        "publisher": "CNN",
        "title": None,
        "authors": [],
        "url": None,
        "archive_url": None,
        "published_on": "2021-08-08",
        "published_at": None,
        "language": "en",
        "sha256": "1c5d335139ff1b01e37717a21e42bcc3a469247e6a1655568d3d34c42a0e1f28",
        "origin_id": _REPORT,
        "note": None,
    },
)
_CITED = {name: _DOCUMENT[name] for name in ("id", "publisher", "title", "url", "published_on")}
_FIGURE = {
    **_coded(
        StatementKind.FIGURE,
        "unama-casualties-2021-h1",
        {
            "metric": "casualties",
            "value": 5183,
            "low": None,
            "high": None,
            "qualifier": "about",
            "region": "AF",
            "place": None,
            "first_day": "2021-01-01",
            "last_day": "2021-06-30",
            "period_words": "in the first six months of the year",
            "change_percent": 47,
            "change_first_day": "2020-01-01",
            "change_last_day": "2020-06-30",
            "change_words": "a 47 percent increase from 2020",
            "claimant": "UNAMA",
            "actor_id": str(actor_id("desk", "unama")),
            "role": "intergovernmental",
            "quote": "Some 5,183 casualties were recorded in the first six months of the year",
            "said_first": "2021-07-01",
            "said_last": "2021-07-31",
            "said_words": "in a July report",
            "verification": "not_stated",
            "document_id": _REPORT,
            "events": [],
            "note": None,
        },
    ),
    "region_name": "Afghanistan",
    "document": _CITED,
}
_ESTIMATE = {
    "id": None,
    "dataset": "ucdp-ged",
    "source_key": "244657",
    "revision": None,
    "event_id": str(event_id("ucdp-ged", "244657")),
    "harm": "killed",
    "group": "all",
    "low": 3,
    "best": 4,
    "high": 4,
    "state": "reported",
    "basis": "coded",
    "claim_id": None,
    "document_id": None,
    "quote": None,
    "note": None,
    "updated": None,
}

EXAMPLES_OF_EVIDENCE: dict[str, Any] = {
    "Claims": {"links": _links(f"/events/{_HOSPITAL}/claims"), "numberReturned": 2, "claims": _CLAIMS},
    "Estimates": {
        "links": _links(f"/events/{_ESTIMATE['event_id']}/estimates"),
        "numberReturned": 1,
        "estimates": [_ESTIMATE],
    },
    "Documents": {"links": _links("/documents"), "numberReturned": 1, "documents": [_DOCUMENT]},
    "WholeDocument": {
        **_DOCUMENT,
        "links": _links(f"/documents/{_REPORT}"),
        "claims": _CLAIMS,
        "figures": [],
        "estimates": [],
        "events": [{"id": _HOSPITAL, "title": "Alleged bombing of a hospital"}],
        "copies": [],
    },
    "Figures": {
        "links": _links("/figures?region=AF&period=2021-01-01/2021-06-30"),
        "numberReturned": 1,
        "figures": [_FIGURE],
    },
    "WholeFigure": {**_FIGURE, "links": _links(f"/figures/{_FIGURE['id']}")},
    "WholeActor": {
        "id": str(actor_id("desk", "taliban")),
        "dataset": "desk",
        "source_key": "taliban",
        "name": "Taliban",
        "aliases": ["Taleban", "طالبان"],
        "events": 5,
        "side_a": 2,
        "side_b": 3,
        "first_day": "2021-05-01",
        "last_day": "2021-08-08",
        "claims": 1,
        "links": _links(f"/actors/{actor_id('desk', 'taliban')}"),
    },
}
"""By the name of the schema."""


def of_whole_event(event: dict[str, Any]) -> dict[str, Any]:
    """An example of an event with what is said about it."""
    said = {"claims": [], "estimates": [], "assessments": [], "documents": [_DOCUMENT], "related": []}
    return {**event, **said}
