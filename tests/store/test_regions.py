"""Regions are kept with pieces of their polygons, and written only where they changed."""

from dataclasses import replace as but

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.regions import Region
from app.importers.region_seed import seeded
from app.queries import regions as kept
from app.store import regions
from app.store.regions import BadRegions, Loaded


def square(west: float, south: float, size: float) -> MultiPolygon:
    return MultiPolygon([box(west, south, west + size, south + size)])


LAND = Region(code="XA", name="Land", level=0, country="XA", alpha3="XAA", gw=(999,), geom=square(0, 0, 10))
NORTH = Region(
    code="XA-N",
    name="Nōrth",
    level=1,
    parent="XA",
    country="XA",
    fips=("XX01", "XX02"),
    aliases=("Upper Land", "شمال"),
    geom=square(0, 5, 5),
)
SOUTH = Region(code="XA-S", name="South", level=1, parent="XA", country="XA", geom=square(0, 0, 5))
ALL = (LAND, NORTH, SOUTH)


async def versions(connection: AsyncConnection) -> dict[str, int]:
    rows = await connection.execute(text("SELECT code, version FROM region"))
    return {row.code: row.version for row in rows}


async def parts(connection: AsyncConnection) -> dict[str, float]:
    """The area of a region's pieces together, in square degrees."""
    rows = await connection.execute(
        text("SELECT code, sum(ST_Area(geom)) AS area FROM region_part GROUP BY code")
    )
    return {row.code: row.area for row in rows}


async def test_what_is_kept_reads_back_as_it_was(connection: AsyncConnection) -> None:
    await regions.replace(connection, ALL, version=1)

    assert await kept.with_geometry(connection) == list(ALL)


async def test_regions_may_come_in_any_order(connection: AsyncConnection) -> None:
    await regions.replace(connection, reversed(ALL), version=1)

    assert await kept.with_geometry(connection) == list(ALL)


async def test_the_same_regions_again_write_nothing(connection: AsyncConnection) -> None:
    await regions.replace(connection, ALL, version=1)
    before = (await connection.execute(text("SELECT id FROM region_part ORDER BY id"))).scalars().all()

    loaded = await regions.replace(connection, ALL, version=2)

    assert loaded == Loaded(created=0, changed=0, unchanged=3, removed=0)
    assert await versions(connection) == {"XA": 1, "XA-N": 1, "XA-S": 1}
    assert (
        await connection.execute(text("SELECT id FROM region_part ORDER BY id"))
    ).scalars().all() == before


@pytest.mark.parametrize(
    "changed",
    [
        but(NORTH, name="North"),
        but(NORTH, aliases=("شمال", "Upper Land")),
        but(NORTH, fips=()),
        but(NORTH, alpha3="NNN"),
        but(NORTH, geom=square(0, 5, 4)),
    ],
    ids=["name", "order of aliases", "fips", "alpha3", "polygon"],
)
async def test_a_region_that_changed_is_written_and_bears_the_new_version(
    connection: AsyncConnection, changed: Region
) -> None:
    await regions.replace(connection, ALL, version=1)

    loaded = await regions.replace(connection, (LAND, changed, SOUTH), version=2)

    assert loaded == Loaded(created=0, changed=1, unchanged=2, removed=0)
    assert await versions(connection) == {"XA": 1, "XA-N": 2, "XA-S": 1}
    assert await kept.with_geometry(connection) == [LAND, changed, SOUTH]
    assert (await parts(connection))["XA-N"] == changed.geom.area if changed.geom else None


async def test_a_region_that_is_no_more_goes_with_its_pieces(connection: AsyncConnection) -> None:
    await regions.replace(connection, ALL, version=1)

    loaded = await regions.replace(connection, (LAND, SOUTH), version=2)

    assert loaded == Loaded(created=0, changed=0, unchanged=2, removed=1)
    assert set(await parts(connection)) == {"XA", "XA-S"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ((*ALL, NORTH), "Two regions have the code XA-N."),
        ((NORTH,), "XA-N lies in XA, which is no region of a level above it."),
        ((LAND, but(NORTH, geom=None)), "XA-N has no polygon."),
        ((LAND, but(NORTH, geom=MultiPolygon())), "XA-N has no polygon."),
    ],
)
async def test_regions_that_do_not_go_together_are_refused(
    connection: AsyncConnection, wrong: tuple[Region, ...], told: str
) -> None:
    with pytest.raises(BadRegions) as caught:
        await regions.replace(connection, wrong, version=1)

    assert str(caught.value) == told


async def test_names_are_searched_folded_and_an_alias_by_itself(connection: AsyncConnection) -> None:
    await regions.replace(connection, ALL, version=1)

    async def found(pattern: str) -> list[str]:
        rows = await connection.execute(
            text("SELECT code FROM region WHERE names LIKE :pattern"), {"pattern": pattern}
        )
        return list(rows.scalars())

    assert await found("%north%") == ["XA-N"]
    assert await found("%upper land%") == ["XA-N"]
    assert await found("%شمال%") == ["XA-N"]
    assert await found("%north upper%") == []


async def test_the_pieces_of_every_region_are_valid_small_and_cover_it(connection: AsyncConnection) -> None:
    await regions.replace(connection, seeded(), version=1)
    faulty = await connection.execute(
        text("SELECT code FROM region_part WHERE NOT ST_IsValid(geom) OR ST_NPoints(geom) > :most"),
        {"most": regions.PART_VERTICES + 1},  # the first corner stands twice
    )

    assert faulty.scalars().all() == []
    whole = {region.code: region.geom.area for region in seeded() if region.geom}
    assert await parts(connection) == pytest.approx(whole, rel=1e-9)


async def test_each_of_the_34_afghan_provinces_is_there_and_has_districts(
    connection: AsyncConnection,
) -> None:
    await regions.replace(connection, seeded(), version=1)

    rows = await connection.execute(
        text("""
        SELECT province.code, count(district.code) AS districts
        FROM region AS province LEFT JOIN region AS district ON district.parent = province.code
        WHERE province.parent = 'AF' AND province.level = 1
        GROUP BY province.code
        """)
    )
    districts = {row.code: row.districts for row in rows}

    assert len(districts) == 34
    assert [code for code, count in districts.items() if count == 0] == []
    assert sum(districts.values()) > 390
