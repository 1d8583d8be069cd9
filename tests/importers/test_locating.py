"""Locating events: in a small made-up world, on UCDP's places that ship with the tests, and on its whole files where they are."""

import csv
import gzip
import io
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, box

from app.domain.regions import Region, Regions
from app.importers import locating
from app.importers.gleditsch_ward import countries
from app.importers.locating import RADIUS_M, Located, Locator, Spot
from app.importers.region_seed import seeded

UCDP = Path(__file__).parents[2] / ".." / "shared" / "data" / "ucdp"
FILES = [
    "ged-syria-2016-2019.csv.gz",
    "ged191-myanmar-bangladesh.csv.gz",
    "ged231-sample-59-countries.csv.gz",
]
PRECISIONS = ["", "settlement", "near_settlement", "admin2", "admin1", "fuzzy_region", "country", "sea_air"]
UNEXPLAINED = {"admin1_unknown", "admin1_disagrees"}


def region(
    code: str,
    west: float,
    south: float,
    east: float,
    north: float,
    *,
    name: str = "",
    parent: str | None = None,
) -> Region:
    level = 0 if parent is None else 1 if len(parent) == 2 else 2
    return Region(
        code=code,
        name=name or code,
        level=level,
        parent=parent,
        country=code[:2],
        geom=MultiPolygon([box(west, south, east, north)]),
    )


WORLD = Regions(
    [
        # Two countries side by side on the equator, the eastern one in three, of which the middle has districts.
        region("WW", 0, 0, 2, 2, name="Westland"),
        region("WW-A", 0, 0, 2, 1, parent="WW", name="Southshire"),
        region("WW-B", 0, 1, 2, 2, parent="WW", name="Northshire"),
        region("EE", 2, 0, 5, 2, name="Eastland"),
        region("EE-1", 2, 0, 3, 2, parent="EE", name="Şan‘ā’"),
        region("EE-2", 3, 0, 4, 2, parent="EE", name="Middle"),
        region("EE-2.low", 3, 0, 4, 1, parent="EE-2", name="Nad Ali"),
        region("EE-2.high", 3, 1, 4, 2, parent="EE-2", name="High"),
        region("EE-3", 4, 0, 5, 2, parent="EE", name="Last"),
    ]
)
ALIASES = {
    ("ucdp-ged", "EE", "old half"): ("EE-1", "EE-2"),
    ("ucdp-ged", "EE", "renamed"): ("EE-3",),
    ("ucdp-ged", "EE", "lost country"): ("WW",),
}


@pytest.fixture(scope="module")
def world() -> Locator:
    return Locator(WORLD, ALIASES)


def spot(lon: float | None, lat: float | None, precision: str = "settlement", **more: Any) -> Spot:
    given: dict[str, Any] = {"country": "EE", "dataset": "ucdp-ged", **more}
    return Spot(lon=lon, lat=lat, precision=precision, **given)


def codes(located: Located) -> tuple[str | None, str | None, str | None, str | None]:
    return located.country, located.admin1, located.admin2, located.extent_region


def rules(located: Located) -> list[str]:
    return [problem.rule for problem in located.problems]


def test_a_settlement_lies_in_the_district_of_its_point(world: Locator) -> None:
    located = world.locate(spot(3.5, 0.5))

    assert codes(located) == ("EE", "EE-2", "EE-2.low", "EE-2.low")
    assert (located.near_regions, located.radius_m, located.problems) == (None, 5000, ())


def test_a_settlement_by_a_district_border_is_near_both(world: Locator) -> None:
    located = world.locate(spot(3.5, 0.99))

    assert codes(located) == ("EE", "EE-2", "EE-2.low", "EE-2")
    assert located.near_regions == ("EE-2.high", "EE-2.low")


def test_a_disc_ends_where_the_subdivision_that_its_source_names_does(world: Locator) -> None:
    located = world.locate(spot(3.01, 0.5, "near_settlement", adm_1="Middle"))

    assert located.extent is not None
    assert located.extent.bounds[0] == 3
    assert located.near_regions is None
    assert located.extent_region == "EE-2.low"


def test_a_disc_whose_source_names_no_subdivision_ends_with_the_country(world: Locator) -> None:
    located = world.locate(spot(3.01, 0.5, "near_settlement"))

    assert codes(located) == ("EE", "EE-2", "EE-2.low", "EE")
    assert located.near_regions == ("EE-1", "EE-2.low")
    assert located.extent is not None
    assert located.extent.bounds[0] < 3

    by_the_border = world.locate(spot(2.01, 0.5, "near_settlement"))
    assert by_the_border.extent is not None
    assert by_the_border.extent.bounds[0] == 2


