"""Whatever is sent to the door, it answers: 200 or a problem, and never 500."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote_from_bytes

import orjson
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message

from app.api.grammar import (
    ACTOR_PARAMETERS,
    CHANGE_PARAMETERS,
    EVENT_PARAMETERS,
    REGION_PARAMETERS,
    STREAM_PARAMETERS,
)
from app.api.grammar_evidence import (
    AS_OF_PARAMETERS,
    DOCUMENT_PARAMETERS,
    FIGURE_PARAMETERS,
    WHOLE_EVENT_PARAMETERS,
)
from tests.world import MakeEvent

ONE = "5d83c4b8-e0ed-59d6-a0f9-4aada8218dc7"
MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = {
    "/events": EVENT_PARAMETERS,
    "/regions": REGION_PARAMETERS,
    "/actors": ACTOR_PARAMETERS,
    "/documents": DOCUMENT_PARAMETERS,
    "/figures": FIGURE_PARAMETERS,
    f"/events/{ONE}": WHOLE_EVENT_PARAMETERS,
    f"/events/{ONE}/claims": AS_OF_PARAMETERS,
    f"/documents/{ONE}": AS_OF_PARAMETERS,
    "/changes": CHANGE_PARAMETERS,
    "/changes/stream": STREAM_PARAMETERS,
}
FOLDERS = ["/events/", "/regions/", "/documents/", "/figures/", "/actors/", "/snapshots/", "/problems/", "/"]
ODD = st.sampled_from(
    [
        "", " ", ",", ",,", "/", "..", "../..", "-", "+", "1e400", "-1e400", "1" + "0" * 30, "9" * 400, "nan", "inf", "٣", "１", "0x10",
        "1_0", "-0", "1e-400", "\0", "\U0010ffff", "\ufffe", "%", "_", "\\", "'", '"', '"(', "-OR", "OR OR", "a" * 2_000, "AF,AF",
        "fips:", "fips:AF", "0001-01-01", "9999-12-31", "0000-01-01", "9999-12-31/P1D", "0001-01-01/..", "2021-08-08T24:00:00Z",
        "2021-08-08T23:59:60Z", "-180,-90,180,90", "180,0,-180,0", "0,0,0,0", "-180,90,180,90", "180,90", "0,-90", "9900km", "0.0001",
        "POINT(0 0)", "POINT Z(0 0 NaN)", "POINT(NaN NaN)", "LINESTRING(0 0,0 0)", "POLYGON((0 0,1 0,1 1,0 0))", "MULTIPOINT((0 0),EMPTY)",
        "GEOMETRYCOLLECTION(POINT(0 0))", "CIRCULARSTRING(0 0,1 1,2 0)", "CURVEPOLYGON((0 0,1 0,1 1,0 0))", "SRID=4326;POINT(0 0)", "TIN EMPTY",
        '{"type":"Point"}', '{"type":"Point","coordinates":[1e400,0]}', '{"type":"Point","coordinates":["a"]}',
        '{"type":"MultiPolygon","coordinates":[]}', '{"type":"Feature"}', "true", "extent", "estimated", "exact", "possible", "definite",
        "-deaths_best,first_day", "deaths_best", "battle", "desk", "AF-KDZ", "Kunduz", "2021-08-08", "50km", "68,36", "2147483647", "title",
    ]
)  # fmt: skip
VALUES = st.one_of(ODD, st.text(max_size=40), st.integers().map(str), st.floats().map(str))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False), VALUES),
    lambda parts: st.one_of(st.lists(parts, max_size=4), st.dictionaries(st.one_of(st.sampled_from(["type", "coordinates", "geometries"]), VALUES), parts, max_size=3)),
    max_leaves=12,
)  # fmt: skip


async def _asked(
    app: FastAPI, method: str, path: str, *, query: bytes = b"", body: bytes = b"", headers: Any = ()
) -> tuple[int, dict[str, str]]:
    """The status and headers of an answer. Straight to the application: a client would tidy up what is asked."""
    sent: list[Message] = []
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        # Then it waits for ever: whoever asks does not hang up.
        return unread.pop() if unread else await asyncio.Future()

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": path,
        "raw_path": path.encode(errors="replace"), "root_path": "", "query_string": query, "headers": [(b"host", b"sitrep.test"), *headers],
        "client": ("127.0.0.1", 1), "server": ("sitrep.test", 80), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return sent[0]["status"], {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}


def _answered(status: int, headers: dict[str, str]) -> None:
    assert status < 500
    assert (headers["content-type"] == "application/problem+json") == (status >= 400)


def _query(pairs: list[tuple[str, str]]) -> bytes:
    def written(text: str) -> str:
        return quote_from_bytes(text.encode(errors="surrogatepass"))

    return "&".join(f"{written(name)}={written(value)}" for name, value in pairs).encode()


@pytest.mark.parametrize("path", NAMES)
@MANY
@given(data=st.data())
async def test_any_values_of_known_parameters_are_answered(
    app: FastAPI, make_event: MakeEvent, path: str, data: st.DataObject
) -> None:
    app.state.streams.stop()  # or a stream that is begun would have no end
    names = st.sampled_from(list(NAMES[path]))
    pairs = data.draw(st.lists(st.tuples(names, VALUES), max_size=3, unique_by=lambda pair: pair[0]))
    _answered(*await _asked(app, "GET", path, query=_query(pairs)))


@MANY
@given(query=st.one_of(st.binary(max_size=60), st.text(alphabet="&=%;+ab0F\0", max_size=60).map(str.encode)))
async def test_any_bytes_of_a_query_string_are_answered(app: FastAPI, query: bytes) -> None:
    for path in ("/events", "/regions/AF", "/", "/nothing"):
        _answered(*await _asked(app, "GET", path, query=query))


@MANY
@given(body=st.dictionaries(st.one_of(st.sampled_from(list(EVENT_PARAMETERS)), VALUES), JSON, max_size=3))
async def test_any_json_is_answered(app: FastAPI, body: dict[str, Any]) -> None:
    try:
        raw = orjson.dumps(body)
    except TypeError:  # orjson writes no lone surrogates
        return
    for path in ("/events/search", "/snapshots"):
        _answered(*await _asked(app, "POST", path, body=raw))


@MANY
@given(body=st.binary(max_size=80))
async def test_any_bytes_of_a_body_are_answered(app: FastAPI, body: bytes) -> None:
    for path in ("/events/search", "/snapshots"):
        _answered(*await _asked(app, "POST", path, body=body))


@MANY
@given(
    segment=st.text(max_size=30),
    folder=st.sampled_from(FOLDERS),
    rest=st.sampled_from(["", "/claims", "/estimates", "/history", "/items", "/verify"]),
)
async def test_any_path_is_answered(app: FastAPI, segment: str, folder: str, rest: str) -> None:
    path = folder + segment.encode(errors="replace").decode() + rest
    status, headers = await _asked(app, "GET", path)
    if status != 307:
        _answered(status, headers)


@MANY
@given(
    name=st.sampled_from([b"accept", b"accept-encoding", b"if-none-match", b"content-type", b"host", b"origin"]),
    value=st.one_of(st.binary(max_size=40), st.sampled_from([b"*", b";q=", b"gzip;q=nan", b"gzip;q=inf", b",,,;;;"])),
)  # fmt: skip
async def test_any_header_is_answered(app: FastAPI, name: bytes, value: bytes) -> None:
    _answered(*await _asked(app, "GET", "/events", headers=[(name, value)]))
    _answered(*await _asked(app, "POST", "/events/search", body=b"{}", headers=[(name, value)]))


async def test_thousands_of_parameters_and_very_long_values_are_answered(app: FastAPI) -> None:
    for query in (
        b"&".join(b"a=1" for _ in range(100_000)),
        b"&" * 100_000,
        b"actor=a&" * 900,
        b"region=AF&" * 900,
        b"region=" + b"AF," * 20_000 + b"AF",
        b"type=" + b"battle," * 20_000 + b"riot",
        b"q=" + b"a%20" * 240,
        b"q=" + b"-" * 900 + b"a",
        b"q=" + b'"' * 900 + b"a",
        b"intersects=" + b"(" * 100_000,
        b"bbox=" + b"1," * 100_000,
        b"sortby=" + b"id," * 10_000 + b"id",
        b"datetime=" + b"1" * 100_000,
        b"cursor=" + b"W" * 100_000,
    ):
        _answered(*await _asked(app, "GET", "/events", query=query))
