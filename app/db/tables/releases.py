"""Datasets, their releases, and the rows as they came."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base


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

    release_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
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