def test_a_disc_lies_on_both_sides_where_name_and_point_differ(world: Locator) -> None:
    """Lines are simplified: the place is filed by its point, and certain in neither."""
    located = world.locate(spot(3.01, 0.5, adm_1="Şan‘ā’"))

    assert codes(located) == ("EE", "EE-2", "EE-2.low", "EE")
    assert located.near_regions == ("EE-1", "EE-2.low")


def test_a_name_across_a_line_drawn_too_far_wins_over_the_point(world: Locator) -> None:
    """As the Gaza Strip's does, whose events UCDP files under Israel."""
    located = world.locate(spot(2.01, 0.5, held=("WW",), adm_1="Southshire"))

    assert codes(located) == ("WW", "WW-A", None, None)
    assert located.near_regions == ("EE-1", "WW-A")


def test_a_point_far_from_its_country_is_told_and_so_are_numbers_that_changed_places(world: Locator) -> None:
    assert [
        problem.message
        for problem in world.locate(spot(0.5, 3.5)).problems
        if problem.rule == "far_from_country"
    ] == ["The point is about 236 km outside EE. Latitude and longitude may have changed places."]
    (far,) = [one for one in world.locate(spot(60, 1)).problems if one.rule == "far_from_country"]
    assert far.message == "The point is about 6,115 km outside EE."
    assert "far_from_country" not in rules(world.locate(spot(5.5, 1)))


def test_a_fuzzy_region_ends_at_the_border_of_the_country_and_touches_all_in_reach(world: Locator) -> None:
    located = world.locate(spot(2.5, 1.5, "fuzzy_region", adm_1="Middle"))

    assert codes(located) == ("EE", "EE-2", None, "EE")
    assert located.near_regions == ("EE-1", "EE-2.high", "EE-2.low")
    assert located.extent is not None
    assert located.extent.bounds[0] == 2


def test_at_sea_only_the_country_is_known_and_the_disc_is_not_cut(world: Locator) -> None:
    located = world.locate(spot(4.9, -1, "sea_air"))

    assert codes(located) == ("EE", None, None, "EE")
    assert located.near_regions == ("EE-2.low", "EE-3")
    assert located.extent is not None
    assert located.extent.bounds[2] > 5


def test_the_country_of_the_source_wins_over_the_polygon(world: Locator) -> None:
    located = world.locate(spot(1.95, 0.5))

    assert (located.country, located.admin1) == ("EE", "EE-1")
    # The point is off its polygon, so the disc is not cut and the event may have happened in either country.
    assert (located.extent_region, located.near_regions) == (None, ("EE-1", "WW-A"))


def test_without_a_country_the_polygon_decides(world: Locator) -> None:
    assert codes(world.locate(spot(1.5, 0.5, country=None)))[:2] == ("WW", "WW-A")


def test_a_point_off_the_coast_belongs_to_the_nearest_subdivision_within_25_km(world: Locator) -> None:
    degrees_25_km = Geodesic.WGS84.Direct(0, 4.5, 180, 25_000)["lat2"]

    assert world.locate(spot(4.5, degrees_25_km * 0.98)).admin1 == "EE-3"
    farther = world.locate(spot(4.5, degrees_25_km * 1.02))
    assert (farther.admin1, rules(farther)) == (None, ["no_subdivision"])


def test_a_point_far_off_is_placed_by_its_name_if_it_has_one(world: Locator) -> None:
    located = world.locate(spot(4.5, -1, adm_1="Last"))

    assert located.admin1 == "EE-3"
    assert rules(located) == ["far_from_country", "no_subdivision", "admin1_disagrees"]
    assert located.problems[-1].message.endswith("the event is placed in EE-3, as the source names it.")


def test_the_point_decides_where_it_is_more_exact_than_the_name(world: Locator) -> None:
    located = world.locate(spot(3.5, 0.5, adm_1="Last"))

    assert located.admin1 == "EE-2"
    assert [(one.rule, one.column, one.value) for one in located.problems] == [
        ("admin1_disagrees", "adm_1", "Last")
    ]
    assert located.problems[0].message == "The point is over 5 km outside EE-3; the event is placed in EE-2."


