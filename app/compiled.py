"""Loops over arrays that are compiled to machine code, for what is done for each event of a tile.

Step by step over whole arrays, a tile of twenty events took two hundred calls, and one of a million read each column a dozen times.
What is compiled holds no lock of Python's: tiles are made on all processors at once. It is done once, when a function is first called,
and kept beside the source, or in the user's own cache where that may not be written to.
"""

from __future__ import annotations

import builtins
import dis
import tempfile
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numba
import numpy as np

from app.settings import cache_dir

Function = TypeVar("Function", bound=Callable[..., object])

_CONFIG: Any = numba.config
_DIGEST = "sitrep_digest"


def compiled(function: Function) -> Function:
    """The same function in machine code. It takes numbers and arrays of numbers, and trusts that what it reads lies in them.

    What it names besides must be there already: constants, arrays and other compiled functions become part of the code.
    """
    digest = _digest(function)
    folder = _folder(digest)
    before, _CONFIG.CACHE_DIR = _CONFIG.CACHE_DIR, str(folder)
    try:
        made: Function = numba.njit(function, cache=folder is not None, nogil=True)
    finally:
        _CONFIG.CACHE_DIR = before
    setattr(made, _DIGEST, digest)
    return made


def _digest(function: Callable[..., object]) -> str:
    """What tells the code of a function from that of others: Numba itself looks at its file alone, and keeps what others have changed."""
    parts = [repr(_CONFIG.BOUNDSCHECK), numba.__version__, np.__version__, *_code(function)]
    named = {one.argval for one in dis.get_instructions(function) if one.opname == "LOAD_GLOBAL"}
    constants = sorted(name for name in named if not hasattr(builtins, name))
    parts += [f"{name}={_frozen(function.__globals__[name])}" for name in constants]
    return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _code(function: Callable[..., object]) -> Iterator[str]:
    code = function.__code__
    yield from (
        function.__qualname__,
        code.co_code.hex(),
        repr(code.co_consts),
        repr(code.co_names),
        repr(code.co_varnames),
    )


def _frozen(value: Any) -> str:
    if isinstance(value, ModuleType):
        return value.__name__
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {value.tobytes().hex()}"
    return str(getattr(value, _DIGEST, repr(value)))


def _beside() -> Path:
    return Path(__file__).parent / "__pycache__"


def _folder(digest: str) -> Path | None:
    """Where the machine code of a function is kept; None where nothing may be written: then each start compiles it."""
    for above in (_beside, cache_dir):
        try:
            folder = above() / f"compiled-{digest}"
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        # RuntimeError: of a user without a home.
        except (OSError, RuntimeError):
            continue
    return None
