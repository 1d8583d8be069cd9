"""Regions: `GET /regions`, `GET /regions/{code}`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.api import answers, params, values
from app.api.access import knowing, reading
from app.api.answers import link
from app.api.document import operation
from app.api.grammar import REGION_PARAMETERS, REGION_PATH
from app.api.negotiation import refuse_other
from app.api.params_catalogue import region_question
from app.domain.cursors import Cursor
from app.domain.regions import UnknownRegion
from app.errors import AmbiguousName, BadCursor, NotAcceptable, NotFound
from app.formats import geojson
from app.queries import regions

ACCEPTED = (geojson.MEDIA_TYPE, "application/json")

router = APIRouter(tags=["Regions"])


@router.api_route(
    "/regions",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Regions",
        geojson.MEDIA_TYPE,
        summary="Find regions",
        parameters=REGION_PARAMETERS,
        problems=(AmbiguousName, BadCursor, NotAcceptable),
    ),
)
async def find_regions(request: Request) -> Response:
    """Countries, their first-level subdivisions and districts, as GeoJSON, by code.

    With `q` the best matches by any of their names come first, and there is one page.
    """
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, geojson.MEDIA_TYPE)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, *ACCEPTED)
    pairs = values.pairs(request)
    asked = region_question(values.by_name(pairs), known)
    written = geojson.region(outline=asked.outline)
    async with reading(request) as connection:
        features, after = await regions.page(
            connection, asked.wanted, written, limit=asked.limit, after=asked.after
        )
    links = [link("self", geojson.MEDIA_TYPE, answers.address(request, "/regions", pairs))]
    if after and asked.wanted.words is None:
        cursor = Cursor(question=asked.fingerprint, version=known.version, after=(after,))
        links.append(answers.next_page(request, geojson.MEDIA_TYPE, "/regions", pairs, cursor))
    body = geojson.collection(features, {"links": links, "numberReturned": len(features)})
    return await answers.answer(request, body, geojson.MEDIA_TYPE, etag=etag, links=links)


@router.api_route(
    "/regions/{code}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Region",
        geojson.MEDIA_TYPE,
        summary="One region",
        path=REGION_PATH,
        problems=(AmbiguousName, NotFound, NotAcceptable),
    ),
)
async def one_region(request: Request, code: str) -> Response:
    """One region, found as the `region` parameter finds it: by ISO 3166 code, our own code, `fips:` or unambiguous name."""
    known = await knowing(request)
    etag = answers.list_etag(request, known.version, geojson.MEDIA_TYPE)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, *ACCEPTED)
    values.refuse_all(request)
    try:
        region = params.one_region(code, known.regions, "code")
    except UnknownRegion as error:
        raise NotFound(str(error), parameter="code") from error
    async with reading(request) as connection:
        written = await regions.one(connection, region.code, geojson.region(outline=True))
    if written is None:
        raise NotFound(f"There is no region {region.code} any more.")
    links = [
        link("self", geojson.MEDIA_TYPE, answers.address(request, f"/regions/{region.code}")),
        link("collection", geojson.MEDIA_TYPE, answers.address(request, "/regions")),
    ]
    if region.parent:
        links.append(link("up", geojson.MEDIA_TYPE, answers.address(request, f"/regions/{region.parent}")))
    body = geojson.single(written, {"links": links})
    return await answers.answer(request, body, geojson.MEDIA_TYPE, etag=etag, links=links)
