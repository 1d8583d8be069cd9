"""What a collection covers: its bounds in space and its first and last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import DocumentRow, EventRow, FigureRow, RegionRow
from app.domain.events import Status
from app.queries.history import stands

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The bounds of a collection in degrees, and its days; None where none are known."""

    bounds: Bounds | None = None
    """West, south, east, north."""
    first_day: date | None = None
    last_day: date | None = None


async def of(connection: AsyncConnection, collection: str) -> Coverage:
    """What a collection covers now."""
    statement = STATEMENTS.get(collection)
    if statement is None:
        return Coverage()
    row = (await connection.execute(statement)).one()
    bounds = (
        (float(row.west), float(row.south), float(row.east), float(row.north))
        if row.west is not None
        else None
    )
    return Coverage(bounds=bounds, first_day=row.first_day, last_day=row.last_day)


def _statement(box: Any, first: Any, last: Any, *conditions: Any) -> Select[*tuple[Any, ...]]:
    edges = (
        (func.ST_XMin(box), "west"),
        (func.ST_YMin(box), "south"),
        (func.ST_XMax(box), "east"),
        (func.ST_YMax(box), "north"),
    )
    told = (edge.label(name) for edge, name in edges)
    return select(*told, first.label("first_day"), last.label("last_day")).where(*conditions)


_EVENT, _FIGURE, _DOCUMENT = EventRow, FigureRow, DocumentRow
_NEVER = literal_column("NULL::date", Date)
_NOWHERE: ColumnElement[Any] = literal_column("NULL::box3d")

STATEMENTS: dict[str, Select[*tuple[Any, ...]]] = {
    # Reads every row: 0.3 s at a million, once for each version of the data.
    "events": _statement(
        func.ST_Extent(_EVENT.geom),
        func.min(func.nullif(_EVENT.first_day, literal_column("'-infinity'::date"), type_=Date)),
        func.max(func.nullif(_EVENT.last_day, literal_column("'infinity'::date"), type_=Date)),
        _EVENT.status == Status.ACTIVE,
    ),
    "regions": _statement(func.ST_Extent(RegionRow.geom), _NEVER, _NEVER, RegionRow.level == 0),
    "figures": _statement(
        func.ST_Extent(RegionRow.geom),
        func.min(_FIGURE.first_day),
        func.max(_FIGURE.last_day),
        stands(_FIGURE, None),
        RegionRow.code == _FIGURE.region,
    ),
    "documents": _statement(
        _NOWHERE, func.min(_DOCUMENT.published_on), func.max(_DOCUMENT.published_on), stands(_DOCUMENT, None)
    ),
}
"""By collection; actors cover nothing."""
