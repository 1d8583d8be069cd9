import pytest

from app.importers.gleditsch_ward import NUMBERS, countries
from app.importers.region_seed import seeded


@pytest.mark.parametrize(
    ("number", "year", "expected"),
    [
        (700, 2021, ("AF",)), (652, 2016, ("SY",)), (775, 1990, ("MM",)), (771, 2018, ("BD",)), (490, 1998, ("CD",)), (2, 2001, ("US",)),
        (678, 2015, ("YE",)), (680, 1989, ("YE",)), (626, 2013, ("SS",)), (625, 2011, ("SD", "SS")), (625, 2012, ("SD",)),
        (347, 2009, ("XK",)), (345, 1999, ("RS", "XK", "ME")), (365, 1995, ("RU",)), (666, 2014, ("IL", "PS")), (990, 2000, ("WS",)),
        (12345, 2000, ()),
    ],
)  # fmt: skip
def test_a_state_is_the_countries_of_today_on_its_territory(
    number: int, year: int, expected: tuple[str, ...]
) -> None:
    assert countries(number, year) == expected


def test_every_country_of_the_list_is_a_region() -> None:
    named = {state.country for state in NUMBERS.values()} | {
        country for state in NUMBERS.values() for country, _ in state.held
    }

    assert {code for code in named if code not in seeded()} == set()


def test_regions_know_their_numbers() -> None:
    assert seeded()["YE"].gw == (678, 680)
    assert seeded()["AF"].gw == (700,)
    assert seeded()["AF-KDZ"].gw == ()
