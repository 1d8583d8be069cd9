"""What concerns several entries of a desk file at once: answers, copies, and assessments that no claim bears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from app.domain.events import Verification
from app.domain.evidence import (
    ASSERTING,
    ClaimantRole,
    PublisherVerification,
    Scheme,
    Stance,
    StatementKind,
    statement_id,
)
from app.domain.statements import Assessment, Claim, Document
from app.importers.desk_known import DESK, Known
from app.importers.yaml_lines import Flaw, Section

_FOUND_TRUE = (Verification.VERIFIED, Verification.PARTLY_VERIFIED)
_CHECKED = (PublisherVerification.PARTLY_VERIFIED, PublisherVerification.PUBLISHER_VERIFIED)


def origins(entries: dict[str, Section], known: Known) -> Iterator[Flaw]:
    """Let each copy have the document at the end of its chain for its origin. Gives a flaw for each that ends in itself."""
    for key, document in list(known.documents.items()):
        seen = [key]
        while (copied := _copied(entries[seen[-1]])) is not None and copied not in seen:
            seen.append(copied)
            if copied not in known.documents:
                break
        if copied == key:
            chain = " → ".join([*seen, key])
            yield entries[key].flaw("copy_of", f"{key!r} is in the end a copy of itself: {chain}.")
        else:
            known.documents[key] = replace(
                document, origin_id=statement_id(StatementKind.DOCUMENT, DESK, seen[-1])
            )


def _copied(entry: Section) -> str | None:
    return entry.maybe_text("copy_of")


def answers(entries: dict[str, Section], known: Known) -> Iterator[Flaw]:
    """What is wrong with the claims that answer others. One of another file is looked for by the store."""
    for key, entry in entries.items():
        if key not in known.claims or not entry.has("responds_to"):
            continue
        try:
            _check_answer(entry, known.claims[key], known)
            _check_circle(key, entries)
        except Flaw as flaw:
            yield flaw


def _check_circle(key: str, entries: dict[str, Section]) -> None:
    seen = [key]
    while (entry := entries.get(seen[-1])) is not None and entry.has("responds_to"):
        answered = entry.text("responds_to")
        if answered == key:
            chain = " → ".join([*seen, key])
            raise entries[key].flaw("responds_to", f"{key!r} answers in the end itself: {chain}.")
        if answered in seen:
            return
        seen.append(answered)


def _check_answer(entry: Section, claim: Claim, known: Known) -> None:
    answered = entry.text("responds_to")
    if answered == claim.source_key:
        raise entry.flaw("responds_to", "A claim does not answer itself.")
    known.claim(entry, "responds_to")
    other = known.claims.get(answered)
    if other is None:
        return
    if claim.said_last < other.said_first:
        raise entry.flaw(
            "said",
            f"It was said by {claim.said_last}, before {answered!r}, which it answers, was said ({other.said_first}).",
        )
    if claim.stance == Stance.RETRACTS and not _of_one(claim, other):
        raise entry.flaw(
            "stance",
            f"{answered!r} is what {other.claimant} said, and {claim.claimant} cannot take it back: a claim that retracts has the"
            " 'claimant' or 'actor' of the one that it answers.",
        )
    lacking = [
        name
        for name, event in zip(entry.texts("about"), claim.events, strict=True)
        if event not in other.events
    ]
    if lacking:
        raise entry.flaw("about", f"{answered!r}, which this answers, is not about {', '.join(lacking)}.")


def _of_one(claim: Claim, other: Claim) -> bool:
    """Whether two claims are of the same claimant."""
    return claim.claimant == other.claimant or (
        claim.actor_id is not None and claim.actor_id == other.actor_id
    )


def unfounded(entry: Section, assessment: Assessment, known: Known) -> Flaw | None:
    """The flaw of an assessment that takes parties at their word: theirs alone stays unverified, whatever number of outlets repeat it.

    As far as this file tells: it is not looked at where no claim of the file asserts the event.
    """
    if assessment.scheme != Scheme.VERIFICATION or assessment.grade not in _FOUND_TRUE:
        return None
    asserting = [
        one for one in _standing(known) if assessment.event_id in one.events and one.stance in ASSERTING
    ]
    by_parties = all(
        one.role == ClaimantRole.PARTY_TO_CONFLICT and one.verification not in _CHECKED for one in asserting
    )
    if not asserting or not by_parties:
        return None
    told = {_origin(one.document_id, known) for one in asserting}
    if assessment.document_id is not None and _origin(assessment.document_id, known) not in told:
        return None
    return entry.flaw(
        "grade",
        f"{entry.text('event')} is asserted by parties to the conflict alone, and verified by no publisher: it is unverified,"
        f" whatever number of outlets repeat it. If something else shows that it is {assessment.grade}, name that in 'document'.",
    )


def _standing(known: Known) -> list[Claim]:
    retracted = {one.responds_to for one in known.claims.values() if one.stance == Stance.RETRACTS}
    return [
        one
        for key, one in known.claims.items()
        if statement_id(StatementKind.CLAIM, DESK, key) not in retracted
    ]


def estimate_of_claim(entry: Section, event: UUID, known: Known) -> Flaw | None:
    """The flaw of an estimate that is about another event than the claim that gives it."""
    claim = known.claims.get(entry.text("claim")) if entry.has("claim") else None
    if claim is None or event in claim.events:
        return None
    return entry.flaw(
        "event", f"{claim.source_key!r}, which gives this estimate, is not about {entry.text('event')}."
    )


def _origin(document: UUID, known: Known) -> UUID:
    """The report whose copy a document of this file is."""
    found: Document = next(
        one
        for one in known.documents.values()
        if statement_id(StatementKind.DOCUMENT, DESK, one.source_key) == document
    )
    return found.origin_id
