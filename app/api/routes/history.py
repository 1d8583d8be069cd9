"""What was known when: `GET /events/{id}/history`."""

from __future__ import annotations

from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, params, params_evidence, values
from app.api.access import knowing, no_such, reading, version_at
from app.api.answers import link
from app.api.document import operation
from app.api.grammar import EVENT_PATH, HISTORY_PARAMETERS
from app.api.negotiation import refuse_other
from app.domain.cursors import Cursor
from app.domain.events import PROPERTIES
from app.domain.moments import written
from app.errors import BadCursor, NotAcceptable, NotFound
from app.formats import geojson
from app.queries import revisions

JSON = "application/json"

router = APIRouter(tags=["Events"])


@router.api_route(
    "/events/{event_id}/history",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "History",
        JSON,
        summary="The history of an event",
        path=EVENT_PATH,
        parameters=HISTORY_PARAMETERS,
        problems=(BadCursor, NotFound, NotAcceptable),
    ),
)
async def event_history(request: Request, event_id: str) -> Response:
    """The revisions of an event, the newest first: when each became known here, what it changed, and what was said anew, otherwise or no more.

    Nothing that this database knew is lost: each revision can be read with `as_of` and its `known_at`.
    """
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    wanted = params.identity(event_id, "event")
    pairs = values.pairs(request)
    asked = params_evidence.history_question(values.by_name(pairs))
    async with reading(request) as connection:
        at = await version_at(connection, asked.as_of)
        found, before = await revisions.of_event(
            connection, wanted, geojson.shown(PROPERTIES), limit=asked.limit, before=asked.before, at=at
        )
        if not found and asked.first:
            raise await no_such(connection, "event", wanted, asked.as_of)
    path = f"/events/{wanted}/history"
    links = [
        link("self", JSON, answers.address(request, path, pairs)),
        link("up", geojson.MEDIA_TYPE, answers.address(request, f"/events/{wanted}")),
    ]
    if before is not None:
        cursor = Cursor(
            question=asked.fingerprint, version=known.version if at is None else at, after=(str(before),)
        )
        links.append(answers.next_page(request, JSON, path, pairs, cursor))
    body = {
        "links": links,
        "id": str(wanted),
        "numberReturned": len(found),
        "revisions": [_shown(request, wanted, one) for one in found],
    }
    return await answers.answer(request, orjson.dumps(body), JSON, etag=etag, links=links)


def _shown(request: Request, event: UUID, one: revisions.Revision) -> dict[str, object]:
    then = written(one.known_at)
    href = answers.address(request, f"/events/{event}", [("as_of", then)])
    return {
        "revision": one.revision,
        "version": one.version,
        "known_at": then,
        "change": one.change,
        "fields": one.fields,
        "statements": one.statements,
        "links": [link("item", geojson.MEDIA_TYPE, href)],
    }
