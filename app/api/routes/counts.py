"""Counts: `GET /counts`."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from functools import partial

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, params, shown
from app.api.access import in_columns, knowing, while_waited_for
from app.api.document import operation
from app.api.grammar_items import form
from app.api.grammar_maps import BY, FILTER_PARAMETERS
from app.api.negotiation import JSON, Offer, alternates
from app.columns.counting import Counted, counted
from app.domain.counts import By, TooManyCounts
from app.errors import AmbiguousName, BadParameter, NotAcceptable

CSV = Offer(name="csv", media_type="text/csv; charset=utf-8", title="CSV")
FORMS = (JSON, CSV)
PARAMETERS = {**BY, **FILTER_PARAMETERS, **form(FORMS)}

router = APIRouter(tags=["Maps"])


@router.api_route(
    "/counts",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Counts",
        JSON.media_type,
        others=("text/csv",),
        summary="Count events",
        parameters=PARAMETERS,
        problems=(AmbiguousName, NotAcceptable),
    ),
)
async def count_events(request: Request) -> Response:
    """How many events match, and how many deaths they brought, by a period, a property, or one of each.

    An event counts once, in the period of its first day. Periods without events are told too.
    """
    known = await knowing(request)
    asked = shown.asked(request, None, FORMS)
    etag = answers.list_etag(request, known.version, asked.offer.name)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    question = params.question(asked.values, known, PARAMETERS)
    by = params.axes(asked.values)
    wanted = await while_waited_for(request, in_columns(request, known, question.wanted, question.as_of))
    try:
        found = await asyncio.to_thread(counted, wanted, by)
    except TooManyCounts as error:
        raise BadParameter(str(error), parameter="by") from error
    links = alternates(request, asked.path, asked.pairs, FORMS, asked.offer)
    # In a thread: fifty thousand rows of CSV take a fifth of a second.
    write = partial(_csv, found) if asked.offer is CSV else partial(_json, by, found, links)
    body = await asyncio.to_thread(write)
    return await answers.answer(request, body, asked.offer.media_type, etag=etag, links=links)


def _json(by: Sequence[By], found: Counted, links: Sequence[answers.Link]) -> bytes:
    return orjson.dumps(
        {
            "by": by,
            "counts": (rows := found.rows),
            "total": found.total,
            "numberReturned": len(rows),
            "links": links,
        }
    )


def _csv(found: Counted) -> bytes:
    """With a line of names; what is not known is empty, and links are headers only."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(found.table)
    writer.writerows(zip(*found.table.values(), strict=True))
    return lines.getvalue().encode()
