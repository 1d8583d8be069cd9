"""An event in words, as careful as what is known of it: when, where, and what a claimant does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from app.domain.events import DatePrecision, Precision
from app.domain.evidence import Stance

Told = Mapping[str, Any]

CERTAIN_DAYS = frozenset({DatePrecision.INSTANT, DatePrecision.HOUR, DatePrecision.DAY})

VERBS = {
    Stance.ASSERTS: "asserts",
    Stance.DENIES: "denies",
    Stance.DISPUTES: "disputes",
    Stance.CORROBORATES: "corroborates",
    Stance.RETRACTS: "takes back",
    Stance.CANNOT_CONFIRM: "could not verify",
    Stance.RELAYS: "relays",
    Stance.SIDESTEPS: "sidesteps the question",
}
"""What a claimant does, as a verb behind their name."""


def day(written: str) -> str:
    """A day as a reader says it.

    >>> day("2021-08-08")
    '8 August 2021'
    """
    found = date.fromisoformat(written)
    return f"{found.day} {found:%B %Y}"


def moment(written: str) -> str:
    """An instant as a reader says it, in UTC.

    >>> moment("2021-08-09T04:30:00.25+00:00")
    '9 August 2021, 04:30 UTC'
    """
    found = datetime.fromisoformat(written).astimezone(UTC)
    return f"{found.day} {found:%B %Y, %H:%M} UTC"


def span(first: str | None, last: str | None) -> str:
    """Days from first to last, both included; an end may be unknown.

    >>> span("2021-08-01", "2021-08-08"), span("2021-07-30", "2021-08-02"), span(None, "2021-08-02")
    ('1 to 8 August 2021', '30 July to 2 August 2021', 'up to 2 August 2021')
    """
    if first is None or last is None:
        if first is None and last is None:
            return "a time that is not known"
        return f"up to {day(str(last))}" if first is None else f"{day(first)} or later"
    if first == last:
        return day(first)
    begun, ended = date.fromisoformat(first), date.fromisoformat(last)
    if begun.year != ended.year:
        return f"{day(first)} to {day(last)}"
    return (
        f"{begun.day} to {day(last)}"
        if begun.month == ended.month
        else f"{begun.day} {begun:%B} to {day(last)}"
    )


def when(event: Told) -> str:
    """When an event happened, out of its properties: what is duration and what is doubt.

    >>> when({"first_day": "2021-08-01", "last_day": "2021-08-08", "date_precision": "week"})
    'some day between 1 and 8 August 2021; the day is not known more exactly'
    """
    first, last = event["first_day"], event["last_day"]
    if first is None and last is None:
        return "it is not known when"
    days = span(first, last)
    if event["date_precision"] in CERTAIN_DAYS:
        return f"on {days}" if first == last else f"from {days}"
    if first is None or last is None:
        return f"some day, {days}; the day is not known more exactly"
    return f"some day between {days.replace(' to ', ' and ')}; the day is not known more exactly"


def where(event: Told, names: Mapping[str, str]) -> str:
    """Where an event happened, out of its properties and the names of its regions by code.

    >>> where({"precision": "admin1", "place": "Helmand Province", "country": "AF", "admin1": "AF-HEL", "admin2": None,
    ...        "radius_m": None}, {"AF": "Afghanistan", "AF-HEL": "Helmand"})
    'somewhere in Helmand, Afghanistan; the place is not known more exactly'
    """
    regions = [names.get(code, code) for code in (event["admin2"], event["admin1"], event["country"]) if code]
    area = ", ".join(dict.fromkeys(regions))
    place = event["place"]
    match event["precision"]:
        case Precision.EXACT | Precision.VICINITY | Precision.SETTLEMENT:
            return f"in {_joined(place, area)}"
        case Precision.NEAR_SETTLEMENT:
            return (
                f"near {_joined(place, area)}; within {round(event['radius_m'] / 1000)} km"
                if event["radius_m"]
                else f"near {_joined(place, area)}"
            )
        case Precision.SEA_AIR:
            return f"at sea or in the air{f', {place}' if place else ''}"
        case Precision.UNKNOWN:
            return "it is not known where"
        case _:
            return f"somewhere in {area or place or 'a place that is not known'}; the place is not known more exactly"


def number(estimate: Told) -> str:
    """The number of an estimate, or what is said in its place.

    >>> number({"low": 3, "best": 5, "high": 9, "state": "reported"}), number({"low": None, "best": None, "high": None, "state": "vague"})
    ('5 (3 to 9)', 'some; no number was given')
    """
    low, best, high = estimate["low"], estimate["best"], estimate["high"]
    if best is None and low is None and high is None:
        return {"vague": "some; no number was given", "not_reported": "no figure was reported"}.get(
            estimate["state"], "no figure"
        )
    if estimate["state"] == "zero_or_not_reported":
        return "0, or none was reported"
    if best is None and high is None:
        return f"at least {low:,}"
    if best is None and low is None:
        return f"at most {high:,}"
    bounds = f"{'?' if low is None else f'{low:,}'} to {'?' if high is None else f'{high:,}'}"
    if best is None:
        return bounds
    return f"{best:,}" if low in {None, best} and high in {None, best} else f"{best:,} ({bounds})"


def _joined(place: str | None, area: str) -> str:
    parts = [part for part in (place, area) if part]
    if len(parts) == 2 and area.split(", ", maxsplit=1)[0] == place:
        parts = [area]
    return ", ".join(parts) or "a place without a name"
