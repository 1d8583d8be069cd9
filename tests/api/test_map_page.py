"""The map page as it is served: to whom, with which policy, and its files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from app.api.routes.map_page import policy
from app.formats import frontend
from app.main import create_app
from app.settings import Settings
from tests.api.asking import problem
from tests.api.conftest import asking

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}


async def test_a_browser_gets_the_map_and_others_the_landing_page(client: AsyncClient) -> None:
    page = await client.get("/", headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<div id="map"' in page.text

    for headers in ({}, {"accept": "*/*"}, {"accept": "application/json"}):
        answer = await client.get("/", headers=headers)
        assert answer.json()["title"] == "Sitrep"
    landing = await client.get("/", params={"f": "html"}, headers=BROWSER)
    assert "Questions to begin with" in landing.text
    assert '<div id="map"' not in landing.text


async def test_the_map_leads_to_the_landing_page_and_the_interface(client: AsyncClient) -> None:
    page = (await client.get("/", headers=BROWSER)).text

    for path in ("/?f=html", "/?f=json", "/openapi.json", "/docs"):
        assert f'href="http://sitrep.test{path}"' in page
        assert (await client.get(path)).status_code == 200


async def test_what_is_asked_may_stand_in_the_address_of_the_map_and_of_nothing_else(
    client: AsyncClient,
) -> None:
    asked = "/?region=AF&datetime=2021-08-08&map=6/34/66"

    assert (await client.get(asked, headers=BROWSER)).status_code == 200
    refused = await client.get(asked)
    assert problem(refused)[:2] == (400, "unknown-parameter")


async def test_the_page_loads_nothing_from_elsewhere_and_runs_only_files(client: AsyncClient) -> None:
    page = await client.get("/", headers=BROWSER)

    rules = dict(rule.split(" ", 1) for rule in page.headers["content-security-policy"].split("; "))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "worker-src": "'self' blob:",
        "connect-src": "'self'",
        "img-src": "'self' data: blob:",
        "style-src": "'self'",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)


async def test_any_page_may_frame_the_embedded_map(client: AsyncClient) -> None:
    page = await client.get("/embed", params={"region": "AF"})

    assert "frame-ancestors *" in page.headers["content-security-policy"]
    assert "data-embedded" in page.text
    assert 'id="top"' not in page.text


async def test_a_base_map_of_the_operator_is_let_in_and_nothing_else() -> None:
    there = "https://tiles.example:8443"
    app = create_app(
        Settings(basemap_url=f"{there}/{{z}}/{{x}}/{{y}}.png", basemap_credits='© "Them" & others')
    )
    async with asking(app) as client:
        page = await client.get("/", headers=BROWSER)

    rules = page.headers["content-security-policy"]
    assert f"connect-src 'self' {there};" in rules
    assert f"img-src 'self' data: blob: {there};" in rules
    assert "script-src 'self';" in rules
    assert f'data-basemap="{there}/{{z}}/{{x}}/{{y}}.png"' in page.text
    assert 'data-credits="© &#34;Them&#34; &amp; others"' in page.text
    assert there not in policy(None, embedded=False)


async def test_every_file_of_the_page_is_served_and_kept_for_ever_under_its_version(
    client: AsyncClient,
) -> None:
    page = (await client.get("/", headers=BROWSER)).text
    loaded = re.findall(r'(?:src|href)="http://sitrep\.test(/map/[^"]+)"', page)

    assert any(path.endswith("/main.js") for path in loaded)
    for path in [*loaded, *(f"/map/{frontend.version()}/{name}" for name in frontend.names())]:
        answer = await client.get(path)
        assert answer.status_code == 200, path
        assert "immutable" in answer.headers["cache-control"]
        kind = {"js": "text/javascript", "mjs": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
        assert answer.headers["content-type"].startswith(kind[path.rpartition(".")[2]])
    old = await client.get("/map/0000/main.js")
    assert old.status_code == 200
    assert "immutable" not in old.headers["cache-control"]


@pytest.mark.parametrize(
    "name", ["nothing.js", "index.html", "../main.py", "maplibre/maplibre-gl.d.mts", "maplibre/../main.js"]
)
async def test_no_other_file_is_served(client: AsyncClient, name: str) -> None:
    answer = await client.get(f"/map/{frontend.version()}/{name.replace('..', '%2e%2e')}")

    assert problem(answer)[:2] == (404, "not-found")


async def test_without_maplibre_the_page_says_what_is_missing(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(frontend, "missing", lambda: True)

    page = await client.get("/", headers=BROWSER)

    assert page.status_code == 200
    assert "script/setup" in page.text
    assert "/?f=html" in page.text
    assert "<script" not in page.text


async def test_the_page_is_known_by_its_etag(app: FastAPI, client: AsyncClient) -> None:
    page = await client.get("/", headers=BROWSER)

    again = await client.get("/", headers={**BROWSER, "if-none-match": page.headers["etag"]})
    assert again.status_code == 304
    other = await client.get("/embed", headers={"if-none-match": page.headers["etag"]})
    assert other.status_code == 200
