"""UCDP GED and GED Candidate: columns -> event. Any layout from 41 to 49 columns, by name, since their order changes.

Codebook: Högbladh, UCDP GED Codebook 23.1. The rules are explained in docs/import-rules.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, partial

from app.domain.drafts import ActorDraft, Dataset, Draft, Fault, Rejected
from app.domain.events import DeathsState, EventType, FirstReportedBasis
from app.domain.statements import NO_EVIDENCE
from app.importers import cells, ucdp_order
from app.importers.gleditsch_ward import countries
from app.importers.importer import Order, Reader
from app.importers.locating import Located, Locator, Problem, Spot
from app.importers.notes import Notes, Part, Refused
from app.importers.opening import Unreadable
from app.importers.reading import Row
from app.importers.region_seed import seeded
from app.importers.ucdp_layouts import HEADERLESS, NEEDED
from app.importers.ucdp_parts import (
    DAYS_COLUMNS,
    DEATHS_COLUMNS,
    DOUBTS_COLUMNS,
    PLACE_COLUMNS,
    SIDES_COLUMNS,
    Days,
    Deaths,
    Place,
    days_of,
    deaths_of,
    doubts_of,
    place_of,
    short,
    sides_of,
)

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
LONGEST_SUMMARY = 5000

_COLUMN_OF = {
    "lon": "longitude",
    "lat": "latitude",
    "lon lat": "longitude",
    "country": "country_id",
    "precision": "where_prec",
}
_REMEMBERED = 10_000
"""Of each part of a row. The places of a yearly release are some 60,000, of which most stand in rows that follow each other."""


@dataclass(slots=True)
class _Begun:
    """A row of which all is known but where it is."""

    note: Notes
    source_key: str
    code: int
    place: Place
    countries: tuple[str, ...]
    days: Days


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
        place = Part(columns, PLACE_COLUMNS, place_of, remembered=_REMEMBERED)
        days = Part(columns, DAYS_COLUMNS, partial(days_of, today=self._today), remembered=_REMEMBERED)
        doubts = Part(columns, DOUBTS_COLUMNS, doubts_of, remembered=_REMEMBERED)
        sides = Part(columns, SIDES_COLUMNS, sides_of, remembered=_REMEMBERED)
        deaths = Part(columns, DEATHS_COLUMNS, deaths_of, remembered=_REMEMBERED)

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

        def finish(begun: _Begun, where: tuple[Located, tuple[Fault, ...]]) -> Draft:
            begun.note.part(doubts)
            told = begun.note.part(sides), begun.note.part(deaths)
            reported = _first_reported(begun.note, begun.days.first, released_on, self._today)
            return _draft(begun, where, *told, reported)

        def read(rows: Sequence[Row]) -> list[Draft | Rejected]:
            begun = [begin(row) for row in rows]
            located = self._located([one for one in begun if isinstance(one, _Begun)])
            return [
                one if isinstance(one, Rejected) else finish(one, located[one.place, one.countries])
                for one in begun
            ]

        return read

    def _located(
        self, begun: Sequence[_Begun]
    ) -> dict[tuple[Place, tuple[str, ...]], tuple[Located, tuple[Fault, ...]]]:
        """Where each place is, and what is wrong with that, by the countries that the state was in the year of the event."""
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
        }
        found = self._locate(list(wanted.values()))
        return {
            place: (located, tuple(map(_fault, located.problems)))
            for place, located in zip(wanted, found, strict=True)
        }


def _fault(problem: Problem) -> Fault:
    return Fault(
        rule=problem.rule,
        column=_COLUMN_OF.get(problem.column, problem.column),
        value=problem.value,
        message=problem.message,
    )


def _draft(
    begun: _Begun,
    where: tuple[Located, tuple[Fault, ...]],
    sides: tuple[tuple[ActorDraft, ...], tuple[ActorDraft, ...]],
    deaths: Deaths,
    reported: tuple[date | None, FirstReportedBasis | None],
) -> Draft:
    note, place = begun.note, begun.place
    located, faults = where
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


def seeded_importer(today: date, *, at_once: bool = False) -> UcdpGed:
    """The importer with the regions that ship with Sitrep. They are read when the first row is located, unless it is to be `at_once`."""
    if at_once:
        _locator()
    return UcdpGed(lambda spots: _locator().locate_all(spots), today=today)


@cache
def _locator() -> Locator:
    return Locator(seeded())


def _plain(name: str) -> str:
    """A column's name as it is compared."""
    return name.strip().strip('"').casefold()


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
    return short(headlines, LONGEST_SUMMARY)


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
