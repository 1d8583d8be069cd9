"""Regions, settlements and extents: areas and points that events refer to."""

from __future__ import annotations

from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.tables.base import Base
from app.db.tables.columns import geometry


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
    __table_args__ = (
        Index(None, "geom", postgresql_using="gist"),  # used by: store, to find a place's spellings
        # used by: /places?q=
        Index(None, "names", postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}),
        # used by: /places?q= with a letter or two, which thousands of names begin with
        Index(None, "population", postgresql_where=text("population >= 100000")),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """The GeoNames id."""
    name: Mapped[str] = mapped_column(Text)
    alternates: Mapped[list[str]] = mapped_column(ARRAY(Text))
    folded: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Name and alternates, folded (`domain.words.fold`), for comparison."""
    names: Mapped[str] = mapped_column(Text)
    """The same for search: a line each, with a line break before and behind."""
    local: Mapped[str | None] = mapped_column(Text)
    """The name in the script of the country, where one of the alternates is known to be it."""
    country: Mapped[str] = mapped_column(Text)
    capital: Mapped[bool] = mapped_column(Boolean)
    """Whether it is the capital of its country."""
    population: Mapped[int] = mapped_column(Integer)
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))


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
