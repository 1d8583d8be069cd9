"""The process that keeps the private PostgreSQL: starts it, restarts it after a crash, and stops it when nobody is left.

    python -P -m app.db.keeper DATA_DIR [NAME=VALUE ...]

A process of its own, so that all `sitrep` commands are equals: whichever comes first starts the keeper, whichever
leaves last lets it go, in any order and also by `kill -9`. If the keeper dies, PostgreSQL shuts down with it, and the
commands that still work start another.

It says why it failed in one sentence on standard error, and ends with 1; it ends with 0 when another keeper is at work.
"""

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.db.locks import FileLock
from app.db.postgres import (
    BOOTSTRAP_PORT,
    EXTENSIONS,
    PORT,
    SERVICE,
    SUPERUSER,
    ClusterError,
    Identity,
    Place,
    Programs,
    find_programs,
    server_options,
)
from app.db.wreckage import clear_wreckage

# How soon the keeper notices that nobody is left, or that PostgreSQL died.
_GLANCE_S = 0.1
# A checkpoint of 4 GB on a slow disk takes a while; past this the next start recovers.
_STOP_S = 60.0
# So many crashes in so many seconds are no accident.
_CRASHES = 5
_CRASHES_WITHIN_S = 60.0
_LONGEST_LOG = 5 * 2**20

_BOOTSTRAP = f"""
SELECT 'CREATE ROLE {SERVICE} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{SERVICE}') \\gexec
SELECT 'CREATE DATABASE {SERVICE} OWNER {SERVICE}'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{SERVICE}') \\gexec
\\connect {SERVICE}
{"".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)}
ALTER EXTENSION postgis UPDATE;
"""


def main(arguments: list[str]) -> int:
    """Keeps the cluster of the folder in the first argument for as long as somebody uses it."""
    # What a shell runs in the background begins with these ignored, and so would PostgreSQL: told to stop before it has handlers of
    # its own, it would never hear of it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    place = Place(Path(arguments[0]))
    changed = dict(argument.split("=", 1) for argument in arguments[1:])
    try:
        with FileLock(place.keeper_lock) as lock, FileLock(place.users_lock) as users:
            if not _take_within(lock, seconds=0.5):
                return 0
            _keep(place, changed, users)
    except ClusterError as error:
        print(error, file=sys.stderr)  # noqa: T201 - whoever started the keeper reads this
        return 1
    except OSError as error:
        print(f"{error.strerror}: {error.filename}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _take_within(lock: FileLock, seconds: float) -> bool:
    # Others touch the lock for an instant to see whether it is held.
    until = time.monotonic() + seconds
    while not lock.take(shared=False):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def _keep(place: Place, changed: Mapping[str, str], users: FileLock) -> None:
    identity = Identity.of_this_process()
    programs = find_programs(place.version())
    _make_socket_dir(place, identity)
    clear_wreckage(place)
    if place.version() is None:
        _make_cluster(place, programs, identity, changed)
    _bootstrap(place, programs, identity, changed)
    crashes: list[float] = []
    while True:
        with _server(place, programs, identity, PORT, changed) as server:
            if _nobody_left(server, users):
                return
        now = time.monotonic()
        crashes = [*(crash for crash in crashes if crash > now - _CRASHES_WITHIN_S), now]
        # PostgreSQL ends with 1 when it cannot start; trying again would not help.
        if server.returncode == 1 or len(crashes) > _CRASHES:
            raise ClusterError(_last_words(place))
        clear_wreckage(place)


def _nobody_left(server: subprocess.Popen[bytes], users: FileLock) -> bool:
    """Waits until the last user is gone, or until PostgreSQL is. Holds new users off if it was the users."""
    while server.poll() is None:
        if users.take(shared=False):
            return True
        time.sleep(_GLANCE_S)
    return False


def _make_socket_dir(place: Place, identity: Identity) -> None:
    folder = place.socket_dir
    try:
        folder.mkdir(mode=0o700)
        os.chown(folder, identity.uid, identity.gid)
    except FileExistsError:
        found = folder.lstat()
        # In /tmp anybody could have made it, to listen in.
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {identity.uid, os.geteuid()}:
            raise ClusterError(
                f"{folder} belongs to somebody else, so Sitrep does not use it. Remove it, or set SITREP_DATA_DIR "
                "to a shorter path."
            ) from None
        folder.chmod(0o700)
        os.chown(folder, identity.uid, identity.gid)


def _make_cluster(place: Place, programs: Programs, identity: Identity, changed: Mapping[str, str]) -> None:
    """Makes the cluster beside its place and moves it there, so that half a cluster never counts as one."""
    for left in place.data_dir.glob("postgres.new-*"):
        # Its own initdb may still be tidying up there: what stays is removed next time.
        shutil.rmtree(left, ignore_errors=True)
    half = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=place.data_dir))
    os.chown(half, identity.uid, identity.gid)
    _check_reach(half, identity)
    command = programs.command(
        "initdb",
        *("--pgdata", half, "--username", SUPERUSER, "--auth-local", "trust", "--auth-host", "reject"),
        *("--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums", "--no-instructions"),
        *(("--no-sync",) if changed.get("fsync") == "off" else ()),
    )
    _run(command, identity, "make its database")
    half.rename(place.pgdata)


