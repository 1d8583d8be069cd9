"""Imports into a real database: what is created, changed, left alone, withdrawn and given back, in whichever order."""

import csv
import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.turns import OPEN
from app.importers.opening import Unreadable
from app.importers.run import Report, SameFileElsewhere
from app.importers.ucdp_layouts import GED_23_1
from app.queries import releases
from app.store.staged import COMPARED
from tests.importers.conftest import (
    SAMPLE,
    SYRIA,
    Cells,
    FaultRules,
    Import,
    Kept,
    MakeFile,
    as_csv,
    changed,
    counts,
    read_rows,
)

STATE = ("status", "revision", "deaths_best", "version")


async def number(connection: AsyncConnection, statement: str) -> Any:
    return (await connection.execute(text(statement))).scalar_one()


async def test_a_file_is_imported_once_and_the_second_time_changes_nothing(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    path = make_file(rows)

    first, before = await import_ged(path), await kept(*STATE)
    second, after = await import_ged(path), await kept(*STATE)

    assert counts(first) == {"read": 13, "created": 13}
    assert (second.already, second.version, counts(second)) == (True, None, {})
    assert before == after
    assert await number(connection, "SELECT count(*) FROM version") == 1
    assert await number(connection, "SELECT count(*) FROM release_row WHERE event_id IS NOT NULL") == 13


async def test_a_file_whose_name_had_other_content_in_between_is_imported_again(
    row: Cells, make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    former, other = [row], [row | {"best": "7", "high": "7"}]
    await import_ged(make_file(former))
    before = await kept("deaths_best")
    await import_ged(make_file(other))
    report = await import_ged(make_file(former))

    assert counts(report) == {"read": 1, "changed": 1}
    assert await kept("deaths_best") == before
    assert (await kept("revision"))["387642"] == {"revision": 3}
    assert (await import_ged(make_file(former))).already


async def test_the_same_rows_in_another_file_are_unchanged_and_keep_their_revision(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows))
    before = await kept(*STATE)

    report = await import_ged(make_file(list(reversed(rows))))

    assert counts(report) == {"read": 13, "unchanged": 13}
    assert await kept(*STATE) == before


async def test_a_changed_row_becomes_a_new_revision_and_no_other(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows))

    report = await import_ged(
        make_file([changed(rows[0], best="3", high="3", deaths_civilians="3"), *rows[1:]])
    )

    assert counts(report) == {"read": 13, "changed": 1, "unchanged": 12}
    found = await kept("revision", "deaths_best", "version")
    assert found.pop("387642") == {"revision": 2, "deaths_best": 3, "version": 2}
    assert {(one["revision"], one["version"]) for one in found.values()} == {(1, 1)}


async def test_a_cell_that_is_not_shown_changes_no_revision_but_is_kept(
    connection: AsyncConnection, row: Cells, make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file([row]))

    report = await import_ged(make_file([changed(row, source_original="police")]))

    assert counts(report) == {"read": 1, "unchanged": 1}
    assert (await kept("revision"))["387642"] == {"revision": 1}
    assert await number(connection, "SELECT count(*) FROM record") == 2


async def test_another_actor_of_the_same_name_is_a_change(
    connection: AsyncConnection, row: Cells, make_file: MakeFile, import_ged: Import
) -> None:
    await import_ged(make_file([row]))

    report = await import_ged(make_file([changed(row, side_a_new_id="9")]))

    assert counts(report) == {"read": 1, "changed": 1}
    found = await connection.execute(
        text(
            "SELECT role, source_key FROM event_actor JOIN actor ON actor.id = actor_id"
            f" WHERE event_actor.until_version = {OPEN} ORDER BY role"
        )
    )
    assert [tuple(one) for one in found] == [("side_a", "9"), ("side_b", "1")]


