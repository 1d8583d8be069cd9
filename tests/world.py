"""A small made-up world for tests: a dozen regions of simple outline with codes as in the real one, and events put into it.

Outlines are such that a test can be worked out by hand: all corners but Antarctica's lie on half degrees.

AF        60,29 .. 75,38     AF-HEL 63,29 .. 65,33; AF-KDZ 68,36 .. 70,38 and in it AF-KDZ.kunduz 68,36 .. 69,37 and
                             AF-KDZ.imam-sahib 68,37 .. 70,38 (the rest of the province belongs to no district)
TJ        68,38 .. 75,41     touches Afghanistan along 38° north
FJ        177,-19 .. -178,-16, over the antimeridian; FJ-N 178,-17 .. -179,-16, over it too; FJ-W 177,-19 .. 178,-17, west of it
ZA, LS    16,-35 .. 33,-22 with a hole at 27,-31 .. 29.5,-28.5, which is Lesotho
AQ        all round the South Pole, up to 60° south, with a coast of many corners: it is kept in several parts
GL        -73,60 .. -12,90   up to the North Pole
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from typing import Any, Protocol
from uuid import UUID

import shapely
from shapely import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import ActorRow, DatasetRow, EventActorRow, EventRow, ExtentRow, VersionRow
from app.domain.circles import circle
from app.domain.events import (
    ActorRole,
    DatePrecision,
    DeathsState,
    EventType,
    FirstReportedBasis,
    Precision,
    Status,
    Verification,
    actor_id,
    event_id,
)
from app.domain.filters import RegionWanted
from app.domain.regions import Region, Regions
from app.domain.words import fold
from app.store import regions as stored_regions
from app.store.revisions import TOLD

DATASETS = ("ucdp-ged", "desk", "acled")


def _multi(*parts: BaseGeometry) -> MultiPolygon:
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


def _coast() -> Polygon:
    """Antarctica, with two corners for each degree of its coast: too many for one part."""
    coast = [(step / 2 - 180, -60.0 - (step % 2) * 0.5) for step in range(721)]
    return Polygon([(-180, -90), (180, -90), *reversed(coast)])


def _region(code: str, name: str, geom: MultiPolygon, **more: Any) -> Region:
    country = code[:2]
    parent = None if code == country else code.rpartition(".")[0] or country
    level = 0 if parent is None else 2 if "." in code else 1
    return Region(code=code, name=name, level=level, parent=parent, country=country, geom=geom, **more)


REGIONS = (
    _region("AF", "Afghanistan", _multi(box(60, 29, 75, 38)), alpha3="AFG", fips=("AF",), gw=(700,)),
    _region("AF-HEL", "Helmand", _multi(box(63, 29, 65, 33)), fips=("AF10",), aliases=("Hilmand", "هلمند")),
    _region("AF-KDZ", "Kunduz", _multi(box(68, 36, 70, 38)), fips=("AF24",), aliases=("Qunduz", "قندوز")),
    _region("AF-KDZ.kunduz", "Kunduz", _multi(box(68, 36, 69, 37))),
    _region("AF-KDZ.imam-sahib", "Imam Sahib", _multi(box(68, 37, 70, 38))),
    _region("TJ", "Tajikistan", _multi(box(68, 38, 75, 41)), alpha3="TJK", fips=("TI",), gw=(702,)),
    _region(
        "FJ", "Fiji", _multi(box(177, -19, 180, -16), box(-180, -19, -178, -16)), alpha3="FJI", fips=("FJ",)
    ),
    _region("FJ-N", "Northern", _multi(box(178, -17, 180, -16), box(-180, -17, -179, -16))),
    _region("FJ-W", "Western", _multi(box(177, -19, 178, -17))),
    _region(
        "ZA",
        "South Africa",
        _multi(box(16, -35, 33, -22) - box(27, -31, 29.5, -28.5)),
        alpha3="ZAF",
        fips=("SF",),
    ),
    _region("LS", "Lesotho", _multi(box(27, -31, 29.5, -28.5)), alpha3="LSO", fips=("LT",)),
    _region("AQ", "Antarctica", _multi(_coast()), alpha3="ATA", fips=("AY",)),
    _region("GL", "Greenland", _multi(box(-73, 60, -12, 90)), alpha3="GRL", fips=("GL",)),
)

WORLD = Regions(REGIONS)


def outline(code: str) -> MultiPolygon:
    """The polygon of a region of this world."""
    geom = WORLD[code].geom
    assert geom is not None
    return geom


def region_wanted(code: str) -> RegionWanted:
    """A region of this world as a question asks about it."""
    region = WORLD[code]
    return RegionWanted(
        code=code, level=region.level, inside=tuple(sorted(WORLD.inside(code))), above=WORLD.above(code)
    )


async def load_world(connection: AsyncConnection) -> Regions:
    """The regions, three datasets and version 1, which all events have unless a test says otherwise."""
    await connection.execute(
        insert(VersionRow),
        [{"id": 1, "known_at": datetime(2021, 8, 9, tzinfo=UTC), "kind": "seed", "summary": "A small world"}],
    )
    await connection.execute(
        insert(DatasetRow),
        [
            {
                "id": name,
                "title": name.upper(),
                "publisher": "A publisher",
                "licence": "CC-BY-4.0",
                "redistribution": "open",
                "citation": f"Cite {name}.",
            }
            for name in DATASETS
        ],
    )
    await stored_regions.replace(connection, REGIONS, version=1)
    return WORLD


_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Made:
    """An event as a test tells it: what is not named is plain and the same for all.

    Where it lies is told in one of four ways: `at` alone (filed under the finest region there, which is its extent too), `at` with
    `radius_m` (its extent is a disc), `within` a region (its extent; `at` is then a stand-in), or nothing (it may be anywhere).
    """

    at: tuple[float, float] | None = None
    """Longitude, latitude."""
    radius_m: int | None = None
    within: str | None = None
    extent: BaseGeometry | None = None
    """Instead of the disc of `radius_m`: an area of the test's own."""
    near_regions: tuple[str, ...] | None = None
    """Instead of the finest regions that the disc touches."""
    day: date | str | None = date(2021, 8, 8)
    """The first day; None where unknown."""
    until: date | str | None = "same"
    """The last day; None where unknown; if it is not named, the first."""
    date_precision: str = DatePrecision.DAY
    id: UUID | None = None
    dataset: str = "ucdp-ged"
    source_key: str = field(default_factory=lambda: str(next(_numbers)))
    type: str = EventType.BATTLE
    source_type: str | None = None
    title: str = "An event"
    summary: str | None = None
    place: str | None = None
    precision: str = Precision.SETTLEMENT
    side_a: tuple[str, ...] = ()
    side_b: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other names of the first actor."""
    deaths: int | None = None
    """The best figure, and low and high with it."""
    verification: Verification | str | None = None
    contested: bool | None = None
    claims: int | None = None
    sources: int | None = None
    reported: date | str | None = None
    status: str = Status.ACTIVE
    revision: int = 1
    version: int = 1

    @property
    def identity(self) -> UUID:
        """Its id: what the test says, else as an import makes it."""
        return self.id or event_id(self.dataset, self.source_key)

    @property
    def first_day(self) -> date:
        """As it is kept: asyncpg writes Python's first day as -infinity."""
        return date.min if self.day is None else _day(self.day)

    @property
    def last_day(self) -> date:
        """As it is kept: asyncpg writes Python's last day as infinity."""
        if self.until == "same":
            return date.max if self.day is None else self.first_day
        return date.max if self.until is None else _day(self.until)

    @property
    def disc(self) -> MultiPolygon | None:
        """The extent that is no region."""
        if self.extent is not None:
            return _multi(*shapely.get_parts(self.extent))
        return circle(*self.at, self.radius_m) if self.at and self.radius_m else None

    @property
    def touched(self) -> tuple[str, ...]:
        """The finest regions that it may lie in, one or several."""
        if self.near_regions:
            return self.near_regions
        if self.within:
            return (self.within,)
        shape = self.disc or (Point(self.at) if self.at else Point())
        found = [region.code for region in REGIONS if region.geom and shape.intersects(region.geom)]
        finest = [code for code in found if not set(found) & set(WORLD.inside(code)) - {code}]
        # A point on a border belongs to one side, as the importer has it.
        return tuple(sorted(finest)) if self.disc else tuple(sorted(finest))[:1]

    @property
    def extent_region(self) -> str | None:
        """The finest region that holds all of it."""
        common = WORLD.common(self.touched)
        return common.code if common else None

    @property
    def filed_under(self) -> dict[str, str | None]:
        """The codes of country, subdivision and district: of the point, else of the extent."""
        here = Point(self.at) if self.at and not self.within else None
        code = self.extent_region
        if here is not None:
            code = next((one for one in self.touched if here.intersects(outline(one))), code)
        path = [*reversed(WORLD.above(code)), code] if code else []
        return dict(zip(("country", "admin1", "admin2"), (*path, None, None, None), strict=False))

    @property
    def near(self) -> list[str] | None:
        """The finest regions, where they are several."""
        return list(self.touched) if len(self.touched) > 1 else None

    def extent_id(self) -> UUID | None:
        """A disc is kept apart, under a name of its content."""
        disc = self.disc
        return None if disc is None else UUID(bytes=_hashed(disc))

    def row(self) -> dict[str, Any]:
        """The columns of `event`, but for the words to search."""
        return {
            "id": self.identity,
            **{
                name: getattr(self, name)
                for name in (
                    "dataset", "source_key", "type", "source_type", "title", "summary", "first_day", "last_day",
                    "date_precision", "place", "precision", "radius_m", "extent_region", "verification", "contested",
                    "claims", "sources", "status", "revision", "version",
                )
            },
            **self.filed_under,
            "geom": f"SRID=4326;POINT({self.at[0]!r} {self.at[1]!r})" if self.at else None,
            "near_regions": self.near,
            "extent_id": self.extent_id(),
            "side_a": list(self.side_a),
            "side_b": list(self.side_b),
            "deaths_low": self.deaths,
            "deaths_best": self.deaths,
            "deaths_high": self.deaths,
            "deaths_state": DeathsState.NOT_REPORTED if self.deaths is None else DeathsState.REPORTED,
            "first_reported": _day(self.reported) if self.reported else None,
            "first_reported_basis": FirstReportedBasis.RELEASE if self.reported else None,
            "own_reported": _day(self.reported) if self.reported else None,
            "own_reported_basis": FirstReportedBasis.RELEASE if self.reported else None,
        }  # fmt: skip

    def words(self) -> str:
        """What `q` looks through."""
        told = (self.title, self.summary, self.place, *self.side_a, *self.side_b, *self.aliases)
        return " ".join(fold(one) for one in told if one)


