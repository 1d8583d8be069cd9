"""Moments as they are written in `as_of`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.moments import parse_moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-08-09T00:00Z", datetime(2021, 8, 9, tzinfo=UTC)),
        ("2021-08-09t00:00:00z", datetime(2021, 8, 9, tzinfo=UTC)),
        ("2021-08-09 04:30:00 04:30", datetime(2021, 8, 9, tzinfo=UTC)),
        ("2021-08-09T00:00:00.123456Z", datetime(2021, 8, 9, 0, 0, 0, 123456, tzinfo=UTC)),
        ("2021-08-09T00:00:00.1234567890123Z", datetime(2021, 8, 9, 0, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_however_it_is_written(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2021-08-09", "2021-08-09T00:00Z"),
        ("2021-08-09T00:00", "no instant with an offset"),
        ("2021-08-09T00:00+99:00", "offset"),
        ("2021-13-09T00:00Z", "There is no instant"),
        ("yesterday", "no instant"),
    ],
)
def test_what_is_no_instant_is_told_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as caught:
        parse_moment(text)
    assert said in str(caught.value)
    assert "timedelta" not in str(caught.value)
