"""UCDP GED and GED Candidate: columns -> event. Any layout from 41 to 49 columns, by name, since their order changes.

Codebook: Högbladh, UCDP GED Codebook 23.1. The rules are explained in docs/import-rules.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from app.domain.drafts import ActorDraft, Dataset, Draft, Fault, Rejected
from app.domain.events import DatePrecision, DeathsState, EventType, FirstReportedBasis, Precision
from app.domain.statements import NO_EVIDENCE
from app.domain.words import fold
from app.importers import cells, ucdp_order
from app.importers.gleditsch_ward import countries
from app.importers.importer import Order, Reader
from app.importers.locating import Located, Locator, Spot
from app.importers.notes import Notes, Part, Refused
from app.importers.opening import Unreadable
from app.importers.reading import Row
from app.importers.region_seed import seeded
from app.importers.ucdp_layouts import HEADERLESS, NEEDED

DATASET = Dataset(
    id="ucdp-ged",
    title="UCDP Georeferenced Event Dataset (GED)",
    publisher="Uppsala Conflict Data Program, Department of Peace and Conflict Research, Uppsala University",
    homepage="https://ucdp.uu.se/downloads/",
    licence="CC-BY-4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    redistribution="open",
    citation=(
        "Sundberg, Ralph and Erik Melander (2013): Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research 50(4)."
        " Davies, Shawn, Therése Pettersson and Magnus Öberg (2023): Organized violence 1989-2022, and the return of conflict between"
        " states. Journal of Peace Research 60(4)."
    ),
)

TYPES = {1: EventType.BATTLE, 2: EventType.BATTLE, 3: EventType.ATTACK_ON_CIVILIANS}
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
LONGEST_SUMMARY = 5000

_WKT = re.compile(r"POINT\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)
_COLUMN_OF = {
    "lon": "longitude",
    "lat": "latitude",
    "lon lat": "longitude",
    "country": "country_id",
    "precision": "where_prec",
}


_PLACE = (
    *("longitude", "latitude", "where_prec", "where_coordinates", "adm_1", "adm_2", "country", "country_id"),
    *("geom_wkt", "priogrid_gid"),
)
_DAYS = ("date_start", "date_end", "date_prec", "year")
_SIDES = ("side_a", "side_a_new_id", "side_b", "side_b_new_id")
_DEATHS = ("low", "best", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
_REMEMBERED = 10_000
"""Of each part of a row. The places of a yearly release are some 60,000, of which most stand in rows that follow each other."""


@dataclass(eq=False, slots=True, kw_only=True)
class _Place:
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
    located: dict[tuple[str, ...], tuple[Located, tuple[Fault, ...]]] = field(default_factory=dict)
    """Where it is and what is wrong with that, by the countries that the state was in the year of the event."""


@dataclass(frozen=True, slots=True)
class _Days:
    first: date
    last: date
    precision: DatePrecision


@dataclass(frozen=True, slots=True)
class _Deaths:
    low: int | None
    best: int | None
    high: int | None
    civilians: int | None


@dataclass(slots=True)
class _Begun:
    """A row of which all is known but where it is."""

    note: Notes
    source_key: str
    code: int
    place: _Place
    countries: tuple[str, ...]
    days: _Days


class UcdpGed:
    """The importer of UCDP GED. `locate` is `locate_all` of a `Locator`."""

    dataset = DATASET
    evidence = NO_EVIDENCE

    def __init__(self, locate: Callable[[Sequence[Spot]], Sequence[Located]], *, today: date) -> None:
        self._locate = locate
        self._today = today

    def heading(self, first: Sequence[str]) -> tuple[Sequence[str], bool]:
        """A header, or for a file without one (Candidate 24.0.1) the known columns that its first row fits. Raises Unreadable."""
        if NEEDED & set(map(_plain, first)):
            self.reader(first, released_on=None)
            return first, True
        for header in HEADERLESS:
            if len(header) == len(first):
                (row,) = self.reader(header, released_on=None)([Row(1, list(first))])
                if isinstance(row, Draft) and not any(fault.rule == "wkt_differs" for fault in row.faults):
                    return header, False
        shown = ", ".join(cell[:30] for cell in first[:6])
        raise Unreadable(
            f"This is no UCDP GED file: its first row is neither a header nor a row of one ({shown}, …). Its columns would be"
            f" {', '.join(sorted(NEEDED))} and others."
        )

    def order(self, name: str, label: str | None, newest: date | None) -> Order:
        """See `ucdp_order.order`."""
        return ucdp_order.order(name, label, newest)

    def reader(self, header: Sequence[str], *, released_on: date | None) -> Reader:
        """Makes a draft of each row. Raises Unreadable where a needed column is missing."""
        columns: dict[str, int] = {}
        for at, name in enumerate(map(_plain, header)):
            columns.setdefault(name, at)  # of two columns with one name the first counts
        missing = NEEDED - set(columns)
        if missing:
            raise Unreadable(
                f"The file lacks the columns {', '.join(sorted(missing))}. It has {', '.join(header)}."
            )
        place = Part(columns, _PLACE, _place, remembered=_REMEMBERED)
        days = Part(columns, _DAYS, self._days, remembered=_REMEMBERED)
        sides = Part(columns, _SIDES, _sides, remembered=_REMEMBERED)
        deaths = Part(columns, _DEATHS, _deaths, remembered=_REMEMBERED)

        def begin(row: Row) -> _Begun | Rejected:
            note = Notes(columns, row.cells, row.faults)
            try:
                note.stop_if_refused()
                source_key = note.needed("id", cells.key, missing="no_key", bad="bad_key") or ""
                code = note.code("type_of_violence", TYPES, bad="bad_type")
                at, when = note.part(place), note.part(days)
                note.stop_if_refused()
            except Refused:
                return Rejected(faults=note.faults, source_key=note.attempt("id", cells.key))
            held = countries(at.number, when.last.year) if at.number is not None else ()
            return _Begun(note, source_key, code, at, held, when)

        def finish(begun: _Begun) -> Draft:
            told = begun.note.part(sides), begun.note.part(deaths)
            return _draft(
                begun, *told, _first_reported(begun.note, begun.days.first, released_on, self._today)
            )

        def read(rows: Sequence[Row]) -> list[Draft | Rejected]:
            begun = [begin(row) for row in rows]
            self._locate_those([one for one in begun if isinstance(one, _Begun)])
            return [one if isinstance(one, Rejected) else finish(one) for one in begun]

        return read

    def _days(self, note: Notes) -> _Days:
        """The days of a row. Both are today where one is impossible and the row therefore refused."""
        when = note.code("date_prec", DAYS, bad="bad_day_precision")
        days = {}
        for column in ("date_start", "date_end"):
            found = note.needed(column, cells.day, missing="no_day", bad="bad_day")
            if found is not None and not (found.year >= FIRST_YEAR and found <= self._today + AHEAD):
                note.refuse(
                    "impossible_day", column, f"{found} is before {FIRST_YEAR} or more than a year ahead."
                )
            days[column] = found
        first, last = days["date_start"], days["date_end"]
        if first is None or last is None or note.refused:
            return _Days(self._today, self._today, DatePrecision.UNKNOWN)
        if last < first:
            note.refuse("days_reversed", "date_end", f"The event ends ({last}) before it begins ({first}).")
        if last > self._today:
            note.flag(
                "day_in_future", "date_end", f"{last} lies ahead of the day of the import, {self._today}."
            )
        year = note.number("year")
        if year is not None and not first.year <= year <= last.year:
            note.flag("other_year", "year", f"The year is {year}, the days are {first} to {last}.")
        return _Days(first, last, DAYS[when])

    def _locate_those(self, begun: Sequence[_Begun]) -> None:
        """Find out where rows are whose place has not been located yet, all at once."""
        wanted = {
            (one.place, one.countries): Spot(
                lon=one.place.lon,
                lat=one.place.lat,
                precision=one.place.precision,
                country=one.countries[0] if one.countries else None,
                held=one.countries[1:],
                adm_1=one.place.adm_1,
                adm_2=one.place.adm_2,
                dataset=DATASET.id,
            )
            for one in begun
            if one.countries not in one.place.located
        }
        for (place, held), located in zip(wanted, self._locate(list(wanted.values())), strict=True):
            faults = tuple(
                Fault(
                    rule=problem.rule,
                    column=_COLUMN_OF.get(problem.column, problem.column),
                    value=problem.value,
                    message=problem.message,
                )
                for problem in located.problems
            )
            place.located[held] = located, faults


def _place(note: Notes) -> _Place:
    lon, lat = _point(note)
    where = note.code("where_prec", PLACES, bad="bad_place_precision")
    if lon == lat == 0 and where != 7:
        note.refuse("null_island", "latitude", "The point is 0, 0, where no country is.")
    name = _short(note.words("where_coordinates"), LONGEST_NAME)
    if not note.refused:
        _check_point(note, lon, lat)
    return _Place(
        lon=lon,
        lat=lat,
        precision=PLACES.get(where, Precision.UNKNOWN),
        name=name,
        adm_1=note.words("adm_1"),
        adm_2=note.words("adm_2"),
        title=name or note.words("adm_2") or note.words("adm_1") or note.words("country"),
        number=note.number("country_id"),
    )


def _sides(note: Notes) -> tuple[tuple[ActorDraft, ...], tuple[ActorDraft, ...]]:
    return _side(note, "a"), _side(note, "b")


def _deaths(note: Notes) -> _Deaths:
    low, best, high = (note.count(name) for name in ("low", "best", "high"))
    civilians = note.count("deaths_civilians")
    _check_deaths(note, low, best, high)
    return _Deaths(low, best, high, civilians)


def _draft(
    begun: _Begun,
    sides: tuple[tuple[ActorDraft, ...], tuple[ActorDraft, ...]],
    deaths: _Deaths,
    reported: tuple[date | None, FirstReportedBasis | None],
) -> Draft:
    note, place = begun.note, begun.place
    located, faults = place.located[begun.countries]
    if not begun.countries:
        at = note.words("country") or "its country"
        note.flag(
            "unknown_country",
            "country_id",
            f"No state has this Gleditsch-Ward number; the point decides, and not {at}.",
        )
    for fault in faults:
        note.add(fault)
    return Draft(
        source_key=begun.source_key,
        type=TYPES[begun.code],
        source_type=str(begun.code),
        title=_title(begun.code, *sides, place.title),
        summary=_summary(note),
        first_day=begun.days.first,
        last_day=begun.days.last,
        date_precision=begun.days.precision,
        place=place.name,
        lon=place.lon,
        lat=place.lat,
        precision=place.precision,
        radius_m=located.radius_m,
        country=located.country,
        admin1=located.admin1,
        admin2=located.admin2,
        extent_region=located.extent_region,
        near_regions=located.near_regions,
        extent=located.extent,
        side_a=sides[0],
        side_b=sides[1],
        deaths_low=deaths.low,
        deaths_best=deaths.best,
        deaths_high=deaths.high,
        deaths_civilians=deaths.civilians,
        deaths_state=_deaths_state(deaths.low, deaths.best, deaths.high),
        sources=_sources(note),
        first_reported=reported[0],
        first_reported_basis=reported[1],
        faults=note.faults,
    )


def seeded_importer(today: date) -> UcdpGed:
    """The importer with the regions that ship with Sitrep."""
    return UcdpGed(Locator(seeded()).locate_all, today=today)


def _plain(name: str) -> str:
    """A column's name as it is compared."""
    return name.strip().strip('"').casefold()


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


