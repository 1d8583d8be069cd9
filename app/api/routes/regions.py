"""Regions: `GET /regions`, `GET /regions/{code}`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from app.api import answers, params
from app.api.access import Knowing, Reading
from app.api.grammar import REGION_PARAMETERS, documented
from app.domain.cursors import Cursor
from app.domain.regions import AmbiguousRegion, UnknownRegion
from app.errors import AmbiguousName, NotFound
from app.formats import geojson
from app.queries import regions
from app.queries.regions import RegionFilter

router = APIRouter(tags=["Regions"])


@router.api_route("/regions", methods=["GET", "HEAD"], openapi_extra=documented(REGION_PARAMETERS))
async def find(request: Request, connection: Reading, known: Knowing) -> Response:
    """Countries, their first-level subdivisions and districts, as GeoJSON; with `q` the best matches by any of their names."""
    etag = answers.list_etag(request, known.version)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    pairs = request.query_params.multi_items()
    asked = params.region_question(params.values_of(pairs), known)
    written = geojson.region(outline=asked.outline)
    features, after = await regions.page(connection, asked.wanted, written, limit=asked.limit, after=asked.after)
    links: list[dict[str, Any]] = [{"rel": "self", "type": geojson.MEDIA_TYPE, "href": str(request.url)}]
    if after and asked.wanted.words is None:
        cursor = Cursor(question=asked.fingerprint, version=known.version, after=(after,)).encode()
        turned = [*((name, value) for name, value in pairs if name != "cursor"), ("cursor", cursor)]
        links.append({"rel": "next", "type": geojson.MEDIA_TYPE, "href": answers.address(request, "/regions", turned)})
    body = geojson.collection(features, {"links": links, "numberReturned": len(features)})
    return await answers.answer(request, body, geojson.MEDIA_TYPE, etag=etag, links=links)


@router.api_route("/regions/{code}", methods=["GET", "HEAD"])
async def one(request: Request, connection: Reading, known: Knowing, code: str) -> Response:
    """One region, found as the `region` parameter finds it: by ISO 3166 code, our own code, `fips:` or unambiguous name."""
    etag = answers.list_etag(request, known.version)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    params.refuse_unknown(params.values_of(request.query_params.multi_items()), ())
    try:
        region = known.regions.find(code[: params.MAX_NAME])
    except UnknownRegion as error:
        raise NotFound(str(error)) from error
    except AmbiguousRegion as error:
        raise AmbiguousName(str(error)) from error
    written = await regions.one(connection, region.code, geojson.region(outline=True))
    if written is None:
        raise NotFound(f"There is no region {region.code} any more.")
    links = [
        {"rel": "self", "type": geojson.MEDIA_TYPE, "href": answers.address(request, f"/regions/{region.code}")},
        {"rel": "collection", "type": geojson.MEDIA_TYPE, "href": answers.address(request, "/regions")},
    ]
    return await answers.answer(request, geojson.single(written, {"links": links}), geojson.MEDIA_TYPE, etag=etag, links=links)
