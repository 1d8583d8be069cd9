"""Answers that are JSON or a page for people, by what the client wants: one body, told in two forms."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import Request, Response

from app.api import answers, values
from app.api.answers import Link, base
from app.api.negotiation import HTML, JSON, Offer, alternates, choose
from app.formats import html

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
}
"""A page loads nothing and runs nothing; its style stands in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks, before anything is read: its parameters, and the form in which it is answered."""

    path: str
    pairs: list[tuple[str, str]]
    values: Mapping[str, list[str]]
    offers: Sequence[Offer]
    offer: Offer


def asked(
    request: Request,
    parameters: Collection[str] | None,
    offers: Sequence[Offer] = (JSON, HTML),
    path: str | None = None,
) -> Asked:
    """What a request asks. Raises a Problem for a parameter that is none of these, and for a form that is not offered.

    Without `parameters` whoever reads them looks at their names.
    """
    pairs = values.pairs(request)
    by_name = values.by_name(pairs)
    if parameters is not None:
        values.check(by_name, parameters)
    return Asked(
        # The path that a proxy puts before ours is part of `base` already.
        path=path or request.scope["path"].removeprefix(request.scope.get("root_path", "")),
        pairs=pairs,
        values=by_name,
        offers=offers,
        offer=choose(request, by_name, offers),
    )


async def answer(
    request: Request,
    found: Asked,
    body: Mapping[str, Any],
    page: str,
    *,
    links: Iterable[Link] = (),
    etag: str | None = None,
    headers: Mapping[str, str] | None = None,
    **told: Any,
) -> Response:
    """The body as JSON, with links to itself and its other forms before those that are given, or on a page.

    `told` is what the page needs beside it.
    """
    linked = [*alternates(request, found.path, found.pairs, found.offers, found.offer), *links]
    if found.offer is HTML:
        # Half a millisecond a row, which others would have to wait for.
        written = await asyncio.to_thread(page_of, request, found, page, {**body, "links": linked}, **told)
        return await answers.answer(
            request,
            written,
            HTML.media_type,
            etag=etag,
            links=linked,
            headers={**PAGE_HEADERS, **(headers or {})},
        )
    written = orjson.dumps({**body, "links": linked}, default=str)
    return await answers.answer(
        request, written, found.offer.media_type, etag=etag, links=linked, headers=headers
    )


def page_of(request: Request, found: Asked, page: str, body: Mapping[str, Any], **told: Any) -> bytes:
    """The page of a body: the template has it as `body`, with the address of this service as `root` and the trail that leads there."""
    return html.render(page, body=body, root=base(request), trail=trail(request, found.path), **told).encode()


def trail(request: Request, path: str) -> list[tuple[str, str]]:
    """The addresses above a path, with the last part of each as its name."""
    parts = path.strip("/").split("/")
    return [
        (part, f"{base(request)}/{'/'.join(parts[:place])}") for place, part in enumerate(parts, 1) if part
    ]
