"""Advisory locks on files, which the kernel releases when their holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class FileLock:
    """One lock on one file. Taken shared by any number of holders, or exclusively by one."""

    def __init__(self, path: Path) -> None:
        # The file stays when the lock goes: a lock on a removed file would keep nobody out.
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool) -> bool:
        """Takes the lock, or changes its kind, if that is possible now."""
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Gives the lock back."""
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def can_take(path: Path, *, shared: bool) -> bool:
    """Whether somebody else holds no lock on the file that stands in the way, at this moment."""
    with FileLock(path) as lock:
        return lock.take(shared=shared)
