"""The data version: which writing transaction was the last."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import RegionRow, VersionRow


async def current(connection: AsyncConnection) -> int:
    """The number of the last writing transaction, 0 before the first."""
    return (await connection.execute(select(func.coalesce(func.max(VersionRow.id), 0)))).scalar_one()


async def of_regions(connection: AsyncConnection) -> int:
    """The number of the transaction that last changed the regions, 0 before the first."""
    return (await connection.execute(select(func.coalesce(func.max(RegionRow.version), 0)))).scalar_one()
