"""What there is of tiles: TileJSON, OGC's tile sets, and the grid that they are cut in."""

from __future__ import annotations

from html import escape

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, params, shown
from app.api.access import knowing, reading
from app.api.document import operation
from app.api.grammar_items import form
from app.api.grammar_maps import FILTER_PARAMETERS
from app.api.negotiation import JSON
from app.api.shown import Asked
from app.api.tilesets import EVENT_LAYERS, MATRIX_SET, XYZ, matrix_set, template, tilejson, tileset
from app.errors import AmbiguousName, NotAcceptable, NotFound
from app.queries import datasets

FORMS = (JSON,)
ASKED = {**FILTER_PARAMETERS, **form(FORMS)}
FEW = form(FORMS)

router = APIRouter(tags=["Maps"])


@router.api_route(
    "/tiles/events.json",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "TileJson",
        JSON.media_type,
        summary="Tiles of events as TileJSON",
        parameters=ASKED,
        problems=(AmbiguousName, NotAcceptable),
    ),
)
async def tilejson_of_events(request: Request) -> Response:
    """TileJSON 3.0 of the tiles of events: whatever it is asked stands in the address of the tiles."""
    known = await knowing(request)
    asked = shown.asked(request, None, FORMS)
    etag = answers.list_etag(request, known.version, asked.offer.name)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    question = params.question(asked.values, known, ASKED)
    async with reading(request) as connection:
        sources = await datasets.sources(connection, question.wanted.datasets)
    body = tilejson(
        name="Sitrep events",
        description="Conflict events as points, stacks, cells and areas.",
        # HTML, as TileJSON has it.
        attribution=" ".join(escape(one["citation"], quote=False) for one in sources),
        template=template(request, "/tiles/events", XYZ, _pairs(asked)),
        layers=EVENT_LAYERS,
    )
    return await answers.answer(request, orjson.dumps(body), JSON.media_type, etag=etag)


@router.api_route(
    "/collections/events/tiles",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Tilesets",
        JSON.media_type,
        summary="Tile sets of events",
        parameters=ASKED,
        problems=(AmbiguousName, NotAcceptable),
        etag=False,
    ),
)
async def tilesets_of_events(request: Request) -> Response:
    """The tile sets of events, of which there is one: vector tiles in Web Mercator."""
    asked = await _checked(request)
    body = {"tilesets": [tileset(request, _pairs(asked))]}
    return await shown.answer(request, asked, body, "")


@router.api_route(
    f"/collections/events/tiles/{MATRIX_SET}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Tileset",
        JSON.media_type,
        summary="The tile set of events",
        parameters=ASKED,
        problems=(AmbiguousName, NotAcceptable),
        etag=False,
    ),
)
async def tileset_of_events(request: Request) -> Response:
    """The tile set of events in Web Mercator: its layers with their properties, and the address of its tiles."""
    asked = await _checked(request)
    body = tileset(request, _pairs(asked), EVENT_LAYERS)
    links = body.pop("links")
    return await shown.answer(request, asked, body, "", links=links[1:])


@router.api_route(
    "/tileMatrixSets",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "TileMatrixSets",
        JSON.media_type,
        summary="Grids of tiles",
        parameters=FEW,
        problems=(NotAcceptable,),
        database=False,
        etag=False,
    ),
)
async def matrix_sets(request: Request) -> Response:
    """The grids in which tiles are cut, of which there is one."""
    asked = shown.asked(request, FEW, FORMS)
    whole = matrix_set()
    here = answers.address(request, f"/tileMatrixSets/{MATRIX_SET}")
    one = {name: whole[name] for name in ("id", "title", "uri", "crs")}
    listed = {**one, "links": [answers.link("self", JSON.media_type, here)]}
    return await shown.answer(request, asked, {"tileMatrixSets": [listed]}, "")


@router.api_route(
    "/tileMatrixSets/{name}",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "TileMatrixSet",
        JSON.media_type,
        summary="One grid of tiles",
        path={
            "name": {
                "description": "Its name.",
                "schema": {"type": "string", "enum": [MATRIX_SET]},
                "example": MATRIX_SET,
            }
        },
        parameters=FEW,
        problems=(NotFound, NotAcceptable),
        database=False,
        etag=False,
    ),
)
async def one_matrix_set(request: Request, name: str) -> Response:
    """A grid of tiles: its reference system, and for each zoom where tiles begin and how large they are (OGC 17-083r4)."""
    asked = shown.asked(request, FEW, FORMS)
    if name != MATRIX_SET:
        raise NotFound(f"There is no grid '{name[:40]}'. There is: {MATRIX_SET}.")
    return await shown.answer(request, asked, matrix_set(), "")


async def _checked(request: Request) -> Asked:
    """What is asked, read once so that no address is handed on that tiles would refuse."""
    known = await knowing(request)
    asked = shown.asked(request, None, FORMS)
    params.question(asked.values, known, ASKED)
    return asked


def _pairs(asked: Asked) -> list[tuple[str, str]]:
    """What is asked of tiles."""
    return [(name, value) for name, value in asked.pairs if name != "f"]
