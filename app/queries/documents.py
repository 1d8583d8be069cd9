"""Documents: what statements come from. A page of them, and one with all that comes from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Uuid,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import ClaimRow, DocumentRow, EstimateRow, FigureRow
from app.db.turns import OPEN
from app.domain.cursors import Cursor
from app.domain.days import Days
from app.queries import pages, versions
from app.queries.evidence import Texts, texts
from app.queries.history import events_at, stands, was_so
from app.queries.pages import Page
from app.queries.regions import named


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents are wanted. Nothing set means all of them."""

    datasets: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    """Exact names."""
    published: Days | None = None
    """Published on a day in this window, both ends included."""
    words: str | None = None
    """Of publisher, title or authors, folded (`domain.words.fold`); names that are nearly so match too."""
    at: int | None = None
    """The version as of which is asked; None: what is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """How each thing is written: a format's expressions over the tables of their names."""

    document: ColumnElement[str]
    claim: ColumnElement[str]
    estimate: ColumnElement[str]
    figure: ColumnElement[str]
    event: ColumnElement[str]
    copy: ColumnElement[str]
    """Over `copy`: another document of the same origin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A document with all that comes from it, each written out, in the order in which it is shown."""

    written: str
    claims: list[str]
    figures: list[str]
    estimates: list[str]
    events: list[str]
    copies: list[str]


async def page(
    connection: AsyncConnection,
    wanted: DocumentFilter,
    written: ColumnElement[str],
    *,
    limit: int,
    cursor: Cursor | None,
) -> Page:
    """Documents as `written`. A page behind a cursor is of the version that its first page was of."""
    return await pages.read(
        connection,
        lambda at: pages.shaped(
            lambda: page_statement(replace(wanted, at=at), written, limit=limit, cursor=cursor), limit
        ),
        at=wanted.at,
        limit=limit,
        cursor=cursor,
    )


def page_statement(
    wanted: DocumentFilter, written: ColumnElement[str], *, limit: int, cursor: Cursor | None
) -> Select[Any]:
    """The newest first; where words are searched for, the best matches first."""
    row = DocumentRow
    version = versions.CURRENT.scalar_subquery() if wanted.at is None else literal(wanted.at, BigInteger)
    statement = (
        select(written, version, row.published_on, row.id)
        .select_from(row)
        .where(stands(row, wanted.at), *_conditions(wanted))
        .limit(limit + 1)
    )
    newest = (row.published_on.desc(), row.id.desc())
    if wanted.words is not None:
        best = func.word_similarity(wanted.words, row.names)
        return statement.where(named(row.names, wanted.words)).order_by(best.desc(), *newest)
    if cursor:
        statement = statement.where(tuple_(row.published_on, row.id) < tuple_(*cursor.after))
    return statement.order_by(*newest)


async def whole(connection: AsyncConnection, document: UUID, forms: Forms, at: int | None) -> Whole | None:
    """A document with all that comes from it, now or as of a version; None if there is none."""
    found = (await connection.execute(whole_statement(document, forms, at))).mappings().one_or_none()
    return Whole(**found) if found else None


def whole_statement(document: UUID, forms: Forms, at: int | None) -> Select[*tuple[Any, ...]]:
    """By primary key, and by an index on the document of each kind of statement."""
    row = DocumentRow
    return (
        select(
            forms.document.label("written"),
            _claims(document, forms.claim, at).label("claims"),
            _figures(document, forms.figure, at).label("figures"),
            _estimates(document, forms.estimate, at).label("estimates"),
            _events(document, forms.event, at).label("events"),
            _copies(document, forms.copy, at).label("copies"),
        )
        .select_from(row)
        .where(row.id == document, stands(row, at))
    )


def _conditions(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    row = DocumentRow
    found: list[ColumnElement[bool]] = []
    if wanted.datasets:
        found.append(row.dataset.in_(wanted.datasets))
    if wanted.publishers:
        found.append(row.publisher.in_(wanted.publishers))
    if wanted.published and wanted.published.since:
        found.append(row.published_on >= wanted.published.since)
    if wanted.published and wanted.published.until:
        found.append(row.published_on <= wanted.published.until)
    return found


def _claims(document: UUID, written: ColumnElement[str], at: int | None) -> Texts:
    row = ClaimRow
    statement = select(written).where(row.document_id == document, stands(row, at))
    return texts(statement.order_by(row.said_first, row.said_last, row.id))


def _figures(document: UUID, written: ColumnElement[str], at: int | None) -> Texts:
    row = FigureRow
    statement = select(written).where(row.document_id == document, stands(row, at))
    return texts(statement.order_by(row.last_day.desc(), row.id.desc()))


def _estimates(document: UUID, written: ColumnElement[str], at: int | None) -> Texts:
    """Those that it gives itself, and those that a claim in it gives."""
    row = EstimateRow
    claims = select(ClaimRow.id).where(ClaimRow.document_id == document, stands(ClaimRow, at))
    theirs = or_(row.document_id == document, row.claim_id.in_(claims))
    statement = select(written).where(theirs, stands(row, at))
    return texts(statement.order_by(row.event_id, row.id))


def _events(document: UUID, written: ColumnElement[str], at: int | None) -> Texts:
    """Those that are coded from it; retracted ones too."""
    row = events_at(at)
    coded = row.c.documents.bool_op("@>")(cast([document], ARRAY(Uuid)))
    statement = select(written).where(coded).order_by(row.c.first_day, row.c.id)
    return texts(statement if at is None else statement.where(was_so(row, at)))


def _copies(document: UUID, written: ColumnElement[str], at: int | None) -> Texts:
    row = DocumentRow
    copy = row.__table__.alias("copy")
    origin = select(row.origin_id).where(row.id == document, stands(row, at)).scalar_subquery()
    statement = select(written).where(copy.c.origin_id == origin, copy.c.id != document)
    standing = copy.c.until_version == OPEN if at is None else was_so(copy, at)
    return texts(statement.where(standing).order_by(copy.c.published_on, copy.c.id))
