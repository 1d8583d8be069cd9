"""Counts against plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from app.columns import counting
from app.columns.counting import counted
from app.domain.counts import PERIODS, By, TooManyCounts
from app.domain.days import Days
from app.domain.filters import EventFilter
from app.domain.regions import Regions
from tests.columns.columns import asked
from tests.queries import strategies as random
from tests.queries.oracle import matches
from tests.queries.test_oracle import holding
from tests.world import Made, MakeEvent

Row = dict[str, Any]
FEW = settings(max_examples=25)
"""Each example fills a database."""


def period(by: By, day: date) -> str:
    if by is By.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat()[: {By.DAY: 10, By.MONTH: 7, By.YEAR: 4}[by]]


def name(by: By, made: Made) -> str | None:
    if by in PERIODS:
        return None if made.day is None else period(by, made.first_day)
    if by in {By.COUNTRY, By.ADMIN1}:
        return made.filed_under[by]
    value = getattr(made, by)
    return None if value is None else str(value)


def sums(events: list[Made], by: tuple[By, ...]) -> Row:
    row: Row = {"events": len(events)}
    known = [made.deaths for made in events if made.deaths is not None]
    for deaths in ("deaths_low", "deaths_best", "deaths_high"):
        row[deaths] = sum(known) if known else None
    row["deaths_unknown"] = len(events) - len(known)
    of = next((one for one in by if one in PERIODS), None)
    if of:
        row["spanning"] = sum(
            made.day is not None
            and made.until is not None
            and period(of, made.last_day) > period(of, made.first_day)
            for made in events
        )
    return row


def spread(by: By, first: date, last: date) -> set[str]:
    """All periods from the one of a day to that of another."""
    return {period(by, first + timedelta(days=one)) for one in range((last - first).days + 1)}


def expected(events: list[Made], wanted: EventFilter, by: tuple[By, ...]) -> list[Row]:
    events = [made for made in events if matches(made, wanted)]
    sets: dict[tuple[str | None, ...], list[Made]] = defaultdict(list)
    for made in events:
        sets[tuple(name(one, made) for one in by)].append(made)
    axes: list[set[str | None]] = []
    for place, one in enumerate(by):
        seen = {key[place] for key in sets}
        if one in PERIODS:
            days = [made.first_day for made in events if made.day is not None]
            since, until = (wanted.days.since, wanted.days.until) if wanted.days else (None, None)
            since, until = since or min(days, default=None), until or max(days, default=None)
            if since and until:
                seen |= spread(one, since, until)
        axes.append(seen)
    if any(one in PERIODS for one in by):
        keys = {
            (first, *rest)
            for first in axes[0]
            for rest in ([(one,) for one in axes[1]] if len(by) > 1 else [()])
        }
        for key in keys:
            sets.setdefault(key, [])
    return [
        {**{str(one): key[place] for place, one in enumerate(by)}, **sums(found, by)}
        for key, found in sets.items()
    ]


def in_order(rows: list[Row], by: tuple[By, ...]) -> list[Row]:
    return sorted(rows, key=lambda row: [str(row[str(one)] or "") for one in by])


ONE_OR_TWO = st.lists(st.sampled_from(tuple(By)), min_size=1, max_size=2, unique=True).filter(
    lambda by: sum(one in PERIODS for one in by) < 2
)
WINDOWS = st.one_of(st.none(), random.windows(reach=400))


@FEW
@given(random.events(random.placed(), random.dated(), random.told(), most=20), ONE_OR_TWO.map(tuple), WINDOWS)
async def test_counts_are_those_of_plain_python(
    connection: AsyncConnection, world: Regions, events: list[Made], by: tuple[By, ...], days: Days | None
) -> None:
    wanted = EventFilter(days=days)
    async with holding(connection, events):
        found = counted(await asked(connection, wanted), by)
        note(str(found))

    assert in_order(found.rows, by) == in_order(expected(events, wanted, by), by)
    total = sums([made for made in events if matches(made, wanted)], by)
    assert found.total == total


async def test_periods_come_in_their_order_and_those_of_unknown_days_first(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent
) -> None:
    for day in (date(2021, 8, 8), date(2020, 12, 31), None):
        await make_event(day=day, until=day)

    found = counted(await asked(connection), (By.MONTH,))

    assert [row["month"] for row in found.rows] == [
        None,
        "2020-12",
        *(f"2021-{month:02}" for month in range(1, 9)),
    ]
    assert [row["events"] for row in found.rows] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize(
    ("by", "window", "told"),
    [
        (By.DAY, "2020-02-28/2020-03-01", ["2020-02-28", "2020-02-29", "2020-03-01"]),
        (By.WEEK, "2020-12-28/2021-01-04", ["2020-W53", "2021-W01"]),
        (By.MONTH, "1969-11-15/1970-02-01", ["1969-11", "1969-12", "1970-01", "1970-02"]),
        (By.YEAR, "1988-05-01/1990-01-01", ["1988", "1989", "1990"]),
    ],
)
async def test_a_window_without_events_is_told_from_end_to_end(
    connection: AsyncConnection, world: Regions, by: By, window: str, told: list[str]
) -> None:
    found = counted(await asked(connection, EventFilter(days=Days.parse(window))), (by,))

    assert [row[by] for row in found.rows] == told
    nothing = {
        "events": 0,
        "deaths_low": None,
        "deaths_best": None,
        "deaths_high": None,
        "deaths_unknown": 0,
        "spanning": 0,
    }
    assert all({**row, by: None} == {by: None, **nothing} for row in found.rows)


async def test_where_gaps_would_be_more_than_an_answer_holds_only_what_has_events_is_told(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent
) -> None:
    await make_event(day=date(1850, 1, 1), until=date(2021, 8, 9))
    await make_event(day=date(2021, 8, 8), until=date(2021, 8, 8))

    everything = counted(await asked(connection), (By.DAY,))
    window = counted(
        await asked(connection, EventFilter(days=Days.parse("2021-08-07/2021-08-09"))), (By.DAY,)
    )
    ages = await asked(connection, EventFilter(days=Days.parse("0001-01-01/9999-12-31")))

    assert [row["day"] for row in everything.rows] == ["1850-01-01", "2021-08-08"]
    # What began before the window counts in its own period, which is no reason to tell those between.
    assert [row["day"] for row in window.rows] == ["1850-01-01", "2021-08-07", "2021-08-08", "2021-08-09"]
    assert [row["day"] for row in counted(ages, (By.DAY,)).rows] == ["1850-01-01", "2021-08-08"]
    assert len(counted(ages, (By.YEAR,)).rows) == 9999


async def test_more_counts_than_an_answer_holds_are_refused(
    connection: AsyncConnection, world: Regions, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, 4):
        await make_event(day=date(2021, 8, day), until=date(2021, 8, day))
    monkeypatch.setattr(counting, "MOST_COUNTS", 2)

    with pytest.raises(TooManyCounts, match="By day these are 3 counts"):
        counted(await asked(connection), (By.DAY,))
