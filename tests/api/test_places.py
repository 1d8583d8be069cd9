"""`GET /places`: regions and settlements by any spelling."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.places import Place
from app.store import places
from tests.api.asking import problem


def town(number: int, name: str, *alternates: str, **more: Any) -> Place:
    """A settlement in Kunduz, or where it is said."""
    where: dict[str, Any] = {"country": "AF", "lon": 68.86, "lat": 36.73, "population": 10_000}
    return Place(geonameid=number, name=name, alternates=alternates, **(where | more))


TOWNS = (
    town(1, "Kunduz", "Qunduz", "Kundūz", "قندوز", population=161_902),
    town(2, "Kunduz", country="TJ", lat=39.0, population=5_000),
    town(3, "Kunduzak", population=2_000),
    town(4, "Mazār-e Sharīf", lat=35.0, population=500_000),
    town(5, "Kushk", population=3_000),
    town(6, "Ku", population=1_500),
)


@pytest.fixture
async def towns(connection: AsyncConnection, world: object) -> None:
    await places.replace(connection, TOWNS)


async def search(client: AsyncClient, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = await client.get("/places", params={"q": text, **more})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["places"]
    assert answer.json()["numberReturned"] == len(found)
    return found


async def codes(client: AsyncClient, text: str, **more: Any) -> list[str]:
    return [one["code"] for one in await search(client, text, **more)]


@pytest.mark.parametrize("text", ["Qunduz", "qunduz", "QUNDUZ ", "Qündüz", "قندوز"])
async def test_a_place_is_found_by_any_spelling(client: AsyncClient, towns: None, text: str) -> None:
    assert await codes(client, text) == ["AF-KDZ", "geonames:1"]


async def test_all_that_share_a_name_are_listed_the_largest_first(client: AsyncClient, towns: None) -> None:
    assert await codes(client, "Kunduz") == [
        "AF-KDZ",
        "AF-KDZ.kunduz",
        "geonames:1",
        "geonames:2",
        "geonames:3",
    ]
    assert await codes(client, "Kunduz", limit=2) == ["AF-KDZ", "AF-KDZ.kunduz"]


async def test_the_beginning_of_a_name_is_enough(client: AsyncClient, towns: None) -> None:
    assert (await codes(client, "kunduza"))[0] == "geonames:3"
    assert await codes(client, "afgh") == ["AF"]


@pytest.mark.parametrize(
    ("text", "code"),
    [("AFG", "AF"), ("af", "AF"), ("af-kdz", "AF-KDZ"), ("AF-KDZ.imam-sahib", "AF-KDZ.imam-sahib")],
)
async def test_a_region_is_found_by_its_code(client: AsyncClient, towns: None, text: str, code: str) -> None:
    found = await search(client, text)

    assert (found[0]["code"], found[0]["matched"]) == (code, code)
    assert [one["code"] for one in found].count(code) == 1


@pytest.mark.parametrize(
    "text", ["Kunduz, Tajikistan", "kunduz,tj", "Kunduz, TJK", "Qunduz، Kunduz, Afghan", "Qunduz, KDZ, AF"]
)
async def test_behind_a_comma_is_said_in_what_a_place_lies(
    client: AsyncClient, towns: None, text: str
) -> None:
    town = "geonames:1" if text.startswith("Q") else "geonames:2"
    found = await codes(client, text)

    assert town in found
    assert not {"geonames:1", "geonames:2"} - {town} & set(found)


async def test_a_comma_that_leads_nowhere_does_no_harm(client: AsyncClient, towns: None) -> None:
    assert await codes(client, "Kunduz,") == await codes(client, "Kunduz")
    assert await codes(client, "Kunduz, Atlantis") == ["AF-KDZ", "AF-KDZ.kunduz", "geonames:1", "geonames:2"]
    assert await codes(client, "Xylophone, Atlantis") == []


async def test_a_word_inside_a_name_and_a_near_miss_are_found_where_nothing_is_called_so(
    client: AsyncClient, towns: None
) -> None:
    assert "geonames:4" in await codes(client, "sharif")
    assert (await codes(client, "Qunduzz"))[:2] == ["AF-KDZ", "geonames:1"]
    assert await codes(client, "xylophone") == []


async def test_two_letters_find_what_is_called_so_and_large_cities(client: AsyncClient, towns: None) -> None:
    found = await codes(client, "ku")

    assert found[0] == "geonames:6"
    assert "geonames:1" in found
    assert "geonames:5" not in found


async def test_a_region_tells_where_it_is_and_what_it_lies_in(client: AsyncClient, towns: None) -> None:
    region = (await search(client, "Imam Sahib"))[0]
    lon, lat = region.pop("point")

    assert region == {
        "kind": "region",
        "code": "AF-KDZ.imam-sahib",
        "name": "Imam Sahib",
        "matched": "Imam Sahib",
        "level": 2,
        "country": "AF",
        "admin1": "AF-KDZ",
        "within": ["Kunduz", "Afghanistan"],
        "bbox": [68, 37, 70, 38],
        "population": None,
    }
    assert 68 < lon < 70
    assert 37 < lat < 38


async def test_a_settlement_tells_its_subdivision_and_the_spelling_that_fits(
    client: AsyncClient, towns: None
) -> None:
    assert (await search(client, "kundūz"))[2] == {
        "kind": "settlement",
        "code": "geonames:1",
        "name": "Kunduz",
        "matched": "Kunduz",
        "level": None,
        "country": "AF",
        "admin1": "AF-KDZ",
        "within": ["Kunduz", "Afghanistan"],
        "point": [68.86, 36.73],
        "bbox": None,
        "population": 161_902,
    }
    assert (await search(client, "قندوز"))[1]["matched"] == "قندوز"


async def test_the_box_of_fiji_runs_over_the_antimeridian(client: AsyncClient, towns: None) -> None:
    assert (await search(client, "Fiji"))[0]["bbox"] == [177, -19, -178, -16]


async def test_what_the_client_has_is_304(client: AsyncClient, towns: None) -> None:
    first = await client.get("/places?q=Kunduz")
    again = await client.get("/places?q=Kunduz", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "q"),
        ("?q=", "q"),
        ("?q=--", "q"),
        (f"?q={'a,' * 17}", "q"),
        (f"?q={'x' * 201}", "q"),
        ("?q=a&limit=0", "limit"),
        ("?q=a&q=b", "q"),
    ],
)
async def test_without_a_name_there_is_nothing_to_look_for(
    client: AsyncClient, towns: None, query: str, parameter: str
) -> None:
    assert problem(await client.get(f"/places{query}")) == (400, "bad-parameter", parameter)
