"""Where an imported event lies: its country and subdivisions, and the area in which it may have happened."""

from dataclasses import dataclass

from shapely import MultiPolygon


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
