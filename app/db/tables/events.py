"""Events and who takes part in them: what is, on `event`, and all that was, on `event_revision`."""

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
    Index,
    Integer,
    LargeBinary,
    Sequence,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base, Versioned, in_order
from app.db.tables.columns import geometry, one_of
from app.db.turns import OPEN
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

LONG_UNTIL = f"""(
CASE
    WHEN last_day > (first_day + {LONG_DAYS}) THEN last_day
    ELSE NULL::date
END)"""
"""The last day of an event that lasts longer, over the columns of `event`; null for the others. Spelt as PostgreSQL does."""

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


def _without_point(table: str) -> Index:
    return Index(
        f"{table}_without_point", "geom", postgresql_using="gist", postgresql_where=text("geom IS NULL")
    )


CHANGES = Sequence("change_seq", metadata=Base.metadata)
"""Numbers the changes of events. Drawn under the writer's lock, so that they rise in the order of commits."""


class ActorRow(Versioned, Base):
    """Someone who takes part in events, as a dataset names them, from one version until another."""

    __tablename__ = "actor"
    __table_args__ = (
        in_order(),
        # used by: /actors?q=
        Index(None, "names", postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}),
        Index(None, "name"),  # used by: the actor filter, by exact name
        Index(None, "aliases", postgresql_using="gin"),  # used by: the actor filter, by exact alias
    )

    dataset_id: Mapped[str] = mapped_column(ForeignKey("dataset.id"))
    source_key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    names: Mapped[str] = mapped_column(Text)
    """Name and aliases, folded (`domain.words.fold`), for search."""


class EventColumns:
    """What is told of an event, in its current state as in each that it was in."""

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
    deaths_estimate: Mapped[UUID | None] = mapped_column(Uuid)
    """The estimate that the deaths are; null where they are the dataset's own."""
    verification: Mapped[str | None] = mapped_column(Text)
    contested: Mapped[bool | None]
    claims: Mapped[int | None] = mapped_column(Integer)
    sources: Mapped[int | None] = mapped_column(Integer)
    first_reported: Mapped[date | None] = mapped_column(Date)
    first_reported_basis: Mapped[str | None] = mapped_column(Text)
    documents: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    """The documents that it is coded from, where the dataset tells them apart."""
    status: Mapped[str] = mapped_column(Text, server_default=Status.ACTIVE)
    revision: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    version: Mapped[int] = mapped_column(BigInteger)
    """The version that made this revision."""
    release_id: Mapped[int | None] = mapped_column(BigInteger)
    """The release that last changed it."""
    record_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    search: Mapped[Any] = mapped_column(TSVECTOR)
    """The words of title, summary, place, actors and their aliases, folded, for `q`; with finer statistics than others (migration 0001)."""


class EventRow(EventColumns, Base):
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
        # used by: bbox, intersects and near under match=point
        Index(None, "geom", postgresql_using="gist"),
        # used by: bbox, for the few events without a point; has_geometry=false. The index above has them too, but goes through a tenth of
        # its pages for them (15 ms at a million); under an OR a B-tree without a condition on its columns is not looked at.
        _without_point("event"),
        # used by: every list in the default order; datetime. With the last day in it, which takes no more room, of those that began in the
        # month before a window only those are read that were not over.
        Index("event_newest", *NEWEST, "last_day"),
        # used by: datetime, for the few events that last longer than LONG_DAYS
        # An expression, and not a partial index, since the planner keeps statistics of it: without, it took the few for a third of
        # the table, and walked the newest events (193 ms against 9 for a day with 23 of 100,000 events).
        Index("event_long", text(LONG_UNTIL), "first_day"),
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
        # used by: the events of a document
        Index(None, "documents", postgresql_using="gin", postgresql_where=text("documents IS NOT NULL")),
        # used by: q
        Index(None, "search", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    own_reported: Mapped[date | None] = mapped_column(Date)
    """`first_reported` as the dataset has it. Shown to nobody, and so in no revision: what others add is worked out from it anew each time."""
    own_reported_basis: Mapped[str | None] = mapped_column(Text)
    civilians_estimate: Mapped[UUID | None] = mapped_column(Uuid)
    """The estimate that `deaths_civilians` is, where `deaths_estimate` names one. Shown to nobody either."""


class EventRevisionRow(EventColumns, Versioned, Base):
    """What an event was from one version until another: all of them, the one that still is too.

    Reads as of a version ask this table only, live ones `event` only. A revision may stand in several rows: where words were added by
    which it is found, which is no change of the event. Then `version` is that of the revision, and `since_version` that of the words.
    """

    __tablename__ = "event_revision"
    __table_args__ = (
        in_order(),
        # used by: the change feed. Only rows that are a change of the event have a number.
        Index("event_revision_seq", "seq", unique=True),
        # used by: lists as of a version, in the default order; datetime
        Index("event_revision_newest", *NEWEST, "last_day", "since_version", "until_version"),
        # used by, as their namesakes of `event`: datetime; bbox, intersects and near; region; match=possible|definite;
        # the events of a document; q
        Index("event_revision_long", text(LONG_UNTIL), "first_day"),
        Index(None, "geom", postgresql_using="gist"),
        _without_point("event_revision"),
        Index("event_revision_country_newest", "country", *NEWEST),
        Index("event_revision_admin1_newest", "admin1", *NEWEST),
        Index("event_revision_admin2_newest", "admin2", *NEWEST, postgresql_where=text("admin2 IS NOT NULL")),
        Index(None, "extent_region"),
        Index(
            None, "near_regions", postgresql_using="gin", postgresql_where=text("near_regions IS NOT NULL")
        ),
        Index(None, "extent_id", postgresql_where=text("extent_id IS NOT NULL")),
        Index("event_revision_extent_kind", text(EXTENT_KIND)),
        Index(None, "documents", postgresql_using="gin", postgresql_where=text("documents IS NOT NULL")),
        Index(None, "search", postgresql_using="gin"),
    )

    seq: Mapped[int | None] = mapped_column(BigInteger, CHANGES)
    """Its place in the change feed: in the order of commits, since one writes at a time. Null for further rows of a revision."""
    touched: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    """What changed beside the columns: `claims`, `estimates`, `assessments`, `documents`, `links`."""


class EventActorRow(Base):
    """Who takes part in an event, on which side, from one version until another."""

    __tablename__ = "event_actor"
    __table_args__ = (
        one_of("role", ActorRole),
        in_order(),
        Index(None, "actor_id", "event_id"),  # used by: the actor filter
    )

    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    until_version: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default=text(str(OPEN)))
    since_version: Mapped[int] = mapped_column(BigInteger)
    actor_id: Mapped[UUID] = mapped_column(Uuid)
