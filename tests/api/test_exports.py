"""Whole results over a socket: the first byte, clients that go away or read no more, and what fails half-way."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx
import pyarrow as pa
import pytest
from fastapi import FastAPI
from pyarrow import parquet
from sqlalchemy import Text, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.api import exports
from app.api.access import prepare_columns
from app.api.exports import Exports
from app.formats.catalogue import BY_NAME
from app.main import create_app
from app.queries.copying import copy
from app.settings import Settings
from tests.api.asking import problem
from tests.api.serving import Served, serving, until
from tests.world import Made, load_world, put

MANY = 12_000
"""Events: more than fit into all buffers between PostgreSQL and a client that does not read."""
COPIES = (
    "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY %' AND state = 'active'"
)
FILL = """
INSERT INTO event (id, dataset, source_key, type, title, summary, first_day, last_day, date_precision, precision, geom, extent_region,
    side_a, deaths_state, version, search)
SELECT gen_random_uuid(), 'desk', n::text, 'battle', 'Event ' || n, repeat('Nothing of this happened. ', 40), date '2000-01-01' + n % 5000,
    date '2000-01-01' + n % 5000, 'day', 'settlement', ST_SetSRID(ST_MakePoint(n % 300 - 150, n % 100 - 50), 4326), 'AF', '{Army}',
    'not_reported', 1, ''
FROM generate_series(1, :count) AS n
"""


@pytest.fixture(scope="module")
async def filled(module_database: str) -> str:
    engine = create_async_engine(module_database)
    async with engine.begin() as connection:
        await load_world(connection)
        await connection.execute(text(FILL), {"count": MANY})
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE event"))
    await engine.dispose()
    return module_database


@pytest.fixture
async def watcher(filled: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(filled, isolation_level="AUTOCOMMIT")
    yield engine
    await engine.dispose()


@pytest.fixture
def app(filled: str) -> FastAPI:
    return create_app(Settings(database_url=filled))


@pytest.fixture
async def server(app: FastAPI) -> AsyncIterator[Served]:
    async with serving(app) as served:
        # Columns are read by COPY too, at the start.
        await prepare_columns(app)
        yield served


async def copies(watcher: AsyncEngine) -> int:
    async with watcher.connect() as connection:
        return int(await connection.scalar(text(f"SELECT count(*) {COPIES}")) or 0)


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are taken slowly from the database, so that a statement is still at work when a test comes to end it."""
    add = exports._Lot.add

    async def added(lot: exports._Lot, rows: bytes) -> None:
        await add(lot, rows)
        await asyncio.sleep(0.3)

    monkeypatch.setattr(exports._Lot, "add", added)


async def begun(client: socket.socket) -> None:
    """Wait until the answer has begun."""
    client.settimeout(60)
    await asyncio.to_thread(client.recv, 1, socket.MSG_PEEK)


@contextlib.contextmanager
def deaf(server: Served, path: str) -> Iterator[socket.socket]:
    """A client that asks and does not read."""
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((server.host, server.port))
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n\r\n".encode())
        yield client


async def rest(client: socket.socket) -> bytes:
    """What a client receives until the connection ends."""
    client.settimeout(10)
    parts: list[bytes] = []
    with contextlib.suppress(ConnectionResetError):
        while part := await asyncio.to_thread(client.recv, 1 << 20):
            parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("name", BY_NAME)
async def test_the_first_byte_comes_long_before_the_last(server: Served, name: str) -> None:
    await server.client.get(f"/events.{name}?deaths_min=1")  # what is loaded once is loaded
    began = time.monotonic()
    async with server.client.stream("GET", f"/events.{name}") as answer:
        parts = answer.aiter_raw()
        first = await anext(parts)
        took = time.monotonic() - began
        rest = [part async for part in parts]
    assert first
    assert took < 1  # seconds; a fifth of one on a machine that does nothing else (bench/formats.py)
    assert rest
    assert answer.headers["content-disposition"] == f'attachment; filename="events.{name}"'
    assert "content-length" not in answer.headers


