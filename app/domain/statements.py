"""What a source says beside its events: documents, claims, estimates, assessments, figures and links, as they are handed to the store.

The names are those of the columns of the tables. Others are referred to by the ids that all installations share, so that a claim may
be about an event of another file or dataset. What is unknown is None.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from app.domain.evidence import StatementKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What all statements have."""

    kind_of: ClassVar[StatementKind]

    source_key: str
    """The dataset's own key; its id is made of it (`domain.evidence.statement_id`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Statement):
    """A report, article, post or statement."""

    kind_of: ClassVar[StatementKind] = StatementKind.DOCUMENT

    kind: str
    publisher: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    archive_url: str | None = None
    published_on: date
    published_at: datetime | None = None
    language: str | None = None
    sha256: str | None = None
    origin_id: UUID
    """The document whose report this is: its own id, or that of the report it copies."""
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Statement):
    """Someone's statement about one event or several, relayed by a document."""

    kind_of: ClassVar[StatementKind] = StatementKind.CLAIM

    events: tuple[UUID, ...]
    stance: str
    claimant: str
    anonymous: bool = False
    actor_id: UUID | None = None
    role: str
    responds_to: UUID | None = None
    quote: str
    speech: str
    said_first: date
    said_last: date
    said_words: str | None = None
    verification: str
    document_id: UUID
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate(Statement):
    """How many people of a group came to a harm in an event, as somebody puts it."""

    kind_of: ClassVar[StatementKind] = StatementKind.ESTIMATE

    event_id: UUID
    harm: str
    group: str
    low: int | None = None
    best: int | None = None
    high: int | None = None
    state: str
    basis: str
    claim_id: UUID | None = None
    document_id: UUID | None = None
    quote: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Statement):
    """What an assessor made of an event, by the rules of a scheme."""

    kind_of: ClassVar[StatementKind] = StatementKind.ASSESSMENT

    event_id: UUID
    scheme: str
    grade: str
    assessor: str
    assessed_on: date
    rationale: str
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Statement):
    """A reported number of people over an area and a period."""

    kind_of: ClassVar[StatementKind] = StatementKind.FIGURE

    metric: str
    value: int | None = None
    low: int | None = None
    high: int | None = None
    qualifier: str | None = None
    region: str
    place: str | None = None
    first_day: date
    last_day: date
    period_words: str | None = None
    change_percent: float | None = None
    change_first_day: date | None = None
    change_last_day: date | None = None
    change_words: str | None = None
    claimant: str
    actor_id: UUID | None = None
    role: str
    quote: str
    said_first: date | None = None
    said_last: date | None = None
    said_words: str | None = None
    verification: str
    document_id: UUID
    events: tuple[UUID, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Statement):
    """How an event is related to another."""

    kind_of: ClassVar[StatementKind] = StatementKind.EVENT_LINK

    event_id: UUID
    other_id: UUID
    kind: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a release says beside its events."""

    statements: tuple[Statement, ...] = ()
    withdrawn: frozenset[tuple[StatementKind, str]] = field(default_factory=frozenset)
    """Statements that are taken back, by kind and key."""
    withdrawn_events: frozenset[str] = field(default_factory=frozenset)
    """Events that are taken back, by key: they are retracted."""


NO_EVIDENCE = Evidence()
