"""After a second release: the old answer to the byte, and a feed of exactly the differences."""

from __future__ import annotations

from datetime import date
from typing import Any

from httpx import AsyncClient, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.drafts import Draft
from app.domain.events import event_id
from app.importers.run import Options, merge
from tests.notes import Notes, draft, table_of
from tests.world import load_world

KEYS = tuple(str(number) for number in range(40))
QUESTIONS = (
    "limit=1000",
    "limit=1000&sortby=-deaths_best,%2Bid",
    "bbox=60,29,70,38&limit=1000",
    "datetime=2021-08-03/2021-08-05",
    "region=AF-HEL&match=possible",
    "q=market&count=exact",
    "near=64.5,31&radius=100km&geometry=extent",
)


def first(key: str) -> Draft:
    number = int(key)
    return draft(
        source_key=key,
        title="A market burns" if number % 5 == 0 else f"Clashes {key}",
        first_day=date(2021, 8, 1 + number % 9),
        last_day=date(2021, 8, 1 + number % 9 + number % 2),
        lon=60.5 + number / 4 if number % 3 else None,
        lat=31.0 if number % 3 else None,
        precision="settlement" if number % 3 else "admin1",
        country="AF",
        admin1="AF-HEL",
        extent_region="AF-HEL",
        deaths_best=number % 7 or None,
    )


def second(key: str) -> Draft | None:
    """What the second release says: every fourth event otherwise, every seventh no more, the others as before."""
    from dataclasses import replace

    number = int(key)
    if number % 7 == 3:
        return None
    before = first(key)
    return (
        replace(before, deaths_best=100 + number, title=f"{before.title}, corrected")
        if number % 4 == 1
        else before
    )


async def release(engine: AsyncEngine, drafts: list[Draft], **options: Any) -> None:
    async with engine.connect() as connection:
        await merge(connection, table_of(drafts), Notes(drafts), Options(confirm=lambda _: True, **options))
        await connection.commit()


async def rows(client: AsyncClient, **asked: str) -> list[str]:
    """The answer's features to each question, as they stand on the wire."""
    found = []
    for question in QUESTIONS:
        moment = "&".join(f"{name}={value}" for name, value in asked.items())
        answer: Response = await client.get(f"/events?{question}{'&' if moment else ''}{moment}")
        assert answer.status_code == 200, answer.text
        found.append(answer.text.partition('"numberReturned"')[2])
    return found


async def moment(connection: AsyncConnection) -> str:
    found: str = (
        await connection.execute(
            text("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
        )
    ).scalar_one()
    return found


async def test_as_of_before_a_second_release_the_answer_is_the_old_one_to_the_byte_and_the_feed_has_the_differences(
    served: AsyncClient, fresh_engine: AsyncEngine
) -> None:
    async with fresh_engine.begin() as connection:
        await load_world(connection)
    await release(fresh_engine, [first(key) for key in KEYS])
    old = await rows(served)
    last = (await served.get("/changes", params={"limit": 1000})).json()["next"]
    async with fresh_engine.connect() as connection:
        then = await moment(connection)

    await release(fresh_engine, [new for key in KEYS if (new := second(key))] + [first("40")], complete=True)

    assert await rows(served, as_of=then) == old
    assert await rows(served) != old
    feed = (await served.get("/changes", params={"since": last, "limit": 1000})).json()
    changed = {event_id("notes", key): (first(key), second(key)) for key in KEYS if second(key) != first(key)}
    expected = {
        str(event): ("retract", {"status"}) if new is None else ("update", {"title", "deaths_best"})
        for event, (_, new) in changed.items()
    } | {str(event_id("notes", "40")): ("create", set())}
    assert {one["id"]: (one["change"], set(one["fields"] or ())) for one in feed["changes"]} == expected
    assert len(feed["changes"]) == len(expected)
