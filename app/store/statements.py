"""Statements: documents, claims, estimates, assessments, figures and links. Each change is a new row; none is ever written over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, inspect, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import (
    OPEN,
    AssessmentRow,
    ClaimRow,
    DocumentRow,
    EstimateRow,
    EventLinkRow,
    EventRow,
    FigureRow,
    StatementRow,
)
from app.domain.evidence import StatementKind, statement_id
from app.domain.statements import Document, Evidence, Statement
from app.errors import SitrepError
from app.store.regions import names

TABLES: dict[StatementKind, type[StatementRow]] = {
    StatementKind.DOCUMENT: DocumentRow,
    StatementKind.CLAIM: ClaimRow,
    StatementKind.ESTIMATE: EstimateRow,
    StatementKind.ASSESSMENT: AssessmentRow,
    StatementKind.FIGURE: FigureRow,
    StatementKind.EVENT_LINK: EventLinkRow,
}

TOUCHES = {
    StatementKind.DOCUMENT: "documents",
    StatementKind.CLAIM: "claims",
    StatementKind.ESTIMATE: "estimates",
    StatementKind.ASSESSMENT: "assessments",
    StatementKind.EVENT_LINK: "links",
}
"""What an event is said to have changed in when such a statement about it did. Figures are about areas."""


class UnknownEvents(SitrepError):
    """Statements refer to events that are kept nowhere."""

    def __init__(self, missing: frozenset[UUID]) -> None:
        self.missing = missing
        listed = ", ".join(sorted(map(str, missing)))
        super().__init__(
            f"Nothing was changed, since these events are neither in the release nor in the database: {listed}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of a release's statements."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0

    @property
    def written(self) -> bool:
        return bool(self.created or self.changed or self.withdrawn)


NOTHING_SAID = Merged()


async def merge(connection: AsyncConnection, dataset: str, evidence: Evidence, version: int) -> Merged:
    """Write the statements that are new or say something new, and end those that are withdrawn.

    Fills `import_touched` with the events that they are about. Needs the writer's turn, and the staged events. Raises UnknownEvents.
    """
    for statement in _FRESH:
        await connection.execute(text(statement))
    await _require_events(connection, evidence.statements)
    counts = {"created": 0, "changed": 0, "unchanged": 0, "withdrawn": 0}
    for kind, row in TABLES.items():
        new = [one for one in evidence.statements if one.kind_of is kind]
        gone = [statement_id(kind, dataset, key) for of, key in evidence.withdrawn if of is kind]
        if new or gone:
            task = _Task(connection, dataset, kind, row, version)
            for what, count in (await task.write(new, gone)).items():
                counts[what] += count
    return Merged(**counts)


async def _require_events(connection: AsyncConnection, statements: Iterable[Statement]) -> None:
    wanted = {event for one in statements for event in _about(asdict(one))}
    if not wanted:
        return
    known = select(EventRow.id).where(EventRow.id.in_(wanted))
    found = set(await connection.scalars(known))
    found |= set(await connection.scalars(text("SELECT id FROM import_event")))
    if missing := wanted - found:
        raise UnknownEvents(frozenset(missing))


@dataclass(frozen=True, slots=True)
class _Task:
    """The statements of one kind that are being written."""

    connection: AsyncConnection
    dataset: str
    kind: StatementKind
    row: type[StatementRow]
    version: int

    async def write(self, new: Sequence[Statement], gone: Sequence[UUID]) -> dict[str, int]:
        values = {statement_id(self.kind, self.dataset, one.source_key): _columns(one) for one in new}
        kept = await self._kept([*values, *gone])
        revisions = await self._revisions(list(values))
        written, changed, touched = [], [], []
        for key, told in values.items():
            before = kept.get(key)
            if before is not None and all(_same(before[name], value) for name, value in told.items()):
                continue
            if before is not None:
                changed.append(key)
                touched.append(before)
            touched.append({"id": key, **told})
            written.append(
                {
                    **told,
                    "id": key,
                    "dataset": self.dataset,
                    "revision": revisions.get(key, 0) + 1,
                    "since_version": self.version,
                    "until_version": OPEN,
                }
            )
        withdrawn = [key for key in gone if key in kept]
        await self._end([*changed, *withdrawn])
        if written:
            await self.connection.execute(insert(self.row), written)
        await self._touch([*touched, *(kept[key] for key in withdrawn)])
        return {
            "created": len(written) - len(changed),
            "changed": len(changed),
            "unchanged": len(values) - len(written),
            "withdrawn": len(withdrawn),
        }

    async def _kept(self, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
        """The rows that stand, by id."""
        standing = select(inspect(self.row).local_table).where(
            self.row.id.in_(ids), self.row.until_version == OPEN
        )
        return {
            UUID(str(found["id"])): dict(found)
            for found in (await self.connection.execute(standing)).mappings()
        }

    async def _revisions(self, ids: list[UUID]) -> dict[UUID, int]:
        """The highest revision of each, those that were withdrawn too."""
        highest = (
            select(self.row.id, func.max(self.row.revision)).where(self.row.id.in_(ids)).group_by(self.row.id)
        )
        return {UUID(str(found[0])): found[1] for found in await self.connection.execute(highest)}

    async def _end(self, ids: list[UUID]) -> None:
        if ids:
            ending = (
                update(self.row)
                .where(self.row.id == bindparam("which"), self.row.until_version == OPEN)
                .values(until_version=self.version)
            )
            await self.connection.execute(ending, [{"which": one} for one in ids])

    async def _touch(self, rows: Sequence[dict[str, Any]]) -> None:
        """Note the events that these rows are about."""
        name = TOUCHES.get(self.kind)
        if name is None:
            return
        events = {event for row in rows for event in _about(row)}
        if self.kind is StatementKind.DOCUMENT:
            ids = [row["id"] for row in rows]
            events |= set(
                await self.connection.scalars(text(_EVENTS_OF_DOCUMENTS), {"ids": ids, "open": OPEN})
            )
        if events:
            await self.connection.execute(
                text("INSERT INTO import_touched VALUES (:event, :name)"),
                [{"event": event, "name": name} for event in events],
            )


def _about(values: dict[str, Any]) -> list[UUID]:
    """The events that a statement is about."""
    alone = [values[name] for name in ("event_id", "other_id") if values.get(name)]
    return [*alone, *(values.get("events") or ())]


def _columns(one: Statement) -> dict[str, Any]:
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(one).items()}
    if isinstance(one, Document):
        values["names"] = names(one.publisher, tuple(filter(None, (one.title, *one.authors))))
    return values


def _same(kept: Any, told: Any) -> bool:
    return bool(kept == told)


_FRESH = (
    "DROP TABLE IF EXISTS pg_temp.import_touched",
    "CREATE TEMPORARY TABLE import_touched (event_id uuid, what text) ON COMMIT DROP",
)

_EVENTS_OF_DOCUMENTS = """
SELECT id FROM event WHERE documents && CAST(:ids AS uuid[])
UNION SELECT unnest(events) FROM claim WHERE document_id = ANY (CAST(:ids AS uuid[])) AND until_version = :open
UNION SELECT event_id FROM estimate WHERE document_id = ANY (CAST(:ids AS uuid[])) AND until_version = :open
UNION SELECT event_id FROM assessment WHERE document_id = ANY (CAST(:ids AS uuid[])) AND until_version = :open
"""
