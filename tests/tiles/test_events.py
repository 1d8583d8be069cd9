"""Tiles of events, decoded by another library and held against the events themselves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import mapbox_vector_tile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from app.columns.matching import Wanted
from app.domain.days import Days
from app.domain.events import GROUPS
from app.domain.filters import EventFilter
from app.domain.grid import EXTENT, Tile
from app.domain.regions import Regions
from app.queries import regions as reading
from app.tiles import events as tiles
from app.tiles.outlines import Outlines, number
from tests.columns.columns import asked
from tests.queries import strategies as random
from tests.queries.oracle import matches
from tests.queries.test_oracle import holding
from tests.world import WORLD, Made, put

Layers = dict[str, Any]
Feature = dict[str, Any]
FEW = settings(max_examples=25)
"""Each example fills a database."""


@pytest.fixture
async def world_outlines(connection: AsyncConnection, world: Regions) -> Outlines:
    return Outlines(await reading.shapes(connection))


def decoded(wanted: Wanted, tile: Tile, outlines: Outlines) -> Layers:
    written = tiles.written(wanted, tile, outlines, WORLD)
    assert len(written) <= 2 * tiles.MOST_BYTES
    return mapbox_vector_tile.decode(written, default_options={"y_coord_down": True}) if written else {}


def features(layers: Layers, name: str) -> list[Feature]:
    return layers[name]["features"] if name in layers else []


def tile_of(made: Made, zoom: int) -> Tile:
    """By the textbook's formula (OGC 17-083r4, Annex D; EPSG 3857)."""
    assert made.at
    lon, lat = made.at[0], max(-85.0511287798, min(85.0511287798, made.at[1]))
    side = 2**zoom
    x = math.floor((lon + 180) / 360 * side)
    y = math.floor((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
    return Tile(zoom, max(0, min(side - 1, x)), max(0, min(side - 1, y)))


def has_place(made: Made) -> bool:
    return made.at is not None and made.extent_id() is not None


def around(tiles: Iterable[Tile]) -> set[Tile]:
    """These tiles and their neighbours, so that what stands in the wrong one is found too."""
    found = set()
    for tile in tiles:
        last = 2**tile.z - 1
        for x in (-1, 0, 1):
            for y in (-1, 0, 1):
                found.add(Tile(tile.z, min(last, max(0, tile.x + x)), min(last, max(0, tile.y + y))))
    return found


PLACED = random.events(random.placed(), random.dated(), random.told(), most=20)


@FEW
@given(PLACED, st.integers(0, 14), st.one_of(st.none(), random.windows()))
async def test_each_event_of_a_question_is_in_exactly_one_point_stack_cell_or_area(
    connection: AsyncConnection,
    world_outlines: Outlines,
    events: list[Made],
    zoom: int,
    days: Days | None,
) -> None:
    wanted = EventFilter(days=days)
    async with holding(connection, events):
        question = await asked(connection, wanted)
    events = [made for made in events if matches(made, wanted)]
    pinned = {made.identity: made for made in events if has_place(made)}
    regional = Counter(made.extent_region for made in events if not has_place(made) and made.extent_region)

    singles: Counter[UUID] = Counter()
    summed = 0
    areas: dict[str, int] = {}
    for tile in around(tile_of(made, zoom) for made in pinned.values()) | set(_tiles_of_regions(zoom)):
        layers = decoded(question, tile, world_outlines)
        for point in features(layers, "points"):
            singles[UUID(point["properties"]["id"])] += 1
            _is_told(point, pinned[UUID(point["properties"]["id"])], tile)
        for some in (*features(layers, "stacks"), *features(layers, "cells")):
            summed += some["properties"]["count"]
        for area in features(layers, "areas"):
            count = areas.setdefault(area["properties"]["region"], area["properties"]["count"])
            assert count == area["properties"]["count"]

    assert set(singles.values()) <= {1}
    assert len(singles) + summed == len(pinned)
    if zoom > tiles.COUNTRIES_UP_TO:
        assert areas == regional
    assert sum(areas.values()) == sum(regional.values())


def _tiles_of_regions(zoom: int) -> Iterator[Tile]:
    """A tile in which each region is: that of a point inside it."""
    for region in WORLD:
        assert region.geom is not None
        inside = region.geom.representative_point()
        yield tile_of(Made(at=(inside.x, inside.y)), zoom)


def _is_told(point: Feature, made: Made, tile: Tile) -> None:
    told = point["properties"]
    day = date(1970, 1, 1)
    assert told.get("first_day") == (None if made.day is None else (made.first_day - day).days)
    assert told.get("last_day") == (None if made.until is None else (made.last_day - day).days)
    assert told["type"] == made.type
    assert told["group"] == GROUPS.get(made.type, "other")  # type: ignore[call-overload]
    assert told.get("deaths_best") == made.deaths
    assert told.get("verification") == made.verification
    assert told.get("contested") == made.contested
    assert told.get("radius_m") == made.row()["radius_m"]
    assert (told["precision"], told["dataset"]) == (made.precision, made.dataset)
    assert 0 <= point["id"] < 2**53
    x, y = point["geometry"]["coordinates"]
    assert 0 <= x < EXTENT
    assert 0 <= y < EXTENT
    # To half a unit, and a unit more for what 32 bits cut off.
    lon = (tile.x + (x + 0.5) / EXTENT) / 2**tile.z * 360 - 180
    assert made.at
    assert abs(lon - made.at[0]) <= 360 / (EXTENT << tile.z)


async def test_events_that_share_a_point_are_a_stack_with_the_newest_first(
    connection: AsyncConnection, world: Regions, world_outlines: Outlines
) -> None:
    days = [date(2021, 8, 1) + timedelta(days=day) for day in range(7)]
    at = (68.5, 36.5)
    made = [Made(at=at, radius_m=100, day=day, until=day, deaths=3 if day.day % 2 else None) for day in days]
    await put(connection, *made, Made(at=(68.51, 36.51), radius_m=100))
    question = await asked(connection)

    layers = decoded(question, tile_of(made[0], 9), world_outlines)

    (stack,) = features(layers, "stacks")
    assert len(features(layers, "points")) == 1
    newest = sorted(made, key=lambda one: one.first_day, reverse=True)[: tiles.SHOWN]
    assert stack["properties"]["ids"].split(",") == [str(one.identity) for one in newest]
    first, last = ((day - date(1970, 1, 1)).days for day in (days[0], days[-1]))
    assert stack["properties"] == {
        "ids": stack["properties"]["ids"], "count": 7, "battle": 7, "deaths_low": 12, "deaths_best": 12, "deaths_high": 12,
        "deaths_unknown": 3, "first_day": first, "last_day": last,
    }  # fmt: skip


@pytest.mark.parametrize(("zoom", "side"), [(3, 16), (8, 64)])
async def test_too_many_places_for_points_are_cells_of_a_fixed_grid(
    connection: AsyncConnection, world: Regions, world_outlines: Outlines, zoom: int, side: int
) -> None:
    # Some more than 2,000 places in one tile of zoom 8, in twenty clumps and a few that are alone.
    clumps = [(69.0 + clump % 5 * 0.2, 36.0 + clump // 5 * 0.2) for clump in range(20)]
    many = [
        Made(at=(lon + step % 11 * 1e-5, lat + step // 11 * 1e-5), radius_m=10, deaths=1)
        for lon, lat in clumps
        for step in range(110)
    ]
    await put(connection, *many)
    question = await asked(connection)
    tile = tile_of(many[0], zoom)

    layers = decoded(question, tile, world_outlines)

    cells = features(layers, "cells")
    here = [made for made in many if tile_of(made, zoom) == tile]
    assert set(layers) <= {"cells", "points"}
    assert sum(cell["properties"]["count"] for cell in cells) + len(features(layers, "points")) == len(here)
    assert sum(cell["properties"]["deaths_best"] for cell in cells) == len(here) - len(
        features(layers, "points")
    )
    # Centres of cells, in which ever events.
    step = EXTENT // side
    assert all(at % step == step // 2 for cell in cells for at in cell["geometry"]["coordinates"])
    assert len({cell["id"] for cell in cells}) == len(cells)


async def test_what_is_known_to_a_province_only_is_no_pin_but_an_area(
    connection: AsyncConnection, world: Regions, world_outlines: Outlines
) -> None:
    stand_in = (64.0, 31.0)
    await put(
        connection, *(Made(at=stand_in, within="AF-HEL", precision="admin1") for _ in range(3)), Made(at=None)
    )
    question = await asked(connection)

    for zoom, region, level in ((1, "AF", 0), (6, "AF-HEL", 1)):
        x, y = (int(one * 2**zoom) for one in world_outlines.label(region))
        layers = decoded(question, Tile(zoom, x, y), world_outlines)
        assert set(layers) == {"areas", "area_labels"}
        (area,), (label,) = features(layers, "areas"), features(layers, "area_labels")
        assert area["properties"] == label["properties"]
        assert {"region": region, "level": level, "count": 3}.items() <= area["properties"].items()
        assert area["id"] == label["id"] == number(region)
        assert area["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    beside = Tile(6, tile_of(Made(at=stand_in), 6).x + 4, 0)
    assert decoded(question, beside, world_outlines) == {}
