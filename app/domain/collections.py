"""Collections: what OGC API Features (17-069r4) calls a set of things that are alike, with what can be asked of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from uuid import UUID

from app.domain import queryables
from app.domain.filters import NEWEST_FIRST, SortField, SortKey
from app.domain.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collection:
    """A collection by its name."""

    name: str
    title: str
    description: str
    identity: str
    """The property that tells its items apart."""
    geometry: str | None = None
    """What its items have as geometry, as JSON Schema's `format` has it (23-058r2); None where they have none."""
    days: tuple[str, str] | None = None
    """The properties that are the first and the last day of an item; both may be one."""
    queryables: Mapping[str, Kind]
    """What a filter may name."""
    sortables: Mapping[str, type]
    """The properties that a list may be ordered by, with the type of their values."""
    order: tuple[SortKey, ...]
    """That of a list for which no other is asked, to the last tie."""
    nullable: frozenset[str] = field(default_factory=frozenset)
    """Sortables that may be unknown."""
    versioned: bool = True
    """Whether all states of its items are kept, so that it can be asked as of a moment."""


def _ascending(*names: str) -> tuple[SortKey, ...]:
    return tuple(SortKey(name, descending=False) for name in names)


def _descending(*names: str) -> tuple[SortKey, ...]:
    return tuple(SortKey(name, descending=True) for name in names)


EVENTS = Collection(
    name="events",
    title="Conflict events",
    description=(
        "What happened, where, when, to whom, and how exactly each is known. Events whose place is not known to a point have no"
        " geometry; their codes of region say what is known."
    ),
    identity="id",
    geometry="geometry-point",
    days=("first_day", "last_day"),
    queryables=queryables.EVENTS,
    sortables=MappingProxyType({name.value: name.kind for name in SortField}),
    order=NEWEST_FIRST,
    nullable=frozenset(
        {SortField.FIRST_DAY, SortField.LAST_DAY, SortField.DEATHS_BEST, SortField.FIRST_REPORTED}
    ),
)
REGIONS = Collection(
    name="regions",
    title="Regions",
    description="Countries, their first-level subdivisions and districts, with their outlines, which are simplified.",
    identity="code",
    geometry="geometry-multipolygon",
    queryables=queryables.REGIONS,
    sortables=MappingProxyType({"code": str, "name": str, "level": int}),
    order=_ascending("code"),
    versioned=False,
)
FIGURES = Collection(
    name="figures",
    title="Reported figures",
    description=(
        "Numbers of people that were reported over an area and a period, by whom, and in which document. The geometry is the outline"
        " of the area, to which the figure is known and no better."
    ),
    identity="id",
    geometry="geometry-multipolygon",
    days=("first_day", "last_day"),
    queryables=queryables.FIGURES,
    sortables=MappingProxyType({"last_day": date, "first_day": date, "value": int, "id": UUID}),
    order=_descending("last_day", "id"),
    nullable=frozenset({"value"}),
)
DOCUMENTS = Collection(
    name="documents",
    title="Documents",
    description="Reports, articles, posts and statements that claims and figures come from. They have no place of their own.",
    identity="id",
    days=("published_on", "published_on"),
    queryables=queryables.DOCUMENTS,
    sortables=MappingProxyType({"published_on": date, "publisher": str, "id": UUID}),
    order=_descending("published_on", "id"),
)
ACTORS = Collection(
    name="actors",
    title="Actors",
    description="Who takes part in events, as the datasets name them. They have no place of their own.",
    identity="id",
    queryables=queryables.ACTORS,
    sortables=MappingProxyType({"name": str, "id": UUID}),
    order=_ascending("name", "id"),
)

COLLECTIONS: Mapping[str, Collection] = MappingProxyType(
    {one.name: one for one in (EVENTS, REGIONS, FIGURES, DOCUMENTS, ACTORS)}
)
"""All of them by name, in the order in which they are shown."""
