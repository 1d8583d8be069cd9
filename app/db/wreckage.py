"""What a crash leaves behind, and how it is cleared before PostgreSQL starts again."""

import os
import signal
import time
from pathlib import Path

from app.db.postgres import ClusterError, Place

# A server that is shutting down in order may still be writing its checkpoint.
_ORDERLY_S = 30.0
_KILLED_S = 10.0


def clear_wreckage(place: Place) -> None:
    """Ends what is left of an earlier server of this cluster, and removes its pid file and socket.

    Only for the holder of the keeper's lock. PostgreSQL itself refuses to start while the pid in `postmaster.pid`
    or in the socket's lock file lives, and after a crash that may be a zombie or a stranger with a recycled number;
    or while an orphaned session still holds the shared memory.
    """
    if place.pgdata.exists():
        _end_processes(place.pgdata)
    for path in (place.pgdata / "postmaster.pid", *place.sockets()):
        path.unlink(missing_ok=True)


def _end_processes(pgdata: Path) -> None:
    left = _processes(pgdata)
    for pid, is_session in left.items():
        # SIGINT shuts the server down with all its sessions; a session whose server is dead needs SIGQUIT.
        if not is_session:
            _signal(pid, signal.SIGINT)
        elif all(left.values()):
            _signal(pid, signal.SIGQUIT)
    if _gone_within(pgdata, _ORDERLY_S):
        return
    for pid in _processes(pgdata):
        _signal(pid, signal.SIGKILL)
    if not _gone_within(pgdata, _KILLED_S):
        raise ClusterError(
            f"Processes of an earlier PostgreSQL do not end: {', '.join(map(str, _processes(pgdata)))}. "
            "They may be waiting for a disk. Sitrep can start when they are gone."
        )


def _processes(pgdata: Path) -> dict[int, bool]:
    """The live PostgreSQL processes of this cluster: pid, and whether it is a session or another child.

    All of them work inside the data folder, which proves more than a pid in a file: numbers are used again.
    A zombie has no working folder, so it is none of them.
    """
    home = pgdata.stat()
    found: dict[int, bool] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            here = os.stat(entry / "cwd")  # noqa: PTH116 - follows the link to the folder itself
            if (here.st_dev, here.st_ino) != (home.st_dev, home.st_ino):
                continue
            if (entry / "comm").read_text().strip() == "postgres":
                found[int(entry.name)] = (entry / "cmdline").read_bytes().startswith(b"postgres: ")
        except OSError:
            # It ended while we looked, or belongs to another user, so not to this cluster.
            continue
    return found


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _gone_within(pgdata: Path, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while _processes(pgdata):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True
