"""Words by which staged events are found beyond their own: the spellings of their place, and all names of their region and actors."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN

WRITTEN = "('created', 'changed', 'reinstated')"
"""The verdicts on events that are written."""


async def gather(connection: AsyncConnection) -> None:
    """Fill `import_search` with words for the staged events that are written; `merging.judge` comes first."""
    for name, columns in _WORK.items():
        await connection.execute(text(f"DROP TABLE IF EXISTS pg_temp.{name}"))
        await connection.execute(text(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP"))
    for statement in _STEPS:
        await connection.execute(text(statement))


_PLACE = "place_key text, country text, lon double precision, lat double precision"
_WORK = {
    "import_more": "row_number integer, words text",
    "import_search": "row_number integer, search tsvector",
    "import_place": _PLACE,
    "import_spelled": f"{_PLACE}, words text",
}

_STEPS = (
    # The spellings of a settlement, if the gazetteer has one of its name within 25 km and in its country. By name first and by
    # distance then: an index on points alone would be asked once for each place. In steps that are counted before the next is
    # planned: as one statement it was taken for a single row, and took 14 s for 16,566.
    f"""
INSERT INTO import_place
SELECT DISTINCT place_key, country, lon, lat FROM import_event JOIN import_verdict USING (row_number)
WHERE verdict IN {WRITTEN} AND place_key IS NOT NULL AND country IS NOT NULL AND lon IS NOT NULL
""",
    "ANALYZE import_place",
    """
WITH spelled AS MATERIALIZED (
    SELECT country, spelling, folded, geom FROM place, unnest(folded) AS spelling
    WHERE country IN (SELECT country FROM import_place)
), named AS MATERIALIZED (
    SELECT wanted.*, folded, geom FROM import_place AS wanted
    JOIN spelled ON spelled.spelling = wanted.place_key AND spelled.country = wanted.country
)
INSERT INTO import_spelled SELECT place_key, country, lon, lat, array_to_string(folded, ' ') FROM named
WHERE ST_DWithin(geom::geography, ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography, 25000)
""",
    "ANALYZE import_spelled",
    f"""
INSERT INTO import_more
SELECT row_number, spelled.words FROM import_spelled AS spelled JOIN import_event USING (place_key, country, lon, lat)
JOIN import_verdict USING (row_number) WHERE verdict IN {WRITTEN}
""",
    # The names of the region, where the event is known no finer.
    f"""
INSERT INTO import_more
SELECT row_number, region.names FROM import_event AS staged JOIN import_verdict USING (row_number)
JOIN region ON region.code = staged.extent_region
WHERE verdict IN {WRITTEN} AND staged.precision IN ('admin3', 'admin2', 'admin1', 'fuzzy_region', 'country')
""",
    # Names of the actors that this release does not have.
    f"""
INSERT INTO import_more
SELECT verdict.row_number, actor.names FROM import_verdict AS verdict JOIN import_side AS side ON side.event_id = verdict.id
JOIN actor ON actor.id = side.actor_id AND actor.until_version = {OPEN}
WHERE verdict.verdict IN {WRITTEN} AND actor.aliases <> '{{}}'
""",
    # Many events have the same further words: these are read once, and not for each of them.
    """
WITH more AS MATERIALIZED (
    SELECT row_number, string_agg(words, ' ') AS words FROM import_more GROUP BY row_number
), read AS MATERIALIZED (
    SELECT words, to_tsvector('simple', words) AS search FROM (SELECT DISTINCT words FROM more) AS every
)
INSERT INTO import_search SELECT row_number, search FROM more JOIN read USING (words)
""",
    "ANALYZE import_search (row_number)",
)
