"""Examples on the pages of queryables are conditions that can be read."""

from __future__ import annotations

import pytest

from app.api.collections import properties
from app.domain.collections import COLLECTIONS, Collection
from app.domain.expressions import parse
from app.formats.fields import condition


@pytest.mark.parametrize("collection", COLLECTIONS.values(), ids=COLLECTIONS)
def test_every_example_of_a_condition_can_be_read(collection: Collection) -> None:
    told = properties(collection)
    for name, kind in collection.queryables.items():
        words = tuple(told.get(name, {}).get("enum", ()))
        # Raises where it cannot be read.
        parse(condition(name, kind, words), None, collection.queryables)
