"""The bench: its events have the shape of real ones, and what it asks is answered."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import create_engine
from app.domain.places import Place
from app.main import create_app
from app.settings import Settings
from app.store import places as gazetteer
from bench import synthetic
from bench.questions import everything, places
from tests.world import REGIONS, load_world, outline

COUNT = 2_000


@pytest.fixture(scope="module")
async def built(module_database: str) -> AsyncIterator[AsyncEngine]:
    """A small world, a town in each of its countries, and synthetic events."""
    engine = create_engine(module_database)
    towns = []
    for number, region in enumerate(REGIONS):
        if region.level == 0:
            point = outline(region.code).representative_point()
            towns.append(
                Place(
                    geonameid=number, name=f"Town {number}", alternates=(), country=region.code, population=9_000, lon=point.x, lat=point.y
                )
            )  # fmt: skip
    async with engine.begin() as connection:
        await load_world(connection)
        await gazetteer.replace(connection, towns)
    await synthetic.build(engine, COUNT)
    yield engine
    await engine.dispose()


async def test_synthetic_events_have_the_shape_of_real_ones(built: AsyncEngine) -> None:
    async with built.connect() as connection:
        (row,) = await connection.execute(text(SHAPE))

    assert row.events == row.revisions == row.numbers == COUNT
    assert row.dataset == "Nothing of this happened."
    assert 0.45 < row.settlements / COUNT < 0.65
    assert 0.25 < row.near / COUNT < 0.45
    assert 0.03 < row.regional / COUNT < 0.15
    assert row.discs_without_extent == row.regional_with_extent == row.nowhere == 0
    assert 0.03 < row.lasting / COUNT < 0.1
    assert 0.01 < row.deaths_unknown / COUNT < 0.06
    assert row.at_one_point > 20
    assert (row.first.year < 2000, row.last.year > 2024) == (True, True)


SHAPE = """
SELECT count(*) AS events, (SELECT citation FROM dataset WHERE id = 'synthetic') AS dataset,
    (SELECT count(*) FROM event_revision WHERE dataset = 'synthetic') AS revisions,
    (SELECT count(DISTINCT seq) FROM event_revision WHERE dataset = 'synthetic') AS numbers,
    count(*) FILTER (WHERE precision = 'settlement') AS settlements, count(*) FILTER (WHERE precision = 'near_settlement') AS near,
    count(*) FILTER (WHERE precision IN ('admin1', 'admin2', 'country')) AS regional,
    count(*) FILTER (WHERE radius_m IS NOT NULL AND extent_id NOT IN (SELECT id FROM extent)) AS discs_without_extent,
    count(*) FILTER (WHERE radius_m IS NULL AND extent_id IS NOT NULL) AS regional_with_extent,
    count(*) FILTER (WHERE country IS NULL OR geom IS NULL) AS nowhere,
    count(*) FILTER (WHERE last_day > first_day) AS lasting, count(*) FILTER (WHERE deaths_best IS NULL) AS deaths_unknown,
    (SELECT max(n) FROM (SELECT count(*) AS n FROM event GROUP BY geom) AS one) AS at_one_point, min(first_day) AS first, max(last_day) AS last
FROM event WHERE dataset = 'synthetic'
"""


async def test_what_the_bench_asks_is_answered(built: AsyncEngine, module_database: str) -> None:
    async with built.connect() as connection:
        questions = everything(await places(connection, fresh=64))
        for question in questions:
            # The statements beside them can be run.
            await connection.exec_driver_sql(question.statements[0])

    app = create_app(Settings(database_url=module_database))
    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://sitrep.test") as client,
    ):
        asked = [path for question in questions for path in question.paths[:2]]
        answers = await asyncio.gather(*(client.get(path) for path in asked))

    assert {answer.status_code for answer in answers} <= {200, 204}
    assert len({question.name for question in questions}) == len(questions)
