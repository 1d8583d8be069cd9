"""All events as numbers, for the columns in memory (`app.columns`): one COPY in PostgreSQL's binary form.

Every column is of a fixed width and never null, so that what comes is an array as it is (PostgreSQL 15, "Binary Format" of COPY): nothing
is parsed, and a million events take as long as PostgreSQL needs to read them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Double,
    Integer,
    Select,
    SmallInteger,
    Text,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import EventRevisionRow, VersionRow
from app.domain.events import DAY_OR_FINER, EventType, Precision, Status, Verification
from app.domain.filters import EventFilter
from app.queries.copying import copy_binary
from app.queries.filtering import conditions
from app.queries.history import Rows, events_at, was_so

Array = NDArray[Any]

UNKNOWN = -1
"""Stands for null in columns of whole numbers and codes."""
NEVER = -(2**31)
"""A first day that is not known (PostgreSQL's -infinity)."""
FOREVER = 2**31 - 1
"""A last day that is not known, or the first report of what never was (infinity)."""

TYPES = tuple(EventType)
PRECISIONS = tuple(Precision)
VERIFICATIONS = tuple(Verification)
"""What the codes of these columns stand for."""

FIELDS = {
    "id": "V16",
    "active": ">i2",
    "first_day": ">i4",
    "last_day": ">i4",
    "reported": ">i4",
    "lon": ">f8",
    "lat": ">f8",
    "disc": ">i2",
    "type": ">i2",
    "precision": ">i2",
    "verification": ">i2",
    "contested": ">i2",
    "certain_day": ">i2",
    "dataset": ">i2",
    "country": ">i4",
    "admin1": ">i4",
    "admin2": ">i4",
    "extent_region": ">i4",
    "radius_m": ">i4",
    "deaths_low": ">i4",
    "deaths_best": ">i4",
    "deaths_high": ">i4",
    "sources": ">i4",
}
"""The columns, and how PostgreSQL sends them. Days count from 2000-01-01. A point is not a number (NaN) where there is none."""

_PLACES = ("country", "admin1", "admin2", "extent_region")
# Before each row stands the number of its fields, before each field its length.
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        *(part for name, kind in FIELDS.items() for part in ((f"{name} length", ">i4"), (name, kind))),
    ]
)
_HEADER, _TRAILER = 19, 2


async def standing(connection: AsyncConnection) -> tuple[int, int]:
    """The last version, and the last number of the change feed; 0 before the first. What is read afterwards is as new or newer."""
    row = (await connection.execute(standing_statement())).one()
    return row.version, row.seq


def standing_statement() -> Select[int, int]:
    """Both are the last of an index."""
    seq = select(func.coalesce(func.max(EventRevisionRow.seq), 0)).scalar_subquery()
    return select(func.coalesce(func.max(VersionRow.id), 0).label("version"), seq.label("seq"))


async def read(connection: AsyncConnection, statement: Select[Any]) -> dict[str, Array]:
    """The rows of `everything` or `changed` as an array for each of FIELDS, in the machine's byte order; ids as 16 bytes each."""
    # In a thread: of a million events it takes a fifth of a second.
    return await asyncio.to_thread(_parted, await _bytes(connection, statement))


def everything(regions: Sequence[str], datasets: Sequence[str], at: int | None) -> Select[Any]:
    """All events, now or as of a version. Reads the table from end to end."""
    row = events_at(at)
    stood = [] if at is None else [was_so(row, at)]
    return _statement(row, regions, datasets).where(row.c.status == Status.ACTIVE, *stood)


def changed(regions: Sequence[str], datasets: Sequence[str], since: int) -> Select[Any]:
    """The events that changed behind this number of the change feed, as they are now; retracted ones too, which are not `active`."""
    row = events_at(None)
    touched = select(EventRevisionRow.id).where(EventRevisionRow.seq > since)
    return _statement(row, regions, datasets).where(row.c.id.in_(touched))


