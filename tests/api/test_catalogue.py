"""`GET /datasets`, `/actors`, `/`, `/health`, `/problems/{slug}`, `/docs`, `/openapi.json`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api.schemas import SCHEMAS
from app.db.tables import ReleaseRow
from app.errors import CATALOG, Problem
from tests.api.asking import links, problem
from tests.world import DATASETS, MakeEvent, add_version


async def test_datasets_come_with_licence_citation_and_releases(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    release = {
        "dataset_id": "ucdp-ged", "sha256": bytes(range(32)), "name": "ged231.csv", "label": "23.1", "position": 231,
        "position_basis": "stated", "released_on": date(2023, 6, 1), "complete": True, "header": ["id"], "rows_read": 9,
        "created": 5, "changed": 1, "unchanged": 1, "retracted": 1, "quarantined": 1, "outdated": 0, "version": 1,
    }  # fmt: skip
    older = {**release, "sha256": bytes(32), "label": "22.1", "position": 221}
    await connection.execute(insert(ReleaseRow), [older, release])

    body = (await client.get("/datasets")).json()

    assert [one["id"] for one in body["datasets"]] == sorted(DATASETS)
    ucdp = body["datasets"][-1]
    assert set(ucdp) == set(SCHEMAS["Dataset"]["properties"])
    assert (ucdp["licence"], ucdp["citation"]) == ("CC-BY-4.0", "Cite ucdp-ged.")
    assert [one["label"] for one in ucdp["releases"]] == ["23.1", "22.1"]
    shown = ucdp["releases"][0]
    assert set(shown) == set(SCHEMAS["Release"]["properties"])
    assert shown["sha256"] == bytes(range(32)).hex()
    assert datetime.fromisoformat(shown["known_at"]) == datetime(2021, 8, 9, tzinfo=UTC)
    assert body["datasets"][0]["releases"] == []


async def _names(client: AsyncClient, asked: str) -> list[str]:
    return [one["name"] for one in (await client.get(f"/actors?{asked}")).json()["actors"]]


async def test_actors_are_found_by_name_alias_dataset_and_page(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(side_a=("Taliban",), aliases=("طالبان",), side_b=("Army, the",))
    await make_event(side_a=("Taliban",), dataset="desk")
    await make_event(side_a=("Rebels",))

    assert await _names(client, "q=taleban") == ["Taliban", "Taliban"]
    assert await _names(client, "q=طالبان") == ["Taliban"]
    assert await _names(client, "q=tali&dataset=desk") == ["Taliban"]
    assert await _names(client, "q=xyzzy") == []
    assert await _names(client, "dataset=ucdp-ged,desk") == ["Army, the", "Rebels", "Taliban", "Taliban"]

    answer, seen = await client.get("/actors?limit=1"), []
    while True:
        (one,) = answer.json()["actors"]
        assert set(one) == set(SCHEMAS["Actor"]["properties"])
        seen.append((one["name"], one["dataset"]))
        if "next" not in links(answer):
            break
        answer = await client.get(links(answer)["next"]["href"])
    assert sorted(seen) == [
        ("Army, the", "ucdp-ged"),
        ("Rebels", "ucdp-ged"),
        ("Taliban", "desk"),
        ("Taliban", "ucdp-ged"),
    ]


async def test_an_unknown_dataset_is_named_with_those_there_are(client: AsyncClient, world: object) -> None:
    answer = await client.get("/actors?dataset=ucdp")
    assert problem(answer) == (400, "bad-parameter", "dataset")
    assert answer.json()["detail"] == (
        "'ucdp' is no dataset that is loaded here. Did you mean 'ucdp-ged'? There are: acled, desk, ucdp-ged."
    )


async def test_the_front_page_links_to_all_there_is(app: FastAPI, client: AsyncClient, world: object) -> None:
    app.state.streams.stop()  # or that of changes would have no end
    answer = await client.get("/")
    assert set(answer.json()) == set(SCHEMAS["Home"]["properties"])
    for link in answer.json()["links"]:
        posted = link.get("method") == "POST"
        there = await (client.post(link["href"], json={}) if posted else client.get(link["href"]))
        assert there.status_code == (201 if posted else 200)
        assert there.headers["content-type"].split(";")[0] == link["type"].split(";")[0]


async def test_health_tells_the_data_version(client: AsyncClient, world: object) -> None:
    answer = await client.get("/health")
    assert answer.json() == {"status": "ok", "version": 1}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("kind", [*CATALOG, Problem])
async def test_each_kind_of_problem_explains_itself(client: AsyncClient, kind: type) -> None:
    body = (await client.get(f"/problems/{kind.slug}")).json()  # type: ignore[attr-defined]
    assert set(body) == set(SCHEMAS["ProblemKind"]["properties"])
    assert body["description"].endswith(".")


async def test_an_unknown_kind_of_problem_is_not_found(client: AsyncClient) -> None:
    assert problem(await client.get("/problems/nothing")) == (404, "not-found", "slug")


async def test_the_reference_page_loads_nothing_from_elsewhere(client: AsyncClient) -> None:
    page = (await client.get("/docs")).text
    addresses = re.findall(r"""(?:src|href|url)\s*[=:]\s*["']([^"']+)""", page)
    assert len(addresses) >= 4
    for address in addresses:
        assert address.startswith("http://sitrep.test/")
        there = await client.get(address)
        assert there.status_code == 200
    assert set(re.findall(r"https?://[^/\"']+", page)) == {"http://sitrep.test"}


async def test_the_openapi_document_is_3_0_and_names_the_host_it_was_asked_at(client: AsyncClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert answer.json()["openapi"] == "3.0.3"
    assert answer.json()["servers"] == [{"url": "http://sitrep.test"}]


@pytest.mark.parametrize(
    "address", ["/", "/health?x=1", "/datasets?x", "/problems/too-slow?x=1", "/regions/AF?q=1"]
)
async def test_parameters_are_refused_where_there_are_none(
    client: AsyncClient, world: object, address: str
) -> None:
    answer = await client.get(address if "?" in address else f"{address}?x=1")
    assert problem(answer)[:2] == (400, "unknown-parameter")


async def test_pages_of_actors_are_of_the_state_that_page_1_was_of(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(side_a=("A",))
    await make_event(side_a=("C",))
    first = await client.get("/actors", params={"limit": 1})
    await add_version(connection, 2)
    await make_event(side_a=("B",), version=2)

    second = await client.get(links(first)["next"]["href"])
    again = await client.get("/actors")

    assert [one["name"] for one in first.json()["actors"]] == ["A"]
    assert [one["name"] for one in second.json()["actors"]] == ["C"]
    assert [one["name"] for one in again.json()["actors"]] == ["A", "B", "C"]
