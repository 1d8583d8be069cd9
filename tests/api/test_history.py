"""The history of an event over HTTP: what it was, when that became known, and what changed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.events import event_id
from app.domain.evidence import StatementKind, statement_id
from app.domain.regions import Regions
from app.domain.statements import Claim, Document, Evidence
from tests.api.asking import links, problem
from tests.notes import bring, draft

EVENT = event_id("notes", "1")
REPORT = statement_id(StatementKind.DOCUMENT, "notes", "report")


def claim(**changes: Any) -> Claim:
    values: dict[str, Any] = {
        "source_key": "claim",
        "events": (EVENT,),
        "stance": "asserts",
        "claimant": "The north",
        "role": "party_to_conflict",
        "quote": "The south did it",
        "speech": "direct",
        "said_first": date(2021, 8, 8),
        "said_last": date(2021, 8, 8),
        "verification": "explicitly_unverified",
        "document_id": REPORT,
    }
    return Claim(**(values | changes))


def report() -> Document:
    return Document(
        source_key="report",
        kind="article",
        publisher="A paper",
        published_on=date(2021, 8, 9),
        origin_id=REPORT,
    )


async def history(client: AsyncClient, event: UUID = EVENT, **asked: Any) -> list[dict[str, Any]]:
    answer = await client.get(f"/events/{event}/history", params=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["numberReturned"] == len(body["revisions"])
    found: list[dict[str, Any]] = body["revisions"]
    return found


def changes(revision: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {one["name"]: (one["before"], one["after"]) for one in revision["fields"]}


async def test_each_revision_says_what_changed_the_newest_first(
    client: AsyncClient, connection: AsyncConnection
) -> None:
    await bring(connection, draft(title="Clashes", deaths_best=3))
    await bring(
        connection, draft(title="Clashes", deaths_best=None, last_day=date(2021, 8, 9)), draft(source_key="2")
    )
    await bring(connection, withdrawn=["1"])
    await bring(
        connection,
        draft(title="Clashes", last_day=date(2021, 8, 9), lon=68.5, lat=36.5, precision="settlement"),
    )

    newest, retracted, edited, first = await history(client)

    assert [one["change"] for one in (newest, retracted, edited, first)] == [
        "reinstate",
        "retract",
        "update",
        "create",
    ]
    assert [one["revision"] for one in (newest, retracted, edited, first)] == [4, 3, 2, 1]
    assert first["fields"] is None
    assert changes(edited) == {"deaths_best": (3, None), "last_day": ("2021-08-08", "2021-08-09")}
    assert changes(retracted) == {"status": ("active", "retracted")}
    assert changes(newest) == {
        "status": ("retracted", "active"),
        "precision": ("unknown", "settlement"),
        "geometry": (None, {"type": "Point", "coordinates": [68.5, 36.5]}),
    }


async def test_what_was_said_anew_otherwise_and_no_more_stands_with_the_revision_it_made(
    client: AsyncClient, connection: AsyncConnection
) -> None:
    await bring(connection, draft())
    await bring(connection, evidence=Evidence(statements=(report(), claim())))
    await bring(connection, evidence=Evidence(statements=(claim(verification="partly_verified"),)))
    await bring(connection, evidence=Evidence(withdrawn=frozenset({(StatementKind.CLAIM, "claim")})))

    withdrawn, changed, added, first = await history(client)

    assert first["statements"] == []
    (new,) = added["statements"]
    assert (new["kind"], new["change"]) == ("claim", "added")
    assert new["id"] == str(statement_id(StatementKind.CLAIM, "notes", "claim"))
    assert {"name": "stance", "before": None, "after": "asserts"} in new["fields"]
    assert changes(added) == {
        "claims": (None, 1),
        "contested": (None, False),
        "verification": (None, "unverified"),
        "first_reported": (None, "2021-08-09"),
    }
    (other,) = changed["statements"]
    assert (other["change"], changes(other)) == (
        "changed",
        {"verification": ("explicitly_unverified", "partly_verified")},
    )
    assert changes(changed) == {"verification": ("unverified", None)}
    assert [(one["change"], one["fields"]) for one in withdrawn["statements"]] == [("withdrawn", [])]
    assert changes(withdrawn) == {
        "claims": (1, 0),
        "contested": (False, None),
        "first_reported": ("2021-08-09", None),
    }


async def test_a_claim_that_comes_to_be_about_an_event_later_is_none_of_its_earlier_history(
    client: AsyncClient, connection: AsyncConnection
) -> None:
    other = event_id("notes", "2")
    about_the_other = Evidence(statements=(report(), claim(events=(other,))))
    await bring(connection, draft(), draft(source_key="2"), evidence=about_the_other)
    before = {event: await history(client, event) for event in (EVENT, other)}

    await bring(connection, evidence=Evidence(statements=(claim(),)))

    assert [one["statements"] for one in before[EVENT]] == [[]]
    for event in (EVENT, other):
        newest, first = await history(client, event)
        assert [first] == before[event] == await history(client, event, as_of=first["known_at"])
        (moved,) = newest["statements"]
        assert (moved["change"], changes(moved)) == ("changed", {"events": ([str(other)], [str(EVENT)])})


async def test_a_revision_links_to_the_event_as_it_was(
    client: AsyncClient, connection: AsyncConnection
) -> None:
    for title in ("One", "Two", "Three"):
        await bring(connection, draft(title=title))

    seen = []
    for one in await history(client):
        (link,) = one["links"]
        seen.append((await client.get(link["href"])).json()["properties"])

    assert [(one["title"], one["revision"]) for one in seen] == [("Three", 3), ("Two", 2), ("One", 1)]


async def test_as_of_a_moment_the_history_ends_there(
    client: AsyncClient, connection: AsyncConnection
) -> None:
    await bring(connection, draft(title="One"))
    await bring(connection, draft(title="Two"))
    newest, first = await history(client)

    assert await history(client, as_of=first["known_at"]) == [first]
    assert await history(client, as_of=newest["known_at"]) == [newest, first]
    answer = await client.get(f"/events/{EVENT}/history", params={"as_of": "2000-01-01T00:00Z"})
    assert problem(answer) == (404, "not-found", None)


async def test_pages_of_a_history_are_the_whole(client: AsyncClient, connection: AsyncConnection) -> None:
    for number in range(5):
        await bring(connection, draft(title=f"{number}"))

    whole = await history(client)
    pages, href = [], f"http://sitrep.test/events/{EVENT}/history?limit=2"
    while href:
        answer = await client.get(href)
        pages.append(answer.json()["revisions"])
        href = links(answer).get("next", {}).get("href")

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one for page in pages for one in page] == whole


async def test_an_unknown_event_and_what_is_no_id_have_no_history(
    client: AsyncClient, world: Regions
) -> None:
    for wanted in (UUID(int=5), "kunduz"):
        assert problem(await client.get(f"/events/{wanted}/history")) == (404, "not-found", None)
    answer = await client.get(f"/events/{EVENT}/history?since=1")
    assert problem(answer) == (400, "unknown-parameter", "since")
