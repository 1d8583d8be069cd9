"""The base map: which layers a tile has, and what stands in them."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest

from app.domain.grid import Tile
from app.domain.regions import Region, Regions
from app.queries.places import Gazetteer
from app.tiles import regions as drawing
from app.tiles.outlines import Outlines, number
from app.tiles.towns import Towns

AFGHANISTAN = Tile(6, 44, 25)


def gazetteer(*towns: tuple[str, int, float, float], capitals: frozenset[str] = frozenset()) -> Gazetteer:
    """Towns by name, inhabitants, longitude and latitude."""
    return Gazetteer(
        names=[one[0] for one in towns],
        local=["" for _ in towns],
        population=np.array([one[1] for one in towns], np.int32),
        capital=np.array([one[0] in capitals for one in towns], bool),
        lon=np.array([one[2] for one in towns], float),
        lat=np.array([one[3] for one in towns], float),
    )


NO_TOWNS = Towns.of(gazetteer())


@pytest.fixture(scope="session")
def registry(regions: dict[str, Region]) -> Regions:
    return Regions(regions.values())


def decoded(tile: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    return found


@pytest.mark.parametrize(
    ("zoom", "layers"),
    [
        (0, {"countries", "labels"}),
        (2, {"countries", "labels"}),
        (3, {"countries", "subdivisions", "labels"}),
        (6, {"countries", "subdivisions", "districts", "labels"}),
    ],
)
def test_finer_regions_come_with_the_zoom(
    zoom: int, layers: set[str], registry: Regions, outlines: Outlines
) -> None:
    tile = Tile(zoom, *(part >> (6 - zoom) for part in (44, 25)))

    assert set(decoded(drawing.written(tile, registry, outlines, NO_TOWNS))) == layers


def test_a_region_tells_its_code_name_level_and_what_it_is_part_of(
    registry: Regions, outlines: Outlines
) -> None:
    found = decoded(drawing.written(AFGHANISTAN, registry, outlines, NO_TOWNS))
    (kunduz,) = [one for one in found["subdivisions"]["features"] if one["properties"]["region"] == "AF-KDZ"]
    (country,) = [one for one in found["countries"]["features"] if one["properties"]["region"] == "AF"]

    assert kunduz["properties"] == {"region": "AF-KDZ", "name": "Kunduz", "level": 1, "parent": "AF"}
    assert kunduz["id"] == number("AF-KDZ")
    assert country["properties"] == {"region": "AF", "name": "Afghanistan", "level": 0}


def test_counts_stand_beside_the_regions_that_have_any(registry: Regions, outlines: Outlines) -> None:
    counted = {"count": {"AF": 7, "AF-KDZ": 2}, "deaths_best": {"AF": 3}}
    found = decoded(drawing.written(AFGHANISTAN, registry, outlines, NO_TOWNS, counted))
    told = {
        one["properties"]["region"]: {name: one["properties"].get(name) for name in counted}
        for layer in ("countries", "subdivisions")
        for one in found[layer]["features"]
    }

    assert told["AF"] == {"count": 7, "deaths_best": 3}
    assert told["AF-KDZ"] == {"count": 2, "deaths_best": None}
    assert told["AF-BDS"] == {"count": None, "deaths_best": None}


def test_each_label_stands_once_in_the_world_and_none_is_lost_with_the_zoom(
    registry: Regions, outlines: Outlines
) -> None:
    before: set[str] = set()
    for zoom in range(4):
        seen = Counter(
            label["properties"]["region"]
            for x, y in product(range(2**zoom), repeat=2)
            for label in decoded(drawing.written(Tile(zoom, x, y), registry, outlines, NO_TOWNS)).get(
                "labels", {"features": []}
            )["features"]
        )
        assert set(seen.values()) == {1}
        assert before < set(seen)
        before = set(seen)
    assert {"AF", "RU", "LB"} <= before


def test_subdivisions_are_labelled_where_their_names_fit(registry: Regions, outlines: Outlines) -> None:
    def labels(tile: Tile) -> set[str]:
        found = decoded(drawing.written(tile, registry, outlines, NO_TOWNS))
        return {one["properties"]["region"] for one in found["labels"]["features"]}

    assert "AF-KDZ" not in labels(Tile(3, 5, 3))
    assert "AF-KDZ" in labels(Tile(4, 11, 6))
    assert "AF-KAP" not in labels(Tile(4, 11, 6))  # a quarter as large
    assert "AF-KAP" in labels(Tile(5, 22, 12))


def test_the_largest_country_is_drawn_first(registry: Regions, outlines: Outlines) -> None:
    world = decoded(drawing.written(Tile(0, 0, 0), registry, outlines, NO_TOWNS))
    ranks = {one["properties"]["region"]: one["properties"]["rank"] for one in world["labels"]["features"]}

    assert ranks["RU"] == 0
    assert ranks["RU"] < ranks["KZ"] < ranks["FR"]
    assert list(ranks.values()) == sorted(ranks.values())


def towns_in(towns: Towns, tile: Tile) -> list[str]:
    layer = towns.layer(tile)
    return [one["properties"]["name"] for one in decoded(layer)["places"]["features"]] if layer else []


def test_of_a_neighbourhood_the_capital_is_seen_first_then_the_largest_town() -> None:
    towns = Towns.of(
        gazetteer(
            ("Suburb", 900_000, 69.17, 34.52),
            ("Kabul", 400_000, 69.18, 34.53),
            ("Village", 2_000, 69.19, 34.52),
            capitals=frozenset({"Kabul"}),
        )
    )

    assert towns_in(towns, Tile(4, 11, 6)) == ["Kabul"]
    assert towns_in(towns, Tile(10, 708, 407)) == ["Kabul", "Suburb"]
    assert towns_in(towns, Tile(3, 5, 3)) == []


def test_a_tile_has_no_more_towns_than_its_grid_has_cells_and_none_is_lost_with_the_zoom() -> None:
    random = np.random.default_rng(7)
    many = [
        (f"Town {number}", int(random.integers(1_000, 2_000_000)), *random.uniform((60, 30), (70, 40)))
        for number in range(3_000)
    ]
    towns = Towns.of(gazetteer(*many))
    before: set[str] = set()
    for zoom, most in ((4, 16), (5, 64), (6, 144), (7, 144)):
        seen: list[str] = []
        for x, y in product(range(2**zoom), repeat=2):
            if towns_here := towns_in(towns, Tile(zoom, x, y)) if _near(zoom, x, y) else []:
                assert len(towns_here) <= most
                seen += towns_here
        assert len(seen) == len(set(seen))
        assert before < set(seen)
        before = set(seen)


def _near(zoom: int, x: int, y: int) -> bool:
    """Whether a tile may have one of those towns."""
    side = 1 << zoom
    return (x + 1) / side > 0.65 and x / side < 0.70 and (y + 1) / side > 0.36 and y / side < 0.42


def test_a_town_tells_its_name_in_the_local_script_and_its_rank() -> None:
    herat = Gazetteer(
        names=["Herāt"],
        local=["هرات"],
        population=np.array([574_276], np.int32),
        capital=np.array([False]),
        lon=np.array([62.2]),
        lat=np.array([34.35]),
    )
    (town,) = decoded(Towns.of(herat).layer(Tile(4, 10, 6)))["places"]["features"]

    assert town["properties"] == {"name": "Herāt", "local": "هرات", "rank": 1}
