"""SYNTHETIC events about nothing that happened, with the shape of real rows: what reads are measured on.

The shape is that of UCDP GED 16,566 rows of which are at hand (Syria 2016-2019): ten events to a point, half of the points with one or
two and some with hundreds; 54 % at a settlement, 35 % near one, the rest known to a region or a wide disc only; one event in fifteen lasts
longer than a day; a few deaths, and now and then very many. Towns, regions and extents are real, so that outlines can be drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.regions import Region, Regions
from app.importers.locating import Located, Locator, Spot
from app.queries.regions import with_geometry
from app.store import renewing, versions
from app.store.copying import copy
from app.store.revisions import TOLD

DATASET = "synthetic"
EVENTS_A_PLACE = 10
WORDS = 5_000
"""`word0` to `word4999` stand in summaries, the first in every third event, the last in one of two thousand."""

_LEADING = "SY AF IQ MX UA IN NG SO PK CO CD YE ET TR LK SD PH PE RU MM BR SS IL DZ ML BF CM NP GT LB LY RW BI UG MZ AO TH EG BD SL LR SV NI ID CF"
"""Countries with many events, most first. All others share what is left."""
_OTHERS = 0.03
_SHARES = {
    "settlement": 0.54, "near_settlement": 0.354, "admin1": 0.037, "fuzzy_region": 0.034, "admin2": 0.02, "country": 0.015,
}  # fmt: skip
"""Of events by precision."""


@dataclass(frozen=True, slots=True)
class _Point:
    """A place at which events are, before it is located. Its weight is its share of all events."""

    spot: Spot
    name: str
    weight: float


async def build(engine: AsyncEngine, count: int, say: Callable[[str], None] = lambda _: None) -> None:
    """Write so many events in one version, the same each time. The database must be seeded, and hold no synthetic events."""
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL synchronous_commit = off"))
        regions = Regions(await with_geometry(connection))
        chance = np.random.default_rng(1)
        points = await _points(connection, regions, count, chance)
        counts = chance.multinomial(count, [point.weight for point in points])
        say(f"Locating {np.count_nonzero(counts):,} places ...")
        await _stage(connection, regions, points, counts.tolist(), chance)
        number = await versions.begin(connection)
        for statement in _BEFORE:
            await connection.execute(text(statement))
        say(f"Writing {count:,} events ...")
        async with renewing.renewed(connection):
            for statement in (_EVENTS, _REVISIONS):
                # Colons in the statements are no parameters.
                await connection.exec_driver_sql(statement.replace("VERSION", str(number)))
            say("Making indexes ...")
        await versions.close(connection, number, kind="import", summary=f"{count:,} synthetic events")
    say("Gathering statistics ...")
    vacuum = engine.execution_options(isolation_level="AUTOCOMMIT")
    async with vacuum.connect() as connection:
        for table in ("event", "event_revision", "extent"):
            await connection.execute(text(f"VACUUM ANALYZE {table}"))


async def _points(
    connection: AsyncConnection, regions: Regions, count: int, chance: np.random.Generator
) -> list[_Point]:
    """All places of all countries; the weights add up to 1."""
    towns: dict[str, list[tuple[str, float, float]]] = {}
    for row in await connection.execute(text(_TOWNS)):
        towns.setdefault(row.country, []).append((row.name, row.lon, row.lat))
    led = {code: 1 / (rank + 3) for rank, code in enumerate(_LEADING.split()) if code in towns}
    others = [
        region.code
        for region in regions
        if region.level == 0 and region.code in towns and region.code not in led
    ]
    whole = sum(led.values())
    shares = {code: (1 - _OTHERS) * share / whole for code, share in led.items()}
    shares |= dict.fromkeys(others, _OTHERS / len(others))
    found: list[_Point] = []
    for code, share in shares.items():
        places = max(3, round(count * share / EVENTS_A_PLACE))
        found += _in_places(code, share, _scattered(towns[code], places, chance), chance)
        found += _in_regions(regions[code], share, regions, chance)
    weights = sum(point.weight for point in found)
    return [_Point(point.spot, point.name, point.weight / weights) for point in found]


def _scattered(
    towns: list[tuple[str, float, float]], places: int, chance: np.random.Generator
) -> list[tuple[str, float, float]]:
    """Towns, the largest first, and villages round them: most round the largest."""
    kept = towns[: max(1, places // 3)]
    missing = places - len(kept)
    round_which = (len(kept) * chance.random(missing) ** 2).astype(int)
    away = chance.normal(0, 0.25, (missing, 2))
    villages = [
        (f"{kept[which][0]} {number}", round(kept[which][1] + dx, 6), round(kept[which][2] + dy, 6))
        for number, (which, (dx, dy)) in enumerate(zip(round_which.tolist(), away.tolist(), strict=True), 1)
    ]
    return [*kept, *villages]


def _in_places(
    country: str, share: float, places: Sequence[tuple[str, float, float]], chance: np.random.Generator
) -> Iterator[_Point]:
    weights = 1 / (np.arange(len(places)) + 8.0) ** 1.2
    weights *= share / weights.sum()
    for (name, lon, lat), weight in zip(places, weights.tolist(), strict=True):
        spots = {"settlement": 1.0, "near_settlement": 1.5 if chance.random() < 2 / 3 else 0.0}
        for precision, often in spots.items():
            spot = Spot(lon=lon, lat=lat, precision=precision, country=country)
            yield _Point(spot, name, weight * _SHARES[precision] * often)
    wide = places[:30]
    for name, lon, lat in wide:
        spot = Spot(lon=lon, lat=lat, precision="fuzzy_region", country=country)
        yield _Point(spot, f"Around {name}", share * _SHARES["fuzzy_region"] / len(wide))


def _in_regions(
    country: Region, share: float, regions: Regions, chance: np.random.Generator
) -> Iterator[_Point]:
    """Those that are known to a region only. As in GED, each region has one point that stands for it."""
    yield _centre(country, country.code, "country", share * _SHARES["country"])
    for precision in ("admin1", "admin2"):
        inside = regions.children(country.code) or (country.code,)
        weights = chance.dirichlet(np.full(len(inside), 0.7))
        for code, weight in zip(inside, weights.tolist(), strict=True):
            districts = regions.children(code) if precision == "admin2" else ()
            for one in districts or (code,):
                part = share * _SHARES[precision] * weight / max(1, len(districts))
                yield _centre(regions[one], country.code, precision, part, code)


def _centre(region: Region, country: str, precision: str, weight: float, admin1: str | None = None) -> _Point:
    point = region.geom.representative_point() if region.geom is not None else None
    spot = Spot(
        lon=round(point.x, 6) if point else None,
        lat=round(point.y, 6) if point else None,
        precision=precision,
        country=country,
        adm_1=admin1,
        adm_2=region.code if region.level == 2 else None,
    )
    return _Point(spot, region.name, weight)


async def _stage(
    connection: AsyncConnection,
    regions: Regions,
    points: Sequence[_Point],
    counts: Sequence[int],
    chance: np.random.Generator,
) -> None:
    """Locate the places that have events, and put them into a temporary table, their extents into `extent`."""
    locate = Locator(regions).locate
    # Half of a country's events are around one year of its own.
    eras = {
        region.code: 12_600 - int(10_400 * chance.random() ** 1.8) for region in regions if region.level == 0
    }
    extents: dict[UUID, bytes] = {}
    rows = []
    first = 0
    for point, events in zip(points, counts, strict=True):
        if not events:
            continue
        located = locate(point.spot)
        rows.append(
            (
                first, events, point.name, point.spot.lon, point.spot.lat, point.spot.precision, located.radius_m,
                located.country, located.admin1, located.admin2, located.extent_region, located.near_regions,
                _kept(located, extents), eras[str(point.spot.country)], regions[str(point.spot.country)].name,
            )
        )  # fmt: skip
        first += events
    for statement in _STAGING:
        await connection.execute(text(statement))
    await copy(connection, "bench_spot", _SPOT, rows)
    await copy(connection, "bench_extent", ("id", "wkb"), extents.items())
    await connection.execute(text(_EXTENTS))


def _kept(located: Located, extents: dict[UUID, bytes]) -> UUID | None:
    if located.extent is None:
        return None
    wkb = located.extent.wkb
    identity = UUID(bytes=sha256(wkb).digest()[:16], version=5)
    extents[identity] = wkb
    return identity


_TOWNS = "SELECT country, name, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM place ORDER BY country, population DESC, id"

_SPOT = (
    "first", "events", "name", "lon", "lat", "precision", "radius_m", "country", "admin1", "admin2", "extent_region", "near_regions",
    "extent_id", "era", "state",
)  # fmt: skip

_STAGING = (
    """
