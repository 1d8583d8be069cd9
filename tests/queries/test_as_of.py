"""What was known when: an answer as of a version is, to the byte, the one that was given then, whatever was written afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.engine import create_engine, create_reader
from app.domain.areas import Box
from app.domain.days import Days
from app.domain.drafts import ActorDraft, Draft
from app.domain.events import EventType
from app.domain.filters import EventFilter, SortKey, View
from app.domain.regions import Regions
from app.domain.statements import Evidence
from app.formats import geojson
from app.importers.run import Options, merge
from app.queries import events, versions
from app.store import versions as writing
from tests.notes import Notes, bring, draft, table_of
from tests.world import load_world, region_wanted

PLACES = {"AF-KDZ": (68.5, 36.5), "AF-HEL": (64.0, 31.0), "ZA": (20.0, -30.0)}
TITLES = ("Clashes", "Shelling", "A market burns")
MAX_EVENTS = 6


@dataclass(frozen=True)
class Told:
    """What a source tells of an event, in plain words."""

    title: str
    day: date
    place: str
    deaths: int | None
    side: str
    type: EventType
    active: bool = True

    def draft(self, key: str) -> Draft:
        lon, lat = PLACES[self.place]
        country, _, _ = self.place.partition("-")
        return draft(
            source_key=key,
            title=self.title,
            first_day=self.day,
            last_day=self.day,
            lon=lon,
            lat=lat,
            precision="settlement",
            country=country,
            admin1=self.place if "-" in self.place else None,
            extent_region=self.place,
            deaths_best=self.deaths,
            type=self.type,
            side_a=(ActorDraft(source_key=self.side, name=self.side),),
        )


told = st.builds(
    Told,
    title=st.sampled_from(TITLES),
    day=st.dates(date(2021, 8, 1), date(2021, 8, 4)),
    place=st.sampled_from(sorted(PLACES)),
    deaths=st.sampled_from((None, 0, 3, 9)),
    side=st.sampled_from(("North", "South")),
    type=st.sampled_from((EventType.BATTLE, EventType.SHELLING)),
)

QUESTIONS: dict[str, tuple[EventFilter, Callable[[Told], bool]]] = {
    "everything": (EventFilter(), lambda _: True),
    "day": (
        EventFilter(days=Days(since=date(2021, 8, 2), until=date(2021, 8, 3))),
        lambda one: date(2021, 8, 2) <= one.day <= date(2021, 8, 3),
    ),
    "box": (
        EventFilter(box=Box(west=60, south=29, east=75, north=38)),
        lambda one: one.place.startswith("AF"),
    ),
    "region": (EventFilter(regions=(region_wanted("AF-HEL"),)), lambda one: one.place == "AF-HEL"),
    "deaths": (EventFilter(deaths_min=3), lambda one: (one.deaths or 0) >= 3),
    "type": (EventFilter(types=(EventType.SHELLING,)), lambda one: one.type is EventType.SHELLING),
    "words": (EventFilter(words="market"), lambda one: one.title == "A market burns"),
    "actor": (EventFilter(actors=("North",)), lambda one: one.side == "North"),
}
WRITTEN = geojson.feature()
ORDERS = (View(), View(sort=(SortKey.parse("-deaths_best"), SortKey.parse("+id"))))


async def answer(connection: AsyncConnection, wanted: EventFilter, view: View = ORDERS[0]) -> list[str]:
    return (await events.page(connection, wanted, view, WRITTEN, None)).features


async def keys(connection: AsyncConnection, wanted: EventFilter) -> set[str]:
    written = geojson.feature(properties=("source_key",))
    page = await events.page(connection, wanted, View(), written, None)
    return {one.rpartition('"source_key":"')[2].partition('"')[0] for one in page.features}


class History(RuleBasedStateMachine):
    """Events that are created, edited, retracted and reinstated at random, beside a model of all their states in plain Python."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.now: dict[str, Told] = {}
        self.then: dict[int, dict[str, Told]] = {}
        self.answers: dict[int, list[list[str]]] = {}
        self.connection = self.loop.run(self.begin())

    async def begin(self) -> AsyncConnection:
        self.engine = create_engine(self.url, pooled=False)
        connection = await self.engine.connect()
        await connection.begin()
        await load_world(connection)
        return connection

    async def end(self) -> None:
        await self.connection.rollback()
        await self.connection.close()
        await self.engine.dispose()

    def teardown(self) -> None:
        """Old answers are the same, to the byte, after all that was written since."""
        try:
            for version, before in self.answers.items():
                assert self.loop.run(self.whole(version)) == before
        finally:
            self.loop.run(self.end())
        self.loop.close()

    @rule(new=told)
    @precondition(lambda self: len(self.now) < MAX_EVENTS)
    def create(self, new: Told) -> None:
        self.write({str(len(self.now)): new})

    @rule(data=st.data(), new=told)
    @precondition(lambda self: self.now)
    def edit_or_reinstate(self, data: Any, new: Told) -> None:
        self.write({data.draw(st.sampled_from(sorted(self.now))): new})

    @rule(data=st.data())
    @precondition(lambda self: any(one.active for one in self.now.values()))
    def retract(self, data: Any) -> None:
        key = data.draw(st.sampled_from([key for key, one in self.now.items() if one.active]))
        self.write({key: replace(self.now[key], active=False)})

    @rule(data=st.data(), one=told, other=told)
    @precondition(lambda self: len(self.now) > 1)
    def write_several(self, data: Any, one: Told, other: Told) -> None:
        first, second = data.draw(st.permutations(sorted(self.now)))[:2]
        self.write(
            {
                first: one,
                second: replace(other, active=data.draw(st.booleans()) or not self.now[second].active),
            }
        )

    @rule(data=st.data(), name=st.sampled_from(sorted(QUESTIONS)))
    @precondition(lambda self: self.then)
    def ask_as_of(self, data: Any, name: str) -> None:
        version = data.draw(st.sampled_from(sorted(self.then)))
        wanted, holds = QUESTIONS[name]

        found = self.loop.run(keys(self.connection, replace(wanted, at=version)))

        assert found == {key for key, one in self.then[version].items() if one.active and holds(one)}

    def write(self, changes: dict[str, Told]) -> None:
        drafts = [one.draft(key) for key, one in changes.items() if one.active]
        gone = [key for key, one in changes.items() if not one.active]
        report = self.loop.run(
            bring(self.connection, *drafts, evidence=Evidence(withdrawn_events=frozenset(gone)))
        )
        assert report.version is not None
        self.now = {**self.now, **changes}
        self.then[report.version] = self.now
        self.answers[report.version] = self.loop.run(self.whole(None))

    async def whole(self, version: int | None) -> list[list[str]]:
        asked = [(replace(wanted, at=version), ORDERS[0]) for wanted, _ in QUESTIONS.values()]
        return [await answer(self.connection, *one) for one in (*asked, (EventFilter(at=version), ORDERS[1]))]


