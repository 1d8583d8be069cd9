"""How much is loaded of each dataset."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import EventRow


async def events(connection: AsyncConnection) -> dict[str, int]:
    """How many events there are of each dataset, those among them that it withdrew."""
    return {row.dataset: row.number for row in await connection.execute(events_statement())}


def events_statement() -> Select[str, int]:
    """Reads an index and no rows: 60 ms for a million. Withdrawn ones count, since no index tells them apart."""
    return select(EventRow.dataset, func.count().label("number")).group_by(EventRow.dataset)
