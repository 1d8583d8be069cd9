"""Conditions in both encodings of CQL2, by conformance class of OGC 21-065r2, with the events of `TOLD` that each finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TOLD: dict[str, dict[str, Any]] = {
    "kunduz": {
        "at": (68.857, 36.72895), "radius_m": 5_000, "day": "2021-08-08", "title": "Fall of Kunduz", "type": "territorial_change",
        "place": "Kunduz", "contested": False, "side_a": ("Taliban",), "side_b": ("Army",), "sources": 1, "reported": "2021-08-08",
    },
    "school": {
        "within": "AF-HEL", "day": "2021-08-01", "until": "2021-08-08", "date_precision": "week", "title": "Bombing of a school",
        "type": "air_strike", "deaths": 3, "contested": True, "side_a": ("Army",), "verification": "unverified", "place": "kunduz",
    },
    "cafe": {
        "at": (-70.0, 65.0), "day": "2020-02-29", "title": "Café Ångström", "type": "explosion", "deaths": 10, "sources": 3,
        "place": "KUNDUZ", "reported": "2020-03-01",
    },
    "fiji": {"at": (179.5, -17.0), "day": None, "title": "100% Fiji", "type": "riot", "deaths": 0, "side_b": ("Army", "Taliban")},
    "nowhere": {"day": "2019-12-31", "until": None, "title": "O'Brien", "type": "protest", "dataset": "desk", "sources": 2},
}  # fmt: skip
ALL = tuple(TOLD)


@dataclass(frozen=True)
class Example:
    """One condition: as text, as JSON, and what it finds."""

    text: str
    json: Any
    finds: tuple[str, ...]


def _op(name: str, *args: Any) -> dict[str, Any]:
    return {"op": name, "args": list(args)}


def _p(name: str) -> dict[str, str]:
    return {"property": name}


def _day(day: str) -> dict[str, str]:
    return {"date": day}


def _from(start: Any, end: Any) -> dict[str, list[Any]]:
    return {"interval": [start, end]}


def _moment(moment: str) -> dict[str, str]:
    return {"timestamp": moment}


_POINT = {"type": "Point", "coordinates": [68.857, 36.72895]}
_RING = [[60, 29], [75, 29], [75, 38], [60, 38], [60, 29]]
_SQUARE = {"type": "Polygon", "coordinates": [_RING]}
_SQUARE_TEXT = "POLYGON((60 29,75 29,75 38,60 38,60 29))"
_MONTH = _from("2021-08-01", "2021-08-31")

EXAMPLES: dict[str, tuple[Example, ...]] = {
    "basic-cql2": (
        Example("title = 'Fall of Kunduz'", _op("=", _p("title"), "Fall of Kunduz"), ("kunduz",)),
        Example("title <> 'Fall of Kunduz'", _op("<>", _p("title"), "Fall of Kunduz"), ("school", "cafe", "fiji", "nowhere")),
        Example("'O''Brien' = title", _op("=", "O'Brien", _p("title")), ("nowhere",)),
        Example(r"title = 'O\'Brien'", _op("=", _p("title"), "O'Brien"), ("nowhere",)),
        Example('"deaths_best" > 2', _op(">", _p("deaths_best"), 2), ("school", "cafe")),
        Example("deaths_best < 3", _op("<", _p("deaths_best"), 3), ("fiji",)),
        Example("deaths_best >= 3", _op(">=", _p("deaths_best"), 3), ("school", "cafe")),
        Example("deaths_best <= 3e0", _op("<=", _p("deaths_best"), 3), ("school", "fiji")),
        Example("deaths_best > -1.5", _op(">", _p("deaths_best"), -1.5), ("school", "cafe", "fiji")),
        Example("contested = TRUE", _op("=", _p("contested"), True), ("school",)),
        Example("contested <> true", _op("<>", _p("contested"), True), ("kunduz",)),
        Example("first_day = DATE('2021-08-08')", _op("=", _p("first_day"), _day("2021-08-08")), ("kunduz",)),
        Example("first_day < DATE('2021-08-01')", _op("<", _p("first_day"), _day("2021-08-01")), ("cafe", "nowhere")),
        Example("updated >= TIMESTAMP('2021-08-09T00:00:00Z')", _op(">=", _p("updated"), _moment("2021-08-09T00:00:00Z")), ALL),
        Example("updated > TIMESTAMP('2021-08-09T00:00:00.1Z')", _op(">", _p("updated"), _moment("2021-08-09T00:00:00.1Z")), ()),
        Example("contested IS NULL", _op("isNull", _p("contested")), ("cafe", "fiji", "nowhere")),
        Example("last_day is not null", _op("not", _op("isNull", _p("last_day"))), ("kunduz", "school", "cafe")),
        Example("NOT deaths_best > 2", _op("not", _op(">", _p("deaths_best"), 2)), ("fiji",)),
        Example(
            "deaths_best > 2 AND contested = TRUE", _op("and", _op(">", _p("deaths_best"), 2), _op("=", _p("contested"), True)), ("school",)
        ),
        Example(
            "deaths_best > 9 OR contested = TRUE",
            _op("or", _op(">", _p("deaths_best"), 9), _op("=", _p("contested"), True)),
            ("school", "cafe"),
        ),
        Example(
            "type = 'riot' OR type = 'protest' AND deaths_best = 0",
            _op("or", _op("=", _p("type"), "riot"), _op("and", _op("=", _p("type"), "protest"), _op("=", _p("deaths_best"), 0))),
            ("fiji",),
        ),
        Example(
            "(type = 'riot' OR type = 'protest') AND NOT (deaths_best = 0)",
            _op("and", _op("or", _op("=", _p("type"), "riot"), _op("=", _p("type"), "protest")), _op("not", _op("=", _p("deaths_best"), 0))),
            (),
        ),
        Example("TRUE", True, ALL),
        Example("FALSE OR contested = FALSE", _op("or", False, _op("=", _p("contested"), False)), ("kunduz",)),
    ),
    "advanced-comparison-operators": (
        Example("title LIKE 'Fall%'", _op("like", _p("title"), "Fall%"), ("kunduz",)),
        Example("title LIKE '_all of Kunduz'", _op("like", _p("title"), "_all of Kunduz"), ("kunduz",)),
        Example(r"title LIKE '%\%%'", _op("like", _p("title"), r"%\%%"), ("fiji",)),
        Example("title NOT LIKE '%i%'", _op("not", _op("like", _p("title"), "%i%")), ("kunduz", "cafe")),
        Example("deaths_best BETWEEN 0 AND 3", _op("between", _p("deaths_best"), 0, 3), ("school", "fiji")),
        Example("deaths_best NOT BETWEEN 0 AND 3", _op("not", _op("between", _p("deaths_best"), 0, 3)), ("cafe",)),
        Example(
            "first_day BETWEEN DATE('2021-08-01') AND DATE('2021-08-08')",
            _op("between", _p("first_day"), _day("2021-08-01"), _day("2021-08-08")),
            ("kunduz", "school"),
        ),
        Example("type IN ('riot','protest')", _op("in", _p("type"), ["riot", "protest"]), ("fiji", "nowhere")),
        Example("deaths_best IN (0, 10.0)", _op("in", _p("deaths_best"), [0, 10]), ("cafe", "fiji")),
        Example("type NOT IN ('riot','protest')", _op("not", _op("in", _p("type"), ["riot", "protest"])), ("kunduz", "school", "cafe")),
        Example("first_day IN (DATE('2020-02-29'))", _op("in", _p("first_day"), [_day("2020-02-29")]), ("cafe",)),
    ),
    "case-insensitive-comparison": (
        Example("CASEI(place) = casei('KunDuz')", _op("=", _op("casei", _p("place")), _op("casei", "KunDuz")), ("kunduz", "school", "cafe")),
        Example("CASEI(title) LIKE casei('CAFÉ%')", _op("like", _op("casei", _p("title")), _op("casei", "CAFÉ%")), ("cafe",)),
        Example(
            "CASEI(type) IN (CASEI('RIOT'), CASEI('Protest'))",
            _op("in", _op("casei", _p("type")), [_op("casei", "RIOT"), _op("casei", "Protest")]),
            ("fiji", "nowhere"),
        ),
    ),
    "accent-insensitive-comparison": (
        Example("ACCENTI(title) = accenti('Cafe Angstrom')", _op("=", _op("accenti", _p("title")), _op("accenti", "Cafe Angstrom")), ("cafe",)),
        Example(
            "ACCENTI(CASEI(title)) LIKE accenti(casei('%ÅNGSTROM'))",
            _op("like", _op("accenti", _op("casei", _p("title"))), _op("accenti", _op("casei", "%ÅNGSTROM"))),
            ("cafe",),
        ),
    ),
    "basic-spatial-functions": (
        Example("S_INTERSECTS(geometry, BBOX(60,29,75,38))", _op("s_intersects", _p("geometry"), {"bbox": [60, 29, 75, 38]}), ("kunduz",)),
        Example("S_INTERSECTS(geometry, POINT(68.857 36.72895))", _op("s_intersects", _p("geometry"), _POINT), ("kunduz",)),
        Example("s_intersects(BBOX(178,-20,-170,0),geometry)", _op("s_intersects", {"bbox": [178, -20, -170, 0]}, _p("geometry")), ("fiji",)),
        Example(
            "S_INTERSECTS(geometry, BBOX(60,29,-100,75,38,9000))",
            _op("s_intersects", _p("geometry"), {"bbox": [60, 29, -100, 75, 38, 9000]}),
            ("kunduz",),
        ),
    ),
    "basic-spatial-functions-plus": (
        Example(f"S_INTERSECTS(geometry, {_SQUARE_TEXT})", _op("s_intersects", _p("geometry"), _SQUARE), ("kunduz",)),
        Example("S_INTERSECTS(extent, BBOX(63,29,64,30))", _op("s_intersects", _p("extent"), {"bbox": [63, 29, 64, 30]}), ("school",)),
        Example(
            "S_INTERSECTS(geometry, MULTIPOINT((179.5 -17),(0 0)))",
            _op("s_intersects", _p("geometry"), {"type": "MultiPoint", "coordinates": [[179.5, -17], [0, 0]]}),
            ("fiji",),
        ),
        Example(
            "S_INTERSECTS(geometry, LINESTRING(-80 65,-60 65))",
            _op("s_intersects", _p("geometry"), {"type": "LineString", "coordinates": [[-80, 65], [-60, 65]]}),
            ("cafe",),
        ),
        Example(
            "S_INTERSECTS(geometry, MULTILINESTRING((-80 65,-60 65),(179 -17,180 -17)))",
            _op("s_intersects", _p("geometry"), {"type": "MultiLineString", "coordinates": [[[-80, 65], [-60, 65]], [[179, -17], [180, -17]]]}),
            ("cafe", "fiji"),
        ),
        Example(
            "S_INTERSECTS(geometry, MULTIPOLYGON(((60 29,75 29,75 38,60 38,60 29)),((-80 60,-60 60,-60 70,-80 60))))",
            _op(
                "s_intersects",
                _p("geometry"),
                {"type": "MultiPolygon", "coordinates": [[_RING], [[[-80, 60], [-60, 60], [-60, 70], [-80, 60]]]]},
            ),
            ("kunduz", "cafe"),
        ),
        Example(
            "S_INTERSECTS(geometry, POLYGON((60 29,75 29,75 38,60 38,60 29),(68 36,69 36,69 37,68 37,68 36)))",
            _op("s_intersects", _p("geometry"), {"type": "Polygon", "coordinates": [_RING, [[68, 36], [69, 36], [69, 37], [68, 37], [68, 36]]]}),
            (),
        ),
        Example(
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(68.857 36.72895),POINT(179.5 -17)))",
            _op(
                "s_intersects",
                _p("geometry"),
                {"type": "GeometryCollection", "geometries": [_POINT, {"type": "Point", "coordinates": [179.5, -17]}]},
            ),
            ("kunduz", "fiji"),
        ),
        Example(
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(68.857 36.72895),LINESTRING(-80 65,-60 65)))",
            _op(
                "s_intersects",
                _p("geometry"),
                {"type": "GeometryCollection", "geometries": [_POINT, {"type": "LineString", "coordinates": [[-80, 65], [-60, 65]]}]},
            ),
            ("kunduz", "cafe"),
        ),
    ),
    "spatial-functions": (
        Example("S_EQUALS(geometry, POINT(179.5 -17))", _op("s_equals", _p("geometry"), {"type": "Point", "coordinates": [179.5, -17]}), ("fiji",)),
        Example(f"S_DISJOINT(geometry, {_SQUARE_TEXT})", _op("s_disjoint", _p("geometry"), _SQUARE), ("cafe", "fiji")),
        Example(
            "S_TOUCHES(geometry, LINESTRING(179.5 -17,180 -17))",
            _op("s_touches", _p("geometry"), {"type": "LineString", "coordinates": [[179.5, -17], [180, -17]]}),
            ("fiji",),
        ),
        Example(f"S_WITHIN(extent, {_SQUARE_TEXT})", _op("s_within", _p("extent"), _SQUARE), ("kunduz", "school")),
        Example(f"S_CONTAINS({_SQUARE_TEXT}, geometry)", _op("s_contains", _SQUARE, _p("geometry")), ("kunduz",)),
        Example("S_OVERLAPS(extent, BBOX(64,30,66,34))", _op("s_overlaps", _p("extent"), {"bbox": [64, 30, 66, 34]}), ("school",)),
        Example(
            "S_CROSSES(LINESTRING(62 30,66 30), extent)",
            _op("s_crosses", {"type": "LineString", "coordinates": [[62, 30], [66, 30]]}, _p("extent")),
            ("school",),
        ),
        Example("S_WITHIN(geometry, extent)", _op("s_within", _p("geometry"), _p("extent")), ("kunduz", "cafe")),
    ),
    "temporal-functions": (
        Example("T_AFTER(first_day, DATE('2021-08-01'))", _op("t_after", _p("first_day"), _day("2021-08-01")), ("kunduz",)),
        Example("T_BEFORE(datetime, DATE('2021-08-01'))", _op("t_before", _p("datetime"), _day("2021-08-01")), ("cafe",)),
        Example("T_BEFORE(last_day, TIMESTAMP('2021-08-08T12:00:00Z'))", _op("t_before", _p("last_day"), _moment("2021-08-08T12:00:00Z")), ("cafe",)),
        Example(
            "T_CONTAINS(datetime, INTERVAL('2021-08-02','2021-08-07'))",
            _op("t_contains", _p("datetime"), _from("2021-08-02", "2021-08-07")),
            ("school", "fiji", "nowhere"),
        ),
        Example(
            "T_DISJOINT(datetime, INTERVAL('2021-08-01','2021-08-31'))", _op("t_disjoint", _p("datetime"), _MONTH), ("cafe",)
        ),
        Example(
            "T_DURING(INTERVAL(first_day,last_day), INTERVAL('2021-07-31','..'))",
            _op("t_during", _from(_p("first_day"), _p("last_day")), _from("2021-07-31", "..")),
            ("kunduz", "school"),
        ),
        Example("T_EQUALS(datetime, DATE('2020-02-29'))", _op("t_equals", _p("datetime"), _day("2020-02-29")), ("cafe",)),
        Example(
            "T_FINISHEDBY(datetime, INTERVAL('2021-08-03','2021-08-08'))",
            _op("t_finishedBy", _p("datetime"), _from("2021-08-03", "2021-08-08")),
            ("school",),
        ),
        Example(
            "T_FINISHES(datetime, INTERVAL('2021-08-01','2021-08-08'))",
            _op("t_finishes", _p("datetime"), _from("2021-08-01", "2021-08-08")),
            ("kunduz",),
        ),
        Example(
            "T_INTERSECTS(datetime, INTERVAL('2021-08-01','2021-08-31'))",
            _op("t_intersects", _p("datetime"), _MONTH),
            ("kunduz", "school", "fiji", "nowhere"),
        ),
        Example(
            "T_INTERSECTS(datetime, INTERVAL('..','2020-12-31T00:00:00Z'))",
            _op("t_intersects", _p("datetime"), _from("..", "2020-12-31T00:00:00Z")),
            ("cafe", "fiji", "nowhere"),
        ),
        Example("T_MEETS(datetime, INTERVAL('2021-08-08','..'))", _op("t_meets", _p("datetime"), _from("2021-08-08", "..")), ("kunduz", "school")),
        Example("T_METBY(datetime, INTERVAL('..','2021-08-01'))", _op("t_metBy", _p("datetime"), _from("..", "2021-08-01")), ("school",)),
        Example(
            "T_OVERLAPPEDBY(datetime, INTERVAL('2021-07-01','2021-08-03'))",
            _op("t_overlappedBy", _p("datetime"), _from("2021-07-01", "2021-08-03")),
            ("school",),
        ),
        Example(
            "T_OVERLAPS(datetime, INTERVAL('2021-08-03','2021-08-31'))",
            _op("t_overlaps", _p("datetime"), _from("2021-08-03", "2021-08-31")),
            ("school",),
        ),
        Example(
            "T_STARTEDBY(datetime, INTERVAL('2021-08-01','2021-08-02'))",
            _op("t_startedBy", _p("datetime"), _from("2021-08-01", "2021-08-02")),
            ("school",),
        ),
        Example("T_STARTS(datetime, INTERVAL('2021-08-01','..'))", _op("t_starts", _p("datetime"), _from("2021-08-01", "..")), ("school",)),
        Example("T_AFTER(updated, first_reported)", _op("t_after", _p("updated"), _p("first_reported")), ("kunduz", "cafe")),
    ),
    "array-functions": (
        Example("A_EQUALS(side_b, ('Taliban','Army'))", _op("a_equals", _p("side_b"), ["Taliban", "Army"]), ("fiji",)),
        Example("A_CONTAINS(actors, ('Army','Taliban'))", _op("a_contains", _p("actors"), ["Army", "Taliban"]), ("kunduz", "fiji")),
        Example("A_CONTAINEDBY(side_a, ('Army','Police'))", _op("a_containedBy", _p("side_a"), ["Army", "Police"]), ("school", "cafe", "fiji", "nowhere")),
        Example("A_OVERLAPS(actors, ('Taliban'))", _op("a_overlaps", _p("actors"), ["Taliban"]), ("kunduz", "fiji")),
        Example("A_EQUALS((1,2),(2,1,1)) AND A_OVERLAPS(side_a, side_b)", _op("and", _op("a_equals", [1, 2], [2, 1, 1]), _op("a_overlaps", _p("side_a"), _p("side_b"))), ()),
    ),
    "property-property": (
        Example("deaths_best = deaths_low", _op("=", _p("deaths_best"), _p("deaths_low")), ("school", "cafe", "fiji")),
        Example("first_day = last_day", _op("=", _p("first_day"), _p("last_day")), ("kunduz", "cafe")),
        Example("deaths_best > sources", _op(">", _p("deaths_best"), _p("sources")), ("cafe",)),
        Example("10 > 9", _op(">", 10, 9), ALL),
        Example("title LIKE 'F%' = contested", _op("=", _op("like", _p("title"), "F%"), _p("contested")), ()),
    ),
    "functions": (
        Example("year(first_day) = 2021", _op("=", _op("year", _p("first_day")), 2021), ("kunduz", "school")),
        Example("duration_days(datetime) = 8", _op("=", _op("duration_days", _p("datetime")), 8), ("school",)),
        Example("distance_m(geometry, POINT(68.86 36.73)) < 1000", _op("<", _op("distance_m", _p("geometry"), {"type": "Point", "coordinates": [68.86, 36.73]}), 1000), ("kunduz",)),
        Example("length(lower(title)) = 7 AND size(side_a) = 0", _op("and", _op("=", _op("length", _op("lower", _p("title"))), 7), _op("=", _op("size", _p("side_a")), 0)), ("nowhere",)),
    ),
    "arithmetic": (
        Example("deaths_best + 1 = 4", _op("=", _op("+", _p("deaths_best"), 1), 4), ("school",)),
        Example("deaths_best - sources > 5", _op(">", _op("-", _p("deaths_best"), _p("sources")), 5), ("cafe",)),
        Example("deaths_best * 2 = 6 OR deaths_best / 4 = 2.5", _op("or", _op("=", _op("*", _p("deaths_best"), 2), 6), _op("=", _op("/", _p("deaths_best"), 4), 2.5)), ("school", "cafe")),
        Example("deaths_best % 2 = 1", _op("=", _op("%", _p("deaths_best"), 2), 1), ("school",)),
        Example("deaths_best div 4 = 2", _op("=", _op("div", _p("deaths_best"), 4), 2), ("cafe",)),
        Example("2 ^ deaths_best = 8", _op("=", _op("^", 2, _p("deaths_best")), 8), ("school",)),
        Example("deaths_best / 0 = 1 OR 10 ^ 99 ^ deaths_best > 1", _op("or", _op("=", _op("/", _p("deaths_best"), 0), 1), _op(">", _op("^", _op("^", 10, 99), _p("deaths_best")), 1)), ()),
        Example("2 + 3 * deaths_best = 11", _op("=", _op("+", 2, _op("*", 3, _p("deaths_best"))), 11), ("school",)),
        Example("(2 + 3) * deaths_best = 15", _op("=", _op("*", _op("+", 2, 3), _p("deaths_best")), 15), ("school",)),
        Example("-deaths_best < -3", _op("<", _op("*", -1, _p("deaths_best")), -3), ("cafe",)),
    ),
}  # fmt: skip
"""The examples are of our own; the classes `cql2-text` and `cql2-json` are all of them in one encoding."""
