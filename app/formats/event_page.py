"""One event as a page for people (HTML): what it is, how exactly it is known, and who says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.evidence import Stance
from app.formats import html, telling
from app.formats.listing import LEVELS, Cell, Names
from app.formats.maps import Map

DEEPEST = 3
"""Answers to answers are moved in no further."""

_LEVELS = ((2, "admin2"), (1, "admin1"), (0, "country"))

Told = Mapping[str, Any]


def write(
    event: Told,
    names: Names,
    drawn: Map,
    *,
    address: str,
    as_of: str | None,
    trail: Sequence[tuple[str, str]],
) -> str:
    """The page of an event: its feature with claims, estimates and so on, as `GET /events/{id}` gives it, and its map.

    `address` is that of the event as it is now.
    """
    properties = event["properties"]
    documents = {
        one["id"]: {**one, "url": html.web(one["url"]), "page": names.item("documents", one["id"])}
        for one in event["documents"]
    }
    point = event["geometry"] and "{1:.4f}, {0:.4f}".format(*event["geometry"]["coordinates"])
    codes = [(code, level) for level, name in _LEVELS if (code := properties[name])]
    return html.render(
        "event",
        body=event,
        root=names.root,
        trail=trail,
        then=names.then,
        address=address,
        event=properties,
        when=telling.when(properties),
        where=telling.where(properties, names.regions),
        point=point,
        regions=[
            Cell(text=names.region(code), href=names.item("regions", code), note=LEVELS[level])
            for code, level in codes
        ],
        map=drawn,
        estimates=[{**one, "told_by": _told_by(one, event, documents)} for one in event["estimates"]],
        claims=_thread(event["claims"], documents),
        assessments=event["assessments"],
        documents=documents.values(),
        related=event["related"],
        as_of=as_of,
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
