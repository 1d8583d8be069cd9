"""What Alembic runs its commands in: on the connection it is given, else on the database of the settings."""

import asyncio

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import Connection

from app.db import cluster
from app.db.engine import create_engine
from app.db.tables import Base
from app.settings import read_settings


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_on_settings() -> None:
    async with cluster.running(read_settings()) as url:
        engine = create_engine(url, pooled=False)
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
        await engine.dispose()


if context.config.attributes.get("connection") is None:
    asyncio.run(run_on_settings())
else:
    run(context.config.attributes["connection"])
