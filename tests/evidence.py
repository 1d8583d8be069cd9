"""Statements for tests, plain unless a test says otherwise, and put where they belong as an import does it.

Builders take what the test is about and have defaults for the rest; `ref` gives the id that a statement will have.
"""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import VersionRow
from app.domain.evidence import StatementKind, statement_id
from app.domain.statements import Assessment, Claim, Document, Estimate, Evidence, Figure, Link, Statement
from app.store import merging, statements
from app.store.merging import Standing
from app.store.staging import Staging
from tests.world import add_version

DATASET = "desk"

_numbers = count(1)


def ref(kind: StatementKind | str, key: str, dataset: str = DATASET) -> UUID:
    """The id of a statement by its key: `ref("claim", "accusation")`."""
    return statement_id(StatementKind(kind), dataset, key)


def document(key: str | None = None, **told: Any) -> Document:
    """A report of its own, of 8 August 2021; `copies` names the key of the document that it copies."""
    key = key or f"document-{next(_numbers)}"
    origin = told.pop("copies", key)
    plain = {
        "kind": "article",
        "publisher": "CNN",
        "published_on": "2021-08-08",
        "origin_id": ref("document", origin),
    }
    return Document(source_key=key, **_days({**plain, **told}))


def claim(*events: UUID, key: str | None = None, **told: Any) -> Claim:
    """A claim about these events; `document` and `answers` are keys, `said` is a day."""
    said = told.pop("said", "2021-08-08")
    plain = {
        "stance": "asserts",
        "claimant": "Taliban",
        "role": "party_to_conflict",
        "quote": "…",
        "speech": "reported",
        "said_first": said,
        "said_last": said,
        "verification": "not_stated",
    }
    return Claim(
        source_key=key or f"claim-{next(_numbers)}", events=events, **_days({**plain, **_keys(told)})
    )


def estimate(event: UUID, key: str | None = None, **told: Any) -> Estimate:
    """Nine killed, as somebody says; `document` and `claim` are keys."""
    plain = {"harm": "killed", "group": "all", "best": 9, "state": "reported", "basis": "stated"}
    if "claim" in told:
        told["claim_id"] = ref("claim", told.pop("claim"))
    told = _keys(told) if "document" in told or "claim_id" not in told else told
    return Estimate(source_key=key or f"estimate-{next(_numbers)}", event_id=event, **{**plain, **told})


def assessment(event: UUID, key: str | None = None, **told: Any) -> Assessment:
    """Partly verified, by ourselves, in no document."""
    plain = {
        "scheme": "verification",
        "grade": "partly_verified",
        "assessor": "desk",
        "assessed_on": "2021-08-09",
        "rationale": "…",
    }
    return Assessment(
        source_key=key or f"assessment-{next(_numbers)}", event_id=event, **_days({**plain, **told})
    )


def figure(key: str | None = None, **told: Any) -> Figure:
    """UNAMA's casualties in Afghanistan, first half of 2021; `document` is a key."""
    plain = {
        "metric": "casualties",
        "region": "AF",
        "first_day": "2021-01-01",
        "last_day": "2021-06-30",
        "claimant": "UNAMA",
        "role": "intergovernmental",
        "quote": "5,183",
        "verification": "not_stated",
    }
    value = {} if {"value", "low", "high"} & set(told) else {"value": 5183}
    return Figure(source_key=key or f"figure-{next(_numbers)}", **_days({**plain, **value, **_keys(told)}))


def event_link(event: UUID, other: UUID, key: str | None = None, **told: Any) -> Link:
    """The event is part of the other."""
    plain = {"kind": "part_of"}
    return Link(
        source_key=key or f"link-{next(_numbers)}", event_id=event, other_id=other, **{**plain, **told}
    )


async def say(
    connection: AsyncConnection,
    *said: Statement,
    withdrawn: frozenset[tuple[StatementKind, str]] = frozenset(),
    dataset: str = DATASET,
) -> int:
    """Write statements as an import does, in a version of their own, whose number it gives.

    The events that they are about have a new revision with what follows from them. Versions are an hour apart (`world.add_version`).
    """
    version = int((await connection.execute(select(func.max(VersionRow.id)))).scalar_one()) + 1
    await Staging(connection).create()
    await merging.find_repeated(connection)
    evidence = Evidence(statements=said, withdrawn=withdrawn)
    await statements.merge(connection, dataset, evidence, version)
    counts = await merging.judge(connection, Standing(dataset=dataset, position=1, force=True))
    await merging.write(connection, dataset, release_id=1, version=version, counts=counts)
    await add_version(connection, version)
    return version


def _keys(told: dict[str, Any]) -> dict[str, Any]:
    """References by key as references by id. Without `document`, that is the one that all others are in too."""
    told = {**told, "document_id": told.get("document_id") or ref("document", told.get("document", "report"))}
    if "answers" in told:
        told["responds_to"] = ref("claim", told["answers"])
    return {name: value for name, value in told.items() if name not in {"document", "answers"}}


def _days(told: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value)
        if name.endswith(("_day", "_on", "_first", "_last")) and isinstance(value, str)
        else value
        for name, value in told.items()
    }
