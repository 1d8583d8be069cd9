"""What was worked out of columns, for the next tile of the same question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

Value = TypeVar("Value")

REMEMBERED = 32
"""Questions: some hundred kilobytes each."""


class Memory:
    """The last things that were worked out. Threads may share it: two that come at the same time work out the same."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, key: Hashable) -> bool:
        """Whether it is known."""
        return key in self._known

    def get(self, key: Hashable, work_out: Callable[[], Value]) -> Value:
        """What is known under a key, or what `work_out` gives."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                known: Value = self._known[key]
                return known
        found = work_out()
        with self._lock:
            self._known[key] = found
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found
