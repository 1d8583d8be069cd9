"""Seeding brings a database to what ships with Sitrep, and does nothing where it is so already."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.domain.events import event_id
from app.domain.places import Place
from app.domain.words import web_search
from app.importers import seed as seeding
from app.importers.desk import load
from app.importers.region_seed import SEED
from app.importers.seed import SeedReport, seed
from tests.importers.desking import coded

KUNDUZ = Place(
    geonameid=1135689,
    name="Kunduz",
    alternates=("Qunduz", "قندوز"),
    country="AF",
    lon=68.857,
    lat=36.72895,
    population=161_902,
)

Small = Callable[..., None]


class PowerCut(Exception):
    """What ends a seed half-way."""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Small:
    """Puts Afghanistan alone in the place of the world, and Kunduz in that of the gazetteer.

    Called again, it changes what ships: each keyword is a region's code without its hyphen, with its new name.
    """
    with gzip.open(SEED / "regions.jsonl.gz", "rt", encoding="utf-8") as file:
        header, *lines = file.read().splitlines()
    afghan = [region for region in map(json.loads, lines) if region["country"] == "AF"]

    def ship(**names: str) -> None:
        regions = [
            region | {"name": names.get(region["code"].replace("-", ""), region["name"])} for region in afghan
        ]
        path = tmp_path / "regions.jsonl.gz"
        path.write_bytes(gzip.compress("\n".join([header, *map(json.dumps, regions)]).encode(), mtime=0))
        monkeypatch.setattr(seeding, "_REGIONS", path)

    def places() -> Iterator[Place]:
        yield KUNDUZ

    monkeypatch.setattr(seeding, "read_places", places)
    ship()
    return ship


async def rows(engine: AsyncEngine, statement: str, **values: Any) -> list[Any]:
    async with engine.connect() as connection:
        found = (await connection.execute(text(statement), values)).all()
    return [row[0] if len(row) == 1 else tuple(row) for row in found]


async def titles(engine: AsyncEngine, condition: str, **values: Any) -> set[str]:
    return set(await rows(engine, f"SELECT title FROM event WHERE {condition}", **values))


async def test_a_new_database_gets_regions_places_and_the_events_of_the_desk(
    fresh_engine: AsyncEngine, small: Small
) -> None:
    told: list[str] = []

    report = await seed(fresh_engine, told.append)

    assert report == SeedReport(
        (
            "433 regions: 433 created, 0 changed, 0 unchanged, 0 removed.",
            "1 places of the gazetteer, of 1,000 inhabitants or more.",
            "6 events of 2021-08-08-kunduz-helmand.yaml: 6 created, 0 changed; 19 statements: 19 created, 0 changed.",
        )
    )
    assert told == [
        "Loading regions ...",
        "Loading places and their spellings ...",
        "Loading the events of 2021-08-08-kunduz-helmand.yaml ...",
    ]
    assert await rows(fresh_engine, "SELECT kind FROM version ORDER BY id") == ["regions", "places", "import"]


async def test_a_second_seed_changes_nothing_says_nothing_and_takes_no_time(
    fresh_engine: AsyncEngine, small: Small
) -> None:
    await seed(fresh_engine)
    before = await rows(fresh_engine, "SELECT id, known_at, summary FROM version")
    told: list[str] = []

    began = time.perf_counter()
    report = await seed(fresh_engine, told.append)

    assert time.perf_counter() - began < 0.3
    assert (report, told) == (SeedReport(()), [])
    assert await rows(fresh_engine, "SELECT id, known_at, summary FROM version") == before


async def test_the_fall_of_kunduz_is_found_by_its_province_and_day(
    fresh_engine: AsyncEngine, small: Small
) -> None:
    await seed(fresh_engine)
    on_that_day = "admin1 = 'AF-KDZ' AND first_day <= '2021-08-08' AND last_day >= '2021-08-08'"

    assert await titles(fresh_engine, on_that_day) == {"Fall of Kunduz to the Taliban"}
    kunduz = await rows(
        fresh_engine,
        f"SELECT id, type, ST_AsText(geom), precision, first_day::text, date_precision, admin2, side_a, side_b FROM event WHERE {on_that_day}",
    )
    assert kunduz == [
        (
            event_id("desk", "2021-08-08-fall-of-kunduz"),
            "territorial_change",
            "POINT(68.857 36.72895)",
            "settlement",
            "2021-08-08",
            "day",
            "AF-KDZ.kunduz",
            ["Taliban"],
            ["Government of Afghanistan"],
        )
    ]


async def test_the_alleged_bombings_are_found_by_province_and_week_and_have_no_point(
    fresh_engine: AsyncEngine, small: Small
) -> None:
    await seed(fresh_engine)

    assert await titles(
        fresh_engine,
        "admin1 = 'AF-HEL' AND first_day <= '2021-08-09' AND last_day >= '2021-08-01' AND geom IS NULL",
    ) == {"Alleged bombing of a hospital", "Alleged bombing of a high school"}


async def test_no_event_of_the_desk_has_deaths_since_none_are_reported(
    fresh_engine: AsyncEngine, small: Small
) -> None:
    await seed(fresh_engine)

    assert await rows(
        fresh_engine,
        "SELECT DISTINCT deaths_low, deaths_best, deaths_high, deaths_civilians, deaths_state FROM event",
    ) == [(None, None, None, None, "not_reported")]


@pytest.mark.parametrize("words", ["Kunduz", "Qunduz", "قندوز", "Taleban kunduz", "طالبان قندوز"])
async def test_kunduz_is_found_by_any_spelling(fresh_engine: AsyncEngine, small: Small, words: str) -> None:
    await seed(fresh_engine)

    found = await titles(
        fresh_engine, "search @@ websearch_to_tsquery('simple', :words)", words=web_search(words)
    )

    assert "Fall of Kunduz to the Taliban" in found
    assert "Alleged bombing of a hospital" not in found


async def test_two_seeds_at_once_load_everything_once(fresh_engine: AsyncEngine, small: Small) -> None:
    reports = await asyncio.gather(seed(fresh_engine), seed(fresh_engine))

    assert sorted(await rows(fresh_engine, "SELECT kind FROM version")) == ["import", "places", "regions"]
    assert sorted(sentence for report in reports for sentence in report.done)[2].startswith("6 events")
    assert len([sentence for report in reports for sentence in report.done]) == 3


async def test_a_seed_that_was_interrupted_goes_on_where_it_was(
    fresh_engine: AsyncEngine, small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Iterator[Place]:
        yield KUNDUZ
        raise PowerCut

    with monkeypatch.context() as for_now:
        for_now.setattr(seeding, "read_places", broken)
        with pytest.raises(PowerCut):
            await seed(fresh_engine)

    report = await seed(fresh_engine)

    assert [sentence.split(" ")[1] for sentence in report.done] == ["places", "events"]


async def test_a_region_that_ships_changed_is_written_and_the_desk_places_its_events_anew(
    fresh_engine: AsyncEngine, small: Small
) -> None:
    await seed(fresh_engine)
    small(AFKDZ="Qunduz Province")

    report = await seed(fresh_engine)

    assert report.done == (
        "433 regions: 0 created, 1 changed, 432 unchanged, 0 removed. Other datasets' events keep the regions they have, until they are imported again with --force.",
        "6 events of 2021-08-08-kunduz-helmand.yaml: 0 created, 0 changed; 19 statements: 0 created, 0 changed.",
    )
    assert await rows(fresh_engine, "SELECT code, name FROM region WHERE version > 1") == [
        ("AF-KDZ", "Qunduz Province")
    ]
    assert await rows(fresh_engine, "SELECT DISTINCT revision FROM event") == [1]
    assert (await seed(fresh_engine)).done == ()


async def test_what_a_later_desk_file_says_outlasts_a_change_of_regions(
    fresh_engine: AsyncEngine, small: Small
) -> None:
    await seed(fresh_engine)
    follow_up = (
        "format: sitrep-desk-1\n"
        "events:\n  - {key: 2021-08-helmand-hospital, withdrawn: true}\n"
        "claims:\n  - {key: cnn-kunduz, withdrawn: true}\n"
    )
    await load(fresh_engine, coded(follow_up, "2021-08-20-mended.yaml"))
    small(AFKDZ="Qunduz Province")

    await seed(fresh_engine)

    assert await titles(fresh_engine, "status = 'retracted'") == {"Alleged bombing of a hospital"}
    assert await rows(
        fresh_engine, "SELECT since_version, until_version FROM claim WHERE source_key = 'cnn-kunduz'"
    ) == [(3, 4)]


async def test_what_ships_for_the_whole_world_can_be_loaded(fresh_engine: AsyncEngine) -> None:
    report = await seed(fresh_engine)

    assert [sentence.split(" ")[1].rstrip(":") for sentence in report.done] == ["regions", "places", "events"]
    assert (await seed(fresh_engine)).done == ()
    spellings = await rows(fresh_engine, "SELECT name FROM place WHERE 'قندوز' = ANY(folded)")
    assert spellings == ["Kunduz"]
