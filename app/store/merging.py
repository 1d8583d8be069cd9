"""Merging: staged rows are compared with what is kept, and what differs is written, set by set.

Nothing here says ON CONFLICT (id) on `event`: in a partitioned or sharded installation no index could carry it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN
from app.store import actors, conclusions, renewing, revisions, sorting, words
from app.store.running import run
from app.store.staged import COMPARED, SEPARATOR, UNSEEN, WRITTEN

WORTH_ANALYZING = 1000
"""From so many new rows on, the planner is told about them at once and not when autovacuum comes by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What became of staged rows before any was compared with what is kept."""

    repeated: int
    quarantined: int
    flagged: int
    """Those that make an event and have a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Against what the staged rows are compared."""

    dataset: str
    position: int
    force: bool
    """Whether a release of a lower position may overwrite."""


async def find_repeated(connection: AsyncConnection) -> None:
    """Of rows with one key the first is taken; the others are flagged if they are the same, and quarantined if not."""
    for statement in _FRESH:
        await connection.execute(text(statement))
    found = await connection.execute(text(_REPEATED))
    if found.rowcount:
        for statement in _SET_ASIDE:
            await connection.execute(text(statement))


async def count_rows(connection: AsyncConnection) -> Rows:
    """Count the staged rows; `find_repeated` comes first."""
    found = (await connection.execute(text(_ROW_COUNTS))).one()
    return Rows(repeated=found.repeated, quarantined=found.quarantined, flagged=found.flagged)


async def find_newer(connection: AsyncConnection, standing: Standing) -> bool:
    """Find the releases of a higher position, which this one does not overwrite; gives whether there are any."""
    await connection.execute(text("DELETE FROM import_newer"))
    values = {"dataset": standing.dataset, "position": standing.position}
    return not standing.force and (await connection.execute(text(_NEWER), values)).rowcount > 0


async def judge(connection: AsyncConnection, standing: Standing) -> dict[str, int]:
    """Say of each staged event whether it is `created`, `changed`, `reinstated`, `unchanged` or `outdated`; gives the counts.

    Needs the writer's turn (`versions.begin`): what is kept must not change any more. `statements.merge` comes first.
    """
    if await find_newer(connection, standing):
        await connection.execute(text(_OUTDATED))
    await connection.execute(text(_FIRST_REPORTED))
    await conclusions.overlay(connection)
    for statement in _VERDICTS:
        await connection.execute(text(statement))
    counted = await connection.execute(text(_COUNTS))
    return {row.verdict: row.events for row in counted}


async def write(
    connection: AsyncConnection, dataset: str, *, release_id: int, version: int, counts: dict[str, int]
) -> int:
    """Write what was judged, and withdraw what `withdrawing` found; gives how many that were."""
    values = {"dataset": dataset, "release_id": release_id, "version": version}
    for statement in _ROWS:
        await run(connection, statement, values)
    changed_actors = await actors.merge(connection, dataset, version)
    created = counts.get("created", 0)
    written = created + counts.get("changed", 0) + counts.get("reinstated", 0)
    if written:
        await words.gather(connection)
    # Further names of actors are taught one by one, for which indexes are needed.
    renewing_pays = not changed_actors and await renewing.pays(connection, created)
    async with (
        renewing.renewed(connection) if renewing_pays else sorting.words_sorted_in(connection, written)
    ):
        for statement in _EVENTS if written else ():
            await run(connection, statement, values)
        await connection.execute(text(_UNSEEN))
        await actors.teach(connection, changed_actors)
        retracted = await run(connection, _RETRACT, values)
        await conclusions.apply(connection, version)
        await connection.execute(text(_WRITTEN))
        await revisions.keep(connection, version)
        if changed_actors:
            await revisions.keep_words(connection, version, [str(actor.id) for actor in changed_actors])
        for wanted in _ANALYZED if created >= WORTH_ANALYZING else ():
            await connection.execute(text(f"ANALYZE {wanted}"))
    return retracted


def _columns(prefix: str, names: tuple[str, ...] = COMPARED) -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


_WORK = {
    "import_again": "row_number integer, first integer, same boolean",
    "import_newer": "id bigint, complete boolean, countries text[], since date, until date",
    "import_outdated": "row_number integer",
    "import_verdict": "row_number integer, id uuid, verdict text",
    "import_side": "event_id uuid, role text, position smallint, actor_id uuid",
    "import_absent": "id uuid",
    "import_written": "id uuid, existed boolean, touched text[]",
}

_FRESH = tuple(
    statement
    for name, columns in _WORK.items()
    for statement in (
        f"DROP TABLE IF EXISTS pg_temp.{name}",
        f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP",
    )
)

_REPEATED = """
INSERT INTO import_again
SELECT row_number, first, hash = first_hash
FROM (
    SELECT row_number, hash, first_value(row_number) OVER same_key AS first, first_value(hash) OVER same_key AS first_hash
    FROM import_row
    WHERE state = 'd' AND event_id IN (
        SELECT event_id FROM import_row WHERE state = 'd' GROUP BY event_id HAVING count(*) > 1
    )
    WINDOW same_key AS (PARTITION BY event_id ORDER BY row_number)
) AS ordered
WHERE row_number <> first
"""

_SET_ASIDE = (
    "DELETE FROM import_event WHERE row_number IN (SELECT row_number FROM import_again)",
    """
