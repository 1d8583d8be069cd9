"""What is asked in `bench/reads.py`: addresses of Sitrep, and beside each the statement that answers it, and the address of TiPG."""

from __future__ import annotations

import calendar
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from sqlalchemy import ClauseElement, Dialect, text
from sqlalchemy.dialects.postgresql import asyncpg as driver
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api import params, values
from app.api.params import Known
from app.domain.areas import Box
from app.domain.days import Days
from app.domain.filters import EventFilter
from app.domain.grid import Tile, world
from app.formats import geojson
from app.importers.locating import REGIONAL
from app.queries import datasets, events, regions, versions
from app.queries.filtering import conditions

PAGES = 64
"""Different pages of a kind, asked in turn; nothing of them is kept anywhere but in PostgreSQL's buffers."""
FRESH = 20_000
"""Addresses of a kind of tile or count, of which none is asked twice: what was made is kept."""
FIRST_YEAR, LAST_YEAR = 1989, 2026

_DIALECT: Dialect = driver.dialect()  # type: ignore[no-untyped-call]  # as SQLAlchemy has it
_DATED = "first_day - date '1970-01-01' AS first_day, last_day - date '1970-01-01' AS last_day"
_REGIONAL = ", ".join(f"'{one}'" for one in sorted(REGIONAL))
_GROUPS = {
    "battle": ("battle",), "bombing": ("air_strike", "shelling", "explosion"), "civilians": ("attack_on_civilians", "abduction"),
    "territory": ("territorial_change",), "protest": ("protest", "riot"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One kind of question, asked in many ways."""

    name: str
    paths: Sequence[str]
    statements: Sequence[str] = ()
    """What would answer the first of the paths, whole."""
    bound: Sequence[tuple[str, list[Any]]] = ()
    """The same with their values apart, where that is how Sitrep asks."""
    peer: Sequence[str] = ()
    """What TiPG is asked instead."""
    fresh: bool = False
    """Whether no path may be asked twice."""
    seconds: int = 0
    """How long it is measured at least, where a few answers take seconds."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where there is something to ask about."""

    known: Known
    dense: list[tuple[float, float]]
    """Points with many events, most first."""
    countries: list[str]
    """With most events first."""
    fresh: int = FRESH
    """How many addresses there are of kinds that may be asked once."""
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311  # the same questions each time


async def places(connection: AsyncConnection, fresh: int = FRESH) -> Places:
    """Look where the events are."""
    known = Known(
        version=await versions.current(connection),
        regions=await regions.registry(connection),
        datasets=await datasets.ids(connection),
    )
    dense = await connection.execute(text(_DENSE))
    countries = await connection.execute(text(_COUNTRIES))
    return Places(known, [(row.lon, row.lat) for row in dense], [row.country for row in countries], fresh)


def everything(at: Places) -> list[Question]:
    """All questions, in the order in which they are asked."""
    return [*pages(at), detail(at), overview(at), words(at), *counts(at)]


def pages(at: Places) -> list[Question]:
    """Pages of 100 and of 1,000; windows are as wide as most of them need to be full."""
    kinds: dict[str, Callable[[], dict[str, str]]] = {
        "100: box + month": lambda: _in_box(at, 16) | _in_days(_month(at)),
        "100: newest of all": dict,
        "100: world + day": lambda: _in_days(_some_days(at, 2)),
        "100: region + year": lambda: _in_region(at, 30) | _in_days(_year(at)),
        "1000: box + month": lambda: _in_box(at, 90) | _in_days(_month(at)),
        "1000: world + fortnight": lambda: _in_days(_some_days(at, 14)),
        "1000: region + year": lambda: _in_region(at, 8) | _in_days(_year(at)),
    }
    return [_page(at, name, kind) for name, kind in kinds.items()]


def detail(at: Places) -> Question:
    """Tiles of zoom 8 to 10 where there are many events, over months to years."""
    asked = list(_tiles(at, lambda: at.chance.randint(8, 10), lambda: at.chance.randint(1, 36)))
    return _of_tiles("detail tile, z8-z10, 1-36 months", asked, _points_of)


def overview(at: Places) -> Question:
    """Tiles of zoom 0 to 6 over months to decades."""
    asked = list(_tiles(at, lambda: at.chance.randint(0, 6), lambda: at.chance.randint(1, 450)))
    return _of_tiles("overview tile, z0-z6, 1-450 months", asked, _cells_of, seconds=6)


def words(at: Places) -> Question:
    """Overview tiles with a condition that columns do not hold, each with other words."""
    asked = list(_tiles(at, lambda: at.chance.randint(0, 6), lambda: at.chance.randint(1, 450)))
    found = [f"word{at.chance.randint(20, 4_999)} OR word{at.chance.randint(20, 4_999)}" for _ in asked]
    paths = [
        f"{_tile_path(*one)}&q={some.replace(' ', '%20')}" for one, some in zip(asked, found, strict=True)
    ]
    statements = [
        _cells_of(tile, days, f"AND search @@ websearch_to_tsquery('simple', '{some.lower()}')")
        for (tile, days), some in zip(asked[:PAGES], found, strict=False)
    ]
    name = "overview tile with q=, which columns lack"
    return Question(name=name, paths=paths, statements=statements, fresh=True)


def counts(at: Places) -> list[Question]:
    """Counts by month, alone and with the country."""
    return [_counts(at, "month", "first_day"), _counts(at, "month,country", "first_day, country")]


def answer_of(path: str, known: Known) -> tuple[EventFilter, Any]:
    """What the parameters of a path ask: the filter, and how much is shown of what."""
    given = parse_qsl(path.partition("?")[2])
    asked = params.question(values.by_name(given), known)
    return asked.wanted, asked.view


def _page(at: Places, name: str, kind: Callable[[], dict[str, str]]) -> Question:
    limit = name.partition(":")[0]
    asked = [kind() for _ in range(PAGES)]
    paths = [f"/events?{_query(one | {'limit': limit})}" for one in asked]
    built = []
    for path in paths:
        wanted, view = answer_of(path, at.known)
        built.append(events.page_statement(wanted, view, geojson.feature(), None))
    peer = []
    for one in asked:
        country = {"country": one["region"]} if "region" in one else {}
        told = {name: value for name, value in one.items() if name != "region"} | country
        if "datetime" in one:
            told["datetime"] = _as_instants(*one["datetime"].split("/"))
        peer.append(f"/collections/public.event/items?{_query(told | {'limit': limit})}&f=geojson")
    return Question(
        name=f"page of {name}",
        paths=paths,
        statements=[inlined(one) for one in built],
        bound=[bound(one) for one in built],
        peer=peer,
    )


def inlined(statement: ClauseElement) -> str:
    """A statement with its values in it."""
    return str(statement.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


def bound(statement: ClauseElement) -> tuple[str, list[Any]]:
    """A statement as asyncpg takes it, and its values."""
    compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
    names: Sequence[str] = getattr(compiled, "positiontup", None) or ()
    return str(compiled), [compiled.params[name] for name in names]


def _query(asked: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in asked.items())


def _in_box(at: Places, side: float) -> dict[str, str]:
    lon, lat = at.chance.choice(at.dense)
    west, south = max(-180.0, lon - side / 2), max(-90.0, lat - side / 2)
    return {"bbox": f"{west:.3f},{south:.3f},{min(180.0, west + side):.3f},{min(90.0, south + side):.3f}"}


def _in_region(at: Places, most: int) -> dict[str, str]:
    return {"region": at.chance.choice(at.countries[:most])}


def _in_days(days: tuple[date, date]) -> dict[str, str]:
    return {"datetime": f"{days[0]}/{days[1]}"}


def _as_instants(first: object, last: object) -> str:
    """Days as TiPG reads them."""
    return f"{first}T00:00:00Z/{last}T00:00:00Z"


def _year(at: Places) -> tuple[date, date]:
    year = at.chance.randint(1995, LAST_YEAR)
    return date(year, 1, 1), date(year, 12, 31)


def _month(at: Places) -> tuple[date, date]:
    return _months(at.chance.randint(1995, LAST_YEAR - 1) * 12 + at.chance.randrange(12), 1)


def _months(first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    year, month = divmod(last, 12)
    return date(first // 12, first % 12 + 1, 1), date(
        year, month + 1, calendar.monthrange(year, month + 1)[1]
    )


def _some_days(at: Places, count: int) -> tuple[date, date]:
    day = date(1995, 1, 1) + timedelta(days=at.chance.randrange(11_000))
    return day, day + timedelta(days=count - 1)


def _tiles(
    at: Places, zoom: Callable[[], int], months: Callable[[], int]
) -> Iterator[tuple[Tile, tuple[date, date]]]:
    """Tiles with events in them, each with another window."""
    seen: set[tuple[int, ...]] = set()
    while len(seen) < at.fresh:
        z = zoom()
        x, y = (int(one * 2**z) for one in world(*at.chance.choice(at.dense)))
        count = months()
        first = at.chance.randint(FIRST_YEAR * 12, (LAST_YEAR + 1) * 12 - count)
        if (z, x, y, first, count) not in seen:
            seen.add((z, x, y, first, count))
            yield Tile(z, x, y), _months(first, count)


def _of_tiles(
    name: str,
    asked: Sequence[tuple[Tile, tuple[date, date]]],
    statement: Callable[[Tile, tuple[date, date]], str],
    seconds: int = 0,
) -> Question:
    peer = "/collections/public.event/tiles/WebMercatorQuad/{0.z}/{0.x}/{0.y}?datetime={1}"
    return Question(
        name=name,
        paths=[_tile_path(*one) for one in asked],
        statements=[statement(*one) for one in asked[:PAGES]],
        peer=[peer.format(tile, _as_instants(*days)) for tile, days in asked],
        fresh=True,
        seconds=seconds,
    )


def _tile_path(tile: Tile, days: tuple[date, date]) -> str:
    return f"/tiles/events/{tile.z}/{tile.x}/{tile.y}.mvt?datetime={days[0]}/{days[1]}"


def _counts(at: Places, by: str, grouped: str) -> Question:
    # At most fifty thousand counts are an answer.
    asked = list(_windows(at, 3_650 if "," in by else 13_000))
    columns = grouped.replace("first_day", "date_trunc('month', first_day)")
    statements = [
        f"""
SELECT {columns}, count(*), sum(deaths_low), sum(deaths_best), sum(deaths_high), count(*) FILTER (WHERE deaths_best IS NULL),
    count(*) FILTER (WHERE date_trunc('month', last_day) > date_trunc('month', first_day))
FROM event WHERE {_where(days)} GROUP BY {", ".join(str(place + 1) for place in range(len(by.split(","))))} ORDER BY 1
"""
        for days in asked[:PAGES]
    ]
    paths = [f"/counts?by={by}&datetime={first}/{last}" for first, last in asked]
    return Question(name=f"counts by {by}", paths=paths, statements=statements, fresh=True, seconds=6)


def _windows(at: Places, longest: int) -> Iterator[tuple[date, date]]:
    """Whole months are too few for each to be another."""
    seen: set[tuple[date, date]] = set()
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 10, 31)
    while len(seen) < at.fresh:
        begin = first + timedelta(days=at.chance.randrange((last - first).days))
        end = min(last, begin + timedelta(days=at.chance.randrange(longest)))
        if (begin, end) not in seen:
            seen.add((begin, end))
            yield begin, end


def _where(days: tuple[date, date]) -> str:
    """The conditions of a window as Sitrep writes them."""
    wanted = EventFilter(days=Days(since=days[0], until=days[1]))
    return " AND ".join(inlined(one) for one in conditions(wanted))


def _envelope(tile: Tile) -> Box:
    # Worked out here, as `docs` of PostGIS advise: an envelope that is transformed in SQL is no constant to the planner.
    west, north, east, south = tile.window(0)
    lat = np.degrees(np.arctan(np.sinh((0.5 - np.array([north, south])) * 2 * np.pi)))
    return Box(west=west * 360 - 180, south=float(lat[1]), east=east * 360 - 180, north=float(lat[0]))


def _inside(tile: Tile, days: tuple[date, date]) -> str:
    box = _envelope(tile)
    bounds = f"{box.west!r}, {box.south!r}, {box.east!r}, {box.north!r}"
    return f"geom && ST_MakeEnvelope({bounds}, 4326) AND precision NOT IN ({_REGIONAL}) AND {_where(days)}"


def _points_of(tile: Tile, days: tuple[date, date]) -> str:
    return f"""
SELECT ST_AsMVT(shown, 'points', 4096, 'at') FROM (
    SELECT ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({tile.z}, {tile.x}, {tile.y}), 4096, 0, true) AS at,
        id::text AS id, type, {_DATED}, first_reported - date '1970-01-01' AS reported, deaths_low, deaths_best, deaths_high,
        precision, radius_m, verification, contested, dataset
    FROM event WHERE {_inside(tile, days)}
    OFFSET 0
) AS shown
"""


def _cells_of(tile: Tile, days: tuple[date, date], more: str = "") -> str:
    side = 2 * 20037508.342789244 / 2**tile.z / 32
    groups = ", ".join(
        f"count(*) FILTER (WHERE type IN ({', '.join(repr(one) for one in types)})) AS {name}"
        for name, types in _GROUPS.items()
    )
    return f"""
SELECT ST_AsMVT(shown, 'cells', 4096, 'at') FROM (
    SELECT ST_AsMVTGeom(cell, ST_TileEnvelope({tile.z}, {tile.x}, {tile.y}), 4096, 0, true) AS at, cells.* FROM (
        SELECT ST_SnapToGrid(ST_Transform(geom, 3857), {side!r}) AS cell, count(*) AS count, {groups},
            sum(deaths_low) AS deaths_low, sum(deaths_best) AS deaths_best, sum(deaths_high) AS deaths_high,
            count(*) FILTER (WHERE deaths_best IS NULL) AS deaths_unknown,
            min(first_day) - date '1970-01-01' AS first_day, max(last_day) - date '1970-01-01' AS last_day
        FROM event WHERE {_inside(tile, days)} {more}
        GROUP BY 1
        OFFSET 0
    ) AS cells
    OFFSET 0
) AS shown
"""


_DENSE = """
SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat FROM event
WHERE dataset = 'synthetic' AND precision IN ('settlement', 'near_settlement') GROUP BY geom ORDER BY count(*) DESC, 1, 2 LIMIT 300
"""

_COUNTRIES = (
    "SELECT country FROM event WHERE dataset = 'synthetic' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 50"
)
