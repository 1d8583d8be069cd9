"""The change feed: `GET /changes`, `GET /changes/stream`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.api import answers, params, values
from app.api.access import knowing, reading, while_waited_for
from app.api.answers import link
from app.api.document import operation
from app.api.grammar import CHANGE_PARAMETERS, LAST_EVENT_ID, STREAM_HEADERS, STREAM_PARAMETERS
from app.api.negotiation import refuse_other
from app.api.params import ChangeQuestion
from app.api.streams import Streams
from app.errors import AmbiguousName, BadParameter, NotAcceptable, TooManyStreams
from app.formats import changes as written
from app.formats import geojson
from app.queries import changes
from app.queries.changes import Seen

router = APIRouter(tags=["Changes"])


@router.api_route(
    "/changes",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Changes",
        written.MEDIA_TYPE,
        summary="What changed",
        parameters=CHANGE_PARAMETERS,
        problems=(AmbiguousName, NotAcceptable),
    ),
)
async def list_changes(request: Request) -> Response:
    """Creations, updates, retractions and reinstatements of events, in the order in which they were committed.

    A change is shown if its event matches the parameters after it or before it; `matches` tells whether it does after it.
    """
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, written.MEDIA_TYPE)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, written.MEDIA_TYPE)
    pairs = values.pairs(request)
    asked = params.change_question(values.by_name(pairs), known, CHANGE_PARAMETERS)
    seen = await while_waited_for(request, _look(request, asked, asked.since or 0, asked.limit))
    links = [link("self", written.MEDIA_TYPE, answers.address(request, "/changes", pairs))]
    if seen.more:
        others = [(name, value) for name, value in pairs if name != "since"]
        following = answers.address(request, "/changes", [*others, ("since", str(seen.through))])
        links.append(link("next", written.MEDIA_TYPE, following))
    members = {
        "links": links,
        "numberReturned": len(seen.changes),
        "next": seen.through,
        "more": seen.more,
    }
    body = written.listed(seen.changes, members)
    return await answers.answer(request, body, written.MEDIA_TYPE, etag=etag, links=links)


@router.get(
    "/changes/stream",
    openapi_extra=operation(
        "ChangeStream",
        written.STREAM_MEDIA_TYPE,
        summary="What changes, as it does",
        parameters=STREAM_PARAMETERS,
        headers=STREAM_HEADERS,
        problems=(AmbiguousName, NotAcceptable, TooManyStreams),
        etag=False,
    ),
)
async def stream_changes(request: Request) -> Response:
    """The changes of `/changes` as server-sent events, from now on or behind `Last-Event-ID` or `since`, until you hang up."""
    refuse_other(request, written.STREAM_MEDIA_TYPE)
    given = values.by_name(values.pairs(request))
    asked = params.change_question(given, await knowing(request), STREAM_PARAMETERS)
    since = asked.since
    if last := request.headers.get(LAST_EVENT_ID, "").strip():
        since = params.place_in_feed(LAST_EVENT_ID, last)
    async with reading(request) as connection:
        newest = await changes.last(connection)
    if since is not None and since > newest:
        raise BadParameter(
            str(changes.BeyondFeedError(since, newest)), parameter=LAST_EVENT_ID if last else "since"
        )
    since = newest if since is None else since
    streams: Streams = request.app.state.streams
    client = request.client.host if request.client else ""
    return streams.begin(since, lambda since, limit: _look(request, asked, since, limit), client)


async def _look(request: Request, asked: ChangeQuestion, since: int, limit: int) -> Seen:
    event = geojson.feature(asked.geometry, asked.properties)
    async with reading(request) as connection:
        try:
            return await changes.after(connection, since, asked.wanted, event, limit)
        except changes.BeyondFeedError as error:
            raise BadParameter(str(error), parameter="since") from error
