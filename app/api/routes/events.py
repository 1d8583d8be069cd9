"""Events: `GET /events`, `POST /events/search`, `GET /events/{id}`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api import answers, params
from app.api.access import Knowing, Reading
from app.api.grammar import EVENT_PARAMETERS, documented, search_body
from app.api.params import Known, Question
from app.domain.cursors import Cursor
from app.domain.filters import CountWanted
from app.errors import BadBody, NotFound, TooLarge, UnsupportedMediaType
from app.formats import geojson
from app.queries import events

MAX_BODY = 1_000_000
"""Bytes. Ten thousand corners of a shape need less than half."""

router = APIRouter(tags=["Events"])


@router.api_route("/events", methods=["GET", "HEAD"], openapi_extra=documented(EVENT_PARAMETERS))
async def find(request: Request, connection: Reading, known: Knowing) -> Response:
    """The events that match all of the parameters, newest first, a page at a time, as GeoJSON."""
    etag = answers.list_etag(request, known.version)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    pairs = request.query_params.multi_items()
    asked = params.question(params.values_of(pairs), known)
    features, after, counts = await _page(connection, asked)
    links = [_link("self", str(request.url))]
    if after:
        others = [(name, value) for name, value in pairs if name != "cursor"]
        cursor = _next(asked, after, known)
        links.append(_link("next", answers.address(request, "/events", [*others, ("cursor", cursor)])))
    body = geojson.collection(features, {"links": links, "numberReturned": len(features), **counts})
    return await answers.answer(request, body, geojson.MEDIA_TYPE, etag=etag, links=links)


@router.post("/events/search", openapi_extra=search_body(EVENT_PARAMETERS))
async def search(request: Request, connection: Reading, known: Knowing) -> Response:
    """The same question as `GET /events`, as a JSON body: for shapes that are too long for an address."""
    body = await _body(request)
    asked = params.question(params.body_values(body), known)
    features, after, counts = await _page(connection, asked)
    links: list[dict[str, Any]] = []
    if after:
        turned = {**body, "cursor": _next(asked, after, known)}
        links.append({**_link("next", answers.address(request, "/events/search")), "method": "POST", "body": turned})
    written = geojson.collection(features, {"links": links, "numberReturned": len(features), **counts})
    return await answers.answer(request, written, geojson.MEDIA_TYPE, headers={"Cache-Control": "no-store"})


@router.api_route("/events/{event_id}", methods=["GET", "HEAD"])
async def one(request: Request, connection: Reading, event_id: str) -> Response:
    """One event by its id, as GeoJSON. An event that was withdrawn is still here, with the status `retracted`."""
    params.refuse_unknown(params.values_of(request.query_params.multi_items()), ())
    try:
        wanted = UUID(event_id)
    except ValueError as error:
        raise NotFound(f"'{event_id[:60]}' is no event id: these are UUIDs.") from error
    found = await events.one(connection, wanted, geojson.feature())
    if not found:
        raise NotFound(f"There is no event {wanted}.")
    written, revision = found
    # Strong, and so another for each coding of the same revision (RFC 9110, 8.8.3.3).
    etag = f'"{wanted.hex}-{revision}{"-gzip" if answers.takes_gzip(request) else ""}"'
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    links = [
        _link("self", answers.address(request, f"/events/{wanted}")),
        _link("collection", answers.address(request, "/events")),
    ]
    return await answers.answer(request, geojson.single(written, {"links": links}), geojson.MEDIA_TYPE, etag=etag, links=links)


async def _page(connection: AsyncConnection, asked: Question) -> tuple[list[str], tuple[Any, ...] | None, dict[str, int]]:
    """The features, the keys where the next page begins, and the counts that were asked for."""
    written = geojson.feature(asked.view.geometry, asked.view.properties)
    page = await events.page(connection, asked.wanted, asked.view, written, asked.cursor)
    match asked.view.count:
        case CountWanted.EXACT:
            counts = {"numberMatched": await events.count(connection, asked.wanted)}
        case CountWanted.ESTIMATED:
            counts = {"numberEstimated": await events.estimate(connection, asked.wanted)}
        case CountWanted.NONE:
            counts = {}
    return page.features, page.after, counts


def _next(asked: Question, after: tuple[Any, ...], known: Known) -> str:
    """The cursor of the next page. It keeps the version of page 1, so that all pages are of one state."""
    version = asked.cursor.version if asked.cursor else known.version
    return Cursor(question=asked.fingerprint, version=version, after=after).encode()


def _link(rel: str, href: str) -> dict[str, Any]:
    return {"rel": rel, "type": geojson.MEDIA_TYPE, "href": href}


async def _body(request: Request) -> dict[str, Any]:
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type not in {"application/json", "application/geo+json"}:
        raise UnsupportedMediaType(f"A search body is application/json, not {media_type}.")
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
        raise BadBody('A search is a JSON object with the parameters of /events as members: {"region": "AF-KDZ", "limit": 10}.')
    return body
