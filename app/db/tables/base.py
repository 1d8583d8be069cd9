"""What all tables share: their base, the versions, and how a row bears the versions in which it was so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, MetaData, Text, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.db.turns import OPEN

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
    release_id: Mapped[int | None] = mapped_column(BigInteger)
    """The release that was written in it, if one was: a release that is written again has further versions."""


class Versioned:
    """A row that was so from one version until before another. Its thing has other such rows, one after the other.

    `id` and `until_version` are the primary key: a thing has one open row at most, and the row before another is the one that
    ends where the other begins.
    """

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    since_version: Mapped[int] = mapped_column(BigInteger)
    """The version that made it so."""
    until_version: Mapped[int] = mapped_column(BigInteger, primary_key=True, server_default=text(str(OPEN)))
    """The version that ended it; OPEN as long as none did."""


def in_order() -> CheckConstraint:
    """A row ends after it began."""
    return CheckConstraint("since_version < until_version", name="versions")