def test_the_name_decides_where_the_point_only_stands_for_it(world: Locator) -> None:
    located = world.locate(spot(3.5, 0.5, "admin1", adm_1="Last"))

    assert codes(located) == ("EE", "EE-3", None, "EE-3")
    assert (located.radius_m, located.extent) == (None, None)
    assert rules(located) == ["admin1_disagrees"]


def test_a_point_just_over_the_border_does_not_disagree(world: Locator) -> None:
    assert rules(world.locate(spot(3.96, 0.5, adm_1="Last province"))) == []
    assert rules(world.locate(spot(3.94, 0.5, adm_1="Last province"))) == ["admin1_disagrees"]


@pytest.mark.parametrize(
    "name", ["Şan‘ā’", "San'a governorate", "SANA", "Renamed", "Province of Last", "EE-1"]
)
def test_a_name_is_known_with_and_without_accents_and_words_for_kinds_of_place(
    world: Locator, name: str
) -> None:
    assert "admin1_unknown" not in rules(world.locate(spot(2.5, 0.5, adm_1=name)))


def test_an_unknown_name_is_a_problem_and_the_point_decides(world: Locator) -> None:
    located = world.locate(spot(2.5, 0.5, "admin1", adm_1="Nowhere"))

    assert (located.admin1, rules(located)) == ("EE-1", ["admin1_unknown"])


def test_a_name_of_what_has_since_been_divided_means_all_its_parts(world: Locator) -> None:
    located = world.locate(spot(2.5, 0.5, "admin1", adm_1="Old Half"))

    assert codes(located) == ("EE", None, None, "EE")
    assert located.near_regions == ("EE-1", "EE-2")
    assert rules(world.locate(spot(3.5, 0.5, adm_1="Old Half"))) == []


def test_a_name_may_mean_what_is_a_country_today(world: Locator) -> None:
    assert codes(world.locate(spot(1, 1.5, "admin1", adm_1="Lost Country"))) == ("WW", None, None, "WW")
    assert codes(world.locate(spot(1, 1.5, adm_1="Lost Country"))) == ("WW", "WW-B", None, "WW-B")


def test_land_that_the_state_held_then_is_where_it_is_today(world: Locator) -> None:
    assert codes(world.locate(spot(1, 0.5, held=("WW",)))) == ("WW", "WW-A", None, "WW-A")
    assert codes(world.locate(spot(2.5, 0.5, held=("WW",)))) == ("EE", "EE-1", None, "EE-1")


@pytest.mark.parametrize("name", ["Nad Ali", "Nad Ali district (Marja)", "nad-ali", "EE-2.low"])
def test_a_district_is_found_by_its_name(world: Locator, name: str) -> None:
    located = world.locate(spot(3.5, 1.5, "admin2", adm_1="Middle", adm_2=name))

    assert codes(located) == ("EE", "EE-2", "EE-2.low", "EE-2.low")


def test_a_district_of_an_unknown_name_is_that_of_the_point(world: Locator) -> None:
    assert world.locate(spot(3.5, 1.5, "admin2", adm_1="Middle", adm_2="Nowhere")).admin2 == "EE-2.high"


def test_a_district_without_polygon_falls_back_to_its_province(world: Locator) -> None:
    located = world.locate(spot(2.5, 0.5, "admin2", adm_1="Sana", adm_2="Bani Matar"))

    assert codes(located) == ("EE", "EE-1", None, "EE-1")
    assert [(one.rule, one.value) for one in located.problems] == [("district_without_polygon", "Bani Matar")]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (spot(3.5, 0.5, "country", adm_1="Middle"), ("EE", None, None, "EE")),
        (spot(None, None, "country"), ("EE", None, None, "EE")),
        (spot(None, None, "admin1", adm_1="EE-2"), ("EE", "EE-2", None, "EE-2")),
        (spot(None, None, "unknown"), ("EE", None, None, "EE")),
        (spot(None, None, "unknown", country=None), (None, None, None, None)),
        (spot(3.5, 0.5, "unknown", country=None), (None, None, None, None)),
        (spot(-50, -50, country=None), (None, None, None, None)),
    ],
)
def test_no_more_is_said_than_is_known(world: Locator, place: Spot, expected: tuple[str | None, ...]) -> None:
    assert codes(world.locate(place)) == expected


def test_a_country_that_does_not_exist_is_a_problem(world: Locator) -> None:
    located = world.locate(spot(3.5, 0.5, country="QQ"))

    assert located.country == "EE"
    assert rules(located) == ["unknown_country"]


