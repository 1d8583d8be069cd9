"""Regions: countries, subdivisions and districts, and the pieces of their polygons that an index can use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.regions import Region
from app.domain.words import names
from app.errors import SitrepError
from app.store.copying import copy

PART_VERTICES = 128
"""Most corners of a region's piece. Measured on all 4,977 regions (631,000 corners): 128 makes 18,557 pieces in 1.4 s and
answers a box in 0.11 ms, a point in 0.014. With 64 it is 2.1 s, 0.17 and 0.015; from 256 on nothing gets faster, since
most pieces are whole islands already."""


FORM = 1
"""Of how a region is kept. To be raised with `names`, `fold` or the columns, so that a seed writes all regions anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of the regions that were kept before."""

    created: int
    changed: int
    unchanged: int
    removed: int


class BadRegions(SitrepError):
    """Regions that cannot be kept together. The text says which and why."""


async def replace(connection: AsyncConnection, regions: Iterable[Region], *, version: int) -> Loaded:
    """Keep exactly these regions. Those that are as before are not written and keep their version.

    A region that is removed leaves its code on events, which nobody then finds by it. Raises BadRegions where a code
    stands twice, a parent is missing or a region has no polygon.
    """
    await connection.execute(text(_STAGING))
    await copy(connection, "region_new", _COLUMNS, _rows(regions))
    await connection.execute(text(_COMPARE))
    counts = (await connection.execute(text(_COUNT))).one()
    for statement in _APPLY:
        await connection.execute(text(statement), {"version": version} if ":version" in statement else {})
    return Loaded(
        created=counts.created, changed=counts.changed, unchanged=counts.unchanged, removed=counts.removed
    )


def _rows(regions: Iterable[Region]) -> Iterator[tuple[Any, ...]]:
    """The regions, parents before what lies in them, as the staging table has them."""
    codes: set[str] = set()
    for region in sorted(regions, key=lambda one: one.level):
        if region.code in codes:
            raise BadRegions(f"Two regions have the code {region.code}.")
        if region.parent is not None and region.parent not in codes:
            raise BadRegions(
                f"{region.code} lies in {region.parent}, which is no region of a level above it."
            )
        if region.geom is None or region.geom.is_empty:
            raise BadRegions(f"{region.code} has no polygon.")
        codes.add(region.code)
        yield (
            region.code,
            region.name,
            region.level,
            region.parent,
            region.country,
            region.alpha3,
            region.fips,
            region.gw,
            region.aliases,
            names(region.name, region.aliases),
            shapely.to_wkb(region.geom),
        )


_KEPT = ("name", "level", "parent", "country", "alpha3", "fips", "gw", "aliases", "names", "geom")
_COLUMNS = ("code", *_KEPT[:-1], "wkb")

_STAGING = """
CREATE TEMPORARY TABLE region_new (
    code text PRIMARY KEY, name text, level smallint, parent text, country text, alpha3 text,
    fips text[], gw integer[], aliases text[], names text, wkb bytea,
    geom geometry(MultiPolygon, 4326) GENERATED ALWAYS AS (ST_GeomFromWKB(wkb, 4326)) STORED
) ON COMMIT DROP
"""

# `=` on geometries compares corner by corner (PostGIS 2.4 and later), so a polygon that was only begun at another corner counts
# as changed. That is what a seed file says by it.
_COMPARE = f"""
CREATE TEMPORARY TABLE region_written ON COMMIT DROP AS
SELECT code, old.code IS NULL AS created
FROM region_new AS new LEFT JOIN region AS old USING (code)
WHERE old.code IS NULL OR ({", ".join(f"new.{one}" for one in _KEPT)}) IS DISTINCT FROM ({", ".join(f"old.{one}" for one in _KEPT)})
"""

_COUNT = """
SELECT
    (SELECT count(*) FROM region_written WHERE created) AS created,
    (SELECT count(*) FROM region_written WHERE NOT created) AS changed,
    (SELECT count(*) FROM region_new) - (SELECT count(*) FROM region_written) AS unchanged,
    (SELECT count(*) FROM region WHERE code NOT IN (SELECT code FROM region_new)) AS removed
"""

_APPLY = (
    """
DELETE FROM region_part
WHERE code IN (SELECT code FROM region_written) OR code NOT IN (SELECT code FROM region_new)
""",
    "DELETE FROM region WHERE code NOT IN (SELECT code FROM region_new)",
    f"""
INSERT INTO region (code, {", ".join(_KEPT)}, version)
SELECT code, {", ".join(_KEPT)}, CAST(:version AS bigint)
FROM region_new JOIN region_written USING (code)
ON CONFLICT (code) DO UPDATE
SET ({", ".join(_KEPT)}, version) = ({", ".join(f"excluded.{one}" for one in _KEPT)}, excluded.version)
""",
    f"""
INSERT INTO region_part (code, geom)
SELECT code, (ST_Dump(piece)).geom
FROM (
    SELECT code, ST_Subdivide(geom, {PART_VERTICES}) AS piece
    FROM region_new JOIN region_written USING (code)
) AS pieces
""",
    "ANALYZE region",
    "ANALYZE region_part",
    "DROP TABLE region_new, region_written",
)
