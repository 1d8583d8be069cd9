"""A cache of so many bytes, in which what several wait for is made once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Cache(Generic[Value]):
    """What was made last is kept, up to so many bytes; what was not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        """Keep at most so many bytes."""
        self.most = most
        self.held = 0
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._made: dict[Hashable, _Making[Value]] = {}

    def known(self, key: Hashable) -> Value | None:
        """What is kept under a key; None if nothing is."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    async def get(
        self, key: Hashable, make: Callable[[], Coroutine[Any, Any, Value]], size: Callable[[Value], int]
    ) -> Value:
        """What is kept under a key, or what `make` makes. Whoever comes meanwhile waits for the same, and has its error too.

        Who goes away takes nobody's answer along; when nobody waits any more, it is not made to its end.
        """
        found = self.known(key)
        if found is not None:
            return found
        making = self._made.get(key)
        if making is None:
            making = self._made[key] = _Making(asyncio.create_task(self._make(key, make, size)))
        making.waiting += 1
        try:
            return await asyncio.shield(making.task)
        finally:
            making.waiting -= 1
            if not making.waiting and not making.task.done():
                making.task.cancel()
                self._forget(key, making)

    async def _make(
        self, key: Hashable, make: Callable[[], Coroutine[Any, Any, Value]], size: Callable[[Value], int]
    ) -> Value:
        making = self._made[key]
        try:
            value = await make()
            self.keep(key, value, size(value))
            return value
        finally:
            self._forget(key, making)

    def _forget(self, key: Hashable, making: _Making[Value]) -> None:
        # Another may be under way already under this key, where nobody waited for this one any more.
        if self._made.get(key) is making:
            del self._made[key]

    def keep(self, key: Hashable, value: Value, size: int) -> None:
        """Keep what was made elsewhere."""
        if size > self.most:
            return
        _, before = self._kept.pop(key, (None, 0))
        self._kept[key] = value, size
        self.held -= before
        self.held += size
        while self.held > self.most:
            _, (_, freed) = self._kept.popitem(last=False)
            self.held -= freed


@dataclass(slots=True)
class _Making(Generic[Value]):
    task: asyncio.Task[Value]
    waiting: int = 0
