"""Items as rows of a table for people: the columns that a reader needs, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.domain.events import DAY_OR_FINER, Precision
from app.domain.evidence import PublisherVerification
from app.formats import telling

Told = Mapping[str, Any]

LEVELS = ("country", "first-level subdivision", "district")
WARNING = frozenset({"unverified", "disputed", "refuted", "contested", "retracted"})
"""Words that a chip shows in the colour of warnings."""
MOST_NAMES = 6
"""Names that a cell holds: what is left out is counted."""
_KNOWN_TO = {
    Precision.ADMIN3: "known to a part of the district",
    Precision.ADMIN2: "known to the district",
    Precision.ADMIN1: "known to the province",
    Precision.FUZZY_REGION: "known to a wider area",
    Precision.COUNTRY: "known to the country",
    Precision.SEA_AIR: "at sea or in the air",
    Precision.UNKNOWN: "not known",
    Precision.NEAR_SETTLEMENT: "near there",
}
_VERIFIED = {
    PublisherVerification.EXPLICITLY_UNVERIFIED: "could not be verified",
    PublisherVerification.PARTLY_VERIFIED: "verified in part by the publisher",
    PublisherVerification.PUBLISHER_VERIFIED: "verified by the publisher",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table."""

    title: str
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What stands in one cell."""

    text: str = ""
    href: str | None = None
    note: str = ""
    chips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; the first cell that leads somewhere names its row."""

    caption: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a page calls things, and where they are."""

    root: str
    """The address of this service."""
    regions: Mapping[str, str]
    """The names of regions by code."""
    then: str = ""
    """What stands behind each address, so that it is asked as of the same moment: `?as_of=…`, or nothing."""

    def item(self, collection: str, identity: str) -> str:
        """The address of the page of an item."""
        where = "events" if collection == "events" else f"collections/{collection}/items"
        # Regions are as they are now: they cannot be asked as of a moment.
        return f"{self.root}/{where}/{quote(identity)}{'' if collection == 'regions' else self.then}"

    def region(self, code: str | None) -> str:
        """The name of a region; its code where none is known."""
        return self.regions.get(code, code) if code else ""


Row = Callable[[Told, Names], tuple[Cell, ...]]


def table(collection: str, features: Iterable[Told], names: Names, caption: str) -> Table:
    """Items of a collection, a row each."""
    columns, row = _TABLES[collection]
    return Table(caption=caption, columns=columns, rows=[row(one["properties"], names) for one in features])


def hedged(figure: Told) -> str:
    """The number of a figure, as it was hedged.

    >>> hedged({"value": 5183, "low": None, "high": None, "qualifier": "more_than"})
    'more than 5,183'
    >>> hedged({"value": None, "low": 10, "high": None, "qualifier": None})
    'at least 10'
    """
    low, high = figure["low"], figure["high"]
    if figure["value"] is not None:
        number = f"{figure['value']:,}"
    elif low is None or high is None:
        return f"at most {high:,}" if low is None else f"at least {low:,}"
    else:
        number = f"{low:,} to {high:,}"
    qualifier = figure["qualifier"]
    return number if qualifier in {None, "exactly"} else f"{qualifier.replace('_', ' ')} {number}"


def listed(names: Sequence[str]) -> str:
    """Names with commas between them; many are cut, and what is left out is counted.

    >>> listed(["a", "b"]), listed([])
    ('a, b', '')
    """
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _event(one: Told, names: Names) -> tuple[Cell, ...]:
    doubt = one["date_precision"] not in DAY_OR_FINER and one["first_day"] != one["last_day"]
    verification = one["verification"]
    chips = (verification or "not assessed", *(["contested"] if one["contested"] else []))
    return (
        Cell(
            text=telling.span(one["first_day"], one["last_day"]), note="some day in between" if doubt else ""
        ),
        Cell(text=one["title"], href=names.item("events", one["id"]), note=one["type"].replace("_", " ")),
        Cell(text=_where(one, names), note=_KNOWN_TO.get(one["precision"], "")),
        _deaths(one),
        Cell(chips=tuple(chip.replace("_", " ") for chip in chips)),
        Cell(text=one["dataset"]),
    )


def _where(one: Told, names: Names) -> str:
    exact = one["precision"] in {
        Precision.EXACT,
        Precision.VICINITY,
        Precision.SETTLEMENT,
        Precision.NEAR_SETTLEMENT,
    }
    finest = one["admin1"] or ""
    parts = (
        one["place"] if exact or not one["country"] else None,
        names.region(finest),
        names.region(one["country"]),
    )
    return ", ".join(dict.fromkeys(part for part in parts if part)) or one["place"] or "not known"


def _deaths(one: Told) -> Cell:
    told = {name: one[f"deaths_{name}"] for name in ("low", "best", "high", "state")}
    if told["best"] is None:
        text = telling.number(told)
        return Cell(text=text) if any(told[name] is not None for name in ("low", "high")) else Cell(note=text)
    low, best, high = (told[name] for name in ("low", "best", "high"))
    note = "or none was reported" if told["state"] == "zero_or_not_reported" else ""
    if {low, high} - {best, None}:
        note = f"{'?' if low is None else f'{low:,}'} to {'?' if high is None else f'{high:,}'}"
    return Cell(text=f"{best:,}", note=note)


def _region(one: Told, names: Names) -> tuple[Cell, ...]:
    parent = one["parent"]
    return (
        Cell(text=one["code"]),
        Cell(text=one["name"], href=names.item("regions", one["code"]), note=listed(one["aliases"][:3])),
        Cell(text=LEVELS[one["level"]]),
        Cell(text=names.region(parent), href=names.item("regions", parent)) if parent else Cell(),
    )


def _figure(one: Told, names: Names) -> tuple[Cell, ...]:
    region = one.get("region_name") or names.region(one["region"])
    return (
        Cell(text=one["metric"].replace("_", " "), href=names.item("figures", one["id"])),
        Cell(text=hedged(one)),
        Cell(
            text=one["place"] or region,
            href=names.item("regions", one["region"]),
            note=region if one["place"] else "",
        ),
        Cell(text=telling.span(one["first_day"], one["last_day"])),
        Cell(
            text=one["claimant"],
            note="; ".join(
                part for part in (one["role"].replace("_", " "), _VERIFIED.get(one["verification"])) if part
            ),
        ),
    )


def _document(one: Told, names: Names) -> tuple[Cell, ...]:
    return (
        Cell(text=one["publisher"]),
        Cell(
            text=one["title"] or f"untitled {one['kind']}",
            href=names.item("documents", one["id"]),
            note=listed(one.get("authors") or []),
        ),
        Cell(text=telling.day(one["published_on"])),
        Cell(text=one["kind"].replace("_", " ")),
    )


def _actor(one: Told, names: Names) -> tuple[Cell, ...]:
    return (
        Cell(text=one["name"], href=names.item("actors", one["id"])),
        Cell(text=listed(one["aliases"])),
        Cell(text=one["dataset"]),
    )


def _columns(*titles: str) -> tuple[Column, ...]:
    numbers = {"Deaths", "How many"}
    return tuple(Column(title=title, number=title in numbers) for title in titles)


_TABLES: Mapping[str, tuple[tuple[Column, ...], Row]] = {
    "events": (_columns("When", "What", "Where", "Deaths", "Checked", "Dataset"), _event),
    "regions": (_columns("Code", "Name", "Level", "Lies in"), _region),
    "figures": (_columns("What", "How many", "Where", "Period", "Who says so"), _figure),
    "documents": (_columns("Publisher", "Title", "Published", "Kind"), _document),
    "actors": (_columns("Name", "Other names", "Dataset"), _actor),
}
