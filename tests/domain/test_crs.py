"""Reference systems."""

from __future__ import annotations

import pytest

from app.domain.areas import BadArea, Box
from app.domain.crs import Crs, UnknownCrs, box_in

KABUL = Box(west=60.5, south=29.4, east=74.9, north=38.5)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", Crs.CRS84),
        ("https://www.opengis.net/def/crs/EPSG/0/4326", Crs.EPSG_4326),
        ("<http://www.opengis.net/def/crs/EPSG/0/3857>", Crs.EPSG_3857),
        ("[EPSG:3857]", Crs.EPSG_3857),
        ("epsg:4326", Crs.EPSG_4326),
        ("[OGC:CRS84]", Crs.CRS84),
    ],
)
def test_a_reference_system_is_known_by_its_address_and_its_short_form(given: str, wanted: Crs) -> None:
    assert Crs.parse(given) is wanted


@pytest.mark.parametrize("given", ["", "EPSG:32633", "http://www.opengis.net/def/crs/EPSG/0/432", "4326"])
def test_another_is_told_with_those_that_are_offered(given: str) -> None:
    with pytest.raises(UnknownCrs, match=r"There are: http.*CRS84, http.*4326, http.*3857"):
        Crs.parse(given)


def test_a_box_is_read_in_the_order_of_axes_of_its_system() -> None:
    assert box_in(Crs.CRS84, "60.5,29.4,74.9,38.5") == KABUL
    assert box_in(Crs.EPSG_4326, "29.4,60.5,38.5,74.9") == KABUL
    assert box_in(Crs.EPSG_4326, "29.4,60.5,0,38.5,74.9,10") == KABUL


def test_a_box_in_metres_is_where_it_is_in_degrees() -> None:
    box = box_in(Crs.EPSG_3857, "6734829.19,3426656.25,8337829.86,4650301.84")

    assert (box.west, box.south, box.east, box.north) == pytest.approx((60.5, 29.4, 74.9, 38.5), abs=1e-3)


def test_a_box_in_metres_may_run_over_the_antimeridian_and_to_the_pole() -> None:
    box = box_in(Crs.EPSG_3857, "19500000,0,-19500000,1e9")

    assert box.west == pytest.approx(175.17, abs=0.01)
    assert box.east == pytest.approx(-175.17, abs=0.01)
    assert box.north == pytest.approx(90)


@pytest.mark.parametrize("given", ["2e8,0,3e8,1", "a,b,c,d", "1,2,nan,4", "1,2,3", "1,2,3,inf"])
def test_what_is_no_box_in_metres_is_refused(given: str) -> None:
    with pytest.raises(BadArea):
        box_in(Crs.EPSG_3857, given)
