"""Source rows as they are kept: verbatim, and each once."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def content_hash(cells: Sequence[str]) -> bytes:
    """SHA-256 of a row's cells: their number, then each after a NUL, in UTF-8. No cell holds a NUL, so no two rows share one.

    >>> content_hash(["a", "b"]) == content_hash(["ab"]), content_hash([]) == content_hash([""])
    (False, False)
    """
    return sha256("\0".join((str(len(cells)), *cells)).encode()).digest()
