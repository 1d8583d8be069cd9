"""Renewing: very many new rows go into new tables without indexes, which get theirs at the end and take the place of the old ones.

An index that is made of rows in order costs a fifth of one into which they are put one by one. Until the last moment readers
have the old tables; they wait for no longer than the names change hands.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain, repeat

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

FROM_ROWS = 5_000
"""New events below which it does not pay: with 16,000 the first backend works as long as before, and the second does not at all."""
TABLES = ("event", "event_revision", "event_actor")
"""Those with most indexes for each event."""
SCHEMA = "sitrep_renewed"
"""Where the new tables are made, under the names of the old ones. Nobody else ever sees it."""

_PATIENCE_S = (0.5, 0.5, 0.5, 0.5, 1, 2, 4)
"""How long readers are waited for, try after try, while those that come later wait behind us. The first are shorter than the second
after which PostgreSQL ends one of two that wait for each other; all are far shorter than what a reader is given for a question."""
_AT_LAST_S = 0.5
"""From then on: what still reads may be a whole result that is sent for minutes, for which nobody else is held up."""
_PAUSE_S = 5.0
"""The longest pause between two tries."""
_FOR_INDEXES = (
    # Words of 100,000 events: 3.0 s so, 4.3 with 8 MB, and no less with 1 GB.
    "SET LOCAL maintenance_work_mem = '256MB'",
    # To start a second process took longer than it saved for 16,000 events (20 MB): 1.05 s and not 0.86.
    "SET LOCAL min_parallel_table_scan_size = '64MB'",
)


async def pays(connection: AsyncConnection, created: int) -> bool:
    """Whether so many new events are at least as many as there are, which are copied, and the tables are as Sitrep made them.

    Rights, views or triggers that somebody else hung on them would be lost.
    """
    if created < FROM_ROWS:
        return False
    for table in TABLES[:2]:
        kept = await connection.scalar(text(_COUNT_SOME.format(table=table)), {"limit": created + 1})
        if (kept or 0) > created:
            return False
    return not await connection.scalar(text(_UNUSUAL), _WHICH)


@asynccontextmanager
async def renewed(connection: AsyncConnection) -> AsyncIterator[None]:
    """Let what is written into TABLES go into new ones, which have no indexes until the end and then take the place of the old.

    Needs the writer's turn (`versions.begin`), and all that follows in the transaction is to be short.
    """
    home = str(await connection.scalar(text(_HOME), {"table": TABLES[0]}))
    path = str(await connection.scalar(text("SHOW search_path")))
    indexes = await _told(connection, _INDEXES)
    statistics = await _told(connection, _STATISTICS)
    await _run(
        connection,
        f"CREATE SCHEMA {SCHEMA}",
        *(statement.format(table=table, home=home) for table in TABLES for statement in _BEGIN),
        # Whatever names a table without its schema means the new one from here on.
        f"SET LOCAL search_path = {SCHEMA}, {path}",
    )
    yield
    await _run(connection, *_FOR_INDEXES, *indexes, *statistics)
    await _alone(connection, ", ".join(f"{home}.{table}" for table in TABLES))
    await _run(
        connection,
        *(statement.format(table=table, home=home) for table in TABLES for statement in _REPLACE),
        f"SET LOCAL search_path = {path}",
        f"DROP SCHEMA {SCHEMA}",
    )


async def _told(connection: AsyncConnection, question: str) -> Sequence[str]:
    """Statements that PostgreSQL writes."""
    return (await connection.scalars(text(question), _WHICH)).all()


async def _run(connection: AsyncConnection, *statements: str) -> None:
    for statement in statements:
        # Colons in an index's definition are no parameters.
        await connection.exec_driver_sql(statement)


async def _alone(connection: AsyncConnection, tables: str) -> None:
    """Lock out the readers of these tables. One that reads for long is waited for again and again, so that it holds up no others."""
    for patience in chain(_PATIENCE_S, repeat(_AT_LAST_S)):
        try:
            async with connection.begin_nested():
                await _run(connection, f"SET LOCAL lock_timeout = '{patience}s'", f"LOCK TABLE {tables}")
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            await asyncio.sleep(min(2 * patience, _PAUSE_S))
        else:
            return


_LOCK_NOT_AVAILABLE = "55P03"

_WHICH = {"tables": list(TABLES), "schema": SCHEMA}

_COUNT_SOME = "SELECT count(*) FROM (SELECT FROM {table} LIMIT :limit) AS kept"

_HOME = """
SELECT quote_ident(nspname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE pg_class.oid = to_regclass(:table)
"""

_BEGIN = (
    f"CREATE TABLE {SCHEMA}.{{table}} (LIKE {{home}}.{{table}} INCLUDING ALL EXCLUDING INDEXES)",
    f"INSERT INTO {SCHEMA}.{{table}} SELECT * FROM {{home}}.{{table}}",
)

_REPLACE = ("DROP TABLE {home}.{table}", f"ALTER TABLE {SCHEMA}.{{table}} SET SCHEMA {{home}}")

_OURS = "(SELECT to_regclass(name)::oid FROM unnest(CAST(:tables AS text[])) AS name)"

# The definition of an index names its table with the schema. Primary keys are constraints; they come first.
_INDEXES = f"""
SELECT CASE
    WHEN kept.oid IS NOT NULL THEN format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', CAST(:schema AS text), told.relname, conname, pg_get_constraintdef(kept.oid))
    ELSE replace(
        pg_get_indexdef(indexrelid), format(' ON %I.%I USING ', nspname, told.relname), format(' ON %I.%I USING ', CAST(:schema AS text), told.relname)
    ) END
FROM pg_index JOIN pg_class AS told ON told.oid = indrelid JOIN pg_namespace ON pg_namespace.oid = told.relnamespace
LEFT JOIN pg_constraint AS kept ON conindid = indexrelid
WHERE indrelid IN {_OURS}
ORDER BY told.relname, kept.oid IS NULL, indexrelid
"""

_STATISTICS = f"""
SELECT CASE
    WHEN relkind = 'r' THEN format('ALTER TABLE %I.%I ALTER COLUMN %I SET STATISTICS %s', CAST(:schema AS text), relname, attname, attstattarget)
    ELSE format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', CAST(:schema AS text), relname, attnum, attstattarget) END
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE attstattarget >= 0 AND attnum > 0 AND NOT attisdropped
AND (attrelid IN {_OURS} OR attrelid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN {_OURS}))
"""

# All that would not come along.
_UNUSUAL = f"""
SELECT NOT has_database_privilege(current_database(), 'CREATE') OR EXISTS (
    SELECT FROM pg_class WHERE oid IN {_OURS} AND NOT has_schema_privilege(relnamespace, 'CREATE')
) OR EXISTS (
    SELECT FROM pg_constraint WHERE contype = 'f' AND (conrelid IN {_OURS} OR confrelid IN {_OURS})
) OR EXISTS (
    SELECT FROM pg_class WHERE oid IN {_OURS} AND (
        relkind <> 'r' OR relpersistence <> 'p' OR relreplident <> 'd' OR relrowsecurity OR reltablespace <> 0
        OR relacl IS NOT NULL OR reloptions IS NOT NULL OR relowner <> CAST(current_user AS regrole)
    )
) OR EXISTS (
    SELECT FROM pg_attribute WHERE attrelid IN {_OURS} AND (attacl IS NOT NULL OR attoptions IS NOT NULL)
) OR EXISTS (
    SELECT FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid IN {_OURS} AND (reltablespace <> 0 OR indisclustered OR NOT indisvalid OR NOT indisready)
) OR EXISTS (
    SELECT FROM pg_description WHERE classoid = CAST('pg_class' AS regclass) AND (
        objoid IN {_OURS} OR objoid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN {_OURS})
    )
) OR EXISTS (
    SELECT FROM pg_depend WHERE refclassid = CAST('pg_class' AS regclass) AND refobjid IN {_OURS} AND NOT (
        classid IN (CAST('pg_type' AS regclass), CAST('pg_attrdef' AS regclass))
        OR (classid = CAST('pg_class' AS regclass) AND objid IN (SELECT oid FROM pg_class WHERE relkind IN ('i', 't')))
        OR (classid = CAST('pg_constraint' AS regclass) AND objid IN (SELECT oid FROM pg_constraint WHERE conrelid IN {_OURS}))
    )
) OR EXISTS (
    SELECT FROM pg_depend WHERE refclassid = CAST('pg_type' AS regclass) AND deptype <> 'i'
    AND refobjid IN (SELECT reltype FROM pg_class WHERE oid IN {_OURS})
)
"""
