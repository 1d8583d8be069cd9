"""Pages: complete, each event once, in GET and in POST."""

from __future__ import annotations

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.api.asking import in_order, links, problem, walk
from tests.world import MakeEvent, add_version

ORDERS = ["-first_day", "first_day", "-deaths_best", "deaths_best,-last_day", "-first_reported", "id", "-id"]


async def _some(make_event: MakeEvent) -> set[str]:
    made = [
        await make_event(
            day=None if number == 3 else f"2021-08-0{1 + number % 4}",
            deaths=None if number % 3 == 0 else number % 5,
            reported=None if number % 2 else f"2021-09-0{1 + number % 3}",
            at=(68.5, 36.5),
        )
        for number in range(13)
    ]
    return {str(one) for one in made}


@pytest.mark.parametrize("order", ORDERS)
async def test_following_next_gives_each_event_once_in_one_order(
    client: AsyncClient, make_event: MakeEvent, order: str
) -> None:
    everything = await _some(make_event)
    at_once = in_order(await client.get("/events", params={"sortby": order}))
    pages = await walk(client, await client.get("/events", params={"sortby": order, "limit": 4}))
    assert [len(page) for page in pages] == [4, 4, 4, 1]
    assert [one for page in pages for one in page] == at_once
    assert set(at_once) == everything


async def test_a_search_is_walked_by_sending_the_bodies_of_its_next_links(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    everything = await _some(make_event)
    body = {"intersects": {"type": "Point", "coordinates": [68.5, 36.5]}, "limit": 5, "region": ["AF"]}
    pages = await walk(client, await client.post("/events/search", json=body))
    assert [len(page) for page in pages] == [5, 5, 3]
    assert {one for page in pages for one in page} == everything


async def test_a_last_page_that_is_full_has_no_next(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    await make_event()
    assert "next" not in links(await client.get("/events?limit=2"))
    assert "next" in links(await client.get("/events?limit=1"))


async def test_the_next_link_is_a_header_too(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    await make_event()
    answer = await client.get("/events?limit=1")
    assert answer.links["next"]["url"] == links(answer)["next"]["href"]
    assert answer.links["self"]["url"] == "http://sitrep.test/events?limit=1"


async def test_a_header_leaves_out_a_link_that_proxies_would_choke_on(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(at=(0.0, 0.0))
    await make_event(at=(0.0, 0.0))
    corners = ",".join(f"{corner / 100} 1" for corner in range(600))
    answer = await client.get("/events", params={"limit": 1, "intersects": f"POLYGON((0 0,{corners},0 0))"})
    assert "link" not in answer.headers
    assert set(links(answer)) == {"self", "next"}


async def test_what_is_created_after_page_1_is_left_out_of_later_pages(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    before = {str(await make_event(day=f"2021-08-0{day}")) for day in range(1, 6)}
    first = await client.get("/events?limit=2")
    await add_version(connection, 2)
    await make_event(day="2021-08-01", version=2)
    await make_event(day="2021-08-09", version=2)
    pages = await walk(client, first)
    assert {one for page in pages for one in page} == before
    assert sum(map(len, pages)) == 5


async def test_the_size_and_look_of_pages_may_change_on_the_way(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await _some(make_event)
    following = links(await client.get("/events?limit=4"))["next"]["href"].replace("limit=4", "limit=100")
    rest = await client.get(f"{following}&properties=title&geometry=none")
    assert len(in_order(rest)) == 9


@pytest.mark.parametrize("other", ["region=AF", "sortby=id", "datetime=2021-08-01", "match=possible"])
async def test_a_cursor_of_another_question_is_refused(
    client: AsyncClient, make_event: MakeEvent, other: str
) -> None:
    await _some(make_event)
    following = links(await client.get("/events?limit=4"))["next"]["href"]
    assert problem(await client.get(f"{following}&{other}")) == (400, "bad-cursor", "cursor")


@pytest.mark.parametrize("cursor", ["x", "WyJ4Il0", "e30", "bnVsbA", "قندوز", "A" * 5000, "W1tbW1tbW1s"])
async def test_a_cursor_of_nobody_is_refused(client: AsyncClient, world: object, cursor: str) -> None:
    answer = await client.get("/events", params={"cursor": cursor})
    assert problem(answer) == (400, "bad-cursor", "cursor")
