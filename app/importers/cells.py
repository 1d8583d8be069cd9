"""Cells: the texts of a source as numbers, days and words. What cannot be read raises BadCell, whose text says why."""

from __future__ import annotations

import math
import re
from datetime import date
from functools import lru_cache

NOTHING = frozenset({"", "na", "n/a", "nan", "null", "none", "nat"})
"""How the tools that wrote a file spell an empty cell. Only of numbers and days: a place may be called Na."""

_WHOLE = re.compile(r"([+-]?)0*(\d{1,18})(?:\.0*)?", re.ASCII)
_KEY = re.compile(r"0*([1-9]\d{0,17})(?:\.0*)?", re.ASCII)
_CLOCK = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})" + _CLOCK, re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ,]+(\d{4})" + _CLOCK, re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _CLOCK, re.ASCII)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MAX_INTEGER = 2**31 - 1
"""Of PostgreSQL's `integer`."""


class BadCell(ValueError):
    """A cell that cannot be read as what its column holds. The text is a sentence."""


def words(cell: str) -> str | None:
    r"""A text without spaces round it, its line breaks as spaces; None where there is none.

    >>> words(" Teir Maaleh\n village "), words("  ")
    ('Teir Maaleh village', None)
    """
    return " ".join(cell.split()) or None


@lru_cache(maxsize=4096)
def whole(cell: str) -> int | None:
    """A whole number, also as spreadsheets and pandas write it; None where there is none.

    >>> whole("214797.0"), whole("-1"), whole("")
    (214797, -1, None)

    Raises BadCell.
    """
    stripped = cell.strip()
    if stripped.casefold() in NOTHING:
        return None
    found = _WHOLE.fullmatch(stripped)
    if not found or int(found[2]) > _MAX_INTEGER:
        raise BadCell("is no whole number" if not found else "is larger than can be kept")
    return -int(found[2]) if found[1] == "-" else int(found[2])


def key(cell: str) -> str | None:
    """A positive whole number as a key in its canonical spelling; None where there is none.

    >>> key("214797.0"), key("000214797"), key(" ")
    ('214797', '214797', None)

    Raises BadCell.
    """
    stripped = cell.strip()
    if stripped.casefold() in NOTHING:
        return None
    found = _KEY.fullmatch(stripped)
    if not found:
        raise BadCell("is no positive whole number")
    return found[1]


def degrees(cell: str) -> float | None:
    """Degrees with a decimal point; None where there are none. Raises BadCell."""
    stripped = cell.strip()
    if stripped.casefold() in NOTHING:
        return None
    try:
        number = float(stripped)
    except ValueError:
        hint = " (write a point, not a comma)" if re.fullmatch(r"[+-]?\d+,\d+", stripped) else ""
        raise BadCell(f"is no number of degrees{hint}") from None
    if not math.isfinite(number) or "_" in stripped:
        raise BadCell("is no number of degrees")
    return number


@lru_cache(maxsize=20_000)
def day(cell: str) -> date | None:
    """A day, as written: a time of day and a zone after it do not move it. None where there is none.

    Read are `2015-05-11`, `2026-07-11 00:00:00.000`, `2015-05-11T00:00:00Z`, `2015/5/11`, `11-May-2015`; and day and month before
    the year only where they cannot be exchanged: `5/31/2015`, `31.5.2015`, `5/5/2015`, but not `5/11/2015`.

    >>> str(day("2026-07-11 00:00:00.000")), str(day("5/31/2015 0:00"))
    ('2026-07-11', '2015-05-31')

    Raises BadCell.
    """
    stripped = cell.strip()
    if stripped.casefold() in NOTHING:
        return None
    if found := _ISO.fullmatch(stripped):
        return _date(found[1], found[2], found[3])
    if (found := _NAMED.fullmatch(stripped)) and found[2].lower() in _MONTHS:
        return _date(found[3], _MONTHS[found[2].lower()], found[1])
    if not (found := _SLASHED.fullmatch(stripped)):
        raise BadCell("is no day; write it as 2015-05-11")
    first, second = int(found[1]), int(found[2])
    if first <= 12 and second <= 12 and first != second:
        raise BadCell("may be two days, as day and month can be exchanged; write it as 2015-05-11")
    return _date(found[3], min(first, second), max(first, second))


def _date(year: str, month: str | int, in_month: str | int) -> date:
    try:
        return date(int(year), int(month), int(in_month))
    except ValueError as error:
        raise BadCell(f"is no day of the calendar ({error})") from None