async def matching(connection: AsyncConnection, wanted: EventFilter) -> Array:
    """The ids of the events that are wanted, 16 bytes each, in no order."""
    whole = await _bytes(connection, matching_statement(wanted))
    rows = np.frombuffer(whole, np.dtype([("fields", ">i2"), ("length", ">i4"), ("id", "V16")]))
    return _native(rows["id"])


def matching_statement(wanted: EventFilter) -> Select[Any]:
    """By whatever index the filter has."""
    row = events_at(wanted.at)
    return select(row.c.id).where(*conditions(wanted, row))


async def _bytes(connection: AsyncConnection, statement: Select[Any]) -> memoryview:
    """What COPY sends of the rows, without what stands before and behind them."""
    whole = bytearray()

    async def take(piece: bytes) -> None:
        whole.extend(piece)

    await copy_binary(connection, statement, take)
    return memoryview(whole)[_HEADER : len(whole) - _TRAILER]


def empty(count: int) -> dict[str, Array]:
    """So many rows as `read` gives them, of nothing but zeros."""
    return _parted(memoryview(bytes(count * _ROW.itemsize)))


def _parted(whole: memoryview) -> dict[str, Array]:
    rows = np.frombuffer(whole, _ROW)
    return {name: _native(rows[name]) for name in FIELDS}


def _native(values: Array) -> Array:
    if values.dtype.kind == "V":
        return np.frombuffer(values.tobytes(), np.uint8).reshape(len(values), 16)
    return values.astype(values.dtype.newbyteorder("="))


def _statement(row: Rows, regions: Sequence[str], datasets: Sequence[str]) -> Select[Any]:
    # One list of codes for four joins: to look each up in an array would take a walk through thousands.
    numbered = (
        func.unnest(cast(list(regions), ARRAY(Text)))
        .table_valued(column("code", Text), with_ordinality="number", name="numbered")
        .render_derived()
    )
    numbers = select(numbered.c.code, cast(numbered.c.number - 1, Integer).label("number")).cte(
        "region_number"
    )
    joined: Any = row
    places: dict[str, ColumnElement[int]] = {}
    for name in _PLACES:
        one = numbers.alias(f"of_{name}")
        joined = joined.outerjoin(one, one.c.code == row.c[name])
        places[name] = func.coalesce(one.c.number, UNKNOWN)
    return select(*(part.label(name) for name, part in _parts(row, datasets, places).items())).select_from(
        joined
    )


def _parts(
    row: Rows, datasets: Sequence[str], places: dict[str, ColumnElement[int]]
) -> dict[str, ColumnElement[Any]]:
    nowhere = literal_column("'NaN'::double precision", Double)
    return {
        "id": row.c.id,
        "active": _truth(row.c.status == Status.ACTIVE),
        "first_day": row.c.first_day,
        "last_day": row.c.last_day,
        "reported": func.coalesce(row.c.first_reported, literal_column("'infinity'::date")),
        "lon": func.coalesce(func.ST_X(row.c.geom), nowhere),
        "lat": func.coalesce(func.ST_Y(row.c.geom), nowhere),
        "disc": _truth(row.c.extent_id.is_not(None)),
        "type": _code(row.c.type, TYPES),
        "precision": _code(row.c.precision, PRECISIONS),
        "verification": _code(row.c.verification, VERIFICATIONS),
        "contested": _truth(row.c.contested),
        "certain_day": _truth(row.c.date_precision.in_(DAY_OR_FINER)),
        "dataset": _code(row.c.dataset, datasets),
        **places,
        **{
            name: func.coalesce(row.c[name], UNKNOWN)
            for name in ("radius_m", "deaths_low", "deaths_best", "deaths_high", "sources")
        },
    }


def _truth(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(case((condition, 1), (condition.is_(None), UNKNOWN), else_=0), SmallInteger)


def _code(text: ColumnElement[Any], words: Sequence[str]) -> ColumnElement[int]:
    if not words:
        return literal_column(f"{UNKNOWN}::smallint", SmallInteger)
    codes: dict[Any, ColumnElement[int]] = {
        str(word): literal_column(str(place)) for place, word in enumerate(words)
    }
    return cast(case(codes, value=text, else_=literal_column(str(UNKNOWN))), SmallInteger)
