"""Very many new events go into new tables, which take the place of the old ones."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import migrations
from app.db.engine import create_reader, in_transactions
from app.store import renewing
from tests.importers.conftest import Cells, Import, MakeFile, Whole

# Neither numbers that PostgreSQL gives things nor what it counts.
_SCHEMA = """
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT format('column %s %s %s %s %s %s %s %s', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
    attstattarget, attstorage, pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON (adrelid, adnum) = (attrelid, attnum)
WHERE relnamespace = 'public'::regnamespace AND attnum > 0
UNION ALL SELECT format('table %s %s %s', oid::regclass, relowner::regrole, relacl) FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg_%'
"""
_NUMBERS = "SELECT relname, oid FROM pg_class WHERE relname IN ('event', 'event_revision', 'event_actor') AND relkind = 'r'"
# Without the numbers that the next release, issue or change has, whether the one before was undone or not.
_CONTENTS = tuple(
    f"SELECT row FROM (SELECT to_jsonb({table}) - CAST('{{release_id,seq}}' AS text[]) AS row FROM {table}) AS told ORDER BY row::text"
    for table in ("event", "event_revision", "event_actor", "release_row", "record", "actor")
)


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few events there are."""
    monkeypatch.setattr(renewing, "FROM_ROWS", 1)


async def told(connection: AsyncConnection, statement: str) -> list[Any]:
    return [tuple(row) for row in await connection.execute(text(statement))]


async def now(engine: AsyncEngine, statement: str) -> list[Any]:
    async with engine.connect() as connection:
        return sorted(await told(connection, statement))


async def test_the_tables_are_made_anew_and_differ_in_nothing_but_their_rows(
    fresh_engine: AsyncEngine, rows: list[Cells], make_file: MakeFile, whole: Whole, always: None
) -> None:
    async with fresh_engine.begin() as connection:
        await connection.execute(text("ALTER INDEX event_extent_kind ALTER COLUMN 1 SET STATISTICS 300"))
    schema, numbers = await now(fresh_engine, _SCHEMA), await now(fresh_engine, _NUMBERS)

    await whole(make_file(rows))

    assert await now(fresh_engine, _SCHEMA) == schema
    assert not set(await now(fresh_engine, _NUMBERS)) & set(numbers)
    async with fresh_engine.connect() as connection:
        await connection.run_sync(lambda inner: command.check(migrations.configuration(inner)))


async def test_what_is_written_is_the_same_as_in_the_old_tables(
    connection: AsyncConnection,
    rows: list[Cells],
    make_file: MakeFile,
    import_ged: Import,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = make_file(rows[:6], "GEDEvent_v22_1.csv")
    # Four new events, one that changes, one that is taken back.
    again = make_file([rows[0] | {"best": "99", "high": "99"}, *rows[2:10]], "GEDEvent_v23_1.csv")
    contents = []
    for renews in (True, False):

        async def pays(_connection: AsyncConnection, _created: int, *, renews: bool = renews) -> bool:
            return renews

        monkeypatch.setattr(renewing, "pays", pays)
        undone = await connection.begin_nested()
        await import_ged(first)
        numbers = await told(connection, _NUMBERS)
        report = await import_ged(again, complete=True, confirm=lambda _found: True)
        contents.append([await told(connection, statement) for statement in _CONTENTS])

        assert (report.created, report.changed, report.retracted) == (4, 1, 1)
        assert (await told(connection, _NUMBERS) != numbers) == renews
        await undone.rollback()

    assert contents[0] == contents[1]


async def test_where_there_are_more_events_already_they_are_not_copied(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import, always: None
) -> None:
    await import_ged(make_file(rows[:5], "GEDEvent_v23_0_1.csv"))
    numbers = await told(connection, _NUMBERS)

    await import_ged(make_file(rows[5:9], "GEDEvent_v23_0_2.csv"))

    assert await told(connection, _NUMBERS) == numbers


@pytest.mark.parametrize(
    "hung_on_it",
    [
        "CREATE VIEW seen AS SELECT id FROM event",
        "GRANT SELECT ON event_revision TO PUBLIC",
        "GRANT SELECT (title) ON event TO PUBLIC",
        "ALTER TABLE event_actor SET (fillfactor = 70)",
        "ALTER TABLE event ENABLE ROW LEVEL SECURITY",
        "CREATE TABLE mine (event uuid REFERENCES event)",
        "CREATE TABLE mine () INHERITS (event)",
        "CREATE STATISTICS together ON country, admin1 FROM event",
        "CREATE FUNCTION one(event) RETURNS text LANGUAGE sql AS 'SELECT $1.title'",
        "CREATE TRIGGER checked BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "COMMENT ON INDEX event_newest IS 'mine'",
        "CLUSTER event USING event_pkey",
    ],
)
async def test_tables_on_which_something_was_hung_stay(
    *,
    connection: AsyncConnection,
    rows: list[Cells],
    make_file: MakeFile,
    import_ged: Import,
    always: None,
    hung_on_it: str,
) -> None:
    await connection.execute(text(hung_on_it))
    numbers = await told(connection, _NUMBERS)

    report = await import_ged(make_file(rows))

    assert report.created == 13
    assert await told(connection, _NUMBERS) == numbers


@pytest.fixture
def many(rows: list[Cells], make_file: MakeFile) -> Path:
    """A file of 7,800 events."""
    return make_file([row | {"id": f"{number}{row['id']}"} for number in range(1, 601) for row in rows])


_COUNT = "SELECT count(*) FROM {} WHERE first_day > '1900-01-01'"


async def test_readers_are_answered_all_along_by_what_was_or_by_what_is(
    fresh_database: str, rows: list[Cells], make_file: MakeFile, many: Path, whole: Whole
) -> None:
    await whole(make_file(rows[:2], "GEDEvent_v22_1.csv"))
    reader = create_reader(fresh_database)
    importing = asyncio.ensure_future(whole(many))

    async def seen_in(table: str) -> list[tuple[int, int]]:
        """Over one connection, which has prepared its statements, over and over: how many there must be, and how many there are."""
        found = []
        async with reader.connect() as connection:
            while True:
                ended = importing.done()
                versions = await connection.scalar(text("SELECT count(*) FROM version"))
                found.append(
                    (7802 if versions == 2 else 2, await connection.scalar(text(_COUNT.format(table))) or 0)
                )
                if ended:
                    return found

    seen = await asyncio.gather(seen_in("event"), seen_in("event_revision"))
    await importing
    await reader.dispose()

    for found in seen:
        assert {count for _, count in found} == {2, 7802}
        assert all(count >= least for least, count in found)
        assert found[-1] == (7802, 7802)
        assert len(found) > 20


async def test_who_reads_for_long_is_waited_for_and_holds_up_no_others(
    *,
    fresh_database: str,
    rows: list[Cells],
    make_file: MakeFile,
    whole: Whole,
    always: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(renewing, "_PATIENCE_S", (0.05,) * 1000)
    reader = create_reader(fresh_database)
    waits: list[float] = []
    async with in_transactions(reader).begin() as long, reader.connect() as other:
        await long.execute(text(_COUNT.format("event_revision")))
        importing = asyncio.ensure_future(whole(make_file(rows)))
        await asyncio.sleep(1)
        for _ in range(50):
            began = time.perf_counter()
            await other.execute(text(_COUNT.format("event_revision")))
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(0.01)

        assert not importing.done()
        assert (await long.execute(text(_COUNT.format("event_revision")))).scalar_one() == 0
    report = await importing
    await reader.dispose()

    assert report.created == 13
    assert max(waits) < 0.5


async def test_who_reads_longer_than_our_patience_is_waited_for_all_the_same(
    *,
    fresh_engine: AsyncEngine,
    rows: list[Cells],
    make_file: MakeFile,
    whole: Whole,
    always: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(renewing, "_PATIENCE_S", (0.01,))
    async with fresh_engine.begin() as long:
        await long.execute(text(_COUNT.format("event")))
        importing = asyncio.ensure_future(whole(make_file(rows)))
        await asyncio.sleep(1)

        assert not importing.done()

    assert (await importing).created == 13
