"""Clients that are not ours, over a socket: GDAL and OWSLib read collections as OGC API Features, with no adapter."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
from owslib.ogcapi.features import Features
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.main import create_app
from app.settings import Settings
from tests.api.serving import Served, serving
from tests.world import Made, load_world, put

BOX = (60.0, 29.0, 75.0, 38.0)
IN_IT = [
    Made(at=(69.2, 34.5), title="Kabul", deaths=12, side_a=("Taliban", "Others, too"), summary="Said “so”"),
    Made(at=(60.0, 29.0), title="On its corner", day="2020-02-29", deaths=0),
    Made(at=(75.0, 38.0), title="On the other", day=None, until=None),
]
OUTSIDE = [
    Made(at=(75.000001, 38.0), title="Right beside it"),
    Made(at=(179.5, -17.0), title="Fiji", type="air_strike"),
]
PLACELESS = [Made(title="Nobody knows where", precision="unknown")]
EVERYTHING = [*IN_IT, *OUTSIDE, *PLACELESS]


@pytest.fixture(scope="module")
async def filled(module_database: str) -> str:
    engine = create_async_engine(module_database)
    async with engine.begin() as connection:
        await load_world(connection)
        await put(connection, *EVERYTHING)
        # More than a page, so that clients have to turn it.
        await put(connection, *(Made(at=(-60 + n / 100, 70.0), title=f"Far away {n}") for n in range(1_200)))
        await connection.execute(text("ANALYZE event"))
    await engine.dispose()
    return module_database


@pytest.fixture
async def server(filled: str) -> AsyncIterator[Served]:
    async with serving(create_app(Settings(database_url=filled))) as served:
        yield served


def address(server: Served) -> str:
    return f"http://{server.host}:{server.port}"


@pytest.fixture(scope="module")
def apart() -> Iterator[ProcessPoolExecutor]:
    """A process of its own: GDAL holds Python's lock while it waits, and the server is in this one."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        yield pool


async def read(apart: ProcessPoolExecutor, server: Served, layer: str, **asked: Any) -> Any:
    """A layer as GDAL reads it: a table."""
    ask = partial(pyogrio.read_dataframe, f"OAPIF:{address(server)}", layer=layer, use_arrow=False, **asked)
    return await asyncio.get_running_loop().run_in_executor(apart, ask)


def titles(*made: Made) -> set[str]:
    return {one.title for one in made}


async def test_gdal_finds_the_collections(apart: ProcessPoolExecutor, server: Served) -> None:
    ask = partial(pyogrio.list_layers, f"OAPIF:{address(server)}")
    layers = await asyncio.get_running_loop().run_in_executor(apart, ask)

    assert [name for name, _ in layers] == ["events", "regions", "figures", "documents", "actors"]
    assert dict(layers)["regions"] in {"MultiPolygon", "Unknown", None}


async def test_gdal_copies_exactly_the_rows_of_a_box(
    apart: ProcessPoolExecutor, server: Served, tmp_path: Path
) -> None:
    """Those without a place are in every box, as the standard has it; GDAL itself leaves them out of one."""
    found = await read(apart, server, "events", bbox=BOX)
    found.to_file(tmp_path / "out.gpkg", layer="events", engine="pyogrio")

    copied = pyogrio.read_dataframe(tmp_path / "out.gpkg")

    placed = copied[~copied.geometry.isna()]
    assert set(placed.title) == titles(*IN_IT)
    assert set(copied.title) <= titles(*IN_IT, *PLACELESS)


async def test_gdal_reads_all_pages_with_types_and_unknowns(
    apart: ProcessPoolExecutor, server: Served
) -> None:
    found = await read(apart, server, "events")

    assert len(found) == len(EVERYTHING) + 1_200
    assert found.id.is_unique
    rows = found.set_index("title")
    answer = await server.client.get("/events", params={"limit": 10_000})
    told = {one["properties"]["title"]: one for one in answer.json()["features"]}
    for made in EVERYTHING:
        row, feature = rows.loc[made.title], told[made.title]
        assert row["type"] == feature["properties"]["type"]
        assert (None if pd.isna(row["deaths_best"]) else int(row["deaths_best"])) == made.deaths
        known = None if pd.isna(row["first_day"]) else str(row["first_day"])[:10]
        assert known == feature["properties"]["first_day"]
        sides = row["side_a"]
        assert list(json.loads(sides) if isinstance(sides, str) else sides) == list(made.side_a)
        point = row["geometry"]
        assert (None if point is None else (point.x, point.y)) == made.at


async def test_gdal_reads_outlines(apart: ProcessPoolExecutor, server: Served) -> None:
    found = await read(apart, server, "regions", bbox=(68.2, 36.2, 68.4, 36.4))

    assert set(found.code) == {"AF", "AF-KDZ", "AF-KDZ.kunduz"}
    assert found.set_index("code").geometry["AF-KDZ"].bounds == (68.0, 36.0, 70.0, 38.0)


async def test_owslib_reads_descriptions_and_items(server: Served) -> None:
    service = await asyncio.to_thread(Features, f"{address(server)}/")

    conformance = await asyncio.to_thread(service.conformance)
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conformance["conformsTo"]
    names = await asyncio.to_thread(service.feature_collections)
    assert names == ["events", "regions", "figures", "documents", "actors"]
    described = await asyncio.to_thread(service.collection, "events")
    assert described["extent"]["temporal"]["interval"] == [["2020-02-29T00:00:00Z", "2021-08-08T00:00:00Z"]]
    queryables = await asyncio.to_thread(service.collection_queryables, "events")
    assert queryables["properties"]["deaths_best"]["type"] == "integer"
    found = await asyncio.to_thread(
        service.collection_items, "events", bbox=list(BOX), datetime_="2020-01-01/..", limit=10
    )
    assert {one["properties"]["title"] for one in found["features"]} == titles(*IN_IT, *PLACELESS)
    filtered = await asyncio.to_thread(
        service.collection_items,
        "events",
        filter="deaths_best > 10 OR title = 'Fiji'",
        sortby=("first_day", "desc"),
    )
    assert {one["properties"]["title"] for one in filtered["features"]} == {"Kabul", "Fiji"}
    one = await asyncio.to_thread(service.collection_item, "events", filtered["features"][0]["id"])
    assert one["properties"] == filtered["features"][0]["properties"]


def test_days_of_the_world_are_as_made() -> None:
    assert [one.first_day for one in IN_IT] == [date(2021, 8, 8), date(2020, 2, 29), date.min]
