"""The tables. `event` is the hot one: everything that a list or a filter needs stands on its row, so that reads join nothing.

Constraints and indexes have names; an index says who uses it. No table but `release`, `issue` and the like has a foreign key to
another that may be large, and none points to `event`: a partitioned or sharded installation must do without them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.columns import geometry, one_of
from app.domain.events import (
    ActorRole,
    DatePrecision,
    DeathsState,
    EventType,
    FirstReportedBasis,
    Precision,
    Status,
    Verification,
)

LONG_DAYS = 31
"""Events that last longer have an index of their own, so that a window need look back no further than this (days)."""

EXTENT_KIND = """(
CASE
    WHEN extent_id IS NOT NULL THEN 'disc'::text
    WHEN near_regions IS NOT NULL THEN 'several'::text
    WHEN extent_region IS NOT NULL THEN 'region'::text
    ELSE 'anywhere'::text
END)"""
"""What an event's extent is, over the columns of `event`: a disc, one of several regions, a region, or nothing that is known.

Spelt as PostgreSQL does, line breaks and all, since Alembic compares it letter by letter.
"""

NEWEST = (text("first_day DESC"), text("id DESC"))
"""The order of lists, as the columns of an index."""


NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Base(DeclarativeBase):
    """All tables of Sitrep."""

    metadata = MetaData(naming_convention=NAMING)


class VersionRow(Base):
    """One writing transaction: a number, and the moment at which what it wrote became known."""

    __tablename__ = "version"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    known_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), unique=True)
    kind: Mapped[str] = mapped_column(Text)
    """What wrote: `import`, `regions`, `seed` and so on."""
    summary: Mapped[str] = mapped_column(Text)


class DatasetRow(Base):
    """Where rows come from, with the licence they come under."""

    __tablename__ = "dataset"
    __table_args__ = (CheckConstraint("redistribution IN ('open', 'restricted')", name="redistribution"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str] = mapped_column(Text)
    homepage: Mapped[str | None] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    """An SPDX identifier, or the licence's name where it has none."""
    licence_url: Mapped[str | None] = mapped_column(Text)
    redistribution: Mapped[str] = mapped_column(Text)
    """`open`: rows may be given on. `restricted`: they may not."""
    citation: Mapped[str] = mapped_column(Text)


