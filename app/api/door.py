"""The door: what was answered at this version of the data is answered again before anything is parsed.

A client that has an answer, or asks for a tile that is kept, needs nothing of the application but a look at the data version. Behind the
routes that costs a millisecond of processor; here a tenth of one.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.answers import MADE_FOR, has

REMEMBERED = 10_000
"""Addresses, of about a kilobyte each."""
LONGEST = 4_000
"""Bytes of an address and of what was told with it. Longer ones may have 64 kB, and are not remembered."""
_TELLING = frozenset({b"host", b"accept", b"accept-encoding"})
"""The headers on which an answer depends."""
_OF_304 = frozenset(
    {b"etag", b"cache-control", b"vary", b"access-control-allow-origin", b"access-control-expose-headers"}
)
_SIZE = b"content-length"

Address = tuple[Any, ...]
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Answered:
    version: int
    etag: str
    status: int
    headers: Headers


class Door:
    """Answers GET where the ETag is made of the data version and the address (`answers.list_etag`) and neither has changed since."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._answered: OrderedDict[Address, _Answered] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        told = [one for one in scope["headers"] if one[0] in _TELLING]
        # Which other origin does not matter: all may.
        elsewhere = any(name == b"origin" for name, _ in scope["headers"])
        asked = (
            scope.get("scheme"),
            scope.get("root_path"),
            scope["path"],
            scope["query_string"],
            elsewhere,
            *told,
        )
        if len(scope["path"]) + len(scope["query_string"]) + sum(len(value) for _, value in told) > LONGEST:
            await self.app(scope, receive, send)
            return
        before = self._answered.get(asked)
        if before and (again := _again(scope, before)) and await _version(scope) == before.version:
            self._answered.move_to_end(asked)
            status, headers, body = again
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        made: list[tuple[int, str]] = []
        scope[MADE_FOR] = made

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and made and message["status"] in {200, 204, 304}:
                version, etag = made[0]
                headers = list(message["headers"])
                if (b"etag", etag.encode()) in headers:
                    self._remember(asked, _Answered(version, etag, message["status"], headers))
            await send(message)

        await self.app(scope, receive, watched)

    def _remember(self, asked: Address, answered: _Answered) -> None:
        self._answered[asked] = answered
        self._answered.move_to_end(asked)
        if len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)


def _again(scope: Scope, before: _Answered) -> tuple[int, Headers, bytes] | None:
    """What was answered before, as it is answered now, if that needs no work: 304, or a tile that is kept."""
    known = next((value for name, value in scope["headers"] if name == b"if-none-match"), None)
    if known and has(known.decode("latin-1"), before.etag):
        return 304, [one for one in before.headers if one[0] in _OF_304], b""
    if before.status == 304:
        return None
    kept: bytes | None = scope["app"].state.tiling.made.known(before.etag)
    if kept is None or before.status == 204:
        return None if kept is None else (204, before.headers, b"")
    zipped = any(name == b"content-encoding" for name, _ in before.headers)
    body = kept if zipped else gzip.decompress(kept)
    others = [one for one in before.headers if one[0] != _SIZE]
    return 200, [*others, (_SIZE, str(len(body)).encode())], body


async def _version(scope: Scope) -> int | None:
    """The data version now; None where it cannot be told, which the routes then find as well, and say in words."""
    try:
        return int((await scope["app"].state.knowledge.now()).version)
    except Exception:  # noqa: BLE001 - nothing is lost: the same is asked again behind the door
        return None
