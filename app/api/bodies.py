"""Bodies of requests: JSON objects whose members are parameters."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import orjson
from fastapi import Request

from app.api import values
from app.errors import BadBody, BadParameter, TooLarge, UnsupportedMediaType

MAX_BODY = 1_000_000
"""Bytes. Ten thousand corners of a shape need less than half."""


def refuse_query(request: Request) -> None:
    """Refuse parameters in the address, where they stand in the body."""
    if request.scope["query_string"]:
        given = list(values.by_name(values.pairs(request)))
        raise BadParameter(
            "The parameters stand in the body here, none in the address.",
            parameter=given[0][:60] if given else None,
        )


def _refuse_repeated(raw: bytes | bytearray) -> None:
    """Refuse a member that stands twice, of which JSON readers keep the last: one of the two would be ignored."""

    def once(pairs: list[tuple[str, Any]]) -> None:
        names = [name for name, _ in pairs]
        if len(names) != len(set(names)):
            repeated = next(name for name in names if names.count(name) > 1)
            raise BadBody(
                f"'{repeated[:60]}' stands twice in the body. Give it once; for several values a list."
            )

    with suppress(RecursionError):  # what is nested so deep is told by whoever reads it
        json.loads(raw, object_pairs_hook=once)


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object that a request has as its body. Raises a Problem where it is none."""
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type not in {"application/json", "application/geo+json"}:
        raise UnsupportedMediaType(f"The body is application/json, not {media_type[:60]}.")
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise TooLarge(f"The body has at most {MAX_BODY} bytes. Simplify the shape.")
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadBody(f"The body is not JSON: {error}.") from error
    _refuse_repeated(raw)
    if not isinstance(body, dict):
        raise BadBody(
            'The body is a JSON object with the parameters of /events as members: {"region": "AF-KDZ", "match": "possible"}.'
        )
    return body