def _check_reach(folder: Path, identity: Identity) -> None:
    reach = subprocess.run(["test", "-w", folder], check=False, **identity.arguments())  # noqa: S603, S607
    if reach.returncode != 0:
        raise ClusterError(
            f"PostgreSQL cannot reach {folder.parent}: started by root, it runs as the user `postgres`, and a folder "
            "on the way is closed to that user. Set SITREP_DATA_DIR to another folder, such as /var/lib/sitrep, or "
            "start Sitrep as the user who owns this one."
        )


def _bootstrap(place: Place, programs: Programs, identity: Identity, changed: Mapping[str, str]) -> None:
    """Makes role, database and extensions, once, and again when PostGIS or this list has changed."""
    stamp = place.pgdata / "sitrep-bootstrap"
    wanted = hashlib.sha256(_BOOTSTRAP.encode() + programs.control.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    with _server(place, programs, identity, BOOTSTRAP_PORT, changed) as server:
        while not _is_ready(place, server.pid):
            if server.poll() is not None:
                raise ClusterError(_last_words(place))
            time.sleep(0.01)
        command = programs.command(
            "psql",
            *("--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--host", place.socket_dir),
            *("--port", str(BOOTSTRAP_PORT), "--username", SUPERUSER, "--dbname", "postgres"),
        )
        _run(command, identity, "prepare its database", text=_BOOTSTRAP)
    stamp.write_text(wanted)


def _is_ready(place: Place, pid: int) -> bool:
    """Whether the server with this pid accepts connections: line 1 and line 8 of its pid file."""
    try:
        lines = (place.pgdata / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    # The pid too, since a file left by a crash says "ready" for ever.
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _run(command: list[str], identity: Identity, purpose: str, text: str = "") -> None:
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        command,
        check=False,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **identity.arguments(),
    )
    if done.returncode != 0:
        reason = (done.stdout.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        raise ClusterError(f"PostgreSQL could not {purpose}: {_explained(done.stdout, reason)}")


@contextmanager
def _server(
    place: Place, programs: Programs, identity: Identity, port: int, changed: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A PostgreSQL server, stopped at the end."""
    _turn_log(place)
    with place.log.open("ab") as log:
        server = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            programs.command("postgres", "-D", place.pgdata, *server_options(place, port, changed)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **identity.arguments(),
        )
    try:
        yield server
    finally:
        for number, patience_s in ((signal.SIGINT, _STOP_S), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            server.send_signal(number)
            try:
                server.wait(patience_s)
                break
            except subprocess.TimeoutExpired:
                continue


def _turn_log(place: Place) -> None:
    if place.log.exists() and place.log.stat().st_size > _LONGEST_LOG:
        place.log.rename(place.log.with_suffix(".log.1"))


def _last_words(place: Place) -> str:
    lines = place.log.read_text(errors="replace").splitlines()[-50:]
    cries = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    reason = (cries or lines or ["it left no word"])[-1]
    return f"PostgreSQL did not start: {_explained(reason, reason)} Its log is {place.log}."


def _explained(output: str, reason: str) -> str:
    if "No space left on device" in output:
        return "the disk is full. Make room, or set SITREP_DATA_DIR to a folder on another disk."
    return reason.rstrip(".") + "."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
