"""Places are kept with their spellings, folded."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.places import Place
from app.store import places

KUNDUZ = Place(
    geonameid=1135689,
    name="Kunduz",
    alternates=("Qunduz", "Kundūz", "قندوز"),
    country="AF",
    lon=68.857,
    lat=36.72895,
    population=161_902,
)


async def test_a_place_is_found_by_any_of_its_spellings(connection: AsyncConnection) -> None:
    assert await places.replace(connection, [KUNDUZ]) == 1

    row = (
        await connection.execute(
            text("SELECT id, name, folded, ST_AsText(geom) FROM place WHERE 'قندوز' = ANY(folded)")
        )
    ).one()
    assert tuple(row) == (1135689, "Kunduz", ["kunduz", "qunduz", "قندوز"], "POINT(68.857 36.72895)")


async def test_a_new_edition_takes_the_place_of_the_old(connection: AsyncConnection) -> None:
    await places.replace(connection, [KUNDUZ])

    assert await places.replace(connection, []) == 0
    assert (await connection.execute(text("SELECT count(*) FROM place"))).scalar_one() == 0
