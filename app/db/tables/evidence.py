"""Evidence: who says what about events, in which documents, with which figures, and what assessors made of it.

A row is one state of a statement; the one that still is has `until_version` OPEN. Statements are few beside events, so that one
table holds what is and what was. They refer to events by id and without foreign keys, like all.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base, Versioned, in_order
from app.db.tables.columns import one_of
from app.db.turns import OPEN
from app.domain.events import DeathsState
from app.domain.evidence import (
    Basis,
    ClaimantRole,
    DocumentKind,
    Group,
    Harm,
    LinkKind,
    Metric,
    PublisherVerification,
    Qualifier,
    Scheme,
    Speech,
    Stance,
    StatementKind,
)

_STANDS = text(f"until_version = {OPEN}")
"""Of an index over what still is."""


class StatementRow(Versioned):
    """What every statement has."""

    dataset: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    """1 at first, one more with each change."""


class DocumentRow(StatementRow, Base):
    """A report, article, post or statement."""

    __tablename__ = "document"
    __table_args__ = (
        in_order(),
        one_of("kind", DocumentKind),
        Index(
            "document_newest", text("published_on DESC"), text("id DESC"), postgresql_where=_STANDS
        ),  # used by: /documents
        Index(
            None, "names", postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}
        ),  # used by: /documents?q=
    )

    kind: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    authors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    url: Mapped[str | None] = mapped_column(Text)
    archive_url: Mapped[str | None] = mapped_column(Text)
    published_on: Mapped[date] = mapped_column(Date)
    """The day it was published, at the publisher's place."""
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    language: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(Text)
    """Of the text that was coded, in hexadecimal digits."""
    origin_id: Mapped[UUID] = mapped_column(Uuid)
    """The document whose report this is: its own id, or that of the report that it copies, whether or not that is kept here."""
    note: Mapped[str | None] = mapped_column(Text)
    names: Mapped[str] = mapped_column(Text)
    """Publisher, title and authors, folded (`domain.words.fold`), for search."""


class ClaimRow(StatementRow, Base):
    """Someone's statement about one event or several, relayed by a document."""

    __tablename__ = "claim"
    __table_args__ = (
        in_order(),
        one_of("stance", Stance),
        one_of("role", ClaimantRole),
        one_of("speech", Speech),
        one_of("verification", PublisherVerification),
        CheckConstraint("events <> '{}'", name="events"),
        CheckConstraint("said_first <= said_last", name="said"),
        CheckConstraint(
            "responds_to IS NOT NULL OR stance NOT IN ('denies', 'disputes', 'corroborates', 'retracts', 'sidesteps')",
            name="responds_to",
        ),
        Index(None, "events", postgresql_using="gin"),  # used by: the claims of an event
        Index(None, "role", "verification"),  # used by: claimant_role, claim_verification
        Index(None, "document_id"),  # used by: the claims of a document
        Index(
            None, "responds_to", postgresql_where=text("responds_to IS NOT NULL")
        ),  # used by: store.standing, what was retracted
    )

    events: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """What it is about."""
    stance: Mapped[str] = mapped_column(Text)
    claimant: Mapped[str] = mapped_column(Text)
    """As the document names them."""
    anonymous: Mapped[bool]
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(Text)
    responds_to: Mapped[UUID | None] = mapped_column(Uuid)
    """The claim that this one answers."""
    quote: Mapped[str] = mapped_column(Text)
    speech: Mapped[str] = mapped_column(Text)
    said_first: Mapped[date] = mapped_column(Date)
    said_last: Mapped[date] = mapped_column(Date)
    said_words: Mapped[str | None] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    """What the publisher says of it."""
    document_id: Mapped[UUID] = mapped_column(Uuid)
    note: Mapped[str | None] = mapped_column(Text)


class EstimateRow(StatementRow, Base):
    """How many people of a group came to a harm in an event, as somebody puts it. Estimates that disagree stand side by side."""

    __tablename__ = "estimate"
    __table_args__ = (
        in_order(),
        one_of("harm", Harm),
        one_of("group", Group),
        one_of("state", DeathsState),
        one_of("basis", Basis),
        CheckConstraint("low <= high AND low <= best AND best <= high", name="order"),
        CheckConstraint(
            "state NOT IN ('not_reported', 'vague') OR (low IS NULL AND best IS NULL AND high IS NULL)",
            name="numbers",
        ),
        Index(None, "event_id"),  # used by: the estimates of an event
        Index(
            None, "claim_id", postgresql_where=text("claim_id IS NOT NULL")
        ),  # used by: the estimates of a claim
    )

    event_id: Mapped[UUID] = mapped_column(Uuid)
    harm: Mapped[str] = mapped_column(Text)
    group: Mapped[str] = mapped_column(Text)
    low: Mapped[int | None] = mapped_column(Integer)
    best: Mapped[int | None] = mapped_column(Integer)
    high: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    claim_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The claim that gives it."""
    document_id: Mapped[UUID | None] = mapped_column(Uuid)
    """The document that gives it, where no claim does."""
    quote: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)


class AssessmentRow(StatementRow, Base):
    """What an assessor made of an event, by the rules of a scheme."""

    __tablename__ = "assessment"
    __table_args__ = (
        in_order(),
        one_of("scheme", Scheme),
        Index(None, "event_id"),  # used by: the assessments of an event
    )

    event_id: Mapped[UUID] = mapped_column(Uuid)
    scheme: Mapped[str] = mapped_column(Text)
    grade: Mapped[str] = mapped_column(Text)
    assessor: Mapped[str] = mapped_column(Text)
    assessed_on: Mapped[date] = mapped_column(Date)
    rationale: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Where it was published, if it was."""


