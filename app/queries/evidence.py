"""What is said about an event: claims, estimates, assessments, documents, and how it is related to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    Uuid,
    any_,
    case,
    cast,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import (
    AssessmentRow,
    ClaimRow,
    DocumentRow,
    EstimateRow,
    EventLinkRow,
    EventRevisionRow,
    EventRow,
)
from app.domain.evidence import Group, Harm
from app.domain.threads import threaded
from app.queries.history import Rows, events_at, stands, was_so

Texts = ColumnElement[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """How each thing is written: a format's expressions over the tables of their names, and over `other`, a related event."""

    event: ColumnElement[str]
    claim: ColumnElement[str]
    estimate: ColumnElement[str]
    own_deaths: Texts
    """Over `event`: what stands among the estimates and is the dataset's own."""
    assessment: ColumnElement[str]
    document: ColumnElement[str]
    related: ColumnElement[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An event with all that is said about it, each written out, in the order in which it is shown."""

    written: str
    revision: int
    claims: list[str]
    estimates: list[str]
    assessments: list[str]
    documents: list[str]
    related: list[str]


async def whole(connection: AsyncConnection, event: UUID, forms: Forms, at: int | None) -> Whole | None:
    """An event with all that is said about it, now or as of a version; None if there is none."""
    found = (await connection.execute(whole_statement(event, forms, at))).mappings().one_or_none()
    return Whole(**{**found, "claims": _in_threads(found["claims"])}) if found else None


def whole_statement(event: UUID, forms: Forms, at: int | None) -> Select[Any]:
    """By primary key, and by an index on each kind of statement."""
    row = events_at(at)
    shown = (
        forms.event.label("written"),
        row.c.revision,
        _claims(event, forms.claim, at).label("claims"),
        _estimates(event, forms, at).label("estimates"),
        _assessments(event, forms.assessment, at).label("assessments"),
        _documents(event, row, forms.document, at).label("documents"),
        _related(event, forms.related, at).label("related"),
    )
    return _of_event(select(*shown), row, event, at)


async def claims(connection: AsyncConnection, event: UUID, forms: Forms, at: int | None) -> list[str] | None:
    """The claims about an event, by threads; None if there is no such event."""
    found = (await connection.execute(claims_statement(event, forms, at))).one_or_none()
    return _in_threads(found[1]) if found else None


def claims_statement(event: UUID, forms: Forms, at: int | None) -> Select[Any]:
    """By the event's primary key and the claims' index on their events."""
    row = events_at(at)
    return _of_event(select(row.c.id, _claims(event, forms.claim, at)), row, event, at)


async def estimates(
    connection: AsyncConnection, event: UUID, forms: Forms, at: int | None
) -> list[str] | None:
    """The estimates of an event, with the dataset's own deaths before them; None if there is no such event."""
    found = (await connection.execute(estimates_statement(event, forms, at))).one_or_none()
    return found[1] if found else None


def estimates_statement(event: UUID, forms: Forms, at: int | None) -> Select[Any]:
    """By the event's primary key and the estimates' index on their event."""
    row = events_at(at)
    return _of_event(select(row.c.id, _estimates(event, forms, at)), row, event, at)


def about(event: UUID) -> ColumnElement[bool]:
    """The claim is about the event."""
    # Only the dialect's own ARRAY has a method for it.
    found: ColumnElement[bool] = ClaimRow.events.bool_op("@>")(cast([event], ARRAY(Uuid)))
    return found


def texts(statement: Select[str]) -> Texts:
    """All that a statement gives, as one value."""
    return func.array(statement.scalar_subquery(), type_=ARRAY(Text))


def _of_event(statement: Select[Any], row: Rows, event: UUID, at: int | None) -> Select[Any]:
    statement = statement.select_from(row).where(row.c.id == event)
    return statement if at is None else statement.where(was_so(row, at))


def _claims(event: UUID, written: ColumnElement[str], at: int | None) -> ColumnElement[Any]:
    """By the day on which they were said: the id of each, the id of what it answers, and its text."""
    said = array([cast(ClaimRow.id, Text), cast(ClaimRow.responds_to, Text), written])
    ordered = (ClaimRow.said_first, ClaimRow.said_last, ClaimRow.id)
    statement = select(said).where(about(event), stands(ClaimRow, at)).order_by(*ordered)
    return func.array(statement.scalar_subquery(), type_=ARRAY(Text, dimensions=2))


def _in_threads(said: Sequence[Sequence[Any]]) -> list[str]:
    order = threaded([(UUID(which), UUID(asked) if asked else None) for which, asked, _ in said])
    return [said[place][2] for place in order]


def _estimates(event: UUID, forms: Forms, at: int | None) -> Texts:
    """The dataset's own deaths; then those killed before those injured, all before some, as the vocabularies have it."""
    row = EstimateRow
    ordered = (_rank(row.harm, Harm), _rank(row.group, Group), row.id)
    statement = select(forms.estimate).where(row.event_id == event, stands(row, at)).order_by(*ordered)
    return func.array_cat(forms.own_deaths, texts(statement), type_=ARRAY(Text))


def _assessments(event: UUID, written: ColumnElement[str], at: int | None) -> Texts:
    """The newest first."""
    row = AssessmentRow
    statement = select(written).where(row.event_id == event, stands(row, at))
    return texts(statement.order_by(row.assessed_on.desc(), row.scheme, row.id))


def _documents(event: UUID, shown: Rows, written: ColumnElement[str], at: int | None) -> Texts:
    """Those that it is coded from and those that a statement about it comes from, each once, by day."""
    estimated = (EstimateRow.event_id == event, stands(EstimateRow, at))
    answered = select(EstimateRow.claim_id).where(*estimated)
    told: CompoundSelect[Any] = union_all(
        select(ClaimRow.document_id).where(about(event), stands(ClaimRow, at)),
        select(ClaimRow.document_id).where(ClaimRow.id.in_(answered), stands(ClaimRow, at)),
        select(EstimateRow.document_id).where(*estimated),
        select(AssessmentRow.document_id).where(AssessmentRow.event_id == event, stands(AssessmentRow, at)),
    )
    row = DocumentRow
    ids = func.array_cat(shown.c.documents, func.array(told.scalar_subquery()), type_=ARRAY(Uuid))
    statement = select(written).where(row.id == any_(ids), stands(row, at))
    return texts(statement.order_by(row.published_on, row.id))


def _related(event: UUID, written: ColumnElement[str], at: int | None) -> Texts:
    """Its links, in both directions, with the event at the other end."""
    row = EventLinkRow
    other: Rows = (EventRow if at is None else EventRevisionRow).__table__.alias("other")
    end = case((row.event_id == event, row.other_id), else_=row.event_id)
    ours = or_(row.event_id == event, row.other_id == event)
    statement = select(written).select_from(row).join(other, other.c.id == end).where(ours, stands(row, at))
    if at is not None:
        statement = statement.where(was_so(other, at))
    return texts(statement.order_by(other.c.first_day, row.id))


def _rank(column: Any, vocabulary: type[StrEnum]) -> ColumnElement[int]:
    return func.array_position(cast(list(vocabulary), ARRAY(Text)), column)
