"""Tests named after the requirements of open standards, a file for each standard; each file names the classes that it proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from uuid import UUID

from app.domain.events import actor_id
from app.domain.expressions.conformance import CONFORMANCE as CQL2
from tests.evidence import ref


@dataclass(frozen=True, kw_only=True)
class Full:
    """What is in the world."""

    kabul: UUID
    """A battle at 69.2, 34.5 on 8 August 2021."""
    fiji: UUID
    """An air strike at 179.5, -17 on 1 to 3 January 2020."""
    nowhere: UUID
    """An event without a place or a day."""

    @property
    def identities(self) -> dict[str, str]:
        """The id of an item of each collection."""
        return {
            "events": str(self.kabul),
            "regions": "AF-KDZ",
            "figures": str(ref("figure", "casualties")),
            "documents": str(ref("document", "report")),
            "actors": str(actor_id("ucdp-ged", "Taliban")),
        }


def proved() -> Iterator[str]:
    """The conformance classes for which there are tests: those of these files, and of CQL2 (tests/api/test_cql2_conformance.py)."""
    yield from CQL2
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        yield from import_module(f"tests.api.conformance.{file.stem}").CLASSES
