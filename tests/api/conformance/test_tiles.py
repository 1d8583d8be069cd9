"""OGC API - Tiles 1.0 (20-057): core, tile sets, lists of them, of geodata, MVT, datetime, and OpenAPI 3.0."""

from __future__ import annotations

import math
from typing import Any

import mapbox_vector_tile
import pytest
from httpx import AsyncClient

from tests.api.asking import problem
from tests.api.conformance import Full

_CONF = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CLASSES = tuple(
    f"{_CONF}/{name}"
    for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "datetime", "oas30")
)
REL = "http://www.opengis.net/def/rel/ogc/1.0"
MVT = "application/vnd.mapbox-vector-tile"
SET = "/collections/events/tiles/WebMercatorQuad"


def linked(body: dict[str, Any], rel: str) -> list[dict[str, Any]]:
    return [link for link in body["links"] if link["rel"] == rel]


def places(layers: dict[str, Any]) -> int:
    """How many events a tile of the whole world tells of."""
    return sum(
        feature["properties"].get("count", 1)
        for name in ("points", "stacks", "cells", "areas")
        for feature in layers.get(name, {"features": []})["features"]
    )


async def test_core_tc_success_a_tile_is_200_and_bears_its_media_type(
    client: AsyncClient, full: Full
) -> None:
    answer = await client.get(f"{SET}/0/0/0")

    assert (answer.status_code, answer.headers["content-type"]) == (200, MVT)


async def test_core_tc_success_an_empty_tile_is_204(client: AsyncClient, full: Full) -> None:
    assert (await client.get(f"{SET}/10/0/0")).status_code == 204


@pytest.mark.parametrize("path", ["/1/2/0", "/1/0/2", "/99/0/0", "/x/0/0"])
async def test_core_tc_error_outside_the_limits_is_404(client: AsyncClient, full: Full, path: str) -> None:
    assert problem(await client.get(SET + path)) == (404, "not-found", None)


async def test_core_another_tile_matrix_set_is_404(client: AsyncClient, full: Full) -> None:
    assert (await client.get("/collections/events/tiles/WorldCRS84Quad/0/0/0")).status_code == 404


async def test_geodata_tilesets_the_collection_links_to_its_tilesets(client: AsyncClient, full: Full) -> None:
    (link,) = linked((await client.get("/collections/events")).json(), f"{REL}/tilesets-vector")

    assert link["href"] == "http://sitrep.test/collections/events/tiles"
    assert (await client.get(link["href"])).status_code == 200


async def test_tilesets_list_each_has_title_type_crs_and_a_link_to_itself(
    client: AsyncClient, full: Full
) -> None:
    (one,) = (await client.get("/collections/events/tiles")).json()["tilesets"]

    assert one["title"]
    assert one["dataType"] == "vector"
    assert one["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    (self,) = linked(one, "self")
    assert (await client.get(self["href"])).json()["dataType"] == "vector"
    assert len(linked(one, f"{REL}/tiling-scheme")) == 1


async def test_tileset_leads_to_its_tiles_by_a_template_and_to_its_tiling_scheme(
    client: AsyncClient, full: Full
) -> None:
    body = (await client.get(SET)).json()

    (item,) = linked(body, "item")
    assert (item["type"], item["templated"]) == (MVT, True)
    address = item["href"].replace("{tileMatrix}", "0").replace("{tileRow}", "0").replace("{tileCol}", "0")
    layers = mapbox_vector_tile.decode((await client.get(address)).content)
    assert set(layers) <= {layer["id"] for layer in body["layers"]}
    (scheme,) = linked(body, f"{REL}/tiling-scheme")
    told = (await client.get(scheme["href"])).json()
    assert told["uri"] == body["tileMatrixSetURI"]


async def test_tileset_the_tile_matrices_are_those_of_web_mercator_quad(client: AsyncClient) -> None:
    body = (await client.get("/tileMatrixSets/WebMercatorQuad")).json()

    first, *_, last = body["tileMatrices"]
    # 17-083r4, Annex D.1.
    assert math.isclose(first["scaleDenominator"], 559082264.028717, rel_tol=1e-12)
    assert math.isclose(first["cellSize"], 156543.033928041, rel_tol=1e-12)
    assert first["pointOfOrigin"] == pytest.approx([-20037508.3427892, 20037508.3427892])
    assert (last["id"], last["matrixWidth"]) == ("14", 2**14)
    assert [one["id"] for one in (await client.get("/tileMatrixSets")).json()["tileMatrixSets"]] == [
        "WebMercatorQuad"
    ]
    assert problem(await client.get("/tileMatrixSets/Other")) == (404, "not-found", None)


async def test_mvt_layers_have_names_of_their_own_and_version_2(client: AsyncClient, full: Full) -> None:
    answer = await client.get(f"{SET}/0/0/0", headers={"Accept": MVT})

    layers = mapbox_vector_tile.decode(answer.content)
    assert answer.headers["content-type"] == MVT
    assert all(layer["version"] == 2 and layer["extent"] == 4096 for layer in layers.values())


@pytest.mark.parametrize(
    ("window", "events"),
    [("2021-08-08", 1), ("2020-01-02T00:00:00Z/..", 2), ("../2020-01-01", 1), ("2019-01-01", 0)],
)
async def test_datetime_only_what_meets_the_window_is_in_a_tile(
    client: AsyncClient, full: Full, window: str, events: int
) -> None:
    answer = await client.get(f"{SET}/0/0/0", params={"datetime": window})

    assert (places(mapbox_vector_tile.decode(answer.content)) if answer.content else 0) == events


async def test_datetime_what_cannot_be_read_is_400(client: AsyncClient, full: Full) -> None:
    assert problem(await client.get(f"{SET}/0/0/0?datetime=soon")) == (400, "bad-parameter", "datetime")


async def test_oas30_tiles_are_in_the_document(client: AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    tile = document["paths"][f"{SET}/{{z}}/{{row}}/{{col}}"]["get"]
    assert MVT in tile["responses"]["200"]["content"]
    assert {one["name"] for one in tile["parameters"] if one["in"] == "path"} == {"z", "row", "col"}
