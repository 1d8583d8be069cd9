"""Items of collections as GeoJSON features: PostgreSQL writes each as text (`formats.geojson`)."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement

from app.domain.crs import Crs
from app.domain.evidence import StatementKind
from app.formats import geojson, statements


@cache
def written(collection: str, crs: Crs = Crs.CRS84, *, outline: bool = True) -> ColumnElement[str]:
    """An item of a collection as text, over the columns of its tables (`queries.items`); its outline, if it has one, may be left out."""
    match collection:
        case "regions":
            return geojson.region(outline=outline, crs=crs)
        case "figures":
            area = geojson.area("region.geom", crs) if outline else "'null'"
            return geojson.of(_uuid("figure"), area, str(statements.figure()))
        case "documents":
            return geojson.of(_uuid("document"), "'null'", str(statements.statement(StatementKind.DOCUMENT)))
        case "actors":
            return geojson.of(_uuid("actor"), "'null'", _ACTOR)
        case _:
            raise KeyError(collection)


def _uuid(table: str) -> str:
    # A UUID needs no escaping.
    return f"'\"' || {table}.id || '\"'"


_ACTOR = (
    "(SELECT row_to_json(shown)::text FROM (SELECT actor.id, actor.dataset_id AS dataset, actor.source_key, actor.name,"
    " actor.aliases) AS shown)"
)
