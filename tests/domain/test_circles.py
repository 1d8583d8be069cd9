import math

import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from app.domain.circles import MAX_RADIUS_M, circle, circles

LONGITUDES = st.one_of(st.sampled_from([-180.0, -179.999, 0.0, 179.999, 180.0]), st.floats(-180, 180))
LATITUDES = st.one_of(st.sampled_from([-90.0, -89.99, 0.0, 89.99, 90.0]), st.floats(-90, 90))
RADII = st.one_of(st.sampled_from([10, 100, 5_000, 25_000, 100_000, 200_000]), st.floats(1, MAX_RADIUS_M))


def away(lon: float, lat: float, azimuth: float, metres: float) -> Point:
    there = Geodesic.WGS84.Direct(lat, lon, azimuth, metres)
    return Point(there["lon2"], there["lat2"])


@settings(max_examples=400, deadline=None)
@given(lon=LONGITUDES, lat=LATITUDES, radius_m=RADII, azimuth=st.floats(-180, 180), part=st.floats(0, 0.9999))
def test_a_circle_holds_every_place_within_its_radius(
    lon: float, lat: float, radius_m: float, azimuth: float, part: float
) -> None:
    place = away(lon, lat, azimuth, radius_m * part)

    # A micrometre is what remains of 180 degrees in a 64-bit number.
    assert circle(lon, lat, radius_m).distance(place) < 1e-11


@settings(max_examples=400, deadline=None)
@given(lon=LONGITUDES, lat=LATITUDES, radius_m=RADII, azimuth=st.floats(-180, 180))
def test_a_circle_holds_no_place_over_half_a_hundredth_outside(
    lon: float, lat: float, radius_m: float, azimuth: float
) -> None:
    place = away(lon, lat, azimuth, radius_m * 1.005 + 0.01)

    assert not circle(lon, lat, radius_m).contains_properly(place)


@settings(max_examples=200, deadline=None)
@given(lon=LONGITUDES, lat=LATITUDES, radius_m=RADII)
def test_a_circle_is_valid_and_stays_on_the_map(lon: float, lat: float, radius_m: float) -> None:
    shape = circle(lon, lat, radius_m)

    west, south, east, north = shape.bounds
    assert shape.is_valid
    assert not shape.is_empty
    assert west >= -180
    assert south >= -90
    assert east <= 180
    assert north <= 90


CENTRES = st.tuples(LONGITUDES, LATITUDES, RADII)


@settings(max_examples=200, deadline=None)
@given(centres=st.lists(CENTRES, max_size=8))
def test_circles_at_once_are_those_that_are_made_one_by_one(
    centres: list[tuple[float, float, float]],
) -> None:
    made = circles(centres)

    # To the last bit: an extent is known by the hash of its corners.
    assert [one.wkb for one in made] == [circle(*centre).wkb for centre in centres]


@pytest.mark.parametrize("radius_m", [0, -5, math.nan])
def test_circles_at_once_are_refused_as_one_is(radius_m: float) -> None:
    with pytest.raises(ValueError, match="A radius is more than 0"):
        circles([(0, 0, 100), (0, 0, radius_m)])


def test_a_circle_on_the_antimeridian_has_a_part_on_each_side() -> None:
    shape = circle(179.9, -17, 50_000)

    parts = sorted(part.bounds for part in shape.geoms)
    assert [(part[0], part[2]) for part in parts] == [
        (-180, pytest.approx(-179.63, abs=0.01)),
        (pytest.approx(179.43, abs=0.01), 180),
    ]


def test_a_circle_round_the_pole_reaches_it_all_along() -> None:
    shape = circle(0, 89.5, 100_000)

    assert shapely.intersects_xy(shape, 179.9, 89.7)
    assert shapely.intersects_xy(shape, -90, 89.9999)
    assert not shapely.intersects_xy(shape, 180, 89.5)
    assert shape.bounds[3] == 90


@pytest.mark.parametrize(
    ("lon", "lat", "radius_m", "vertices"),
    [
        (181, 0, 1, 64),
        (0, 91, 1, 64),
        (0, 0, 0, 64),
        (0, 0, MAX_RADIUS_M * 1.01, 64),
        (0, 0, math.nan, 64),
        (math.nan, 0, 1, 64),
        (0, 0, 1, 8),
    ],
)
def test_a_circle_that_cannot_be_is_refused(lon: float, lat: float, radius_m: float, vertices: int) -> None:
    with pytest.raises(ValueError, match="not"):
        circle(lon, lat, radius_m, vertices)
