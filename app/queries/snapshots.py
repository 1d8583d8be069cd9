"""Snapshots: those that are kept, and the rows of a question with their hash."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import DatasetRow, ReleaseRow, SnapshotRow, VersionRow
from app.domain.filters import EventFilter
from app.domain.snapshots import Snapshot
from app.queries.filtering import conditions
from app.queries.history import events_at

MAX_ROWS = 1_000_000
AT_A_TIME = 1_000
"""Rows that are fetched and hashed at once."""

Counts = Mapping[tuple[str, int | None], int]
"""How many rows come from a dataset and, where it has any, one of its releases."""


class TooManyRowsError(ValueError):
    """A question that more than `MAX_ROWS` events answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The rows of a question: how many, their hash, and where they come from."""

    rows: int
    sha256: bytes
    counts: Counts


async def content(connection: AsyncConnection, wanted: EventFilter, written: ColumnElement[str]) -> Content:
    """Hash the rows of a question as of a version, each as `written` (a form of `formats.rows`), as they come: none are kept.

    The connection must be in a transaction, or else there is no cursor. Raises TooManyRowsError.
    """
    digest = hashlib.sha256()
    rows = 0
    counts: Counter[tuple[str, int | None]] = Counter()
    options = {"yield_per": AT_A_TIME}
    async with connection.stream(content_statement(wanted, written), execution_options=options) as found:
        async for some in found.partitions():
            text = "\n".join(row[0] for row in some)
            digest.update((f"\n{text}" if rows else text).encode())
            counts.update((row[1], row[2]) for row in some)
            rows += len(some)
            if rows > MAX_ROWS:
                raise TooManyRowsError
    return Content(rows=rows, sha256=digest.digest(), counts=counts)


def content_statement(wanted: EventFilter, written: ColumnElement[str]) -> Select[Any]:
    """Text, dataset and release of each event that is wanted, in the order of the ids.

    Of many events the primary key gives the order, so that nothing is sorted (400,000 rows: 6 s of PostgreSQL's time, most of it to
    write JSON, and 2.4 s of ours).
    """
    row = events_at(wanted.at)
    statement = select(written, row.c.dataset, row.c.release_id).select_from(row)
    return statement.where(*conditions(wanted)).order_by(row.c.id)


async def known_at(connection: AsyncConnection, version: int) -> datetime | None:
    """The moment at which a version became known; None before the first."""
    statement = select(VersionRow.known_at).where(VersionRow.id == version)
    return (await connection.execute(statement)).scalar_one_or_none()


async def one(connection: AsyncConnection, snapshot: UUID) -> Snapshot | None:
    """A snapshot by its id, if there is one."""
    return await _one(connection, one_statement(snapshot))


def one_statement(snapshot: UUID) -> Select[*tuple[Any, ...]]:
    """By primary key."""
    return _SNAPSHOTS.where(SnapshotRow.id == snapshot)


async def of_question(connection: AsyncConnection, question_hash: bytes, version: int) -> Snapshot | None:
    """The snapshot of a question as of a version, if there is one."""
    return await _one(connection, of_question_statement(question_hash, version))


def of_question_statement(question_hash: bytes, version: int) -> Select[*tuple[Any, ...]]:
    """By the unique index on both."""
    row = SnapshotRow
    return _SNAPSHOTS.where(row.sha256_of_question == question_hash, row.version == version)


async def sources(connection: AsyncConnection, counts: Counts) -> list[dict[str, Any]]:
    """What rows come from: each dataset with its licence, its citation and its number of rows, and so each release of it."""
    found = (await connection.execute(sources_statement(counts))).mappings().all()
    of_dataset: Counter[str] = Counter()
    for (dataset, _), rows in counts.items():
        of_dataset[dataset] += rows
    releases: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        if row["release_id"] is not None:
            told = {name: row[name] for name in ("name", "label", "released_on", "sha256")}
            releases[row["id"]].append({**told, "rows": counts[row["id"], row["release_id"]]})
    datasets = {row["id"]: {name: row[name] for name in _DATASET} for row in found}
    return [
        {**told, "rows": of_dataset[dataset], "releases": releases[dataset]}
        for dataset, told in datasets.items()
    ]


def sources_statement(counts: Iterable[tuple[str, int | None]]) -> Select[*tuple[Any, ...]]:
    """One row a release, or one a dataset without; the newest of a dataset's order first."""
    release, dataset = ReleaseRow, DatasetRow
    pairs = list(counts)
    ids = sorted({number for _, number in pairs if number is not None})
    return (
        select(
            *(getattr(dataset, name) for name in _DATASET),
            release.id.label("release_id"),
            release.name,
            release.label,
            release.released_on,
            func.encode(release.sha256, "hex").label("sha256"),
        )
        .join_from(
            dataset, release, and_(release.dataset_id == dataset.id, release.id.in_(ids)), isouter=True
        )
        .where(dataset.id.in_(sorted({name for name, _ in pairs})))
        .order_by(dataset.id, release.position.desc(), release.id.desc())
    )


async def _one(connection: AsyncConnection, statement: Select[*tuple[Any, ...]]) -> Snapshot | None:
    found = (await connection.execute(statement)).mappings().one_or_none()
    return Snapshot(**found) if found else None


_DATASET = ("id", "title", "publisher", "homepage", "licence", "licence_url", "redistribution", "citation")
_SNAPSHOTS: Select[*tuple[Any, ...]] = select(
    *(getattr(SnapshotRow, name) for name in Snapshot.__dataclass_fields__)
)