def _side(note: Notes, letter: str) -> tuple[ActorDraft, ...]:
    return _actors(note.text(f"side_{letter}"), note.text(f"side_{letter}_new_id"))


def _actors(name_cell: str, key_cell: str) -> tuple[ActorDraft, ...]:
    """The actor of two cells; none without a name."""
    name = _short(cells.words(name_cell), LONGEST_NAME)
    if name is None:
        return ()
    try:
        key = cells.key(key_cell)
    except cells.BadCell:
        key = None
    return (ActorDraft(source_key=key or fold(name), name=name),)


def _title(
    code: int, side_a: tuple[ActorDraft, ...], side_b: tuple[ActorDraft, ...], place: str | None
) -> str:
    """`Government of Syria – Syrian insurgents, Teir Maaleh village`."""
    first = side_a[0].name if side_a else "unknown"
    second = side_b[0].name if side_b else "unknown"
    if code == 3 and second == "Civilians":
        second = "civilians"
    return f"{first} – {second}, {place}" if place else f"{first} – {second}"


def _summary(note: Notes) -> str | None:
    """The headlines of the reports, where they say anything."""
    headlines = note.words("source_headline")
    if headlines is None or not any(letter.isalnum() for letter in headlines):
        return None
    if ";" in headlines:
        headlines = "; ".join(filter(None, map(str.strip, headlines.split(";"))))
    return _short(headlines, LONGEST_SUMMARY)