_REVISIONS = f"""
INSERT INTO event_revision ({TOLD}, since_version, seq) SELECT {TOLD}, version, nextval('change_seq') FROM event
WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY version, id
"""


async def put(connection: AsyncConnection, *events: Made) -> list[UUID]:
    """Insert events with their extents and actors, and give their ids."""
    extents = {key: made.disc for made in events if (key := made.extent_id())}
    if extents:
        rows = [{"id": key, "geom": f"SRID=4326;{disc.wkt}"} for key, disc in extents.items() if disc]
        await connection.execute(postgresql.insert(ExtentRow).on_conflict_do_nothing(), rows)
    if events:
        statement = insert(EventRow).values(search=text("to_tsvector('simple', :words)"))
        await connection.execute(statement, [{**made.row(), "words": made.words()} for made in events])
        await connection.execute(text(_REVISIONS), {"ids": [str(made.identity) for made in events]})
    actors = {row["id"]: row for made in events for row in _actors(made)}
    if actors:
        await connection.execute(postgresql.insert(ActorRow).on_conflict_do_nothing(), list(actors.values()))
        await connection.execute(insert(EventActorRow), [row for made in events for row in _part(made)])
    return [made.identity for made in events]


class MakeEvent(Protocol):
    """Puts an event into the world and gives its id; what is not named is the same for all (`world.Made`)."""

    async def __call__(self, **told: Any) -> UUID: ...


