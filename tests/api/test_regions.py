"""`GET /regions`, `GET /regions/{code}`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import nullcontext

import pytest
from httpx import AsyncClient
from shapely import MultiPolygon, box
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.regions import Region
from app.main import create_app, read_from
from app.settings import Settings
from app.store import regions as stored
from tests.api.asking import in_order, links, problem, walk
from tests.api.conftest import asking
from tests.world import REGIONS


@pytest.mark.parametrize(
    "text", ["AF-KDZ", "af-kdz", "Kunduz", "kunduz", "Qunduz", "قندوز", "fips:AF24", "FIPS:af24", " AF-KDZ "]
)
async def test_a_region_is_found_by_code_and_by_name(client: AsyncClient, world: object, text: str) -> None:
    answer = await client.get(f"/regions/{text}")
    body = answer.json()
    assert (body["type"], body["id"]) == ("Feature", "AF-KDZ")
    assert body["geometry"]["type"] == "MultiPolygon"
    assert body["properties"] == {
        "code": "AF-KDZ",
        "name": "Kunduz",
        "level": 1,
        "parent": "AF",
        "country": "AF",
        "alpha3": None,
        "fips": ["AF24"],
        "gw": [],
        "aliases": ["Qunduz", "قندوز"],
    }
    assert links(answer)["self"]["href"] == "http://sitrep.test/regions/AF-KDZ"
    assert links(answer)["up"]["href"] == "http://sitrep.test/regions/AF"


@pytest.mark.parametrize(("text", "code"), [("AF", "AF"), ("afg", "AF"), ("fips:SF", "ZA"), ("Fiji", "FJ")])
async def test_a_country_is_found_by_either_code(
    client: AsyncClient, world: object, text: str, code: str
) -> None:
    assert (await client.get(f"/regions/{text}")).json()["id"] == code


async def test_an_unknown_region_is_not_found_and_near_names_are_offered(
    client: AsyncClient, world: object
) -> None:
    answer = await client.get("/regions/Kundus")
    assert problem(answer) == (404, "not-found", "code")
    assert "AF-KDZ (Kunduz, Afghanistan)" in answer.json()["detail"]


@pytest.fixture
async def twofold(connection: AsyncConnection, world: object) -> AsyncIterator[AsyncClient]:
    """A world with two Georgias, and a region whose name holds commas."""
    more = [
        Region(code="GE", name="Georgia", level=0, country="GE", geom=MultiPolygon([box(40, 41, 46, 43)])),
        Region(code="US", name="States", level=0, country="US", geom=MultiPolygon([box(-99, 30, -80, 40)])),
        Region(
            code="US-GA", name="Georgia", level=1, parent="US", country="US",
            geom=MultiPolygon([box(-85, 31, -81, 35)]),
        ),
        Region(
            code="BQ", name="Bonaire, Sint Eustatius and Saba", level=0, country="BQ",
            geom=MultiPolygon([box(-69, 12, -68, 13)]),
        ),
    ]  # fmt: skip
    await stored.replace(connection, [*REGIONS, *more], version=1)
    app = create_app(Settings())
    read_from(app, lambda: nullcontext(connection))
    async with asking(app) as client:
        yield client


async def test_an_ambiguous_name_is_refused_with_the_candidates(twofold: AsyncClient) -> None:
    for address, parameter in (
        ("/regions/Georgia", "code"),
        ("/events?region=AF,Georgia", "region"),
        ("/regions?parent=Georgia", "parent"),
    ):
        answer = await twofold.get(address)
        assert problem(answer) == (400, "ambiguous-name", parameter)
        assert "GE (Georgia) or US-GA (Georgia, States)" in answer.json()["detail"]


async def test_a_name_with_a_comma_is_one_region(twofold: AsyncClient) -> None:
    name = "Bonaire, Sint Eustatius and Saba"
    assert (await twofold.get(f"/regions/{name}")).json()["id"] == "BQ"
    assert (await twofold.get("/events", params={"region": name})).status_code == 200
    both = await twofold.get("/events", params=[("region", name), ("region", "AF,TJ")])
    assert both.status_code == 200


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("parent=AF", ["AF-HEL", "AF-KDZ"]),
        ("parent=Afghanistan", ["AF-HEL", "AF-KDZ"]),
        ("parent=AF-KDZ", ["AF-KDZ.imam-sahib", "AF-KDZ.kunduz"]),
        ("parent=TJ", []),
        ("level=1", ["AF-HEL", "AF-KDZ", "FJ-N", "FJ-W"]),
        ("level=2", ["AF-KDZ.imam-sahib", "AF-KDZ.kunduz"]),
        ("level=1&parent=FJ", ["FJ-N", "FJ-W"]),
        ("level=0&limit=2&q=a", None),
        ("q=kundoz", ["AF-KDZ", "AF-KDZ.kunduz"]),
        ("q=HILMAND", ["AF-HEL"]),
        ("q=هلمند", ["AF-HEL"]),
        ("q=imam", ["AF-KDZ.imam-sahib"]),
        ("q=kunduz&level=2", ["AF-KDZ.kunduz"]),
        ("q=100%25", []),
        ("q=xyzzy", []),
    ],
)
async def test_regions_are_found_by_parent_level_and_words(
    client: AsyncClient, world: object, asked: str, found: list[str] | None
) -> None:
    codes = in_order(await client.get(f"/regions?geometry=none&{asked}"))
    assert codes == found if found is not None else len(codes) == 2


async def test_outlines_can_be_left_out(client: AsyncClient, world: object) -> None:
    for wanted, kinds in (("none", {None}), ("polygon", {"MultiPolygon"})):
        answer = await client.get(f"/regions?geometry={wanted}")
        assert {one["geometry"] and one["geometry"]["type"] for one in answer.json()["features"]} == kinds


async def test_pages_of_regions_hold_each_once(client: AsyncClient, world: object) -> None:
    pages = await walk(client, await client.get("/regions?limit=5&geometry=none"))
    assert [one for page in pages for one in page] == sorted(region.code for region in REGIONS)


@pytest.mark.parametrize(
    ("asked", "kind", "parameter"),
    [
        ("level=3", "bad-parameter", "level"),
        ("level=-1", "bad-parameter", "level"),
        ("parent=XX", "bad-parameter", "parent"),
        ("parent=AF,TJ", "bad-parameter", "parent"),
        ("q=%20", "bad-parameter", "q"),
        ("q=---", "bad-parameter", "q"),
        ("geometry=point", "bad-parameter", "geometry"),
        ("name=Kunduz", "unknown-parameter", "name"),
        ("limit=0", "bad-parameter", "limit"),
        ("cursor=x", "bad-cursor", "cursor"),
    ],
)
async def test_what_cannot_be_read_is_named(
    client: AsyncClient, world: object, asked: str, kind: str, parameter: str
) -> None:
    assert problem(await client.get(f"/regions?{asked}")) == (400, kind, parameter)
