"""The statements as text, for the eye: a changed one shows in the diff. `pytest --bless` writes them anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, Select, Text, literal_column
from sqlalchemy.dialects import postgresql

from app.domain.areas import Box
from app.domain.cursors import Cursor
from app.domain.days import Days
from app.domain.evidence import ClaimantRole, Metric, PublisherVerification
from app.domain.filters import NEWEST_FIRST, EventFilter, GeometryWanted, Match, SortKey, View
from app.formats.csv_text import CSV
from app.formats.flatgeobuf import FLATGEOBUF
from app.formats.format import Shown
from app.queries import (
    actors,
    changes,
    documents,
    events,
    evidence,
    figures,
    history,
    naming,
    regions,
    snapshots,
)
from app.queries.documents import DocumentFilter
from app.queries.figures import FigureFilter
from tests.queries.forms import OF_DOCUMENT, OF_EVENT, by_id
from tests.queries.questions import ASKED, Asked
from tests.queries.strategies import FIRST
from tests.world import region_wanted

FOLDER = Path(__file__).parent / "sql"
WRITTEN: ColumnElement[str] = literal_column("event.id::text", Text)
MIXED = tuple(SortKey.parse(part) for part in ("-deaths_best", "+last_day"))
ONE = UUID(int=1)


def after(*keys: Any) -> Cursor:
    return Cursor(question="q", version=1, after=keys)


DOCUMENTS = DocumentFilter(
    datasets=("desk",), publishers=("CNN",), published=Days.parse("2021-08-01/2021-08-09")
)
FIGURES = FigureFilter(
    regions=(region_wanted("AF-KDZ"),),
    period=Days.parse("2021-01-01/2021-06-30"),
    metrics=(Metric.CASUALTIES,),
    roles=(ClaimantRole.INTERGOVERNMENTAL,),
    verifications=(PublisherVerification.NOT_STATED,),
    datasets=("desk",),
)
STATEMENTS = {
    "one": evidence.whole_statement(ONE, OF_EVENT, None),
    "one-as-of": evidence.whole_statement(ONE, OF_EVENT, 1),
    "one-claims": evidence.claims_statement(ONE, OF_EVENT, None),
    "one-estimates": evidence.estimates_statement(ONE, OF_EVENT, None),
    "first-known": history.first_known_statement("event", ONE),
    "actor": actors.one_statement(ONE, None),
    "actor-as-of": actors.one_statement(ONE, 1),
    "document": documents.whole_statement(ONE, OF_DOCUMENT, None),
    "document-as-of": documents.whole_statement(ONE, OF_DOCUMENT, 1),
    "documents": documents.page_statement(DOCUMENTS, OF_DOCUMENT.document, limit=9, cursor=after(FIRST, ONE)),
    "documents-words": documents.page_statement(
        DocumentFilter(words="cnn"), OF_DOCUMENT.document, limit=9, cursor=None
    ),
    "figure": figures.one_statement(ONE, by_id("figure"), None),
    "figures": figures.page_statement(FIGURES, by_id("figure"), limit=9, cursor=after(FIRST, ONE)),
    "figures-possible": figures.page_statement(
        replace(FIGURES, match=Match.POSSIBLE, at=1), by_id("figure"), limit=9, cursor=None
    ),
    "figures-definite": figures.page_statement(
        replace(FIGURES, match=Match.DEFINITE), by_id("figure"), limit=9, cursor=None
    ),
    "count": events.count_statement(EventFilter()),
    "whole": events.whole_statement(EventFilter(), NEWEST_FIRST, CSV.columns(Shown())),
    "whole-spatial": events.whole_statement(
        EventFilter(), (), FLATGEOBUF.columns(Shown(geometry=GeometryWanted.EXTENT))
    ),
    "page": events.page_statement(EventFilter(), View(), WRITTEN, None),
    "page-next": events.page_statement(EventFilter(), View(sort=NEWEST_FIRST), WRITTEN, after(FIRST, ONE)),
    "changes": changes.after_statement(7, EventFilter(), WRITTEN, 100),
    "changes-region": changes.after_statement(
        7, EventFilter(regions=(region_wanted("AF-KDZ"),)), WRITTEN, 100
    ),
    "changes-possible": changes.after_statement(
        7, EventFilter(area=Box.parse("60,29,75,38"), match=Match.POSSIBLE), WRITTEN, 100
    ),
    "changes-among": changes.after_statement(
        7,
        EventFilter(
            actors=("Taliban",), words="seldom", claimant_roles=(ClaimantRole.WITNESS,), deaths_min=1
        ),
        WRITTEN,
        100,
    ),
    "page-next-mixed": events.page_statement(
        EventFilter(), View(sort=MIXED), WRITTEN, after(None, FIRST, ONE)
    ),
    "places": naming.settlements_statement("kunduz", 10),
    "places-short": naming.settlements_statement("ku", 10),
    "places-near": naming.near_statement("kunduzz", 10),
    "places-regions": naming.regions_statement("kunduz", 10),
    "places-regions-short": naming.regions_statement("ku", 10),
    "region-shapes": regions.shapes_statement(),
    "snapshot": snapshots.one_statement(ONE),
    "snapshot-content": snapshots.content_statement(EventFilter(at=2), WRITTEN),
    "snapshot-of-question": snapshots.of_question_statement(b"", 2),
    "snapshot-sources": snapshots.sources_statement([("desk", None), ("ucdp-ged", 7)]),
}


def text_of(statement: Select[Any]) -> str:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return f"{compiled}\n".replace(" \n", "\n")


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_as_it_was_read(name: str, blessed: Any) -> None:
    blessed(FOLDER / f"{name}.sql", text_of(STATEMENTS[name]))


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.name)
def test_a_filter_is_as_it_was_read(asked: Asked, blessed: Any) -> None:
    blessed(FOLDER / f"filter-{asked.name}.sql", text_of(events.count_statement(asked.wanted)))


def test_every_text_belongs_to_a_statement() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == {
        *STATEMENTS,
        *(f"filter-{one.name}" for one in ASKED),
    }
