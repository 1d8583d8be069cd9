"""Tiles of events: `GET /tiles/events/{z}/{x}/{y}.mvt`, and the same by OGC's address."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

from fastapi import APIRouter, Request, Response

from app.api import params, values
from app.api.access import at_hand, in_columns, knowing
from app.api.document import operation
from app.api.grammar_maps import FILTER_PARAMETERS, MATRIX_PATH, XYZ_PATH
from app.api.params import Known
from app.api.tiling import Tiling, tile_answer, tile_at
from app.errors import AmbiguousName, NotAcceptable, NotFound
from app.formats import mvt
from app.tiles import events

router = APIRouter(tags=["Maps"])


@router.api_route(
    "/tiles/events/{z}/{x}/{y}.mvt",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Tile",
        mvt.MEDIA_TYPE,
        summary="A tile of events",
        path=XYZ_PATH,
        parameters=FILTER_PARAMETERS,
        problems=(AmbiguousName, NotFound, NotAcceptable),
    ),
)
async def tile_of_events(request: Request) -> Response:
    """A vector tile of the events that match: points, stacks, cells and areas, each event in exactly one of them.

    204 where there are none.
    """
    return await _tile(request, "z", "x", "y")


@router.api_route(
    "/collections/events/tiles/WebMercatorQuad/{z}/{row}/{col}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Tile",
        mvt.MEDIA_TYPE,
        summary="A tile of events, by row and column",
        path=MATRIX_PATH,
        parameters=FILTER_PARAMETERS,
        problems=(AmbiguousName, NotFound, NotAcceptable),
    ),
)
async def tile_of_collection(request: Request) -> Response:
    """The same as `/tiles/events`, as OGC API - Tiles has it: the row comes before the column."""
    return await _tile(request, "z", "col", "row")


async def _tile(request: Request, *names: str) -> Response:
    # Out of the address: that FastAPI reads parameters costs a tenth of a small tile.
    tile = tile_at(*(request.path_params[name] for name in names))
    known = await knowing(request)
    tiling: Tiling = request.app.state.tiling

    async def make() -> Callable[[], bytes]:
        asked = _asked(request.scope["query_string"], known)
        wanted = await in_columns(request, known, asked.wanted, asked.as_of)
        outlines = await tiling.outlines(known.regions)
        return partial(events.written, wanted, tile, outlines, known.regions)

    def at_once() -> Callable[[], bytes] | None:
        asked = _asked(request.scope["query_string"], known)
        wanted = at_hand(request, known, asked.wanted) if asked.as_of is None else None
        outlines = tiling.outlines_at_hand(known.regions)
        if wanted is None or outlines is None or (rows := events.few(wanted, tile, outlines)) is None:
            return None
        return partial(events.written, wanted, tile, outlines, known.regions, rows)

    return await tile_answer(request, known.version, make, at_once)


@lru_cache(maxsize=256)
def _asked(query: bytes, known: Known) -> params.Question:
    """What a query string asks of tiles: a map asks the same of dozens."""
    return params.question(values.by_name(values.pairs_of(query)), known, FILTER_PARAMETERS)
