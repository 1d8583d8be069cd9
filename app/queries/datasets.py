"""Datasets, with the releases that were loaded of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import DatasetRow, ReleaseRow, VersionRow


async def ids(connection: AsyncConnection) -> frozenset[str]:
    """The ids of all datasets."""
    return frozenset((await connection.execute(select(DatasetRow.id))).scalars())


async def everything(connection: AsyncConnection) -> list[dict[str, Any]]:
    """All datasets with their releases, in the datasets' own order. They are few."""
    return [dict(row) for row in (await connection.execute(everything_statement())).mappings()]


async def sources(connection: AsyncConnection, wanted: Collection[str]) -> list[dict[str, Any]]:
    """What a file says of these datasets, or of all where none is named: how they want to be cited, and under which licence they are."""
    return [dict(row) for row in (await connection.execute(sources_statement(wanted))).mappings()]


def sources_statement(wanted: Collection[str]) -> Select[*tuple[Any, ...]]:
    """One row a dataset."""
    row = DatasetRow
    statement = select(row.id, row.title, row.licence, row.licence_url, row.citation).order_by(row.id)
    return statement.where(row.id.in_(sorted(wanted))) if wanted else statement


def everything_statement() -> Select[*tuple[Any, ...]]:
    """One row a dataset; its releases are one JSON value, the newest of the dataset's order first."""
    release, dataset = ReleaseRow, DatasetRow
    shown = func.json_build_object(
        "name", release.name, "label", release.label, "position", release.position, "released_on", release.released_on,
        "sha256", func.encode(release.sha256, "hex"), "complete", release.complete,
        "rows_read", release.rows_read, "created", release.created, "changed", release.changed,
        "unchanged", release.unchanged, "retracted", release.retracted, "outdated", release.outdated,
        "quarantined", release.quarantined, "known_at", VersionRow.known_at,
    )  # fmt: skip
    releases = (
        select(func.json_agg(aggregate_order_by(shown, release.position.desc(), release.id.desc())))
        .join(VersionRow, VersionRow.id == release.version)
        .where(release.dataset_id == dataset.id)
        .scalar_subquery()
    )
    return select(
        dataset.id,
        dataset.title,
        dataset.publisher,
        dataset.homepage,
        dataset.licence,
        dataset.licence_url,
        dataset.redistribution,
        dataset.citation,
        func.coalesce(releases, func.json_build_array()).label("releases"),
    ).order_by(dataset.id)
