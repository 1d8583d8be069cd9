"""Memory that tables were made in goes back to the system, so that a whole result takes no more the longer it is."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any


def settle() -> None:
    """Have Arrow give back at once what it frees, instead of keeping it for the next table."""
    import pyarrow as pa

    # Its own choice, mimalloc, keeps what each of its threads had: 196 MB after a file of 250,000 events.
    pa.set_memory_pool(pa.system_memory_pool())


def give_back() -> None:
    """Give back what is free. It takes some tenths of a millisecond, and is done between blocks of rows."""
    if trim := _trim():
        trim(0)


@cache
def _trim() -> Any:
    """Its function malloc_trim, if this is glibc, which keeps what was freed wherever something newer lies behind."""
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
