"""The data version: which writing transaction was the last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.engine import driver
from app.db.tables import RegionRow, VersionRow
from app.db.turns import COMMITTING

# Built once, since the first is sent with every request: to build it costs as much as to send it.
CURRENT = select(func.coalesce(func.max(VersionRow.id), 0))
_OF_PLACES = select(func.max(VersionRow.id)).where(VersionRow.kind == "places")
OF_GROUND = select(
    func.coalesce(func.max(RegionRow.version), 0).label("regions"),
    func.coalesce(_OF_PLACES.scalar_subquery(), 0).label("places"),
)
_CURRENT = "SELECT coalesce(max(id), 0) FROM version"


async def current(connection: AsyncConnection) -> int:
    """The number of the last writing transaction, 0 before the first."""
    # Past SQLAlchemy, which takes four times as much processor for it as PostgreSQL's driver: every request asks this.
    return int(await driver(connection).fetchval(_CURRENT))


async def of_ground(connection: AsyncConnection) -> tuple[int, int]:
    """The numbers of the transactions that last changed the regions and the places of the gazetteer, 0 before the first."""
    row = (await connection.execute(OF_GROUND)).one()
    return row.regions, row.places


class FutureError(ValueError):
    """A moment that is still to come: what will be known then is not known."""


async def as_of(connection: AsyncConnection, moment: datetime) -> int:
    """The last version that was known at a moment, 0 before the first. The answer never changes. Raises FutureError.

    But for one case: asked as of a moment behind the last version, right before the clock is set back past it (decision 40).
    A writer who has fixed the moment of its version and not committed yet is waited for: it may turn out to be the one.
    Each statement must stand for itself (`db.engine.create_reader`), so that the second look sees what the wait was for.
    """
    found = (await connection.execute(_LATEST)).one()
    now: datetime = found[0]
    newest: datetime | None = found[1]
    # Where the clock was set back the last version may be ahead of it: nothing can become known before that any more.
    if moment > now and (newest is None or moment > newest):
        raise FutureError(
            f"{moment.isoformat()} is still to come; here it is {now.isoformat(timespec='seconds')}."
        )
    if newest is None or moment > newest:
        await connection.execute(_WAIT, {"lock": COMMITTING})
    known = select(func.coalesce(func.max(VersionRow.id), 0)).where(VersionRow.known_at <= moment)
    return (await connection.execute(known)).scalar_one()


_LATEST = select(
    func.clock_timestamp(type_=DateTime(timezone=True)),
    select(func.max(VersionRow.known_at)).scalar_subquery(),
)
_WAIT = text("SELECT pg_advisory_xact_lock_shared(:lock)")
