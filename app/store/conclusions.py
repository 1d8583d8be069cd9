"""How an event stands after all that is said about it: contested or not, verified or not, on how many sources, with which deaths.

Worked out from the statements that stand, whoever wrote them last; no figure is made of several. The rules:

- `contested`: a claim asserts or corroborates it, and another denies or disputes it. A claim that its claimant retracted counts no more, for
  the events that the retraction is about. The claimant is known by name or actor: nobody takes back what another said.
- `verification`: the newest assessment by our own scheme. Without one, an event that only parties to the conflict assert, and that no
  publisher verified in part at least, is `unverified`, however many outlets relay it.
- `sources`: independent origins of the documents that tell of it: from which it is coded, in which claims about it stand, or which give
  estimates. Copies of one report are one, through whatever chain.
- `deaths_*`: those of the estimate that the event names, if it names one, and the civilians among them those of another. An estimate that
  is taken back, or turns out to be of something else, gives none.
- `first_reported`: the day of the earliest document. Of an event whose dataset does not tell documents apart, the dataset's own day
  where that is earlier.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN
from app.domain.evidence import ASSERTING, DENYING


async def overlay(connection: AsyncConnection) -> None:
    """Let staged events have what follows from the statements about them. `statements.merge` comes first."""
    await _work_out(connection, _STAGED)
    await connection.execute(text(_OVERLAY))


async def apply(connection: AsyncConnection, version: int) -> None:
    """Give the events that statements touch, and that are not staged, a new revision with what follows. Fills `import_standing`.

    Those that are withdrawn in the same go have their new revision already.
    """
    await _work_out(connection, _NOT_STAGED)
    await connection.execute(text(_APPLY), {"version": version})


async def followed(connection: AsyncConnection) -> int:
    """How many events have a new revision by what was said about them alone; `apply` comes first."""
    return int((await connection.execute(text(_FOLLOWED))).scalar_one())


async def _work_out(connection: AsyncConnection, which: str) -> None:
    for statement in (*_FRESH, which, "ANALYZE import_standing_of", _STANDING):
        await connection.execute(text(statement))


_ASSERTING, _DENYING = (", ".join(f"'{stance}'" for stance in stances) for stances in (ASSERTING, DENYING))

_FRESH = (
    "DROP TABLE IF EXISTS pg_temp.import_standing_of, pg_temp.import_standing",
    "CREATE TEMPORARY TABLE import_standing_of (id uuid, documents uuid[], deaths_estimate uuid, civilians_estimate uuid) ON COMMIT DROP",
    """
