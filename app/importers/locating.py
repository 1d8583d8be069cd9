"""Where an imported event lies: its country and subdivisions, and the area in which it may have happened."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from shapely import MultiPolygon

from app.domain.circles import circles
from app.domain.regions import Regions
from app.importers.region_areas import RegionAreas
from app.importers.source_names import AliasTable, SourceNames, read_aliases


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The place of an event as its source gives it."""

    lon: float | None = None
    lat: float | None = None
    """Degrees, EPSG:4326; both or neither."""
    precision: str
    """`exact, vicinity, settlement, near_settlement, admin3, admin2, admin1, fuzzy_region, country, sea_air` or `unknown`."""
    country: str | None = None
    """Code of the country that the source names, as it is called today (alpha-2)."""
    held: tuple[str, ...] = ()
    """Countries of today that belonged to the source's country at the time, as South Sudan did to Sudan until 2011."""
    adm_1: str | None = None
    """Name of the first-level subdivision in the source's spelling, or one of our codes."""
    adm_2: str | None = None
    dataset: str = ""
    """Whose spellings these are (`ucdp-ged`): chooses the rows of the alias table."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a place that a reader of the release should know. The event is kept."""

    rule: str
    column: str
    """The property of the Spot that is at fault."""
    value: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Where an event lies, as far as its precision allows; all None: nowhere in particular."""

    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    extent_region: str | None = None
    """The smallest region known to hold the event."""
    near_regions: tuple[str, ...] | None = None
    """The finest regions that its disc touches, sorted, where they are several."""
    extent: MultiPolygon | None = None
    """The disc in which it may have happened, clipped; EPSG:4326. None where the extent is all of `extent_region`."""
    radius_m: int | None = None
    problems: tuple[Problem, ...] = ()


RADIUS_M = {
    "exact": 10,
    "vicinity": 100,
    "settlement": 5_000,
    "near_settlement": 25_000,
    "fuzzy_region": 100_000,
    "sea_air": 200_000,
}
"""Radius in metres of the disc in which an event may have happened, by precision.

Conventions of ours, but for near_settlement: UCDP's where_prec 2 is "a limited area around a known place", about 25 km (GED codebook).
"""

NEAREST_M = 25_000
"""How far off a subdivision a point may be and still belong to it: coasts are simplified, and harbours stand in the sea."""

FAR_M = 100_000
"""How far outside its country a point is worth a remark: further than any shelf, islet or simplified coast explains."""

BORDER_M = 5_000
"""How far over the border of the subdivision that its source names a point may be without our calling it a disagreement.

