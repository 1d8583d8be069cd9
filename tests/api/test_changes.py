"""`GET /changes`: what became of events, in the order of commits, each once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.changes import FIELDS
from app.queries import changes as queries
from tests.api.asking import links, problem
from tests.changing import commit, revise, revise_next, write
from tests.world import Made, MakeEvent, add_version, load_world

HELMAND = {"country": "'AF'", "admin1": "'AF-HEL'"}


async def asked(client: AsyncClient, **parameters: Any) -> list[dict[str, Any]]:
    answer = await client.get("/changes", params=parameters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["changes"]
    assert answer.json()["numberReturned"] == len(found)
    return found


def told(changes: list[dict[str, Any]], *members: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in members) for one in changes]


async def test_a_change_is_told_with_all_that_one_needs_to_apply_it(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(at=(68.5, 36.5), deaths=3, title="As it was")
    await revise_next(connection, 2, event, title="'As it is'", deaths_best="4")

    created, updated = await asked(client)

    assert updated == {
        "seq": created["seq"] + 1,
        "version": 2,
        "known_at": datetime(2021, 8, 9, 2, tzinfo=UTC).isoformat(),
        "change": "update",
        "id": str(event),
        "revision": 2,
        "fields": ["title", "deaths_best"],
        "matches": True,
        "event": updated["event"],
    }
    listed = (await client.get("/events")).json()["features"]
    assert [updated["event"]] == listed
    assert updated["known_at"] == updated["event"]["properties"]["updated"]
    assert (created["change"], created["version"], created["fields"]) == ("create", 1, None)
    assert created["event"]["properties"]["title"] == "As it was"


async def test_an_event_whose_earlier_states_were_not_kept_was_created_before_and_its_history_says_the_same(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    # As migration 0002 found them.
    events = [
        await make_event(),
        await make_event(revision=3),
        await make_event(revision=2, status="retracted"),
    ]

    changes = await asked(client)

    wanted = [
        (str(event), kind, None) for event, kind in zip(events, ("create", "update", "retract"), strict=True)
    ]
    assert sorted(told(changes, "id", "change", "fields")) == sorted(wanted)
    for event, kind, _ in wanted:
        (only,) = (await client.get(f"/events/{event}/history")).json()["revisions"]
        assert (only["change"], only["fields"]) == (kind, None)


async def test_a_retraction_and_a_return_are_changes_of_their_own(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event()
    await revise_next(connection, 2, event, status="'retracted'")
    await revise_next(connection, 3, event, touched=("claims", "links"))
    await revise_next(connection, 4, event, status="'active'", place="'Shahidan'")

    assert told(await asked(client), "change", "fields", "matches", "revision") == [
        ("create", None, True, 1),
        ("retract", ["status"], False, 2),
        ("update", ["claims", "links"], False, 3),
        ("reinstate", ["place", "status"], True, 4),
    ]


@pytest.mark.parametrize("name", FIELDS)
async def test_every_field_is_named_when_it_alone_changes(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent, name: str
) -> None:
    values = {
        "geometry": {"geom": "ST_SetSRID(ST_MakePoint(68.5, 36.50000001), 4326)"},
        "extent": {"near_regions": "'{AF-KDZ,TJ}'"},
        "type": {"type": "'riot'"},
        "date_precision": {"date_precision": "'week'"},
        "precision": {"precision": "'exact'"},
        "deaths_state": {"deaths_state": "'vague'"},
        "deaths_estimate": {"deaths_estimate": "gen_random_uuid()"},
        "verification": {"verification": "'disputed'"},
        "contested": {"contested": "false"},
        "status": {"status": "'retracted'"},
        "first_day": {"first_day": "'-infinity'"},
        "last_day": {"last_day": "'infinity'"},
        "first_reported": {"first_reported": "'2021-08-09'"},
        "documents": {"documents": "ARRAY[gen_random_uuid()]"},
    }
    lists = {"side_a": {name: "'{Army}'"}, "side_b": {name: "'{Army}'"}}
    numbers = {
        "radius_m",
        "deaths_low",
        "deaths_best",
        "deaths_high",
        "deaths_civilians",
        "claims",
        "sources",
    }
    event = await make_event(at=(68.5, 36.5))
    column = {name: "7" if name in numbers else "'AF-HEL'"}
    touched = name in {"estimates", "assessments", "links"}
    columns = {} if touched else {**values, **lists}.get(name, column)
    await revise_next(connection, 2, event, touched=(name,) if touched else None, **columns)

    (_, changed) = await asked(client)

    assert changed["fields"] == [name]


async def test_an_event_that_leaves_the_region_is_told_of_a_last_time(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    moved = await make_event(at=(68.5, 36.5))
    there = await make_event(at=(64.0, 31.0))
    await make_event(at=(28.0, -29.0))
    await revise_next(connection, 2, moved, **HELMAND)
    await revise_next(connection, 3, moved, title="'Again'")

    kunduz = await asked(client, region="AF-KDZ")
    helmand = await asked(client, region="AF-HEL")

    assert told(kunduz, "id", "change", "matches") == [
        (str(moved), "create", True),
        (str(moved), "update", False),
    ]
    assert set(told(helmand, "id", "change", "matches")) == {
        (str(there), "create", True),
        (str(moved), "update", True),
    }
    assert told(helmand[1:], "version", "fields") == [(2, ["admin1"]), (3, ["title"])]


async def test_a_retraction_is_shown_to_who_saw_the_event_and_to_nobody_else(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(at=(68.5, 36.5))
    await revise_next(connection, 2, event, status="'retracted'")

    assert told(await asked(client, region="AF-KDZ"), "change", "matches") == [
        ("create", True),
        ("retract", False),
    ]
    assert await asked(client, region="AF-HEL") == []


async def test_what_has_no_state_before_it_is_not_taken_for_one_without_a_place(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(at=(68.5, 36.5))
    assert await asked(client, has_geometry="false") == []
    assert await asked(client, bbox="10,10,11,11", match="possible") == []
    await revise_next(connection, 2, event, geom="NULL")
    await revise_next(connection, 3, event, title="'Again'")
    assert told(await asked(client, has_geometry="true"), "version", "matches") == [(1, True), (2, False)]
    assert told(await asked(client, has_geometry="false"), "version", "matches") == [(2, True), (3, True)]


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 1000])
async def test_following_next_gives_each_change_once(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent, limit: int
) -> None:
    events = [await make_event(at=(68.5, 36.5)) for _ in range(3)]
    await make_event(at=(64.0, 31.0))
    await revise_next(connection, 2, *events, title="'Again'")
    whole = await asked(client, region="AF-KDZ")

    answer = await client.get("/changes", params={"region": "AF-KDZ", "limit": limit})
    found = answer.json()["changes"]
    while answer.json()["more"]:
        assert answer.links["next"]["url"] == links(answer)["next"]["href"]
        assert f"since={answer.json()['next']}" in answer.links["next"]["url"]
        answer = await client.get(links(answer)["next"]["href"])
        found += answer.json()["changes"]

    assert found == whole
    assert len(whole) == 6
    assert "next" not in links(answer)
    # Where to go on later, when there is more.
    await add_version(connection, 3)
    await revise(connection, 3, *events, title="'Once more'")
    assert len(await asked(client, since=answer.json()["next"])) == 3


async def test_a_rare_filter_is_told_where_to_go_on_though_nothing_was_found(
    client: AsyncClient, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOKED_AT", 4)
    for _ in range(9):
        await make_event(at=(68.5, 36.5))
    await make_event(at=(64.0, 31.0))
    seqs = [one["seq"] for one in (await client.get("/changes?limit=4")).json()["changes"]]

    seen = []
    answer = await client.get("/changes?region=AF-HEL")
    while True:
        body = answer.json()
        seen.append((len(body["changes"]), body["next"] - seqs[0], body["more"]))
        if not body["more"]:
            break
        answer = await client.get(links(answer)["next"]["href"])

    assert seen == [(0, 3, True), (0, 7, True), (1, 9, False)]


async def test_there_is_nothing_behind_the_last(client: AsyncClient, make_event: MakeEvent) -> None:
    nothing = (await client.get("/changes")).json()
    assert (nothing["changes"], nothing["next"], nothing["more"]) == ([], 0, False)
    await make_event()
    last = (await client.get("/changes")).json()["next"]
    body = (await client.get("/changes", params={"since": last})).json()
    assert (body["changes"], body["next"], body["more"]) == ([], last, False)


async def test_a_place_that_the_feed_never_reached_is_refused(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event()
    for since in (10**9, 2**63 - 1, 10**30):
        for path in ("/changes", "/changes/stream"):
            answer = await client.get(path, params={"since": since})
            assert problem(answer) == (400, "bad-parameter", "since")
    answer = await client.get("/changes/stream", headers={"last-event-id": "99999999"})
    assert problem(answer) == (400, "bad-parameter", "Last-Event-ID")


async def test_a_change_shows_its_event_as_lists_do(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.5, 36.5), within="AF-KDZ.kunduz")
    for look in (
        {"properties": "title,precision"},
        {"geometry": "none"},
        {"geometry": "extent", "properties": "id"},
    ):
        (change,) = await asked(client, **look)
        assert [change["event"]] == (await client.get("/events", params=look)).json()["features"]


@pytest.mark.parametrize("name", ["as_of", "sortby", "cursor", "count", "f"])
async def test_what_makes_no_sense_of_changes_is_refused(
    client: AsyncClient, world: object, name: str
) -> None:
    for path in ("/changes", "/changes/stream"):
        assert problem(await client.get(path, params={name: "x"})) == (400, "unknown-parameter", name)


@pytest.mark.parametrize("since", ["-1", "1.5", "x", "٣", "1e3", " "])
async def test_a_place_that_is_none_is_refused(client: AsyncClient, world: object, since: str) -> None:
    for path in ("/changes", "/changes/stream"):
        assert problem(await client.get(path, params={"since": since})) == (400, "bad-parameter", "since")


async def test_pages_have_an_etag_and_are_found_unchanged(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    etag = (await client.get("/changes")).headers["etag"]
    again = await client.get("/changes", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")


async def test_no_change_is_skipped_or_told_before_its_commit_and_nobody_idle_holds_them_up(
    served: AsyncClient, fresh_engine: AsyncEngine
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    (before,) = await commit(fresh_engine, Made())
    async with (
        fresh_engine.connect() as idle,
        fresh_engine.connect() as first,
        fresh_engine.connect() as second,
    ):
        # Open, with a number of its own, and doing nothing: old enough to hold up whoever waits for all older ones.
        await idle.exec_driver_sql("SELECT pg_current_xact_id()")
        (early,) = await write(first, Made())
        waiting = asyncio.create_task(write(second, Made()))
        while not await _somebody_waits(fresh_engine):  # noqa: ASYNC110 - a lock rings no bell
            await asyncio.sleep(0.01)
        assert await _feed(served) == [before]
        await first.commit()
        (late,) = await waiting
        assert await _feed(served) == [before, str(early)]
        await second.commit()
        (last,) = await commit(fresh_engine, Made())
        assert await _feed(served) == [before, str(early), str(late), last]
        # As another reader followed it.
        page = (await served.get("/changes?limit=2")).json()
        rest = (await served.get(f"/changes?since={page['next']}")).json()["changes"]
        assert [one["id"] for one in rest] == [str(late), last]


async def _somebody_waits(engine: AsyncEngine) -> bool:
    async with engine.connect() as connection:
        waits = "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE NOT granted AND datname = current_database()"
        return int((await connection.exec_driver_sql(waits)).scalar_one()) == 1


async def _feed(client: AsyncClient) -> list[str]:
    return [one["id"] for one in (await client.get("/changes")).json()["changes"]]
