"""FlatGeobuf's index: the same whether it is made in one go or in many, of points as of boxes."""

from __future__ import annotations

import numpy as np
import pytest

from app.formats import packed_tree

NODE = np.dtype(packed_tree._NODE)


@pytest.mark.parametrize("count", [1, 15, 16, 17, 256, 257, 700])
def test_an_index_made_piece_by_piece_is_the_one_made_at_once(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(count)
    points = np.where(random.random((count, 1)) < 0.1, np.nan, random.random((count, 2)) * 90)
    kept = np.concatenate([[0], np.cumsum(random.integers(100, 900, count))])
    made = []
    for at_once in (packed_tree._AT_ONCE, 2 * packed_tree.NODE_SIZE):
        monkeypatch.setattr(packed_tree, "_AT_ONCE", at_once)
        for boxes in (points, np.hstack([points, points])):
            order = packed_tree.order(boxes)
            made.append((order.tolist(), b"".join(packed_tree.tree(boxes, order, kept))))
    assert all(one == made[0] for one in made)
    assert sorted(made[0][0]) == list(range(count))


def test_every_node_covers_its_children_and_leaves_say_where_features_are() -> None:
    count = packed_tree.NODE_SIZE**2
    random = np.random.default_rng(1)
    low = random.random((count, 2)) * 90
    boxes = np.hstack([low, low + random.random((count, 2))])
    boxes[::7] = np.nan
    kept = np.concatenate([[0], np.cumsum(random.integers(100, 900, count))])
    order = packed_tree.order(boxes)

    nodes = np.frombuffer(b"".join(packed_tree.tree(boxes, order, kept)), dtype=NODE)

    leaves, sizes = nodes[-count:], np.diff(kept)[order]
    assert leaves["offset"].tolist() == (np.cumsum(sizes) - sizes).tolist()
    for node in nodes[:-count]:
        children = nodes[int(node["offset"]) : int(node["offset"]) + packed_tree.NODE_SIZE]
        for name, over in (("west", min), ("south", min), ("east", max), ("north", max)):
            assert node[name] == over(children[name])
    nowhere = np.isnan(boxes[order, 0])
    assert np.isinf(leaves["west"]).tolist() == nowhere.tolist()
    assert nowhere.tolist() == sorted(nowhere.tolist())
