"""What is said about an event: `GET /events/{id}`, which has all of it, `/events/{id}/claims`, `/events/{id}/estimates`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app import __version__
from app.api import answers, maps, params, shown, told, values
from app.api.access import knowing, no_such, reading, version_at
from app.api.answers import Link, link
from app.api.document import operation
from app.api.grammar import EVENT_PATH
from app.api.grammar_evidence import AS_OF_PARAMETERS, WHOLE_EVENT_PARAMETERS
from app.api.negotiation import HTML, alternates, refuse_other
from app.api.pages import GEOJSON
from app.api.params import identity
from app.api.params_evidence import moment_asked
from app.api.shown import Asked
from app.domain.crs import Crs
from app.domain.evidence import StatementKind
from app.domain.moments import parse_moment, written
from app.errors import NotAcceptable, NotFound
from app.formats import event_page, geojson, statements, telling
from app.queries import evidence
from app.queries.evidence import Forms, Whole

JSON = statements.MEDIA_TYPE
FORMS_OF_ONE = (GEOJSON, HTML)
FORMS = Forms(
    event=geojson.feature(),
    claim=statements.statement(StatementKind.CLAIM),
    estimate=statements.statement(StatementKind.ESTIMATE),
    own_deaths=statements.own_deaths(),
    assessment=statements.statement(StatementKind.ASSESSMENT),
    document=statements.statement(StatementKind.DOCUMENT),
    related=statements.related(),
)

router = APIRouter(tags=["Events"])

List = Callable[[AsyncConnection, UUID, Forms, int | None], Awaitable[list[str] | None]]


@router.api_route(
    "/events/{event_id}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "WholeEvent",
        geojson.MEDIA_TYPE,
        summary="One event, with all that is said about it",
        path=EVENT_PATH,
        parameters=WHOLE_EVENT_PARAMETERS,
        problems=(NotFound, NotAcceptable),
    ),
)
async def one_event(request: Request, event_id: str) -> Response:
    """One event by its id, as GeoJSON, with claims, estimates, assessments, documents and related events beside its properties.

    An event that was withdrawn is still here, with the status `retracted`. A browser that asks for HTML gets a page for people.
    """
    return await _one(request, event_id, "/events", "/events")


@router.api_route(
    "/collections/events/items/{event_id}",
    methods=["GET", "HEAD"],
    tags=["Collections"],
    openapi_extra=operation(
        "WholeEvent",
        geojson.MEDIA_TYPE,
        summary="One item of events",
        path=EVENT_PATH,
        parameters=WHOLE_EVENT_PARAMETERS,
        problems=(NotFound, NotAcceptable),
    ),
)
async def item_of_events(request: Request, event_id: str) -> Response:
    """The same as `/events/{id}`, as OGC API Features has it."""
    return await _one(request, event_id, "/collections/events/items", "/collections/events")


async def _one(request: Request, event_id: str, among: str, collection: str) -> Response:
    wanted = identity(event_id, "event")
    asked = shown.asked(request, WHOLE_EVENT_PARAMETERS, FORMS_OF_ONE, f"{among}/{wanted}")
    as_of, crs = values.read("as_of", parse_moment, asked.values), params.crs_of(asked.values)
    async with reading(request) as connection:
        at = await version_at(connection, as_of)
        found = await evidence.whole(
            connection, wanted, replace(FORMS, event=geojson.feature(crs=_drawn(asked, crs))), at
        )
        if found is None:
            raise await no_such(connection, "event", wanted, as_of)
    links = _links(request, asked, wanted, collection)
    body = _written(found, links)
    if asked.offer is HTML:
        return await _page(request, asked, body, at, as_of, links=links)
    etag = _etag(request, wanted, found.revision, at, body)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    headers = {"Content-Crs": f"<{crs}>"}
    return await answers.answer(request, body, geojson.MEDIA_TYPE, etag=etag, links=links, headers=headers)


def _drawn(asked: Asked, crs: Crs) -> Crs:
    """Pages draw in longitude and latitude."""
    return Crs.CRS84 if asked.offer is HTML else crs


@router.api_route(
    "/events/{event_id}/claims",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Claims",
        JSON,
        summary="What is claimed about an event",
        path=EVENT_PATH,
        parameters=AS_OF_PARAMETERS,
        problems=(NotFound, NotAcceptable),
    ),
)
async def claims_of_event(request: Request, event_id: str) -> Response:
    """Who says what about an event, and who denies it: by the day on which it was said, an answer after what it answers."""
    return await _listed(request, event_id, "claims", evidence.claims)


@router.api_route(
    "/events/{event_id}/estimates",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Estimates",
        JSON,
        summary="How many were harmed in an event, as each puts it",
        path=EVENT_PATH,
        parameters=AS_OF_PARAMETERS,
        problems=(NotFound, NotAcceptable),
    ),
)
async def estimates_of_event(request: Request, event_id: str) -> Response:
    """Figures of the people who were harmed in an event, side by side; none is made of several.

    The deaths that the dataset itself gives come first, without an id, unless the event's deaths are those of an estimate.
    """
    return await _listed(request, event_id, "estimates", evidence.estimates)


async def _listed(request: Request, event_id: str, name: str, read: List) -> Response:
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    as_of = moment_asked(request)
    wanted = identity(event_id, "event")
    async with reading(request) as connection:
        found = await read(connection, wanted, FORMS, await version_at(connection, as_of))
        if found is None:
            raise await no_such(connection, "event", wanted, as_of)
    pairs = values.pairs(request)
    links = [
        link("self", JSON, answers.address(request, f"/events/{wanted}/{name}", pairs)),
        link("up", geojson.MEDIA_TYPE, answers.address(request, f"/events/{wanted}", pairs)),
    ]
    body = statements.joined({"links": links, "numberReturned": len(found)}, {name: found})
    return await answers.answer(request, body, JSON, etag=etag, links=links)


def _links(request: Request, asked: Asked, event: UUID, collection: str) -> list[Link]:
    then = [pair for pair in asked.pairs if pair[0] == "as_of"]
    here = f"/events/{event}"
    return [
        *alternates(request, asked.path, asked.pairs, asked.offers, asked.offer),
        link(
            "collection",
            geojson.MEDIA_TYPE if collection == "/events" else JSON,
            answers.address(request, collection, then if collection == "/events" else ()),
        ),
        link("claims", JSON, answers.address(request, f"{here}/claims", then)),
        link("estimates", JSON, answers.address(request, f"{here}/estimates", then)),
        link("version-history", JSON, answers.address(request, f"{here}/history", then)),
    ]


def _written(found: Whole, links: list[Link]) -> bytes:
    parts = {
        "claims": found.claims,
        "estimates": found.estimates,
        "assessments": found.assessments,
        "documents": found.documents,
        "related": found.related,
    }
    return statements.extended(found.written, {"links": links}, parts)


async def _page(
    request: Request, asked: Asked, body: bytes, at: int | None, as_of: datetime | None, *, links: list[Link]
) -> Response:
    """The event as a page for people."""
    known = await knowing(request)
    feature = orjson.loads(body)
    names = told.names_of(request, known, asked.pairs, [feature])
    where = telling.where(feature["properties"], names.regions)
    async with reading(request) as connection:
        drawn = await maps.of_event(connection, feature, at, where)
    page = event_page.write(
        feature,
        names,
        drawn,
        address=answers.address(request, asked.path),
        as_of=written(as_of) if as_of else None,
        trail=shown.trail(request, asked.path),
    ).encode()
    etag = f'W/"{blake2b(page, digest_size=12).hexdigest()}"'
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    return await answers.answer(
        request, page, HTML.media_type, etag=etag, links=links, headers=shown.PAGE_HEADERS
    )


def _etag(request: Request, event: UUID, revision: int, at: int | None, body: bytes) -> str:
    """Strong, and so another for each coding of the same revision (RFC 9110, 8.8.3.3), and for each way to write it.

    Beside the revision it has a hash, since a related event may be given another title without this one being changed.
    """
    coding = "-gzip" if answers.takes_gzip(request) else ""
    state = revision if at is None else f"{revision}@{at}"
    return f'"{event.hex}-{state}-{blake2b(body, digest_size=6).hexdigest()}-{__version__}{coding}"'
