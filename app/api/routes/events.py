"""Events: `GET /events`, `POST /events/search`. One of them is in `routes.evidence`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.api import answers, bodies, pages, params, values
from app.api.access import knowing, while_waited_for
from app.api.answers import link
from app.api.document import operation
from app.api.grammar import EVENT_PARAMETERS, search_body
from app.errors import (
    AmbiguousName,
    BadBody,
    BadCursor,
    BadParameter,
    MethodNotAllowed,
    NotAcceptable,
    TooLarge,
    UnsupportedMediaType,
)
from app.formats import geojson

ACCEPTED = (geojson.MEDIA_TYPE, "application/json")

router = APIRouter(tags=["Events"])


@router.api_route(
    "/events",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Events",
        geojson.MEDIA_TYPE,
        summary="Find events",
        parameters=EVENT_PARAMETERS,
        problems=(AmbiguousName, BadCursor, NotAcceptable),
    ),
)
async def find_events(request: Request) -> Response:
    """The events that match all of the parameters, newest first, a page at a time, as GeoJSON.

    Retracted events are left out.
    """
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, geojson.MEDIA_TYPE)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    answers.refuse_other(request, *ACCEPTED)
    pairs = values.pairs(request)
    asked = params.question(values.by_name(pairs), known)
    page, counts = await while_waited_for(request, pages.read(request, asked))
    links = [link("self", geojson.MEDIA_TYPE, answers.address(request, "/events", pairs))]
    if cursor := pages.after(asked, page):
        links.append(answers.next_page(request, geojson.MEDIA_TYPE, "/events", pairs, cursor))
    members = {"links": links, "numberReturned": len(page.features), **counts}
    body = geojson.collection(page.features, members)
    return await answers.answer(request, body, geojson.MEDIA_TYPE, etag=etag, links=links)


@router.post(
    "/events/search",
    openapi_extra=operation(
        "Events",
        geojson.MEDIA_TYPE,
        summary="Find events, asked in a body",
        body=search_body(EVENT_PARAMETERS),
        problems=(
            BadParameter,
            AmbiguousName,
            BadCursor,
            BadBody,
            NotAcceptable,
            TooLarge,
            UnsupportedMediaType,
        ),
        etag=False,
    ),
)
async def search_events(request: Request) -> Response:
    """The same question as `GET /events`, as a JSON body: for shapes that are too long for an address.

    The `next` link holds the body of the next page.
    """
    answers.refuse_other(request, *ACCEPTED)
    bodies.refuse_query(request)
    body = await bodies.json_object(request)
    known = await knowing(request)
    asked = params.question(values.of_body(body, EVENT_PARAMETERS), known)
    page, counts = await while_waited_for(request, pages.read(request, asked))
    links: list[dict[str, Any]] = []
    if cursor := pages.after(asked, page):
        turned = {**body, "cursor": cursor.encode()}
        there = link("next", geojson.MEDIA_TYPE, answers.address(request, "/events/search"))
        links.append({**there, "method": "POST", "body": turned})
    members = {"links": links, "numberReturned": len(page.features), **counts}
    written = geojson.collection(page.features, members)
    return await answers.answer(request, written, geojson.MEDIA_TYPE, headers={"Cache-Control": "no-store"})


@router.api_route("/events/search", methods=["GET", "HEAD"], include_in_schema=False)
async def search_without_body() -> Response:
    """Not an event's id."""
    raise MethodNotAllowed(
        "A search is sent with POST, as a JSON body. With GET, the same parameters go to /events.",
        headers={"Allow": "POST"},
    )
