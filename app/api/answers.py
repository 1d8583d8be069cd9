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
from app.domain.cursors import Cursor

COMPRESS_FROM = 1_000
"""Bytes. Below, the headers weigh more than what is saved."""
THREAD_FROM = 200_000
"""Bytes. Above, compressing takes milliseconds, which others would have to wait for."""
LEVEL = 4
"""Measured on pages of events: 1 % larger than level 6 in half the time."""
LONGEST_LINK = 2_000
"""Characters of an address that is repeated in a header: proxies refuse answers with long headers (nginx from 4 kB on)."""
SHORT_LINK = 200
"""Characters of an address that is repeated for each of many formats."""

CACHE = "public, max-age=0, must-revalidate"
"""Kept, but asked about each time: the ETag answers in less than a millisecond."""
FOR_EVER = "public, max-age=31536000, immutable"
"""Of what never changes: kept for a year without asking."""
VARY = "Accept, Accept-Encoding"

MADE_FOR = "sitrep.made_for"
"""Where in a request's scope `list_etag` notes the version and the ETag, for the door (`api.door`)."""

Link = dict[str, Any]


def list_etag(request: Request, version: int, media_type: str) -> str:
    """The weak ETag of a list: the data version, the software, the form of the answer and the address, which is the question.

    It is known before the rows are read. Rows that are newer than it do no harm: the next answer has another ETag.
    """
    scope = request.scope
    asked = f"{version}\n{__version__}\n{media_type}\n{base(request)}{scope['path']}?"
    etag = f'W/"{hashlib.blake2b(asked.encode() + scope["query_string"], digest_size=12).hexdigest()}"'
    if (made := scope.get(MADE_FOR)) is not None:
        made.append((version, etag))
    return etag


def is_known(request: Request, etag: str) -> bool:
    """Whether the client has what bears this ETag."""
    return has(request.headers.get("if-none-match", ""), etag)


def has(if_none_match: str, etag: str) -> bool:
    """Whether the header names this ETag (RFC 9110, 13.1.2: weak comparison)."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag.removeprefix("W/") in known


def not_modified(etag: str, cache: str = CACHE) -> Response:
    """304, without a body."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": cache, "Vary": VARY})


async def answer(
    request: Request,
    body: bytes,
    media_type: str,
    *,
    status: int = 200,
    etag: str | None = None,
    links: Iterable[Link] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer to a read: cacheable, with its links as headers too (RFC 8288), compressed if the client takes gzip."""
    sent = {"Cache-Control": CACHE, "Vary": VARY}
    if etag:
        sent["ETag"] = etag
    if shown := link_header(links):
        sent["Link"] = shown
    sent.update(headers or {})
    if len(body) >= COMPRESS_FROM and takes_gzip(request):
        sent["Content-Encoding"] = "gzip"
        body = compress(body) if len(body) < THREAD_FROM else await asyncio.to_thread(compress, body)
    return Response(body, status, media_type=media_type, headers=sent)


def compress(body: bytes) -> bytes:
    """As gzip, alike whenever it is done."""
    return gzip.compress(body, LEVEL, mtime=0)


def takes_gzip(request: Request) -> bool:
    """Whether the client accepts gzip (RFC 9110, 12.5.3)."""
    wanted = _weights(request.headers.get("accept-encoding", ""))
    return wanted.get("gzip", wanted.get("x-gzip", wanted.get("*", 0.0))) > 0


def link(rel: str, media_type: str, href: str) -> Link:
    """A link as the body shows it."""
    return {"rel": rel, "type": media_type, "href": href}


def link_header(links: Iterable[Link], longest: int = LONGEST_LINK) -> str:
    """Links as a header (RFC 8288), but for those whose address has more characters than the longest."""
    return ", ".join(_header(one) for one in links if "method" not in one and len(one["href"]) <= longest)


def address(request: Request, path: str, pairs: Iterable[tuple[str, str]] = ()) -> str:
    """An absolute address on this service, escaped (RFC 3986), and as readable as that allows."""
    query = urlencode(list(pairs), quote_via=quote, safe=",:/.()*")
    return f"{base(request)}{quote(path)}{'?' if query else ''}{query}"


def next_page(
    request: Request, media_type: str, path: str, pairs: Iterable[tuple[str, str]], cursor: Cursor
) -> Link:
    """The link to the page that begins at the cursor: the same question otherwise."""
    others = [(name, value) for name, value in pairs if name != "cursor"]
    return link("next", media_type, address(request, path, [*others, ("cursor", cursor.encode())]))


def base(request: Request) -> str:
    """The address of this service as its caller knows it: scheme, host, and the path that a proxy puts before ours."""
    return str(request.base_url).rstrip("/")


def _weights(header: str) -> dict[str, float]:
    """What a header such as `Accept` lists, in lower case, with the weight of each; a weight that is none counts as 1."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, *settings = (one.strip() for one in part.split(";"))
        given = next((one[2:] for one in settings if one.startswith("q=")), "1")
        try:
            weights[name] = float(given)
        except ValueError:
            weights[name] = 1.0
    return weights


def _header(one: Link) -> str:
    kind = f'; type="{one["type"]}"' if "type" in one else ""
    return f'<{one["href"]}>; rel="{one["rel"]}"{kind}'
