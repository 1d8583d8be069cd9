"""Statements: documents, claims, estimates, assessments, figures and links. Each change is a new row; none is ever written over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import bindparam, func, insert, inspect, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN
from app.domain.drafts import ActorDraft
from app.domain.events import actor_id, event_id
from app.domain.evidence import StatementKind, statement_id
from app.domain.statements import NO_EVIDENCE, Claim, Document, Estimate, Evidence, Statement
from app.domain.words import names
from app.errors import SitrepError

if TYPE_CHECKING:
    from app.db.tables import StatementRow

TOUCHES = {
    StatementKind.DOCUMENT: "documents",
    StatementKind.CLAIM: "claims",
    StatementKind.ESTIMATE: "estimates",
    StatementKind.ASSESSMENT: "assessments",
    StatementKind.EVENT_LINK: "links",
}
"""What an event is said to have changed in when such a statement about it did. Figures are about areas."""


class UnknownReferences(SitrepError):
    """Statements refer to what is kept nowhere."""

    what: ClassVar[str]

    def __init__(self, missing: frozenset[UUID]) -> None:
        self.missing = missing
        listed = ", ".join(sorted(map(str, missing)))
        super().__init__(
            f"Nothing was changed, since these {self.what} are neither in the release nor in the database: {listed}."
        )


class UnknownEvents(UnknownReferences):
    """Statements are about events that are kept nowhere."""

    what = "events"


class UnknownClaims(UnknownReferences):
    """Statements answer claims, or rest on claims, that are kept nowhere."""

    what = "claims"


class NeverKnown(UnknownReferences):
    """What is to be taken back was never kept."""

    what = "entries that are to be taken back"

    def __init__(self, known: dict[UUID, frozenset[str]]) -> None:
        super().__init__(frozenset(known))
        self.known = known
        """By the id of each that is missing the keys of its kind that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of a release's statements."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    absent: int = 0
    """Those that were to be withdrawn, and did not stand."""
    outdated: int = 0
    """Those about which a newer release has spoken: they change nothing."""

    @property
    def written(self) -> bool:
        return bool(self.created or self.changed or self.withdrawn)


NOTHING_SAID = Merged()


async def merge(
    connection: AsyncConnection,
    dataset: str,
    evidence: Evidence,
    version: int,
    *,
    position: int | None = None,
) -> Merged:
    """Write the statements that are new or say something new, and end those that are withdrawn.

    What a release of a higher position than this one's wrote or ended is left as it is; `position` None: whatever is kept gives way.
    Fills `import_touched` with the events that they are about, and `import_claimant` with who speaks. Needs the writer's turn, and the
    staged events. Raises UnknownEvents, UnknownClaims, and NeverKnown.
    """
    for statement in _FRESH:
        await connection.execute(text(statement))
    if evidence == NO_EVIDENCE:
        return NOTHING_SAID
    from app.db.tables import STATEMENTS  # takes a quarter of a second, and most releases have no statements

    await _require_events(connection, evidence.statements)
    await _require_claims(connection, dataset, evidence.statements)
    await _require_kept(connection, dataset, evidence)
    await _stage_claimants(connection, dataset, evidence.actors)
    counts = dict.fromkeys(("created", "changed", "unchanged", "withdrawn", "absent", "outdated"), 0)
    for kind, row in STATEMENTS.items():
        new = [one for one in evidence.statements if one.kind_of is kind]
        gone = [statement_id(kind, dataset, key) for of, key in evidence.withdrawn if of is kind]
        if new or gone:
            task = _Task(connection, dataset, kind, row, version, position)
            for what, count in (await task.write(new, gone)).items():
                counts[what] += count
    return Merged(**counts)


async def _require_events(connection: AsyncConnection, statements: Iterable[Statement]) -> None:
    wanted = {event for one in statements for event in _about(asdict(one))}
    if not wanted:
        return
    found = await _known(connection, "event", wanted)
    found |= set(await connection.scalars(text("SELECT id FROM import_event")))
    if missing := wanted - found:
        raise UnknownEvents(frozenset(missing))


async def _require_claims(connection: AsyncConnection, dataset: str, statements: Sequence[Statement]) -> None:
    """What is answered or rested on must have been said, even if that was withdrawn since."""
    wanted = {one.responds_to for one in statements if isinstance(one, Claim)}
    wanted |= {one.claim_id for one in statements if isinstance(one, Estimate)}
    told = {
        statement_id(one.kind_of, dataset, one.source_key) for one in statements if isinstance(one, Claim)
    }
    lacking = {one for one in wanted - told if one is not None}
    if lacking and (missing := lacking - await _known(connection, "claim", lacking)):
        raise UnknownClaims(frozenset(missing))


