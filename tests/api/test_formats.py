"""Every format holds what the JSON answer holds, read by real clients: GDAL, pandas, DuckDB, pyarrow."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import geopandas
import pandas as pd
import pyarrow as pa
import pyogrio
import pytest
from httpx import AsyncClient, Response
from pyarrow import parquet

from app.domain.events import PROPERTIES
from app.formats.catalogue import BY_NAME, FORMATS
from tests.api.asking import problem
from tests.api.files import READERS, told
from tests.world import Made, MakeEvent, add_version, put

AWKWARD = 'Quotes ", commas, ; and \\ and \n two lines, \r, \t, قندوز 𝕏 and \u2028'


async def _events(make_event: MakeEvent) -> None:
    await make_event(
        at=(68.123456789, 36.987654321),
        deaths=0,
        title=AWKWARD,
        side_a=('Army, of; "X"', "B"),
        contested=False,
    )
    await make_event(
        at=(-179.999999999, -16.5), side_b=("Only",), contested=True, reported="2021-08-09", claims=2
    )
    await make_event(within="AF-HEL", precision="admin1", summary="", place="NULL", deaths=12)
    await make_event(day=None, title="\\.")
    await make_event(at=(1e-7, 0.0), day="2021-08-01", summary="-", verification="verified", radius_m=5000)


def test_every_format_has_a_reader_here() -> None:
    assert set(READERS) == set(BY_NAME)


@pytest.mark.parametrize("address", ["/events.{}", "/events?f={}"])
@pytest.mark.parametrize("name", BY_NAME)
async def test_a_file_holds_the_rows_types_and_unknowns_of_the_json_answer(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path, name: str, address: str
) -> None:
    await _events(make_event)
    expected = told((await client.get("/events")).json()["features"])

    answer = await client.get(address.format(name))

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == BY_NAME[name].media_type
    rows = READERS[name](answer.content, tmp_path)
    # An unknown and an empty text are one to pandas.
    expected = [{**row, "summary": row["summary"] or None} for row in expected] if name == "csv" else expected
    if not BY_NAME[name].ordered:
        rows, expected = (sorted(one, key=lambda row: row["id"]) for one in (rows, expected))
    assert rows == expected
    assert all(list(row) == [*PROPERTIES, "point"] for row in rows)


@pytest.mark.parametrize("name", BY_NAME)
async def test_a_file_without_an_event_can_be_read(
    client: AsyncClient, world: object, tmp_path: Path, name: str
) -> None:
    for address in (f"/events.{name}", f"/events?f={name}"):
        answer = await client.get(address)
        assert answer.status_code == 200
        assert bool(answer.content) == (name not in {"geojsonl", "geojsons"})
        if answer.content:
            assert READERS[name](answer.content, tmp_path) == []


@pytest.mark.parametrize("name", BY_NAME)
async def test_a_file_takes_filters_properties_and_a_moment(
    client: AsyncClient, make_event: MakeEvent, connection: Any, tmp_path: Path, name: str
) -> None:
    wanted = await make_event(at=(68.5, 36.5), type="air_strike", title="Wanted")
    await make_event(at=(0.0, 0.0), type="air_strike")
    await add_version(connection, 2)
    await make_event(at=(68.5, 36.5), type="air_strike", version=2)
    asked = {
        "region": "AF-KDZ",
        "type": "air_strike,battle",
        "as_of": "2021-08-09T01:00Z",
        "properties": "title,type",
    }

    answer = await client.get(f"/events.{name}", params={**asked, "q": "wanted", "bbox": "60,30,70,40"})

    (row,) = READERS[name](answer.content, tmp_path)
    assert row.pop("id", str(wanted)) == str(wanted)
    assert row == {"type": "air_strike", "title": "Wanted", "point": (68.5, 36.5)}


@pytest.mark.parametrize("name", BY_NAME)
async def test_the_order_is_the_one_that_is_asked_for(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path, name: str
) -> None:
    for deaths in (3, None, 9, 1):
        await make_event(at=(1.0, 1.0), deaths=deaths)
    answer = await client.get(f"/events.{name}?sortby=-deaths_best&properties=deaths_best")
    found = [row["deaths_best"] for row in READERS[name](answer.content, tmp_path)]
    assert (found if BY_NAME[name].ordered else sorted(found, key=lambda one: -(one or 0))) == [9, 3, 1, None]


async def test_an_empty_text_is_told_from_an_unknown_one(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path
) -> None:
    await make_event(title="Empty", summary="")
    await make_event(title="Unknown", summary=None)
    for address in ("/events.csv?sortby=id", "/events?f=csv"):
        file = tmp_path / "events.csv"
        file.write_bytes((await client.get(address)).content)
        query = "SELECT title, summary FROM read_csv(?, all_varchar = true, allow_quoted_nulls = false) ORDER BY title"
        assert duckdb.execute(query, [str(file)]).fetchall() == [("Empty", ""), ("Unknown", None)]


async def test_duckdb_asks_geoparquet_by_day_and_box(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path
) -> None:
    await make_event(at=(68.5, 36.5), day="2021-08-08", deaths=3, side_a=("Taliban",))
    await make_event(at=(68.5, 36.5), day="2020-08-08", deaths=5)
    await make_event(at=(0.5, 0.5), day="2021-08-08", deaths=7)
    await make_event(day="2021-08-08", deaths=9)
    file = tmp_path / "events.parquet"
    file.write_bytes((await client.get("/events.parquet")).content)

    query = "SELECT sum(deaths_best), list(side_a), typeof(any_value(first_day)), typeof(any_value(updated)) FROM read_parquet(?) WHERE bbox.xmin > 60 AND first_day > DATE '2021-01-01'"

    assert duckdb.execute(query, [str(file)]).fetchone() == (
        3,
        [["Taliban"]],
        "DATE",
        "TIMESTAMP WITH TIME ZONE",
    )


async def test_geopandas_reads_each_geometry_with_its_reference_system(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path
) -> None:
    await make_event(at=(68.5, 36.5))
    await make_event()
    for name, read in (
        ("parquet", geopandas.read_parquet),
        ("fgb", geopandas.read_file),
        ("geojson", geopandas.read_file),
        ("geojsons", geopandas.read_file),
        ("geojsonl", geopandas.read_file),
    ):
        file = tmp_path / f"events.{name}"
        file.write_bytes((await client.get(f"/events.{name}")).content)
        frame = read(file)
        assert sorted(str(point) for point in frame.geometry) == ["None", "POINT (68.5 36.5)"], name
        assert frame.crs.to_epsg() == 4326 or frame.crs.to_string() == "OGC:CRS84", name
    arrow = pa.ipc.open_stream((await client.get("/events.arrow")).content).read_all()
    assert geopandas.GeoDataFrame.from_arrow(arrow).crs.to_string() == "OGC:CRS84"


async def test_gdal_finds_by_the_index_exactly_what_lies_in_a_box(
    client: AsyncClient, connection: Any, make_event: MakeEvent, tmp_path: Path
) -> None:
    places = [((number * 37) % 360 - 180 + 0.5, (number * 17) % 170 - 85 + 0.25) for number in range(700)]
    await put(
        connection, *(Made(at=place) for place in places), Made(), Made(within="AF-HEL", precision="admin1")
    )
    file = tmp_path / "events.fgb"
    file.write_bytes((await client.get("/events.fgb")).content)

    everything = pyogrio.read_dataframe(file)
    assert len(everything) == 702
    assert everything.geometry.isna().sum() == 2
    for west, south, east, north in [
        (0, 0, 30, 30),
        (-180, -90, 180, 90),
        (10.5, -80, 10.5, 80),
        (3.1, 3.1, 3.2, 3.2),
    ]:
        found = pyogrio.read_dataframe(file, bbox=(west, south, east, north))
        inside = {place for place in places if west <= place[0] <= east and south <= place[1] <= north}
        assert {(point.x, point.y) for point in found.geometry} == inside
        assert len(found) == sum(place in inside for place in places)


@pytest.mark.parametrize("name", BY_NAME)
async def test_extents_are_areas_in_every_format(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path, name: str
) -> None:
    await make_event(within="AF-HEL", precision="admin1", title="A province")
    await make_event(within="FJ", precision="country", title="Over the antimeridian")
    await make_event(title="Anywhere")
    expected = {
        "A province": (63, 29, 65, 33),
        "Over the antimeridian": (-180, -19, 180, -16),
        "Anywhere": None,
    }
    for address in (
        f"/events.{name}?geometry=extent&properties=title",
        f"/events?geometry=extent&properties=title&f={name}",
    ):
        file = tmp_path / f"events.{'geojson' if name == 'jsonfg' else name}"
        file.write_bytes((await client.get(address)).content)
        assert _bounds(name, file) == expected


def _bounds(name: str, file: Path) -> dict[str, Any]:
    if name == "csv":
        read = pd.read_csv(file)
        frame = geopandas.GeoDataFrame(
            read[["title"]], geometry=geopandas.GeoSeries.from_wkt(read["geometry"])
        )
    elif name == "arrow":
        frame = geopandas.GeoDataFrame.from_arrow(pa.ipc.open_stream(file.read_bytes()).read_all())
    else:
        frame = geopandas.read_parquet(file) if name == "parquet" else geopandas.read_file(file)
    return {
        title: area and tuple(area.bounds) for title, area in zip(frame.title, frame.geometry, strict=True)
    }


@pytest.mark.parametrize("name", BY_NAME)
async def test_without_a_geometry_there_is_none(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path, name: str
) -> None:
    await make_event(at=(68.5, 36.5), title="One")
    for address in (
        f"/events.{name}?geometry=none&properties=title",
        f"/events?geometry=none&properties=title&f={name}",
    ):
        file = tmp_path / f"events.{'geojson' if name == 'jsonfg' else name}"
        file.write_bytes((await client.get(address)).content)
        if name in {"csv", "parquet", "arrow"}:
            read = {"csv": pd.read_csv, "parquet": pd.read_parquet, "arrow": pd.read_feather}
            table = (
                pa.ipc.open_stream(file.read_bytes()).read_pandas() if name == "arrow" else read[name](file)
            )
            assert list(table) == ["id", "title"]
        else:
            frame = pyogrio.read_dataframe(file)
            assert "geometry" not in frame or frame.geometry.isna().all()
            table = frame
        assert list(table["title"]) == ["One"]


@pytest.mark.parametrize("name", ["arrow", "parquet", "fgb"])
async def test_sources_and_the_question_travel_with_a_file(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path, name: str
) -> None:
    await make_event(dataset="ucdp-ged")
    for address in (f"/events.{name}?dataset=ucdp-ged", f"/events?f={name}&dataset=ucdp-ged"):
        content = (await client.get(address)).content
        found = _metadata(name, content, tmp_path)
        assert found["source"] == f"http://sitrep.test{address}"
        (one,) = json.loads(found["attribution"])
        assert one == {
            "id": "ucdp-ged",
            "title": "UCDP-GED",
            "licence": "CC-BY-4.0",
            "licence_url": None,
            "citation": "Cite ucdp-ged.",
        }


def _metadata(name: str, content: bytes, folder: Path) -> dict[str, str]:
    if name == "fgb":
        file = folder / "events.fgb"
        file.write_bytes(content)
        found: dict[str, str] = pyogrio.read_info(file)["layer_metadata"]
        assert found["DESCRIPTION"] == "UCDP-GED (CC-BY-4.0): Cite ucdp-ged."
        return found
    schema = (
        pa.ipc.open_stream(content).schema if name == "arrow" else parquet.read_schema(io.BytesIO(content))
    )
    return {key.decode(): value.decode() for key, value in schema.metadata.items()}


async def test_json_fg_tells_when_and_of_what_type(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.5, 36.5), day="2021-08-08", title="One day")
    await make_event(day="2021-08-01", until="2021-08-03", title="Three")
    await make_event(day=None, title="Unknown")
    for address in ("/events.jsonfg?", "/events?f=jsonfg&"):
        answer = await client.get(address + "properties=title")
        body = answer.json()
        assert body["conformsTo"][0] == "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"
        assert (body["featureType"], body["geometryDimension"]) == ("event", 0)
        assert body["coordRefSys"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        assert answer.links["profile"]["url"] == "http://www.opengis.net/def/profile/OGC/0/jsonfg"
        assert {one["properties"]["title"]: one["time"] for one in body["features"]} == {
            "One day": {"date": "2021-08-08"},
            "Three": {"interval": ["2021-08-01", "2021-08-03"]},
            "Unknown": None,
        }
        assert {one["place"] for one in body["features"]} == {None}


async def test_in_another_reference_system_json_fg_gives_a_place_and_tables_are_refused(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(at=(68.5, 36.5))
    body = (await client.get("/events?f=jsonfg&crs=EPSG:4326")).json()
    (feature,) = body["features"]
    assert feature["geometry"]["coordinates"] == [68.5, 36.5]
    assert feature["place"]["coordinates"] == [36.5, 68.5]
    assert body["coordRefSys"] == "http://www.opengis.net/def/crs/EPSG/0/4326"
    for form in FORMATS:
        answer = await client.get(f"/events?f={form.name}&crs=EPSG:4326")
        assert answer.status_code == (200 if form.linked else 400)
    assert problem(await client.get("/events?f=csv&crs=EPSG:4326")) == (400, "bad-parameter", "crs")


@pytest.mark.parametrize("name", BY_NAME)
async def test_accept_chooses_a_format_and_pages_go_on_in_it(
    client: AsyncClient, make_event: MakeEvent, tmp_path: Path, name: str
) -> None:
    made = {str(await make_event(at=(1.0, 1.0))) for _ in range(5)}
    form = BY_NAME[name]
    wanted = form.accepted[0] if name == "jsonfg" else form.media_type.partition(";")[0]
    answer = await client.get("/events?limit=2", headers={"Accept": wanted})
    assert answer.headers["content-type"] == form.media_type
    found: list[str] = []
    while True:
        found += _ids(name, answer, tmp_path)
        if "next" not in answer.links:
            break
        answer = await client.get(answer.links["next"]["url"], headers={"Accept": wanted})
    assert (len(found), set(found)) == (5, made)


def _ids(name: str, answer: Response, folder: Path) -> list[str]:
    return [row["id"] for row in READERS[name](answer.content, folder)]


async def test_a_page_without_room_for_links_has_them_and_its_counts_as_headers(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(at=(0.0, 0.0))
    await make_event(at=(0.0, 0.0))
    answer = await client.get("/events?f=csv&limit=1&count=exact")
    assert answer.headers["ogc-numberreturned"] == "1"
    assert answer.headers["ogc-numbermatched"] == "2"
    corners = ",".join(f"{corner / 100} 1" for corner in range(600))
    asked = {"f": "csv", "limit": "1", "intersects": f"POLYGON((0 0,{corners},0 0))"}
    long = await client.get("/events", params=asked)
    # However long: a page without its next link looks like the last.
    assert len((await client.get(long.links["next"]["url"])).text.splitlines()) == 2


async def test_a_search_in_a_body_is_answered_in_formats_that_have_room_for_its_next_page(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event()
    answer = await client.post("/events/search", json={"f": "jsonfg"})
    assert answer.json()["featureType"] == "event"
    assert problem(await client.post("/events/search", json={"f": "csv"})) == (400, "bad-parameter", "f")


def test_what_makes_tables_is_loaded_when_it_is_needed_and_not_before() -> None:
    program = "import sys, app.cli, app.main; print({'pyarrow', 'flatbuffers'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout == "set()\n"
