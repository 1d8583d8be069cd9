"""Tiles of the world that ships with Sitrep."""

from __future__ import annotations

import pytest
import shapely

from app.domain.regions import Region
from app.importers.region_seed import SEED, read_seed
from app.tiles.outlines import Outlines


@pytest.fixture(scope="session")
def regions() -> dict[str, Region]:
    return {region.code: region for region in read_seed(SEED / "regions.jsonl.gz")}


@pytest.fixture(scope="session")
def outlines(regions: dict[str, Region]) -> Outlines:
    return Outlines(
        (one.code, one.level, shapely.to_wkb(one.geom)) for one in regions.values() if one.geom is not None
    )
