from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy import select
from app.db.tables import EventRow
from app.domain.areas import Box
from app.domain.filters import EventFilter
from app.queries.filtering import conditions
from tests.world import MakeEvent


async def test_a_box_over_the_antimeridian_finds_events_on_both_sides(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    fiji = await make_event(at=(179.5, -17.0), side_a=("Taliban",), aliases=("Taleban",), radius_m=5000)
    samoa = await make_event(at=(-172.0, -13.8))
    await make_event(at=(0.0, -15.0))
    found = set(
        await connection.scalars(
            select(EventRow.id).where(*conditions(EventFilter(box=Box.parse("178,-20,-170,-10"))))
        )
    )
    assert found == {fiji, samoa}