def test_as_of_equals_a_model_of_every_state(module_database: str) -> None:
    machine = type("MachineOnADatabase", (History,), {"url": module_database})

    run_state_machine_as_test(
        machine, settings=settings(settings.get_profile("same"), max_examples=15, stateful_step_count=12)
    )


async def moment(connection: AsyncConnection) -> datetime:
    found: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
    return found


@pytest.fixture
async def written(fresh_engine: AsyncEngine) -> list[datetime]:
    """Moments before, between and after two versions with an event each, in a world that is version 1 of 2021."""
    moments = []
    async with fresh_engine.connect() as connection:
        await load_world(connection)
        await connection.commit()
        for key in ("1", "2"):
            moments.append(await moment(connection))
            await connection.rollback()
            await bring(connection, draft(source_key=key))
            await connection.commit()
        moments.append(await moment(connection))
    return moments


async def test_a_moment_is_of_the_last_version_known_by_then(
    fresh_database: str, written: list[datetime]
) -> None:
    reader = create_reader(fresh_database)
    async with reader.connect() as connection:
        long_ago = await versions.as_of(connection, datetime(2000, 1, 1, tzinfo=UTC))
        found = [await versions.as_of(connection, one) for one in written]
        counts = [await events.count(connection, EventFilter(at=one)) for one in (long_ago, *found)]
        with pytest.raises(versions.FutureError, match="still to come"):
            await versions.as_of(connection, written[-1] + timedelta(hours=1))
    await reader.dispose()

    assert (long_ago, found, counts) == (0, [1, 2, 3], [0, 0, 1, 2])


async def test_the_moment_of_a_version_is_of_that_version(
    fresh_database: str, written: list[datetime]
) -> None:
    reader = create_reader(fresh_database)
    async with reader.connect() as connection:
        known = (await connection.execute(text("SELECT id, known_at FROM version ORDER BY id"))).all()
        found = [await versions.as_of(connection, one.known_at) for one in known]
        before = await versions.as_of(connection, known[-1].known_at - timedelta(microseconds=1))
    await reader.dispose()

    assert (found, before) == ([one.id for one in known], known[-2].id)


