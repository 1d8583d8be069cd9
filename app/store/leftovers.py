"""What a release that takes statements back would leave behind: others that rest on them, and events whose deaths they are."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN
from app.domain.evidence import StatementKind, statement_id
from app.domain.statements import Evidence
from app.errors import SitrepError


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that stands, and what it stands on."""

    gone: UUID
    """The statement that is taken back."""
    sentence: str
    """As "the estimate 'dead' rests on it"."""


class StillNeeded(SitrepError):
    """Statements are taken back on which others rest that stand."""

    def __init__(self, leftovers: tuple[Leftover, ...]) -> None:
        self.leftovers = leftovers
        listed = ", ".join(one.sentence for one in leftovers)
        super().__init__(f"Nothing was changed, since what is taken back is still needed: {listed}.")


async def refuse(connection: AsyncConnection, dataset: str, evidence: Evidence, version: int) -> None:
    """Raise StillNeeded where something hangs on what this version took back. All of the release must have been written."""
    if not evidence.withdrawn:
        return
    ids = [statement_id(kind, dataset, key) for kind, key in evidence.withdrawn]
    found = await connection.execute(text(_HANGING), {"ids": ids, "version": version})
    if leftovers := tuple(
        Leftover(UUID(str(one.gone)), _SENTENCES[one.what].format(one.source_key)) for one in found
    ):
        raise StillNeeded(leftovers)


_SENTENCES = {
    str(StatementKind.CLAIM): "the claim {!r} answers it",
    str(StatementKind.ESTIMATE): "the estimate {!r} rests on it",
    "event": "the deaths of the event {!r} are taken from it",
}


def _gone(table: str) -> str:
    """Those that this version ended, and did not only change."""
    return f"""
    SELECT id FROM {table} AS ended WHERE id = ANY (CAST(:ids AS uuid[])) AND until_version = :version
    AND NOT EXISTS (SELECT FROM {table} AS kept WHERE kept.id = ended.id AND kept.until_version = {OPEN})
"""


_HANGING = f"""
WITH claims AS ({_gone("claim")}), estimates AS ({_gone("estimate")})
SELECT 'claim' AS what, responds_to AS gone, source_key
FROM claim WHERE responds_to IN (SELECT id FROM claims) AND until_version = {OPEN}
UNION ALL
SELECT 'estimate', claim_id, source_key FROM estimate WHERE claim_id IN (SELECT id FROM claims) AND until_version = {OPEN}
UNION ALL
SELECT 'event', deaths_estimate, source_key
FROM event WHERE deaths_estimate IN (SELECT id FROM estimates) AND status = 'active'
ORDER BY what, source_key
"""
