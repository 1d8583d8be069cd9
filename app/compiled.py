"""Loops over arrays that are compiled to machine code, for what is done for each event of a tile.

Step by step over whole arrays, a tile of twenty events took two hundred calls, and one of a million read each column a dozen times.
What is compiled holds no lock of Python's: tiles are made on all processors at once. It is done once, when a function is first called,
and kept beside the source, or in the user's own cache where that may not be written to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The same function in machine code. It takes numbers and arrays of numbers, and trusts that what it reads lies in them."""
    try:
        made: Function = numba.njit(function, cache=True, nogil=True)
    except RuntimeError:
        # There is no folder in which it could be kept: then each start compiles it.
        made = numba.njit(function, nogil=True)
    return made
