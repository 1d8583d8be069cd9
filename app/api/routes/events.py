"""Events: `GET /events`, `POST /events/search`. One of them is in `routes.evidence`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, bodies, pages, params, shown, told, values
from app.api.access import knowing, reading, while_waited_for
from app.api.answers import link
from app.api.document import operation
from app.api.grammar import EVENT_PARAMETERS, search_body
from app.api.grammar_items import DEFAULT_ITEMS, EVENT_ITEM_PARAMETERS, MOST_OF_PAGE, PAGE_OF_ITEMS
from app.api.negotiation import HTML, choose
from app.api.params import Known, Question
from app.api.params_items import both, equal_to
from app.api.shown import Asked
from app.domain.collections import EVENTS
from app.domain.crs import Crs
from app.domain.filters import DEFAULT_LIMIT, GeometryWanted
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

OFFERS = (pages.GEOJSON, HTML, *pages.OFFERS[1:])
"""The forms in which a list of events is answered."""

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
    """The events that match all of the parameters, newest first, a page at a time: GeoJSON, another format, or a page for people.

    Retracted events are left out.
    """
    return await _listed(request, EVENT_PARAMETERS, DEFAULT_LIMIT)


@router.api_route(
    "/collections/events/items",
    methods=["GET", "HEAD"],
    name="items_of_events",
    tags=["Collections"],
    openapi_extra=operation(
        "Events",
        geojson.MEDIA_TYPE,
        others=pages.FILES,
        summary="Items of events",
        parameters=EVENT_ITEM_PARAMETERS,
        problems=(AmbiguousName, BadCursor, NotAcceptable),
    ),
)
async def items_of_events(request: Request) -> Response:
    """The same as `/events`, as OGC API Features has it: queryables are parameters too, and pages are longer."""
    return await _listed(request, EVENT_ITEM_PARAMETERS, DEFAULT_ITEMS)


async def _listed(request: Request, parameters: Collection[str], most: int) -> Response:
    known = await knowing(request)
    asked = shown.asked(request, None, OFFERS)
    etag = answers.list_etag(request, known.version, asked.offer.name)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    question = _question(asked, known, parameters, PAGE_OF_ITEMS if asked.offer is HTML else most)
    if asked.offer is HTML:
        return await _page(request, asked, known, question, etag)
    return await pages.answer(
        request, question, asked.offer, asked.path, asked.pairs, etag=etag, offers=OFFERS
    )


def _question(asked: Asked, known: Known, parameters: Collection[str], limit: int) -> Question:
    question = params.question(asked.values, known, parameters, default_limit=limit)
    if parameters is EVENT_PARAMETERS:
        return question
    equal = equal_to(asked.values, EVENTS, EVENT_PARAMETERS)
    wanted = replace(question.wanted, expression=both(question.wanted.expression, equal))
    return replace(question, wanted=wanted)


async def _page(request: Request, asked: Asked, known: Known, question: Question, etag: str) -> Response:
    # A page shows what it shows, whatever properties are asked for, and draws in longitude and latitude.
    view = replace(
        question.view,
        limit=min(question.view.limit, MOST_OF_PAGE),
        properties=None,
        geometry=GeometryWanted.POINT,
        crs=Crs.CRS84,
    )
    question = replace(question, view=view)
    page, counts = await while_waited_for(request, pages.read(request, question))
    body = {**counts, "numberReturned": page.count}
    links = []
    if cursor := pages.after(question, page):
        links.append(answers.next_page(request, HTML.media_type, asked.path, asked.pairs, cursor))
    features = [orjson.loads(feature) for feature in page.features]
    async with reading(request) as connection:
        more = await told.of_list(request, connection, known, asked, collection=EVENTS, features=features)
    return await shown.answer(request, asked, body, "items", links=links, etag=etag, **more)


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
    members = {"links": links, "numberReturned": page.count, **counts}
    written = await pages.written(form, asked, About(address=here, members=members), page)
    return await answers.answer(request, written, offer.media_type, headers={"Cache-Control": "no-store"})


@router.api_route("/events/search", methods=["GET", "HEAD"], include_in_schema=False)
async def search_without_body() -> Response:
    """Not an event's id."""
    raise MethodNotAllowed(
        "A search is sent with POST, as a JSON body. With GET, the same parameters go to /events.",
        headers={"Allow": "POST"},
    )
