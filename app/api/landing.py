"""The front page for people: questions to begin with, and what is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from app.domain.collections import COLLECTIONS
from app.formats import html, telling
from app.formats.listing import Cell, Column, Table

QUESTIONS = (
    ("The fall of Kunduz, by region and day", "", {"region": "AF-KDZ", "datetime": "2021-08-08"}),
    (
        "Accusations by a party that the publisher could not verify, in Helmand that week",
        "known to the province and no more: there is no point, and none is made up",
        {
            "region": "AF-HEL",
            "datetime": "2021-08-01/2021-08-09",
            "claimant_role": "party_to_conflict",
            "claim_verification": "explicitly_unverified",
        },
    ),
    (
        "What may have happened within 20 km of Lashkar Gah in August 2021?",
        "no pin lies there",
        {"near": "64.37,31.58", "radius": "20km", "datetime": "2021-08-01/P1M", "match": "possible"},
    ),
    ("A name in any spelling or script: قندوز", "", {"q": "قندوز"}),
    (
        "What certainly happened in a shape of your own?",
        "a rectangle round Kunduz",
        {"intersects": "POLYGON((68 36,70 36,70 37.5,68 37.5,68 36))", "match": "definite"},
    ),
)
"""The questions of the README: what each asks, a remark, and its parameters."""
_COLUMNS = (
    Column(title="Dataset"),
    Column(title="Publisher"),
    Column(title="Events", number=True),
    Column(title="Newest release"),
    Column(title="Licence"),
)


def told(root: str, datasets: Iterable[Mapping[str, Any]], events: Mapping[str, int]) -> dict[str, Any]:
    """What `home.html` is told."""
    return {
        "questions": [
            Cell(
                text=text, note=note, href=f"{root}/events?{urlencode(asked, quote_via=quote, safe=',:/().')}"
            )
            for text, note, asked in QUESTIONS
        ],
        "loaded": Table(
            caption="Datasets with the number of their events, withdrawn ones among them",
            columns=_COLUMNS,
            rows=[_row(root, one, events.get(one["id"], 0)) for one in datasets],
        ),
        "collections": list(COLLECTIONS.values()),
    }


def _row(root: str, dataset: Mapping[str, Any], events: int) -> tuple[Cell, ...]:
    newest = dataset["releases"][0] if dataset["releases"] else None
    released = newest and newest["released_on"]
    return (
        Cell(
            text=dataset["title"],
            href=f"{root}/events?{urlencode({'dataset': dataset['id']})}",
            note=dataset["id"],
        ),
        Cell(text=dataset["publisher"], href=html.web(dataset["homepage"])),
        Cell(text=f"{events:,}"),
        Cell(
            text=(newest and newest["label"]) or "",
            note=f"of {telling.day(str(released))}" if released else "",
        ),
        Cell(text=dataset["licence"], href=html.web(dataset["licence_url"])),
    )
