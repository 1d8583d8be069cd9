"""What is read as an area, what is refused and in which words; and that the bounds and polygons of a circle hold it."""

from __future__ import annotations

import json

import pytest
import shapely
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from app.domain.areas import MAX_VERTICES, BadArea, Box, Circle, Shape
from app.domain.circles import MAX_RADIUS_M


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,2,3", "A box has four numbers"),
        ("1,2,3,4,5", "A box has four numbers"),
        (",".join(["1"] * 9), "A box has four numbers"),
        ("1,2,3,x", "'x' is not one"),
        ("1,2,3,", "'' is not one"),
        ("nan,2,3,4", "'nan' is not one"),
        ("1,2,inf,4", "'inf' is not one"),
        ("1,2,1e400,4", "'1e400' is not one"),
        ("1_0,2,30,4", "'1_0' is not one"),
        ("١,2,30,4", "'١' is not one"),
        ("[1,2,3,4]", "without brackets"),
        ("1,2,181,4", "The east edge 181 lies outside"),
        ("1,-91,2,4", "The south edge -91 lies outside"),
        ("1,5,2,4", r"South \(5\) is greater than north"),
        ("1,2,9,3,4,8", r"The lower height \(9\) is greater than the upper \(8\)"),
    ],
)
def test_a_box_that_cannot_be_read_says_why(text: str, sentence: str) -> None:
    with pytest.raises(BadArea, match=sentence):
        Box.parse(text)


def test_six_numbers_are_a_box_with_heights_that_say_nothing() -> None:
    assert Box.parse("1,2,-50,3,4,900") == Box.parse(" 1, 2,3 ,4") == Box(west=1, south=2, east=3, north=4)


def test_a_box_may_be_a_line_a_point_or_the_world() -> None:
    assert [Box.parse(text).core.geom_type for text in ("1,2,1,4", "1,2,1,2", "-180,-90,180,90")] == [
        "LineString",
        "Point",
        "Polygon",
    ]


@pytest.mark.parametrize(
    ("near", "radius", "sentence"),
    [
        ("1", "5km", "longitude,latitude; here are 1"),
        ("1,2,3", "5km", "longitude,latitude; here are 3"),
        ("1,nan", "5km", "'nan' is not one"),
        ("36.7,98", "5km", "no place on the globe. The order is longitude,latitude"),
        ("1,2", "5 leagues", "Give metres, or a number with m, km, mi or nmi"),
        ("1,2", "0", "more than 0"),
        ("1,2", "-5km", "more than 0"),
        ("1,2", "1e9", "at most 9900000 metres"),
        ("1,2", "1e400", "'1e400' is not one"),
        ("1,2", "", "is not a length"),
    ],
)
def test_a_circle_that_cannot_be_read_says_why(near: str, radius: str, sentence: str) -> None:
    with pytest.raises(BadArea, match=sentence):
        Circle.parse(near, radius)


@pytest.mark.parametrize(
    ("text", "metres"), [("500", 500), ("500m", 500), ("1.5 km", 1500), ("1mi", 1609.344), ("1nmi", 1852)]
)
def test_a_radius_has_a_unit_or_is_in_metres(text: str, metres: float) -> None:
    assert Circle.parse("1,2", text).radius_m == metres


SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "neither GeoJSON nor WKT"),
        ("POLYGON((0 0", "neither GeoJSON nor WKT"),
        ("POLYGON EMPTY", "empty"),
        ("SRID=3857;POINT(0 0)", "SRID 3857 is not"),
        ("POLYGON((0 0,1 1,1 0,0 1,0 0))", "not valid: its edge crosses or touches itself at 0.5, 0.5"),
        ("POINT(181 0)", "leaves the globe"),
        ("POINT(1e400 0)", "leaves the globe"),
        ("POINT(NaN 0)", "leaves the globe|empty|not valid"),
        ("{", "begins like GeoJSON, but is not JSON"),
        ("[" * 5000, "more than 30 brackets deep"),
        ("GEOMETRYCOLLECTION(" * 100_000, "more than 30 brackets deep"),
        ('{"type":"GeometryCollection","geometries":[' * 100_000, "more than 30 brackets deep"),
        ("CIRCULARSTRING(0 0,1 1,2 0)", "Curves cannot be asked about"),
        ('{"type":"Nothing"}', "not GeoJSON"),
        ('{"coordinates":[]}', "A GeoJSON geometry is an object"),
        ('{"type":"Feature","geometry":null}', "A GeoJSON geometry is an object"),
        ("GEOMETRYCOLLECTION(POINT(5 5),POLYGON((0 0,1 0,1 1,0 0)))", "of one kind"),
    ],
)
def test_a_shape_that_cannot_be_read_says_why(text: str, sentence: str) -> None:
    with pytest.raises(BadArea, match=sentence):
        Shape.parse(text)