async def add_version(connection: AsyncConnection, number: int, kind: str = "import") -> None:
    """A later writing transaction, an hour after the one before it."""
    known_at = datetime(2021, 8, 9, number % 24, tzinfo=UTC)
    await connection.execute(
        insert(VersionRow), [{"id": number, "known_at": known_at, "kind": kind, "summary": "More"}]
    )


def _actors(made: Made) -> list[dict[str, Any]]:
    names = (*made.side_a, *made.side_b)
    return [
        {
            "id": actor_id(made.dataset, name),
            "dataset_id": made.dataset,
            "source_key": name,
            "name": name,
            "aliases": list(made.aliases) if place == 0 else [],
            "names": "\n".join(fold(one) for one in (name, *(made.aliases if place == 0 else ()))),
            "since_version": made.version,
        }
        for place, name in enumerate(names)
    ]


def _part(made: Made) -> list[dict[str, Any]]:
    return [
        {
            "event_id": made.identity,
            "role": role,
            "position": place,
            "actor_id": actor_id(made.dataset, name),
            "since_version": made.version,
        }
        for role, names in ((ActorRole.SIDE_A, made.side_a), (ActorRole.SIDE_B, made.side_b))
        for place, name in enumerate(names)
    ]


def _day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _hashed(disc: MultiPolygon) -> bytes:
    return sha256(shapely.to_wkb(disc)).digest()[:16]