async def test_bad_rows_are_quarantined_with_row_column_and_value_and_the_rest_goes_in(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    bad = [
        changed(rows[1], latitude=""),
        changed(rows[2], date_start="2021-02-30"),
        changed(rows[3], id=""),
        changed(rows[4], where_prec="9"),
    ]
    ragged = "1,2,3\n"

    report = await import_ged(make_file(as_csv([rows[0], *bad, rows[5]]) + ragged))

    assert counts(report) == {"read": 7, "created": 2, "quarantined": 5}
    assert set(await kept("id")) == {"387642", "433058"}
    found = await connection.execute(
        text('SELECT row_number, "column", rule, value FROM issue WHERE quarantined ORDER BY row_number')
    )
    assert [tuple(one) for one in found] == [
        (3, "latitude", "no_coordinates", ""),
        (4, "date_start", "bad_day", "2021-02-30"),
        (5, "id", "no_key", ""),
        (6, "where_prec", "bad_place_precision", "9"),
        (8, None, "ragged_row", "3"),
    ]


async def test_a_key_that_comes_twice_is_flagged_if_the_rows_are_the_same_and_quarantined_if_not(
    row: Cells, make_file: MakeFile, import_ged: Import, kept: Kept, fault_rules: FaultRules
) -> None:
    report = await import_ged(make_file([row, row, changed(row, best="9", high="9")]))

    assert counts(report) == {"read": 3, "created": 1, "unchanged": 1, "quarantined": 1}
    assert (await kept("deaths_best"))["387642"] == {"deaths_best": 2}
    assert (3, "repeated_row", False) in await fault_rules()
    assert (4, "duplicate_key", True) in await fault_rules()


async def test_an_older_release_imported_last_takes_nothing_back(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    newer = [changed(rows[0], best="5", high="5", deaths_civilians="5"), rows[1]]
    await import_ged(make_file(newer, "ged231.csv"))
    before = await kept(*STATE)

    report = await import_ged(make_file(rows[:3], "ged221.csv"))

    assert counts(report) == {"read": 3, "created": 1, "outdated": 2}
    after = await kept(*STATE)
    assert {key: after[key] for key in before} == before


async def test_an_older_release_overwrites_where_it_is_forced(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file([changed(rows[0], best="5", high="5", deaths_civilians="5")], "ged231.csv"))

    report = await import_ged(make_file(rows[:1], "ged221.csv"), force=True)

    assert counts(report) == {"read": 1, "changed": 1}
    assert (await kept("deaths_best"))["387642"] == {"deaths_best": 2}


async def test_of_two_files_of_one_release_the_later_one_wins(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows[:1], "GEDEvent_v23_0_3.csv"))

    report = await import_ged(
        make_file([changed(rows[0], best="5", high="5", deaths_civilians="5")], "GEDEvent_v23_0_3.csv")
    )

    assert counts(report) == {"read": 1, "changed": 1}
    assert (await kept("deaths_best"))["387642"] == {"deaths_best": 5}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("GEDEvent_v22_0_12.csv", "ged231.csv"),
        ("GEDEvent_v22_0_12.csv", "GEDEvent_v22_01_22_12.csv"),
        ("GEDEvent_v22_01_22_12.csv", "GEDEvent_v23_1.csv"),
        ("ged231.csv", "GEDEvent_v23_0_1.csv"),
        ("syria.csv", "ged231.csv"),
        ("ged201-csv.csv", "ged-2016-2019.csv"),  # without a version, as new as its newest day, here in 2021
    ],
)
async def test_releases_stand_in_the_order_of_what_they_cover_and_final_ones_last(
    older: str, newer: str, row: Cells, make_file: MakeFile, import_ged: Import
) -> None:
    first = await import_ged(make_file([row], older))
    second = await import_ged(make_file([changed(row, best="9")], newer))

    assert first.order.position < second.order.position


async def test_a_label_wins_over_the_name(row: Cells, make_file: MakeFile, import_ged: Import) -> None:
    report = await import_ged(make_file([row], "ged231.csv"), label="19.1")

    assert (report.order.position, report.order.basis, report.order.label) == (2018122, "stated", "19.1")


