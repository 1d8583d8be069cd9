"""Counts of events by region, in tiles of regions."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
from httpx import AsyncClient, Response

from tests.api.asking import problem
from tests.world import MakeEvent

AFGHANISTAN = "/tiles/regions/6/44/25.mvt"


def told(answer: Response, layer: str) -> dict[str, dict[str, Any]]:
    """The properties of the features of a layer, by region."""
    assert answer.status_code == 200, answer.text
    found = mapbox_vector_tile.decode(answer.content)[layer]["features"]
    return {one["properties"]["region"]: one["properties"] for one in found}


async def test_each_region_has_the_events_that_are_filed_under_it(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(at=(68.5, 36.5), radius_m=100, deaths=3)
    await make_event(at=(69.5, 36.5), radius_m=100, deaths=None)
    await make_event(within="AF", at=None, deaths=1)
    await make_event(at=(68.5, 36.5), radius_m=100, type="protest")

    answer = await client.get(f"{AFGHANISTAN}?counts=true&type=battle")

    country, kunduz = told(answer, "countries")["AF"], told(answer, "subdivisions")["AF-KDZ"]
    assert {"count": 3, "deaths_best": 4, "deaths_unknown": 1}.items() <= country.items()
    assert {"count": 2, "deaths_best": 3, "deaths_unknown": 1}.items() <= kunduz.items()
    assert told(answer, "districts")["AF-KDZ.kunduz"]["count"] == 1


async def test_a_region_without_events_has_no_count(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.5, 36.5), radius_m=100)

    assert "count" not in told(await client.get(f"{AFGHANISTAN}?counts=true&type=riot"), "countries")["AF"]
    assert "count" not in told(await client.get(AFGHANISTAN), "countries")["AF"]


async def test_deaths_that_are_not_known_are_no_zero(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.5, 36.5), radius_m=100, deaths=None)

    country = told(await client.get(f"{AFGHANISTAN}?counts=true"), "countries")["AF"]

    assert (country["count"], country["deaths_unknown"]) == (1, 1)
    assert "deaths_best" not in country


async def test_filters_without_counts_are_refused(client: AsyncClient) -> None:
    for path in (AFGHANISTAN, "/tiles/regions.json"):
        for asked in ("type=riot", "counts=false&type=riot"):
            assert problem(await client.get(f"{path}?{asked}")) == (400, "bad-parameter", "counts")


async def test_tilejson_with_counts_leads_to_tiles_with_counts(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(at=(68.5, 36.5), radius_m=100)

    body = (await client.get("/tiles/regions.json?counts=true&type=battle")).json()

    answer = await client.get(body["tiles"][0].replace("{z}/{x}/{y}", "6/44/25"))
    countries = told(answer, "countries")["AF"]
    (fields,) = (one["fields"] for one in body["vector_layers"] if one["id"] == "countries")
    assert countries["count"] == 1
    assert set(countries) <= set(fields)
