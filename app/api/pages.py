"""Pages of events, for every address that lists them, in every format."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from fastapi import Request, Response

from app.api import answers
from app.api.access import reading, version_at, while_waited_for
from app.api.answers import Link
from app.api.negotiation import Offer, alternates
from app.api.params import Question
from app.domain.crs import Crs
from app.domain.cursors import Cursor
from app.domain.filters import CountWanted
from app.errors import BadParameter
from app.formats import catalogue
from app.formats.format import About, Format, Shown
from app.queries import datasets, events
from app.queries.pages import Page

Sources = Sequence[dict[str, Any]]


def offer_of(form: Format) -> Offer:
    """A format as one of the forms in which something is answered."""
    return Offer(
        name=form.name,
        media_type=form.media_type,
        title=form.title,
        aliases=form.aliases,
        accepted=form.accepted,
    )


OFFERS = tuple(offer_of(form) for form in catalogue.FORMATS)
"""The forms in which pages of events are answered, to choose from (`negotiation.choose`)."""
GEOJSON = OFFERS[0]
"""The form of features where none is asked for."""
LINKED = tuple(offer_of(form) for form in catalogue.FORMATS if form.linked)
"""Those of them whose body has room for links."""

FILES = tuple(form.media_type for form in catalogue.FORMATS if not form.linked)
"""The media types of the others."""


async def answer(
    request: Request,
    asked: Question,
    offer: Offer,
    path: str,
    pairs: Sequence[tuple[str, str]],
    *,
    etag: str | None = None,
    offers: Sequence[Offer] = OFFERS,
    links: Iterable[Link] = (),
) -> Response:
    """The page of events that is asked for in a form out of OFFERS, with links to its other forms, the next page, and `links`."""
    form = format_of(offer, asked)
    page, counts, sources = await while_waited_for(request, _read(request, asked, form))
    linked = [*_forms(request, path, pairs, offers, offer), *links]
    if cursor := after(asked, page):
        linked.append(answers.next_page(request, offer.media_type, path, pairs, cursor))
    members = {"links": linked, "numberReturned": page.count, **counts}
    about = About(address=answers.address(request, path, pairs), sources=sources, members=members)
    body = await written(form, asked, about, page)
    headers = {"Content-Crs": f"<{asked.view.crs}>"}
    if form.profile:
        linked.append({"rel": "profile", "href": form.profile})
    if not form.linked:
        headers.update(_instead_of_members(linked, members))
    return await answers.answer(request, body, offer.media_type, etag=etag, links=linked, headers=headers)


def format_of(offer: Offer, asked: Question) -> Format:
    """The format that is offered. Raises BadParameter where it cannot be in the reference system that is asked for."""
    form = catalogue.BY_NAME[offer.name]
    if asked.view.crs is not Crs.CRS84 and not form.systems:
        raise BadParameter(
            f"'crs' goes with f=geojson and f=jsonfg; {form.title} is given in longitude and latitude.",
            parameter="crs",
        )
    return form


async def read(
    request: Request, asked: Question, form: Format = catalogue.FORMATS[0]
) -> tuple[Page, dict[str, int]]:
    """A page of the events that are asked for, as lines of a format, and the counts that were asked for with them."""
    page, counts, _ = await _read(request, asked, form)
    return page, counts


async def written(form: Format, asked: Question, about: About, page: Page) -> bytes:
    """A page as a file."""
    if form.slow:
        return await asyncio.to_thread(catalogue.page, form, shown(asked), about, page.rows)
    return catalogue.page(form, shown(asked), about, page.rows)


def shown(asked: Question) -> Shown:
    """What is shown of each event."""
    return Shown(properties=asked.view.properties, geometry=asked.view.geometry, crs=asked.view.crs)


def after(asked: Question, page: Page) -> Cursor | None:
    """Where the next page begins, if there is one. It is of the version that page 1 was of, so that all pages are one answer."""
    if page.after is None or page.version is None:
        return None
    version = asked.cursor.version if asked.cursor else page.version
    return Cursor(question=asked.fingerprint, version=version, after=page.after)


def _forms(
    request: Request, path: str, pairs: Sequence[tuple[str, str]], offers: Sequence[Offer], offer: Offer
) -> list[Link]:
    """The link to the page itself, and those to its other forms unless they would make the header too long for proxies."""
    own, *others = alternates(request, path, pairs, offers, offer)
    return [own, *others] if len(own["href"]) <= answers.SHORT_LINK else [own]


async def _read(request: Request, asked: Question, form: Format) -> tuple[Page, dict[str, int], Sources]:
    line = form.line(shown(asked))
    counts: dict[str, int] = {}
    async with reading(request) as connection:
        wanted = asked.wanted
        if wanted.at is None:
            wanted = replace(wanted, at=await version_at(connection, asked.as_of))
        page = await events.page(connection, wanted, asked.view, line, asked.cursor)
        if asked.view.count is not CountWanted.NONE and page.version is not None:
            # Of the version that the page is of, or else a number would not go with what it numbers.
            wanted = replace(wanted, at=page.version) if asked.cursor else wanted
        if asked.view.count is CountWanted.EXACT:
            counts = {"numberMatched": await events.count(connection, wanted)}
        elif asked.view.count is CountWanted.ESTIMATED:
            counts = {"numberEstimated": await events.estimate(connection, wanted)}
        # A file travels without its address, and so names its sources itself.
        sources = [] if form.linked else await datasets.sources(connection, wanted.datasets)
    return page, counts, sources


def _instead_of_members(links: Sequence[Link], members: dict[str, Any]) -> dict[str, str]:
    """Headers of a body that has no room for members. The next page is linked however long its address: left out, it would not exist."""
    longest = max(len(one["href"]) for one in links if one["rel"] in {"self", "next"})
    kept = [one for one in links if one["rel"] == "next" or len(one["href"]) <= answers.LONGEST_LINK]
    counts = {f"OGC-{name[0].upper()}{name[1:]}": str(members[name]) for name in members if name != "links"}
    return {"Link": answers.link_header(kept, longest), **counts}
