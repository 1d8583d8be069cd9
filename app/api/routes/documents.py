"""Documents: `GET /documents`, `GET /documents/{id}`."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from app.api import answers, params_evidence, values
from app.api.access import knowing, no_such, reading, version_at
from app.api.answers import link
from app.api.document import operation
from app.api.grammar_evidence import AS_OF_PARAMETERS, DOCUMENT_PARAMETERS, DOCUMENT_PATH
from app.api.negotiation import refuse_other
from app.api.params import identity
from app.api.params_evidence import moment_asked
from app.domain.evidence import StatementKind
from app.errors import BadCursor, NotAcceptable, NotFound
from app.formats import statements
from app.queries import documents
from app.queries.documents import Forms

JSON = statements.MEDIA_TYPE
FORMS = Forms(
    document=statements.statement(StatementKind.DOCUMENT),
    claim=statements.statement(StatementKind.CLAIM),
    estimate=statements.statement(StatementKind.ESTIMATE),
    figure=statements.statement(StatementKind.FIGURE),
    event=statements.brief("event", ("id", "title")),
    copy=statements.brief("copy"),
)

router = APIRouter(tags=["Evidence"])


@router.api_route(
    "/documents",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Documents",
        JSON,
        summary="Find documents",
        parameters=DOCUMENT_PARAMETERS,
        problems=(BadCursor, NotAcceptable),
    ),
)
async def find_documents(request: Request) -> Response:
    """Reports, articles, posts and statements that claims and figures come from, the newest first.

    With `q` the best matches by publisher, title or author come first, and there is one page.
    """
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    pairs = values.pairs(request)
    asked = params_evidence.document_question(values.by_name(pairs), known)
    async with reading(request) as connection:
        wanted = replace(asked.wanted, at=await version_at(connection, asked.as_of))
        page = await documents.page(
            connection, wanted, FORMS.document, limit=asked.limit, cursor=asked.cursor
        )
    links = [link("self", JSON, answers.address(request, "/documents", pairs))]
    if asked.wanted.words is None and (cursor := asked.following(page)):
        links.append(answers.next_page(request, JSON, "/documents", pairs, cursor))
    counted = {"links": links, "numberReturned": page.count}
    body = statements.joined(counted, {"documents": page.features})
    return await answers.answer(request, body, JSON, etag=etag, links=links)


@router.api_route(
    "/documents/{document_id}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "WholeDocument",
        JSON,
        summary="One document, with all that comes from it",
        path=DOCUMENT_PATH,
        parameters=AS_OF_PARAMETERS,
        problems=(NotFound, NotAcceptable),
    ),
)
async def one_document(request: Request, document_id: str) -> Response:
    """One document with its claims, figures and estimates, the events that are coded from it, and the copies of the same report."""
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    as_of = moment_asked(request)
    wanted = identity(document_id, "document")
    async with reading(request) as connection:
        found = await documents.whole(connection, wanted, FORMS, await version_at(connection, as_of))
        if found is None:
            raise await no_such(connection, "document", wanted, as_of)
    pairs = values.pairs(request)
    links = [
        link("self", JSON, answers.address(request, f"/documents/{wanted}", pairs)),
        link("collection", JSON, answers.address(request, "/documents", pairs)),
    ]
    parts = {
        "claims": found.claims,
        "figures": found.figures,
        "estimates": found.estimates,
        "events": found.events,
        "copies": found.copies,
    }
    body = statements.extended(found.written, {"links": links}, parts)
    return await answers.answer(request, body, JSON, etag=etag, links=links)
