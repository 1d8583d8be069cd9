"""Drafts of any importer, staged and merged: what no row of UCDP GED has."""

from datetime import UTC, datetime
from typing import Any

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import EventRevisionRow, EventRow
from app.domain.drafts import ActorDraft
from app.domain.events import DatePrecision
from app.store.revisions import TOLD
from app.store.staged import SEPARATOR
from tests.notes import bring, draft


async def the_event(connection: AsyncConnection, columns: str) -> tuple[Any, ...]:
    return tuple((await connection.execute(text(f"SELECT {columns} FROM event"))).one())


async def test_unknown_days_are_kept_as_infinite_and_an_unknown_place_as_none(
    connection: AsyncConnection,
) -> None:
    await bring(connection, draft(first_day=None, last_day=None, date_precision=DatePrecision.UNKNOWN))

    found = await the_event(connection, "first_day::text, last_day::text, geom IS NULL, country")
    assert found == ("-infinity", "infinity", True, None)


async def test_an_instant_and_several_actors_a_side_are_kept_in_their_order(
    connection: AsyncConnection,
) -> None:
    at = datetime(2021, 8, 8, 5, 30, tzinfo=UTC)
    sides = tuple(ActorDraft(source_key=name, name=name, aliases=(f"{name} too",)) for name in ("B", "A"))

    await bring(connection, draft(instant=at, side_a=sides, side_b=sides[1:]))

    assert await the_event(connection, "instant, side_a, side_b") == (at, ["B", "A"], ["A"])
    found = await connection.execute(
        text("SELECT role, position, name FROM event_actor JOIN actor ON actor.id = actor_id ORDER BY 1, 2")
    )
    assert [tuple(one) for one in found] == [("side_a", 1, "B"), ("side_a", 2, "A"), ("side_b", 1, "A")]


async def test_an_extent_is_kept_once_under_an_id_of_version_8(connection: AsyncConnection) -> None:
    area = MultiPolygon([box(0, 0, 1, 1)])
    same = MultiPolygon([box(0, 0, 1, 1)])

    await bring(connection, draft(extent=area, radius_m=5), draft(source_key="2", extent=same))

    found = await connection.execute(text("SELECT id, ST_AsText(geom) FROM extent"))
    ((made, shape),) = found.all()
    assert (made.version, shape) == (8, "MULTIPOLYGON(((1 0,1 1,0 1,0 0,1 0)))")
    used = await connection.execute(text("SELECT DISTINCT extent_id FROM event"))
    assert used.scalars().all() == [made]


@pytest.mark.parametrize("cells", [[], [""], ["", ""], [f"a{SEPARATOR}b", "c"], ["{a,b}", 'c"\\', "NULL"]])
async def test_cells_are_kept_as_they_are(cells: list[str], connection: AsyncConnection) -> None:
    await bring(connection, draft(), cells=[cells])

    assert (await connection.execute(text("SELECT cells FROM record"))).scalar_one() == cells


async def test_a_text_of_a_million_words_can_be_kept_and_searched(connection: AsyncConnection) -> None:
    await bring(connection, draft(summary=" ".join(f"word{number}" for number in range(1_000_000))))

    assert await the_event(connection, "search @@ to_tsquery('simple', 'word7')") == (True,)


async def test_the_dataset_is_kept_with_its_licence(connection: AsyncConnection) -> None:
    await bring(connection, draft())

    found = await connection.execute(
        text("SELECT title, licence, redistribution FROM dataset WHERE id = 'notes'")
    )
    assert tuple(found.one()) == ("Notes", "CC0-1.0", "open")


def test_a_revision_keeps_all_that_its_table_shares_with_events() -> None:
    shared = set(EventRow.__table__.columns.keys()) & set(EventRevisionRow.__table__.columns.keys())

    assert sorted(TOLD.split(", ")) == sorted(shared)