Of the 19,947 rows of UCDP at hand that name a subdivision, 638 lie outside its polygon, 588 of these by under 5 km: lines are simplified.
"""

REGIONAL = frozenset({"admin1", "admin2", "admin3", "country"})
"""Precisions whose point is a stand-in (a centroid) for a whole region."""

_PLACES_REMEMBERED = 10_000
_NAMES_REMEMBERED = 4_000
"""Of first-level subdivisions, which far fewer than that are."""


class Locator:
    """Locates places among the regions. Keeps what it has worked out: events share places."""

    def __init__(self, regions: Regions, aliases: AliasTable | None = None) -> None:
        self._regions = regions
        self._areas = RegionAreas(regions)
        self._names = SourceNames(regions, read_aliases() if aliases is None else aliases)
        self._first_level = lru_cache(maxsize=_NAMES_REMEMBERED)(self._names.first_level)
        self._known: dict[Spot, Located] = {}

    def locate(self, spot: Spot) -> Located:
        """Where this is. Equal spots get the same answer, worked out once."""
        return self.locate_all([spot])[0]

    def locate_all(self, spots: Sequence[Spot]) -> list[Located]:
        """Where each of these is. Many at once take a fraction of the time that they take one by one."""
        new = [spot for spot in dict.fromkeys(spots) if spot not in self._known]
        if new:
            self._known |= zip(new, self._located(new), strict=True)
        found = [self._known[spot] for spot in spots]
        while len(self._known) > _PLACES_REMEMBERED:
            del self._known[next(iter(self._known))]
        return found

    def _located(self, spots: Sequence[Spot]) -> list[Located]:
        self._areas.foresee(
            (spot.lon, spot.lat) for spot in spots if spot.lon is not None and spot.lat is not None
        )
        begun = [self._begun(spot) for spot in spots]
        located = [one for one, _ in begun]
        by_clips: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for at, (_, clips) in enumerate(begun):
            if clips is not None:
                by_clips[clips].append(at)
        for clips, which in by_clips.items():
            discs = circles([(*_point(spots[at]), located[at].radius_m or 0) for at in which])
            extents = self._areas.clipped(discs, clips)
            for at, extent, touched in zip(which, extents, self._areas.touched(extents, clips), strict=True):
                located[at] = self._within(located[at], extent, touched)
        return located

    def _within(self, located: Located, extent: MultiPolygon, touched: set[str]) -> Located:
        """What is located, with its disc and the finest regions that this touches."""
        finest = located.admin2 or located.admin1 or located.country
        if finest and not any(self._regions.lies_in(code, finest) for code in touched):
            touched = touched | {finest}
        common = self._regions.common(touched)
        return replace(
            located,
            extent_region=common.code if common else None,
            near_regions=tuple(sorted(touched)) if len(touched) > 1 else None,
            extent=extent,
        )

    def _begun(self, spot: Spot) -> tuple[Located, tuple[str, ...] | None]:
        """What is known of a spot without its disc, and to which regions (none: to nothing) that is cut; None if it has none."""
        problems: list[Problem] = []
        if spot.precision == "unknown":
            # A point that may be anywhere says nothing.
            spot = replace(spot, lon=None, lat=None)
        countries = self._countries(spot, problems)
        named = self._first_level(spot.dataset, countries, spot.adm_1)
        if named and self._regions[named[0]].level == 0:
            # `Kosovo province` of Serbia is a country here: what is known of it is less by one level.
            countries, named = named[:1], ()
            spot = replace(
                spot, adm_1=None, precision="country" if spot.precision == "admin1" else spot.precision
            )
        if spot.precision in REGIONAL or spot.lon is None or spot.precision not in RADIUS_M:
            return self._in_region(spot, countries, named, problems), None
        return self._in_disc(spot, countries, named, problems)

    def _countries(self, spot: Spot, problems: list[Problem]) -> tuple[str, ...]:
        """The countries of today in which the event may lie, the source's own first; where the source has none, the point's."""
        if spot.country in self._regions:
            return (str(spot.country), *(code for code in spot.held if code in self._regions))
        if spot.country:
            problems.append(
                Problem(
                    "unknown_country", "country", spot.country, f"No country has the code {spot.country}."
                )
            )
        if spot.lon is None or spot.lat is None:
            return ()
        near = 0 if spot.precision == "sea_air" else NEAREST_M
        found = self._areas.containing(None, spot.lon, spot.lat, near)
        return (found,) if found else ()

    def _in_region(
        self, spot: Spot, countries: tuple[str, ...], named: tuple[str, ...], problems: list[Problem]
    ) -> Located:
        """The extent is a region. A name is better evidence than the point, which only stands for what is named."""
        if spot.precision == "country" or not countries:
            country = next(iter(countries), None)
            return Located(country=country, extent_region=country, problems=tuple(problems))
        country = self._regions[named[0]].country if named else self._country_of_point(spot, countries)
        self._compare_country(spot, country, problems)
        if len(named) > 1:
            common = self._regions.common(named)
            return Located(
                country=country,
                extent_region=common.code if common else None,
                near_regions=tuple(sorted(named)),
                problems=tuple(problems),
            )
        admin1 = named[0] if named else self._admin1_of_point(spot, country, problems)
        self._compare(spot, named, admin1, problems)
        admin2 = self._district(spot, admin1, problems) if spot.precision in {"admin2", "admin3"} else None
        return Located(
            country=country,
            admin1=admin1,
            admin2=admin2,
            extent_region=admin2 or admin1 or country,
            problems=tuple(problems),
        )

    def _in_disc(
        self, spot: Spot, countries: tuple[str, ...], named: tuple[str, ...], problems: list[Problem]
    ) -> tuple[Located, tuple[str, ...]]:
        """The extent is a disc round the point; the polygon in which the point lies decides the subdivision."""
        lon, lat = _point(spot)
        country = self._country_of_point(spot, countries, named)
        self._compare_country(spot, country, problems)
        admin1 = admin2 = None
        if spot.precision == "fuzzy_region":
            admin1 = named[0] if len(named) == 1 else None
            if spot.adm_1 and not named:
                self._compare(spot, named, None, problems)
        elif spot.precision != "sea_air" and country:
            admin1 = self._admin1_of_point(spot, country, problems) or (named[0] if len(named) == 1 else None)
            self._compare(spot, named, admin1, problems)
            admin2 = self._areas.containing(admin1, lon, lat, NEAREST_M) if admin1 else None
        located = Located(
            country=country,
            admin1=admin1,
            admin2=admin2,
            radius_m=RADIUS_M[spot.precision],
            problems=tuple(problems),
        )
        return located, self._clips(spot, country, admin1, named)

    def _clips(
        self, spot: Spot, country: str | None, admin1: str | None, named: tuple[str, ...]
    ) -> tuple[str, ...]:
        """The regions to which a disc is cut: what the source names, and what holds the point.

        Both, since lines are simplified: where they differ, nobody knows on which side it was. Where the source names no
        subdivision its country. Nothing, where the point lies outside all of them.
        """
        lon, lat = _point(spot)
        if spot.precision == "sea_air" or not country:
            return ()
        in_country = [code for code in named if self._regions.lies_in(code, country)]
        found = (
            {*in_country, admin1 or country} if in_country and spot.precision != "fuzzy_region" else {country}
        )
        return tuple(sorted(found)) if any(self._areas.holds(code, lon, lat) for code in found) else ()

    def _country_of_point(
        self, spot: Spot, countries: tuple[str, ...], named: tuple[str, ...] = ()
    ) -> str | None:
        """Of the countries on the source's territory, the one of the name if it is near; else the one that holds the point.

        Else the one of the name, however far; else the source's own.
        """
        if len(countries) > 1 and spot.lon is not None and spot.lat is not None:
            # `Gaza Strip` is not in Israel because a simplified line runs on this side of Beit Hanoun.
            if named and self._areas.within(named[0], spot.lon, spot.lat, NEAREST_M):
                return self._regions[named[0]].country
            for country in countries:
                if self._areas.holds(country, spot.lon, spot.lat):
                    return country
        return self._regions[named[0]].country if named else next(iter(countries), None)

    def _admin1_of_point(self, spot: Spot, country: str | None, problems: list[Problem]) -> str | None:
        if spot.lon is None or spot.lat is None or not country or not self._regions.children(country):
            return None
        found = self._areas.containing(country, spot.lon, spot.lat, NEAREST_M)
        if not found:
            at = f"{spot.lon} {spot.lat}"
            reason = f"The point is over {NEAREST_M // 1000} km from every subdivision of {country}."
            problems.append(Problem("no_subdivision", "lon lat", at, reason))
        return found

    def _district(self, spot: Spot, admin1: str | None, problems: list[Problem]) -> str | None:
        """The district of the name, else of the point, which is its centroid. Most countries have no districts here."""
        found = self._names.second_level(admin1, spot.adm_2)
        if (
            not found
            and admin1
            and self._regions.children(admin1)
            and spot.lon is not None
            and spot.lat is not None
        ):
            found = self._areas.containing(admin1, spot.lon, spot.lat, NEAREST_M)
        if not found:
            wider = f"the event is placed in {admin1}" if admin1 else "the event is placed in its country"
            problems.append(
                Problem(
                    "district_without_polygon",
                    "adm_2",
                    spot.adm_2 or "",
                    f"There is no such district here: {wider}.",
                )
            )
        return found

    def _compare_country(self, spot: Spot, country: str | None, problems: list[Problem]) -> None:
        """Notes a point that lies nowhere near its country, and whether its numbers may have changed places."""
        if spot.lon is None or spot.lat is None or not country or spot.precision == "sea_air":
            return
        if self._areas.within(country, spot.lon, spot.lat, FAR_M):
            return
        away = self._areas.about_km(country, spot.lon, spot.lat)
        swapped = abs(spot.lon) <= 90 and self._areas.holds(country, spot.lat, spot.lon)
        hint = " Latitude and longitude may have changed places." if swapped else ""
        message = f"The point is about {away:,} km outside {country}.{hint}"
        problems.append(Problem("far_from_country", "lon lat", f"{spot.lon} {spot.lat}", message))

    def _compare(
        self, spot: Spot, named: tuple[str, ...], admin1: str | None, problems: list[Problem]
    ) -> None:
        """Notes where the source's name and the subdivision chosen do not go together."""
        if not spot.adm_1:
            return
        if not named:
            problems.append(
                Problem("admin1_unknown", "adm_1", spot.adm_1, "No subdivision of the country has this name.")
            )
            return
        if (
            spot.lon is None
            or spot.lat is None
            or any(self._areas.within(code, spot.lon, spot.lat, BORDER_M) for code in named)
        ):
            return
        placed = f"the event is placed in {admin1 or 'its country'}"
        if admin1 in named:
            placed += ", as the source names it"
        message = f"The point is over {BORDER_M // 1000} km outside {' and '.join(named)}; {placed}."
        problems.append(Problem("admin1_disagrees", "adm_1", spot.adm_1, message))


def _point(spot: Spot) -> tuple[float, float]:
    if spot.lon is None or spot.lat is None:
        raise ValueError("A spot with a disc has a point")
    return spot.lon, spot.lat
