"""Citable snapshots: `POST /snapshots`, `GET /snapshots/{id}`, its items, and whether it still holds."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app import __version__
from app.api import answers, bodies, pages, saved, values
from app.api.access import in_transaction, knowing, reading, version_at, while_waited_for
from app.api.answers import Link, link
from app.api.document import operation
from app.api.grammar import ITEM_PARAMETERS, SNAPSHOT_PARAMETERS, SNAPSHOT_PATH, search_body
from app.api.negotiation import choose, refuse_other
from app.api.params import Known
from app.api.saved import ToKeep
from app.db.engine import HASH_TIMEOUT
from app.domain.filters import EventFilter
from app.domain.moments import written
from app.domain.snapshots import Snapshot, question_hash, snapshot_id
from app.errors import (
    AmbiguousName,
    BadBody,
    BadCursor,
    BadParameter,
    NotAcceptable,
    NotFound,
    TooLarge,
    TooManyRows,
    TooSlow,
    UnsupportedMediaType,
)
from app.formats import geojson
from app.formats.citation import citation
from app.formats.rows import FORMS, NEWEST_FORM
from app.queries import snapshots, versions
from app.queries.snapshots import MAX_ROWS, Content, TooManyRowsError
from app.store import snapshots as stored

JSON = "application/json"
TIME_S = HASH_TIMEOUT.total_seconds()

Done = TypeVar("Done")

router = APIRouter(tags=["Snapshots"])


@router.post(
    "/snapshots",
    openapi_extra=operation(
        "Snapshot",
        JSON,
        summary="Keep a question, to be cited",
        body=search_body(SNAPSHOT_PARAMETERS),
        problems=(
            BadParameter,
            AmbiguousName,
            BadBody,
            TooManyRows,
            NotAcceptable,
            TooLarge,
            UnsupportedMediaType,
        ),
        etag=False,
        creates=True,
    ),
)
async def keep_snapshot(request: Request) -> Response:
    """Keep a question as of a moment, by default now, with the number of its events and the hash of their rows.

    The same question as of the same version, however it is spelt, gives the same snapshot again.
    """
    refuse_other(request, JSON)
    bodies.refuse_query(request)
    body = await bodies.json_object(request)
    known = await knowing(request)
    asked = saved.to_keep(body, known)
    snapshot, made = await while_waited_for(request, _kept(request, asked, known.version))
    links = _links(request, snapshot)
    headers = {"Cache-Control": "no-store", **({"Location": links[0]["href"]} if made else {})}
    shown = _shown(request, snapshot, links)
    return await answers.answer(
        request, shown, JSON, status=201 if made else 200, links=links, headers=headers
    )


@router.api_route(
    "/snapshots/{snapshot_id}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Snapshot", JSON, summary="One snapshot", path=SNAPSHOT_PATH, problems=(NotFound, NotAcceptable)
    ),
)
async def one_snapshot(request: Request, snapshot_id: str) -> Response:
    """A question that was kept, with its moment, the number of its events, the hash of their rows, its sources and a citation. It never changes."""
    refuse_other(request, JSON)
    values.refuse_all(request)
    snapshot = await _snapshot(request, snapshot_id)
    # Strong, and so another for each coding and for each way to write it, as that of an event.
    etag = f'"{snapshot.id.hex}-{__version__}{"-gzip" if answers.takes_gzip(request) else ""}"'
    if answers.is_known(request, etag):
        return answers.not_modified(etag, answers.FOR_EVER)
    links = _links(request, snapshot)
    return await answers.answer(
        request,
        _shown(request, snapshot, links),
        JSON,
        etag=etag,
        links=links,
        headers={"Cache-Control": answers.FOR_EVER},
    )


@router.api_route(
    "/snapshots/{snapshot_id}/items",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Events",
        geojson.MEDIA_TYPE,
        others=pages.FILES,
        summary="The events of a snapshot",
        path=SNAPSHOT_PATH,
        parameters=ITEM_PARAMETERS,
        problems=(BadCursor, NotFound, NotAcceptable),
    ),
)
async def snapshot_items(request: Request, snapshot_id: str) -> Response:
    """The events that answer the question of a snapshot as they were known then: the answer of `/events` to the same question."""
    known = await knowing(request)
    pairs = values.pairs(request)
    given = values.by_name(pairs)
    offer = choose(request, given, pages.OFFERS)
    etag = answers.list_etag(request, known.version, offer.name)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    snapshot = await _snapshot(request, snapshot_id)
    asked = saved.again(snapshot, given, known)
    up = link("up", JSON, answers.address(request, f"/snapshots/{snapshot.id}"))
    path = f"/snapshots/{snapshot.id}/items"
    return await pages.answer(request, asked, offer, path, pairs, etag=etag, links=[up])


@router.api_route(
    "/snapshots/{snapshot_id}/verify",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Verification",
        JSON,
        summary="Whether a snapshot still holds",
        path=SNAPSHOT_PATH,
        problems=(NotFound, NotAcceptable),
        etag=False,
    ),
)
async def verify_snapshot(request: Request, snapshot_id: str) -> Response:
    """Ask the question of a snapshot again as of then, count and hash its rows, and compare."""
    refuse_other(request, JSON)
    values.refuse_all(request)
    known = await knowing(request)
    snapshot = await _snapshot(request, snapshot_id)
    found, detail = await while_waited_for(request, _verified(request, snapshot, known))
    links = [
        link("self", JSON, answers.address(request, f"/snapshots/{snapshot.id}/verify")),
        link("up", JSON, answers.address(request, f"/snapshots/{snapshot.id}")),
    ]
    body = {
        "verified": found is not None and _same(found, snapshot),
        "detail": detail,
        "rows": found.rows if found else None,
        "sha256": found.sha256.hex() if found else None,
        "expected": {"rows": snapshot.rows, "sha256": snapshot.sha256.hex()},
        "links": links,
    }
    return await answers.answer(
        request, orjson.dumps(body), JSON, links=links, headers={"Cache-Control": "no-store"}
    )


async def _kept(request: Request, asked: ToKeep, newest: int) -> tuple[Snapshot, bool]:
    """The snapshot of a question, and whether it was made now."""
    async with reading(request) as connection:
        at = await version_at(connection, asked.as_of)
        version = newest if at is None else at
        found = await snapshots.of_question(connection, question_hash(asked.members), version)
        known_at = await snapshots.known_at(connection, version)
    if found:
        return found, False
    if known_at is None:
        raise BadParameter(
            "Nothing was known here then, so that there is nothing to cite. The first import comes later.",
            parameter="as_of" if asked.as_of else None,
        )
    return await _in_time(_made(request, asked, version, known_at))


async def _made(request: Request, asked: ToKeep, version: int, known_at: datetime) -> tuple[Snapshot, bool]:
    """Count and hash the rows, and keep that, in one transaction. Who comes second gets what the first kept."""
    async with in_transaction(request) as connection:
        found = await _content(connection, replace(asked.wanted, at=version), NEWEST_FORM)
        snapshot = Snapshot(
            id=snapshot_id(asked.members, known_at, found.sha256),
            created_at=datetime.now(UTC),
            question=asked.members,
            version=version,
            known_at=known_at,
            rows=found.rows,
            row_form=NEWEST_FORM,
            sha256=found.sha256,
            sources=await snapshots.sources(connection, found.counts),
        )
        made = await stored.keep(connection, snapshot)
        question = question_hash(asked.members)
        other = None if made else await snapshots.of_question(connection, question, version)
    return other or snapshot, made


async def _verified(request: Request, snapshot: Snapshot, known: Known) -> tuple[Content | None, str]:
    """What the question of a snapshot gives now, and a sentence on whether that is what it gave."""
    try:
        wanted = saved.again(snapshot, {}, known).wanted
    except NotFound as problem:
        return None, problem.detail

    async def read() -> Content:
        async with in_transaction(request) as connection:
            return await _content(connection, wanted, snapshot.row_form)

    found = await _in_time(read())
    if _same(found, snapshot):
        return found, "The rows are those that were cited."
    async with reading(request) as connection:
        regions, _ = await versions.of_ground(connection)
    differs = (
        f"The number of rows is {found.rows}, and was {snapshot.rows}."
        if found.rows != snapshot.rows
        else f"The number of rows is {found.rows} as it was, but they say something else."
    )
    changed = f" Regions were changed since, in version {regions}, and outlines are always those of today."
    return found, differs + (changed if regions > snapshot.version else "")


async def _content(connection: AsyncConnection, wanted: EventFilter, form: str) -> Content:
    try:
        return await snapshots.content(connection, wanted, FORMS[form].written)
    except TooManyRowsError as error:
        raise TooManyRows(
            f"More than {MAX_ROWS} events answer this question. Ask for a smaller area or fewer days."
        ) from error


async def _in_time(work: Coroutine[Any, Any, Done]) -> Done:
    """The result of work for which its client waits. The database ends a statement; a stream of rows is ended here."""
    limit = asyncio.timeout(TIME_S)
    try:
        async with limit:
            return await work
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TooSlow(
            f"The rows could not be hashed within {TIME_S:g} seconds. Ask for a smaller area or fewer days."
        ) from error


async def _snapshot(request: Request, given: str) -> Snapshot:
    try:
        wanted = UUID(given)
    except ValueError as error:
        raise NotFound(f"'{given[:60]}' is no snapshot's id: these are UUIDs.") from error
    async with reading(request) as connection:
        found = await snapshots.one(connection, wanted)
    if not found:
        raise NotFound(f"There is no snapshot {wanted}.")
    return found


def _same(found: Content, snapshot: Snapshot) -> bool:
    return (found.rows, found.sha256) == (snapshot.rows, snapshot.sha256)


def _links(request: Request, snapshot: Snapshot) -> list[Link]:
    here = f"/snapshots/{snapshot.id}"
    return [
        link("self", JSON, answers.address(request, here)),
        link("items", geojson.MEDIA_TYPE, answers.address(request, f"{here}/items")),
        link("verify", JSON, answers.address(request, f"{here}/verify")),
    ]


def _shown(request: Request, snapshot: Snapshot, links: list[Link]) -> bytes:
    shown = {
        "id": str(snapshot.id),
        "created_at": written(snapshot.created_at),
        "question": dict(sorted(snapshot.question.items())),
        "version": snapshot.version,
        "known_at": written(snapshot.known_at),
        "rows": snapshot.rows,
        "sha256": snapshot.sha256.hex(),
        "row_form": snapshot.row_form,
        "row_properties": FORMS[snapshot.row_form].properties,
        "sources": snapshot.sources,
        "citation": citation(snapshot, answers.address(request, f"/snapshots/{snapshot.id}")),
        "links": links,
    }
    return orjson.dumps(shown)
