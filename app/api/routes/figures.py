"""Figures: `GET /figures`, `GET /figures/{id}`."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from app.api import answers, params_evidence, values
from app.api.access import knowing, no_such, reading, version_at
from app.api.answers import link
from app.api.document import operation
from app.api.grammar_evidence import AS_OF_PARAMETERS, FIGURE_PARAMETERS, FIGURE_PATH
from app.api.negotiation import refuse_other
from app.api.params import identity
from app.api.params_evidence import moment_asked
from app.errors import AmbiguousName, BadCursor, NotAcceptable, NotFound
from app.formats import statements
from app.queries import figures

JSON = statements.MEDIA_TYPE

router = APIRouter(tags=["Evidence"])


@router.api_route(
    "/figures",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Figures",
        JSON,
        summary="Find figures",
        parameters=FIGURE_PARAMETERS,
        problems=(AmbiguousName, BadCursor, NotAcceptable),
    ),
)
async def find_figures(request: Request) -> Response:
    """Reported numbers of people over an area and a period, which are no events; those of the latest periods first."""
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    pairs = values.pairs(request)
    asked = params_evidence.figure_question(values.by_name(pairs), known)
    async with reading(request) as connection:
        wanted = replace(asked.wanted, at=await version_at(connection, asked.as_of))
        page = await figures.page(
            connection, wanted, statements.figure(), limit=asked.limit, cursor=asked.cursor
        )
    links = [link("self", JSON, answers.address(request, "/figures", pairs))]
    if cursor := asked.following(page):
        links.append(answers.next_page(request, JSON, "/figures", pairs, cursor))
    counted = {"links": links, "numberReturned": page.count}
    body = statements.joined(counted, {"figures": page.features})
    return await answers.answer(request, body, JSON, etag=etag, links=links)


@router.api_route(
    "/figures/{figure_id}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "WholeFigure",
        JSON,
        summary="One figure",
        path=FIGURE_PATH,
        parameters=AS_OF_PARAMETERS,
        problems=(NotFound, NotAcceptable),
    ),
)
async def one_figure(request: Request, figure_id: str) -> Response:
    """One figure by its id, with the document that it comes from."""
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    as_of = moment_asked(request)
    wanted = identity(figure_id, "figure")
    async with reading(request) as connection:
        at = await version_at(connection, as_of)
        found = await figures.one(connection, wanted, statements.figure(), at)
        if found is None:
            raise await no_such(connection, "figure", wanted, as_of)
    pairs = values.pairs(request)
    links = [
        link("self", JSON, answers.address(request, f"/figures/{wanted}", pairs)),
        link("collection", JSON, answers.address(request, "/figures", pairs)),
    ]
    body = statements.extended(found, {"links": links}, {})
    return await answers.answer(request, body, JSON, etag=etag, links=links)
