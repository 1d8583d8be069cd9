"""A second process that makes batches of rows, so that two cores work on a long file.

It is given rows and gives batches back, over two pipes, and touches neither the file nor the database. It ends when its input does:
whatever becomes of the process that started it, the kernel closes the pipe.
"""

from __future__ import annotations

import fcntl
import gc
import io
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.errors import SitrepError

# Whoever starts a second process need not load first what that loads.
if TYPE_CHECKING:
    from app.importers.importer import Importer
    from app.importers.reading import Row
    from app.store.staged import Batch

MOST_GIVEN = 2
"""Lots of rows that it has at a time: it goes on with the second while the batch of the first is fetched."""
_PIPE = 2**20
"""Bytes that a pipe holds: as many as Linux lets anybody have, unless it is set up otherwise or the user has many pipes."""
LONG_BYTES, LONG_PACKED_BYTES = 4 * 2**20, 2**19
"""Of a file for which a second process is started with the command: it is ready when the database is. Some 6,000 rows."""


class HelperLost(SitrepError):
    """The second process ended before its work was done."""


class Second:
    """A second process for the rows of a file, which is started when it pays, at most once."""

    def __init__(self, make: Callable[[], Importer]) -> None:
        """`make` makes the importer there; it can be pickled."""
        self._make = make
        self.helper: Helper | None = None
        """None: not started."""

    def start(self) -> Helper:
        if self.helper is None:
            self.helper = Helper(self._make)
        return self.helper

    def close(self) -> None:
        helper, self.helper = self.helper, None
        if helper is not None:
            helper.close()


def collect_rarely() -> None:
    """Look for garbage now and then only. What is loaded stays, and no row makes a ring of references: it took a tenth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def is_long(place: str) -> bool:
    """Whether a source is a file of many rows. Of addresses and of standard input nobody knows."""
    try:
        size = Path(place).stat().st_size
    except (OSError, ValueError):
        return False
    return size >= (LONG_PACKED_BYTES if place.lower().endswith((".gz", ".zip")) else LONG_BYTES)


class Helper:
    """The second process, as the first sees it. It starts at once, and works from the moment on from which it is ready."""

    def __init__(self, make: Callable[[], Importer]) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd="/",
            # Away from the terminal, whose Ctrl-C is meant for the command.
            start_new_session=True,
        )
        for pipe in (self._process.stdin, self._process.stdout):
            # Not as `pipesize` of Popen: where Linux does not let us have so much, a smaller pipe serves too.
            with suppress(OSError):
                fcntl.fcntl(_open(pipe), fcntl.F_SETPIPE_SZ, _PIPE)
        # A thread for each way, since neither side reads while it writes.
        self._sending, self._receiving = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._sending.submit(self._send, pickle.dumps(make))
        self._begun = False
        self.used = False
        """Whether it was given any rows."""
        self._ready: Future[Any] = Future()
        self._given: list[Future[Batch]] = []

    def begin(self, header: Sequence[str], *, released_on: date | None) -> None:
        """Say of which file the rows will be; once, and before any is given."""
        if not self._begun:
            self._begun = True
            self._sending.submit(self._send, pickle.dumps((tuple(header), released_on)))
            self._ready = self._receiving.submit(self._receive)

    @property
    def free(self) -> bool:
        """Whether it can take a lot of rows. Raises HelperLost."""
        if not self._ready.done():
            return False
        self._ready.result()
        self._given = [future for future in self._given if not future.done()]
        return len(self._given) < MOST_GIVEN

    def give(self, rows: Sequence[Row]) -> Future[Batch]:
        """Give it some rows; the batch comes later, or HelperLost does."""
        self.used = True
        self._sending.submit(self._send, _packed(rows))
        batch: Future[Batch] = self._receiving.submit(self._receive)
        self._given.append(batch)
        return batch

    def close(self) -> None:
        """End it, also in the midst of its work."""
        self._process.kill()
        self._process.wait()
        self._sending.shutdown()
        self._receiving.shutdown()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _send(self, content: bytes) -> None:
        pipe = self._process.stdin
        if pipe is not None:
            with suppress(BrokenPipeError):  # `_receive` says what has become of it
                pipe.write(content)
                pipe.flush()

    def _receive(self) -> Any:
        try:
            return pickle.load(_open(self._process.stdout))  # noqa: S301  # from our own program
        except (EOFError, pickle.UnpicklingError) as error:
            code = self._process.wait()
            how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
            raise HelperLost(
                f"A second process that helped to read the file {how}. Nothing was imported; import it again."
            ) from error


def main() -> None:
    """Be the second process."""
    from app.importers.preparing import Preparing
    from app.importers.reading import Row

    given, results = sys.stdin.buffer, io.FileIO(sys.stdout.fileno(), "wb", closefd=False)
    sys.stdout = sys.stderr  # nothing else comes between the batches
    make = _read(given)
    if make is None:
        return
    importer: Importer = make()
    collect_rarely()
    begin = _read(given)
    if begin is None:
        return
    header, released_on = begin
    preparing = Preparing(importer.reader(header, released_on=released_on), importer.dataset.id)
    answer: Batch | None = None
    with suppress(BrokenPipeError):  # the process that started this one is gone, and so is whoever needs it
        while _written(results, answer):
            rows = _read(given)
            if rows is None:
                return
            answer = preparing.batch([Row(*parts) for parts in rows])


def _read(pipe: IO[bytes]) -> Any:
    """What the process that started this one says; None if it is gone, perhaps in the midst of sending."""
    try:
        return pickle.load(pipe)  # noqa: S301  # from our own program
    except (EOFError, pickle.UnpicklingError):
        return None


def _written(pipe: IO[bytes], answer: Batch | None) -> bool:
    content = memoryview(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    while content:
        content = content[pipe.write(content) :]
    return True


def _packed(rows: Sequence[Row]) -> bytes:
    """Rows for the pipe: as tuples, and without looking for what comes twice, in an eighth of the time."""
    content = io.BytesIO()
    pickler = pickle.Pickler(content, pickle.HIGHEST_PROTOCOL)
    pickler.fast = True
    pickler.dump([(row.number, row.cells, row.faults, row.silent) for row in rows])
    return content.getvalue()


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError
    return pipe


if __name__ == "__main__":
    main()
