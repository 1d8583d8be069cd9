"""Answers: bytes with an ETag, compressed where that is wanted, or 304 where the client has them already."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response

from app import __version__

COMPRESS_FROM = 1_000
"""Bytes. Below, the headers weigh more than what is saved."""
THREAD_FROM = 200_000
"""Bytes. Above, compressing takes milliseconds, which others would have to wait for."""
LEVEL = 4
"""Measured on pages of events: 1 % larger than level 6 in half the time."""

CACHE = "public, max-age=0, must-revalidate"
"""Kept, but asked about each time: the ETag answers in less than a millisecond."""


def list_etag(request: Request, version: int) -> str:
    """The weak ETag of a list: the data version, the software and the address, which is the question and the form of its answer.

    It is known before the rows are read. Rows that are newer than it do no harm: the next answer has another ETag.
    """
    seed = f"{version}\n{__version__}\n{request.url}\n{request.headers.get('accept', '')}"
    return f'W/"{hashlib.sha256(seed.encode()).hexdigest()[:24]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the client has what bears this ETag (RFC 9110, 13.1.2: weak comparison)."""
    header = request.headers.get("if-none-match")
    if not header:
        return False
    known = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return "*" in known or etag.removeprefix("W/") in known


def not_modified(etag: str) -> Response:
    """304, without a body."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": CACHE, "Vary": "Accept, Accept-Encoding"})


async def answer(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    etag: str | None = None,
    links: Iterable[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a read: cacheable, with its links as headers too (RFC 8288), compressed if the client takes gzip."""
    sent = {"Cache-Control": CACHE, "Vary": "Accept, Accept-Encoding", **(headers or {})}
    if etag:
        sent["ETag"] = etag
    if header := ", ".join(_link(link) for link in links if "method" not in link):
        sent["Link"] = header
    if len(body) >= COMPRESS_FROM and takes_gzip(request):
        sent["Content-Encoding"] = "gzip"
        body = gzip.compress(body, LEVEL, mtime=0) if len(body) < THREAD_FROM else await asyncio.to_thread(_compress, body)
    return Response(body, media_type=media_type, headers=sent)


def takes_gzip(request: Request) -> bool:
    """Whether the client accepts gzip (RFC 9110, 12.5.3)."""
    for part in request.headers.get("accept-encoding", "").split(","):
        coding, _, quality = part.partition(";")
        if coding.strip().lower() in {"gzip", "*"} and quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            return True
    return False


def _compress(body: bytes) -> bytes:
    return gzip.compress(body, LEVEL, mtime=0)


def _link(link: Mapping[str, Any]) -> str:
    return f'<{link["href"]}>; rel="{link["rel"]}"; type="{link["type"]}"'


def address(request: Request, path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """An absolute address on this service."""
    query = urlencode(list(pairs), quote_via=quote, safe=",:/.()*")
    return f"{str(request.base_url).rstrip('/')}{path}{'?' if query else ''}{query}"