class FigureRow(StatementRow, Base):
    """A reported number of people over an area and a period. Not an event."""

    __tablename__ = "figure"
    __table_args__ = (
        in_order(),
        one_of("metric", Metric),
        one_of("qualifier", Qualifier),
        one_of("role", ClaimantRole),
        one_of("verification", PublisherVerification),
        CheckConstraint("(value IS NULL) <> (low IS NULL AND high IS NULL)", name="value"),
        CheckConstraint("low <= high", name="range"),
        CheckConstraint("first_day <= last_day", name="period"),
        Index(
            "figure_newest", text("last_day DESC"), text("id DESC"), postgresql_where=_STANDS
        ),  # used by: /figures
        Index(None, "region"),  # used by: /figures?region=
        Index(None, "document_id"),  # used by: the figures of a document
    )

    metric: Mapped[str] = mapped_column(Text)
    value: Mapped[int | None] = mapped_column(BigInteger)
    low: Mapped[int | None] = mapped_column(BigInteger)
    high: Mapped[int | None] = mapped_column(BigInteger)
    """People. A value or a range."""
    qualifier: Mapped[str | None] = mapped_column(Text)
    region: Mapped[str] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    """The period, both ends included."""
    period_words: Mapped[str | None] = mapped_column(Text)
    change_percent: Mapped[float | None] = mapped_column(Float)
    change_first_day: Mapped[date | None] = mapped_column(Date)
    change_last_day: Mapped[date | None] = mapped_column(Date)
    """The period against which it changed by so many per cent."""
    change_words: Mapped[str | None] = mapped_column(Text)
    claimant: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text)
    said_first: Mapped[date | None] = mapped_column(Date)
    said_last: Mapped[date | None] = mapped_column(Date)
    said_words: Mapped[str | None] = mapped_column(Text)
    verification: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID] = mapped_column(Uuid)
    events: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """The events that it speaks of, if any."""
    note: Mapped[str | None] = mapped_column(Text)


class EventLinkRow(StatementRow, Base):
    """How an event is related to another."""

    __tablename__ = "event_link"
    __table_args__ = (
        in_order(),
        one_of("kind", LinkKind),
        CheckConstraint("event_id <> other_id", name="other"),
        Index(None, "event_id"),  # used by: the links of an event
        Index(None, "other_id"),  # used by: the links to an event
    )

    event_id: Mapped[UUID] = mapped_column(Uuid)
    other_id: Mapped[UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)


STATEMENTS: dict[StatementKind, type[StatementRow]] = {
    StatementKind.DOCUMENT: DocumentRow,
    StatementKind.CLAIM: ClaimRow,
    StatementKind.ESTIMATE: EstimateRow,
    StatementKind.ASSESSMENT: AssessmentRow,
    StatementKind.FIGURE: FigureRow,
    StatementKind.EVENT_LINK: EventLinkRow,
}
"""The table of each kind of statement, documents first: what comes later refers to what comes before."""


class SnapshotRow(Base):
    """A question that was kept, with the moment as of which it was answered and the hash of its rows: for citing. Never changed.

    JSON and not JSONB: it is shown as it was written, and never searched.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        Index(None, "sha256_of_question", "version", unique=True),
    )  # used by: to give the same again

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=text("now()"))
    question: Mapped[dict[str, Any]] = mapped_column(JSON)
    """In canonical form (`domain.questions`): parameters of `/events` as a search body has them, without `as_of`."""
    sha256_of_question: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(BigInteger)
    known_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    """The moment as of which: that of the version."""
    rows: Mapped[int] = mapped_column(BigInteger)
    row_form: Mapped[str] = mapped_column(Text)
    """How rows are written for the hash (`formats.rows`)."""
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the rows."""
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The datasets that the rows come from, with licence, citation and count, and so the releases of each."""