async def test_a_writer_that_commits_late_is_waited_for_and_changes_no_answer(
    fresh_engine: AsyncEngine, fresh_database: str, written: list[datetime]
) -> None:
    reader = create_reader(fresh_database)
    async with fresh_engine.connect() as writer, reader.connect() as connection:
        await bring(writer, draft(source_key="late"))  # its moment is fixed, and it has not committed
        now = await moment(connection)
        asked = asyncio.create_task(versions.as_of(connection, now))
        await asyncio.sleep(0.3)
        waited = not asked.done()
        await writer.commit()
        first = await asked
        again = await versions.as_of(connection, now)
    await reader.dispose()

    assert (waited, first, again) == (True, 4, 4)


async def test_a_dry_run_is_not_waited_for(fresh_engine: AsyncEngine, fresh_database: str) -> None:
    reader = create_reader(fresh_database)
    async with fresh_engine.connect() as connection, reader.connect() as reading:
        await merge(connection, table_of([draft()]), Notes([draft()]), Options(dry_run=True))

        async with asyncio.timeout(60):
            assert await versions.as_of(reading, datetime.now(UTC)) == 0
    await reader.dispose()


async def test_a_writer_that_has_not_fixed_its_moment_is_not_waited_for(
    fresh_engine: AsyncEngine, fresh_database: str, written: list[datetime]
) -> None:
    reader = create_reader(fresh_database)
    async with fresh_engine.connect() as writer, reader.connect() as connection:
        number = await writing.begin(writer)  # an import that merges for half a minute
        now = await moment(connection)
        # The writer goes on only after the answer: who waited for it would wait for ever. A busy machine may take its time.
        first = await asyncio.wait_for(versions.as_of(connection, now), 60)
        await writing.close(writer, number, kind="import", summary="Late")
        await writer.commit()
        again = await versions.as_of(connection, now)
    await reader.dispose()

    assert (first, again) == (3, 3)


async def test_answers_as_of_any_moment_stay_while_writers_commit_at_random(
    fresh_engine: AsyncEngine, fresh_database: str, written: list[datetime]
) -> None:
    """Readers ask as of now while three writers write and dawdle before they commit; later each answer is asked for again."""
    reader = create_reader(fresh_database)
    told: list[tuple[datetime, int, int]] = []
    done = asyncio.Event()

    async def write(name: str) -> None:
        for number in range(6):
            async with fresh_engine.connect() as writer:
                await bring(writer, draft(source_key=f"{name}{number}"))
                await asyncio.sleep(0.01 * (number % 3))
                await writer.commit()

    async def ask() -> None:
        async with reader.connect() as connection:
            while not done.is_set():
                now = await moment(connection)
                version = await versions.as_of(connection, now)
                told.append((now, version, await events.count(connection, EventFilter(at=version))))

    asking = [asyncio.create_task(ask()) for _ in range(2)]
    await asyncio.gather(*(write(name) for name in "abc"))
    done.set()
    await asyncio.gather(*asking)
    async with reader.connect() as connection:
        again = [
            (
                now,
                version := await versions.as_of(connection, now),
                await events.count(connection, EventFilter(at=version)),
            )
            for now, _, _ in told
        ]
    await reader.dispose()

    assert len({version for _, version, _ in told}) > 3
    assert again == told


async def test_names_that_an_actor_is_given_later_do_not_find_events_as_of_before(
    connection: AsyncConnection, world: Regions
) -> None:
    north = ActorDraft(source_key="n", name="North")
    renamed = ActorDraft(source_key="n", name="Northern Alliance")
    first = await bring(connection, draft(source_key="1", side_a=(north,)))
    second = await bring(connection, draft(source_key="2", side_a=(renamed,)))

    for wanted in (EventFilter(words="alliance"), EventFilter(actors=("Northern Alliance",))):
        assert await keys(connection, wanted) == {"1", "2"}
        assert await keys(connection, replace(wanted, at=second.version)) == {"1", "2"}
        assert await keys(connection, replace(wanted, at=first.version)) == set()
    old = (
        await connection.execute(
            text(
                "SELECT revision, seq FROM event_revision JOIN event USING (id, revision) WHERE event.source_key = '1' ORDER BY since_version"
            )
        )
    ).all()
    assert [(one.revision, one.seq is None) for one in old] == [(1, False), (1, True)]
