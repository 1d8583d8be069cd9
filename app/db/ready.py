"""The database as a command wants it: running, and in the newest form."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import cluster, migrations
from app.db.engine import create_engine
from app.settings import Settings


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """An engine on a database that runs and is migrated, for as long as the command needs it.

        async with ready.database(settings) as engine: ...

    Its statements have no time limit. Raises ClusterError or MigrationError, each with a sentence that helps; and
    ClusterError if the database dies while the command works.
    """
    async with cluster.running(settings) as url:
        await migrations.upgrade(url)
        engine = create_engine(url)
        try:
            yield engine
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            raise cluster.ClusterError(
                "The database stopped while this command was working, and what it had not finished is undone. "
                "Run it again."
            ) from error
        finally:
            await engine.dispose()
