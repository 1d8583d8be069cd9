"""A real release, from its file to the answers over HTTP, against brute force over the rows of the file.

The rows are read here with nothing but the csv module; shapes and distances are Shapely's and GeographicLib's. The file is UCDP's
extract for Syria where ../shared is, and else the few rows of it that stand beside the tests.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest
import shapely
from geographiclib.geodesic import Geodesic
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import create_engine
from app.importers.locating import Locator
from app.importers.opening import opened
from app.importers.reading import read_table
from app.importers.region_seed import seeded
from app.importers.run import run
from app.importers.ucdp_ged import UcdpGed
from app.main import create_app, read_from
from app.settings import Settings
from app.store import regions, versions

SHARED = Path(__file__).parents[2] / "shared/data/ucdp/ged-syria-2016-2019.csv.gz"
MYANMAR = SHARED.with_name("ged191-myanmar-bangladesh.csv.gz")
FILE = SHARED if SHARED.exists() else Path(__file__).parent / "importers/rows/ged-syria.csv"
Rows = list[dict[str, str]]

POLYGON = (
    "POLYGON((36 34.5, 37.5 34.2, 38 36, 37 36.9, 36.2 36.4, 36 34.5),(36.6 35, 37 35, 37 35.4, 36.6 35))"
)


@pytest.fixture(scope="module")
def rows() -> Rows:
    packed = FILE.read_bytes()
    text = (gzip.decompress(packed) if FILE.suffix == ".gz" else packed).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
async def syria(module_database: str) -> AsyncIterator[httpx.AsyncClient]:
    async with _serving(module_database, FILE) as client:
        yield client


@asynccontextmanager
async def _serving(database: str, file: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service that has imported the file."""
    engine = create_engine(database)
    await _load(engine, file)
    app = create_app(Settings())
    read_from(app, engine.execution_options(isolation_level="AUTOCOMMIT").connect)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sitrep.test") as client:
        yield client
    await engine.dispose()


async def _load(engine: AsyncEngine, file: Path) -> None:
    async with engine.begin() as connection:
        version = await versions.begin(connection)
        await regions.replace(connection, seeded(), version=version)
        await versions.close(connection, version, kind="regions", summary="for a test")
    ged = UcdpGed(Locator(seeded()).locate_all, today=date(2026, 11, 22))
    with opened(str(file)) as source:
        report = await run(engine, read_table(source, ged.heading), ged)
    assert report.quarantined == 0


async def test_a_polygon_with_a_hole(syria: httpx.AsyncClient, rows: Rows) -> None:
    shape = shapely.from_wkt(POLYGON)

    expected = {_key(row) for row in rows if shape.intersects(shapely.Point(_place(row)))}

    assert await _all(syria, intersects=POLYGON) == expected


async def test_a_radius(syria: httpx.AsyncClient, rows: Rows) -> None:
    def metres(row: dict[str, str]) -> float:
        lon, lat = _place(row)
        return float(Geodesic.WGS84.Inverse(36.2, 37.1, lat, lon)["s12"])

    expected = {_key(row) for row in rows if metres(row) <= 60_000}

    assert await _all(syria, near="37.1,36.2", radius="60km") == expected


async def test_a_box_that_goes_round_the_world_over_the_antimeridian(
    syria: httpx.AsyncClient, rows: Rows
) -> None:
    def inside(row: dict[str, str]) -> bool:
        lon, lat = _place(row)
        return (lon >= 38 or lon <= 36.5) and 33 <= lat <= 36

    assert await _all(syria, bbox="38,33,36.5,36") == {_key(row) for row in rows if inside(row)}


async def test_a_country_is_every_row_of_the_file(syria: httpx.AsyncClient, rows: Rows) -> None:
    assert await _all(syria, region="Syria") == {_key(row) for row in rows}


async def test_a_province_has_the_places_in_its_polygon_and_what_is_known_by_its_name(
    syria: httpx.AsyncClient, rows: Rows
) -> None:
    provinces = {
        region.code: region.geom for region in seeded() if region.country == "SY" and region.level == 1
    }

    def province(row: dict[str, str]) -> str | None:
        """For places: whose polygon holds the point, or is nearest. For stand-in points: whose name the row gives."""
        if float(row["where_prec"]) <= 2:
            point = shapely.Point(_place(row))
            return min(provinces, key=lambda code: point.distance(provinces[code]))
        return "SY-ID" if row["adm_1"].lower().startswith("idlib") else None

    expected = {_key(row) for row in rows if province(row) == "SY-ID"}

    assert await _all(syria, region="SY-ID") == expected


async def test_a_month(syria: httpx.AsyncClient, rows: Rows) -> None:
    first, last = date(2018, 2, 1), date(2018, 2, 28)

    expected = {
        _key(row) for row in rows if _day(row["date_start"]) <= last and _day(row["date_end"]) >= first
    }

    assert await _all(syria, datetime="2018-02-01/P1M") == expected


@pytest.mark.skipif(
    not MYANMAR.exists(), reason="UCDP's file is not here; tests/queries does it in the small world"
)
async def test_the_485_events_on_one_point_of_myanmar_are_told_apart(fresh_database: str) -> None:
    """344 mean "somewhere in Myanmar", 141 "somewhere in Shan State": none of them is known to be within 10 km of that point."""
    near = {"near": "98,22", "radius": "10km"}
    shan = {"region": "MM-17"}
    async with _serving(fresh_database, MYANMAR) as myanmar:
        at_the_point = await _all(myanmar, **near)
        assert len(at_the_point) == 485
        assert await _all(myanmar, **near, match="definite") == set()
        assert at_the_point < await _all(myanmar, **near, match="possible")

        somewhere_in_shan = at_the_point & await _all(myanmar, **shan, match="definite")
        assert len(somewhere_in_shan) == 141
        assert at_the_point & await _all(myanmar, **shan) == somewhere_in_shan
        assert at_the_point & await _all(myanmar, **shan, match="possible") == at_the_point
        # Kachin is another state: what is somewhere in the country may have happened there, what is somewhere in Shan cannot.
        assert (
            at_the_point & await _all(myanmar, region="MM-11", match="possible")
            == at_the_point - somewhere_in_shan
        )


async def _all(client: httpx.AsyncClient, **parameters: str) -> set[str]:
    """The source keys of all events that match, over all pages."""
    found: list[str] = []
    address: str | None = str(
        httpx.URL("/events", params={**parameters, "limit": "1000", "properties": "source_key"})
    )
    while address:
        answer = (await client.get(address)).raise_for_status().json()
        found += [feature["properties"]["source_key"] for feature in answer["features"]]
        address = next((link["href"] for link in answer["links"] if link["rel"] == "next"), None)
    assert len(found) == len(set(found))
    return set(found)


def _key(row: dict[str, str]) -> str:
    return str(int(float(row["id"])))


def _place(row: dict[str, str]) -> tuple[float, float]:
    return float(row["longitude"]), float(row["latitude"])


def _day(cell: str) -> date:
    return date.fromisoformat(cell[:10])
