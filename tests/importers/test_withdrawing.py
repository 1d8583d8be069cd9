"""Complete releases: what they withdraw, what comes back, and when somebody is asked."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.importers.run import NotConfirmed
from app.store.withdrawing import Withdrawal
from tests.importers.conftest import (
    Cells,
    Import,
    Kept,
    MakeFile,
    changed,
    counts,
)

STATE = ("status", "revision", "deaths_best", "version")


def _of_syria(rows: list[Cells]) -> list[Cells]:
    return [row for row in rows if row["country"] == "Syria"]


async def test_a_complete_release_retracts_what_it_lacks_in_its_scope_and_nothing_else(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows, "ged221.csv"))
    gone = "216469"  # Ad Dumayr town, Syria, 2016
    left = [row for row in _of_syria(rows) if not row["id"].startswith(gone)]

    report = await import_ged(
        make_file(left), complete=True, countries=("SY",), years=(2016, 2016), confirm=lambda _: True
    )

    assert counts(report) == {"read": 3, "unchanged": 3, "retracted": 1}
    found = await kept("status", "revision", "version")
    assert found.pop(gone) == {"status": "retracted", "revision": 2, "version": 2}
    assert {one["status"] for one in found.values()} == {"active"}


async def test_an_event_that_reaches_out_of_the_years_of_the_scope_is_not_retracted(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    over_new_year = changed(
        rows[10], date_start="2015-12-30", date_end="2016-01-02", date_prec="2", year="2015"
    )
    await import_ged(make_file([over_new_year, *rows[11:]], "ged221.csv"))

    report = await import_ged(
        make_file(rows[11:]), complete=True, countries=("SY",), years=(2016, 2016), confirm=lambda _: True
    )

    assert counts(report) == {"read": 2, "unchanged": 2}
    assert {one["status"] for one in (await kept("status")).values()} == {"active"}


async def test_a_retracted_event_that_comes_again_is_reinstated(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows[:2], "ged211.csv"))
    await import_ged(
        make_file(rows[:1], "ged221.csv"), complete=True, years=(1989, 2021), confirm=lambda _: True
    )
    assert (await kept("status"))["268807"] == {"status": "retracted"}

    report = await import_ged(make_file(rows[1::-1], "ged231.csv"))

    assert counts(report) == {"read": 2, "changed": 1, "reinstated": 1, "unchanged": 1}
    assert (await kept("status", "revision"))["268807"] == {"status": "active", "revision": 3}


async def test_an_older_file_does_not_bring_back_what_a_complete_release_retracted(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows[:2], "ged211.csv"))
    await import_ged(
        make_file(rows[:1], "ged231.csv"), complete=True, years=(1989, 2022), confirm=lambda _: True
    )

    report = await import_ged(make_file([changed(rows[1], best="4")], "ged221.csv"))

    assert counts(report) == {"read": 1, "outdated": 1}
    assert (await kept("status"))["268807"] == {"status": "retracted"}


async def test_an_older_file_brings_nothing_to_life_that_a_newer_complete_release_leaves_out(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows[:1]), complete=True, years=(1989, 2022))

    report = await import_ged(make_file(rows[:2], "ged211.csv"))

    assert counts(report) == {"read": 2, "outdated": 2}
    assert set(await kept("id")) == {"387642"}


async def test_a_row_that_is_quarantined_in_a_complete_release_is_no_reason_to_retract_its_event(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows[:2], "ged221.csv"))
    file = make_file([rows[0], changed(rows[1], latitude="?")])

    report = await import_ged(file, complete=True, years=(1989, 2022), confirm=lambda _: True)

    assert counts(report) == {"read": 2, "unchanged": 1, "quarantined": 1}
    assert (await kept("status"))["268807"] == {"status": "active"}


async def test_the_same_holds_when_the_older_release_comes_last(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    file = make_file([rows[0], changed(rows[1], latitude="?")])
    await import_ged(file, complete=True, years=(1989, 2022))

    report = await import_ged(make_file(rows[:2], "ged221.csv"))

    assert counts(report) == {"read": 2, "created": 1, "outdated": 1}
    assert (await kept("status"))["268807"] == {"status": "active"}


async def test_much_is_retracted_only_where_somebody_says_yes(
    rows: list[Cells], make_file: MakeFile, import_ged: Import
) -> None:
    await import_ged(make_file(rows, "ged221.csv"))
    asked: list[Withdrawal] = []

    def say_no(found: Withdrawal) -> bool:
        asked.append(found)
        return False

    with pytest.raises(NotConfirmed, match="12 of 13 events in the scope"):
        await import_ged(
            make_file(rows[:1]),
            complete=True,
            years=(1989, 2022),
            confirm=say_no,
        )

    (shown,) = asked
    assert (shown.active, shown.absent, len(shown.examples)) == (13, 12, 5)
    assert shown.elsewhere == sum(row["country"] != rows[0]["country"] for row in rows)


async def test_little_is_shown_and_nobody_is_asked_about_it(
    rows: list[Cells], make_file: MakeFile, import_ged: Import
) -> None:
    many = [changed(rows[0], id=str(number)) for number in range(1, 41)]
    await import_ged(make_file(many, "ged221.csv"))

    shown: list[Withdrawal] = []
    # The default says no to whoever asks.
    report = await import_ged(make_file(many[:-2]), complete=True, show=shown.append)

    assert counts(report) == {"read": 38, "unchanged": 38, "retracted": 2}
    assert [(one.active, one.absent, one.elsewhere) for one in shown] == [(40, 2, 0)]


async def test_a_file_that_came_as_a_delta_can_come_again_as_complete(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows, "ged221.csv"))
    path = make_file(rows[:12])
    await import_ged(path)

    report = await import_ged(path, complete=True, years=(1989, 2022), confirm=lambda _: True)
    again = await import_ged(path, complete=True, years=(1989, 2022))

    assert counts(report) == {"read": 12, "unchanged": 12, "retracted": 1}
    assert again.already
    assert sum(one["status"] == "retracted" for one in (await kept("status")).values()) == 1


async def test_a_complete_release_that_is_older_does_not_retract_what_a_newer_one_holds(
    rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows[:2]))

    report = await import_ged(
        make_file(rows[:1], "ged221.csv"), complete=True, years=(1989, 2022), confirm=lambda _: True
    )

    assert counts(report) == {"read": 1, "outdated": 1}
    assert (await kept("status"))["268807"] == {"status": "active"}


async def test_events_of_other_datasets_are_never_retracted(
    connection: AsyncConnection, rows: list[Cells], make_file: MakeFile, import_ged: Import, kept: Kept
) -> None:
    await import_ged(make_file(rows[:2], "ged221.csv"))
    await connection.execute(text("UPDATE event SET dataset = 'desk' WHERE source_key = '268807'"))

    report = await import_ged(make_file(rows[:1]), complete=True, years=(1989, 2022))

    assert report.retracted == 0
