"""What a snapshot is worth: its rows are hashed in a fixed form, stay through all edits, and tampering is found."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sys
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.filters import EventFilter
from app.formats.rows import FORMS
from app.importers.locating import Locator
from app.importers.opening import opened
from app.importers.reading import read_table
from app.importers.region_seed import seeded
from app.importers.run import Options, merge
from app.importers.ucdp_ged import UcdpGed
from app.queries import snapshots
from tests.api.asking import problem
from tests.api.keeping import items, keep, verify
from tests.edits import Edits, one_version
from tests.importers.conftest import TODAY, as_csv, read_rows
from tests.world import Made, MakeEvent, add_version, load_world, put

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


async def test_the_rows_are_in_the_order_of_ids_with_a_newline_between_them(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    for number in (3, 1, 2):
        await make_event(id=UUID(int=number), day=None, at=None)
    snapshot = await keep(client)
    form = FORMS["sitrep-rows-1"].written
    found = await connection.execute(
        snapshots.content_statement(EventFilter(at=1), form).with_only_columns(form)
    )
    rows = list(found.scalars())
    assert [row[:44] for row in rows] == [f'{{"id":"{UUID(int=number)}"' for number in (1, 2, 3)]
    assert all(row.endswith('"first_reported":null,"revision":1,"point":null}') for row in rows)
    assert snapshot["sha256"] == hashlib.sha256("\n".join(rows).encode()).hexdigest()


@pytest.mark.parametrize("at_a_time", [1, 2, 3, 1000])
async def test_the_hash_does_not_depend_on_how_many_rows_come_at_once(
    client: AsyncClient, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch, at_a_time: int
) -> None:
    for number in range(5):
        await make_event(id=UUID(int=number))
    monkeypatch.setattr(snapshots, "AT_A_TIME", at_a_time)
    found = (await keep(client))["sha256"]
    monkeypatch.setattr(snapshots, "AT_A_TIME", 7)
    assert (await verify(client, await keep(client)))["sha256"] == found


async def test_a_snapshot_holds_over_a_release_that_changes_and_withdraws(
    client: AsyncClient, connection: AsyncConnection, tmp_path: Path
) -> None:
    rows = read_rows("ged231.csv")
    ged = UcdpGed(Locator(seeded()).locate_all, today=TODAY)

    async def imported(name: str, cells: list[dict[str, str]], **options: Any) -> bytes:
        (tmp_path / name).write_text(as_csv(cells))
        with opened(str(tmp_path / name)) as source:
            await merge(connection, read_table(source, ged.heading), ged, Options(**options))
        return hashlib.sha256((tmp_path / name).read_bytes()).digest()

    first = await imported("ged221.csv", rows)
    before = await keep(client)
    shown = (await items(client, before)).content
    second = await imported(
        "ged231.csv",
        [rows[0] | {"best": "77", "high": "99"}, *rows[1:-1]],
        complete=True,
        confirm=lambda _: True,
    )
    after = await keep(client)

    assert (before["rows"], after["rows"]) == (13, 12)
    assert (await verify(client, before))["verified"] is True
    assert (await items(client, before)).content == shown
    told = [
        [(one["label"], one["sha256"], one["rows"]) for one in snapshot["sources"][0]["releases"]]
        for snapshot in (before, after)
    ]
    assert told == [[("22.1", first.hex(), 13)], [("23.1", second.hex(), 1), ("22.1", first.hex(), 11)]]
    assert "UCDP Georeferenced Event Dataset (GED) 23.1, 22.1 (12 events; CC-BY-4.0): " in after["citation"]


TAMPERED = {
    "UPDATE event_revision SET deaths_best = 4": "The number of rows is 2 as it was, but they say something else.",
    "UPDATE event_revision SET geom = ST_Translate(geom, 0.000001, 0)": "The number of rows is 2 as it was, but they say something else.",
    "DELETE FROM event_revision WHERE deaths_best = 3": "The number of rows is 1, and was 2.",
    "UPDATE event_revision SET status = 'retracted'": "The number of rows is 0, and was 2.",
    "UPDATE event_revision SET until_version = 1, since_version = 0": "The number of rows is 0, and was 2.",
}


@pytest.mark.parametrize("statement", TAMPERED)
async def test_what_was_tampered_with_is_found(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent, statement: str
) -> None:
    await make_event(at=(68.5, 36.5), deaths=3)
    await make_event(at=(64, 31), deaths=0)
    snapshot = await keep(client)
    assert await verify(client, snapshot) == {
        "verified": True,
        "detail": "The rows are those that were cited.",
        "rows": 2,
        "sha256": snapshot["sha256"],
        "expected": {"rows": 2, "sha256": snapshot["sha256"]},
        "links": (await verify(client, snapshot))["links"],
    }
    await connection.execute(text(statement))
    said = await verify(client, snapshot)
    assert (said["verified"], said["detail"]) == (False, TAMPERED[statement])
    assert said["sha256"] != snapshot["sha256"]


async def test_that_regions_were_changed_since_is_said_where_rows_differ(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(within="AF-KDZ")
    snapshot = await keep(client, bbox="68,36,70,38", match="definite")
    assert snapshot["rows"] == 1
    await add_version(connection, 2)
    await connection.execute(text("UPDATE region SET version = 2"))
    await connection.execute(text("UPDATE region_part SET geom = ST_Translate(geom, 1, 0)"))
    said = await verify(client, snapshot)
    assert said["verified"] is False
    assert said["detail"] == (
        "The number of rows is 0, and was 1. Regions were changed since, in version 2, and outlines are always those of today."
    )


async def test_a_question_about_a_region_that_is_no_more_cannot_be_asked_again(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(at=(64, 31))
    snapshot = await keep(client, region="LS")
    await add_version(connection, 2)
    await connection.execute(text("DELETE FROM region_part WHERE code = 'LS'"))
    await connection.execute(text("DELETE FROM region WHERE code = 'LS'"))
    await connection.execute(text("UPDATE region SET version = 2"))
    said = await verify(client, snapshot)
    assert (said["verified"], said["rows"], said["sha256"]) == (False, None, None)
    assert said["detail"].startswith(
        "The question of this snapshot cannot be asked any more: No region is called 'LS'."
    )
    assert problem(await items(client, snapshot)) == (404, "not-found", None)


async def test_snapshots_verify_after_a_thousand_random_edits(
    served: AsyncClient, fresh_engine: AsyncEngine
) -> None:
    chance = Random(3)  # noqa: S311  # the same edits each time
    async with fresh_engine.begin() as connection:
        await load_world(connection)
        events = await put(connection, *(_random(chance, 1) for _ in range(60)))
    questions: list[dict[str, Any]] = [
        {},
        {"region": "AF"},
        {"type": ["battle", "riot"], "deaths_min": 3},
        {"bbox": "60,29,70,38", "match": "possible"},
        {"has_geometry": False},
    ]
    kept: list[tuple[dict[str, Any], bytes]] = []
    for _ in range(20):
        for question in questions:
            snapshot = await keep(served, **question)
            kept.append((snapshot, (await items(served, snapshot, limit=10_000)).content))
        async with fresh_engine.begin() as connection, one_version(connection) as edits:
            for event in chance.sample(events, 50):
                await _edit(edits, event, chance)
            events += await put(connection, *(_random(chance, edits.number) for _ in range(2)))
    assert len({snapshot["sha256"] for snapshot, _ in kept}) > 70
    for snapshot, shown in kept:
        assert (await verify(served, snapshot))["verified"] is True
        assert (await items(served, snapshot, limit=10_000)).content == shown


def _random(chance: Random, version: int) -> Made:
    return Made(
        at=(chance.uniform(60, 75), chance.uniform(29, 41)), deaths=chance.choice([None, 0, 3, 50]), version=version,
        type=chance.choice(["battle", "riot", "protest"]), day=f"2021-08-{chance.randint(1, 28):02}",
    )  # fmt: skip


async def _edit(edits: Edits, event: UUID, chance: Random) -> None:
    column, value = chance.choice(
        [
            ("status", "retracted"),
            ("status", "active"),
            ("deaths_best", chance.randint(0, 9)),
            ("title", f"Otherwise {chance.random()}"),
            ("type", "riot"),
            ("geom", f"SRID=4326;POINT({chance.uniform(60, 75)} {chance.uniform(29, 41)})"),
            ("geom", None),
            ("country", chance.choice(["AF", "TJ", None])),
        ]
    )
    await edits.change(event, **{column: value})


POINTS = [
    (0.0, 0.0), (-0.0, -1e-7), (1e-9, -1e-9), (1e-10, -4e-10), (1.5e-9, 2.5e-9), (179.1234567895, -89.9999999995), (68.12345678949999, 36.00000000051), (-180.0, 90.0),
]  # fmt: skip
ODD = 'A "title" \\ with \t, \x01, \x7f, \u2028, /, é, e\u0301, 🙂 and </script>'


async def test_the_ten_lines_of_the_documentation_find_the_same_hash(
    client: AsyncClient,
    connection: AsyncConnection,
    make_event: MakeEvent,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chance = Random(5)  # noqa: S311  # the same places each time
    points = [*POINTS, *((chance.uniform(-180, 180), chance.uniform(-90, 90)) for _ in range(300))]
    told: dict[str, Any] = {"title": ODD, "summary": "Line\r\n", "side_a": ("A, b", 'C "d"'), "within": "AF"}
    await put(connection, *(Made(at=at, **told) for at in points))
    await put(connection, Made(day=None), Made(deaths=0, contested=True, reported="2021-08-09"))
    snapshot = await keep(client)
    assert snapshot["rows"] == len(points) + 2
    (code,) = re.findall(r"```python\n(import hashlib.*?)```", PAGE, re.DOTALL)
    assert len([line for line in code.splitlines() if line and "import" not in line]) == 10

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(
        httpx, "get", lambda url: asyncio.run_coroutine_threadsafe(client.get(url), loop).result()
    )
    monkeypatch.setattr(sys, "argv", ["recompute.py", snapshot["links"][0]["href"]])
    # Over several pages, as if there were more than 10,000 events.
    await asyncio.to_thread(exec, code.replace("limit=10000", "limit=100"), {})
    assert capsys.readouterr().out == f"{snapshot['sha256']}\n"
