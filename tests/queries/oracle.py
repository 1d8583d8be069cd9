"""What an answer must be, worked out in plain Python, Shapely and GeographicLib: no code of ours but the question's data classes."""

from __future__ import annotations

from datetime import date

import shapely
from geographiclib.geodesic import Geodesic
from shapely import LineString, MultiPolygon, Point
from shapely.geometry.base import BaseGeometry

from app.domain.areas import Area, Box, Circle, Shape
from app.domain.days import Days
from app.domain.filters import EventFilter, Match, RegionWanted
from tests.world import REGIONS, Made

NEVER, FOREVER = date.min.toordinal() - 1_000_000, date.max.toordinal() + 1_000_000
OUTLINES = {region.code: region.geom for region in REGIONS if region.geom is not None}
PARENTS = {region.code: region.parent for region in REGIONS}


def matches(made: Made, wanted: EventFilter) -> bool:
    """Whether an event is an answer to a question. Circles are `point` only: see `metres` for the rest."""
    areas = (wanted.box, wanted.area, wanted.near)
    return (
        made.status == "active"
        and all(in_area(made, area, wanted.match) for area in areas if area)
        and (not wanted.days or on_days(made, wanted.days, wanted.match))
        and (not wanted.regions or any(in_region(made, one, wanted.match) for one in wanted.regions))
        and of_kind(made, wanted)
        and (wanted.has_geometry is None or wanted.has_geometry == (made.at is not None))
        and (not wanted.reported or reported_in(made, wanted.reported))
        and (not wanted.words or has_words(made, wanted.words))
    )


def of_kind(made: Made, wanted: EventFilter) -> bool:
    """The filters that compare a property with what it may be; unknown never matches."""
    chosen = (
        (made.type, wanted.types),
        (made.dataset, wanted.datasets),
        (made.precision, wanted.precisions),
        (made.verification, wanted.verifications),
    )
    names = {*made.side_a, *made.side_b, *(made.aliases if made.side_a else ())}
    return (
        all(value in allowed for value, allowed in chosen if allowed)
        and (not wanted.actors or bool(names & set(wanted.actors)))
        and (wanted.contested is None or made.contested is wanted.contested)
        and (wanted.deaths_min is None or (made.deaths is not None and made.deaths >= wanted.deaths_min))
        and (wanted.deaths_max is None or (made.deaths is not None and made.deaths <= wanted.deaths_max))
    )


def reported_in(made: Made, window: Days) -> bool:
    """Both ends included; an event of which it is not known when it was reported was not reported then."""
    if made.reported is None:
        return False
    since, until = ordinals(window)
    return since <= date.fromisoformat(str(made.reported)).toordinal() <= until


def has_words(made: Made, words: str) -> bool:
    """All of the words occur, and none that has a minus."""
    told = (
        made.title,
        made.summary,
        made.place,
        *made.side_a,
        *made.side_b,
        *(made.aliases if made.side_a else ()),
    )
    there = {word.strip(",.()").lower() for text in told if text for word in text.split()}
    return all((word[1:] not in there) if word[0] == "-" else (word in there) for word in words.split())


def in_area(made: Made, area: Area, match: Match) -> bool:
    """The point in the area; or the extent touching it, or lying inside it."""
    extent = extent_of(made)
    if match is Match.POINT and made.at:
        return has_point(area, *made.at)
    if match is Match.POINT and not isinstance(area, Box):
        return False
    pieces = pieces_of(area)
    if match is Match.DEFINITE:
        return extent is not None and shapely.union_all(pieces).covers(extent)
    return extent is None or any(extent.intersects(piece) for piece in pieces)


def has_point(area: Area, lon: float, lat: float) -> bool:
    match area:
        case Box():
            between = area.west <= lon <= area.east
            if area.west > area.east:
                between = lon >= area.west or lon <= area.east
            return between and area.south <= lat <= area.north
        case Circle():
            return metres((area.lon, area.lat), (lon, lat)) <= area.radius_m
        case Shape():
            return bool(area.shape.intersects(Point(lon, lat)))


def pieces_of(area: Area) -> list[BaseGeometry]:
    """A box as rectangles that do not cross the antimeridian, each a line or a point where it is no wider."""
    if isinstance(area, Shape):
        return [area.shape]
    if isinstance(area, Circle):
        raise TypeError("A circle is no geometry in degrees")
    spans = [(area.west, area.east)] if area.west <= area.east else [(area.west, 180.0), (-180.0, area.east)]
    return [_rectangle(west, area.south, east, area.north) for west, east in spans]


def _rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    corners = sorted({(west, south), (east, south), (east, north), (west, north)})
    if len(corners) == 4:
        return shapely.box(west, south, east, north)
    return LineString(corners) if len(corners) == 2 else Point(corners[0])


def extent_of(made: Made) -> BaseGeometry | None:
    """Where it may have happened: a disc, else a region or several, else anywhere."""
    if made.disc is not None:
        return made.disc
    if not made.touched:
        return None
    parts = [part for code in made.touched for part in shapely.get_parts(OUTLINES[code])]
    return MultiPolygon(parts) if len(made.touched) == 1 else shapely.union_all(parts)


def in_region(made: Made, region: RegionWanted, match: Match) -> bool:
    """The codes it is filed under; or the regions that it may lie in, which are kin of the one that is asked about."""
    if match is Match.POINT:
        return region.code in made.filed_under.values()
    if not made.touched:
        return match is Match.POSSIBLE and made.disc is None
    if match is Match.DEFINITE:
        return all(region.code in above(code) for code in made.touched)
    return any(region.code in above(code) or code in above(region.code) for code in made.touched)


def above(code: str | None) -> list[str]:
    """The region itself and all it lies in."""
    return [code, *above(PARENTS[code])] if code else []


def on_days(made: Made, window: Days, match: Match) -> bool:
    """A closed window, by counting days. Unknown days are far away."""
    since, until = ordinals(window)
    if match is Match.POSSIBLE:
        since, until = since - window.rough_since, until + window.rough_until
    first = NEVER if made.first_day == date.min else made.first_day.toordinal()
    last = FOREVER if made.last_day == date.max else made.last_day.toordinal()
    overlap = first <= until and last >= since
    if match is not Match.DEFINITE or made.date_precision in {"instant", "hour", "day"}:
        return overlap
    return since <= first and last <= until


def ordinals(window: Days) -> tuple[int, int]:
    """The days of a window as numbers; an open end lies beyond all others."""
    return (
        window.since.toordinal() if window.since else NEVER - 1,
        window.until.toordinal() if window.until else FOREVER + 1,
    )


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The geodesic distance on WGS 84 between two places (longitude, latitude)."""
    return float(Geodesic.WGS84.Inverse(one[1], one[0], other[1], other[0])["s12"])


def corners_m(centre: tuple[float, float], extent: BaseGeometry, step_deg: float = 0.25) -> list[float]:
    """How far the outline of an extent is from a place, every quarter of a degree."""
    outline = shapely.segmentize(extent, step_deg)
    return [metres(centre, (lon, lat)) for lon, lat in shapely.get_coordinates(outline)]
