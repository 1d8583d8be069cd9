"""The statements as text, for the eye: a changed one shows in the diff. `pytest --bless` writes them anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, Select, Text, literal_column
from sqlalchemy.dialects import postgresql

from app.domain.cursors import Cursor
from app.domain.filters import NEWEST_FIRST, EventFilter, SortKey, View
from app.queries import events, snapshots
from tests.queries.questions import ASKED, Asked
from tests.queries.strategies import FIRST

FOLDER = Path(__file__).parent / "sql"
WRITTEN: ColumnElement[str] = literal_column("event.id::text", Text)
MIXED = tuple(SortKey.parse(part) for part in ("-deaths_best", "+last_day"))
ONE = UUID(int=1)


def after(*keys: Any) -> Cursor:
    return Cursor(question="q", version=1, after=keys)


STATEMENTS = {
    "one": events.one_statement(ONE, WRITTEN),
    "count": events.count_statement(EventFilter()),
    "page": events.page_statement(EventFilter(), View(), WRITTEN, None),
    "page-next": events.page_statement(EventFilter(), View(sort=NEWEST_FIRST), WRITTEN, after(FIRST, ONE)),
    "page-next-mixed": events.page_statement(
        EventFilter(), View(sort=MIXED), WRITTEN, after(None, FIRST, ONE)
    ),
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
