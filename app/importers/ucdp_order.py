"""The order of UCDP's releases: by the last month that one covers, and final before candidate."""

from __future__ import annotations

import re
from datetime import date

from app.importers.importer import BadRelease, Order
from app.importers.opening import file_name

MONTHLY, CUMULATIVE, FINAL = 0, 1, 2
"""For the same months the candidates of each month come first, then what they were merged into, then the yearly release."""


MONTHS = range(1, 13)
_YEARLY = re.compile(r"(\d{2})\.1")
_MONTHLY = re.compile(r"(\d{2})\.0\.(\d{1,2})")
_CUMULATIVE = re.compile(r"(\d{2})\.(\d{1,2})\.(\d{2})\.(\d{1,2})")
_SHORT_NAME = re.compile(r"(?<![a-z])ged[-_]?(\d{2})1(?!\d)", re.IGNORECASE)
_LONG_NAME = re.compile(r"GEDEvent[-_]v(\d{2}(?:[._]\d{1,2}){1,3})(?!\d)", re.IGNORECASE)


def order(name: str, label: str | None, newest: date | None) -> Order:
    """The place of a release of GED or GED Candidate. Without label and version it is as new as its newest day.

    >>> order("ged231.csv.gz", None, None)
    Order(position=2022122, basis='file_name', label='23.1')
    >>> order("syria.csv", None, date(2019, 12, 31))
    Order(position=2019120, basis='newest_day', label=None)

    Raises BadRelease.
    """
    if label is not None:
        position = _position(label)
        if position is None:
            raise BadRelease(
                f"{label} is no release of UCDP GED. They are called 23.1 (yearly), 26.0.8 (candidate of a month) or"
                " 26.01.26.06 (candidates of several months)."
            )
        return Order(position, "stated", label)
    found = label_in(file_name(name))
    position = _position(found) if found else None
    if position is not None:
        return Order(position, "file_name", found)
    return Order(_at(newest.year, newest.month, MONTHLY) if newest else 0, "newest_day")


def label_in(name: str) -> str | None:
    """The release that a file's name tells.

    >>> [label_in(name) for name in ("ged261-csv.zip", "GEDEvent_v26_0_8.csv", "GEDEvent_v26_01_26_06.csv", "ged-syria.csv")]
    ['26.1', '26.0.8', '26.01.26.06', None]
    """
    if found := _LONG_NAME.search(name):
        return found[1].replace("_", ".")
    if found := _SHORT_NAME.search(name):
        return f"{found[1]}.1"
    return None


def _position(label: str) -> int | None:
    """Ten times the last month covered (as 202212), and what kind of release it is."""
    if found := _YEARLY.fullmatch(label):
        return _at(2000 + int(found[1]) - 1, 12, FINAL)
    if (found := _MONTHLY.fullmatch(label)) and int(found[2]) in MONTHS:
        return _at(2000 + int(found[1]), int(found[2]), MONTHLY)
    if (found := _CUMULATIVE.fullmatch(label)) and int(found[4]) in MONTHS:
        return _at(2000 + int(found[3]), int(found[4]), CUMULATIVE)
    return None


def _at(year: int, month: int, kind: int) -> int:
    return 10 * (100 * year + month) + kind
