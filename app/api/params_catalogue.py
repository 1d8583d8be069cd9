"""What the parameters of regions and actors ask, by the same grammar as those of events (`api.params`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from app.api import values as read
from app.api.grammar import ACTOR_PARAMETERS, MAX_REGIONS, REGION_PARAMETERS
from app.api.params import Known, cursor_of, datasets_of, fingerprint_of, name_of, one_region
from app.api.values import Values
from app.domain.filters import DEFAULT_LIMIT
from app.domain.moments import parse_moment
from app.domain.regions import Regions, UnknownRegion
from app.errors import BadParameter
from app.queries.actors import ActorFilter
from app.queries.regions import RegionFilter

Wanted = TypeVar("Wanted")
Mark = TypeVar("Mark")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueQuestion(Generic[Wanted, Mark]):
    """What is asked of regions or actors: which, how many, and after which to go on."""

    wanted: Wanted
    limit: int
    after: Mark | None
    as_of: datetime | None = None
    outline: bool = True
    fingerprint: str


class Level(StrEnum):
    """What `level` may be."""

    COUNTRY = "0"
    SUBDIVISION = "1"
    DISTRICT = "2"


class OutlineWanted(StrEnum):
    """What `geometry` of a region may be."""

    POLYGON = "polygon"
    NONE = "none"


def region_question(values: Values, known: Known) -> CatalogueQuestion[RegionFilter, str]:
    """The question that the parameters of `/regions` ask. Raises a Problem on the first that cannot be read."""
    read.check(values, REGION_PARAMETERS)
    level = read.word(values, "level", Level, Level.COUNTRY) if "level" in values else None
    wanted = RegionFilter(
        parent=_parent(values, known.regions),
        level=None if level is None else int(level),
        words=read.read("q", name_of, values),
    )
    outline = read.word(values, "geometry", OutlineWanted, OutlineWanted.POLYGON) is OutlineWanted.POLYGON
    asked = fingerprint_of(values)
    cursor = cursor_of(values, asked, (str,))
    return CatalogueQuestion(
        wanted=wanted,
        limit=read.limit(values, DEFAULT_LIMIT, MAX_REGIONS),
        after=str(cursor.after[0]) if cursor else None,
        outline=outline,
        fingerprint=asked,
    )


def actor_question(values: Values, known: Known) -> CatalogueQuestion[ActorFilter, tuple[str, UUID]]:
    """The question that the parameters of `/actors` ask. Raises a Problem on the first that cannot be read."""
    read.check(values, ACTOR_PARAMETERS)
    asked = fingerprint_of(values)
    cursor = cursor_of(values, asked, (str, UUID))
    return CatalogueQuestion(
        wanted=ActorFilter(
            datasets=datasets_of(values, known),
            words=read.read("q", name_of, values),
            # All pages are of the state that page 1 was of.
            at=cursor.version if cursor else known.version,
        ),
        limit=read.limit(values, DEFAULT_LIMIT, MAX_REGIONS),
        after=(str(cursor.after[0]), UUID(str(cursor.after[1]))) if cursor else None,
        as_of=read.read("as_of", parse_moment, values),
        fingerprint=asked,
    )


def _parent(values: Values, regions: Regions) -> str | None:
    if "parent" not in values:
        return None
    try:
        return one_region(values["parent"][0], regions, "parent").code
    except UnknownRegion as error:
        raise BadParameter(str(error), parameter="parent") from error
