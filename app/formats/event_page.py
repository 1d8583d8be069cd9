"""One event as a page for people (HTML): what it is, how exactly it is known, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.evidence import PublisherVerification, Stance
from app.formats import telling

MEDIA_TYPE = "text/html"
DEEPEST = 3
"""Answers to answers are moved in no further."""
_FOLDER = Path(__file__).parent / "pages"
_STYLE = (_FOLDER / "style.css").read_text()

Told = Mapping[str, Any]

_SAID_BY_PUBLISHERS = {
    PublisherVerification.EXPLICITLY_UNVERIFIED: "could not be verified",
    PublisherVerification.PARTLY_VERIFIED: "verified in part",
    PublisherVerification.PUBLISHER_VERIFIED: "verified by the publisher",
}


def write(event: Told, names: Mapping[str, str], addresses: Mapping[str, str], as_of: str | None) -> str:
    """The page of an event: its feature with claims, estimates and so on, as `GET /events/{id}` gives it.

    `names` are those of its regions by code; `addresses` those of `home`, `events`, of the event (`address`) and of it as JSON (`json`).
    """
    properties = event["properties"]
    documents = {one["id"]: one for one in event["documents"]}
    point = event["geometry"] and "{1:.4f}, {0:.4f}".format(*event["geometry"]["coordinates"])
    return _TEMPLATE.render(
        event=properties,
        when=telling.when(properties),
        where=telling.where(properties, names),
        point=point,
        estimates=[{**one, "told_by": _told_by(one, event, documents)} for one in event["estimates"]],
        claims=_thread(event["claims"], documents),
        assessments=event["assessments"],
        documents=[{**one, "url": _web(one["url"])} for one in event["documents"]],
        related=event["related"],
        style=_STYLE,
        as_of=as_of,
        **addresses,
    )


def _thread(claims: list[Told], documents: Mapping[str, Told]) -> list[dict[str, Any]]:
    """Claims with what their place in the thread says: how deep an answer is, to whom, and whether it was taken back."""
    by_id = {one["id"]: one for one in claims}
    taken_back = {
        one["responds_to"]
        for one in claims
        if one["stance"] == Stance.RETRACTS and _of_one(one, by_id.get(one["responds_to"]))
    }
    depths: dict[str, int] = {}
    shown = []
    for one in claims:
        answered = by_id.get(one["responds_to"])
        depths[one["id"]] = depths.get(one["responds_to"], 0) + 1 if answered else 0
        shown.append(
            {
                **one,
                "depth": min(depths[one["id"]], DEEPEST),
                "answers": answered and answered["claimant"],
                "withdrawn": one["id"] in taken_back,
                "document": documents.get(one["document_id"]),
                "said": telling.span(one["said_first"], one["said_last"]),
            }
        )
    return shown


def _of_one(claim: Told, other: Told | None) -> bool:
    """Whether two claims are of the same claimant: nobody takes back what another said (`store.conclusions`)."""
    return other is not None and (
        claim["claimant"] == other["claimant"]
        or (claim["actor_id"] is not None and claim["actor_id"] == other["actor_id"])
    )


def _told_by(estimate: Told, event: Told, documents: Mapping[str, Told]) -> str:
    """Whose an estimate is."""
    claimants = {one["id"]: one["claimant"] for one in event["claims"]}
    if estimate["claim_id"] in claimants:
        return str(claimants[estimate["claim_id"]])
    document = documents.get(estimate["document_id"])
    return str(document["publisher"]) if document else f"dataset {estimate['dataset']}"


def _web(url: str | None) -> str | None:
    """An address that a page may link to: of the web, and nothing that runs."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def _words(code: str) -> str:
    """A code as a reader says it."""
    return _SAID_BY_PUBLISHERS.get(code, code.replace("_", " "))  # type: ignore[call-overload,no-any-return]  # a StrEnum is its text


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "words": _words,
    "day": telling.day,
    "moment": telling.moment,
    "number": telling.number,
    "verb": lambda stance: telling.VERBS[Stance(stance)],
}
_TEMPLATE = _ENVIRONMENT.get_template("event.html")
