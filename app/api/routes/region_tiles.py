"""Tiles of regions: `GET /tiles/regions/{z}/{x}/{y}.mvt`, `GET /tiles/regions.json`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, params, values
from app.api.access import in_columns, knowing
from app.api.document import operation
from app.api.grammar_maps import COUNTED_PARAMETERS, FILTER_PARAMETERS, XYZ_PATH
from app.api.negotiation import refuse_other
from app.api.params import Known, Question
from app.api.tilesets import (
    COUNTED_LAYERS,
    REGION_LAYERS,
    REGIONS_ATTRIBUTION,
    REGIONS_MAX_ZOOM,
    XYZ,
    template,
    tilejson,
)
from app.api.tiling import Tiling, tile_answer, tile_at
from app.api.values import Values
from app.errors import AmbiguousName, BadParameter, NotAcceptable, NotFound
from app.formats import mvt
from app.tiles import regions

JSON = "application/json"

router = APIRouter(tags=["Maps"])


@router.api_route(
    "/tiles/regions/{z}/{x}/{y}.mvt",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Tile",
        mvt.MEDIA_TYPE,
        summary="A tile of regions",
        path=XYZ_PATH,
        parameters=COUNTED_PARAMETERS,
        problems=(AmbiguousName, NotFound, NotAcceptable),
    ),
)
async def tile_of_regions(request: Request, z: str, x: str, y: str) -> Response:
    """A vector tile of a base map: countries, subdivisions, districts, their names, and towns.

    With `counts=true` each region has the number of events that are filed under it. 204 where there is only water.
    """
    tile = tile_at(z, x, y)
    known = await knowing(request)

    async def make() -> Callable[[], bytes]:
        question = _counted(values.by_name(values.pairs(request)), known)
        tiling: Tiling = request.app.state.tiling
        outlines, towns = await tiling.outlines(known.regions), await tiling.towns(known.ground)
        draw = partial(regions.written, tile, known.regions, outlines, towns)
        if question is None:
            return draw
        wanted = await in_columns(request, known, question.wanted, question.as_of)
        return partial(draw, await tiling.counted(wanted))

    # Where nothing is asked events come and go without changing it, and so the version is that of what it shows.
    plain = not request.scope["query_string"]
    return await tile_answer(request, known.ground if plain else known.version, make)


@router.api_route(
    "/tiles/regions.json",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "TileJson",
        JSON,
        summary="TileJSON of the tiles of regions",
        parameters=COUNTED_PARAMETERS,
        problems=(AmbiguousName, NotAcceptable),
    ),
)
async def tiles_of_regions(request: Request) -> Response:
    """Where the tiles of regions are and what their layers hold, as TileJSON 3.0. What it is asked stands in the address of the tiles."""
    etag = answers.list_etag(request, 0, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    pairs = values.pairs(request)
    counted = _counted(values.by_name(pairs), await knowing(request))
    source = tilejson(
        name="Sitrep: regions",
        description="Countries, subdivisions, districts, their names, and towns.",
        attribution=REGIONS_ATTRIBUTION,
        template=template(request, "/tiles/regions", XYZ, pairs),
        layers=COUNTED_LAYERS if counted else REGION_LAYERS,
        max_zoom=REGIONS_MAX_ZOOM,
    )
    return await answers.answer(request, orjson.dumps(source), JSON, etag=etag)


def _counted(given: Values, known: Known) -> Question | None:
    """Which events are to be counted; None where none are. Raises a Problem."""
    values.check(given, COUNTED_PARAMETERS)
    wanted = values.read("counts", values.truth, given)
    others = {name: value for name, value in given.items() if name != "counts"}
    if others and not wanted:
        raise BadParameter(
            f"'{next(iter(others))}' says which events are counted by region: it needs counts=true.",
            parameter="counts",
        )
    return params.question(others, known, FILTER_PARAMETERS) if wanted else None
