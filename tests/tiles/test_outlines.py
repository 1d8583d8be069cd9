"""Outlines of regions in tiles, decoded by another library and compared with what Shapely cuts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from app.domain.grid import MAX_LATITUDE, BadTile, Tile, world
from app.domain.regions import Region
from app.formats import mvt
from app.tiles.outlines import Outlines, number

WORLD = Tile(0, 0, 0)


def drawn(outlines: Mapping[str, bytes]) -> dict[str, Any]:
    """Polygons in units of the tile, y downwards, by code."""
    codes = list(outlines)
    layer = mvt.polygons(
        "regions",
        geometries=list(outlines.values()),
        ids=[number(code) for code in codes],
        columns={"region": codes},
    )
    decoded = mapbox_vector_tile.decode(layer, default_options={"y_coord_down": True})
    return {one["properties"]["region"]: shape(one["geometry"]) for one in decoded["regions"]["features"]}


def in_tile(outlines: Outlines, tile: Tile, codes: Collection[str]) -> dict[str, bytes]:
    """Those of some regions that touch a tile, by code."""
    levels = sorted(outlines.levels(codes))
    return {
        code: found
        for level in levels
        for code, found in outlines.at_level(tile, level).items()
        if code in codes
    }


def cut(region: Region, tile: Tile) -> Any:
    """What Shapely cuts out of the region as it is kept, in units of the tile."""

    def in_units(degrees: Any) -> Any:
        x, y = world(degrees[:, 0], degrees[:, 1])
        return np.column_stack([x * tile.scale - tile.x * 4096, y * tile.scale - tile.y * 4096])

    whole = shapely.make_valid(shapely.transform(region.geom, in_units))
    return shapely.intersection(whole, shapely.box(-64, -64, 4160, 4160))


def difference(found: Any, expected: Any) -> float:
    """Of two areas what is in one only."""
    return float(shapely.area(shapely.symmetric_difference(shapely.make_valid(found), expected)))


TILES = [
    (Tile(6, 44, 25), ("AF-KDZ", "AF-BDS", "TJ")),
    (Tile(8, 178, 99), ("AF", "AF-KDZ", "TJ-KT")),
    (Tile(5, 9, 12), ("US", "CA", "US-MI")),
    (Tile(4, 15, 4), ("RU", "RU-CHU")),
    (Tile(11, 1219, 834), ("PS", "IL")),
]


@pytest.mark.parametrize(("tile", "codes"), TILES)
def test_an_outline_is_what_shapely_cuts_out_of_the_region(
    tile: Tile, codes: tuple[str, ...], outlines: Outlines, regions: dict[str, Region]
) -> None:
    found = drawn(in_tile(outlines, tile, codes))

    for code in codes:
        expected = cut(regions[code], tile)
        if expected.is_empty:
            assert code not in found
        else:
            # Half a pixel, which is four units, along all of the border.
            assert difference(found[code], expected) < 4 * expected.length + 64, code


def test_the_world_shows_every_country(outlines: Outlines) -> None:
    found = drawn(outlines.at_level(WORLD, 0))

    assert set(found) == set(outlines.codes(0))
    assert len(found) == 251


def test_every_subdivision_is_in_some_tile_of_a_zoom(outlines: Outlines) -> None:
    seen: set[str] = set()
    for x in range(8):
        for y in range(8):
            seen |= set(outlines.at_level(Tile(3, x, y), 1))

    assert seen == set(outlines.codes(1))


def test_neighbours_meet_without_gaps_where_they_are_simplified(outlines: Outlines) -> None:
    europe = drawn(
        in_tile(outlines, Tile(3, 4, 2), ("DE", "FR", "CH", "AT", "IT", "LI", "LU", "BE", "CZ", "SI"))
    )
    whole = shapely.union_all([shapely.make_valid(one) for one in europe.values()])
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(whole) for ring in part.interiors]

    # San Marino and the Vatican are not among them.
    assert sum(hole.area for hole in holes) < 200
    assert sum(one.area for one in europe.values()) == pytest.approx(whole.area, rel=0.001)


def test_rings_are_wound_as_the_specification_wants_it(outlines: Outlines) -> None:
    outer, inner = [], []
    for tile in (WORLD, Tile(3, 4, 4), Tile(6, 36, 38)):
        for encoded in outlines.at_level(tile, 0).values():
            areas = signed_areas(encoded)
            assert areas[0] > 0  # the first ring of a feature is an outer one
            outer += [area for area in areas if area > 0]
            inner += [area for area in areas if area < 0]

    assert len(outer) > 500
    assert inner  # Lesotho in South Africa


def signed_areas(encoded: bytes) -> list[float]:
    """Of each ring by the surveyor's formula, read number by number as the specification tells it."""
    numbers, shift, value = [], 0, 0
    for byte in encoded:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            shift = value = 0
    rings: list[list[tuple[int, int]]] = []
    x = y = at = 0
    while at < len(numbers):
        command, count = numbers[at] & 7, numbers[at] >> 3
        at += 1
        if command == 1:
            rings.append([])
        if command != 7:
            for _ in range(count):
                x += (numbers[at] >> 1) ^ -(numbers[at] & 1)
                y += (numbers[at + 1] >> 1) ^ -(numbers[at + 1] & 1)
                at += 2
                rings[-1].append((x, y))
    return [
        sum(a * d - c * b for (a, b), (c, d) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2
        for ring in rings
    ]


@pytest.mark.parametrize("code", ["FJ", "RU", "NZ", "US"])
def test_nothing_runs_over_the_antimeridian(code: str, outlines: Outlines) -> None:
    whole = drawn(in_tile(outlines, WORLD, [code]))[code]

    for part in shapely.get_parts(whole):
        west, _, east, _ = part.bounds
        assert east - west < 2200  # Russia itself; a part that wraps would span 4096


def test_both_edges_of_the_world_show_fiji(outlines: Outlines) -> None:
    side = 2**6
    codes = [list(in_tile(outlines, Tile(6, x, 35), ["FJ", "AF"])) for x in (0, side - 1)]

    assert codes == [["FJ"], ["FJ"]]


def test_the_antimeridian_is_no_border(outlines: Outlines) -> None:
    chukotka = drawn(in_tile(outlines, Tile(4, 15, 4), ["RU"]))["RU"]

    assert shapely.get_coordinates(chukotka)[:, 0].max() == 4096 + 64


def test_the_map_ends_where_web_mercator_ends() -> None:
    x, y = world([0.0, 0.0], [MAX_LATITUDE, -90.0])

    assert x.tolist() == [0.5, 0.5]
    assert y == pytest.approx([0.0, 1.0], abs=1e-9)


def test_a_label_lies_inside_its_region(outlines: Outlines, regions: dict[str, Region]) -> None:
    for code in ("FR", "US", "FJ", "AF-KDZ", "NO", "AF-KDZ.imam-sahib", "VA"):
        point = shapely.Point(outlines.label(code))
        assert shapely.contains(_in_world(regions[code]), point), code


def _in_world(region: Region) -> Any:
    return shapely.transform(
        region.geom, lambda degrees: np.column_stack(world(degrees[:, 0], degrees[:, 1]))
    )


def test_numbers_of_regions_differ_and_fit_into_a_double(outlines: Outlines) -> None:
    numbers = [number(code) for level in range(3) for code in outlines.codes(level)]

    assert len(numbers) == len(set(numbers)) == 5000
    assert max(numbers) < 2**53


def test_codes_of_no_region_are_left_out(outlines: Outlines) -> None:
    assert list(in_tile(outlines, WORLD, ["AF", "QQ"])) == ["AF"]
    assert list(in_tile(outlines, Tile(2, 0, 0), ["AF"])) == []


def test_the_second_time_a_tile_is_the_same_object(outlines: Outlines) -> None:
    tile = Tile(5, 21, 12)

    assert outlines.at_level(tile, 1) is outlines.at_level(tile, 1)


@pytest.mark.parametrize(
    ("tile", "said"), [((15, 0, 0), "Zoom 15"), ((2, 4, 0), "Column 4"), ((2, 0, -1), "Row -1")]
)
def test_a_tile_that_is_none_cannot_be_made(tile: Iterable[int], said: str) -> None:
    with pytest.raises(BadTile, match=said):
        Tile(*tile)


def test_without_regions_there_is_nothing_to_draw() -> None:
    nothing = Outlines([])

    for tile in (WORLD, Tile(8, 0, 0)):
        assert [nothing.at_level(tile, level) for level in range(3)] == [{}, {}, {}]
