"""The parts of a row of UCDP GED that many rows share: its place, its days, its sides and its deaths. Each is read of a few cells."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.domain.drafts import ActorDraft
from app.domain.events import DatePrecision, Precision
from app.domain.words import fold
from app.importers import cells

if TYPE_CHECKING:
    from app.importers.notes import Notes

PLACES = {
    1: Precision.SETTLEMENT,
    2: Precision.NEAR_SETTLEMENT,
    3: Precision.ADMIN2,
    4: Precision.ADMIN1,
    5: Precision.FUZZY_REGION,
    6: Precision.COUNTRY,
    7: Precision.SEA_AIR,
}
DAYS = {
    1: DatePrecision.DAY,
    2: DatePrecision.DAYS_2_6,
    3: DatePrecision.WEEK,
    4: DatePrecision.MONTH,
    5: DatePrecision.YEAR,
}
FIRST_YEAR = 1900
AHEAD = timedelta(days=366)
"""An event further ahead than this is a slip of the pen; a nearer one may be an error of a clock and is flagged."""
WKT_DEG = 1e-4
"""The geometry repeats the point with six digits; what is further off is another point (11 m)."""
LONGEST_NAME = 500

PLACE_COLUMNS = (
    *("longitude", "latitude", "where_prec", "where_coordinates", "adm_1", "adm_2", "country", "country_id"),
)
DOUBTS_COLUMNS = ("longitude", "latitude", "geom_wkt", "priogrid_gid", "country_id")
DAYS_COLUMNS = ("date_start", "date_end", "date_prec", "year")
SIDES_COLUMNS = ("side_a", "side_a_new_id", "side_b", "side_b_new_id")
DEATHS_COLUMNS = ("low", "best", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")

_WKT = re.compile(r"POINT\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Place:
    """What rows with one place say of it."""

    lon: float
    lat: float
    precision: Precision
    name: str | None
    adm_1: str | None
    adm_2: str | None
    title: str | None
    """What it is called in the title of an event."""
    number: int | None
    """The country's, by Gleditsch and Ward."""


def place_of(note: Notes) -> Place:
    """The place of a row. It means nothing where the row is refused."""
    lon, lat = _point(note)
    where = note.code("where_prec", PLACES, bad="bad_place_precision")
    if lon == lat == 0 and where != 7:
        note.refuse("null_island", "latitude", "The point is 0, 0, where no country is.")
    name = short(note.words("where_coordinates"), LONGEST_NAME)
    return Place(
        lon=lon,
        lat=lat,
        precision=PLACES.get(where, Precision.UNKNOWN),
        name=name,
        adm_1=note.words("adm_1"),
        adm_2=note.words("adm_2"),
        title=name or note.words("adm_2") or note.words("adm_1") or note.words("country"),
        number=note.attempt("country_id", cells.whole),
    )


def _point(note: Notes) -> tuple[float, float]:
    """Longitude and latitude; no number where one is missing and the row therefore refused."""
    found = []
    for column, limit in (("longitude", 180), ("latitude", 90)):
        number = note.needed(column, cells.degrees, missing="no_coordinates", bad="bad_coordinates")
        if number is not None and abs(number) > limit:
            note.refuse(
                "off_the_globe", column, f"{number:g} lies outside -{limit}..{limit}. Are the two exchanged?"
            )
        found.append(math.nan if number is None else number)
    return found[0], found[1]


def doubts_of(note: Notes) -> None:
    """What is flagged in the place of a row that makes an event."""
    lon, lat = _point(note)
    note.number("country_id")
    wkt = note.text("geom_wkt").strip()
    if wkt and not _same_point(wkt, lon, lat):
        note.flag(
            "wkt_differs", "geom_wkt", f"The geometry is another point than {lon:g} {lat:g}, which is taken."
        )
    grid = note.number("priogrid_gid")
    # The PRIO-GRID cells are half degrees, counted from the south-west corner of the world (Tollefsen et al. 2012).
    if grid is not None and grid != math.floor((lat + 90) * 2) * 720 + math.floor((lon + 180) * 2) + 1:
        note.flag(
            "priogrid_differs", "priogrid_gid", f"The PRIO-GRID cell {grid} is not that of {lon:g} {lat:g}."
        )


def _same_point(wkt: str, lon: float, lat: float) -> bool:
    found = _WKT.fullmatch(wkt)
    try:
        return (
            found is not None
            and abs(float(found[1]) - lon) <= WKT_DEG
            and abs(float(found[2]) - lat) <= WKT_DEG
        )
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Days:
    first: date
    last: date
    precision: DatePrecision


def days_of(note: Notes, today: date) -> Days:
    """The days of a row. Both are today where one is impossible and the row therefore refused."""
    when = note.code("date_prec", DAYS, bad="bad_day_precision")
    days = {}
    for column in ("date_start", "date_end"):
        found = note.needed(column, cells.day, missing="no_day", bad="bad_day")
        if found is not None and not (found.year >= FIRST_YEAR and found <= today + AHEAD):
            note.refuse(
                "impossible_day", column, f"{found} is before {FIRST_YEAR} or more than a year ahead."
            )
        days[column] = found
    first, last = days["date_start"], days["date_end"]
    precision = DAYS.get(when, DatePrecision.UNKNOWN)
    if first is None or last is None:
        return Days(today, today, precision)
    if last < first:
        note.refuse("days_reversed", "date_end", f"The event ends ({last}) before it begins ({first}).")
    if last > today:
        note.flag("day_in_future", "date_end", f"{last} lies ahead of the day of the import, {today}.")
    year = note.number("year")
    if year is not None and not first.year <= year <= last.year:
        note.flag("other_year", "year", f"The year is {year}, the days are {first} to {last}.")
    return Days(first, last, precision)


def sides_of(note: Notes) -> tuple[tuple[ActorDraft, ...], tuple[ActorDraft, ...]]:
    return _side(note, "a"), _side(note, "b")


def _side(note: Notes, letter: str) -> tuple[ActorDraft, ...]:
    return _actors(note.text(f"side_{letter}"), note.text(f"side_{letter}_new_id"))


def _actors(name_cell: str, key_cell: str) -> tuple[ActorDraft, ...]:
    """The actor of two cells; none without a name."""
    name = short(cells.words(name_cell), LONGEST_NAME)
    if name is None:
        return ()
    try:
        key = cells.key(key_cell)
    except cells.BadCell:
        key = None
    return (ActorDraft(source_key=key or fold(name), name=name),)


@dataclass(frozen=True, slots=True)
class Deaths:
    low: int | None
    best: int | None
    high: int | None
    civilians: int | None


def deaths_of(note: Notes) -> Deaths:
    low, best, high = (note.count(name) for name in ("low", "best", "high"))
    civilians = note.count("deaths_civilians")
    _check_deaths(note, low, best, high)
    return Deaths(low, best, high, civilians)


def _check_deaths(note: Notes, low: int | None, best: int | None, high: int | None) -> None:
    known = [number for number in (low, best, high) if number is not None]
    if known != sorted(known):
        note.flag(
            "deaths_disordered",
            "best",
            f"low {low}, best {best}, high {high} are not in order; kept as they came.",
        )
    parts = [note.number(name) for name in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")]
    whole = [part for part in parts if part is not None]
    if best is not None and len(whole) == len(parts) and sum(whole) != best:
        note.flag("deaths_sum", "best", f"The best figure is {best}, its parts add up to {sum(whole)}.")


def short(text: str | None, length: int) -> str | None:
    """A text that fits an index and a list; the record has all of it."""
    return text if text is None or len(text) <= length else f"{text[: length - 1]}…"
