"""Random events and random questions that meet often: coordinates and days come from a few that matter, and lie on, at and off edges."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import shapely
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from app.domain.areas import Box, Shape
from app.domain.days import Days
from app.domain.events import EventType, Precision, Verification
from app.domain.filters import EventFilter, Match
from tests.queries.oracle import OUTLINES
from tests.world import DATASETS, Made, region_wanted

NEARLY = 1e-7
"""Degrees: a centimetre, and far less than what a 32-bit box can tell apart."""

# Edges of the world's regions, the antimeridian, and round numbers between.
LONGITUDES = (-180.0, -179.0, -178.0, -73.0, -12.0, 0.0, 16.0, 27.0, 29.5, 33.0, 63.0, 64.0, 65.0, 68.0, 68.5, 69.0, 70.0, 75.0, 177.0, 178.0, 179.5, 180.0)  # fmt: skip
LATITUDES = (-90.0, -75.0, -60.0, -35.0, -31.0, -28.5, -22.0, -19.0, -17.0, -16.0, 0.0, 29.0, 33.0, 36.0, 36.5, 37.0, 37.5, 38.0, 41.0, 60.0, 85.0, 90.0)  # fmt: skip
FIRST = date(2021, 8, 1)
NAMES = ("Taliban", "Government of Afghanistan", "Forces of Hissène Habré, former", "IS, Khorasan")
OTHER_NAMES = ("Taleban", "Daesh, ISKP")
WORDS = ("battle", "hospital", "kunduz", "qunduz", "helmand", "bridge", "school")


def near(values: tuple[float, ...], most: float) -> st.SearchStrategy[float]:
    """One of these, or a hair beside it."""
    beside = st.sampled_from((0.0, 0.0, 0.0, -NEARLY, NEARLY))
    return st.builds(lambda value, by: max(-most, min(most, value + by)), st.sampled_from(values), beside)


lons, lats = near(LONGITUDES, 180), near(LATITUDES, 90)
places = st.tuples(lons, lats)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Any box, some over the antimeridian, some no wider than a line or a point, some on points."""
    south, north = sorted((draw(lats), draw(lats)))
    return Box(west=draw(lons), south=south, east=draw(lons), north=north)


@st.composite
def polygons(
    draw: st.DrawFn, inside: tuple[float, float, float, float] = (-180, -90, 180, 90)
) -> BaseGeometry:
    """Rectangles put together and cut out of one another: polygons with holes, and several of them."""
    west, south, east, north = inside
    xs = st.sampled_from([value for value in LONGITUDES if west <= value <= east])
    ys = st.sampled_from([value for value in LATITUDES if south <= value <= north])
    found: BaseGeometry = Polygon()
    for cut in draw(st.lists(st.booleans(), max_size=4)):
        (west, east), (south, north) = (sorted((draw(axis), draw(axis))) for axis in (xs, ys))
        piece = box(west, south, east, north) if west < east and south < north else Polygon()
        found = shapely.difference(found, piece) if cut else shapely.union(found, piece)
    flat = MultiPolygon(
        [part for part in shapely.get_parts(found) if isinstance(part, Polygon) and part.area]
    )
    return flat if not flat.is_empty else box(60, 29, 75, 38)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """A caller's geometry of any kind, as WKT or GeoJSON."""
    kind = draw(st.sampled_from(("polygon", "polygon", "line", "point", "points", "triangle")))
    if kind == "line":
        west, east = sorted(draw(st.lists(st.sampled_from(LONGITUDES), min_size=2, max_size=2, unique=True)))
        lat = draw(lats)
        found: BaseGeometry = LineString([(west, lat), (east, lat)])
    elif kind == "triangle":
        corner = (draw(st.sampled_from((60.0, 64.0, 68.0))), draw(st.sampled_from((29.0, 33.0, 36.0))))
        found = Polygon([corner, (corner[0] + 8, corner[1]), (corner[0], corner[1] + 8)])
    elif kind in {"point", "points"}:
        points = draw(st.lists(places, min_size=1, max_size=3))
        found = Point(points[0]) if kind == "point" else MultiPoint(points)
    else:
        found = draw(polygons())
    written = draw(st.sampled_from((shapely.to_geojson, partial(shapely.to_wkt, rounding_precision=-1))))
    return Shape.parse(str(written(found)))


@st.composite
def placed(draw: st.DrawFn) -> dict[str, object]:
    """Where an event lies, in each of the ways in which that is known."""
    at = draw(places)
    code = draw(st.sampled_from(sorted(OUTLINES)))
    inner = OUTLINES[code].representative_point()
    stand_in = draw(st.sampled_from((None, (inner.x, inner.y))))
    extent = draw(polygons())
    corner = shapely.get_coordinates(extent)[0]
    return draw(
        st.sampled_from(
            (
                {"at": at},
                {"at": at, "radius_m": draw(st.sampled_from((100, 25_000, 200_000)))},
                {"at": stand_in, "within": code},
                {"at": None, "near_regions": draw(st.sampled_from((("AF-HEL", "AF-KDZ"), ("FJ", "TJ"))))},
                {"at": draw(st.sampled_from((None, tuple(map(float, corner))))), "extent": extent},
                {"at": None},
            )
        )
    )


