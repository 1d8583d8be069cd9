"""The front door: `GET /`, `/health`, `/problems/{slug}`, the OpenAPI document, and its page at `/docs`."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from app import __version__
from app.api import answers, landing, shown, values
from app.api.access import knowing, reading
from app.api.answers import Link, link
from app.api.document import MEDIA_TYPE, NEWER_MEDIA_TYPE, newer, operation
from app.api.grammar_items import form
from app.api.negotiation import HTML, Offer, choose
from app.api.negotiation import JSON as JSON_OFFER
from app.api.routes import map_page
from app.api.shown import Asked
from app.errors import CATALOG, NotAcceptable, NotFound, Problem
from app.queries import datasets, loaded

JSON = "application/json"
OGC = "http://www.opengis.net/def/rel/ogc/1.0"
FORMS = (JSON_OFFER, HTML)
LINKS = (
    ("service-desc", "/openapi.json", MEDIA_TYPE, "The OpenAPI document"),
    ("service-doc", "/docs", HTML.media_type, "The reference page"),
    ("conformance", "/conformance", JSON, "Standards that are kept"),
    (f"{OGC}/conformance", "/conformance", JSON, "Standards that are kept"),
    ("data", "/collections", JSON, "Collections: events, regions, figures, documents, actors"),
    (f"{OGC}/data", "/collections", JSON, "Collections: events, regions, figures, documents, actors"),
    ("related", "/events", "application/geo+json", "Events"),
    ("related", "/changes", JSON, "Changes of events, in their order"),
    ("related", "/changes/stream", "text/event-stream", "Changes of events, as they are committed"),
    ("related", "/regions", "application/geo+json", "Regions"),
    ("related", "/datasets", JSON, "Datasets, with licences and releases"),
    ("related", "/actors", JSON, "Actors"),
    ("related", "/documents", JSON, "Documents that claims and figures come from"),
    ("related", "/figures", JSON, "Reported figures over areas and periods"),
)
"""`data` is what OGC API - Common takes for the collections, and nothing else."""
DESCRIPTION = "Conflict events: what happened, where, when, to whom, and how exactly each is known."

OPENAPI = Offer(name="3.0", media_type=MEDIA_TYPE, title="OpenAPI 3.0", aliases=("json",), accepted=(JSON,))
NEWER_OPENAPI = Offer(name="3.1", media_type=NEWER_MEDIA_TYPE, title="OpenAPI 3.1")

router = APIRouter(tags=["Service"])


@router.api_route(
    "/",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Home",
        JSON,
        summary="What there is",
        parameters=form(FORMS),
        problems=(NotAcceptable,),
        database=False,
        etag=False,
    ),
)
async def home(request: Request) -> Response:
    """What there is here, as links; a browser gets the map, and with `f=html` the same links on a page."""
    # The map's own parameters may stand in the address, so that it is looked at before they are.
    if "f" not in request.query_params and choose(request, {}, FORMS) is HTML:
        return await map_page.answer(request)
    asked = shown.asked(request, form(FORMS), FORMS)
    links = [
        *(
            {**link(rel, media_type, answers.address(request, path)), "title": title}
            for rel, path, media_type, title in LINKS
        ),
        {
            **link("related", JSON, answers.address(request, "/snapshots")),
            "title": "Snapshots: a question sent there is kept, to be cited",
            "method": "POST",
        },
    ]
    body = {"title": "Sitrep", "description": DESCRIPTION, "version": __version__}
    if asked.offer is HTML:
        return await _page(request, asked, body, links)
    return await shown.answer(request, asked, body, "home", links=links)


async def _page(request: Request, asked: Asked, body: dict[str, Any], links: list[Link]) -> Response:
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, HTML.media_type)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    async with reading(request) as connection:
        sources = await datasets.everything(connection)
        told = landing.told(answers.base(request), sources, await loaded.events(connection))
    return await shown.answer(request, asked, body, "home", links=links, etag=etag, **told)


@router.api_route(
    "/health",
    methods=["GET", "HEAD"],
    openapi_extra=operation("Health", JSON, summary="Whether it works", etag=False),
)
async def health(request: Request) -> Response:
    """Whether the database answers, and its data version: for monitors."""
    values.refuse_all(request)
    known = await knowing(request)
    body = {"status": "ok", "version": known.version}
    return Response(orjson.dumps(body), media_type=JSON, headers={"Cache-Control": "no-store"})


@router.api_route(
    "/problems/{slug}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "ProblemKind",
        JSON,
        summary="A kind of problem",
        path={
            "slug": {
                "description": "The end of a problem's `type`.",
                "schema": {"type": "string"},
                "example": "bad-cursor",
            }
        },
        problems=(NotFound,),
        database=False,
        etag=False,
    ),
)
async def problem_kind(request: Request, slug: str) -> Response:
    """What a problem's `type` means."""
    values.refuse_all(request)
    kinds: tuple[type[Problem], ...] = (*CATALOG, Problem)
    for known in kinds:
        if known.slug == slug:
            description = " ".join((known.__doc__ or "").split())
            body = {"slug": slug, "title": known.title, "status": known.status, "description": description}
            return await answers.answer(request, orjson.dumps(body), JSON)
    raise NotFound(f"There is no kind of problem called '{slug[:60]}'.", parameter="slug")


def add_docs(app: FastAPI) -> None:
    """The OpenAPI document and its page, from files that are installed with us: nothing is fetched from elsewhere."""
    app.mount(
        "/docs/static", StaticFiles(directory=str(files("fastapi_offline") / "static")), name="docs-static"
    )

    documents = {OPENAPI: app.openapi(), NEWER_OPENAPI: newer(app.openapi())}

    @app.api_route("/openapi.json", methods=["GET", "HEAD"], include_in_schema=False)
    async def openapi(request: Request) -> Response:
        offer = shown.asked(request, ("f",), tuple(documents)).offer
        # With the address it was asked at: right on any host, and below any path that a proxy puts before ours.
        written = {**documents[offer], "servers": [{"url": answers.base(request)}]}
        return await answers.answer(request, orjson.dumps(written), offer.media_type)

    @app.api_route("/docs", methods=["GET", "HEAD"], include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        static = answers.address(request, "/docs/static")
        return get_swagger_ui_html(
            openapi_url=answers.address(request, "/openapi.json"),
            title="Sitrep: reference",
            swagger_js_url=f"{static}/swagger-ui-bundle.js",
            swagger_css_url=f"{static}/swagger-ui.css",
            swagger_favicon_url=f"{static}/favicon.png",
            swagger_ui_parameters={"validatorUrl": None, "defaultModelsExpandDepth": 0},
        )
