"""The packed R-tree of FlatGeobuf: features in the order of a Hilbert curve, and above them nodes with their boxes.

A reader that wants a box walks down from the root, and reads the few features that are left. https://flatgeobuf.org
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, Any]

NODE_SIZE = 16
"""Children of a node."""
_NODE = [("west", "<f8"), ("south", "<f8"), ("east", "<f8"), ("north", "<f8"), ("offset", "<u8")]
_CURVE = (1 << 16) - 1
_AT_ONCE = 20_000
"""Nodes that are given at a time: there are 43 MB of them for a million features."""


def order(boxes: Numbers) -> Numbers:
    """Places of boxes (west, south, east, north) in the order of a Hilbert curve over all of them; those that are none come last."""
    import numpy as np

    known = np.isfinite(boxes[:, 0])
    turns = np.full(len(boxes), np.iinfo(np.int64).max)
    if known.any():
        centres = (boxes[known, :2] + boxes[known, 2:]) / 2
        west_south = boxes[known, :2].min(axis=0)
        size = boxes[known, 2:].max(axis=0) - west_south
        cells = (_CURVE * (centres - west_south) / np.where(size > 0, size, 1)).astype(np.int64)
        turns[known] = _along_the_curve(cells[:, 0], cells[:, 1])
    return np.argsort(turns, kind="stable")


def tree(boxes: Numbers, offsets: Numbers) -> Iterator[bytes]:
    """The tree over features with these boxes, which begin at these offsets behind it: the root first, the features' nodes last.

    A feature without a place has the box of nothing (infinity to -infinity): no question finds it, and no box above grows.
    """
    import numpy as np

    counts = _levels(len(boxes))
    ends = np.cumsum(counts[::-1])[
        ::-1
    ].tolist()  # the level of the features, which is the first in `counts`, is the last in the file
    nodes = np.zeros(ends[0], dtype=_NODE)
    begins = [end - count for end, count in zip(ends, counts, strict=True)]
    leaves = nodes[begins[0] : ends[0]]
    for side, name in enumerate(("west", "south", "east", "north")):
        leaves[name] = boxes[:, side]
    leaves["offset"] = offsets
    for (below, end), (above, above_end) in pairwise(zip(begins, ends, strict=True)):
        first = np.arange(0, end - below, NODE_SIZE)
        level = nodes[above:above_end]
        for name in ("west", "south"):
            level[name] = np.minimum.reduceat(nodes[name][below:end], first)
        for name in ("east", "north"):
            level[name] = np.maximum.reduceat(nodes[name][below:end], first)
        level["offset"] = below + first
    for begin in range(0, len(nodes), _AT_ONCE):
        yield nodes[begin : begin + _AT_ONCE].tobytes()


def _levels(count: int) -> list[int]:
    """How many nodes there are a level: the features' first, the root last.

    >>> _levels(1), _levels(16), _levels(300)
    ([1, 1], [16, 1], [300, 19, 2, 1])
    """
    counts = [count]
    while len(counts) == 1 or counts[-1] > 1:
        counts.append(-(-counts[-1] // NODE_SIZE))
    return counts


def _along_the_curve(x: Numbers, y: Numbers) -> Numbers:
    """How far along a Hilbert curve cells of a square of 65,536 by 65,536 lie."""
    import numpy as np

    x, y = x.copy(), y.copy()
    turns = np.zeros(len(x), dtype=np.int64)
    side = 1 << 15
    while side:
        right, up = (x & side) > 0, (y & side) > 0
        turns += side * side * ((3 * right) ^ up)
        # Each quarter is walked as the whole is, turned: the lower ones along the diagonal, the last one backwards.
        flipped = ~up & right
        x[flipped], y[flipped] = _CURVE - x[flipped], _CURVE - y[flipped]
        x[~up], y[~up] = y[~up], x[~up]
        side >>= 1
    return turns
