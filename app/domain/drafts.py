"""What an importer hands to the store: an event as one row of a source tells it, or why that row makes none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.events import DatePrecision, DeathsState, EventType, FirstReportedBasis, Precision

if TYPE_CHECKING:
    from shapely import MultiPolygon


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Where rows come from, with the licence they come under; as in the table `dataset`."""

    id: str
    title: str
    publisher: str
    licence: str
    """An SPDX identifier, or the licence's name where it has none."""
    citation: str
    homepage: str | None = None
    licence_url: str | None = None
    redistribution: str = "open"
    """`open`: rows may be given on. `restricted`: they may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a row; one line of `issue`. The rules are named and explained in `docs/import-rules.md`."""

    rule: str
    message: str
    """A sentence for whoever looks after the source or the import."""
    column: str | None = None
    """The source's own name of the column."""
    value: str | None = None
    """The cell as it came."""
    quarantined: bool = False
    """True: the row makes no event. False: it does, and this is a remark on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorDraft:
    """Someone who takes part, as the dataset names them."""

    source_key: str
    """The dataset's own id of the actor in its canonical spelling; where it has none, the folded name."""
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)  # not frozen: to make one would take three times as long
class Draft:
    """One event in the common model, as one row tells it. The names are those of the columns of `event`.

    What is unknown is None, never 0 and never an empty text. Nobody changes it.
    """

    source_key: str
    """The source's own key in its canonical spelling: UCDP's `214797.0` is `214797`. The event's id is made of it."""
    type: EventType
    source_type: str | None = None
    """The source's own code of the type."""
    title: str
    summary: str | None = None

    first_day: date | None
    """Local day at the place. None where unknown: it is kept as -infinity."""
    last_day: date | None
    """Local day at the place, included. None where unknown: it is kept as infinity."""
    date_precision: DatePrecision
    instant: datetime | None = None
    """Aware; only where the source knows the hour."""

    place: str | None = None
    lon: float | None = None
    lat: float | None = None
    """Degrees, EPSG:4326; both or neither. A source's own stand-in point is kept; none is ever made up."""
    precision: Precision
    radius_m: int | None = None
    country: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    extent_region: str | None = None
    near_regions: tuple[str, ...] | None = None
    extent: MultiPolygon | None = None
    """These seven are what `importers.locating.Locator` found (see `Located`)."""

    side_a: tuple[ActorDraft, ...] = ()
    side_b: tuple[ActorDraft, ...] = ()

    deaths_low: int | None = None
    deaths_best: int | None = None
    deaths_high: int | None = None
    deaths_civilians: int | None = None
    deaths_state: DeathsState = DeathsState.NOT_REPORTED

    verification: str | None = None
    contested: bool | None = None
    claims: int | None = None
    sources: int | None = None
    """How many sources the dataset counts."""

    first_reported: date | None = None
    first_reported_basis: FirstReportedBasis | None = None
    documents: tuple[UUID, ...] | None = None
    """The documents that it is coded from, where the dataset tells them apart. What follows from them the store works out."""
    deaths_estimate: UUID | None = None
    """The estimate that its deaths are; the store takes the numbers from there."""
    civilians_estimate: UUID | None = None
    """The estimate that the civilians among these are, if one is told; so too."""

    faults: tuple[Fault, ...] = ()
    """Remarks on the row; none of them quarantines it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that makes no event. It is kept verbatim, and its faults say why."""

    faults: tuple[Fault, ...]
    """At least one of them quarantines."""
    source_key: str | None = None
    """The key, where it could be read: an event that a complete release holds, if badly, is not withdrawn by it."""
