"""What was answered before is answered again before anything is parsed, and only as long as it is so."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.api import door, shown
from app.api.door import Door
from app.api.routes import tiles
from tests.world import MakeEvent

TILE = "/tiles/events/8/176/99.mvt"
ADD_VERSION = text(
    "INSERT INTO version (id, known_at, kind, summary) SELECT coalesce(max(id), 0) + 1, clock_timestamp(), 'import', '' FROM version"
)


def told(answer: Response) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.content, dict(answer.headers)


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Routes fail that are asked from here on."""

    def fail(*_: object) -> None:
        raise AssertionError("The route was asked.")

    monkeypatch.setattr(shown, "asked", fail)
    monkeypatch.setattr(tiles, "knowing", fail)


@pytest.mark.parametrize("coding", ["gzip", "identity"])
async def test_a_kept_tile_is_the_same_when_the_door_answers(
    client: AsyncClient, make_event: MakeEvent, request: pytest.FixtureRequest, coding: str
) -> None:
    await make_event(at=(68.86, 36.73))
    headers = {"Accept-Encoding": coding, "Origin": "http://elsewhere.test"}
    first = await client.get(TILE, headers=headers)
    request.getfixturevalue("asleep")

    assert first.status_code == 200
    assert told(await client.get(TILE, headers=headers)) == told(first)


async def test_an_empty_tile_is_the_same_when_the_door_answers(
    client: AsyncClient, make_event: MakeEvent, request: pytest.FixtureRequest
) -> None:
    await make_event(at=(0.0, 0.0))
    first = await client.get(TILE)
    request.getfixturevalue("asleep")

    assert first.status_code == 204
    assert told(await client.get(TILE)) == told(first)


@pytest.mark.parametrize("origin", [{}, {"Origin": "http://elsewhere.test"}])
@pytest.mark.parametrize("path", [TILE, "/events?limit=5"])
async def test_304_is_the_same_when_the_door_answers(
    client: AsyncClient,
    make_event: MakeEvent,
    request: pytest.FixtureRequest,
    path: str,
    origin: dict[str, str],
) -> None:
    await make_event(at=(68.86, 36.73))
    etag = (await client.get(path)).headers["etag"]
    by_route = await client.get(path, headers={**origin, "If-None-Match": etag, "Accept": "*/*;q=0.9"})
    await client.get(path, headers=origin)
    request.getfixturevalue("asleep")
    by_door = await client.get(path, headers={**origin, "If-None-Match": f'"other", {etag}'})

    assert (by_route.status_code, by_door.status_code) == (304, 304)
    assert dict(by_door.headers) == dict(by_route.headers)
    assert ("access-control-allow-origin" in by_door.headers) == bool(origin)
    assert by_door.content == b""


async def test_the_door_gives_nothing_old_and_nothing_of_another_form(
    served: AsyncClient, fresh_engine: AsyncEngine
) -> None:
    before = (await served.get("/events")).headers["etag"]
    assert (await served.get("/events", headers={"If-None-Match": before})).status_code == 304
    assert (
        await served.get("/events", headers={"If-None-Match": before, "Accept": "text/html"})
    ).status_code == 200

    async with fresh_engine.begin() as writer:
        await writer.execute(ADD_VERSION)

    assert (await served.get("/events", headers={"If-None-Match": before})).status_code == 200


async def test_the_door_remembers_so_many_addresses(
    app: FastAPI, client: AsyncClient, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_event()
    monkeypatch.setattr(door, "REMEMBERED", 3)
    for limit in range(1, 6):
        assert (await client.get(f"/events?limit={limit}")).status_code == 200
    long = {"Accept": "*/*" + ", text/plain" * 400}
    assert (await client.get("/events?limit=6", headers=long)).status_code == 200

    inner = app.middleware_stack
    while inner is not None and not isinstance(inner, Door):
        inner = getattr(inner, "app", None)
    assert inner is not None
    assert [address[3] for address in inner._answered] == [b"limit=3", b"limit=4", b"limit=5"]