@st.composite
def dated(draw: st.DrawFn) -> dict[str, object]:
    """Days of all kinds: one, a few, more than a month, unknown at either end."""
    day = FIRST + timedelta(days=draw(st.integers(-45, 45)))
    last = day + timedelta(days=draw(st.sampled_from((0, 0, 1, 5, 30, 31, 32, 33, 90, 400))))
    return {
        "day": draw(st.sampled_from((day, day, day, None))),
        "until": draw(st.sampled_from((last, last, last, None))),
        "date_precision": draw(st.sampled_from(("day", "instant", "week", "month", "unknown"))),
    }


@st.composite
def told(draw: st.DrawFn) -> dict[str, object]:
    """Everything that is neither place nor day."""
    side_a = tuple(draw(st.lists(st.sampled_from(NAMES), max_size=1)))
    reported = FIRST + timedelta(days=draw(st.integers(-2, 2)))
    # An actor is one for all events of its dataset, and so are its other names.
    aliases = dict(zip(NAMES, ((OTHER_NAMES[0],), (), (), (OTHER_NAMES[1],)), strict=True))
    return {
        "title": " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))),
        "summary": draw(st.sampled_from((None, *WORDS))),
        "type": draw(st.sampled_from((EventType.BATTLE, EventType.AIR_STRIKE, EventType.PROTEST))),
        "dataset": draw(st.sampled_from(DATASETS)),
        "precision": draw(st.sampled_from((Precision.EXACT, Precision.SETTLEMENT, Precision.COUNTRY))),
        "verification": draw(st.sampled_from((None, Verification.VERIFIED, Verification.DISPUTED))),
        "side_a": side_a,
        "aliases": aliases[side_a[0]] if side_a else (),
        "deaths": draw(st.sampled_from((None, 0, 1, 10, 11))),
        "contested": draw(st.sampled_from((None, True, False))),
        "reported": draw(st.sampled_from((None, reported))),
        "status": draw(st.sampled_from(("active", "active", "active", "retracted"))),
    }


def events(*parts: st.SearchStrategy[dict[str, object]], most: int = 12) -> st.SearchStrategy[list[Made]]:
    """Some events that differ in these parts."""
    one = st.tuples(*parts).map(
        lambda found: Made(**{key: value for part in found for key, value in part.items()})
    )
    return st.lists(one, min_size=1, max_size=most)


def windows(reach: int = 45) -> st.SearchStrategy[Days]:
    """A window with both ends, one end, and ends that are instants. One without an end cannot be written."""
    days = st.integers(-reach, reach).map(lambda by: FIRST + timedelta(days=by))
    end = st.one_of(st.none(), days)
    return st.builds(
        lambda one, other, rough: Days(
            since=min(one, other) if one and other else one,
            until=max(one, other) if one and other else other,
            rough_since=rough and one is not None,
            rough_until=rough and other is not None,
        ),
        end,
        end,
        st.booleans(),
    ).filter(lambda days: days.since or days.until)


matching = st.sampled_from(tuple(Match))
regions = st.lists(st.sampled_from(sorted(OUTLINES)).map(region_wanted), min_size=1, max_size=2).map(tuple)


@st.composite
def kinds(draw: st.DrawFn) -> dict[str, object]:
    """A few of the filters that compare a property."""
    low, high = sorted((draw(st.sampled_from((0, 1, 10, 11, 12))), draw(st.sampled_from((0, 1, 10, 11, 12)))))
    words = st.sampled_from((*WORDS, "taleban", "afghanistan", *(f"-{word}" for word in WORDS[:2])))
    some = {
        "types": draw(st.sampled_from(((EventType.BATTLE,), (EventType.BATTLE, EventType.PROTEST)))),
        "datasets": draw(st.sampled_from((("desk",), DATASETS[:2]))),
        "precisions": draw(st.sampled_from(((Precision.EXACT,), (Precision.EXACT, Precision.COUNTRY)))),
        "verifications": draw(st.sampled_from(((Verification.VERIFIED,), tuple(Verification)))),
        "actors": tuple(draw(st.lists(st.sampled_from((*NAMES, *OTHER_NAMES)), min_size=1, max_size=2))),
        "deaths_min": low,
        "deaths_max": high,
        "contested": draw(st.booleans()),
        "has_geometry": draw(st.booleans()),
        "words": " ".join(draw(st.lists(words, min_size=1, max_size=2))),
        "reported": draw(windows(2)),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(some)), min_size=1, max_size=3, unique=True))
    return {name: some[name] for name in chosen}


@st.composite
def questions(draw: st.DrawFn) -> EventFilter:
    """Several filters at once."""
    asked: dict[str, object] = {
        "box": draw(boxes()),
        "area": draw(shapes()),
        "days": draw(windows()),
        "regions": draw(regions),
    }
    chosen = draw(st.lists(st.sampled_from(sorted(asked)), min_size=1, max_size=3, unique=True))
    kind = draw(st.one_of(st.just({}), kinds()))
    return EventFilter(match=draw(matching), **{name: asked[name] for name in chosen}, **kind)  # type: ignore[arg-type]
