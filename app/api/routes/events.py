"""Events: `GET /events`, `POST /events/search`. One of them is in `routes.evidence`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, params, values
from app.api.access import knowing, reading, version_at, while_waited_for
from app.api.answers import link
from app.api.document import operation
from app.api.grammar import EVENT_PARAMETERS, search_body
from app.api.params import Question
from app.domain.cursors import Cursor
from app.domain.filters import CountWanted
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
from app.queries import events
from app.queries.pages import Page

MAX_BODY = 1_000_000
"""Bytes. Ten thousand corners of a shape need less than half."""
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
    page, counts = await while_waited_for(request, _page(request, asked))
    links = [link("self", geojson.MEDIA_TYPE, answers.address(request, "/events", pairs))]
    if cursor := _next(asked, page):
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
    if request.scope["query_string"]:
        given = list(values.by_name(values.pairs(request)))
        raise BadParameter(
            "The parameters of a search stand in its body, none in its address.",
            parameter=given[0][:60] if given else None,
        )
    body = await _body(request)
    known = await knowing(request)
    asked = params.question(values.of_body(body, EVENT_PARAMETERS), known)
    page, counts = await while_waited_for(request, _page(request, asked))
    links: list[dict[str, Any]] = []
    if cursor := _next(asked, page):
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


async def _page(request: Request, asked: Question) -> tuple[Page, dict[str, int]]:
    """A page of the events that are asked for, and the counts that were asked for with them."""
    written = geojson.feature(asked.view.geometry, asked.view.properties)
    counts: dict[str, int] = {}
    async with reading(request) as connection:
        wanted = replace(asked.wanted, at=await version_at(connection, asked.as_of))
        page = await events.page(connection, wanted, asked.view, written, asked.cursor)
        if asked.view.count is not CountWanted.NONE and page.version is not None:
            # Of the version that the page is of, or else a number would not go with what it numbers.
            wanted = replace(wanted, at=page.version) if asked.cursor else wanted
        if asked.view.count is CountWanted.EXACT:
            counts = {"numberMatched": await events.count(connection, wanted)}
        elif asked.view.count is CountWanted.ESTIMATED:
            counts = {"numberEstimated": await events.estimate(connection, wanted)}
    return page, counts


def _next(asked: Question, page: Page) -> Cursor | None:
    """Where the next page begins, if there is one. It is of the version that page 1 was of, so that all pages are one answer."""
    if page.after is None or page.version is None:
        return None
    version = asked.cursor.version if asked.cursor else page.version
    return Cursor(question=asked.fingerprint, version=version, after=page.after)


async def _body(request: Request) -> dict[str, Any]:
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type not in {"application/json", "application/geo+json"}:
        raise UnsupportedMediaType(f"A search body is application/json, not {media_type[:60]}.")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise TooLarge(f"A search body has at most {MAX_BODY} bytes. Simplify the shape.")
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadBody(f"The body is not JSON: {error}.") from error
    if not isinstance(body, dict):
        raise BadBody(
            'A search is a JSON object with the parameters of /events as members: {"region": "AF-KDZ", "limit": 10}.'
        )
    return body
