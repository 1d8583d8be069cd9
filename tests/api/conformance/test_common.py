"""OGC API Common 1.0: core, landing page, JSON, HTML, OpenAPI 3.0 (19-072), and collections (20-024)."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from app.domain.collections import COLLECTIONS
from tests.api.asking import problem
from tests.api.conformance import Full, proved

CLASSES = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
)
DOCUMENTS = ("/", "/conformance", "/collections", "/collections/events", "/collections/events/items")
OPENAPI = "application/vnd.oai.openapi+json"


async def test_landing_page_leads_to_description_conformance_and_data(client: AsyncClient) -> None:
    answer = await client.get("/")

    assert answer.status_code == 200
    body = answer.json()
    assert {"title", "description", "links"} <= set(body)
    links = [(link["rel"], link["type"], link["href"]) for link in body["links"]]
    assert ("self", "application/json", "http://sitrep.test/") in links
    assert ("alternate", "text/html; charset=utf-8", "http://sitrep.test/?f=html") in links
    assert ("service-desc", f"{OPENAPI};version=3.0", "http://sitrep.test/openapi.json") in links
    assert ("service-doc", "text/html; charset=utf-8", "http://sitrep.test/docs") in links
    assert ("conformance", "application/json", "http://sitrep.test/conformance") in links
    assert ("data", "application/json", "http://sitrep.test/collections") in links


async def test_every_link_of_the_landing_page_is_answered_as_it_says(client: AsyncClient) -> None:
    for link in (await client.get("/")).json()["links"]:
        if "method" in link or link["type"] == "text/event-stream":
            continue
        answer = await client.get(link["href"])

        assert answer.status_code == 200, link
        assert answer.headers["content-type"].partition(";")[0] == link["type"].partition(";")[0], link


async def test_conformance_lists_only_classes_that_have_tests_here(client: AsyncClient) -> None:
    answer = await client.get("/conformance")

    assert answer.status_code == 200
    assert sorted(answer.json()["conformsTo"]) == sorted(proved())


@pytest.mark.parametrize("path", DOCUMENTS)
async def test_json_and_html_are_had_by_header_and_by_parameter(
    client: AsyncClient, full: Full, path: str
) -> None:
    asked: Any
    for asked in ({"headers": {"accept": "text/html"}}, {"params": {"f": "html"}}):
        page = await client.get(path, **asked)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.text.startswith("<!doctype html>")
    for asked in ({"headers": {"accept": "application/json"}}, {"params": {"f": "json"}}, {}):
        answer = await client.get(path, **asked)
        assert answer.status_code == 200
        assert "json" in answer.headers["content-type"]
        assert answer.json()
    refused = await client.get(path, headers={"accept": "image/png"})
    assert problem(refused)[:2] == (406, "not-acceptable")


@pytest.mark.parametrize("path", DOCUMENTS)
async def test_every_encoding_has_links_to_itself_and_to_the_others(
    client: AsyncClient, full: Full, path: str
) -> None:
    answer = await client.get(path)

    links = answer.json()["links"]
    (own,) = (link for link in links if link["rel"] == "self")
    assert own["type"] == answer.headers["content-type"]
    for link in links:
        if link["rel"] != "alternate":
            continue
        other = await client.get(link["href"])
        assert other.status_code == 200, link
        assert other.headers["content-type"].partition(";")[0] == link["type"].partition(";")[0]
    page = await client.get(path, params={"f": "html"})
    assert f'<link rel="alternate" type="{own["type"]}"' in page.text


async def test_the_api_definition_is_valid_openapi_3_0(client: AsyncClient) -> None:
    answer = await client.get("/openapi.json")

    assert answer.headers["content-type"] == f"{OPENAPI};version=3.0"
    assert answer.json()["openapi"].startswith("3.0")
    assert list(OpenAPIV30SpecValidator(answer.json()).iter_errors()) == []


@pytest.mark.parametrize(
    "asked", [{"params": {"f": "3.1"}}, {"headers": {"accept": f"{OPENAPI};version=3.1"}}]
)
async def test_the_api_definition_is_there_in_3_1_too(client: AsyncClient, asked: Any) -> None:
    answer = await client.get("/openapi.json", **asked)

    assert answer.headers["content-type"] == f"{OPENAPI};version=3.1"
    assert "nullable" not in answer.text.replace('"nullable":null', "")
    assert list(OpenAPIV31SpecValidator(answer.json()).iter_errors()) == []


async def test_collections_are_described_alike_in_the_list_and_alone(client: AsyncClient, full: Full) -> None:
    listed = (await client.get("/collections")).json()["collections"]

    assert [one["id"] for one in listed] == list(COLLECTIONS)
    for one in listed:
        alone = (await client.get(f"/collections/{one['id']}")).json()
        own = [link for link in alone["links"] if link["rel"] not in {"self", "alternate"}]
        assert {**alone, "links": own} == one


@pytest.mark.parametrize(
    "path", ["/collections/battles", "/collections/battles/items", "/collections/events/tools"]
)
async def test_what_is_no_collection_is_not_found_and_told_with_those_that_are(
    client: AsyncClient, path: str
) -> None:
    answer = await client.get(path)

    assert problem(answer)[:2] == (404, "not-found")
    assert "items" in answer.json()["detail"] or "events, regions" in answer.json()["detail"]
