"""How rows are written in tests of statements: as their ids, so that the texts of the statements can be read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, literal_column

from app.queries import documents, evidence


def by_id(table: str) -> ColumnElement[str]:
    return literal_column(f"{table}.id::text", Text)


NOTHING: ColumnElement[Any] = literal_column("'{}'::text[]", ARRAY[Any](Text))
OF_EVENT = evidence.Forms(
    event=by_id("event"),
    claim=by_id("claim"),
    estimate=by_id("estimate"),
    own_deaths=NOTHING,
    assessment=by_id("assessment"),
    document=by_id("document"),
    related=by_id("other"),
)
OF_DOCUMENT = documents.Forms(
    document=by_id("document"),
    claim=by_id("claim"),
    estimate=by_id("estimate"),
    figure=by_id("figure"),
    event=by_id("event"),
    copy=by_id("copy"),
)
