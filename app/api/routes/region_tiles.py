"""Tiles of regions: `GET /tiles/regions/{z}/{x}/{y}.mvt`, `GET /tiles/regions.json`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, values
from app.api.access import knowing
from app.api.document import operation
from app.api.grammar_maps import XYZ_PATH
from app.api.negotiation import refuse_other
from app.api.tile_sources import REGION_LAYERS, REGIONS_ATTRIBUTION, REGIONS_MAX_ZOOM, template
from app.api.tilesets import tilejson
from app.api.tiling import Tiling, tile_answer, tile_at
from app.errors import NotAcceptable, NotFound
from app.formats import mvt
from app.tiles import regions

JSON = "application/json"
ACCEPTED = (mvt.MEDIA_TYPE, "application/x-protobuf", "application/octet-stream")

router = APIRouter(tags=["Maps"])


@router.api_route(
    "/tiles/regions/{z}/{x}/{y}.mvt",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Tile",
        mvt.MEDIA_TYPE,
        summary="A tile of regions",
        path=XYZ_PATH,
        problems=(NotFound, NotAcceptable),
    ),
)
async def tile_of_regions(request: Request, z: str, x: str, y: str) -> Response:
    """A vector tile of a base map: countries, subdivisions, districts, their names, and towns.

    204 where there is only water.
    """
    tile = tile_at(z, x, y)
    known = await knowing(request)
    # Events come and go without changing it, and so the version is that of what it shows.
    etag = answers.list_etag(request, known.ground, mvt.MEDIA_TYPE)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, *ACCEPTED)
    values.refuse_all(request)

    async def make() -> Callable[[], bytes]:
        tiling: Tiling = request.app.state.tiling
        outlines, towns = await tiling.outlines(known.regions), await tiling.towns(known.ground)
        return partial(regions.written, tile, known.regions, outlines, towns)

    return await tile_answer(request, etag, make)


@router.api_route(
    "/tiles/regions.json",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "TileJson",
        JSON,
        summary="TileJSON of the tiles of regions",
        problems=(NotAcceptable,),
        database=False,
    ),
)
async def tiles_of_regions(request: Request) -> Response:
    """Where the tiles of regions are and what their layers hold, as TileJSON 3.0."""
    etag = answers.list_etag(request, 0, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    values.refuse_all(request)
    source = tilejson(
        name="Sitrep: regions",
        description="Countries, subdivisions, districts, their names, and towns.",
        attribution=REGIONS_ATTRIBUTION,
        template=template(request),
        layers=REGION_LAYERS,
        max_zoom=REGIONS_MAX_ZOOM,
    )
    return await answers.answer(request, orjson.dumps(source), JSON, etag=etag)
