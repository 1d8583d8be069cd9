"""Places: the settlements of the gazetteer, with their spellings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.places import Place
from app.domain.words import fold
from app.store.copying import copy

FORM = 2
"""Of how a place is kept. To be raised with `fold` or the columns, so that a seed writes all places anew."""


async def replace(connection: AsyncConnection, places: Iterable[Place]) -> int:
    """Keep exactly these places; gives how many there are.

    All are written anew: nothing refers to a place, and a new edition of GeoNames changes most of them.
    """
    await connection.execute(text(_STAGING))
    await copy(connection, "place_new", _COLUMNS, _rows(places))
    await connection.execute(text("DELETE FROM place"))
    written = await connection.execute(text(_INSERT))
    await connection.execute(text("ANALYZE place"))
    await connection.execute(text("DROP TABLE place_new"))
    return written.rowcount


def _rows(places: Iterable[Place]) -> Iterator[tuple[Any, ...]]:
    for place in places:
        folded = dict.fromkeys(filter(None, map(fold, (place.name, *place.alternates))))
        yield (
            place.geonameid,
            place.name,
            place.alternates,
            list(folded),
            "\n".join(("", *folded, "")),
            place.local,
            place.country,
            place.capital,
            place.population,
            place.lon,
            place.lat,
        )


_KEPT = ("id", "name", "alternates", "folded", "names", "local", "country", "capital", "population")
_COLUMNS = (*_KEPT, "lon", "lat")

_STAGING = """
CREATE TEMPORARY TABLE place_new (
    id integer, name text, alternates text[], folded text[], names text, local text, country text, capital boolean, population integer,
    lon float8, lat float8
) ON COMMIT DROP
"""

# Neighbours on earth become neighbours in the table and in its index.
_INSERT = f"""
INSERT INTO place ({", ".join(_KEPT)}, geom)
SELECT {", ".join(_KEPT)}, ST_Point(lon, lat, 4326) AS point
FROM place_new
ORDER BY point
"""