async def _require_kept(connection: AsyncConnection, dataset: str, evidence: Evidence) -> None:
    """What is to be taken back must have been there, even if it was taken back before."""
    gone: dict[str, set[UUID]] = defaultdict(set)
    for kind, key in evidence.withdrawn:
        gone[kind].add(statement_id(kind, dataset, key))
    gone["event"] = {event_id(dataset, key) for key in evidence.withdrawn_events}
    known: dict[UUID, frozenset[str]] = {}
    for table, ids in gone.items():
        if lacking := ids - await _known(connection, table, ids):
            every = text(f"SELECT DISTINCT source_key FROM {table} WHERE dataset = :dataset")
            keys = frozenset(await connection.scalars(every, {"dataset": dataset}))
            known |= dict.fromkeys(lacking, keys)
    if known:
        raise NeverKnown(known)


async def _known(connection: AsyncConnection, table: str, ids: set[UUID]) -> set[UUID]:
    """Those of the ids that the table has."""
    there = text(f"SELECT id FROM {table} WHERE id = ANY (CAST(:ids AS uuid[]))")
    return set(await connection.scalars(there, {"ids": list(ids)}))


async def _stage_claimants(connection: AsyncConnection, dataset: str, actors: Sequence[ActorDraft]) -> None:
    """Let `actors.merge` make those who speak, as it does those who take part."""
    rows = [
        {
            "id": actor_id(dataset, one.source_key),
            "source_key": one.source_key,
            "name": one.name,
            "aliases": list(one.aliases),
            "names": names(one.name, one.aliases),
        }
        for one in actors
    ]
    for statement in _CLAIMANT if rows else ():
        await connection.execute(statement, rows)


@dataclass(frozen=True, slots=True)
class _Task:
    """The statements of one kind that are being written."""

    connection: AsyncConnection
    dataset: str
    kind: StatementKind
    row: type[StatementRow]
    version: int
    position: int | None

    async def write(self, told: Sequence[Statement], ended: Sequence[UUID]) -> dict[str, int]:
        new = {statement_id(self.kind, self.dataset, one.source_key): one for one in told}
        newer = await self._newer([*new, *ended])
        values = {key: _columns(one) for key, one in new.items() if key not in newer}
        gone = [key for key in ended if key not in newer]
        kept = await self._kept([*values, *gone])
        revisions = await self._revisions(list(values))
        written, changed, touched = [], [], []
        for key, columns in values.items():
            before = kept.get(key)
            if before is not None and all(before[name] == value for name, value in columns.items()):
                continue
            if before is not None:
                changed.append(key)
                touched.append(before)
            touched.append({"id": key, **columns})
            written.append(
                {
                    **columns,
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
            "absent": len(gone) - len(withdrawn),
            "outdated": len(newer),
        }

    async def _newer(self, ids: list[UUID]) -> set[UUID]:
        """Those whose last row a release of a higher position wrote or ended."""
        if self.position is None:
            return set()
        last = text(_NEWER.format(table=self.kind))
        values = {"ids": ids, "dataset": self.dataset, "position": self.position, "open": OPEN}
        return {UUID(str(found)) for found in await self.connection.scalars(last, values)}

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


_FRESH = (
    "DROP TABLE IF EXISTS pg_temp.import_touched",
    "CREATE TEMPORARY TABLE import_touched (event_id uuid, what text) ON COMMIT DROP",
    "DROP TABLE IF EXISTS pg_temp.import_claimant",
    "CREATE TEMPORARY TABLE import_claimant (actor_id uuid) ON COMMIT DROP",
)

# In no row of the release: 0.
_CLAIMANT = (
    text(
        "INSERT INTO import_actor (row_number, id, source_key, name, aliases, names)"
        " VALUES (0, :id, :source_key, :name, CAST(:aliases AS text[]), :names)"
    ),
    text("INSERT INTO import_claimant VALUES (:id)"),
)

# A statement bears versions and no release; a version is of one release at most.
_NEWER = """
SELECT DISTINCT last.id FROM (
    SELECT DISTINCT ON (id) id, CASE WHEN until_version = :open THEN since_version ELSE until_version END AS version
    FROM {table} WHERE id = ANY (CAST(:ids AS uuid[])) ORDER BY id, until_version DESC
) AS last
JOIN version ON version.id = last.version JOIN release ON release.id = version.release_id AND release.dataset_id = :dataset
WHERE release.position > :position
"""

# Those of their copies too: if a report turns out to be a copy itself, all copies of it have another origin.
_EVENTS_OF_DOCUMENTS = """
WITH RECURSIVE touched (id) AS (
    SELECT unnest(CAST(:ids AS uuid[]))
    UNION
    SELECT document.id FROM touched JOIN document ON document.origin_id = touched.id AND until_version = :open
)
SELECT id FROM event WHERE documents && ARRAY(SELECT id FROM touched)
UNION SELECT unnest(events) FROM claim WHERE document_id IN (SELECT id FROM touched) AND until_version = :open
UNION SELECT event_id FROM estimate WHERE document_id IN (SELECT id FROM touched) AND until_version = :open
UNION SELECT event_id FROM assessment WHERE document_id IN (SELECT id FROM touched) AND until_version = :open
"""
