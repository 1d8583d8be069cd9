"""What changed is put in its place among what stands, as if all were sorted anew."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.columns.events import Array, Columns, arranged, changed
from app.queries.columns import FIELDS, NEVER

ABOUT: dict[str, Any] = {"version": 2, "settled": True, "seq": 2}
CODES: dict[str, Any] = {"regions": ("AF", "TJ"), "datasets": ("desk",)}
FEW = {
    "active": (1, 1, 0), "first_day": (NEVER, 0, 1), "lon": (np.nan, 68.5, 68.6), "lat": (36.5,), "disc": (0, 1),
    "extent_region": (-1, 0, 1), "deaths_best": (-1, 0, 7),
}  # fmt: skip
"""Few values, so that many rows are alike in most."""


def rows(count: int, seed: int) -> dict[str, Array]:
    random = np.random.default_rng(seed)
    read: dict[str, Array] = {
        name: random.choice(FEW.get(name, (0,)), count).astype(kind[1:]) for name, kind in FIELDS.items() if name != "id"
    }  # fmt: skip
    return {"id": random.integers(0, 256, (count, 16), np.uint8), **read}


def same(one: Columns, other: Columns) -> bool:
    names = [field.name for field in dataclasses.fields(Columns) if field.name not in {"itself", "memory"}]
    pairs = [(np.asarray(getattr(one, name)), np.asarray(getattr(other, name))) for name in names]
    return all(a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 20), st.integers(0, 10_000))
def test_what_changed_is_put_in_its_place(standing: int, come: int, moved: int, seed: int) -> None:
    before, after = rows(standing, seed), rows(come + min(moved, standing), seed + 1)
    after["id"][come:] = before["id"][: len(after["id"]) - come]
    stays = ~(before["id"][:, None] == after["id"][None]).all(axis=2).any(axis=1)

    followed = changed(arranged(before, **CODES, **ABOUT), after, **ABOUT)

    anew = {name: np.concatenate([before[name][stays], after[name]]) for name in before}
    assert same(followed, arranged(anew, **CODES, **ABOUT))
