"""`GET /events/{id}`."""

from __future__ import annotations

import pytest
from httpx import AsyncClient
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import EventRow
from tests.api.asking import links, problem
from tests.world import MakeEvent


async def test_an_event_is_a_feature_with_links(client: AsyncClient, make_event: MakeEvent) -> None:
    made = await make_event(at=(68.5, 36.5), title="Kunduz falls")
    answer = await client.get(f"/events/{made}")
    body = answer.json()
    assert answer.headers["content-type"] == "application/geo+json"
    assert (body["type"], body["id"], body["properties"]["id"]) == ("Feature", str(made), str(made))
    assert body["properties"]["title"] == "Kunduz falls"
    assert body["geometry"] == {"type": "Point", "coordinates": [68.5, 36.5]}
    assert links(answer)["self"]["href"] == f"http://sitrep.test/events/{made}"
    assert links(answer)["collection"]["href"] == "http://sitrep.test/events"


async def test_a_retracted_event_is_shown_as_such_and_not_listed(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    made = await make_event(status="retracted")
    assert (await client.get(f"/events/{made}")).json()["properties"]["status"] == "retracted"
    assert (await client.get("/events")).json()["features"] == []


async def test_an_event_has_a_strong_etag_that_changes_with_its_revision(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    made = await make_event()
    etag = (await client.get(f"/events/{made}")).headers["etag"]
    assert etag.startswith('"')
    known = {"If-None-Match": etag}

    again = await client.get(f"/events/{made}", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)

    await connection.execute(update(EventRow).values(revision=2))
    assert (await client.get(f"/events/{made}", headers=known)).status_code == 200


async def test_the_strong_etag_tells_codings_apart(client: AsyncClient, make_event: MakeEvent) -> None:
    made = await make_event(summary="word " * 500)
    coded = await client.get(f"/events/{made}", headers={"Accept-Encoding": "gzip"})
    plain = await client.get(f"/events/{made}", headers={"Accept-Encoding": "identity"})
    assert coded.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert coded.headers["etag"] != plain.headers["etag"]
    assert coded.json() == plain.json()


@pytest.mark.parametrize("address", ["1", "x", "%00", "Kunduz", "a5f91262-ab3d-525f-bfda", "☃", "z" * 5000])
async def test_what_is_no_id_is_not_found(client: AsyncClient, world: object, address: str) -> None:
    assert problem(await client.get(f"/events/{address}")) == (404, "not-found", None)


async def test_an_unknown_id_is_not_found(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    answer = await client.get("/events/a5f91262-ab3d-525f-bfda-3a272b22d4b8")
    assert problem(answer) == (404, "not-found", None)


async def test_one_event_has_no_parameters_but_moment_and_format(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    made = await make_event()
    assert problem(await client.get(f"/events/{made}?limit=1")) == (400, "unknown-parameter", "limit")
    assert problem(await client.get(f"/events/{made}?f=csv")) == (400, "bad-parameter", "f")


async def test_the_links_of_an_event_work_whatever_format_it_was_asked_in(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    made = await make_event()
    answer = await client.get(f"/events/{made}?f=geojson&as_of=2021-08-09T23:00Z")

    assert [(await client.get(one["href"])).status_code for one in answer.json()["links"]] == [200] * 6