def test_a_shape_is_read_from_geojson_a_feature_and_wkt_alike() -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": SQUARE}
    texts = (
        json.dumps(SQUARE),
        json.dumps(feature),
        "POLYGON Z((0 0 9,1 0 9,1 1 9,0 0 9))",
        "srid=4326;POLYGON((0 0,1 0,1 1,0 0))",
    )

    assert {Shape.parse(text).shape.wkt for text in texts} == {"POLYGON ((0 0, 1 0, 1 1, 0 0))"}


def test_a_shape_may_have_ten_thousand_corners_and_no_more() -> None:
    def corners(number: int) -> Shape:
        return Shape(shape=shapely.LineString([(at / 1000, 0) for at in range(number)]))

    assert shapely.get_num_coordinates(corners(MAX_VERTICES).shape) == MAX_VERTICES
    with pytest.raises(BadArea, match="more than 10000 corners"):
        corners(MAX_VERTICES + 1)


def test_a_shape_on_both_sides_of_the_antimeridian_comes_in_two_pieces() -> None:
    shape = Shape.parse("MULTIPOLYGON(((178 0,180 0,180 1,178 0)),((-180 0,-178 0,-180 1,-180 0)))")

    assert [piece.bounds for piece in shape.pieces] == [(-180, 0, -178, 1), (178, 0, 180, 1)]


centres = st.one_of(
    st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
    st.tuples(st.sampled_from((-180.0, 179.999, 180.0)), st.sampled_from((-90.0, -89.9999, 0.0, 89.9, 90.0))),
)
radii = st.one_of(
    st.floats(0.5, MAX_RADIUS_M), st.sampled_from((1.0, 25_000.0, 1_000_000.0, float(MAX_RADIUS_M)))
)


@given(centres, radii, st.floats(0, 360), st.floats(0, 1))
def test_the_bounds_and_pieces_of_a_circle_hold_it_and_its_core_lies_in_it(
    centre: tuple[float, float], radius_m: float, azimuth: float, share: float
) -> None:
    circle = Circle(lon=centre[0], lat=centre[1], radius_m=radius_m)
    within = Geodesic.WGS84.Direct(centre[1], centre[0], azimuth, radius_m * share)
    lon, lat = within["lon2"], within["lat2"]
    beyond = Geodesic.WGS84.Direct(centre[1], centre[0], azimuth, radius_m * 1.00001 + 0.001)

    assert any(west <= lon <= east and south <= lat <= north for west, south, east, north in circle.bounds)
    assert any(piece.intersects(Point(lon, lat)) for piece in circle.pieces)
    assert not circle.core.intersects(Point(beyond["lon2"], beyond["lat2"]))


@given(centres, radii)
def test_the_bounds_of_a_circle_stay_on_the_globe(centre: tuple[float, float], radius_m: float) -> None:
    for west, south, east, north in Circle(lon=centre[0], lat=centre[1], radius_m=radius_m).bounds:
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON((0 0,1 1,2 0))",
        "LINESTRING(0 0)",
        "POINT(a b)",
        '{"type":"Point"}',
        '{"type":"Polygon","coordinates":[1,2]}',
        '{"type":"Round","coordinates":[1,2]}',
        '{"type":"Point","coordinates":["a",2]}',
        '{"type":"LineString","coordinates":[[0,0]]}',
    ],
)
def test_a_geometry_that_cannot_be_read_is_told_in_words_and_not_in_those_of_a_library(text: str) -> None:
    with pytest.raises(BadArea) as raised:
        Shape.parse(text)
    assert "xception" not in str(raised.value)
