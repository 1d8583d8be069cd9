"""Counts over HTTP."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.api.asking import problem
from tests.world import MakeEvent, add_version

NONE_KNOWN = {"deaths_low": None, "deaths_best": None, "deaths_high": None}


async def test_events_are_counted_by_month_with_what_is_not_known_apart(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(day=date(2021, 6, 30), until=date(2021, 7, 2), deaths=0)
    await make_event(day=date(2021, 8, 8), until=date(2021, 8, 8), deaths=None)
    await make_event(day=date(2021, 8, 9), until=date(2021, 8, 9), deaths=3)

    answer = await client.get("/counts", params={"by": "month"})

    three = {"deaths_low": 3, "deaths_best": 3, "deaths_high": 3}
    assert answer.json()["counts"] == [
        {"month": "2021-06", "events": 1, "deaths_low": 0, "deaths_best": 0, "deaths_high": 0, "deaths_unknown": 0, "spanning": 1},
        {"month": "2021-07", "events": 0, **NONE_KNOWN, "deaths_unknown": 0, "spanning": 0},
        {"month": "2021-08", "events": 2, **three, "deaths_unknown": 1, "spanning": 0},
    ]  # fmt: skip
    assert answer.json()["total"] == {"events": 3, **three, "deaths_unknown": 1, "spanning": 1}
    assert (answer.json()["by"], answer.json()["numberReturned"]) == (["month"], 3)


async def test_two_properties_are_counted_by_together(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.5, 36.5), radius_m=100, type="battle", deaths=1)
    await make_event(at=(64.0, 31.0), radius_m=100, type="protest", deaths=2)
    await make_event(at=None, type="protest")

    answer = await client.get("/counts", params={"by": "admin1,type"})

    counted = [(row["admin1"], row["type"], row["events"]) for row in answer.json()["counts"]]
    assert counted == [(None, "protest", 1), ("AF-HEL", "protest", 1), ("AF-KDZ", "battle", 1)]
    assert "spanning" not in answer.json()["total"]


async def test_counts_take_the_filters_of_events(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(title="A hospital", type="air_strike")
    await make_event(title="A school", type="air_strike")

    answer = await client.get("/counts", params={"by": "type", "q": "hospital"})

    assert [(row["type"], row["events"]) for row in answer.json()["counts"]] == [("air_strike", 1)]


async def test_counts_as_of_a_moment_are_those_of_then(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event()
    await add_version(connection, 2)
    await make_event(version=2)

    for moment, events in (("2021-08-09T01:00Z", 1), ("2021-08-09T02:00Z", 2)):
        answer = await client.get("/counts", params={"by": "year", "as_of": moment})
        assert answer.json()["total"]["events"] == events


async def test_counts_are_csv_too(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(day=date(2021, 8, 8), until=date(2021, 8, 8))

    answer = await client.get("/counts?by=day&f=csv")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row == {
        "day": "2021-08-08", "events": "1", "deaths_low": "", "deaths_best": "", "deaths_high": "", "deaths_unknown": "1",
        "spanning": "0",
    }  # fmt: skip


async def test_counts_that_the_client_has_are_304(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    known = {"If-None-Match": (await client.get("/counts?by=day")).headers["etag"]}

    assert (await client.get("/counts?by=day", headers=known)).status_code == 304
    assert (await client.get("/counts?by=week", headers=known)).status_code == 200
    assert (await client.get("/counts?by=day&f=csv", headers=known)).status_code == 200


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("", "is missing"),
        ("by=hour", "There are: day, week"),
        ("by=month,year", "one period"),
        ("by=month,type,country", "3 are given"),
    ],
)
async def test_what_cannot_be_counted_by_is_refused_with_a_sentence(
    client: AsyncClient, asked: str, word: str
) -> None:
    answer = await client.get(f"/counts?{asked}")

    assert problem(answer) == (400, "bad-parameter", "by")
    assert word in answer.json()["detail"]