async def test_a_whole_result_is_complete_and_in_order(server: Served) -> None:
    lines = (await server.client.get("/events.geojsonl?properties=first_day")).text.splitlines()
    days = [json.loads(line)["properties"]["first_day"] for line in lines]
    assert len(days) == MANY
    assert days == sorted(days, reverse=True)
    table = parquet.read_table(io.BytesIO((await server.client.get("/events.parquet")).content))
    assert table.column("first_day").to_pylist()[0].isoformat() == days[0]
    assert len(table) == MANY


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "parquet"])
async def test_it_is_compressed_for_whom_takes_it_and_flushed_at_once(server: Served, name: str) -> None:
    plain = (
        await server.client.get(f"/events.{name}?sortby=id", headers={"Accept-Encoding": "identity"})
    ).content
    async with server.client.stream(
        "GET", f"/events.{name}?sortby=id", headers={"Accept-Encoding": "gzip"}
    ) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    unpacked = gzip.decompress(raw)
    # Where an Arrow stream's batches begin depends on when rows came.
    assert _same(unpacked, plain) if name == "arrow" else unpacked == plain
    assert len(raw) < len(plain) / 2


def _same(one: bytes, other: bytes) -> bool:
    return bool(pa.ipc.open_stream(one).read_all().equals(pa.ipc.open_stream(other).read_all()))


