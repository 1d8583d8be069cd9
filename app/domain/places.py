"""Places of the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A settlement, by its GeoNames entry."""

    geonameid: int
    name: str
    alternates: tuple[str, ...]
    """Other spellings in any script, among them machine transliterations, without the name itself and without codes."""
    country: str
    """ISO 3166-1 alpha-2."""
    lon: float
    lat: float
    """Degrees, EPSG:4326."""
    population: int
    """0 where GeoNames does not know it."""
    local: str | None = None
    """The name in the script of the country, where one of the alternates is known to be it."""
    capital: bool = False
    """Whether it is the capital of its country."""
