"""Changes: what the feed tells of an event that was created, updated, retracted or reinstated."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.events import PROPERTIES

DEFAULT_LIMIT = 100
MAX_LIMIT = 1_000
MAX_SEQ = 2**63 - 1


class ChangeKind(StrEnum):
    """What became of an event."""

    CREATE = "create"
    UPDATE = "update"
    RETRACT = "retract"
    """Its source withdrew it."""
    REINSTATE = "reinstate"
    """Its source holds it again."""


TOUCHED = ("claims", "estimates", "assessments", "documents", "links")
"""What may change beside the columns of an event."""

_TOLD_ANYWAY = ("id", "dataset", "source_key", "revision", "updated")
FIELDS = tuple(
    dict.fromkeys(
        (*(name for name in PROPERTIES if name not in _TOLD_ANYWAY), "geometry", "extent", *TOUCHED)
    )
)
"""What may be named as changed: properties, but for those that never change and those that always do, and what stands beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of one event."""

    seq: int
    """Its place in the feed: changes that were committed later have a higher one. Some numbers are missing."""
    version: int
    known_at: str
    """When it became known here (RFC 3339)."""
    kind: ChangeKind
    id: UUID
    """The event's."""
    revision: int
    fields: tuple[str, ...] | None
    """Out of `FIELDS`, what changed; None for a creation, and where the state before is not kept."""
    matches: bool
    """Whether the event is among those that are wanted after this change."""
    event: str
    """The event after the change, written out."""
