"""The data version: which writing transaction was the last."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import RegionRow, VersionRow

# Built once, since the first is sent with every request: to build it costs as much as to send it.
CURRENT = select(func.coalesce(func.max(VersionRow.id), 0))
OF_REGIONS = select(func.coalesce(func.max(RegionRow.version), 0))


async def current(connection: AsyncConnection) -> int:
    """The number of the last writing transaction, 0 before the first."""
    return (await connection.execute(CURRENT)).scalar_one()


async def of_regions(connection: AsyncConnection) -> int:
    """The number of the transaction that last changed the regions, 0 before the first."""
    return (await connection.execute(OF_REGIONS)).scalar_one()
