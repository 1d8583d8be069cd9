"""Columns of events that a test has put into its transaction."""

from __future__ import annotations

from contextlib import nullcontext
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.columns.keeping import Codes, Kept
from app.columns.matching import Wanted
from app.domain.filters import EventFilter
from tests.world import DATASETS, WORLD

CODES = tuple(sorted(region.code for region in WORLD))


def codes(version: int = 1) -> Codes:
    """What the door knows at a version."""
    return Codes(version, CODES, tuple(sorted(DATASETS)))


def kept(connection: AsyncConnection) -> Kept:
    """Columns that are read over one connection."""
    return Kept(lambda: nullcontext(connection), lambda: nullcontext(connection))


async def asked(connection: AsyncConnection, wanted: EventFilter | None = None) -> Wanted:
    """What a filter wants of columns that are read for this once."""
    return await kept(connection).wanted(codes(), wanted or EventFilter())


def ids(wanted: Wanted) -> list[UUID]:
    """The ids of the rows that are wanted, in their order."""
    rows = wanted.rows(slice(0, len(wanted.columns)))
    return [UUID(bytes=one.tobytes()) for one in wanted.columns.id[rows]]
