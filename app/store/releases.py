"""Releases: what was imported, in which order it stands, and what a complete one withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.drafts import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a complete release speaks for: an event in it that the release lacks is withdrawn.

    An event lies in it with its country, and with all of its days in the years.
    """

    countries: tuple[str, ...] | None = None
    """ISO 3166-1 alpha-2; None: all, and events without a country too."""
    first_year: int | None = None
    last_year: int | None = None

    def holds(self, other: Scope) -> bool:
        """Whether all that lies in the other scope lies in this one."""
        return (
            (
                self.countries is None
                or (other.countries is not None and set(other.countries) <= set(self.countries))
            )
            and (
                self.first_year is None
                or (other.first_year is not None and self.first_year <= other.first_year)
            )
            and (
                self.last_year is None or (other.last_year is not None and other.last_year <= self.last_year)
            )
        )

    def __str__(self) -> str:
        where = ", ".join(self.countries) if self.countries else "all countries"
        if self.first_year is None and self.last_year is None:
            return f"{where}, all years"
        years = f"{self.first_year or '…'}-{self.last_year or '…'}"
        return f"{where}, {years if self.first_year != self.last_year else self.first_year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release as it is about to be written."""

    dataset: str
    sha256: bytes
    name: str
    label: str | None
    position: int
    position_basis: str
    released_on: date | None
    header: Sequence[str]
    scope: Scope | None
    """None: a delta, which withdraws nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A release that was imported before."""

    id: int
    label: str | None
    position: int
    scope: Scope | None
    followed: bool
    """Whether a release of the same dataset and name was written after it: the file had other content in between."""


async def keep_dataset(connection: AsyncConnection, dataset: Dataset) -> None:
    """Write what is known about a dataset, if that is new."""
    values = {name: getattr(dataset, name) for name in ("id", *_DATASET)}
    await connection.execute(text(_KEEP_DATASET), values)


async def find(connection: AsyncConnection, dataset: str, sha256: bytes) -> Kept | None:
    """The release that was this very file."""
    found = (await connection.execute(text(_FIND), {"dataset": dataset, "sha256": sha256})).one_or_none()
    if found is None:
        return None
    scope = (
        Scope(
            countries=tuple(found.scope_countries) if found.scope_countries is not None else None,
            first_year=found.scope_first_year,
            last_year=found.scope_last_year,
        )
        if found.complete
        else None
    )
    return Kept(id=found.id, label=found.label, position=found.position, scope=scope, followed=found.followed)


async def highest(connection: AsyncConnection, dataset: str, name: str) -> int | None:
    """The highest position that a release of this name has; None where there is none."""
    found = await connection.scalar(text(_HIGHEST), {"dataset": dataset, "name": name})
    return None if found is None else int(found)


async def open_release(connection: AsyncConnection, release: Release, kept: Kept | None, version: int) -> int:
    """Write the release's row, with its counts still at nothing, and give its id; what hung on it before is taken off."""
    values = {
        "dataset": release.dataset,
        "sha256": release.sha256,
        "name": release.name,
        "label": release.label,
        "position": release.position,
        "position_basis": release.position_basis,
        "released_on": release.released_on,
        "header": list(release.header),
        "version": version,
        **_scope(release.scope),
    }
    if kept is None:
        return int((await connection.execute(text(_INSERT), values)).scalar_one())
    await connection.execute(text(_REOPEN), {**values, "id": kept.id})
    for statement in _STRIP:
        await connection.execute(text(statement), {"id": kept.id})
    return kept.id


async def close_release(connection: AsyncConnection, release_id: int, counts: dict[str, int]) -> None:
    """Write what became of the release's rows. Of a file that was imported before, what it did then counts on."""
    await connection.execute(text(_COUNT), {"id": release_id, **counts})


def scope_values(scope: Scope | None) -> dict[str, Any]:
    """A scope as the parameters of a statement."""
    values = _scope(scope)
    del values["complete"]
    return values


def _scope(scope: Scope | None) -> dict[str, Any]:
    return {
        "complete": scope is not None,
        "countries": list(scope.countries) if scope and scope.countries is not None else None,
        "first_year": scope.first_year if scope else None,
        "last_year": scope.last_year if scope else None,
    }


_DATASET = ("title", "publisher", "homepage", "licence", "licence_url", "redistribution", "citation")

_KEEP_DATASET = f"""
INSERT INTO dataset (id, {", ".join(_DATASET)}) VALUES (:id, {", ".join(f":{name}" for name in _DATASET)})
ON CONFLICT (id) DO UPDATE SET ({", ".join(_DATASET)}) = ({", ".join(f"excluded.{name}" for name in _DATASET)})
WHERE ({", ".join(f"dataset.{name}" for name in _DATASET)}) IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _DATASET)})
"""

_FIND = """
SELECT id, label, position, complete, scope_countries, scope_first_year, scope_last_year, EXISTS (
    SELECT FROM release AS later
    WHERE later.dataset_id = release.dataset_id AND later.name = release.name AND later.version > release.version
) AS followed
FROM release WHERE dataset_id = :dataset AND sha256 = :sha256
"""

_HIGHEST = "SELECT max(position) FROM release WHERE dataset_id = :dataset AND name = :name"

_INSERT = """
INSERT INTO release (
    dataset_id, sha256, name, label, position, position_basis, released_on, complete, scope_countries, scope_first_year,
    scope_last_year, header, rows_read, created, changed, unchanged, retracted, quarantined, outdated, version
) VALUES (
    :dataset, :sha256, :name, :label, :position, :position_basis, :released_on, :complete, CAST(:countries AS text[]),
    CAST(:first_year AS integer), CAST(:last_year AS integer), CAST(:header AS text[]), 0, 0, 0, 0, 0, 0, 0, :version
)
RETURNING id
"""

# A delta that was complete before stays complete: what it withdrew is not given back by reading it again.
_REOPEN = """
UPDATE release SET
    label = coalesce(:label, label), position = :position, position_basis = :position_basis,
    released_on = coalesce(CAST(:released_on AS date), released_on),
    scope_countries = CASE WHEN :complete THEN CAST(:countries AS text[]) ELSE scope_countries END,
    scope_first_year = CASE WHEN :complete THEN CAST(:first_year AS integer) ELSE scope_first_year END,
    scope_last_year = CASE WHEN :complete THEN CAST(:last_year AS integer) ELSE scope_last_year END,
    complete = complete OR :complete, header = CAST(:header AS text[]), version = :version
WHERE id = :id
"""

_STRIP = ("DELETE FROM release_row WHERE release_id = :id", "DELETE FROM issue WHERE release_id = :id")

_COUNT = """
UPDATE release SET
    rows_read = :read, unchanged = :unchanged, quarantined = :quarantined, outdated = :outdated,
    created = created + :created, changed = changed + :changed, retracted = retracted + :retracted
WHERE id = :id
"""