def _short(text: str | None, length: int) -> str | None:
    """A text that fits an index and a list; the record has all of it."""
    return text if text is None or len(text) <= length else f"{text[: length - 1]}…"


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


def _check_point(note: Notes, lon: float, lat: float) -> None:
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


def _deaths_state(low: int | None, best: int | None, high: int | None) -> DeathsState:
    known = [number for number in (low, best, high) if number is not None]
    if not known:
        return DeathsState.NOT_REPORTED
    return DeathsState.REPORTED if any(known) else DeathsState.ZERO_OR_NOT_REPORTED


def _sources(note: Notes) -> int | None:
    if note.number("number_of_sources") == -1:
        note.flag(
            "sources_not_recorded",
            "number_of_sources",
            "-1 means that the number of sources was not recorded.",
        )
        return None
    return note.count("number_of_sources")


def _first_reported(
    note: Notes, first_day: date, released_on: date | None, today: date
) -> tuple[date | None, FirstReportedBasis | None]:
    """The day of the earliest document that can be about the event: not before it, and not ahead."""
    for found in _document_days(note.text("source_date")):
        if first_day <= found <= today:
            return found, FirstReportedBasis.DOCUMENT
    return (released_on, FirstReportedBasis.RELEASE) if released_on else (None, None)


@lru_cache(maxsize=_REMEMBERED)
def _document_days(cell: str) -> list[date]:
    """The days of the documents, the earliest first."""
    days = []
    for part in cell.split(";"):
        with suppress(cells.BadCell):
            days.append(cells.day(part))
    return sorted(filter(None, days))