UPDATE import_row SET state = CASE WHEN same THEN 'r' ELSE 'q' END
FROM import_again WHERE import_again.row_number = import_row.row_number
""",
    """
INSERT INTO import_issue (row_number, rule, value, message, quarantined, event_id)
SELECT row_number, CASE WHEN same THEN 'repeated_row' ELSE 'duplicate_key' END, NULL,
    CASE WHEN same THEN 'Row ' || first || ' is the same, cell for cell.'
    ELSE 'Row ' || first || ' has the same key and says something else; that one is taken.' END,
    NOT same, import_row.event_id
FROM import_again JOIN import_row USING (row_number)
""",
)

_ROW_COUNTS = """
SELECT count(*) FILTER (WHERE state = 'r') AS repeated, count(*) FILTER (WHERE state = 'q') AS quarantined,
    count(*) FILTER (
        WHERE state IN ('d', 'r') AND row_number IN (SELECT row_number FROM import_issue WHERE NOT quarantined)
    ) AS flagged
FROM import_row
"""

_NEWER = """
INSERT INTO import_newer
SELECT id, complete, scope_countries, make_date(scope_first_year, 1, 1), make_date(scope_last_year, 12, 31)
FROM release WHERE dataset_id = :dataset AND position > :position
"""

# Newer releases have spoken about an event if they hold it, or if they are complete where it lies and hold it not even as a row
# that was quarantined.
_OUTDATED = """
INSERT INTO import_outdated
SELECT staged.row_number FROM import_event AS staged
WHERE EXISTS (
    SELECT FROM release_row JOIN import_newer ON import_newer.id = release_id WHERE release_row.event_id = staged.id
)
UNION
SELECT staged.row_number FROM import_event AS staged JOIN import_newer AS newer
ON newer.complete AND (newer.countries IS NULL OR staged.country = ANY (newer.countries))
    AND (newer.since IS NULL OR staged.first_day >= newer.since) AND (newer.until IS NULL OR staged.last_day <= newer.until)
WHERE NOT EXISTS (
    SELECT FROM issue WHERE issue.release_id = newer.id AND issue.quarantined AND issue.event_id = staged.id
)
"""

# What became known with a release became known with the first that held it.
_FIRST_REPORTED = """
UPDATE import_event AS staged
SET (first_reported, own_reported) = (least(staged.own_reported, kept.own_reported), least(staged.own_reported, kept.own_reported)),
    (first_reported_basis, own_reported_basis) = ('release', 'release')
