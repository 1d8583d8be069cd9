"""Items of collections as features: `GET /collections/{name}/items` and `/items/{id}` of regions, figures, documents and actors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from app.api import answers, params, shown, told
from app.api import values as read
from app.api.access import knowing, no_such, reading, version_at, while_waited_for
from app.api.answers import Link, link
from app.api.document import operation
from app.api.grammar_evidence import AS_OF_PARAMETERS
from app.api.grammar_items import (
    CRS_OF_ITEM,
    DEFAULT_ITEMS,
    ITEM_PATH,
    MOST_OF_PAGE,
    PAGE_OF_ITEMS,
    form,
    of_items,
)
from app.api.grammar_parts import Parameter
from app.api.negotiation import HTML, JSON, alternates
from app.api.pages import GEOJSON
from app.api.params import Known, identity
from app.api.params_items import ItemQuestion, item_question
from app.api.shown import Asked
from app.domain.collections import COLLECTIONS, EVENTS, REGIONS, Collection
from app.domain.filters import CountWanted
from app.domain.moments import parse_moment
from app.domain.regions import UnknownRegion
from app.errors import BadCursor, NotAcceptable, NotFound
from app.formats import geojson
from app.formats.items import written
from app.queries import items

FORMS = (GEOJSON, HTML)

router = APIRouter(tags=["Collections"])

Handler = Callable[..., Awaitable[Response]]


def _list(collection: Collection) -> Handler:
    parameters = of_items(collection, FORMS)

    async def find(request: Request) -> Response:
        known = await knowing(request)
        asked = shown.asked(request, parameters, FORMS)
        etag = answers.list_etag(request, known.version, asked.offer.media_type)
        if answers.is_known(request, etag):
            return answers.not_modified(etag)
        most = PAGE_OF_ITEMS if asked.offer is HTML else DEFAULT_ITEMS
        question = item_question(asked.values, collection, parameters, most)
        if asked.offer is HTML:
            question = replace(question, limit=min(question.limit, MOST_OF_PAGE))
        features, body, links = await while_waited_for(request, _page(request, collection, asked, question))
        headers = {"Content-Crs": f"<{question.crs}>"}
        if asked.offer is HTML:
            found = [orjson.loads(feature) for feature in features]
            async with reading(request) as connection:
                more = await told.of_list(
                    request, connection, known, asked, collection=collection, features=found
                )
            return await shown.answer(
                request, asked, body, "items", links=links, etag=etag, headers=headers, **more
            )
        linked = [*alternates(request, asked.path, asked.pairs, FORMS, asked.offer), *links]
        written = geojson.collection(features, {"links": linked, **body})
        return await answers.answer(
            request, written, geojson.MEDIA_TYPE, etag=etag, links=linked, headers=headers
        )

    find.__doc__ = f"{collection.description} A page at a time, as GeoJSON features or a page for people."
    return find


async def _page(
    request: Request, collection: Collection, asked: Asked, question: ItemQuestion
) -> tuple[list[str], dict[str, Any], list[Link]]:
    """The features of a page, its other members, and the links that come from them."""
    # A page draws its outlines simplified, and needs no others.
    form = written(collection.name, question.crs, outline=asked.offer is not HTML)
    body: dict[str, Any] = {}
    async with reading(request) as connection:
        wanted = replace(question.wanted, at=await version_at(connection, question.as_of))
        page = await items.page(
            connection,
            collection,
            wanted,
            form,
            order=question.order,
            limit=question.limit,
            cursor=question.cursor,
        )
        if question.count is CountWanted.EXACT:
            body["numberMatched"] = await items.count(
                connection, collection, replace(wanted, at=page.version)
            )
    body["numberReturned"] = page.count
    links = [_in(request, collection, "up")]
    if cursor := question.following(page):
        links.append(answers.next_page(request, asked.offer.media_type, asked.path, asked.pairs, cursor))
    return page.features, body, links


def _one(collection: Collection) -> Handler:
    parameters = _parameters_of_one(collection)

    async def find(request: Request, item_id: str) -> Response:
        known = await knowing(request)
        asked = shown.asked(request, parameters, FORMS)
        etag = answers.list_etag(request, known.version, asked.offer.media_type)
        if answers.is_known(request, etag):
            return answers.not_modified(etag)
        crs = params.crs_of(asked.values)
        wanted = _identity(collection, item_id, known)
        moment = read.read("as_of", parse_moment, asked.values)
        async with reading(request) as connection:
            at = await version_at(connection, moment)
            form = written(collection.name, crs, outline=asked.offer is not HTML)
            feature = await items.one(connection, collection, wanted, form, at)
            if feature is None and isinstance(wanted, UUID):
                raise await no_such(connection, collection.name.removesuffix("s"), wanted, moment)
        if feature is None:
            raise NotFound(f"There is no region {wanted} any more.")
        links = [_in(request, collection, "collection")]
        headers = {"Content-Crs": f"<{crs}>"}
        if asked.offer is HTML:
            item = orjson.loads(feature)
            async with reading(request) as connection:
                more = await told.of_item(
                    request, connection, known, asked, collection=collection, item=item, at=at
                )
            return await shown.answer(
                request, asked, item, "item", links=links, etag=etag, headers=headers, **more
            )
        linked = [*alternates(request, asked.path, asked.pairs, FORMS, asked.offer), *links]
        body = geojson.single(feature, {"links": linked})
        return await answers.answer(
            request, body, geojson.MEDIA_TYPE, etag=etag, links=linked, headers=headers
        )

    find.__doc__ = f"One item of the collection {collection.name}, by its `{collection.identity}`."
    return find


def _parameters_of_one(collection: Collection) -> dict[str, Parameter]:
    return {**CRS_OF_ITEM, **(AS_OF_PARAMETERS if collection.versioned else {}), **form(FORMS)}


def _identity(collection: Collection, given: str, known: Known) -> UUID | str:
    """What tells an item apart, out of its address. Raises NotFound."""
    if collection is not REGIONS:
        return identity(given, collection.name.removesuffix("s"))
    try:
        return params.one_region(given, known.regions, "item_id").code
    except UnknownRegion as error:
        raise NotFound(str(error)) from error


def _in(request: Request, collection: Collection, rel: str) -> Link:
    return {
        **link(rel, JSON.media_type, answers.address(request, f"/collections/{collection.name}")),
        "title": f"The collection {collection.name}",
    }


def _add_routes() -> None:
    for name, collection in COLLECTIONS.items():
        if collection is EVENTS:
            continue  # `routes.events` has them
        router.add_api_route(
            f"/collections/{name}/items",
            _list(collection),
            methods=["GET", "HEAD"],
            name=f"items_of_{name}",
            openapi_extra=operation(
                "Items",
                geojson.MEDIA_TYPE,
                summary=f"Items of {name}",
                parameters=of_items(collection, FORMS),
                problems=(BadCursor, NotAcceptable),
            ),
        )
        router.add_api_route(
            f"/collections/{name}/items/{{item_id}}",
            _one(collection),
            methods=["GET", "HEAD"],
            name=f"item_of_{name}",
            openapi_extra=operation(
                "Item",
                geojson.MEDIA_TYPE,
                summary=f"One item of {name}",
                path=ITEM_PATH,
                parameters=_parameters_of_one(collection),
                problems=(NotFound, NotAcceptable),
            ),
        )


_add_routes()