class ReleaseRow(Base):
    """One file or pull of a dataset, known by its SHA-256, with its place in the dataset's order."""

    __tablename__ = "release"
    __table_args__ = (
        Index(None, "dataset_id", "sha256", unique=True),  # used by: store.releases, to know a file again
        CheckConstraint("scope_first_year <= scope_last_year", name="scope_years"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id"))
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the file as it came, before it was unpacked."""
    name: Mapped[str] = mapped_column(Text)
    """The file's name, or the address it was fetched from."""
    label: Mapped[str | None] = mapped_column(Text)
    """The release's own name, such as 23.1."""
    position: Mapped[int] = mapped_column(BigInteger)
    """Its place in the dataset's order: a release never overwrites one of a higher position, unless it is forced."""
    position_basis: Mapped[str] = mapped_column(Text)
    """How the position is known: `stated`, `file_name` or `newest_day`."""
    released_on: Mapped[date | None] = mapped_column(Date)
    complete: Mapped[bool] = mapped_column(server_default=false())
    """Whether a key that is absent from it, but lies in its scope, is withdrawn. A release that is not is a delta."""
    scope_countries: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """ISO 3166-1 alpha-2; null means all countries."""
    scope_first_year: Mapped[int | None] = mapped_column(Integer)
    scope_last_year: Mapped[int | None] = mapped_column(Integer)
    header: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """The names of its columns, in their order."""
    rows_read: Mapped[int] = mapped_column(Integer)
    created: Mapped[int] = mapped_column(Integer)
    changed: Mapped[int] = mapped_column(Integer)
    unchanged: Mapped[int] = mapped_column(Integer)
    retracted: Mapped[int] = mapped_column(Integer)
    quarantined: Mapped[int] = mapped_column(Integer)
    outdated: Mapped[int] = mapped_column(Integer)
    """Rows that a newer release had already spoken about."""
    version: Mapped[int] = mapped_column(ForeignKey("version.id", deferrable=True, initially="DEFERRED"))


class RecordRow(Base):
    """One source row, verbatim: its cells in their order, kept once by content hash."""

    __tablename__ = "record"

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """SHA-256 of the cells (`importers.records.content_hash`)."""
    cells: Mapped[list[str]] = mapped_column(ARRAY(Text))


class ReleaseRowRow(Base):
    """Which release held which record in which of its rows, and the event it speaks about."""

    __tablename__ = "release_row"
    __table_args__ = (
        # used by: store.releases (the newest release that spoke about an event), the history of an event
        Index(None, "event_id", postgresql_where=text("event_id IS NOT NULL")),
    )

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """As a spreadsheet counts: the header is row 1."""
    record_hash: Mapped[bytes] = mapped_column(LargeBinary)
    event_id: Mapped[UUID | None] = mapped_column(Uuid)
    """Null for a row that made no event: quarantined, or a second header."""


class IssueRow(Base):
    """What is wrong with a row of a release: it is quarantined, or kept and flagged."""

    __tablename__ = "issue"
    __table_args__ = (Index(None, "release_id", "row_number"),)  # used by: the issues of a release

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    row_number: Mapped[int | None] = mapped_column(Integer)
    column: Mapped[str | None] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    quarantined: Mapped[bool]
    """True: the row made no event. False: it did, and the fault is flagged."""
    event_id: Mapped[UUID | None] = mapped_column(Uuid)


class RegionRow(Base):
    """A country, a first-level subdivision or a district."""

    __tablename__ = "region"
    __table_args__ = (
        Index(None, "parent"),  # used by: /regions?parent=
        # used by: /regions?q=
        Index(None, "names", postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    level: Mapped[int] = mapped_column(SmallInteger)
    """0 country, 1 first-level subdivision, 2 district."""
    parent: Mapped[str | None] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    alpha3: Mapped[str | None] = mapped_column(Text)
    fips: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """FIPS 10-4, without a prefix."""
    gw: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """Gleditsch-Ward numbers of the states whose territory this is today."""
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    names: Mapped[str] = mapped_column(Text)
    """Name and aliases, folded (`domain.words.fold`), for search."""
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))
    version: Mapped[int] = mapped_column(BigInteger)


class RegionPartRow(Base):
    """A piece of a region's polygon, small enough for an index to be of use (ST_Subdivide)."""

    __tablename__ = "region_part"
    __table_args__ = (
        # used by: filtering, to find the regions that an area touches
        Index(None, "geom", postgresql_using="gist"),
        # used by: store.regions, to replace a region's parts; filtering, to see whether an area covers all of them
        Index(None, "code"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("region.code"))
    geom: Mapped[WKBElement] = mapped_column(geometry("POLYGON"))


class PlaceRow(Base):
    """A settlement of the gazetteer, with its spellings (GeoNames, CC BY 4.0)."""

    __tablename__ = "place"
    # used by: store, to find a place's spellings
    __table_args__ = (Index(None, "geom", postgresql_using="gist"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """The GeoNames id."""
    name: Mapped[str] = mapped_column(Text)
    alternates: Mapped[list[str]] = mapped_column(ARRAY(Text))
    folded: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Name and alternates, folded (`domain.words.fold`), for comparison."""
    country: Mapped[str] = mapped_column(Text)
    population: Mapped[int] = mapped_column(Integer)
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))


class ActorRow(Base):
    """Someone who takes part in events, as a dataset names them."""

    __tablename__ = "actor"
    __table_args__ = (
        # used by: /actors?q=
        Index(None, "names", postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}),
        Index(None, "name"),  # used by: the actor filter, by exact name
        Index(None, "aliases", postgresql_using="gin"),  # used by: the actor filter, by exact alias
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id"))
    source_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    names: Mapped[str] = mapped_column(Text)
    """Name and aliases, folded (`domain.words.fold`), for search."""
    version: Mapped[int] = mapped_column(BigInteger)


class ExtentRow(Base):
    """An area in which events may have happened that is no region: a disc round a point, clipped where it may be.

    Kept once by content, so that many events share one, and never changed, so that an old answer stays the same.
    """

    __tablename__ = "extent"
    # used by: filtering, match=possible|definite
    __table_args__ = (Index(None, "geom", postgresql_using="gist"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    """UUID version 8 of the SHA-256 of its geometry as WKB."""
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))


class EventRow(Base):
    """What is shown: one thing that happened, in the common model, in its current state."""

    __tablename__ = "event"
    __table_args__ = (
        one_of("type", EventType),
        one_of("precision", Precision),
        one_of("date_precision", DatePrecision),
        one_of("deaths_state", DeathsState),
        one_of("verification", Verification),
        one_of("status", Status),
        one_of("first_reported_basis", FirstReportedBasis),
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("revision >= 1", name="revision"),
        # used by: bbox, intersects and near under match=point; has_geometry=false (GiST finds nulls too)
        Index(None, "geom", postgresql_using="gist"),
        # used by: every list in the default order; datetime
        Index("event_newest", *NEWEST),
        # used by: datetime, for the few events that last longer than LONG_DAYS
        Index("event_long", "last_day", postgresql_where=text(f"last_day > first_day + {LONG_DAYS}")),
        # used by: region
        Index("event_country_newest", "country", *NEWEST),
        Index("event_admin1_newest", "admin1", *NEWEST),
        Index("event_admin2_newest", "admin2", *NEWEST, postgresql_where=text("admin2 IS NOT NULL")),
        # used by: region, bbox, intersects and near under match=possible|definite
        Index(None, "extent_region"),
        Index(
            None, "near_regions", postgresql_using="gin", postgresql_where=text("near_regions IS NOT NULL")
        ),
        Index(None, "extent_id", postgresql_where=text("extent_id IS NOT NULL")),
        # used by: match=possible|definite, for the few events that are in one of several regions, or anywhere. An expression, and not
        # a partial index, since the planner keeps statistics of it: without, it took the few for a fifth of the table.
        Index("event_extent_kind", text(EXTENT_KIND)),
        # used by: type, dataset
        Index("event_type_newest", "type", *NEWEST),
        Index("event_dataset_newest", "dataset", *NEWEST),
        # used by: reported
        Index(None, "first_reported"),
        # used by: q
        Index(None, "search", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    dataset: Mapped[str] = mapped_column(Text)
    source_key: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    source_type: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    first_day: Mapped[date] = mapped_column(Date)
    """Local day at the place; -infinity where unknown."""
    last_day: Mapped[date] = mapped_column(Date)
    """Local day at the place, included; infinity where unknown."""
    date_precision: Mapped[str] = mapped_column(Text)
    instant: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    place: Mapped[str | None] = mapped_column(Text)
    geom: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    precision: Mapped[str] = mapped_column(Text)
    radius_m: Mapped[int | None] = mapped_column(Integer)
    country: Mapped[str | None] = mapped_column(Text)
    admin1: Mapped[str | None] = mapped_column(Text)
    admin2: Mapped[str | None] = mapped_column(Text)
    extent_region: Mapped[str | None] = mapped_column(Text)
    """The finest region that holds the whole extent. Without `extent_id` and `near_regions` it is the extent."""
    near_regions: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """The finest regions that the extent touches, where they are several. Without `extent_id` it is one of them."""
    extent_id: Mapped[UUID | None] = mapped_column(Uuid)
    side_a: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    side_b: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    deaths_low: Mapped[int | None] = mapped_column(Integer)
    deaths_best: Mapped[int | None] = mapped_column(Integer)
    deaths_high: Mapped[int | None] = mapped_column(Integer)
    deaths_civilians: Mapped[int | None] = mapped_column(Integer)
    deaths_state: Mapped[str] = mapped_column(Text)
    verification: Mapped[str | None] = mapped_column(Text)
    contested: Mapped[bool | None]
    claims: Mapped[int | None] = mapped_column(Integer)
    sources: Mapped[int | None] = mapped_column(Integer)
    first_reported: Mapped[date | None] = mapped_column(Date)
    first_reported_basis: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=Status.ACTIVE)
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    version: Mapped[int] = mapped_column(BigInteger)
    release_id: Mapped[int | None] = mapped_column(BigInteger)
    """The release that last changed it."""
    record_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    search: Mapped[Any] = mapped_column(TSVECTOR)
    """The words of title, summary, place, actors and their aliases, folded, for `q`; with finer statistics than others (migration 0001)."""


class EventActorRow(Base):
    """Who takes part in an event, on which side."""

    __tablename__ = "event_actor"
    __table_args__ = (
        one_of("role", ActorRole),
        Index(None, "actor_id", "event_id"),  # used by: the actor filter
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    actor_id: Mapped[UUID] = mapped_column(Uuid)
