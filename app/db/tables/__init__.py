"""The tables. `event` is the hot one: everything that a list or a filter needs stands on its row, so that reads join nothing.

Constraints and indexes have names; an index says who uses it. No table but `release`, `issue` and the like has a foreign key to
another that may be large, and none points to `event`: a partitioned or sharded installation must do without them.
"""

from app.db.tables.base import Base, Versioned, VersionRow
from app.db.tables.events import (
    CHANGES,
    EXTENT_KIND,
    LONG_DAYS,
    LONG_UNTIL,
    NEWEST,
    ActorRow,
    EventActorRow,
    EventColumns,
    EventRevisionRow,
    EventRow,
)
from app.db.tables.evidence import (
    STATEMENTS,
    AssessmentRow,
    ClaimRow,
    DocumentRow,
    EstimateRow,
    EventLinkRow,
    FigureRow,
    SnapshotRow,
    StatementRow,
)
from app.db.tables.places import ExtentRow, PlaceRow, RegionPartRow, RegionRow
from app.db.tables.releases import DatasetRow, IssueRow, RecordRow, ReleaseRow, ReleaseRowRow

__all__ = [
    "CHANGES",
    "EXTENT_KIND",
    "LONG_DAYS",
    "LONG_UNTIL",
    "NEWEST",
    "STATEMENTS",
    "ActorRow",
    "AssessmentRow",
    "Base",
    "ClaimRow",
    "DatasetRow",
    "DocumentRow",
    "EstimateRow",
    "EventActorRow",
    "EventColumns",
    "EventLinkRow",
    "EventRevisionRow",
    "EventRow",
    "ExtentRow",
    "FigureRow",
    "IssueRow",
    "PlaceRow",
    "RecordRow",
    "RegionPartRow",
    "RegionRow",
    "ReleaseRow",
    "ReleaseRowRow",
    "SnapshotRow",
    "StatementRow",
    "VersionRow",
    "Versioned",
]
