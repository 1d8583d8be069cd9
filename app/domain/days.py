"""Windows of days: the `datetime` and `reported` parameters.

Conflict data is coded by local days at the place, so a window is made of days, both ends included. Grammar:
OGC API Features 1.0.1 (17-069r4, 7.15.4), RFC 3339 for instants, ISO 8601 for durations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import isodate

INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:[Zz]|[+\- ](\d{2}):(\d{2}))", re.ASCII
)
"""An RFC 3339 instant, seconds left out or not. A space stands for the plus that a query string loses when it is not escaped."""

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEAR_OR_MONTH = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
HINT = "Give a day (2021-08-08), an RFC 3339 instant, or an interval: start/end, ../end, start/.., start/P7D."


class BadDays(ValueError):
    """A window of days that cannot be read; the message is a sentence for its writer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A window of local days, both ends included. An end that is None is open.

    An end written as an instant counts as its calendar day as written. As nobody knows the local time at the place, it may
    be the day before or after there: `rough_since` and `rough_until` say so, and `widest` gives the window with that doubt.
    """

    since: date | None = None
    until: date | None = None
    rough_since: bool = False
    rough_until: bool = False

    def __post_init__(self) -> None:
        """Refuse a window that ends before it begins."""
        if self.since and self.until and self.since > self.until:
            message = f"The interval ends ({self.until}) before it begins ({self.since})."
            raise BadDays(message)

    def widest(self) -> Days:
        """The window with the day of doubt that an instant as an end brings.

        >>> Days.parse("2021-08-08T20:00:00Z/..").widest().since
        datetime.date(2021, 8, 7)
        """
        since, until = self.since, self.until
        if since and self.rough_since and since > date.min:
            since -= timedelta(days=1)
        if until and self.rough_until and until < date.max:
            until += timedelta(days=1)
        return Days(since=since, until=until)

    @classmethod
    def parse(cls, text: str) -> Days:
        """Read a `datetime` parameter.

        A duration counts whole days from its start: 2021-08-01/P1M is August.

        >>> window = Days.parse("2021-08-01/P1M")
        >>> str(window.since), str(window.until)
        ('2021-08-01', '2021-08-31')

        Raises BadDays.
        """
        start, slash, end = text.strip().partition("/")
        if not slash:
            day, rough = _bound(start)
            return cls(since=day, until=day, rough_since=rough, rough_until=rough)
        if start in {"", ".."} and end in {"", ".."}:
            message = f"An interval needs at least one end. {HINT}"
            raise BadDays(message)
        if end[:1] in {"P", "p"}:
            return cls._lasting(start, end)
        since, rough_since = (None, False) if start in {"", ".."} else _bound(start)
        until, rough_until = (None, False) if end in {"", ".."} else _bound(end)
        return cls(since=since, until=until, rough_since=rough_since, rough_until=rough_until)

    @classmethod
    def _lasting(cls, start: str, duration: str) -> Days:
        since, rough = _bound(start)
        began = _instant(start) if rough else datetime.combine(since, datetime.min.time())
        try:
            ended = began + isodate.parse_duration(duration.upper())
        except (isodate.ISO8601Error, OverflowError, ValueError) as error:
            message = f"'{duration[:40]}' is not an ISO 8601 duration that can be added to {start}. {HINT}"
            raise BadDays(message) from error
        if ended <= began:
            message = f"The duration '{duration[:40]}' must be longer than nothing."
            raise BadDays(message)
        last = ended if rough else ended - timedelta(microseconds=1)
        return cls(since=since, until=last.date(), rough_since=rough, rough_until=rough)


def _bound(text: str) -> tuple[date, bool]:
    """The day that a bound names, and whether it was given as an instant."""
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text), False
        except ValueError as error:
            message = f"There is no day {text}: {error}."
            raise BadDays(message) from error
    return _instant(text).date(), True


def _instant(text: str) -> datetime:
    """The wall-clock time of an instant, as written and without its offset."""
    found = INSTANT.fullmatch(text)
    if named := YEAR_OR_MONTH.fullmatch(text):
        whole = f"{text}-01/P1M" if named[1] else f"{text}-01-01/P1Y"
        message = f"'{text}' is neither a day nor an instant. The whole {'month' if named[1] else 'year'} is {whole}."
        raise BadDays(message)
    if not found:
        message = f"'{text[:60]}' is neither a day nor an instant. {HINT}"
        raise BadDays(message)
    day, hour, minute, second, offset_hour, offset_minute = found.groups(default="0")
    if int(offset_hour) > 23 or int(offset_minute) > 59:  # the clock's own limits
        message = f"The offset of '{text[:60]}' is not one."
        raise BadDays(message)
    try:
        # A leap second (RFC 3339, 5.7) stays on the day it is written on.
        return datetime.fromisoformat(f"{day}T{hour}:{minute}:{'59' if second == '60' else second.zfill(2)}")
    except ValueError as error:
        message = f"There is no instant {text[:60]}: {error}."
        raise BadDays(message) from error
