"""Citable snapshots: a question is kept with its moment, and what answers it, their number and their hash stay."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app import __version__
from app.api.bodies import MAX_BODY
from app.api.grammar import VIEW
from app.api.schemas import SCHEMAS
from tests.api.asking import ids, in_order, links, problem, walk
from tests.api.keeping import items, keep, verify
from tests.edits import one_version
from tests.world import Made, MakeEvent, add_version, put

EMPTY = hashlib.sha256(b"").hexdigest()
KUNDUZ = UUID("5d83c4b8-e0ed-59d6-a0f9-4aada8218dc7")
ROW = (
    '{"id":"5d83c4b8-e0ed-59d6-a0f9-4aada8218dc7","dataset":"desk","source_key":"kunduz","type":"territorial_change","source_type":null,'
    '"title":"The \\"fall\\" of قندوز","summary":"Two\\nlines","first_day":"2021-08-08","last_day":null,"date_precision":"day","place":null,'
    '"precision":"settlement","radius_m":null,"country":"AF","admin1":"AF-KDZ","admin2":"AF-KDZ.kunduz","side_a":["Taliban"],"side_b":[],'
    '"deaths_low":3,"deaths_best":3,"deaths_high":3,"deaths_civilians":null,"deaths_state":"reported","deaths_estimate":null,'
    '"verification":"verified","contested":false,"claims":2,"sources":1,"first_reported":"2021-08-09","revision":1,'
    '"point":["68.857000000","36.728950000"]}'
)
"""As `sitrep-rows-1` has it. If this test must be changed, the form needs another name."""


async def _make_kunduz(make_event: MakeEvent) -> None:
    await make_event(
        id=KUNDUZ, dataset="desk", source_key="kunduz", type="territorial_change", title='The "fall" of قندوز', summary="Two\nlines",
        at=(68.857, 36.72895), until=None, side_a=("Taliban",), deaths=3, verification="verified", contested=False, claims=2, sources=1,
        reported="2021-08-09",
    )  # fmt: skip


async def test_a_snapshot_says_what_was_asked_when_and_what_answered(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await _make_kunduz(make_event)
    await make_event(at=(64, 31))
    answer = await client.post(
        "/snapshots", json={"region": "Kunduz", "near": [68.85, 36.7], "radius": "50km"}
    )
    snapshot = answer.json()
    here = f"http://sitrep.test/snapshots/{snapshot['id']}"
    assert (answer.status_code, answer.headers["location"]) == (201, here)
    assert answer.headers["cache-control"] == "no-store"
    assert set(snapshot) == set(SCHEMAS["Snapshot"]["properties"])
    sha256 = hashlib.sha256(ROW.encode()).hexdigest()
    told = {name: snapshot[name] for name in ("question", "version", "known_at", "rows", "sha256", "row_form", "sources")}  # fmt: skip
    assert told == {
        "question": {"near": [68.85, 36.7], "radius": 50_000, "region": ["AF-KDZ"]},
        "version": 1,
        "known_at": "2021-08-09T00:00:00Z",
        "rows": 1,
        "sha256": sha256,
        "row_form": "sitrep-rows-1",
        "sources": [
            {
                "id": "desk", "title": "DESK", "publisher": "A publisher", "homepage": None, "licence": "CC-BY-4.0", "licence_url": None,
                "redistribution": "open", "citation": "Cite desk.", "rows": 1, "releases": [],
            }
        ],
    }  # fmt: skip
    assert snapshot["citation"] == (
        "Sitrep, events with near 68.85,36.7; radius 50000; region AF-KDZ, as known here at 2021-08-09T00:00:00Z: 1 event,"
        f" SHA-256 {sha256} (sitrep-rows-1). DESK (1 event; CC-BY-4.0): Cite desk. {here}"
    )
    assert {rel: link["href"] for rel, link in links(answer).items()} == {
        "self": here,
        "items": f"{here}/items",
        "verify": f"{here}/verify",
    }


async def test_a_citation_does_not_spell_out_a_shape(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.5, 36.5), contested=True, title="No full stop")
    snapshot = await keep(
        client, intersects="POLYGON((68 36,70 36,70 38,68 36))", contested=True, type=["riot", "battle"]
    )
    assert snapshot["question"]["intersects"]["coordinates"] == [[[68, 36], [70, 36], [70, 38], [68, 36]]]
    assert snapshot["citation"].startswith(
        "Sitrep, events with contested true; intersects a Polygon of 4 corners; type battle,riot, as known here at"
    )


async def test_two_spellings_of_one_question_are_one_snapshot(
    client: AsyncClient, make_event: MakeEvent, connection: AsyncConnection
) -> None:
    await make_event(at=(68.5, 36.5))
    first = await client.post(
        "/snapshots", json={"region": ["qunduz", "AF-HEL"], "datetime": "2021-08-01/P1M", "type": "battle"}
    )
    second = await client.post(
        "/snapshots",
        json={
            "type": ["battle", "battle"], "region": "fips:AF10,AF-KDZ", "datetime": "2021-08-01/2021-08-31",
            "as_of": "2021-08-09T04:30+04:30", "match": "point",
        },
    )  # fmt: skip
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert "location" not in second.headers
    other = await client.post(
        "/snapshots", json={"region": "AF-HEL", "datetime": "2021-08-01/P1M", "type": "battle"}
    )
    assert (other.status_code, other.json()["rows"]) == (201, 0)
    count = await connection.execute(text("SELECT count(*) FROM snapshot"))
    assert count.scalar_one() == 2


async def test_a_snapshot_stays_as_it_was_when_events_are_changed_retracted_and_created(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    changed, retracted, moved = [
        await make_event(at=(68.5, 36.5), day=f"2021-08-0{day}") for day in (1, 2, 3)
    ]
    asked = {"region": "AF-KDZ"}
    snapshot = await keep(client, **asked)
    before = (await items(client, snapshot)).content
    async with one_version(connection) as edits:
        await edits.change(changed, deaths_best=7, title="Otherwise")
        await edits.change(retracted, status="retracted")
        await edits.change(moved, admin1="AF-HEL")
        created = (await put(connection, Made(at=(68.5, 36.5), version=edits.number)))[0]

    assert (await items(client, snapshot)).content == before
    assert ids(await items(client, snapshot)) == {str(one) for one in (changed, retracted, moved)}
    statuses = {one["properties"]["status"] for one in (await items(client, snapshot)).json()["features"]}
    assert statuses == {"active"}
    assert (await verify(client, snapshot))["verified"] is True
    assert (await client.get(links(await client.get(f"/snapshots/{snapshot['id']}"))["self"]["href"])).json() == snapshot  # fmt: skip

    now = await keep(client, **asked)
    assert (now["version"], now["rows"], now["question"]) == (2, 2, snapshot["question"])
    assert ids(await items(client, now)) == {str(changed), str(created)}
    assert now["id"] != snapshot["id"]
    assert await keep(client, **asked, as_of="2021-08-09T12:00Z") == snapshot


async def test_an_event_that_was_retracted_before_is_not_in_a_snapshot(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(status="retracted")
    stands = await make_event()
    snapshot = await keep(client)
    assert (snapshot["rows"], ids(await items(client, snapshot))) == (1, {str(stands)})


async def test_the_items_are_what_events_answers_to_the_same_question_as_of_then(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    for day in range(1, 8):
        await make_event(at=(68.5, 36.5), day=f"2021-08-0{day}", deaths=day % 3)
    await make_event(at=(64, 31))
    snapshot = await keep(client, region="Kunduz", deaths_min=1)
    async with one_version(connection) as edits:
        await edits.change((await _first(client)), title="Otherwise")
    then = {"region": "AF-KDZ", "deaths_min": 1, "as_of": snapshot["known_at"]}
    views: list[dict[str, Any]] = [
        {},
        {"limit": 2, "sortby": "-deaths_best,first_day"},
        {"geometry": "extent", "properties": "title,deaths_best", "count": "exact"},
        {"geometry": "none", "f": "json", "count": "estimated"},
    ]
    for view in views:
        shown = await items(client, snapshot, **view)
        events = await client.get("/events", params=then | view)
        told, expected = shown.json(), events.json()
        assert told.pop("links")[0]["href"].partition("?")[0].endswith("/items")
        expected.pop("links")
        assert told == expected
        assert shown.headers["content-type"] == events.headers["content-type"]
    pages = await walk(client, await items(client, snapshot, limit=2, sortby="-deaths_best"))
    assert [len(page) for page in pages] == [2, 2, 1]
    whole = in_order(await items(client, snapshot, sortby="-deaths_best"))
    assert [one for page in pages for one in page] == whole


async def _first(client: AsyncClient) -> UUID:
    return UUID(in_order(await client.get("/events?region=AF-KDZ"))[0])


async def test_items_take_parameters_of_the_view_only(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    snapshot = await keep(client)
    for name in ("region", "as_of", "q", "nothing"):
        assert problem(await items(client, snapshot, **{name: "1"})) == (400, "unknown-parameter", name)
    assert problem(await items(client, snapshot, limit=0)) == (400, "bad-parameter", "limit")
    assert problem(await items(client, snapshot, cursor="x")) == (400, "bad-cursor", "cursor")
    for path in ("", "/verify"):
        answer = await client.get(f"/snapshots/{snapshot['id']}{path}?limit=1")
        assert problem(answer) == (400, "unknown-parameter", "limit")


async def test_a_cursor_of_another_snapshot_is_refused(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event()
    await make_event()
    first = await keep(client)
    await add_version(connection, 2)
    second = await keep(client)
    there = links(await items(client, first, limit=1))["next"]["href"]
    elsewhere = await client.get(there.replace(first["id"], second["id"]))
    assert problem(elsewhere) == (400, "bad-cursor", "cursor")


async def test_an_empty_snapshot_is_one_too(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    snapshot = await keep(client, type="riot")
    assert (snapshot["rows"], snapshot["sha256"], snapshot["sources"]) == (0, EMPTY, [])
    assert "0 events" in snapshot["citation"]
    assert ids(await items(client, snapshot)) == set()
    assert (await verify(client, snapshot))["verified"] is True


async def test_a_snapshot_of_the_past_is_of_the_version_that_was_known_then(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    old = await make_event()
    await add_version(connection, 2)
    await make_event(version=2)
    await add_version(connection, 3)
    for moment in ("2021-08-09T00:00Z", "2021-08-09T01:59:59.999Z"):
        snapshot = await keep(client, as_of=moment)
        assert (snapshot["version"], snapshot["known_at"]) == (1, "2021-08-09T00:00:00Z")
        assert ids(await items(client, snapshot)) == {str(old)}
    assert (await keep(client))["version"] == 3


@pytest.mark.parametrize("moment", ["2021-08-08T00:00Z", "2999-01-01T00:00Z", "2021-08-09", "now"])
async def test_a_moment_of_which_nothing_can_be_cited_is_refused(
    client: AsyncClient, make_event: MakeEvent, moment: str
) -> None:
    await make_event()
    answer = await client.post("/snapshots", json={"as_of": moment})
    assert problem(answer) == (400, "bad-parameter", "as_of")


async def test_nothing_can_be_cited_before_the_first_import(served: AsyncClient) -> None:
    assert problem(await served.post("/snapshots", json={})) == (400, "bad-parameter", None)


async def test_a_snapshot_never_changes_and_is_kept_by_caches(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(side_a=("Army",))
    here = f"/snapshots/{(await keep(client))['id']}"
    first = await client.get(here, headers={"Accept-Encoding": "identity"})
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert first.headers["etag"] == f'"{first.json()["id"].replace("-", "")}-{__version__}"'
    await add_version(connection, 2)
    again = await client.get(
        here, headers={"Accept-Encoding": "identity", "If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == first.headers["cache-control"]
    assert (await client.get(here, headers={"Accept-Encoding": "identity"})).content == first.content
    assert (await client.get(here)).headers["etag"] != first.headers["etag"]
    for path in ("", "/items", "/verify"):
        got, head = await client.get(here + path), await client.head(here + path)
        assert (head.status_code, head.content, head.headers) == (200, b"", got.headers)


@pytest.mark.parametrize("path", ["", "/items", "/verify"])
async def test_a_snapshot_that_is_not_there_is_not_found(
    client: AsyncClient, make_event: MakeEvent, path: str
) -> None:
    await make_event()
    for name in (str(uuid4()), "nothing", "%00", "1"):
        assert problem(await client.get(f"/snapshots/{name}{path}")) == (404, "not-found", None)


@pytest.mark.parametrize("name", VIEW)
async def test_how_an_answer_looks_is_no_part_of_a_snapshot(
    client: AsyncClient, world: object, name: str
) -> None:
    answer = await client.post("/snapshots", json={"region": "AF", name: "1"})
    assert problem(answer) == (400, "bad-parameter", name)
    assert "/items" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"country": "AF"}, "country"),
        ({"region": []}, "region"),
        ({"region": "Nowhere"}, "region"),
        ({"bbox": [1, 2, 3]}, "bbox"),
        ({"q": "a\0b"}, "q"),
        ({"intersects": {"type": "Polygon"}}, "intersects"),
        ({"deaths_min": 5, "deaths_max": 3}, "deaths_min"),
    ],
)
async def test_a_member_that_cannot_be_read_is_named(
    client: AsyncClient, world: object, body: dict[str, Any], parameter: str
) -> None:
    status, kind, named = problem(await client.post("/snapshots", json=body))
    assert (status, named) == (400, parameter)
    assert kind in {"bad-parameter", "unknown-parameter"}


async def test_a_body_that_is_none_is_refused(client: AsyncClient, world: object) -> None:
    for raw in (b"", b"{", b"[]", b"null", b'{"q": "\\ud800"}'):
        assert problem(await client.post("/snapshots", content=raw)) == (400, "bad-body", None)
    fits = b'{"region":"AF"}'.ljust(MAX_BODY)
    assert (await client.post("/snapshots", content=fits)).status_code == 201
    assert problem(await client.post("/snapshots", content=fits + b" ")) == (413, "too-large", None)
    plain = await client.post("/snapshots", content=b"{}", headers={"Content-Type": "text/plain"})
    assert problem(plain) == (415, "unsupported-media-type", None)
    assert problem(await client.post("/snapshots?region=AF", json={})) == (400, "bad-parameter", "region")
    assert problem(await client.get("/snapshots")) == (405, "method-not-allowed", None)
    taking = {"Accept": "text/csv"}
    assert problem(await client.post("/snapshots", json={}, headers=taking)) == (406, "not-acceptable", None)


async def test_a_client_of_another_host_may_read_where_a_snapshot_is(
    client: AsyncClient, world: object
) -> None:
    answer = await client.post("/snapshots", json={}, headers={"Origin": "https://map.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "location" in answer.headers["access-control-expose-headers"].lower().split(", ")
