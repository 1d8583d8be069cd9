"""What the encoder of vector tiles writes, another library reads."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import mapbox_vector_tile
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.formats import mvt

INTS = st.integers(-(2**31), 2**31 - 1)
TEXTS = st.lists(st.text(max_size=20), min_size=1, max_size=5, unique=True)


@st.composite
def features(draw: st.DrawFn) -> list[dict[str, Any]]:
    words = draw(TEXTS)
    one = st.fixed_dictionaries(
        {
            "at": st.tuples(st.integers(-5000, 5000), st.integers(-5000, 5000)),
            "feature": st.integers(0, 2**53 - 1),
            "id": st.uuids(),
            "text": st.sampled_from([None, *words]),
            "number": st.one_of(st.none(), INTS),
            "whole": INTS,
            "flag": st.sampled_from([None, True, False]),
        }
    )
    return draw(st.lists(one, min_size=1, max_size=30))


def decoded(written: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(written, default_options={"y_coord_down": True})
    return found


@given(features())
def test_points_are_read_back_with_their_ids_and_properties_and_without_what_is_not_known(
    given: list[dict[str, Any]],
) -> None:
    words = sorted({one["text"] for one in given if one["text"] is not None})
    written = mvt.points(
        "points",
        x=np.array([one["at"][0] for one in given]),
        y=np.array([one["at"][1] for one in given]),
        ids=np.array([one["feature"] for one in given]),
        columns={
            "id": mvt.Uuids(np.array([list(one["id"].bytes) for one in given], np.uint8)),
            "text": mvt.Texts(
                words, np.array([-1 if one["text"] is None else words.index(one["text"]) for one in given])
            ),
            "number": mvt.Numbers(
                np.array([one["number"] or 0 for one in given]),
                np.array([one["number"] is not None for one in given]),
            ),
            "whole": mvt.Numbers(np.array([one["whole"] for one in given])),
            "flag": mvt.Flags(np.array([-1 if one["flag"] is None else int(one["flag"]) for one in given])),
        },
    )

    layer = decoded(written)["points"]
    assert (layer["version"], layer["extent"]) == (2, 4096)
    for one, feature in zip(given, layer["features"], strict=True):
        told = {name: one[name] for name in ("text", "number", "whole", "flag") if one[name] is not None}
        assert feature["id"] == one["feature"]
        assert tuple(feature["geometry"]["coordinates"]) == one["at"]
        assert feature["properties"] == {"id": str(one["id"]), **told}
        assert UUID(feature["properties"]["id"]) == one["id"]


VALUES = st.one_of(st.none(), st.text(max_size=10), st.booleans(), INTS, st.floats(allow_nan=False))


@given(st.lists(VALUES, min_size=1, max_size=10), st.integers(0, 2**53 - 1))
def test_values_of_any_kind_keep_their_kind(values: list[mvt.Value], number: int) -> None:
    square = bytes([9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15])
    written = mvt.polygons(
        "areas",
        geometries=[square] * len(values),
        ids=[number] * len(values),
        columns={"value": values, "place": list(range(len(values)))},
    )

    for place, (value, feature) in enumerate(zip(values, decoded(written)["areas"]["features"], strict=True)):
        assert feature["properties"] == {"place": place, **({} if value is None else {"value": value})}
        assert type(feature["properties"].get("value")) is type(value)
        assert feature["id"] == number
        assert feature["geometry"]["coordinates"] == [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]]


def test_layers_one_after_the_other_are_a_tile_and_no_features_no_bytes() -> None:
    some = {"x": np.array([1]), "y": np.array([2]), "ids": np.array([3])}
    none = {name: values[:0] for name, values in some.items()}
    first = mvt.points("first", **some, columns={"count": mvt.Numbers(np.array([4]))})
    second = mvt.polygons("second", geometries=[], ids=[], columns={})

    assert mvt.points("none", **none, columns={"count": mvt.Numbers(np.array([], np.int64))}) == second == b""
    assert set(decoded(first + mvt.points("third", **some, columns={"count": [5]}))) == {"first", "third"}
