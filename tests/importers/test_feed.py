"""What the change feed tells of real imports: creations, and then exactly the differences."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.filters import EventFilter
from app.formats import geojson
from app.queries import changes
from tests.importers.conftest import Cells, Import, MakeFile, changed

Feed = list[tuple[str, str, tuple[str, ...] | None]]


async def feed(connection: AsyncConnection, since: int = 0) -> tuple[Feed, int]:
    """Key, kind and fields of each change behind a place, and where the feed ends."""
    seen = await changes.after(connection, since, EventFilter(), geojson.feature(), 1000)
    rows = await connection.execute(text("SELECT id, source_key FROM event"))
    keys: dict[Any, str] = {row.id: row.source_key for row in rows}
    return [(keys[one.id], str(one.kind), one.fields) for one in seen.changes], seen.through


def key(row: Cells) -> str:
    return row["id"].removesuffix(".0")


async def test_a_release_makes_a_creation_of_each_event(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import
) -> None:
    await import_ged(make_file(rows))

    found, _ = await feed(connection)

    assert sorted(found) == sorted((key(row), "create", None) for row in rows)


async def test_the_same_release_again_changes_nothing(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import
) -> None:
    await import_ged(make_file(rows))
    before = await feed(connection)
    await import_ged(make_file(rows[::-1], "again-ged231.csv"))

    assert await feed(connection) == before


async def test_a_second_release_is_told_as_exactly_its_differences(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import
) -> None:
    await import_ged(make_file(rows[:6], "ged211.csv"))
    _, through = await feed(connection)
    more = changed(rows[0], best="9", high="9")
    second = [more, rows[1], rows[2], changed(rows[3], where_coordinates="Elsewhere"), rows[6]]

    await import_ged(
        make_file(second, "ged221.csv"), complete=True, years=(1989, 2022), confirm=lambda _: True
    )

    found, through = await feed(connection, through)
    assert {(key, kind) for key, kind, _ in found} == {
        (key(rows[0]), "update"),
        (key(rows[3]), "update"),
        (key(rows[4]), "retract"),
        (key(rows[5]), "retract"),
        (key(rows[6]), "create"),
    }
    assert len(found) == 5
    fields = {key: named for key, _, named in found}
    assert fields[key(rows[0])] == ("deaths_best", "deaths_high")
    assert "place" in (fields[key(rows[3])] or ())
    assert fields[key(rows[4])] == ("status",)
    assert fields[key(rows[6])] is None

    await import_ged(make_file([*second, rows[4]], "ged231.csv"))

    assert await feed(connection, through) == ([(key(rows[4]), "reinstate", ("status",))], through + 1)
