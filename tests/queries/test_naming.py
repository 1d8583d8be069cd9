"""The search for places among thirty thousand uses the indexes that were made for it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.queries import naming
from tests.queries.test_plans import indexes, plan_of, read_whole

# Names of letters from a hash, which are alike as seldom as real ones, but that half begin with `ku`; one in thirty is a large city.
PLACES = r"""
INSERT INTO place (id, name, alternates, folded, names, country, capital, population, geom)
SELECT
    n, name, '{}', ARRAY[name], E'\n' || name || E'\n', 'AF', false, CASE WHEN n % 30 = 0 THEN 100000 + n ELSE n % 9000 END,
    ST_SetSRID(ST_MakePoint(random() * 360 - 180, random() * 180 - 90), 4326)
FROM generate_series(1, 30000) AS n, LATERAL (
    SELECT CASE WHEN n % 2 = 0 THEN 'ku' ELSE '' END || translate(left(md5(n::text), 4) || ' ' || left(md5((n + 1)::text), 8), '0123456789', 'ghijklmnop') AS name
) AS named
"""


@pytest.fixture
async def many(connection: AsyncConnection, world: object) -> AsyncConnection:
    await connection.execute(text(PLACES))
    await connection.execute(text("ANALYZE place"))
    return connection


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (naming.settlements_statement("kunduz", 10), "place_names"),
        (naming.near_statement("kunduzak", 10), "place_names"),
        (naming.settlements_statement("ku", 10), "place_population"),
    ],
)
async def test_a_search_uses_its_index(many: AsyncConnection, statement: Any, index: str) -> None:
    plan = await plan_of(many, statement)

    assert index in indexes(plan)
    assert "place" not in read_whole(plan)


async def test_what_is_called_so_comes_before_what_begins_so(many: AsyncConnection) -> None:
    name = (await many.execute(text("SELECT name FROM place WHERE id = 77"))).scalar_one()
    longer = r"""
        INSERT INTO place (id, name, alternates, folded, names, country, capital, population, geom)
        SELECT 40000, name || 'x', '{}', ARRAY[name || 'x'], E'\n' || name || E'x\n', country, capital, 9000000, geom
        FROM place WHERE id = 77
    """
    await many.execute(text(longer))

    found = await naming.search(many, name, 10)

    assert [one.geonameid for one in found][:2] == [77, 40000]
