"""Brings a database to the newest form of the tables.

Each command looks whether that is needed. Alembic, which takes a third of a second to load, is loaded only where it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.engine import create_engine
from app.db.postgres import EXTENSIONS
from app.errors import SitrepError

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).resolve().parents[2]

# Any number that no other lock of ours has: here "sitrep" in ASCII.
_LOCK = 0x736974726570


class MigrationError(SitrepError):
    """The database cannot be brought to the newest form. The message says why and what helps."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, which works from any folder; with the connection to work on, if there is one."""
    from alembic.config import Config

    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


async def upgrade(url: str, revision: str = "head") -> str | None:
    """Upgrades the database, and gives the revision that it had before (None for an empty one).

    Several processes may do so at once: one works, the others wait and find nothing left to do.
    Raises MigrationError with a sentence that helps where rights or extensions are missing.
    """
    engine = create_engine(url, pooled=False)
    try:
        async with engine.connect() as connection:
            # Held by the session, as a migration may have several transactions.
            await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            await _make_extensions(connection)
            before = await _revision(connection)
            if revision != "head" or before != newest():
                await connection.run_sync(_upgrade, before, revision)
                await connection.commit()
            return before
    except (OSError, asyncpg.PostgresError, DBAPIError) as error:
        raise MigrationError(_explained(error)) from error
    finally:
        await engine.dispose()


def newest() -> str:
    """The newest revision: the names of the files begin with their numbers."""
    return max(path.stem.partition("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


async def _revision(connection: AsyncConnection) -> str | None:
    if await connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    found: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


async def _make_extensions(connection: AsyncConnection) -> None:
    found = set(await connection.scalars(text("SELECT extname FROM pg_extension")))
    missing = [name for name in EXTENSIONS if name not in found]
    try:
        for name in missing:
            await connection.execute(text(f"CREATE EXTENSION {name}"))
        await connection.commit()
    except DBAPIError as error:
        await connection.rollback()
        database = (await connection.scalars(text("SELECT current_database()"))).one()
        statements = " ".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in missing)
        raise MigrationError(
            f"The database {database} lacks extensions that Sitrep needs and may not make itself. Let a superuser run "
            f"there: {statements}"
        ) from error


def _upgrade(connection: Connection, before: str | None, revision: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = configuration(connection)
    scripts = ScriptDirectory.from_config(config)
    if before is not None and before not in {script.revision for script in scripts.walk_revisions()}:
        raise MigrationError(
            f"The database was made by a newer Sitrep (revision {before} is not known here). Upgrade Sitrep, or set "
            "SITREP_DATA_DIR to another folder."
        )
    command.upgrade(config, revision)


def _explained(error: Exception) -> str:
    reason = getattr(error, "orig", None) or error
    if isinstance(reason, OSError):
        return f"The database server cannot be reached: {reason}. Check SITREP_DATABASE_URL."
    sentence = f"The database could not be upgraded: {str(reason).splitlines()[0].rstrip('.')}."
    if getattr(reason, "sqlstate", None) == asyncpg.InsufficientPrivilegeError.sqlstate:
        sentence += (
            " The role that Sitrep works as has to own the database, or at least CREATE in its schema public."
        )
    return sentence
