"""The grammar of `datetime`: days, instants, closed intervals, durations."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.days import BadDays, Days


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2021-08-08", "2021-08-08", "2021-08-08"),
        ("2021-08-01/2021-08-09", "2021-08-01", "2021-08-09"),
        ("../2021-08-09", None, "2021-08-09"),
        ("/2021-08-09", None, "2021-08-09"),
        ("2021-08-01/..", "2021-08-01", None),
        ("2021-08-01/", "2021-08-01", None),
        ("2021-08-01/P7D", "2021-08-01", "2021-08-07"),
        ("2021-08-01/P1D", "2021-08-01", "2021-08-01"),
        ("2021-01-31/P1M", "2021-01-31", "2021-02-27"),
        ("2020-02-29/p1y", "2020-02-29", "2021-02-27"),
        ("2021-08-01/PT12H", "2021-08-01", "2021-08-01"),
        ("2021-08-08T23:59:60Z", "2021-08-08", "2021-08-08"),
        ("2021-08-08t20:00:00.123z", "2021-08-08", "2021-08-08"),
        ("2021-08-08T23:30:00+04:30/..", "2021-08-08", None),
        ("2021-08-08T23:30:00 04:30/..", "2021-08-08", None),
        ("2021-08-08T22:00:00Z/PT4H", "2021-08-08", "2021-08-09"),
    ],
)
def test_a_window_is_closed_days(text: str, since: str | None, until: str | None) -> None:
    window = Days.parse(text)

    assert (window.since and str(window.since), window.until and str(window.until)) == (since, until)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "neither a day nor an instant"),
        ("../..", "at least one end"),
        ("/", "at least one end"),
        ("2021-02-30", "There is no day 2021-02-30"),
        ("2021-8-8", "neither a day nor an instant"),
        ("2021", "The whole year is 2021-01-01/P1Y"),
        ("2021-08", "The whole month is 2021-08-01/P1M"),
        ("2020/2021", "The whole year is 2020-01-01/P1Y"),
        ("20210808", "neither a day nor an instant"),
        ("٢٠٢١-٠٨-٠٨", "neither a day nor an instant"),
        ("2021-08-09/2021-08-01", "before it begins"),
        ("2021-08-08T25:00:00Z", "There is no instant"),
        ("2021-08-08T20:00:00", "neither a day nor an instant"),
        ("2021-08-08T20:00:00+25:00", "offset"),
        ("2021-08-01/P0D", "longer than nothing"),
        ("2021-08-01/-P1D", "neither a day nor an instant"),
        ("2021-08-01/P", "not an ISO 8601 duration"),
        ("2021-08-01/P99999Y", "not an ISO 8601 duration"),
        ("2021-08-01/2021-08-02/2021-08-03", "neither a day nor an instant"),
        ("../P1D", "neither a day nor an instant"),
    ],
)
def test_a_window_that_cannot_be_read_says_why(text: str, sentence: str) -> None:
    with pytest.raises(BadDays, match=sentence):
        Days.parse(text)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2021-08-08", "2021-08-08", "2021-08-08"),
        ("2021-08-08T20:00:00Z", "2021-08-07", "2021-08-09"),
        ("2021-08-08/2021-08-09T20:00:00Z", "2021-08-08", "2021-08-10"),
        ("2021-08-08T20:00:00Z/2021-08-09", "2021-08-07", "2021-08-09"),
        ("0001-01-01T00:00:00Z/9999-12-31T00:00:00Z", "0001-01-01", "9999-12-31"),
    ],
)
def test_only_an_instant_brings_a_day_of_doubt(text: str, since: str, until: str) -> None:
    widest = Days.parse(text).widest()

    assert (str(widest.since), str(widest.until)) == (since, until)


@given(st.dates(), st.dates())
def test_every_pair_of_days_is_a_window_in_one_order_only(one: date, other: date) -> None:
    first, last = sorted((one, other))

    assert Days.parse(f"{first}/{last}") == Days(since=first, until=last)
    if first < last:
        with pytest.raises(BadDays):
            Days.parse(f"{last}/{first}")


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(BadDays):
        assert isinstance(Days.parse(text), Days)


def test_an_instant_may_leave_out_its_seconds() -> None:
    assert Days.parse("2021-08-08T04:30Z/..").since == date(2021, 8, 8)
