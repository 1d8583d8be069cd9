"""Events: `GET /events`, `POST /events/search`. One of them is in `routes.evidence`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.api import answers, bodies, pages, params, values
from app.api.access import knowing, while_waited_for
from app.api.answers import link
from app.api.document import operation
from app.api.grammar import EVENT_PARAMETERS, search_body
from app.api.negotiation import choose
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
from app.formats.format import About

router = APIRouter(tags=["Events"])


@router.api_route(
    "/events",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Events",
        geojson.MEDIA_TYPE,
        others=pages.FILES,
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
    pairs = values.pairs(request)
    given = values.by_name(pairs)
    offer = choose(request, given, pages.OFFERS)
    etag = answers.list_etag(request, known.version, offer.name)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    asked = params.question(given, known)
    return await pages.answer(request, asked, offer, "/events", pairs, etag=etag)


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
    choose(request, {}, pages.LINKED)
    bodies.refuse_query(request)
    body = await bodies.json_object(request)
    known = await knowing(request)
    given = values.of_body(body, EVENT_PARAMETERS)
    offer = choose(request, given, pages.LINKED)
    asked = params.question(given, known)
    form = pages.format_of(offer, asked)
    page, counts = await while_waited_for(request, pages.read(request, asked, form))
    here = answers.address(request, "/events/search")
    links: list[dict[str, Any]] = []
    if cursor := pages.after(asked, page):
        turned = {**body, "cursor": cursor.encode()}
        links.append({**link("next", offer.media_type, here), "method": "POST", "body": turned})
    members = {"links": links, "numberReturned": len(page.features), **counts}
    written = await pages.written(form, asked, About(address=here, members=members), page)
    return await answers.answer(request, written, offer.media_type, headers={"Cache-Control": "no-store"})


@router.api_route("/events/search", methods=["GET", "HEAD"], include_in_schema=False)
async def search_without_body() -> Response:
    """Not an event's id."""
    raise MethodNotAllowed(
        "A search is sent with POST, as a JSON body. With GET, the same parameters go to /events.",
        headers={"Allow": "POST"},
    )
