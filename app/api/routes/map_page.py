"""The map page: what a browser gets at `/`, the same without chrome at `/embed`, and its files under `/map`."""

from __future__ import annotations

import asyncio
import hashlib
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response

from app import __version__
from app.api import answers
from app.api.answers import CACHE, FOR_EVER, VARY
from app.api.negotiation import HTML
from app.errors import NotFound
from app.formats import frontend

router = APIRouter(include_in_schema=False)


@router.api_route("/embed", methods=["GET", "HEAD"])
async def embed(request: Request) -> Response:
    """The map without chrome, for a frame on any page."""
    return await answer(request, embedded=True)


@router.api_route("/map/{version}/{name:path}", methods=["GET", "HEAD"])
async def file(request: Request, version: str, name: str) -> Response:
    """A file of the page. Its address has the version in it: under that of today it may be kept for ever."""
    # MapLibre asks for its worker with its own version behind a question mark.
    found = await asyncio.to_thread(frontend.read, name)
    if found is None:
        raise NotFound(f"The map page has no file '{name[:60]}'.", parameter="name")
    headers = {
        "Cache-Control": FOR_EVER if version == frontend.version() else CACHE,
        "Vary": VARY,
        "X-Content-Type-Options": "nosniff",
    }
    if not answers.takes_gzip(request):
        return Response(found.plain, media_type=found.media_type, headers=headers)
    return Response(
        found.packed, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"}
    )


async def answer(request: Request, *, embedded: bool = False) -> Response:
    """The page itself. What is asked stands in its address, and its script reads it there."""
    settings = request.app.state.settings
    basemap, mistakes = settings.basemap_url, settings.mistakes_url
    theirs = settings.basemap_credits
    version, root = frontend.version(), answers.base(request)
    kept = hashlib.blake2b(
        f"{version} {__version__} {root} {basemap} {theirs} {mistakes} {embedded}".encode(), digest_size=12
    )
    etag = f'W/"{kept.hexdigest()}"'
    if answers.is_known(request, etag):
        return answers.not_modified(etag)
    body = frontend.page(
        root=root,
        files=f"{root}/map/{version}",
        basemap=basemap,
        credits=theirs,
        mistakes=mistakes,
        embedded=embedded,
        missing=frontend.missing(),
    )
    headers = {
        "Content-Security-Policy": policy(basemap, embedded=embedded),
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return await answers.answer(request, body, HTML.media_type, etag=etag, headers=headers)


def policy(basemap: str | None, *, embedded: bool) -> str:
    """What the page may load: only what stands here, and the operator's base map if there is one.

    >>> policy("https://tiles.example/{z}/{x}/{y}.png", embedded=False).split("; ")[3]
    "connect-src 'self' https://tiles.example"
    """
    there = ""
    if basemap:
        parts = urlsplit(basemap)
        there = f" {parts.scheme}://{parts.netloc}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "worker-src 'self' blob:",
            f"connect-src 'self'{there}",
            f"img-src 'self' data: blob:{there}",
            "style-src 'self'",
            f"font-src 'self'{there}",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {'*' if embedded else chr(39) + 'self' + chr(39)}",
        )
    )