FROM event AS kept
WHERE kept.id = staged.id AND kept.own_reported_basis = 'release' AND staged.own_reported_basis IS DISTINCT FROM 'document'
"""

_VERDICTS = (
    f"""
INSERT INTO import_verdict
SELECT staged.row_number, staged.id, CASE
    WHEN outdated.row_number IS NOT NULL THEN 'outdated'
    WHEN kept.status <> 'active' AND kept.release_id IN (SELECT id FROM import_newer) THEN 'outdated'
    WHEN kept.id IS NULL THEN 'created'
    WHEN kept.status <> 'active' THEN 'reinstated'
    WHEN ({_columns("staged.")}) IS DISTINCT FROM ({_columns("kept.")}) THEN 'changed'
    ELSE 'unchanged' END
FROM import_event AS staged LEFT JOIN event AS kept ON kept.id = staged.id LEFT JOIN import_outdated AS outdated USING (row_number)
""",
    # Joined by row all along, also where the planner expects a single one.
    "CREATE INDEX ON import_verdict (row_number)",
    "ANALYZE import_verdict",
    """
INSERT INTO import_side
SELECT verdict.id, side.role, side.position, side.actor_id
FROM import_verdict AS verdict JOIN import_event AS staged USING (row_number), LATERAL (
    SELECT 'side_a', position, actor_id FROM unnest(sides_a) WITH ORDINALITY AS one (actor_id, position)
    UNION ALL
    SELECT 'side_b', position, actor_id FROM unnest(sides_b) WITH ORDINALITY AS one (actor_id, position)
) AS side (role, position, actor_id)
WHERE verdict.verdict <> 'outdated'
""",
    "ANALYZE import_side",
    "UPDATE import_verdict SET verdict = 'changed' WHERE verdict = 'unchanged' AND id IN (SELECT event_id FROM import_touched)",
    f"""
UPDATE import_verdict SET verdict = 'changed'
WHERE verdict = 'unchanged' AND id IN (
    SELECT coalesce(side.event_id, kept.event_id)
    FROM (SELECT * FROM import_side WHERE event_id IN (SELECT id FROM import_verdict WHERE verdict = 'unchanged')) AS side
    FULL JOIN (
        SELECT * FROM event_actor
        WHERE until_version = {OPEN} AND event_id IN (SELECT id FROM import_verdict WHERE verdict = 'unchanged')
    ) AS kept
    ON (side.event_id, side.role, side.position, side.actor_id) = (kept.event_id, kept.role, kept.position, kept.actor_id)
    WHERE side.event_id IS NULL OR kept.event_id IS NULL
)
""",
)

_COUNTS = "SELECT verdict, count(*) AS events FROM import_verdict GROUP BY verdict"

_ROWS = (
    f"""
INSERT INTO record (hash, cells) SELECT hash, coalesce(cells, string_to_array(joined, '{SEPARATOR}')) FROM import_row
ON CONFLICT (hash) DO NOTHING
""",
    """
INSERT INTO release_row (release_id, row_number, record_hash, event_id)
SELECT :release_id, row_number, hash, CASE WHEN state IN ('d', 'r') THEN event_id END FROM import_row ORDER BY row_number
""",
    """
INSERT INTO issue (release_id, row_number, "column", rule, value, message, quarantined, event_id)
SELECT :release_id, row_number, "column", rule, value, message, quarantined, event_id FROM import_issue ORDER BY row_number
""",
    """
INSERT INTO extent (id, geom)
SELECT id, ST_GeomFromWKB(wkb, 4326) FROM import_extent AS staged
WHERE id IN (SELECT extent_id FROM import_event JOIN import_verdict USING (row_number) WHERE verdict <> 'outdated')
ON CONFLICT (id) DO NOTHING
""",
)

_SAME_SIDE = """
(side.event_id, side.role, side.position, side.actor_id) = (kept.event_id, kept.role, kept.position, kept.actor_id)
"""

_SEARCH = "CASE WHEN more.search IS NULL THEN staged.search ELSE staged.search || more.search END"

_EVENTS = (
    # In the order of the five indexes that end in it, which then grow at one place each: 12.3 s instead of 15.6 for 300,000.
    f"""
