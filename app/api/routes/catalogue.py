"""What there is to ask about: `GET /datasets`, `GET /actors`, `GET /actors/{id}`."""

from __future__ import annotations

from dataclasses import replace

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, values
from app.api.access import knowing, no_such, reading, version_at
from app.api.answers import link
from app.api.document import operation
from app.api.grammar import ACTOR_PARAMETERS
from app.api.grammar_evidence import ACTOR_PATH, AS_OF_PARAMETERS
from app.api.negotiation import refuse_other
from app.api.params import identity
from app.api.params_catalogue import actor_question
from app.api.params_evidence import moment_asked
from app.domain.cursors import Cursor
from app.errors import BadCursor, NotAcceptable, NotFound
from app.formats import geojson
from app.queries import actors, datasets

JSON = "application/json"

router = APIRouter(tags=["Datasets and actors"])


@router.api_route(
    "/datasets",
    methods=["GET", "HEAD"],
    openapi_extra=operation("Datasets", JSON, summary="All datasets", problems=(NotAcceptable,)),
)
async def all_datasets(request: Request) -> Response:
    """Where the events come from: publisher, licence, citation, and each release that was loaded."""
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    values.refuse_all(request)
    async with reading(request) as connection:
        found = await datasets.everything(connection)
    links = [link("self", JSON, answers.address(request, "/datasets"))]
    body = orjson.dumps({"links": links, "datasets": found})
    return await answers.answer(request, body, JSON, etag=etag, links=links)


@router.api_route(
    "/actors",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Actors",
        JSON,
        summary="Find actors",
        parameters=ACTOR_PARAMETERS,
        problems=(BadCursor, NotAcceptable),
    ),
)
async def find_actors(request: Request) -> Response:
    """Who takes part in events, as the datasets name them, by name.

    With `q` the best matches by name or alias come first, and there is one page.
    """
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    pairs = values.pairs(request)
    asked = actor_question(values.by_name(pairs), known)
    async with reading(request) as connection:
        wanted = asked.wanted
        if asked.as_of:
            wanted = replace(wanted, at=await version_at(connection, asked.as_of))
        found, after = await actors.page(connection, wanted, limit=asked.limit, after=asked.after)
    links = [link("self", JSON, answers.address(request, "/actors", pairs))]
    if after and asked.wanted.words is None:
        cursor = Cursor(question=asked.fingerprint, version=wanted.at or known.version, after=after)
        links.append(answers.next_page(request, JSON, "/actors", pairs, cursor))
    # asyncpg has a UUID of its own, which orjson does not take for one.
    body = orjson.dumps({"links": links, "numberReturned": len(found), "actors": found}, default=str)
    return await answers.answer(request, body, JSON, etag=etag, links=links)


@router.api_route(
    "/actors/{actor_id}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "WholeActor",
        JSON,
        summary="One actor",
        path=ACTOR_PATH,
        parameters=AS_OF_PARAMETERS,
        problems=(NotFound, NotAcceptable),
    ),
)
async def one_actor(request: Request, actor_id: str) -> Response:
    """One actor: in how many events it takes part, on which side, from which day to which, and how many claims it makes."""
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    as_of = moment_asked(request)
    wanted = identity(actor_id, "actor")
    async with reading(request) as connection:
        found = await actors.one(connection, wanted, await version_at(connection, as_of))
        if found is None:
            raise await no_such(connection, "actor", wanted, as_of)
    pairs = values.pairs(request)
    events = answers.address(request, "/events", [("actor", str(wanted)), *pairs])
    links = [
        link("self", JSON, answers.address(request, f"/actors/{wanted}", pairs)),
        link("collection", JSON, answers.address(request, "/actors", pairs)),
        link("events", geojson.MEDIA_TYPE, events),
    ]
    # asyncpg has a UUID of its own, which orjson does not take for one.
    body = orjson.dumps({**found, "links": links}, default=str)
    return await answers.answer(request, body, JSON, etag=etag, links=links)