CREATE TEMPORARY TABLE bench_spot (
    first bigint, events integer, name text, lon float8, lat float8, precision text, radius_m integer, country text, admin1 text, admin2 text,
    extent_region text, near_regions text[], extent_id uuid, era integer, state text
) ON COMMIT DROP
""",
    "CREATE TEMPORARY TABLE bench_extent (id uuid, wkb bytea) ON COMMIT DROP",
    # A number from 0 to 1 that looks like chance and is the same each time.
    """
CREATE OR REPLACE FUNCTION pg_temp.chance(bigint, bigint) RETURNS float8 IMMUTABLE LANGUAGE sql
AS 'SELECT (hashint8extended($1, $2) & 2147483647) / 2147483648.0::float8'
""",
)

_EXTENTS = """
INSERT INTO extent (id, geom) SELECT id, ST_Multi(ST_GeomFromWKB(wkb, 4326)) FROM bench_extent ON CONFLICT (id) DO NOTHING
"""

_BEFORE = (
    "ANALYZE bench_spot",
    f"""
INSERT INTO dataset (id, title, publisher, licence, redistribution, citation)
VALUES ('{DATASET}', 'Synthetic events', 'Nobody', 'CC0-1.0', 'open', 'Nothing of this happened.')
""",
)

# In the order in which an import writes them. Only what is sorted by is worked out before; the rest, which is wide, afterwards.
_EVENTS = f"""
INSERT INTO event (
    id, dataset, source_key, type, source_type, title, summary, first_day, last_day, date_precision, place, geom, precision, radius_m,
    country, admin1, admin2, extent_region, near_regions, extent_id, side_a, side_b, deaths_low, deaths_best, deaths_high,
    deaths_civilians, deaths_state, verification, contested, sources, first_reported, first_reported_basis, own_reported,
    own_reported_basis, version, search
)
SELECT
    id, '{DATASET}', n::text, type, '1', title, summary, first_day, least(first_day + days, date '2026-10-31'),
    CASE WHEN days = 0 OR c[2] < 0.4 THEN 'day' WHEN days < 7 THEN 'days_2_6' WHEN days < 28 THEN 'week' WHEN days < 32 THEN 'month' ELSE 'year' END,
    name, ST_Point(lon, lat, 4326), precision, radius_m, country, admin1, admin2, extent_region, near_regions, extent_id,
    ARRAY['Government of ' || state], ARRAY[rebels],
    floor(best * c[3])::integer, best, best + floor(best * c[4])::integer, CASE WHEN c[5] < 0.3 THEN floor(best * c[5])::integer END,
    CASE WHEN best IS NULL THEN 'not_reported' WHEN best = 0 THEN 'zero_or_not_reported' ELSE 'reported' END,
    CASE WHEN c[6] < 0.06 THEN 'unverified' WHEN c[6] < 0.09 THEN 'verified' WHEN c[6] < 0.1 THEN 'disputed' END,
    CASE WHEN c[6] < 0.1 THEN c[6] > 0.07 END, 1 + floor(4 * c[7] ^ 3)::integer, first_day + floor(20 * c[8] ^ 4)::integer, 'document',
    first_day + floor(20 * c[8] ^ 4)::integer, 'document', VERSION, to_tsvector('simple', lower(title || ' ' || coalesce(summary, '')))