CREATE TEMPORARY TABLE import_standing (
    id uuid, claims integer, contested boolean, verification text, sources integer, reported date, documented boolean, estimated boolean,
    low integer, best integer, high integer, civilians integer, state text
) ON COMMIT DROP
""",
)

# Those that were withdrawn too: an event of which nothing is said any more has none, and not an unknown number.
_WITH_STATEMENTS = """
SELECT unnest(events) FROM claim UNION SELECT event_id FROM estimate UNION SELECT event_id FROM assessment
"""

_STAGED = f"""
INSERT INTO import_standing_of SELECT id, documents, deaths_estimate, civilians_estimate FROM import_event
WHERE documents IS NOT NULL OR id IN ({_WITH_STATEMENTS})
"""

_NOT_STAGED = """
INSERT INTO import_standing_of SELECT id, documents, deaths_estimate, civilians_estimate FROM event
WHERE id IN (SELECT event_id FROM import_touched) AND id NOT IN (SELECT id FROM import_verdict WHERE verdict <> 'outdated')
"""

# A copy has the origin of what it copies. Chains of copies may run through several files, and even in a circle: then its least id is
# the origin of all in it.
_STANDING = f"""
WITH RECURSIVE said AS (
    SELECT
        asked.id, count(*) AS claims,
        coalesce(bool_or(standing AND stance IN ({_ASSERTING})), false) AS asserted,
        coalesce(bool_or(standing AND stance IN ({_DENYING})), false) AS denied,
        bool_and(role = 'party_to_conflict' AND verification IN ('not_stated', 'explicitly_unverified'))
            FILTER (WHERE standing AND stance IN ({_ASSERTING})) AS by_parties_alone
    FROM import_standing_of AS asked JOIN claim ON claim.events @> ARRAY[asked.id] AND claim.until_version = {OPEN}, LATERAL (
        SELECT NOT EXISTS (
            SELECT FROM claim AS later
            WHERE later.responds_to = claim.id AND later.stance = 'retracts' AND later.until_version = {OPEN}
            AND later.events @> ARRAY[asked.id] AND (later.claimant = claim.claimant OR later.actor_id = claim.actor_id)
        ) AS standing
    ) AS kept
    GROUP BY asked.id
), assessed AS (
    SELECT DISTINCT ON (event_id) event_id AS id, grade FROM assessment JOIN import_standing_of AS asked ON asked.id = event_id
    WHERE until_version = {OPEN} AND scheme = 'verification' ORDER BY event_id, assessed_on DESC, since_version DESC, assessment.id
), told AS (
    SELECT asked.id, unnest(documents) AS document_id FROM import_standing_of AS asked
    UNION
    SELECT asked.id, document_id FROM import_standing_of AS asked JOIN claim ON claim.events @> ARRAY[asked.id]
    WHERE claim.until_version = {OPEN}
    UNION
    SELECT asked.id, document_id FROM import_standing_of AS asked JOIN estimate ON estimate.event_id = asked.id
    WHERE estimate.until_version = {OPEN} AND document_id IS NOT NULL
), chain (document_id, origin_id) AS (
    SELECT DISTINCT document_id, document_id FROM told
    UNION
    SELECT chain.document_id, document.origin_id
    FROM chain JOIN document ON document.id = chain.origin_id AND document.until_version = {OPEN}
), origin AS (
    SELECT document_id, coalesce(
        min(chain.origin_id::text) FILTER (WHERE copied.id IS NULL OR copied.origin_id = copied.id), min(chain.origin_id::text)
    ) AS origin_id
    FROM chain LEFT JOIN document AS copied ON copied.id = chain.origin_id AND copied.until_version = {OPEN}
    GROUP BY document_id
), reports AS (
    SELECT told.id, count(DISTINCT origin.origin_id) AS sources, min(published_on) AS reported
    FROM told JOIN origin USING (document_id) JOIN document ON document.id = document_id AND document.until_version = {OPEN}
    GROUP BY told.id
), killed AS NOT MATERIALIZED (
    SELECT id, event_id, "group", low, best, high, state FROM estimate WHERE until_version = {OPEN} AND harm = 'killed'
)
INSERT INTO import_standing
SELECT
    asked.id, coalesce(claims, 0), asserted AND denied,
    coalesce(grade, CASE WHEN by_parties_alone THEN 'unverified' END),
    CASE WHEN documents IS NOT NULL THEN coalesce(sources, 0) END, reported, documents IS NOT NULL, deaths_estimate IS NOT NULL,
    whole.low, whole.best, whole.high, part.best, coalesce(whole.state, 'not_reported')
FROM import_standing_of AS asked LEFT JOIN said USING (id) LEFT JOIN assessed USING (id) LEFT JOIN reports USING (id)
LEFT JOIN killed AS whole ON whole.id = deaths_estimate AND whole.event_id = asked.id AND whole."group" IN ('all', 'unknown')
LEFT JOIN killed AS part ON part.id = civilians_estimate AND part.event_id = asked.id AND part."group" = 'civilians'
"""

_FOLLOWS = """
    claims = standing.claims, contested = standing.contested, verification = standing.verification,
    sources = coalesce(standing.sources, {event}.sources),
    first_reported = CASE
        WHEN documented AND standing.reported IS NOT NULL THEN standing.reported
        ELSE least({event}.own_reported, standing.reported) END,
    first_reported_basis = CASE
        WHEN documented AND standing.reported IS NOT NULL OR standing.reported <= coalesce({event}.own_reported, 'infinity') THEN 'document'
        ELSE {event}.own_reported_basis END,
    deaths_low = CASE WHEN estimated THEN low ELSE {event}.deaths_low END,
    deaths_best = CASE WHEN estimated THEN best ELSE {event}.deaths_best END,
    deaths_high = CASE WHEN estimated THEN high ELSE {event}.deaths_high END,
    deaths_civilians = CASE WHEN estimated THEN civilians ELSE {event}.deaths_civilians END,
    deaths_state = CASE WHEN estimated THEN state ELSE {event}.deaths_state END
"""

_OVERLAY = f"""
UPDATE import_event AS staged SET {_FOLLOWS.format(event="staged")} FROM import_standing AS standing WHERE standing.id = staged.id
"""

_APPLY = f"""
UPDATE event SET {_FOLLOWS.format(event="event")}, version = :version,
    revision = revision + CASE WHEN event.id IN (SELECT id FROM import_absent) THEN 0 ELSE 1 END
FROM import_standing AS standing WHERE standing.id = event.id
"""

_FOLLOWED = "SELECT count(*) FROM import_standing WHERE id NOT IN (SELECT id FROM import_absent)"