@settings(max_examples=200, deadline=None)
@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    precision=st.sampled_from(sorted(RADIUS_M)),
    country=st.sampled_from([None, "AF", "FJ", "RU", "AQ"]),
)
def test_an_extent_holds_its_point_and_near_regions_all_it_touches(
    lon: float, lat: float, precision: str, country: str | None
) -> None:
    located = LOCATOR.locate(Spot(lon=lon, lat=lat, precision=precision, country=country))

    assert located.extent is not None
    assert located.extent.is_valid
    assert located.extent.distance(Point(lon, lat)) < 1e-11
    if located.near_regions:
        common = seeded().common(located.near_regions)
        assert located.extent_region == (common.code if common else None)
    touched = {
        one.code
        for one in seeded()
        if one.geom and not seeded().children(one.code) and _overlap(one.geom, located.extent)
    }
    within = {located.extent_region} - {None}
    assert touched <= set(located.near_regions or within) | {
        code for one in within for code in seeded().inside(str(one))
    }


LOCATOR = Locator(seeded())
SPOTS = st.builds(
    Spot,
    lon=st.one_of(st.floats(-180, 180), st.floats(34, 43)),
    lat=st.one_of(st.floats(-90, 90), st.floats(32, 38)),
    precision=st.sampled_from([*RADIUS_M, "admin1", "country"]),
    country=st.sampled_from([None, "SY", "IQ", "FJ", "RU"]),
    adm_1=st.sampled_from([None, "Aleppo governorate", "Latakia", "Nowhere"]),
)


@settings(max_examples=100, deadline=None)
@given(spots=st.lists(SPOTS, max_size=12))
def test_spots_are_located_at_once_as_they_are_one_by_one(spots: list[Spot]) -> None:
    alone = Locator(seeded())

    assert [_told(one) for one in LOCATOR.locate_all(spots)] == [_told(alone.locate(one)) for one in spots]


def _told(located: Located) -> tuple[Located, bytes | None]:
    """All of it; its extent to the last bit, by whose hash it is known."""
    return replace(located, extent=None), None if located.extent is None else located.extent.wkb


def test_more_spots_than_are_remembered_are_located(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locating, "_PLACES_REMEMBERED", 3)
    world = Locator(WORLD, ALIASES)
    spots = [spot(0.1 + number / 10, 0.5) for number in (*range(10), *range(10), 3)]

    assert world.locate_all(spots) == [Locator(WORLD, ALIASES).locate(one) for one in spots]


def _overlap(one: MultiPolygon, other: MultiPolygon) -> bool:
    return float(shapely.intersection(one, other).area) > 1e-9


def test_the_places_of_ucdp_that_ship_with_the_tests_are_located_as_written_down() -> None:
    with Path(__file__).with_name("ucdp_places.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) > 100
    for row in rows:
        located = LOCATOR.locate(_spot(row))
        found = {
            "country": located.country or "",
            "admin1": located.admin1 or "",
            "admin2": located.admin2 or "",
            "extent_region": located.extent_region or "",
            "near_regions": " ".join(located.near_regions or ()),
            "problems": " ".join(rules(located)),
        }
        assert {**row, **found} == row


@pytest.mark.skipif(not UCDP.exists(), reason="../shared/data is not here")
@pytest.mark.parametrize("name", FILES)
def test_98_in_100_names_of_a_whole_file_agree_or_are_explained(name: str) -> None:
    spots = [_spot(row) for row in _rows(UCDP / name)]

    before = time.process_time()
    located = Locator(seeded()).locate_all(spots)
    took = time.process_time() - before

    named = [one for place, one in zip(spots, located, strict=True) if place.adm_1]
    unexplained = Counter(bool(UNEXPLAINED & set(rules(one))) for one in named)
    assert unexplained[True] <= len(named) * 0.007
    assert all(one.country for one in located)
    assert all(one.extent_region or one.near_regions for one in located)
    assert took < 4


def _rows(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with gzip.open(path) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8-sig", newline=""))


def _spot(row: dict[str, str]) -> Spot:
    states = countries(int(float(row["country_id"])), int(float(row["year"])))
    return Spot(
        lon=float(row["longitude"]),
        lat=float(row["latitude"]),
        precision=PRECISIONS[int(float(row["where_prec"]))],
        country=states[0],
        held=states[1:],
        adm_1=row["adm_1"] or None,
        adm_2=row["adm_2"] or None,
        dataset="ucdp-ged",
    )