FROM (
    SELECT spot.*, n, overlay(overlay(md5('{DATASET}/' || n) PLACING '5' FROM 13) PLACING '8' FROM 17)::uuid AS id, day AS first_day
    FROM bench_spot AS spot, generate_series(first, first + events - 1) AS n, LATERAL (
        SELECT CASE WHEN pg_temp.chance(n, 1) < 0.5
            THEN era + ((pg_temp.chance(n, 2) + pg_temp.chance(n, 3) + pg_temp.chance(n, 4) - 1.5) * 1460)::integer
            ELSE 13817 - (13817 * pg_temp.chance(n, 2) ^ 1.5)::integer END AS away
    ) AS one, LATERAL (SELECT date '1989-01-01' + CASE WHEN away > 13817 THEN 2 * 13817 - away ELSE abs(away) END AS day) AS two
    ORDER BY first_day DESC, id DESC
) AS placed, LATERAL (
    SELECT array_agg(pg_temp.chance(n, seed)) AS c FROM generate_series(10, 26) AS seed
) AS three, LATERAL (
    SELECT
        CASE WHEN c[1] < 0.935 THEN 0 WHEN c[1] < 0.98 THEN 1 + floor(6 * c[9])::integer WHEN c[1] < 0.992 THEN 7 + floor(21 * c[9])::integer
            WHEN c[1] < 0.997 THEN 28 + floor(4 * c[9])::integer ELSE 32 + floor(330 * c[9])::integer END AS days,
        CASE WHEN c[10] > 0.03 THEN CASE WHEN c[11] < 0.07 THEN 0 ELSE least(floor((1.00001 - c[12]) ^ -0.9), 3000)::integer END END AS best,
        CASE WHEN c[13] < 0.55 THEN 'battle' WHEN c[13] < 0.7 THEN 'attack_on_civilians' WHEN c[13] < 0.79 THEN 'air_strike'
            WHEN c[13] < 0.86 THEN 'explosion' WHEN c[13] < 0.92 THEN 'shelling' WHEN c[13] < 0.96 THEN 'protest'
            WHEN c[13] < 0.98 THEN 'abduction' WHEN c[13] < 0.99 THEN 'riot' WHEN c[13] < 0.995 THEN 'territorial_change' ELSE 'other' END AS type,
        'Rebels ' || floor(8 * c[14] ^ 2)::integer || ' of ' || state AS rebels
    OFFSET 0
) AS four, LATERAL (
    SELECT
        'Government of ' || state || ' – ' || rebels || ', ' || name AS title,
        CASE WHEN c[15] < 0.9 THEN 'Nothing of this happened; as nobody said: ' || (
            SELECT string_agg('word' || floor({WORDS} * pg_temp.chance(n, seed) ^ 3)::integer, ' ')
            FROM generate_series(30, 33 + floor(16 * c[16])::integer) AS seed
        ) END AS summary
    OFFSET 0
) AS five
"""

_REVISIONS = f"""
INSERT INTO event_revision ({TOLD}, since_version, seq) SELECT {TOLD}, VERSION, nextval('change_seq') FROM event WHERE dataset = '{DATASET}'
"""
