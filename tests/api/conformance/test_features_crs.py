"""OGC API Features Part 2 (18-058r1): reference systems."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient, Response
from shapely.geometry import shape

from app.domain.collections import COLLECTIONS
from app.domain.crs import Crs
from tests.api.asking import ids, problem
from tests.api.conformance import Full

CLASSES = ("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",)
PLACED = [name for name, one in COLLECTIONS.items() if one.geometry]


async def items(client: AsyncClient, name: str, /, **params: Any) -> Response:
    return await client.get(
        f"/collections/{name}/items", params={key.replace("_", "-"): value for key, value in params.items()}
    )


def first(answer: Response, which: str) -> Any:
    assert answer.status_code == 200, answer.text
    (found,) = (one for one in answer.json()["features"] if one["id"] == which)
    coordinates = found["geometry"]["coordinates"]
    while isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    return coordinates


@pytest.mark.parametrize("name", PLACED)
async def test_crs_md_lists_the_systems_and_that_in_which_data_are_kept(
    client: AsyncClient, full: Full, name: str
) -> None:
    body = (await client.get(f"/collections/{name}")).json()

    assert body["crs"] == [str(crs) for crs in Crs]
    assert body["storageCrs"] == Crs.CRS84


@pytest.mark.parametrize("name", list(COLLECTIONS))
async def test_fc_crs_default_value_and_content_crs(client: AsyncClient, full: Full, name: str) -> None:
    for crs in (None, *Crs):
        answer = await items(client, name, **({} if crs is None else {"crs": crs}))
        assert answer.headers["content-crs"] == f"<{crs or Crs.CRS84}>"
        one = await client.get(
            f"/collections/{name}/items/{full.identities[name]}", params={} if crs is None else {"crs": crs}
        )
        assert one.headers["content-crs"] == f"<{crs or Crs.CRS84}>"


async def test_crs_action_gives_coordinates_in_the_order_of_the_system(
    client: AsyncClient, full: Full
) -> None:
    which = str(full.kabul)

    assert first(await items(client, "events"), which) == [69.2, 34.5]
    assert first(await items(client, "events", crs=Crs.EPSG_4326), which) == [34.5, 69.2]
    assert first(await items(client, "events", crs=Crs.EPSG_3857), which) == pytest.approx(
        [7703308.763, 4096139.04], abs=0.01
    )


@pytest.mark.parametrize("name", ["regions", "figures"])
async def test_crs_action_of_outlines(client: AsyncClient, full: Full, name: str) -> None:
    which = {"regions": "AF", "figures": full.identities["figures"]}[name]
    lon, lat = first(await items(client, name), which)

    assert first(await items(client, name, crs=Crs.EPSG_4326), which) == [lat, lon]
    x, _ = first(await items(client, name, crs=Crs.EPSG_3857), which)
    assert x == pytest.approx(lon * 111319.49079, abs=1)


async def test_bbox_crs_action(client: AsyncClient, full: Full) -> None:
    wanted = ids(await items(client, "events", bbox="60,29,75,37.9"))

    assert str(full.fiji) not in wanted
    assert ids(await items(client, "events", bbox="29,60,37.9,75", bbox_crs=Crs.EPSG_4326)) == wanted
    metres = "6679169.45,3375646.03,8348961.81,4565308.78"
    assert ids(await items(client, "events", bbox=metres, bbox_crs=Crs.EPSG_3857)) == wanted
    assert ids(await items(client, "regions", bbox=metres, bbox_crs=Crs.EPSG_3857)) == ids(
        await items(client, "regions", bbox="60,29,75,37.9")
    )


@pytest.mark.parametrize("name", list(COLLECTIONS))
@pytest.mark.parametrize("given", ["crs", "bbox-crs"])
async def test_fc_crs_valid_value(client: AsyncClient, full: Full, name: str, given: str) -> None:
    answer = await items(client, name, **{given: "http://www.opengis.net/def/crs/EPSG/0/32633"})

    assert problem(answer) == (400, "bad-parameter", given)
    assert str(Crs.EPSG_3857) in answer.json()["detail"]


async def test_web_mercator_ends_at_its_edges(client: AsyncClient, full: Full) -> None:
    answer = await items(client, "regions", crs=Crs.EPSG_3857, code="AQ")

    outline = shape(answer.json()["features"][0]["geometry"])
    assert outline.bounds == pytest.approx((-20037508, -20037508, 20037508, -8399738), abs=1)
