"""Reads a whole desk file: every entry of every list, in an order in which each finds what it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import yaml

from app.domain.drafts import ActorDraft, Draft
from app.domain.events import event_id
from app.domain.evidence import StatementKind, statement_id
from app.domain.statements import Evidence, Statement
from app.importers import desk_checks
from app.importers.desk_events import EVENT_REFUSED, ReadEvent, read_event, with_deaths
from app.importers.desk_known import DESK, Known
from app.importers.desk_schema import FORMAT, LISTS, LONGEST, LONGEST_TEXT, keys
from app.importers.desk_statements import (
    read_assessment,
    read_claim,
    read_document,
    read_estimate,
    read_figure,
    read_link,
)
from app.importers.locating import Locator
from app.importers.yaml_lines import Flaw, Section, compose, kept, untabbed, verbatim

Read = TypeVar("Read")
One = TypeVar("One", bound=Statement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One event of a desk file."""

    cells: tuple[str, str]
    """Its key, and the event as it is written in the file."""
    draft: Draft


class Gathered(Exception):
    """Some entries have faults."""


class DeskFile:
    """One file being read: what its entries may refer to, and the faults found so far."""

    def __init__(self, known: Known, locator: Locator) -> None:
        self.flaws: list[Flaw] = []
        self._known = known
        self._locator = locator
        self._entries: dict[str, dict[str, Section]] = {listed: {} for listed in LISTS}
        """The entries that stand and have a key, by list and key."""

    def read(self, content: bytes) -> tuple[list[Coded], Evidence]:
        """The events, and all that is said beside them. Raises Flaw where the file is none, Gathered where `flaws` has some."""
        text = untabbed(_decoded(content))
        top = Section(compose(text), "A desk file", keys("file"))
        if top.text("format") != FORMAT:
            raise top.flaw("format", f"This reader knows the format {FORMAT!r} only.")
        if not any(top.has(listed) for listed in LISTS):
            raise top.flaw("format", f"The file says nothing: it has none of {', '.join(LISTS)}.")
        known = self._known
        known.documents |= self._statements(top, "documents", read_document)
        self.flaws += desk_checks.origins(self._entries["documents"], known)
        known.actors |= self._each(top, "actors", _actor)
        events = self._each(top, "events", lambda entry, key: read_event(entry, key, known, self._locator))
        known.claims |= self._statements(top, "claims", read_claim)
        self.flaws += desk_checks.answers(self._entries["claims"], known)
        known.estimates |= self._statements(top, "estimates", read_estimate)
        self._check(
            known.estimates,
            "estimates",
            lambda entry, one: desk_checks.estimate_of_claim(entry, one.event_id, known),
        )
        assessments = self._statements(top, "assessments", read_assessment)
        self._check(assessments, "assessments", lambda entry, one: desk_checks.unfounded(entry, one, known))
        figures = self._statements(top, "figures", read_figure)
        links = self._statements(top, "links", read_link)
        coded = list(self._coded(events, text))
        if self.flaws:
            raise Gathered
        said = (known.documents, known.claims, known.estimates, assessments, figures, links)
        return coded, self._evidence(one for kind in said for one in kind.values())

    def _statements(
        self, top: Section, listed: str, take: Callable[[Section, str, Known], One]
    ) -> dict[str, One]:
        return self._each(top, listed, lambda entry, key: take(entry, key, self._known))

    def _each(self, top: Section, listed: str, take: Callable[[Section, str], Read]) -> dict[str, Read]:
        """What the entries of a list say, by key. One that is taken back is noted; one that is faulty too, and the next is read."""
        found: dict[str, Read] = {}
        for node in top.items(listed):
            try:
                entry = self._opened(node, listed)
                key = self._known.new_key(entry, listed)
                if "withdrawn" in keys(listed[:-1]) and entry.yes("withdrawn"):
                    self._known.withdrawn[listed].add(key)
                    self._known.taken_back[_made(listed, key)] = entry
                    continue
                _measure(entry.node)
                found[key] = take(entry, key)
                self._entries[listed][key] = entry
            except Flaw as flaw:
                self.flaws.append(flaw)
        return found

    def _opened(self, node: yaml.Node, listed: str) -> Section:
        refused = EVENT_REFUSED if listed == "events" else None
        return Section(node, f"An entry of {listed!r}", keys(listed[:-1]), refused)

    def _check(
        self, found: dict[str, One], listed: str, check: Callable[[Section, One], Flaw | None]
    ) -> None:
        flaws = (check(self._entries[listed][key], one) for key, one in found.items())
        self.flaws += [flaw for flaw in flaws if flaw is not None]

    def _coded(self, events: dict[str, ReadEvent], text: str) -> Iterator[Coded]:
        for key, event in events.items():
            try:
                draft = with_deaths(event, self._known)
            except Flaw as flaw:
                self.flaws.append(flaw)
            else:
                yield Coded(cells=(key, verbatim(text, self._entries["events"][key].node)), draft=draft)

    def _evidence(self, said: Iterable[Statement]) -> Evidence:
        withdrawn = self._known.withdrawn
        return Evidence(
            statements=tuple(said),
            actors=tuple(self._known.actors.values()),
            withdrawn=frozenset((_KINDS[listed], key) for listed in _KINDS for key in withdrawn[listed]),
            withdrawn_events=frozenset(withdrawn["events"]),
        )


_KINDS = {
    "claims": StatementKind.CLAIM,
    "estimates": StatementKind.ESTIMATE,
    "assessments": StatementKind.ASSESSMENT,
    "figures": StatementKind.FIGURE,
    "links": StatementKind.EVENT_LINK,
}
"""The lists whose entries may be taken back, but for events."""


def _made(listed: str, key: str) -> UUID:
    """The id of what an entry of a list is about."""
    return event_id(DESK, key) if listed == "events" else statement_id(_KINDS[listed], DESK, key)


def _measure(entry: yaml.Node) -> None:
    """Raise Flaw where a text of an entry is longer than its key allows. An alias may lead to what was measured before."""
    todo: list[tuple[str, yaml.Node]] = [("", entry)]
    seen: set[tuple[str, int]] = set()
    while todo:
        key, node = todo.pop()
        if (key, id(node)) in seen:
            continue
        seen.add((key, id(node)))
        if isinstance(node, yaml.MappingNode):
            todo += [(str(name.value), value) for name, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            todo += [(key, value) for value in node.value]
        elif isinstance(node, yaml.ScalarNode) and len(value := kept(node)) > (
            most := LONGEST.get(key, LONGEST_TEXT)
        ):
            raise Flaw(node, f"{key!r} has {most:,} characters at most, and this has {len(value):,}.")


def _actor(entry: Section, key: str) -> ActorDraft:
    return ActorDraft(source_key=key, name=entry.text("name"), aliases=entry.texts("aliases"))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start)
        start = content.rfind(b"\n", 0, error.start) + 1
        mark = yaml.Mark("", error.start, line, error.start - start, None, 0)
        raise Flaw(mark, "The file is not UTF-8. Save it as UTF-8.") from error
