"""What the entries of a desk file may refer to: each other by key, entries of other files by key, and events of other datasets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from app.domain.drafts import ActorDraft
from app.domain.events import actor_id, event_id
from app.domain.evidence import StatementKind, statement_id
from app.domain.regions import Region, Regions, UnknownRegion
from app.domain.statements import Claim, Document, Estimate
from app.importers.desk_schema import EVENT_PATTERN, KEY_PATTERN
from app.importers.yaml_lines import Flaw, Section

DESK = "desk"
"""The dataset of all desk files."""

NO_KEY = "no key: small letters, digits and hyphens"
_NO_EVENT = "no event's key, such as 2021-08-08-fall-of-kunduz, or ucdp-ged/12345 for one of another dataset"


class Known:
    """The entries of one file, as far as they have been read. Whatever looks something up raises Flaw where it is not to be found."""

    def __init__(self, regions: Regions, today: date) -> None:
        self.regions = regions
        self._today = today
        self.documents: dict[str, Document] = {}
        self.actors: dict[str, ActorDraft] = {}
        self.claims: dict[str, Claim] = {}
        self.estimates: dict[str, Estimate] = {}
        self.withdrawn: dict[str, set[str]] = defaultdict(set)
        """Keys of entries that are taken back, by list."""
        self.taken_back: dict[UUID, Section] = {}
        """The same entries, by the id of what they take back."""
        self.elsewhere: dict[UUID, list[Flaw]] = defaultdict(list)
        """What is to be said, by id, where something that this file refers to turns out to be kept nowhere."""
        self._keys: dict[str, set[str]] = defaultdict(set)
        """By list. With those of faulty entries, so that what refers to them is not called faulty too."""

    def new_key(self, entry: Section, listed: str) -> str:
        """The key of an entry, which no other of its list has."""
        key = entry.matching("key", KEY_PATTERN, NO_KEY)
        if key in self._keys[listed]:
            raise entry.flaw("key", f"The key {key!r} stands twice. A key is for one entry, and for good.")
        self._keys[listed].add(key)
        return key

    def has(self, listed: str, key: str) -> bool:
        """Whether the file has such an entry, be it faulty."""
        return key in self._keys[listed]

    def past(self, section: Section, key: str, day: date) -> date:
        """The day that a key has, which is not to come. A day more than UTC has is taken: the sun rises earlier elsewhere."""
        if day > self._today + timedelta(days=1):
            raise section.flaw(key, f"{day} is still to come: today is {self._today} (UTC).")
        return day

    def document(self, entry: Section) -> UUID:
        """The document in which an entry stands, which is one of this file."""
        key = entry.text("document")
        if key not in self.documents:
            raise entry.flaw(
                "document",
                f"{key!r} is no document of this file, or one with a fault.{_there_are(self.documents)}",
            )
        return statement_id(StatementKind.DOCUMENT, DESK, key)

    def quoted(self, entry: Section, said: date) -> None:
        """Refuse words that were said only after the day on which the document that quotes them was published."""
        document = self.documents.get(entry.text("document"))
        # A day on the other side of the date line may be one later than that of the publisher.
        if document is not None and said > document.published_on + timedelta(days=1):
            raise entry.flaw(
                "said",
                f"It was said from {said} on, after {document.source_key!r}, which quotes it, was published ({document.published_on}).",
            )

    def listed_documents(self, entry: Section) -> tuple[tuple[UUID, ...], date]:
        """The documents from which an event is coded, and the day of the earliest."""
        found = self._listed(entry, "documents", self.documents)
        if not found:
            raise entry.flaw("documents", "An event needs the document that it is coded from.")
        ids = tuple(statement_id(StatementKind.DOCUMENT, DESK, key) for key in found)
        return ids, min(self.documents[key].published_on for key in found)

    def side(self, entry: Section, key: str) -> tuple[ActorDraft, ...]:
        """The actors of one side."""
        return tuple(self.actors[one] for one in self._listed(entry, key, self.actors))

    def _listed(self, entry: Section, key: str, known: Collection[str]) -> tuple[str, ...]:
        found = entry.texts(key)
        for one in found:
            if one not in known:
                raise entry.flaw(
                    key, f"{one!r} in {key!r} is not in this file, or has a fault.{_there_are(known)}"
                )
        return found

    def actor(self, entry: Section) -> UUID | None:
        """The actor for whom a claimant speaks, if one is named."""
        key = entry.maybe_text("actor")
        if key is not None and key not in self.actors:
            raise entry.flaw(
                "actor", f"{key!r} is no actor of this file, or one with a fault.{_there_are(self.actors)}"
            )
        return actor_id(DESK, key) if key else None

    def event(self, entry: Section, key: str) -> UUID:
        """The event that a key names."""
        return self._event(entry, key, entry.text(key))

    def about(self, entry: Section) -> tuple[UUID, ...]:
        """The events that `about` lists."""
        return tuple(self._event(entry, "about", named) for named in entry.texts("about"))

    def _event(self, entry: Section, key: str, named: str) -> UUID:
        if not re.fullmatch(EVENT_PATTERN, named):
            raise entry.flaw(key, f"{named!r} is {_NO_EVENT}.")
        dataset, slash, source_key = named.partition("/")
        if slash and dataset == DESK:
            raise entry.flaw(key, f"An event of the desk is named by its key alone: {source_key}.")
        made = event_id(dataset, source_key) if slash else event_id(DESK, named)
        if slash or not self.has("events", named) or named in self.withdrawn["events"]:
            what = f"no event of {dataset}" if slash else "neither an event of this file nor one"
            self.elsewhere[made].append(
                entry.flaw(
                    key, f"{named!r} is {what} that the database has. Load that one first, or mend the key."
                )
            )
        return made

    def claim(self, entry: Section, key: str) -> UUID:
        """The claim that a key names. One of this file is looked at when all have been read."""
        named = entry.matching(key, KEY_PATTERN, NO_KEY)
        made = statement_id(StatementKind.CLAIM, DESK, named)
        if named in self.withdrawn["claims"]:
            raise entry.flaw(key, f"The claim {named!r} is taken back in this file.")
        if not self.has("claims", named):
            self.elsewhere[made].append(
                entry.flaw(key, f"No claim has the key {named!r}, neither in this file nor in the database.")
            )
        return made

    def region(self, section: Section) -> Region:
        """The region of a code. Names are not taken: a file that is loaded years later must mean the same."""
        code = section.text("region")
        if found := self.regions.get(code):
            return found
        try:
            hint = f"Did you mean {self.regions.candidate(self.regions.find(code).code)}?"
        except UnknownRegion as unknown:
            hint = str(unknown)
        except LookupError as ambiguous:
            hint = str(ambiguous)
        raise section.flaw("region", f"{code!r} is no region's code. {hint}")


def _there_are(known: Collection[str]) -> str:
    return f" There are: {', '.join(known) or 'none'}."
