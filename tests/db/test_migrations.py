"""The migrations make exactly the tables of app/db/tables.py, and can be taken back."""

import asyncio
from collections.abc import Callable
from datetime import date

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db import cluster, migrations
from app.db.engine import create_engine
from app.db.tables import Base
from app.settings import Settings
from tests.world import Made, load_world, put


async def test_the_migrations_make_every_table(connection: AsyncConnection) -> None:
    found = set(await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")))

    assert found == {*Base.metadata.tables, "alembic_version", "spatial_ref_sys"}


async def test_the_tables_do_not_drift_from_the_migrations(fresh_engine: AsyncEngine) -> None:
    async with fresh_engine.connect() as connection:
        await connection.run_sync(lambda inner: command.check(migrations.configuration(inner)))


def test_the_newest_revision_is_told_as_alembic_tells_it() -> None:
    scripts = ScriptDirectory.from_config(migrations.configuration())

    assert migrations.newest() == scripts.get_current_head()


async def test_checks_are_named_as_the_tables_name_them(connection: AsyncConnection) -> None:
    """Alembic compares no checks, and so neither their names."""
    told = "SELECT conrelid::regclass || ' ' || conname FROM pg_constraint WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    found = {one for one in await connection.scalars(text(told)) if not one.startswith("spatial_ref_sys ")}
    tables = Base.metadata.tables.values()
    wanted = {
        f"{table.name} {one.name}"
        for table in tables
        for one in table.constraints
        if isinstance(one, CheckConstraint)
    }

    assert found == wanted


async def test_the_last_step_goes_down_and_up_again(fresh_engine: AsyncEngine) -> None:
    def step(connection: Connection) -> None:
        command.downgrade(migrations.configuration(connection), "-1")
        command.upgrade(migrations.configuration(connection), "head")
        command.check(migrations.configuration(connection))

    async with fresh_engine.connect() as connection:
        await connection.run_sync(step)


async def test_a_day_that_others_moved_is_the_dataset_s_own_again_where_their_words_have_no_table(
    fresh_engine: AsyncEngine,
) -> None:
    days = text("SELECT first_reported::text, own_reported::text FROM event ORDER BY own_reported")
    moved = text("UPDATE event SET first_reported = '2021-08-09' WHERE first_reported = '2021-08-20'")

    def step(connection: Connection) -> None:
        command.downgrade(migrations.configuration(connection), "0001")
        command.upgrade(migrations.configuration(connection), "head")

    async with fresh_engine.connect() as connection:
        await load_world(connection)
        await put(connection, Made(reported="2021-08-20"), Made(reported="2021-08-10"), Made())
        await connection.execute(moved)
        await connection.run_sync(step)
        found = [tuple(row) for row in await connection.execute(days)]

    assert found == [("2021-08-10", "2021-08-10"), ("2021-08-20", "2021-08-20"), (None, None)]


async def test_places_that_are_there_can_be_searched_before_the_next_seed_writes_them_anew(
    fresh_engine: AsyncEngine,
) -> None:
    kunduz = text(
        "INSERT INTO place (id, name, alternates, folded, country, population, geom) VALUES"
        " (1, 'Kunduz', '{Qunduz}', '{kunduz,qunduz}', 'AF', 161902, 'SRID=4326;POINT(68.86 36.73)')"
    )

    def step(revision: str) -> Callable[[Connection], None]:
        to = command.downgrade if revision == "0002" else command.upgrade
        return lambda connection: to(migrations.configuration(connection), revision)

    async with fresh_engine.connect() as connection:
        await connection.run_sync(step("0002"))
        await connection.execute(kunduz)
        await connection.run_sync(step("head"))
        found = (await connection.execute(text("SELECT names, local, capital FROM place"))).one()

    assert tuple(found) == ("\nkunduz\nqunduz\n", None, False)


async def test_statistics_of_an_index_that_is_made_anew_are_there_at_once(fresh_engine: AsyncEngine) -> None:
    known = text("SELECT tablename FROM pg_stats WHERE tablename IN ('event_long', 'event_revision_long')")
    async with fresh_engine.begin() as connection:
        await load_world(connection)
        await put(
            connection, *(Made(day=date(2015, 1, number), until=date(2015, 6, number)) for number in (1, 2))
        )
    async with fresh_engine.connect() as connection:
        await connection.run_sync(lambda sync: command.downgrade(migrations.configuration(sync), "0003"))
        await connection.commit()
        await connection.run_sync(lambda sync: command.upgrade(migrations.configuration(sync), "head"))
        await connection.commit()
        assert set((await connection.execute(known)).scalars()) == {"event_long", "event_revision_long"}


async def test_all_steps_go_down_to_nothing(fresh_engine: AsyncEngine) -> None:
    async with fresh_engine.connect() as connection:
        await connection.run_sync(lambda inner: command.downgrade(migrations.configuration(inner), "base"))
        left = await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))

    assert set(left) == {"alembic_version", "spatial_ref_sys"}


async def test_two_upgrades_at_once_do_not_disturb_each_other(empty_database: str) -> None:
    before = await asyncio.gather(*(migrations.upgrade(empty_database) for _ in range(3)))

    assert sorted(revision is None for revision in before) == [False, False, True]


async def test_a_database_of_a_newer_sitrep_is_left_alone(
    fresh_database: str, fresh_engine: AsyncEngine
) -> None:
    async with fresh_engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(migrations.MigrationError, match="made by a newer Sitrep"):
        await migrations.upgrade(fresh_database)


async def test_missing_extensions_are_named_with_what_a_superuser_must_run(
    empty_database: str, cluster_settings: Settings
) -> None:
    name = make_url(empty_database).database or ""
    superuser = create_engine(
        cluster.private_url(cluster_settings, role="postgres", database=name), pooled=False
    )
    async with superuser.begin() as connection:
        await connection.execute(text("DROP EXTENSION postgis CASCADE"))
    await superuser.dispose()

    with pytest.raises(migrations.MigrationError, match=r"CREATE EXTENSION IF NOT EXISTS postgis;$"):
        await migrations.upgrade(empty_database)


async def test_a_role_without_rights_is_told_which_it_needs(
    empty_database: str, cluster_settings: Settings
) -> None:
    name = make_url(empty_database).database or ""
    superuser = create_engine(
        cluster.private_url(cluster_settings, role="postgres", database=name), pooled=False
    )
    async with superuser.begin() as connection:
        await connection.execute(text("ALTER DATABASE " + name + " OWNER TO postgres"))
    await superuser.dispose()

    with pytest.raises(migrations.MigrationError, match="has to own the database"):
        await migrations.upgrade(empty_database)


async def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(
        migrations.MigrationError, match=r"cannot be reached: .* Check SITREP_DATABASE_URL\.$"
    ):
        await migrations.upgrade("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
