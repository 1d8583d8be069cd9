"""The packed R-tree of FlatGeobuf: features in the order of a Hilbert curve, and above them nodes with their boxes.

A reader that wants a box walks down from the root, and reads the few features that are left. https://flatgeobuf.org
"""

from __future__ import annotations

import math
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
_AT_ONCE = 1_000 * NODE_SIZE
"""Boxes that are looked at, and features' nodes that are given, at a time: there are 43 MB of nodes for a million features."""

# Boxes are rows of west, south, east and north, or of longitude and latitude where all are points; what is nowhere has NaN.


def extent(boxes: Numbers) -> Numbers | None:
    """The box around all boxes, or None if none is anywhere."""
    import numpy as np

    west_south = np.fmin.reduce(boxes[:, :2], axis=0, initial=np.inf)
    east_north = np.fmax.reduce(boxes[:, -2:], axis=0, initial=-np.inf)
    return np.concatenate([west_south, east_north]) if np.isfinite(west_south).all() else None


def order(boxes: Numbers) -> Numbers:
    """Places of boxes in the order of a Hilbert curve over all of them; those that are nowhere come last."""
    import numpy as np

    around = extent(boxes)
    # How far along the curve above 31 bits, the place in them: sorted as one number, they take 8 bytes for each box.
    turns = np.arange(len(boxes), dtype=np.uint64)
    for begin in range(0, len(boxes), _AT_ONCE):
        part = boxes[begin : begin + _AT_ONCE]
        turns[begin : begin + _AT_ONCE] |= _turns(part, around).astype(np.uint64) << np.uint64(31)
    turns.sort()
    turns &= np.uint64((1 << 31) - 1)
    return turns.view(np.int64)


def tree(boxes: Numbers, places: Numbers, kept: Numbers) -> Iterator[bytes]:
    """The tree over features with these boxes, which stand behind it in the order of `places`: the root first, the features' nodes last.

    The bytes of a feature are kept from `kept[place]` to `kept[place + 1]`. One that is nowhere has the box of nothing (infinity to
    -infinity): no question finds it, and no box above grows.
    """
    import numpy as np

    yield _above(boxes, places).tobytes()
    offset = 0
    for begin in range(0, len(places), _AT_ONCE):
        part = places[begin : begin + _AT_ONCE]
        nodes, sizes = _leaves(boxes[part]), kept[part + 1] - kept[part]
        nodes["offset"] = offset + np.cumsum(sizes) - sizes
        yield nodes.tobytes()
        offset += int(sizes.sum())


def _above(boxes: Numbers, places: Numbers) -> Numbers:
    """All nodes above those of the features: a fifteenth as many."""
    import numpy as np

    counts = _levels(len(places))
    # The level of the features is the first in `counts`, and the last in the file.
    ends = np.cumsum(counts[::-1])[::-1].tolist()
    begins = [end - count for end, count in zip(ends, counts, strict=True)]
    nodes = np.zeros(begins[0], dtype=_NODE)
    lowest = nodes[begins[1] :]
    for begin in range(0, len(places), _AT_ONCE):
        at = begin // NODE_SIZE
        _cover(_leaves(boxes[places[begin : begin + _AT_ONCE]]), lowest[at : at + _AT_ONCE // NODE_SIZE])
    lowest["offset"] = begins[0] + np.arange(len(lowest)) * NODE_SIZE
    for (below, end), (above, above_end) in pairwise(zip(begins[1:], ends[1:], strict=True)):
        level = nodes[above:above_end]
        _cover(nodes[below:end], level)
        level["offset"] = below + np.arange(len(level)) * NODE_SIZE
    return nodes


def _cover(nodes: Numbers, level: Numbers) -> None:
    """Give each node of a level the box of its children."""
    import numpy as np

    first = np.arange(0, len(nodes), NODE_SIZE)
    for name in ("west", "south"):
        level[name] = np.minimum.reduceat(nodes[name], first)
    for name in ("east", "north"):
        level[name] = np.maximum.reduceat(nodes[name], first)


def _leaves(boxes: Numbers) -> Numbers:
    """The nodes of features, without where they are."""
    import numpy as np

    nodes = np.zeros(len(boxes), dtype=_NODE)
    nowhere = np.isnan(boxes[:, 0])
    for number, (name, nothing) in enumerate(_SIDES):
        nodes[name] = np.where(nowhere, nothing, boxes[:, number % boxes.shape[1]])
    return nodes


def _levels(count: int) -> list[int]:
    """How many nodes there are a level: the features' first, the root last.

    >>> _levels(1), _levels(16), _levels(300)
    ([1, 1], [16, 1], [300, 19, 2, 1])
    """
    counts = [count]
    while len(counts) == 1 or counts[-1] > 1:
        counts.append(-(-counts[-1] // NODE_SIZE))
    return counts


def _turns(boxes: Numbers, around: Numbers | None) -> Numbers:
    """How far along the curve over the box around all the middle of each box lies, as 32 bits; those that are nowhere lie behind."""
    import numpy as np

    turns = np.full(len(boxes), 1 << 32)
    if around is not None:
        known = ~np.isnan(boxes[:, 0])
        centres = (boxes[known, :2] + boxes[known, -2:]) / 2
        size = around[2:] - around[:2]
        cells = (_CURVE * (centres - around[:2]) / np.where(size > 0, size, 1)).astype(np.int64)
        turns[known] = _along_the_curve(cells[:, 0], cells[:, 1])
    return turns


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


_SIDES = (("west", math.inf), ("south", math.inf), ("east", -math.inf), ("north", -math.inf))
"""The sides of a box in their order, and those of the box of nothing."""
