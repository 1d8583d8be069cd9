"""The database that Sitrep works with: a private PostgreSQL + PostGIS cluster of its own, or a server of the user's.

    async with cluster.running(settings) as url:
        engine = create_engine(url)

The private cluster listens on a unix socket in a folder that only its owner enters, and on no network. It runs as long
as any `sitrep` process uses it: see `app.db.keeper`, which starts and stops it.
"""

import asyncio
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from sqlalchemy import URL

from app.db.locks import FileLock, can_take
from app.db.postgres import PORT, SERVICE, ClusterError, Identity, Place, find_programs, unusable
from app.settings import Settings

__all__ = ["ClusterError", "is_new", "private_url", "running"]

log = logging.getLogger(__name__)

_NAP_S = 0.02
_GUARD_S = 1.0
# Somewhat more than the keeper's patience with PostgreSQL.
_LEAVE_S = 70.0


@asynccontextmanager
async def running(settings: Settings, *, changed: Mapping[str, str] | None = None) -> AsyncIterator[str]:
    """The SQLAlchemy URL of a database that answers, for as long as it is needed.

    `SITREP_DATABASE_URL` names it; otherwise it is the private cluster, joined if another process of ours has it
    running, started (and made, the first time) if not. Should PostgreSQL die meanwhile, it is started again, and the
    transactions that were open have failed. `changed` sets options of PostgreSQL for whoever comes first.

    Raises ClusterError with a sentence that says what is missing.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    place = Place(settings.data_dir)
    _make_data_dir(place)
    access = _Access(place, changed or {})
    try:
        with FileLock(place.users_lock) as users:
            # Not possible for the moment in which the keeper stops PostgreSQL.
            while not users.take(shared=True):  # noqa: ASYNC110 - other processes hold it
                await asyncio.sleep(_NAP_S)
            await access.ensure()
            guard = asyncio.create_task(access.guard())
            try:
                yield private_url(settings)
            finally:
                guard.cancel()
    finally:
        await access.leave()


def is_new(settings: Settings) -> bool:
    """Whether the private cluster is still to be made, which takes a second or two."""
    return settings.database_url is None and Place(settings.data_dir).version() is None


def private_url(settings: Settings, *, role: str = SERVICE, database: str = SERVICE) -> str:
    """The SQLAlchemy URL of a database in the private cluster. The role `postgres` may do everything."""
    where = {"host": str(Place(settings.data_dir).socket_dir), "port": str(PORT)}
    return URL.create("postgresql+asyncpg", role, database=database, query=where).render_as_string()


def _make_data_dir(place: Place) -> None:
    folder = place.data_dir
    find_programs(place.version() if folder.exists() else None)
    try:
        if not folder.exists():
            _make(folder)
        _make_locks(place)
    except OSError as error:
        raise unusable(folder, error) from error


def _make_locks(place: Place) -> None:
    FileLock(place.users_lock).close()
    FileLock(place.keeper_lock).close()


def _make(folder: Path) -> None:
    """Makes the data folder under another name and renames it, since another process may be making it too.

    The locks are in it before it has its name: a folder takes the name of an empty one, but not of one with files.
    """
    if not folder.parent.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    if os.geteuid() == 0:
        # The user `postgres` has to pass, and nobody else.
        os.chown(made, 0, Identity.of_this_process().gid)
        made.chmod(0o710)
    _make_locks(Place(made))
    try:
        made.rename(folder)
    except OSError:
        shutil.rmtree(made)
        if not folder.is_dir():
            raise


class _Access:
    """One process's use of the private cluster."""

    def __init__(self, place: Place, changed: Mapping[str, str]) -> None:
        self._place = place
        self._changed = changed
        self._keeper: subprocess.Popen[str] | None = None

    async def ensure(self) -> None:
        """Returns when the cluster answers, and starts its keeper if it has none."""
        # No time limit while a keeper is at work: recovery after a crash may take minutes, and the keeper gives up
        # by itself when PostgreSQL does.
        while not await self._answers():
            if self._keeper is not None and self._keeper.poll() == 1:
                _, reason = self._keeper.communicate()
                self._keeper = None
                raise ClusterError(
                    reason.strip().splitlines()[-1] if reason.strip() else "The keeper failed."
                )
            if (self._keeper is None or self._keeper.poll() is not None) and not self._is_kept():
                self._start_keeper()
            await asyncio.sleep(_NAP_S)

    async def guard(self) -> None:
        """Starts another keeper should this one be killed."""
        said = ""
        while True:
            await asyncio.sleep(_GUARD_S)
            if self._is_kept():
                continue
            try:
                await self.ensure()
            except ClusterError as error:
                # Tried each second, as somebody may be making room on the disk; said once.
                if str(error) != said:
                    said = str(error)
                    log.error("The database is gone: %s", said)  # noqa: TRY400 - the sentence says it all

    async def leave(self) -> None:
        """Waits until PostgreSQL has stopped, unless others still use it."""
        for _ in range(int(_LEAVE_S / _NAP_S)):
            if not self._is_kept():
                break
            # Shared but not exclusive: others work on. Neither: the keeper has it, and is stopping.
            if not can_take(self._place.users_lock, shared=False) and can_take(
                self._place.users_lock, shared=True
            ):
                break
            await asyncio.sleep(_NAP_S)
        if self._keeper is not None and self._keeper.stderr is not None:
            self._keeper.stderr.close()
            # Still at work for others: it outlives this process, and needs no reaping by it.
            self._keeper.returncode = self._keeper.poll() or 0

    def _is_kept(self) -> bool:
        return not can_take(self._place.keeper_lock, shared=True)

    def _start_keeper(self) -> None:
        options = [f"{name}={value}" for name, value in self._changed.items()]
        self._keeper = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", "-m", "app.db.keeper", str(self._place.data_dir), *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            # Away from the terminal, whose Ctrl-C is meant for the command: the keeper stops after it.
            start_new_session=True,
        )

    async def _answers(self) -> bool:
        if not self._is_kept():
            # An orphaned server may still answer while it shuts down.
            return False
        try:
            connection = await asyncpg.connect(
                host=str(self._place.socket_dir), port=PORT, user=SERVICE, database=SERVICE, timeout=60
            )
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
            return False
        await connection.close()
        return True
