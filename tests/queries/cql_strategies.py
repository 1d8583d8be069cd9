"""Random conditions in CQL2 JSON, well typed, over values that meet often; and events that are told with odd texts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import shapely
from hypothesis import strategies as st

from tests.queries.strategies import FIRST, LATITUDES, LONGITUDES, NAMES, polygons

Json = st.SearchStrategy[Any]
TEXTS = (
    "battle", "BATTLE", "Şan‘ā’", "sana", "École 100%", "ecole 100%", "ÉCOLE", "a_b", "axb", "STRASSE", "straße", "O'Brien \\ 1", "", " ",
    "Οδός", "ΟΔΟΣ", "Ångström", "Łódź", "lodz", "한국", "قندوز", "قُندوز", "%", "_", "\\", "10 OR 1=1 --", "AF", "TJ", "desk", "Taliban",
)  # fmt: skip
PATTERNS = (
    "%",
    "_",
    "",
    "b%",
    "%B%",
    "a\\_b",
    "a_b",
    "%100\\%",
    "%\\\\%",
    "%'%",
    "É%",
    "ec%",
    "%ss%",
    "ΟΔΟ_",
    "__",
    "قندوز",
    "L%",
    "Ş%‘%",
)
TEXT_NAMES = ("title", "summary", "place", "type", "country", "admin1", "dataset", "verification", "id")
NUMBER_NAMES = ("deaths_best", "deaths_low", "radius_m", "sources", "claims", "revision")
NUMBERS = (0, 1, 2, 3, 10, 11, -1, 0.5, -2.5, 1e100, -1e100, 1e-100, 1e60, 2**31, 2**31 - 1, 25_000)
MOMENTS = (
    "2021-08-08T23:59:59Z",
    "2021-08-09T00:00:00Z",
    "2021-08-09T00:00:00.000001Z",
    "2021-08-01T12:00:00Z",
    "2022-01-01T00:00:00Z",
)
COMPARED = ("=", "<>", "<", ">", "<=", ">=")


def op(name: str, *args: Any) -> dict[str, Any]:
    return {"op": name, "args": list(args)}


def prop(name: str) -> dict[str, str]:
    return {"property": name}


def named(names: tuple[str, ...]) -> Json:
    return st.sampled_from(names).map(prop)


def calls(names: tuple[str, ...], *args: Json) -> Json:
    return st.builds(op, st.sampled_from(names), *args)


numbers = st.recursive(
    named(NUMBER_NAMES)
    | st.sampled_from(NUMBERS)
    | calls(("size",), named(("actors", "side_a", "side_b")))
    | calls(("duration_days",), st.just(prop("datetime")))
    | calls(("year", "month", "day"), named(("first_day", "last_day", "first_reported", "updated")))
    | calls(("length",), named(TEXT_NAMES)),
    lambda part: calls(("+", "-", "*", "/", "%", "div", "^"), part, part) | calls(("abs", "ceil", "floor", "round"), part),
    max_leaves=5,
)  # fmt: skip
texts = st.recursive(
    named(TEXT_NAMES) | st.sampled_from(TEXTS),
    lambda part: calls(("casei", "accenti", "lower", "upper"), part),
    max_leaves=2,
)
folded = st.sampled_from(PATTERNS) | calls(("casei", "accenti"), st.sampled_from(PATTERNS))
day_literals = st.integers(-45, 45).map(lambda days: (FIRST + timedelta(days=days)).isoformat())
days = named(("first_day", "last_day", "first_reported")) | day_literals.map(lambda day: {"date": day})
moments = st.just(prop("updated")) | st.sampled_from(MOMENTS).map(lambda moment: {"timestamp": moment})
instants = days | days | moments
truths = st.just(prop("contested")) | st.booleans()


@st.composite
def intervals(draw: st.DrawFn) -> Any:
    if draw(st.booleans()):
        return prop("datetime")
    ends = draw(st.lists(day_literals, min_size=2, max_size=2).map(sorted))
    start: Any
    end: Any
    start, end = (draw(st.sampled_from((one, one, ".."))) for one in ends)
    if draw(st.booleans()):
        start = prop(draw(st.sampled_from(("first_day", "first_reported"))))
    if draw(st.booleans()):
        end = prop(draw(st.sampled_from(("last_day", "first_reported"))))
    return {"interval": [start, end]}


times = intervals() | instants


@st.composite
def literal_areas(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(("polygon", "polygon", "box", "point", "line")))
    lons = sorted(draw(st.lists(st.sampled_from(LONGITUDES), min_size=2, max_size=2, unique=True)))
    lats = sorted(draw(st.lists(st.sampled_from(LATITUDES), min_size=2, max_size=2, unique=True)))
    if kind == "polygon":
        return orjson.loads(shapely.to_geojson(draw(polygons())))
    if kind == "box":
        west, east = lons if draw(st.booleans()) or lons[1] == 180 or lons[0] == -180 else lons[::-1]
        return {"bbox": [west, lats[0], east, lats[1]]}
    if kind == "point":
        return {"type": "Point", "coordinates": [lons[0], lats[0]]}
    return {"type": "LineString", "coordinates": [[lons[0], lats[0]], [lons[1], lats[0]]]}


areas = named(("geometry", "extent")) | literal_areas()
SPATIAL = (
    "s_intersects",
    "s_disjoint",
    "s_equals",
    "s_touches",
    "s_within",
    "s_contains",
    "s_overlaps",
    "s_crosses",
)
TEMPORAL = (
    "t_after", "t_before", "t_contains", "t_disjoint", "t_during", "t_equals", "t_finishedBy", "t_finishes", "t_intersects", "t_meets",
    "t_metBy", "t_overlappedBy", "t_overlaps", "t_startedBy", "t_starts",
)  # fmt: skip
arrays = named(("side_a", "side_b", "actors")) | st.lists(
    st.sampled_from(NAMES) | named(("country", "title")), max_size=3
)


def lists(one: Json, item: Json) -> Json:
    return st.builds(
        lambda value, values: op("in", value, values), one, st.lists(item, min_size=1, max_size=3)
    )


PREDICATES: dict[str, Json] = {
    "texts": calls(COMPARED, texts, texts)
    | calls(("between",), texts, texts, texts)
    | lists(texts, texts)
    | calls(("like",), texts, folded),
    "numbers": calls(COMPARED, numbers, numbers)
    | calls(("between",), numbers, numbers, numbers)
    | lists(numbers, numbers),
    "days": calls(COMPARED, instants, instants)
    | calls(("between",), instants, instants, instants)
    | lists(days, days),
    "truths": calls(COMPARED, truths, truths) | truths,
    "nulls": calls(("isNull",), texts | numbers | instants | areas | truths | named(("datetime", "actors"))),
    "places": calls(SPATIAL, areas, areas)
    | calls(("s_intersects",), named(("geometry", "extent")), literal_areas()),
    "times": calls(TEMPORAL, times, times) | calls(TEMPORAL, st.just(prop("datetime")), intervals()),
    "arrays": calls(("a_equals", "a_contains", "a_containedBy", "a_overlaps"), arrays, arrays),
}
"""Single conditions, by what they compare."""


def conditions(predicates: Json) -> Json:
    """Of these, with AND, OR, NOT, comparisons of truths and IS NULL round them."""
    return st.recursive(
        predicates,
        lambda part: (
            calls(("and", "or"), part, part) | calls(("not", "isNull"), part) | calls(("=", "<>"), part, part)
        ),
        max_leaves=4,
    )


@st.composite
def oddly_told(draw: st.DrawFn) -> dict[str, Any]:
    """Everything that is neither place nor day, with texts that fold, escape and quote."""
    maybe = st.sampled_from((None, *TEXTS))
    sides = st.lists(st.sampled_from(NAMES), max_size=2, unique=True).map(tuple)
    return {
        "title": draw(st.sampled_from(TEXTS)),
        "summary": draw(maybe),
        "place": draw(maybe),
        "type": draw(st.sampled_from(("battle", "air_strike"))),
        "dataset": draw(st.sampled_from(("ucdp-ged", "desk"))),
        "verification": draw(st.sampled_from((None, "verified", "disputed"))),
        "side_a": draw(sides),
        "side_b": draw(sides),
        "deaths": draw(st.sampled_from((None, 0, 1, 10, 11))),
        "contested": draw(st.sampled_from((None, True, False))),
        "claims": draw(st.sampled_from((None, 0, 3))),
        "sources": draw(st.sampled_from((None, 1, 2))),
        "reported": draw(st.sampled_from((None, FIRST, FIRST + timedelta(days=2)))),
        "revision": draw(st.sampled_from((1, 2))),
        "status": draw(st.sampled_from(("active", "active", "active", "retracted"))),
    }
