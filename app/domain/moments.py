"""Moments: the `as_of` parameter, at which of several states of this database is asked about."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?([Zz]|[+\- ]\d{2}:?\d{2})", re.ASCII
)

_FRACTION = re.compile(r"(.*\d)([.,]\d{7,30})(\D.*)", re.ASCII)
"""More digits than a clock has: those past a millionth of a second are left out."""


def parse_moment(text: str) -> datetime:
    """Read an RFC 3339 instant, seconds left out or not, as an instant in UTC. Raises ValueError with a sentence.

    >>> parse_moment("2021-08-09T04:30+04:30")
    datetime.datetime(2021, 8, 9, 0, 0, tzinfo=datetime.timezone.utc)
    """
    given = text.strip()
    if found := _FRACTION.fullmatch(given):
        given = f"{found[1]}{found[2][:7]}{found[3]}"
    if not _INSTANT.fullmatch(given):
        hint = (
            f" For the beginning of that day: {given}T00:00Z."
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given, re.ASCII)
            else ""
        )
        raise ValueError(f"'{text[:60]}' is no instant with an offset, such as 2021-08-09T00:00Z.{hint}")
    # A plus that was not escaped reaches us as a space.
    plain = f"{given[:10]}T{given[11:].replace(' ', '+')}".upper()
    if (offset := re.search(r"[+-](\d{2}):?(\d{2})$", plain[10:])) and not (
        int(offset[1]) < 24 and int(offset[2]) < 60
    ):
        raise ValueError(f"The offset of '{text[:60]}' is not one.")
    try:
        return datetime.fromisoformat(plain).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"There is no instant {text[:60]}: {error}.") from error


def written(moment: datetime) -> str:
    """An instant in UTC as it is shown, to the microsecond where it has any.

    >>> written(datetime(2021, 8, 9, tzinfo=UTC))
    '2021-08-09T00:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
