"""Settlements of the gazetteer: all of them, for maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_ROW = np.dtype([("population", ">i4"), ("capital", "i1"), ("lon", ">f8"), ("lat", ">f8")])


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All settlements, a column each."""

    names: list[str]
    local: list[str]
    """Names in the local script, empty where they are not known."""
    population: NDArray[np.int32]
    capital: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


async def gazetteer(connection: AsyncConnection) -> Gazetteer:
    """All settlements, in no order. As rows they would keep the event loop for half a second; as two values they are sent at one go."""
    row = (await connection.execute(ALL)).one()
    numbers = np.frombuffer(row.numbers or b"", _ROW)
    lines = row.words.split("\n") if row.words else []
    return Gazetteer(
        names=lines[::2],
        local=lines[1::2],
        population=numbers["population"].astype(np.int32),
        capital=numbers["capital"] > 0,
        lon=numbers["lon"].astype(np.float64),
        lat=numbers["lat"].astype(np.float64),
    )


# Both are put together in one pass, and so in the same order.
ALL = text(
    """
    SELECT
        string_agg(int4send(population) || boolsend(capital) || float8send(ST_X(geom)) || float8send(ST_Y(geom)), '') AS numbers,
        string_agg(name || E'\\n' || coalesce(local, ''), E'\\n') AS words
    FROM place
    """
)
