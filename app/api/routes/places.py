"""Places by name: `GET /places`."""

from __future__ import annotations

import re
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api import answers, params, values
from app.api.access import knowing, reading
from app.api.answers import link
from app.api.document import operation
from app.api.grammar_maps import DEFAULT_PLACES, MAX_PLACES, PLACE_PARAMETERS
from app.api.negotiation import refuse_other
from app.api.tiling import Tiling
from app.domain.naming import Fit
from app.domain.regions import Regions
from app.domain.words import fold
from app.errors import BadParameter, NotAcceptable
from app.queries import naming
from app.queries.naming import Found
from app.tiles.outlines import Outlines

JSON = "application/json"
MOST_WORDS, LONGEST = 16, 200
"""Of a name, and of what it is said to lie in. None of ours has half as many; a text of hundreds takes seconds to compare."""
_COMMAS = re.compile("[,،、，]")

router = APIRouter(tags=["Maps"])


@router.api_route(
    "/places",
    methods=["GET", "HEAD"],
    openapi_extra=operation(
        "Places",
        JSON,
        summary="Find regions and settlements by name",
        parameters=PLACE_PARAMETERS,
        problems=(NotAcceptable,),
    ),
)
async def find_places(request: Request) -> Response:
    """Regions and settlements that bear a name in any spelling, the likeliest first.

    First those that are called so, then those whose name begins so, then near misses; of each regions before settlements, larger before
    smaller ones. All that share a name are listed. A region is found by its ISO 3166 code too (`SYR`, `AF-KDZ`), and what follows a comma
    says in what a place lies: `Aleppo, Syria`.
    """
    known = await knowing(request)
    etag = answers.list_etag(request, known.ground, JSON)
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    refuse_other(request, JSON)
    pairs = values.pairs(request)
    asked = values.by_name(pairs)
    values.check(asked, PLACE_PARAMETERS)
    if values.read("q", _name, asked) is None:
        raise BadParameter("Say what is searched for, as in q=Qunduz.", parameter="q")
    limit = values.limit(asked, DEFAULT_PLACES, MAX_PLACES)
    tiling: Tiling = request.app.state.tiling
    outlines = await tiling.outlines(known.regions)
    async with reading(request) as connection:
        found = await _meant(connection, asked["q"][0], known.regions, limit)
    links = [link("self", JSON, answers.address(request, "/places", pairs))]
    # A region that was seeded since the door looked has no outline here yet; the next answer has it.
    there = [one for one in found if one.region is None or one.region in known.regions]
    places = [_told(one, known.regions, outlines) for one in there]
    body = {"places": places, "numberReturned": len(places), "links": links}
    return await answers.answer(request, orjson.dumps(body), JSON, etag=etag, links=links)


def _name(given: str) -> str:
    """A name of bearable length. Raises ValueError."""
    folded = params.name_of(given)
    if len(given) > LONGEST or len(folded.split()) > MOST_WORDS:
        raise ValueError(
            f"A name has at most {MOST_WORDS} words and {LONGEST} characters, with what it lies in."
        )
    return folded


async def _meant(connection: AsyncConnection, text: str, regions: Regions, limit: int) -> list[Found]:
    """What a text may mean: the region with this code first, then what bears the name, in the whole or before a comma."""
    words = fold(text)
    found = await naming.search(connection, words, limit)
    name, *within = (part for part in _COMMAS.split(text) if fold(part))
    if within and not any(one.fit is Fit.EXACT for one in found):
        named = await naming.search(connection, fold(name), MAX_PLACES)
        inside = [
            one for one in named if all(regions.is_called(_above(one, regions), part) for part in within)
        ]
        # What it is said to lie in may be misspelt.
        found = (inside or [one for one in named if one.fit is Fit.EXACT])[:limit] or found
    coded = regions.coded(text)
    if coded is None:
        return found
    first = naming.of_region(coded, Fit.EXACT, coded.code)
    others = (one for one in found if one.region != coded.code and one.fit is not Fit.NEAR)
    return [first, *others][:limit]


def _told(one: Found, regions: Regions, outlines: Outlines) -> dict[str, Any]:
    where = _region(one.region, outlines) if one.region else {"point": one.point, "bbox": None}
    return {
        "kind": "region" if one.region else "settlement",
        "code": one.region or f"geonames:{one.geonameid}",
        "name": one.name,
        "matched": one.matched,
        "level": one.level,
        "country": one.country,
        "admin1": one.admin1,
        "within": _within(one, regions),
        **where,
        "population": one.population,
    }


def _region(code: str, outlines: Outlines) -> dict[str, Any]:
    """Where a region's name stands, and the box that holds it."""
    return {
        "point": [round(degree, 4) for degree in outlines.middle(code)],
        "bbox": [round(degree, 4) for degree in outlines.box(code)],
    }


def _within(one: Found, regions: Regions) -> list[str]:
    """The names of what it lies in, nearest first."""
    return [regions[code].name for code in _above(one, regions)]


def _above(one: Found, regions: Regions) -> tuple[str, ...]:
    if one.region:
        return regions.above(one.region) if one.region in regions else ()
    return tuple(code for code in (one.admin1, one.country) if code and code in regions)
