"""The map's style: `GET /styles/sitrep.json`, and the icons that it names."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, params, values
from app.api.access import knowing
from app.api.document import operation
from app.api.grammar_maps import FILTER_PARAMETERS, SPRITE_PATH, STYLE_PARAMETERS
from app.api.negotiation import refuse_other
from app.api.tilesets import REGIONS_ATTRIBUTION, REGIONS_MAX_ZOOM, XYZ, template
from app.errors import AmbiguousName, NotAcceptable, NotFound
from app.formats.maplibre import png, sprite
from app.formats.maplibre.style import Addresses, style
from app.formats.maplibre.themes import Theme

JSON = "application/json"
_RATIOS = {"sprite": 1, "sprite@2x": 2}

router = APIRouter(tags=["Maps"])


@router.api_route(
    "/styles/sitrep.json",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Style",
        JSON,
        summary="A style for MapLibre",
        parameters=STYLE_PARAMETERS,
        problems=(AmbiguousName, NotAcceptable),
    ),
)
async def map_style(request: Request) -> Response:
    """A MapLibre style for our tiles: a base map, and the events that match."""
    # The version is left out: which events there are is the tiles' business.
    etag = answers.list_etag(request, 0, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    pairs = values.pairs(request)
    asked = values.by_name(pairs)
    values.check(asked, STYLE_PARAMETERS)
    theme = values.word(asked, "theme", Theme, Theme.LIGHT)
    others = {name: given for name, given in asked.items() if name != "theme"}
    params.question(others, await knowing(request), FILTER_PARAMETERS)
    addresses = Addresses(
        regions=template(request, "/tiles/regions", XYZ),
        events=answers.address(request, "/tiles/events.json", [pair for pair in pairs if pair[0] != "theme"]),
        sprite=answers.address(request, "/styles/sprite"),
    )
    body = style(
        theme,
        addresses,
        regions_max_zoom=REGIONS_MAX_ZOOM,
        attribution=REGIONS_ATTRIBUTION,
    )
    return await answers.answer(request, orjson.dumps(body), JSON, etag=etag)


@router.api_route(
    "/styles/{sprite_name}.json",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Sprite",
        JSON,
        summary="Where the icons are in their image",
        path=SPRITE_PATH,
        problems=(NotFound, NotAcceptable),
        database=False,
    ),
)
async def sprite_index(request: Request, sprite_name: str) -> Response:
    """The place of each icon in the image of the same name: `sprite`, or `sprite@2x` for screens with twice the pixels."""
    ratio = _ratio(sprite_name)
    etag = answers.list_etag(request, 0, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    values.refuse_all(request)
    return await answers.answer(request, orjson.dumps(sprite.sheet(ratio)[0]), JSON, etag=etag)


@router.api_route(
    "/styles/{sprite_name}.png",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "SpriteImage",
        png.MEDIA_TYPE,
        summary="The icons",
        path=SPRITE_PATH,
        problems=(NotFound, NotAcceptable),
        database=False,
    ),
)
async def sprite_image(request: Request, sprite_name: str) -> Response:
    """The icons of the style, all in one image."""
    ratio = _ratio(sprite_name)
    etag = answers.list_etag(request, 0, png.MEDIA_TYPE)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, png.MEDIA_TYPE)
    values.refuse_all(request)
    headers = {"Cache-Control": answers.CACHE, "ETag": etag}
    # Compressed already.
    return Response(sprite.sheet(ratio)[1], media_type=png.MEDIA_TYPE, headers=headers)


def _ratio(name: str) -> int:
    if name not in _RATIOS:
        raise NotFound(f"There is no style and no sprite {name!r}; there are sitrep, sprite and sprite@2x.")
    return _RATIOS[name]