INSERT INTO event (id, dataset, source_key, {_columns("", WRITTEN)}, status, revision, version, release_id, record_hash, search)
SELECT staged.id, :dataset, staged.source_key, {_columns("staged.", WRITTEN)}, 'active', 1, :version, :release_id, staged.hash,
    {_SEARCH}
FROM import_event AS staged JOIN import_verdict USING (row_number)
LEFT JOIN import_search AS more USING (row_number)
WHERE verdict = 'created'
ORDER BY staged.first_day DESC, staged.id DESC
""",
    f"""
UPDATE event SET ({_columns("", WRITTEN)}, status, revision, version, release_id, record_hash, search)
= ({_columns("staged.", WRITTEN)}, 'active', revision + 1, :version, :release_id, staged.hash,
    {_SEARCH})
FROM import_event AS staged JOIN import_verdict USING (row_number)
LEFT JOIN import_search AS more USING (row_number)
WHERE verdict IN ('changed', 'reinstated') AND event.id = staged.id
""",
    # Sides that are as they were keep their rows.
    f"""
UPDATE event_actor AS kept SET until_version = :version
WHERE until_version = {OPEN} AND event_id IN (SELECT id FROM import_verdict WHERE verdict IN ('changed', 'reinstated'))
AND NOT EXISTS (SELECT FROM import_side AS side WHERE {_SAME_SIDE})
""",
    f"""
INSERT INTO event_actor (event_id, role, position, actor_id, since_version)
SELECT side.event_id, side.role, side.position, side.actor_id, :version
FROM import_side AS side JOIN import_verdict AS verdict ON verdict.id = side.event_id
WHERE verdict.verdict IN {words.WRITTEN} AND (
    verdict.verdict = 'created'
    OR NOT EXISTS (SELECT FROM event_actor AS kept WHERE kept.until_version = {OPEN} AND {_SAME_SIDE})
)
ORDER BY side.event_id
""",
)

# Behind what others say it may differ without anything to be seen. Of an event of which nobody says anything it is what is seen.
_UNSEEN_NAMES = tuple(name for name, _ in UNSEEN)
_UNSEEN = f"""
UPDATE event SET ({_columns("", _UNSEEN_NAMES)}) = ({_columns("staged.", _UNSEEN_NAMES)})
FROM import_event AS staged JOIN import_verdict USING (row_number)
WHERE verdict = 'unchanged' AND event.id = staged.id AND staged.id IN (SELECT id FROM import_standing)
AND ({_columns("staged.", _UNSEEN_NAMES)}) IS DISTINCT FROM ({_columns("event.", _UNSEEN_NAMES)})
"""

_WRITTEN = f"""
INSERT INTO import_written
SELECT id, bool_or(existed), min(touched.what) FROM (
    SELECT id, verdict <> 'created' AS existed FROM import_verdict WHERE verdict IN {words.WRITTEN}
    UNION ALL SELECT id, true FROM import_absent
    UNION ALL SELECT id, true FROM import_standing
) AS written LEFT JOIN (
    SELECT event_id AS id, array_agg(DISTINCT what ORDER BY what) AS what FROM import_touched GROUP BY event_id
) AS touched USING (id)
GROUP BY id
"""

# What filters ask about. The rest is left to autovacuum: texts and search words would take three times as long.
_FILTERED = "(first_day, last_day, type, dataset, country, admin1, admin2, extent_region, extent_id, near_regions, geom, status)"
_ANALYZED = (
    f"event {_FILTERED}",
    f"event_revision {_FILTERED}",
    "event_actor",
    "release_row",
)

_RETRACT = """
UPDATE event SET status = 'retracted', revision = revision + 1, version = :version, release_id = :release_id
WHERE id IN (SELECT id FROM import_absent)
"""
