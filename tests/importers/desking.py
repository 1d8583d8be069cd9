"""A desk file for tests of desk files, and how they are read and changed."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.db.turns import OPEN
from app.domain.drafts import Draft
from app.domain.events import event_id
from app.domain.evidence import StatementKind, statement_id
from app.domain.statements import Statement
from app.importers.desk import BadDesk, Desk, read
from app.importers.locating import Locator
from app.importers.region_seed import SEED, seeded
from app.importers.run import Report

SHIPPED = SEED / "desk" / "2021-08-08-kunduz-helmand.yaml"
ARTICLE = Path(__file__).parents[3] / "shared" / "data" / "seed-article.txt"
DOCS = Path(__file__).parents[2] / "docs" / "desk.md"

TODAY = date(2022, 1, 1)
"""That of these tests."""

Load = Callable[..., Awaitable[Report]]
Ask = Callable[..., Awaitable[list[tuple[Any, ...]]]]

DESK = """\
format: sitrep-desk-1
documents:
  - {key: report, publisher: Somebody, published_on: 2021-08-08}
  - {key: photo, kind: imagery, publisher: A satellite, published_on: 2021-08-09}
actors:
  - {key: red, name: Red, aliases: [Reds, سرخ]}
  - {key: blue, name: Blue}
events:
  - key: one
    type: battle
    title: A battle
    when: {first: 2021-08-07, last: 2021-08-08, precision: day}
    where: {precision: settlement, region: AF-KDZ, point: [68.857, 36.72895]}
    side_a: [red]
    side_b: [blue]
    deaths: {from: dead, civilians: dead-civilians}
    documents: [report]
  # What stands here is about the next event.
  - key: two
    type: arrest
    title: NO
    when: {first: 2021-08-01, last: 2021-08-08, precision: week}
    where: {precision: admin1, region: AF-HEL}
    deaths: {state: not_reported}
    documents: [report]
claims:
  - {key: said, about: [one], claimant: Red, actor: red, role: party_to_conflict, stance: asserts, quote: We won, speech: direct,
     said: {first: 2021-08-08, last: 2021-08-08}, verification: not_stated, document: report}
  - {key: answer, about: [one], claimant: Blue, role: party_to_conflict, stance: sidesteps, responds_to: said, quote: No word,
     speech: direct, said: {first: 2021-08-08, last: 2021-08-08}, verification: not_stated, document: report}
estimates:
  - {key: dead, event: one, harm: killed, group: all, low: 1, best: 2, high: 3, state: reported, basis: stated, claim: said}
  - {key: dead-civilians, event: one, harm: killed, group: civilians, best: 1, state: reported, basis: counted, document: report}
assessments:
  - {key: grade, event: one, scheme: verification, grade: unverified, assessor: Desk, assessed_on: 2021-08-09,
     rationale: Only Red says so., document: photo}
figures:
  - {key: sum, metric: killed, value: 3, qualifier: about, area: {region: AF}, period: {first: 2021-08-01, last: 2021-08-08},
     by: Red, role: party_to_conflict, quote: Some three, verification: not_stated, document: report}
links:
  - {key: after, event: one, to: two, kind: follows}
"""


@cache
def locator() -> Locator:
    return Locator(seeded())


def coded(text: str, name: str = "desk.yaml") -> Desk:
    return read(text.encode(), name, seeded(), locator(), today=TODAY)


def drafts(text: str) -> dict[str, Draft]:
    return {one.draft.source_key: one.draft for one in coded(text).events}


def said(text: str) -> dict[tuple[str, str], Statement]:
    """The statements of a file, by kind and key."""
    return {(one.kind_of.value, one.source_key): one for one in coded(text).evidence.statements}


def flaws(text: str) -> list[str]:
    with pytest.raises(BadDesk) as caught:
        coded(text)
    return [str(flaw) for flaw in caught.value.flaws]


def changed(old: str, new: str, text: str = DESK) -> str:
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the desk file of these tests"
    return text.replace(old, new)


def at(text: str, there: str) -> str:
    """`line 3, column 5` of the place where a piece of a text begins."""
    before = text[: text.index(there)]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def document(key: str) -> UUID:
    """The id of a document."""
    return statement_id(StatementKind.DOCUMENT, "desk", key)


FILE = "2021-08-08-battle.yaml"
LATER = "2021-08-10-follow-up.yaml"
KEY = "387642"
"""Of the event that the fixture `row` makes."""
CLAIM = (
    "claimant: Someone, role: witness, quote: Q, speech: direct, said: {first: 2021-08-10, last: 2021-08-10},"
    " verification: not_stated, document: later}"
)
DENIAL = f"""\
format: sitrep-desk-1
documents:
  - {{key: later, publisher: A paper, published_on: 2021-08-10}}
claims:
  - {{key: denial, about: [one], stance: denies, responds_to: said, {CLAIM}
"""

TAKEN_BACK = "format: sitrep-desk-1\n{}:\n  - {{key: {}, withdrawn: true}}\n"


async def state(ask: Ask, columns: str, key: str = "one", dataset: str = "desk") -> tuple[Any, ...]:
    """These columns of an event, as it is now; its open revision is the same."""
    (now,) = await ask(f"SELECT {columns} FROM event WHERE id = :id", id=event_id(dataset, key))
    (kept,) = await ask(
        f"SELECT {columns} FROM event_revision WHERE id = :id AND until_version = {OPEN}",
        id=event_id(dataset, key),
    )
    assert now == kept
    return now


def counts(report: Report) -> dict[str, int]:
    """What was written."""
    told = {
        name: getattr(report, name) for name in ("created", "changed", "retracted", "outdated", "followed")
    }
    told |= {
        f"statements {name}": count for name, count in asdict(report.said).items() if name != "unchanged"
    }
    return {name: count for name, count in told.items() if count}
