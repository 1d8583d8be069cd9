"""Actors: those who take part in events, under the name that the newest release gives them and all that were ever theirs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN
from app.domain.words import names


@dataclass(frozen=True, slots=True)
class Renamed:
    """An actor that has names which it had not before."""

    id: UUID
    names: str
    """All of them, folded."""


async def merge(connection: AsyncConnection, dataset: str, version: int) -> list[Renamed]:
    """Write the actors of the staged events, and those of `import_claimant`; gives those that have got further names.

    Who is in outdated rows only is not made.
    An actor bears the name of the newest release. Its other names become aliases, so that either order of releases ends the same.
    """
    await connection.execute(text(_ONCE))
    await connection.execute(text(_INSERT), {"dataset": dataset, "version": version})
    found = (await connection.execute(text(_DIFFERING))).all()
    renamed: list[Renamed] = []
    for actor, group in groupby(found, key=attrgetter("id")):
        rows = list(group)
        kept = rows[-1]
        name = kept.old_name if kept.newer else kept.name
        told = {row.name for row in rows} | {alias for row in rows for alias in row.aliases}
        aliases = sorted((told | {kept.old_name, *kept.old_aliases}) - {name})
        if (name, aliases) != (kept.old_name, sorted(kept.old_aliases)):
            folded = names(name, aliases)
            renamed.append(Renamed(actor, folded))
            values = {"id": actor, "name": name, "aliases": aliases, "names": folded, "version": version}
            if kept.since_version < version:
                await connection.execute(text(_END), {"id": actor, "version": version})
                await connection.execute(text(_SUCCEED), values)
            else:  # made a moment ago
                del values["version"]
                await connection.execute(text(_RENAME), values)
    return renamed


async def teach(connection: AsyncConnection, renamed: list[Renamed]) -> None:
    """Let events be found by the further names of their actors. That is no change of the events: they keep their revision.

    `revisions.keep_words` keeps it.
    """
    for actor in renamed:
        await connection.execute(text(_TEACH), {"id": actor.id, "names": actor.names})


# Two processes that read one file each stage an actor (`store.batches`): it counts where it comes up first.
_ONCE = """
DELETE FROM import_actor AS again USING import_actor AS first
WHERE (first.id, first.name, first.aliases) = (again.id, again.name, again.aliases) AND first.row_number < again.row_number
"""

# Of several names in one release the one that came up last is taken.
_INSERT = f"""
INSERT INTO actor (id, dataset_id, source_key, name, aliases, names, since_version)
SELECT DISTINCT ON (id) id, :dataset, source_key, name, aliases, names, CAST(:version AS bigint)
FROM import_actor AS staged
WHERE id IN (SELECT actor_id FROM import_side UNION SELECT actor_id FROM import_claimant) AND NOT EXISTS (SELECT FROM actor WHERE actor.id = staged.id AND until_version = {OPEN})
ORDER BY id, row_number DESC
"""

_DIFFERING = f"""
SELECT staged.id, staged.name, staged.aliases, actor.name AS old_name, actor.aliases AS old_aliases, actor.since_version, EXISTS (
    SELECT FROM event_actor JOIN release_row USING (event_id) JOIN import_newer ON import_newer.id = release_row.release_id
    WHERE event_actor.actor_id = staged.id
) OR EXISTS (
    SELECT FROM (SELECT actor_id, since_version FROM claim UNION ALL SELECT actor_id, since_version FROM figure) AS said
    JOIN version ON version.id = said.since_version JOIN import_newer ON import_newer.id = version.release_id
    WHERE said.actor_id = staged.id
) AS newer
FROM import_actor AS staged JOIN actor ON actor.id = staged.id AND actor.until_version = {OPEN}
WHERE staged.id IN (
    SELECT told.id FROM import_actor AS told JOIN actor ON actor.id = told.id AND actor.until_version = {OPEN}
    WHERE told.name <> actor.name OR NOT actor.aliases @> told.aliases
)
ORDER BY staged.id, staged.row_number
"""

_END = f"UPDATE actor SET until_version = :version WHERE id = :id AND until_version = {OPEN}"

_SUCCEED = """
INSERT INTO actor (id, dataset_id, source_key, name, aliases, names, since_version)
SELECT id, dataset_id, source_key, :name, CAST(:aliases AS text[]), :names, until_version
FROM actor WHERE id = :id AND until_version = :version
"""

_RENAME = f"""
UPDATE actor SET name = :name, aliases = CAST(:aliases AS text[]), names = :names WHERE id = :id AND until_version = {OPEN}
"""

_TEACH = f"""
UPDATE event SET search = search || to_tsvector('simple', :names)
WHERE id IN (SELECT event_id FROM event_actor WHERE actor_id = :id AND until_version = {OPEN})
"""
