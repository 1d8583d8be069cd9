"""Collections, as OGC API Features has them: `GET /collections`, and of each its description, schema, queryables and sortables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response

from app.api import answers, collections, shown
from app.api.access import knowing, reading
from app.api.collections import SCHEMA_OFFER, Document
from app.api.conformance import CLASSES
from app.api.document import operation
from app.api.grammar_items import form
from app.api.negotiation import HTML, JSON
from app.domain.collections import COLLECTIONS, EVENTS, Collection
from app.errors import NotAcceptable, NotFound
from app.formats import fields, standards
from app.queries import coverage, datasets

FORMS = (JSON, HTML)
SCHEMA_FORMS = (SCHEMA_OFFER, HTML)
KINDS: dict[str, Callable[[Collection, str], Document]] = {
    "schema": collections.schema,
    "queryables": collections.queryables,
    "sortables": collections.sortables,
}

router = APIRouter(tags=["Collections"])

Handler = Callable[[Request], Awaitable[Response]]


@router.api_route(
    "/conformance",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Conformance",
        JSON.media_type,
        summary="Which standards are kept",
        parameters=form(FORMS),
        problems=(NotAcceptable,),
        database=False,
        etag=False,
    ),
)
async def conformance(request: Request) -> Response:
    """The classes of open standards that this service conforms to. None is listed that no test proves."""
    asked = shown.asked(request, form(FORMS), FORMS)
    return await shown.answer(
        request, asked, {"conformsTo": list(CLASSES)}, "conformance", standards=standards.grouped(CLASSES)
    )


@router.api_route(
    "/functions",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Functions",
        JSON.media_type,
        summary="Functions of filters",
        parameters=form(FORMS),
        problems=(NotAcceptable,),
        database=False,
        etag=False,
    ),
)
async def functions(request: Request) -> Response:
    """The functions that a filter in CQL2 may call, with their arguments and what they give (OGC 19-079r2)."""
    asked = shown.asked(request, form(FORMS), FORMS)
    return await shown.answer(request, asked, collections.functions(), "functions")


@router.api_route(
    "/collections",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Collections",
        JSON.media_type,
        summary="All collections",
        parameters=form(FORMS),
        problems=(NotAcceptable,),
    ),
)
async def all_collections(request: Request) -> Response:
    """What there is to read as features: each collection with its extent, its reference systems, its sources and its links."""
    known = await knowing(request)
    asked = shown.asked(request, form(FORMS), FORMS)
    etag = answers.list_etag(request, known.version, asked.offer.media_type)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    described = [await _described(request, one) for one in COLLECTIONS.values()]
    return await shown.answer(request, asked, {"collections": described}, "collections", etag=etag)


def _described_at(collection: Collection) -> Handler:
    async def describe(request: Request) -> Response:
        known = await knowing(request)
        asked = shown.asked(request, form(FORMS), FORMS)
        etag = answers.list_etag(request, known.version, asked.offer.media_type)
        if answers.is_known(request, etag):
            return answers.not_modified(etag)
        body = await _described(request, collection)
        links = body.pop("links")
        return await shown.answer(request, asked, body, "collection", etag=etag, links=links)

    describe.__doc__ = f"What the collection {collection.name} is: {collection.description}"
    return describe


def _schema_at(collection: Collection, kind: str) -> Handler:
    async def describe(request: Request) -> Response:
        asked = shown.asked(request, form(SCHEMA_FORMS), SCHEMA_FORMS)
        body = KINDS[kind](collection, answers.address(request, f"/collections/{collection.name}/{kind}"))
        rows = fields.fields(kind, collection, body)
        return await shown.answer(request, asked, body, "fields", kind=kind, fields=rows)

    describe.__doc__ = {
        "schema": "The properties of the items as JSON Schema, with which of them is id, place and time (OGC 23-058r2).",
        "queryables": "The properties that a filter may name, as JSON Schema (OGC 19-079r2).",
        "sortables": "The properties that a list may be ordered by, as JSON Schema.",
    }[kind]
    return describe


def _add_routes() -> None:
    for name, collection in COLLECTIONS.items():
        router.add_api_route(
            f"/collections/{name}",
            _described_at(collection),
            methods=["GET", "HEAD"],
            name=f"describe_{name}",
            openapi_extra=operation(
                "Collection",
                JSON.media_type,
                summary=f"The collection {name}",
                parameters=form(FORMS),
                problems=(NotAcceptable,),
            ),
        )
        for kind in KINDS:
            router.add_api_route(
                f"/collections/{name}/{kind}",
                _schema_at(collection, kind),
                methods=["GET", "HEAD"],
                name=f"{kind}_of_{name}",
                openapi_extra=operation(
                    "Schema",
                    collections.SCHEMA_JSON,
                    summary=f"{kind.capitalize()} of {name}",
                    parameters=form(SCHEMA_FORMS),
                    problems=(NotAcceptable,),
                    database=False,
                    etag=False,
                ),
            )


_add_routes()


async def _described(request: Request, collection: Collection) -> dict[str, Any]:
    async with reading(request) as connection:
        covered = await coverage.of(connection, collection.name)
        sources = await datasets.everything(connection)
    return collections.described(
        collection,
        answers.base(request),
        bounds=covered.bounds,
        days=(covered.first_day, covered.last_day),
        datasets=sources,
        links=[],
    )


unknown = APIRouter()
"""What is asked of collections that are none; it comes after all that are."""


@unknown.api_route("/collections/{name}", methods=["GET", "HEAD"], include_in_schema=False)
@unknown.api_route("/collections/{name}/{rest:path}", methods=["GET", "HEAD"], include_in_schema=False)
async def no_such_collection(name: str, rest: str = "") -> Response:
    if name in COLLECTIONS:
        tiles = ("tiles", "tiles/WebMercatorQuad") if name == EVENTS.name else ()
        listed = ", ".join((*KINDS, "items", "items/{id}", *tiles))
        raise NotFound(f"The collection {name} has nothing at '{rest[:60]}'. It has: {listed}.")
    raise NotFound(f"There is no collection '{name[:60]}'. There are: {', '.join(COLLECTIONS)}.")
