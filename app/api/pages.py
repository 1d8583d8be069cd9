"""Pages of events, for every address that lists them."""

from __future__ import annotations

from dataclasses import replace

from fastapi import Request

from app.api.access import reading, version_at
from app.api.params import Question
from app.domain.cursors import Cursor
from app.domain.filters import CountWanted
from app.formats import geojson
from app.queries import events
from app.queries.pages import Page


async def read(request: Request, asked: Question) -> tuple[Page, dict[str, int]]:
    """A page of the events that are asked for, and the counts that were asked for with them."""
    written = geojson.feature(asked.view.geometry, asked.view.properties, asked.view.crs)
    counts: dict[str, int] = {}
    async with reading(request) as connection:
        wanted = asked.wanted
        if wanted.at is None:
            wanted = replace(wanted, at=await version_at(connection, asked.as_of))
        page = await events.page(connection, wanted, asked.view, written, asked.cursor)
        if asked.view.count is not CountWanted.NONE and page.version is not None:
            # Of the version that the page is of, or else a number would not go with what it numbers.
            wanted = replace(wanted, at=page.version) if asked.cursor else wanted
        if asked.view.count is CountWanted.EXACT:
            counts = {"numberMatched": await events.count(connection, wanted)}
        elif asked.view.count is CountWanted.ESTIMATED:
            counts = {"numberEstimated": await events.estimate(connection, wanted)}
    return page, counts


def after(asked: Question, page: Page) -> Cursor | None:
    """Where the next page begins, if there is one. It is of the version that page 1 was of, so that all pages are one answer."""
    if page.after is None or page.version is None:
        return None
    version = asked.cursor.version if asked.cursor else page.version
    return Cursor(question=asked.fingerprint, version=version, after=page.after)
