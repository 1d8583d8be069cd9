"""Loops over arrays that are compiled to machine code, for what is done for each event of a tile.

Step by step over whole arrays, a tile of twenty events took two hundred calls, and one of a million read each column a dozen times.
What is compiled holds no lock of Python's: tiles are made on all processors at once. It is done once, when a function is first called,
and kept beside the source, or in the user's own cache where that may not be written to. Numba is loaded then, and not at the start.
"""

from __future__ import annotations

import builtins
import dis
import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property, update_wrapper
from hashlib import blake2b
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, TypeVar, cast

import numpy as np

from app.settings import cache_dir

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The same function in machine code. It takes numbers and arrays of numbers, and trusts that what it reads lies in them.

    What it names besides becomes part of the code: constants, arrays and other compiled functions.
    """
    return cast("Function", Compiled(cast("FunctionType", function)))


class Compiled:
    """A function that is compiled when it is first called."""

    def __init__(self, function: FunctionType) -> None:
        self._function = function
        update_wrapper(self, function)

    def __call__(self, *given: Any) -> Any:
        """What the function gives."""
        return self.made(*given)

    @cached_property
    def made(self) -> Any:
        """It in machine code, as Numba has it."""
        import numba

        folder = _folder(self.digest)
        config: Any = numba.config
        before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
        try:
            return numba.njit(self._with_others(), cache=folder is not None, nogil=True)
        finally:
            config.CACHE_DIR = before

    @cached_property
    def digest(self) -> str:
        """What tells its machine code from that of before: Numba itself looks at the function's file alone."""
        import numba

        config: Any = numba.config
        parts = [repr(config.BOUNDSCHECK), numba.__version__, np.__version__, *_code(self._function)]
        parts += [f"{name}={_frozen(value)}" for name, value in sorted(self._named().items())]
        return blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()

    def _named(self) -> dict[str, Any]:
        """What it takes from its module."""
        named = {one.argval for one in dis.get_instructions(self._function) if one.opname == "LOAD_GLOBAL"}
        return {name: self._function.__globals__[name] for name in named if not hasattr(builtins, name)}

    def _with_others(self) -> FunctionType:
        """The function, which calls others as Numba has them."""
        others = {name: one.made for name, one in self._named().items() if isinstance(one, Compiled)}
        plain = self._function
        function = FunctionType(plain.__code__, plain.__globals__ | others, plain.__name__)
        update_wrapper(function, plain)
        return function


def _code(function: FunctionType) -> Iterator[str]:
    code = function.__code__
    yield from (
        function.__qualname__,
        code.co_code.hex(),
        repr(code.co_consts),
        repr(code.co_names),
        repr(code.co_varnames),
    )


def _frozen(value: Any) -> str:
    if isinstance(value, Compiled):
        return value.digest
    if isinstance(value, ModuleType):
        return value.__name__
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {value.tobytes().hex()}"
    return repr(value)


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
