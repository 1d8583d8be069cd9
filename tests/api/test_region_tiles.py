"""Tiles of regions over HTTP."""

from __future__ import annotations

import gzip
from typing import Any

import mapbox_vector_tile
import pytest
from httpx import AsyncClient, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.places import Place
from app.store import places
from tests.api.asking import problem
from tests.world import MakeEvent, add_version

WORLD = "/tiles/regions/0/0/0.mvt"
KABUL = Place(
    geonameid=1138958,
    name="Kabul",
    alternates=("کابل",),
    country="AF",
    lon=69.17,
    lat=34.53,
    population=4_434_550,
    local="کابل",
    capital=True,
)


def layers(answer: Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    found: dict[str, Any] = mapbox_vector_tile.decode(answer.content)
    return found


def regions(answer: Response, layer: str) -> set[str]:
    return {one["properties"]["region"] for one in layers(answer)[layer]["features"]}


async def test_the_world_has_all_countries(client: AsyncClient, world: object) -> None:
    answer = await client.get(WORLD)

    assert regions(answer, "countries") == {"AF", "TJ", "FJ", "ZA", "LS", "AQ", "GL"}
    assert "subdivisions" not in layers(answer)


async def test_a_closer_tile_has_subdivisions_districts_and_towns(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await places.replace(connection, [KABUL])

    answer = await client.get("/tiles/regions/6/44/25.mvt")
    (town,) = layers(answer)["places"]["features"]

    assert regions(answer, "subdivisions") == {"AF-KDZ"}
    assert regions(answer, "districts") == {"AF-KDZ.kunduz"}
    assert town["properties"] == {"name": "Kabul", "local": "کابل", "capital": True, "rank": 0}


async def test_a_tile_of_water_is_204(client: AsyncClient, world: object) -> None:
    answer = await client.get("/tiles/regions/6/0/20.mvt")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"]


async def test_events_come_and_the_base_map_stays_as_it_is(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event()
    known = {"If-None-Match": (await client.get(WORLD)).headers["etag"]}

    await add_version(connection, 2)
    await make_event(version=2)

    assert (await client.get(WORLD, headers=known)).status_code == 304
    assert (await client.get("/tiles/regions/1/1/0.mvt", headers=known)).status_code == 200


async def test_the_base_map_is_another_when_places_were_loaded_anew(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    address = "/tiles/regions/4/11/6.mvt"
    before = await client.get(address)
    assert "places" not in layers(before)

    await places.replace(connection, [KABUL])
    await add_version(connection, 2, kind="places")
    after = await client.get(address, headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert len(layers(after)["places"]["features"]) == 1


async def test_a_tile_comes_compressed_or_not(client: AsyncClient, world: object) -> None:
    plain = await client.get(WORLD, headers={"Accept-Encoding": "identity"})
    async with client.stream("GET", WORLD, headers={"Accept-Encoding": "gzip"}) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])

    assert "content-encoding" not in plain.headers
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content


@pytest.mark.parametrize("path", ["15/0/0", "1/2/0", "1/0/2", "x/0/0"])
async def test_a_tile_that_is_none_is_not_found(client: AsyncClient, world: object, path: str) -> None:
    assert problem(await client.get(f"/tiles/regions/{path}.mvt"))[:2] == (404, "not-found")


async def test_tilejson_tells_where_the_tiles_are_and_what_stands_in_them(
    client: AsyncClient, world: object
) -> None:
    body = (await client.get("/tiles/regions.json")).json()
    tile = await client.get(body["tiles"][0].format(z=6, x=44, y=25))
    fields = {one["id"]: set(one["fields"]) for one in body["vector_layers"]}

    assert body["tilejson"] == "3.0.0"
    assert (body["minzoom"], body["maxzoom"]) == (0, 10)
    assert "GeoNames" in body["attribution"]
    for name, layer in layers(tile).items():
        for one in layer["features"]:
            assert set(one["properties"]) <= fields[name]
