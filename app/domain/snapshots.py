"""Snapshots: questions that are kept with the moment as of which they were asked and the hash of their rows, for citing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from app.domain.events import NAMESPACE
from app.domain.questions import Members, as_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A question that was kept. Never changed."""

    id: UUID
    created_at: datetime
    question: Members
    """In canonical form (`questions.canonical`)."""
    version: int
    known_at: datetime
    """The moment as of which: that of the version."""
    rows: int
    row_form: str
    """By which rules rows are written for the hash."""
    sha256: bytes
    """Of the rows."""
    sources: list[dict[str, Any]]
    """The datasets that the rows come from, with licence, citation and releases, each with its number of rows."""


def question_hash(question: Members) -> bytes:
    """By which a question is known again."""
    return hashlib.sha256(as_json(question)).digest()


def snapshot_id(question: Members, known_at: datetime, sha256: bytes) -> UUID:
    """The id of a snapshot is made of what it says: UUID version 5 of `snapshot/question hash/moment/hash of the rows`."""
    return uuid5(NAMESPACE, f"snapshot/{question_hash(question).hex()}/{known_at.isoformat()}/{sha256.hex()}")