async def test_the_same_file_under_another_label_is_asked_back(
    row: Cells, make_file: MakeFile, import_ged: Import
) -> None:
    path = make_file([row])
    await import_ged(path)

    with pytest.raises(SameFileElsewhere, match=r"was imported before as 23\.1"):
        await import_ged(path, label="19.1")


async def test_what_is_said_again_is_reported_with_the_first_release_that_said_it(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    undated = changed(rows[0], source_date="")
    await import_ged(make_file([undated], "ged221.csv"), released_on=date(2022, 6, 1))

    report = await import_ged(make_file([undated, rows[1]]), released_on=date(2023, 6, 1))

    assert counts(report) == {"read": 2, "created": 1, "unchanged": 1}
    assert (await kept("first_reported"))["387642"] == {"first_reported": date(2022, 6, 1)}


async def test_an_actor_bears_the_name_of_the_newest_release_and_is_found_by_all(
    connection: AsyncConnection, row: Cells, make_file: MakeFile, import_ged: Import
) -> None:
    async def actor() -> tuple[Any, ...]:
        found = await connection.execute(
            text(
                "SELECT name, aliases FROM actor WHERE source_key = '303' ORDER BY until_version DESC LIMIT 1"
            )
        )
        return tuple(found.one())

    await import_ged(make_file([row], "ged221.csv"))
    await import_ged(make_file([changed(row, side_a="Taliban")], "ged231.csv"))
    await import_ged(make_file([changed(row, side_a="Islamic Emirate", id="7")], "ged211.csv"))

    assert await actor() == ("Taliban", ["Islamic Emirate", "Taleban"])
    for word in ("taliban", "taleban", "emirate"):
        found = f"SELECT count(*) FROM event WHERE search @@ to_tsquery('simple', '{word}')"
        assert await number(connection, found) == 2


async def test_a_place_is_found_by_its_local_spellings_but_not_by_those_of_a_namesake_far_off(
    connection: AsyncConnection, row: Cells, make_file: MakeFile, import_ged: Import
) -> None:
    await connection.execute(
        text("""
        INSERT INTO place (id, name, alternates, folded, names, country, capital, population, geom) VALUES
        (1, 'Kunduz', '{}', '{kunduz,qunduz,قندوز}', '', 'AF', false, 1, ST_Point(68.857, 36.729, 4326)),
        (2, 'Kunduz', '{}', '{kunduz,elsewhere}', '', 'AF', false, 1, ST_Point(62.0, 34.0, 4326)),
        (3, 'Kunduz', '{}', '{kunduz,abroad}', '', 'TJ', false, 1, ST_Point(68.857, 36.729, 4326))
        """)
    )
    at = {
        "latitude": "36.73",
        "longitude": "68.86",
        "where_coordinates": "Kunduz town",
        "geom_wkt": "",
        "priogrid_gid": "",
    }
    await import_ged(make_file([changed(row, **at)]))

    async def finds(word: str) -> Any:
        return (
            await number(
                connection, f"SELECT count(*) FROM event WHERE search @@ to_tsquery('simple', '{word}')"
            )
            == 1
        )

    assert [await finds(word) for word in ("qunduz", "قندوز", "elsewhere", "abroad")] == [
        True,
        True,
        False,
        False,
    ]


async def test_an_event_in_a_region_is_found_by_the_names_of_the_region(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import
) -> None:
    await connection.execute(
        text("""
        INSERT INTO region (code, name, level, country, fips, gw, aliases, names, geom, version) VALUES
        ('AF-NAN', 'Nangarhar', 1, 'AF', '{}', '{}', '{}', E'nangarhar\\nننگرهار', ST_Multi(ST_MakeEnvelope(0,0,1,1,4326)), 1)
        """)
    )
    await import_ged(make_file(rows))

    found = await connection.execute(
        text("SELECT source_key FROM event WHERE search @@ to_tsquery('simple', 'ننگرهار')")
    )
    assert list(found.scalars()) == ["401115"]


async def test_a_release_is_written_back_cell_for_cell(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import
) -> None:
    content = as_csv([rows[0], changed(rows[1], latitude=""), *rows[2:]]).splitlines(keepends=True)
    content[1:1] = ["#id" + ",#x" * 48 + "\n", "\n"]
    report = await import_ged(make_file("".join(content)))

    found = [cells async for cells in releases.written_back(connection, report.release_id or 0)]

    expected = [list(GED_23_1), ["#id"] + ["#x"] * 48, [], [*rows[0].values()]]
    assert found[:4] == expected
    assert found[5:] == [list(row.values()) for row in rows[2:]]
    assert len(found) == 3 + len(rows)


async def test_a_release_without_a_header_is_written_back_without_one(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import
) -> None:
    report = await import_ged(make_file(as_csv(rows, header=False)))

    found = [cells async for cells in releases.written_back(connection, report.release_id or 0)]

    assert found == [list(row.values()) for row in rows]


async def test_a_header_without_rows_is_refused(make_file: MakeFile, import_ged: Import) -> None:
    with pytest.raises(Unreadable, match="no rows but its header"):
        await import_ged(make_file(",".join(GED_23_1) + "\n"))


async def test_an_event_points_to_its_record_and_release(
    connection: AsyncConnection, row: Cells, make_file: MakeFile, import_ged: Import
) -> None:
    report = await import_ged(make_file([row]))

    found = await connection.execute(
        text("SELECT cells, release_id FROM event JOIN record ON record.hash = record_hash")
    )
    assert tuple(found.one()) == (list(row.values()), report.release_id)


EVENT_COLUMNS = [name for name in COMPARED if name != "geom"] + [
    "ST_AsText(geom) AS geom",
    "status",
    "tsvector_to_array(search) AS search",
]


async def _in_order(
    connection: AsyncConnection, import_ged: Import, paths: list[Path]
) -> tuple[list[Report], dict[str, tuple[Any, ...]]]:
    savepoint = await connection.begin_nested()
    reports = [await import_ged(path) for path in paths]
    found = await connection.execute(text(f"SELECT source_key, {', '.join(EVENT_COLUMNS)} FROM event"))
    events = {row.source_key: tuple(row) for row in found}
    await savepoint.rollback()
    return reports, events


async def test_either_order_of_two_releases_ends_in_the_same_events(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    paths = [make_file(read_rows("ged-syria.csv"), "ged-syria.csv"), make_file(rows, "ged231.csv")]

    (_, newer_last), one = await _in_order(connection, import_ged, paths)
    (_, older_last), other = await _in_order(connection, import_ged, paths[::-1])

    assert one == other
    assert counts(newer_last)["created"] == 10
    assert counts(older_last) == {"read": 3, "outdated": 3}


@pytest.mark.skipif(not SYRIA.exists(), reason="needs ../shared")
async def test_the_42_rows_of_syria_in_the_newer_sample_end_the_same_in_either_order(
    connection: AsyncConnection, import_ged: Import, kept: Kept
) -> None:
    (_, newer_last), one = await _in_order(connection, import_ged, [SYRIA, SAMPLE])
    (_, older_last), other = await _in_order(connection, import_ged, [SAMPLE, SYRIA])

    assert len(one) == 16566 + 1000 - 42
    assert one == other
    assert older_last.outdated == 42
    assert newer_last.changed + newer_last.unchanged == 42


@pytest.mark.skipif(not SAMPLE.exists(), reason="needs ../shared")
async def test_a_real_release_is_written_back_cell_for_cell(
    connection: AsyncConnection, import_ged: Import
) -> None:
    report = await import_ged(SAMPLE)
    with gzip.open(SAMPLE, "rt", encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))

    assert [cells async for cells in releases.written_back(connection, report.release_id or 0)] == expected
