"""What there is to ask about: `GET /datasets`, `GET /actors`."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, params
from app.api.access import Knowing, Reading
from app.api.grammar import ACTOR_PARAMETERS, documented
from app.domain.cursors import Cursor
from app.queries import actors, datasets

JSON = "application/json"

router = APIRouter(tags=["Datasets and actors"])


@router.api_route("/datasets", methods=["GET", "HEAD"])
async def all_datasets(request: Request, connection: Reading, known: Knowing) -> Response:
    """Where the events come from: publisher, licence, citation, and each release that was loaded."""
    etag = answers.list_etag(request, known.version)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    params.refuse_unknown(params.values_of(request.query_params.multi_items()), ())
    links = [{"rel": "self", "type": JSON, "href": str(request.url)}]
    body = orjson.dumps({"links": links, "datasets": await datasets.everything(connection)})
    return await answers.answer(request, body, JSON, etag=etag, links=links)


@router.api_route("/actors", methods=["GET", "HEAD"], openapi_extra=documented(ACTOR_PARAMETERS))
async def find_actors(request: Request, connection: Reading, known: Knowing) -> Response:
    """Who takes part in events, as the datasets name them; with `q` the best matches by name or alias."""
    etag = answers.list_etag(request, known.version)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    pairs = request.query_params.multi_items()
    asked = params.actor_question(params.values_of(pairs), known)
    found, after = await actors.page(connection, asked.wanted, limit=asked.limit, after=asked.after)
    links: list[dict[str, Any]] = [{"rel": "self", "type": JSON, "href": str(request.url)}]
    if after and asked.wanted.words is None:
        cursor = Cursor(question=asked.fingerprint, version=known.version, after=after).encode()
        turned = [*((name, value) for name, value in pairs if name != "cursor"), ("cursor", cursor)]
        links.append({"rel": "next", "type": JSON, "href": answers.address(request, "/actors", turned)})
    body = orjson.dumps({"links": links, "numberReturned": len(found), "actors": found})
    return await answers.answer(request, body, JSON, etag=etag, links=links)
