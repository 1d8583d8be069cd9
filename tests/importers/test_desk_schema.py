"""The schema of desk files and their reader know the same, and the documentation names all of it."""

import re
from collections import defaultdict
from enum import StrEnum
from typing import Any

import jsonschema
import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.events import DatePrecision, DeathsState, Precision
from app.domain.evidence import (
    GRADES,
    Basis,
    ClaimantRole,
    DocumentKind,
    Group,
    Harm,
    LinkKind,
    Metric,
    PublisherVerification,
    Qualifier,
    Scheme,
    Speech,
    Stance,
)
from app.importers.desk import merge
from app.importers.desk_schema import PARTS, keys, schema
from app.importers.yaml_lines import Section
from tests.importers.desking import DESK, DOCS, SHIPPED, changed, coded

EXAMPLE, FOLLOW_UP = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
GOOD = {
    "that of the tests": DESK,
    "that which ships": SHIPPED.read_text(encoding="utf-8"),
    "that of the documentation": EXAMPLE,
    "its follow-up": FOLLOW_UP,
}


class Plain(yaml.SafeLoader):
    """YAML 1.2 as editors read it: days are text, and only true and false are truth values."""


Plain.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith(("timestamp", "bool")) or (first in "tf" and tag.endswith("bool"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def plain(content: str) -> Any:
    return yaml.load(content, Loader=Plain)  # noqa: S506 - a safe loader's child


def faults(told: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())
    return [error.json_path for error in validator.iter_errors(told)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("name", GOOD)
def test_what_the_reader_takes_the_schema_takes(name: str) -> None:
    coded(GOOD[name], "2021-08-08.yaml")

    assert faults(plain(GOOD[name])) == []


@pytest.mark.parametrize("listed", ["events", "claims", "estimates", "assessments", "figures", "links"])
def test_the_schema_takes_an_entry_that_is_taken_back(listed: str) -> None:
    told = {"format": "sitrep-desk-1", listed: [{"key": "x", "withdrawn": True, "note": "A mistake."}]}

    assert faults(told) == []
    assert faults(told | {listed: [{"key": "x", "withdrawn": False}]})


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("sitrep-desk-1", "sitrep-desk-2", "$.format"),
        ("title: A battle", "tittle: A battle", "$.events[0]"),
        ("title: A battle", "summary: x", "$.events[0]"),
        ("title: A battle", "title: ' '", "$.events[0].title"),
        ("type: battle", "type: batle", "$.events[0].type"),
        ("key: two", "key: Two!", "$.events[1].key"),
        ("last: 2021-08-08, precision: day", "last: 2021-8-8, precision: day", "$.events[0].when.last"),
        ("[68.857, 36.72895]", "[36.72895, 168.857]", "$.events[0].where.point[1]"),
        ("state: not_reported}", "state: reported}", "$.events[1].deaths.state"),
        ("{state: not_reported}", "{best: 3}", "$.events[1].deaths"),
        ("{state: not_reported}", "{state: vague, civilians: dead}", "$.events[1].deaths"),
        ("stance: sidesteps, responds_to: said", "stance: denies", "$.claims[1]"),
        ("stance: asserts", "stance: insists", "$.claims[0].stance"),
        ("key: answer, about: [one]", "key: answer, about: []", "$.claims[1].about"),
        ("low: 1, best: 2, high: 3, state: reported", "state: reported", "$.estimates[0]"),
        ("best: 2, high: 3, state: reported", "state: vague", "$.estimates[0]"),
        ("low: 1, best: 2, high: 3, state: reported", "best: 1, state: explicit_zero", "$.estimates[0].best"),
        (", claim: said}", "}", "$.estimates[0]"),
        ("grade: unverified", "grade: A1", "$.assessments[0].grade"),
        ("document: photo}", "note: Because}", "$.assessments[0]"),
        ("value: 3", "value: 33, low: 3", "$.figures[0]"),
        ("kind: follows", "kind: avenges", "$.links[0].kind"),
        ("low: 1, best: 2", 'low: "1", best: 2', "$.estimates[0].low"),
        ("title: A battle", f"title: {'T' * 501}", "$.events[0].title"),
        ("key: two", f"key: {'k' * 201}", "$.events[1].key"),
        ("quote: We won", f"quote: {'Q' * 5001}", "$.claims[0].quote"),
        ("name: Red, aliases: [Reds,", f"name: Red, aliases: [{'R' * 501},", "$.actors[0].aliases[0]"),
        ("precision: week}", f"precision: week, words: {'W' * 1001}}}", "$.events[1].when.words"),
    ],
)
def test_a_fault_in_one_entry_is_one_to_the_schema_too(old: str, new: str, path: str) -> None:
    assert path in faults(plain(changed(old, new)))


def test_every_key_of_the_schema_is_read_and_every_key_that_is_read_is_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, set[str]] = defaultdict(set)
    parts = {keys(part): part for part in PARTS}
    made, has = Section.__init__, Section.has

    def making(self: Section, node: Any, what: str, known: tuple[str, ...], refused: Any = None) -> None:
        made(self, node, what, known, refused)
        self.what = parts[known]

    def asking(self: Section, key: str) -> bool:
        asked[self.what].add(key)
        return has(self, key)

    monkeypatch.setattr(Section, "__init__", making)
    monkeypatch.setattr(Section, "has", asking)
    coded(EXAMPLE)

    told = schema()
    named = {part: set(one["properties"]) for part, one in told["$defs"].items()}
    assert asked == named | {"file": set(told["properties"])}
    assert len(parts) == len(PARTS)


def test_the_example_uses_every_key() -> None:
    used = set(re.findall(r"\b([a-z0-9_]+):", EXAMPLE + FOLLOW_UP))

    assert {key for part in PARTS for key in keys(part)} - used == set()


WORDS: list[type[StrEnum]] = [
    Basis, ClaimantRole, DatePrecision, DeathsState, DocumentKind, Group, Harm, LinkKind, Metric, Precision,
    PublisherVerification, Qualifier, Scheme, Speech, Stance,
]  # fmt: skip


def test_every_key_and_word_is_in_the_documentation() -> None:
    named = set(re.findall(r"`([a-z0-9_]+)`", DOCS.read_text(encoding="utf-8")))
    wanted = {key for part in PARTS for key in keys(part)}
    wanted |= {str(word) for words in WORDS for word in words}
    wanted |= {grade for scheme in (Scheme.VERIFICATION, Scheme.AIRWARS) for grade in GRADES[scheme]}

    assert wanted - named == set()


async def test_the_example_of_the_documentation_becomes_what_it_says(connection: AsyncConnection) -> None:
    async def one(statement: str) -> tuple[Any, ...]:
        return tuple((await connection.execute(text(statement))).one())

    strike = "FROM event WHERE source_key = '2021-08-05-market-strike'"
    await merge(connection, coded(EXAMPLE, "2021-08-05-market.yaml"))

    assert await one(f"SELECT contested, claims, sources, verification, first_reported::text {strike}") == (
        True,
        3,
        2,
        "partly_verified",
        "2021-08-05",
    )
    assert await one(
        f"SELECT deaths_low, deaths_best, deaths_high, deaths_civilians, deaths_state {strike}"
    ) == (7, 7, 8, 4, "reported")

    await merge(connection, coded(FOLLOW_UP, "2021-08-09-market.yaml"))

    assert await one(f"SELECT contested, claims, revision {strike}") == (False, 4, 2)
