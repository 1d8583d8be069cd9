"""What the parameters of documents, figures, single things and their history ask, by the same grammar as those of events (`api.params`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from fastapi import Request

from app.api import params
from app.api import values as read
from app.api.grammar import HISTORY_PARAMETERS, MAX_REGIONS
from app.api.grammar_evidence import (
    AS_OF_PARAMETERS,
    DOCUMENT_PARAMETERS,
    FIGURE_PARAMETERS,
    MAX_PAGE,
)
from app.api.params import Known
from app.api.values import Values
from app.domain.cursors import Cursor
from app.domain.days import Days
from app.domain.evidence import ClaimantRole, Metric, PublisherVerification
from app.domain.filters import DEFAULT_LIMIT, Match
from app.domain.moments import parse_moment
from app.errors import BadCursor, BadParameter
from app.queries.documents import DocumentFilter
from app.queries.figures import FigureFilter
from app.queries.pages import Page

MAX_VERSION = 2**63 - 1

Wanted = TypeVar("Wanted")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuestion(Generic[Wanted]):
    """What is asked of documents or figures: which, how many, from where on, and as of when."""

    wanted: Wanted
    limit: int
    cursor: Cursor | None
    as_of: datetime | None
    fingerprint: str

    def following(self, page: Page) -> Cursor | None:
        """Where the page after this one begins, if there is one. It is of the version that page 1 was of."""
        if page.after is None or page.version is None:
            return None
        version = self.cursor.version if self.cursor else page.version
        return Cursor(question=self.fingerprint, version=version, after=page.after)


def document_question(values: Values, known: Known) -> PageQuestion[DocumentFilter]:
    """The question that the parameters of `/documents` ask. Raises a Problem on the first that cannot be read."""
    read.check(values, DOCUMENT_PARAMETERS)
    wanted = DocumentFilter(
        words=read.read("q", params.name_of, values),
        publishers=tuple(_publisher(given) for given in values.get("publisher", ())),
        published=read.read("published", Days.parse, values),
        datasets=params.datasets_of(values, known),
    )
    return _question(values, wanted)


def figure_question(values: Values, known: Known) -> PageQuestion[FigureFilter]:
    """The question that the parameters of `/figures` ask. Raises a Problem on the first that cannot be read."""
    read.check(values, FIGURE_PARAMETERS)
    regions = params.regions_of(values.get("region", ()), known.regions)
    wanted = FigureFilter(
        regions=tuple(params.region_wanted(region, known.regions) for region in regions),
        period=read.read("period", Days.parse, values),
        match=read.word(values, "match", Match, Match.POINT),
        metrics=read.words(values, "metric", Metric),
        roles=read.words(values, "claimant_role", ClaimantRole),
        verifications=read.words(values, "verification", PublisherVerification),
        datasets=params.datasets_of(values, known),
    )
    return _question(values, wanted)


def moment_asked(request: Request) -> datetime | None:
    """The moment as of which a single thing is asked for, where there is no other parameter."""
    values = read.by_name(read.pairs(request))
    read.check(values, AS_OF_PARAMETERS)
    return read.read("as_of", parse_moment, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuestion:
    """What is asked of an event's history."""

    as_of: datetime | None
    limit: int
    before: int
    """Only versions before this one."""
    first: bool
    """Whether it is the first page."""
    fingerprint: str


def history_question(values: Values) -> HistoryQuestion:
    """The question that the parameters of `/events/{id}/history` ask. Raises a Problem on the first that cannot be read."""
    read.check(values, HISTORY_PARAMETERS)
    asked = params.fingerprint_of(values)
    cursor = params.cursor_of(values, asked, (str,))
    before = read.whole(str(cursor.after[0]), MAX_VERSION) if cursor else MAX_VERSION
    if before is None:
        raise BadCursor(
            "The cursor is damaged. Follow 'next' as it is, or start again without a cursor.",
            parameter="cursor",
        )
    return HistoryQuestion(
        as_of=read.read("as_of", parse_moment, values),
        limit=read.limit(values, DEFAULT_LIMIT, MAX_REGIONS),
        before=before,
        first=cursor is None,
        fingerprint=asked,
    )


def _question(values: Values, wanted: Wanted) -> PageQuestion[Wanted]:
    asked = params.fingerprint_of(values)
    return PageQuestion(
        wanted=wanted,
        limit=read.limit(values, DEFAULT_LIMIT, MAX_PAGE),
        cursor=params.cursor_of(values, asked, (date, UUID)),
        as_of=read.read("as_of", parse_moment, values),
        fingerprint=asked,
    )


def _publisher(given: str) -> str:
    try:
        return read.text(given)
    except ValueError as error:
        raise BadParameter(str(error), parameter="publisher") from error
