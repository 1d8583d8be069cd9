"""Whole results: `GET /events.csv`, `/events.parquet` and the like."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request, Response

from app.api import answers, pages, params, values
from app.api.access import copying, knowing, reading, version_at
from app.api.answers import Link, link
from app.api.document import operation
from app.api.exports import Exports
from app.api.grammar import SUFFIX_PATH, WHOLE_PARAMETERS
from app.api.params import Question
from app.errors import AmbiguousName, NotFound, TooManyExports
from app.formats.catalogue import BY_NAME, FORMATS
from app.formats.format import About, Format
from app.queries import datasets, events
from app.queries.copying import copy

SCHEMA = "/collections/events/schema"
"""Where the columns are described."""

router = APIRouter(tags=["Events"])


@router.api_route(
    "/events.{suffix}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Events",
        FORMATS[0].media_type,
        others=pages.FILES,
        summary="All events that match, as one file",
        path=SUFFIX_PATH,
        parameters=WHOLE_PARAMETERS,
        problems=(AmbiguousName, NotFound, TooManyExports),
    ),
)
async def all_events(request: Request, suffix: str) -> Response:
    """All events that match the parameters of `/events`, as one file in the format by which the address ends.

    It is sent while it is read, in one snapshot of the database. If something fails half-way, the connection is cut and the file has no end.
    """
    form = _format(suffix)
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, form.name)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    pairs = values.pairs(request)
    asked = params.question(values.by_name(pairs), known, WHOLE_PARAMETERS)
    async with reading(request) as connection:
        asked = replace(asked, wanted=replace(asked.wanted, at=await version_at(connection, asked.as_of)))
        sources = await datasets.sources(connection, asked.wanted.datasets)
    links = _links(request, form, pairs, sources)
    headers = {
        "ETag": etag,
        "Cache-Control": answers.CACHE,
        "Vary": answers.VARY,
        "Content-Disposition": f'attachment; filename="events.{form.name}"',
        "Link": answers.link_header(links),
        # nginx would collect it on disk first.
        "X-Accel-Buffering": "no",
    }
    if request.method == "HEAD":
        head = Response(media_type=form.media_type, headers=headers)
        del head.headers["content-length"]  # nobody knows it
        return head
    about = About(address=links[0]["href"], sources=sources, members={"links": links} if form.linked else {})
    exports: Exports = request.app.state.exports
    exports.refuse_more()
    writer = await asyncio.to_thread(form.writer, pages.shown(asked), about)
    return exports.begin(request, form, writer, headers, _rows(request, form, asked))


def _format(suffix: str) -> Format:
    if suffix not in BY_NAME:
        raise NotFound(f"There is no format '{suffix[:40]}'. There are: {', '.join(BY_NAME)}.")
    return BY_NAME[suffix]


def _rows(
    request: Request, form: Format, asked: Question
) -> Callable[[Callable[[bytes], Awaitable[None]]], Awaitable[None]]:
    columns = form.columns(pages.shown(asked))
    statement = events.whole_statement(asked.wanted, asked.view.sort if form.ordered else (), columns)

    async def read(take: Callable[[bytes], Awaitable[None]]) -> None:
        async with copying(request) as connection:
            await copy(connection, statement, take, verbatim=form.verbatim)

    return read


def _links(
    request: Request, form: Format, pairs: Sequence[tuple[str, str]], sources: Sequence[dict[str, Any]]
) -> list[Link]:
    """The file itself, the licences of what is in it, what describes its columns, and its other formats."""

    def at(one: Format) -> str:
        return answers.address(request, f"/events.{one.name}", pairs)

    links: list[Link] = [link("self", form.media_type, at(form))]
    licences = dict.fromkeys(one["licence_url"] for one in sources if one["licence_url"])
    links += [{"rel": "license", "href": licence} for licence in licences]
    links.append(link("describedby", "application/schema+json", answers.address(request, SCHEMA)))
    if form.profile:
        links.append({"rel": "profile", "href": form.profile})
    if len(links[0]["href"]) <= answers.SHORT_LINK:
        links += [link("alternate", one.media_type, at(one)) for one in FORMATS if one is not form]
    return links
