"""The front door: `GET /`, `/health`, `/problems/{slug}`, and the page of the OpenAPI document at `/docs`."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from app import __version__
from app.api import answers, params
from app.api.access import Reading
from app.errors import CATALOG, NotFound
from app.queries import versions

JSON = "application/json"
LINKS = (
    ("data", "/events", "application/geo+json", "Events"),
    ("data", "/regions", "application/geo+json", "Regions"),
    ("data", "/datasets", JSON, "Datasets, with licences and releases"),
    ("data", "/actors", JSON, "Actors"),
    ("service-desc", "/openapi.json", "application/vnd.oai.openapi+json;version=3.1", "The OpenAPI document"),
    ("service-doc", "/docs", "text/html", "The reference page"),
)

router = APIRouter(tags=["Service"])


@router.api_route("/", methods=["GET", "HEAD"])
async def home(request: Request) -> Response:
    """What there is here, as links."""
    params.refuse_unknown(params.values_of(request.query_params.multi_items()), ())
    links = [{"rel": "self", "type": JSON, "href": answers.address(request, "/")}]
    links += [
        {"rel": rel, "type": media_type, "href": answers.address(request, path), "title": title}
        for rel, path, media_type, title in LINKS
    ]
    body = {
        "title": "Sitrep",
        "description": "Conflict events: what happened, where, when, to whom, and how exactly each is known.",
        "version": __version__,
        "links": links,
    }
    return await answers.answer(request, orjson.dumps(body), JSON, links=links)


@router.api_route("/health", methods=["GET", "HEAD"])
async def health(connection: Reading) -> Response:
    """Whether the database answers, and its data version: for monitors."""
    body = {"status": "ok", "version": await versions.current(connection)}
    return Response(orjson.dumps(body), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.api_route("/problems/{slug}", methods=["GET", "HEAD"])
async def problem(request: Request, slug: str) -> Response:
    """What a problem's `type` means."""
    for known in CATALOG:
        if known.slug == slug:
            body = {"slug": slug, "title": known.title, "status": known.status, "description": known.__doc__}
            return await answers.answer(request, orjson.dumps(body), JSON)
    raise NotFound(f"There is no kind of problem called '{slug[:60]}'.")


def add_docs(app: FastAPI) -> None:
    """The reference page, from files that are installed with us: nothing is fetched from elsewhere."""
    app.mount("/docs/static", StaticFiles(directory=str(files("fastapi_offline") / "static")), name="docs-static")

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        root: Any = request.scope.get("root_path", "")
        return get_swagger_ui_html(
            openapi_url=f"{root}/openapi.json",
            title="Sitrep: reference",
            swagger_js_url=f"{root}/docs/static/swagger-ui-bundle.js",
            swagger_css_url=f"{root}/docs/static/swagger-ui.css",
            swagger_favicon_url=f"{root}/docs/static/favicon.png",
        )