async def test_parquet_is_compressed_already(server: Served) -> None:
    answer = await server.client.get("/events.parquet", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


async def test_others_are_answered_while_it_is_sent(server: Served) -> None:
    sending = asyncio.create_task(server.client.get("/events.geojson", headers={"Accept-Encoding": "gzip"}))
    longest = 0.0
    while not sending.done():
        began = time.monotonic()
        await server.client.get("/health")
        longest = max(longest, time.monotonic() - began)
    assert longest < 1  # seconds
    assert (await sending).status_code == 200


@pytest.mark.parametrize("name", ["geojson", "csv", "arrow", "fgb"])
async def test_a_client_that_goes_away_ends_the_statement(
    server: Served, app: FastAPI, watcher: AsyncEngine, slowly: None, name: str
) -> None:
    with deaf(server, f"/events.{name}"):
        await until(lambda: copies(watcher), 1)
    await until(lambda: copies(watcher), 0)

    async def open_() -> int:
        return int(app.state.exports.open)

    await until(open_, 0)
    assert (await server.client.get(f"/events.{name}?deaths_min=1")).status_code == 200


@pytest.mark.parametrize("name", BY_NAME)
async def test_what_fails_half_way_ends_without_an_end(
    server: Served, watcher: AsyncEngine, caplog: pytest.LogCaptureFixture, slowly: None, name: str
) -> None:
    with deaf(server, f"/events.{name}") as client:
        await begun(client)
        assert await copies(watcher) == 1
        async with watcher.connect() as connection:
            assert await connection.scalar(text(f"SELECT count(pg_terminate_backend(pid)) {COPIES}")) == 1
        received = await rest(client)
    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    # Chunked, and without the chunk that says that it is all.
    assert b"transfer-encoding: chunked" in head
    assert not received.endswith(b"0\r\n\r\n")
    assert b"PAR1" not in body[20:]
    assert b"]}" not in body[-20:]
    assert f"/events.{name} was cut off after" in caplog.text
    assert (await server.client.get("/health")).status_code == 200


async def test_clients_notice_that_it_was_cut_off(server: Served, watcher: AsyncEngine, slowly: None) -> None:
    async def read() -> None:
        async with server.client.stream("GET", "/events.geojsonl") as answer:
            async for _ in answer.aiter_raw():
                async with watcher.connect() as connection:
                    await connection.execute(text(f"SELECT pg_terminate_backend(pid) {COPIES}"))

    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        await read()


async def test_what_fails_before_the_first_row_is_a_problem(
    server: Served, app: FastAPI, watcher: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.exports.BEGIN_S", 10)  # however busy this machine is
    answer = await server.client.get("/events.csv?region=Nowhere")
    assert problem(answer) == (400, "bad-parameter", "region")
    async with watcher.connect() as connection:
        await connection.execute(text("ALTER TABLE extent RENAME TO gone"))
        try:
            answer = await server.client.get("/events.csv?bbox=0,0,1,1")
        finally:
            await connection.execute(text("ALTER TABLE gone RENAME TO extent"))
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert app.state.exports.open == 0


async def test_who_does_not_read_is_cut_off(
    app: FastAPI, watcher: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    app.state.exports = Exports(stalled=timedelta(milliseconds=300))
    async with serving(app) as server:
        for name in ("geojsonl", "arrow", "fgb"):
            with deaf(server, f"/events.{name}"):
                began = time.monotonic()

                async def open_() -> int:
                    return int(app.state.exports.open)

                await until(open_, 1)
                await until(open_, 0)
                await until(lambda: copies(watcher), 0)
                assert time.monotonic() - began < 4
            assert f"/events.{name} was cut off after" in caplog.text


async def test_one_too_many_is_refused_until_another_ends(app: FastAPI, watcher: AsyncEngine) -> None:
    app.state.exports = Exports(most=2)
    async with serving(app) as server:
        with deaf(server, "/events.csv"), deaf(server, "/events.geojson"):
            await until(lambda: copies(watcher), 2)
            refused = await server.client.get("/events.csv")
            assert problem(refused) == (503, "too-many-exports", None)
            assert int(refused.headers["retry-after"]) > 0
            # Pages and heads have connections of their own.
            assert (await server.client.get("/events?limit=1")).status_code == 200
            assert (await server.client.head("/events.csv")).status_code == 200
        await until(lambda: copies(watcher), 0)
        assert (await server.client.get("/events.csv?deaths_min=1")).status_code == 200


async def test_what_the_client_has_is_not_sent_again(server: Served, watcher: AsyncEngine) -> None:
    first = await server.client.head("/events.csv")
    again = await server.client.get("/events.csv", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await server.client.head("/events.arrow")
    assert other.headers["etag"] != first.headers["etag"]


async def test_a_head_has_the_headers_and_reads_nothing(server: Served, watcher: AsyncEngine) -> None:
    head = await server.client.head("/events.parquet?deaths_min=1")
    got = await server.client.get("/events.parquet?deaths_min=1")
    ignored = {"date", "transfer-encoding"}
    assert {name: one for name, one in head.headers.items() if name not in ignored} == {
        name: one for name, one in got.headers.items() if name not in ignored
    }
    assert got.links["describedby"]["url"].endswith("/collections/events/schema")
    assert head.content == b""


async def test_a_snapshot_of_the_database_is_one(server: Served, watcher: AsyncEngine) -> None:
    """What is written while it is sent is not in it."""
    with deaf(server, "/events.geojsonl?properties=title&sortby=first_day") as client:
        await until(lambda: copies(watcher), 1)
        async with watcher.connect() as connection:
            ids = await put(connection, Made(day="2030-01-01", title="Written meanwhile"))
        received = await asyncio.wait_for(_until_end(client), 30)
        async with watcher.connect() as connection:
            await connection.execute(text("DELETE FROM event WHERE id = :id"), {"id": ids[0]})
    assert b"Written meanwhile" not in received
    assert received.endswith(b"0\r\n\r\n")


async def _until_end(client: socket.socket) -> bytes:
    client.settimeout(10)
    received = bytearray()
    while not received.endswith(b"0\r\n\r\n"):
        part = await asyncio.to_thread(client.recv, 1 << 20)
        if not part:
            break
        received += part
    return bytes(received)


async def test_an_arrow_stream_can_be_read_while_it_comes(server: Served) -> None:
    answer = await server.client.get("/events.arrow?sortby=id")
    reader = pa.ipc.open_stream(answer.content)
    assert sum(len(batch) for batch in reader) == MANY


async def test_an_unknown_ending_and_parameters_of_pages_are_refused(server: Served) -> None:
    answer = await server.client.get("/events.xlsx")
    assert problem(answer) == (404, "not-found", None)
    assert "csv" in answer.json()["detail"]
    for name in ("limit", "cursor", "count", "f"):
        assert problem(await server.client.get(f"/events.csv?{name}=1")) == (400, "unknown-parameter", name)


async def test_a_copy_that_is_given_up_is_cancelled_and_nothing_else(watcher: AsyncEngine) -> None:
    rows = select(literal_column("repeat('x', 1000)", Text)).select_from(text("generate_series(1, 100000)"))
    began = asyncio.Event()

    async def take(_: bytes) -> None:
        began.set()
        await asyncio.sleep(60)

    async with watcher.connect() as connection:
        copying = asyncio.create_task(copy(connection, rows, take, verbatim=False))
        await began.wait()
        copying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await copying
    assert await copies(watcher) == 0
