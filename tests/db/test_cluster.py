"""The private cluster against real processes: joined, killed, left half made, in odd places."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from app.db import cluster
from app.db.postgres import Place
from app.settings import Settings
from tests.db.running import ask, asked_in_vain, eventually, keeper, kill_all, postmaster, processes, using

IS_ROOT = os.geteuid() == 0


@pytest.fixture
def data_dir(reachable_dir: Path) -> Iterator[Path]:
    yield reachable_dir / "data"
    assert eventually(lambda: not processes(reachable_dir)), "something of the cluster is left"


def test_a_new_cluster_has_postgis_and_an_ordinary_role_and_no_network(data_dir: Path) -> None:
    with using(data_dir) as user:
        url = user.url()

        assert str(ask(url, "SELECT postgis_version()"))[0] == "3"
        assert (
            ask(url, "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = user")
            is False
        )
        assert (
            ask(url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'sitrep'") == "sitrep"
        )
        assert ask(url, "SHOW listen_addresses") == ""
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SELECT string_agg(extname, ',' ORDER BY extname) FROM pg_extension") == (
            "pg_trgm,plpgsql,postgis"
        )
        assert Place(data_dir).socket_dir.stat().st_mode & 0o777 == 0o700
        user.leave()

    assert processes(data_dir) == {}


def test_a_command_beside_another_uses_the_same_cluster_and_outlives_it(data_dir: Path) -> None:
    with using(data_dir) as first, using(data_dir) as second:
        # Both come at once, to a folder with nothing in it.
        url = first.url()
        assert second.url() == url
        server = postmaster(data_dir)

        first.leave()

        assert ask(url, "SELECT 1") == 1
        assert postmaster(data_dir) == server
        second.leave()

    assert processes(data_dir) == {}


def test_data_survive_a_killed_postgres_and_the_command_works_on(data_dir: Path) -> None:
    with using(data_dir) as user:
        url = user.url()
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")

        os.kill(postmaster(data_dir), signal.SIGKILL)

        assert eventually(lambda: not asked_in_vain(url))
        assert ask(url, "SELECT answer FROM kept") == 42
        user.leave()


def test_postgres_stops_in_order_when_its_last_command_is_killed(data_dir: Path) -> None:
    with using(data_dir) as user:
        user.url()
        user.kill()

    assert eventually(lambda: not processes(data_dir))
    assert "database system is shut down" in Place(data_dir).log.read_text().splitlines()[-1]


def test_a_command_gets_another_keeper_when_its_own_is_killed(data_dir: Path) -> None:
    with using(data_dir) as user:
        url = user.url()
        dead = keeper(data_dir)
        os.kill(dead, signal.SIGKILL)

        assert eventually(lambda: any(pid != dead for pid in processes(data_dir)) and not asked_in_vain(url))
        assert eventually(lambda: not asked_in_vain(url) and keeper(data_dir) != dead)
        user.leave()


def test_postgres_killed_with_its_last_command_is_up_again_soon_for_the_next(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As a shell starts what it runs in the background.
    monkeypatch.setattr(sys, "executable", _ignoring_signals(data_dir.parent))
    for _ in range(4):
        with using(data_dir) as user:
            user.url()
            user.process.kill()
            os.kill(postmaster(data_dir), signal.SIGKILL)
        began = time.monotonic()
        with using(data_dir) as user:
            user.url()
            assert time.monotonic() - began < 30
            user.leave()


def _ignoring_signals(folder: Path) -> str:
    """Python, begun with SIGINT and SIGQUIT ignored."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\ntrap '' INT QUIT\nexec {sys.executable} \"$@\"\n")
    program.chmod(0o755)
    return str(program)


def test_a_data_folder_that_many_make_at_once_is_made_once(reachable_dir: Path) -> None:
    together = Barrier(8)

    def make(place: Place) -> None:
        together.wait()
        cluster._make_data_dir(place)

    with ThreadPoolExecutor(8) as pool:
        for turn in range(100):
            place = Place(reachable_dir / f"data-{turn}")
            list(pool.map(make, [place] * 8))

            assert sorted(file.name for file in place.data_dir.iterdir()) == ["keeper.lock", "users.lock"]
    assert len(list(reachable_dir.iterdir())) == 100


def test_a_data_folder_is_never_put_in_the_place_of_another(reachable_dir: Path) -> None:
    folder = reachable_dir / "data"
    cluster._make(folder)
    first = folder.stat().st_ino

    cluster._make(folder)

    assert folder.stat().st_ino == first
    assert list(reachable_dir.iterdir()) == [folder]


def test_all_killed_at_once_and_a_session_still_busy_does_not_block_the_next_start(data_dir: Path) -> None:
    with using(data_dir) as user:
        url = user.url()
        ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        # A session that does not notice that its server is dead, and holds on to the shared memory.
        busy = subprocess.Popen(
            [
                "psql",
                "-qXh",
                str(Place(data_dir).socket_dir),
                "-U",
                "sitrep",
                "-c",
                "DO 'BEGIN LOOP END LOOP; END'",
            ],
            stderr=subprocess.DEVNULL,
        )
        assert eventually(
            lambda: ask(url, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %'") == 1
        )
        kill_all(data_dir)
        user.kill()
    assert any(command.startswith("postgres: ") for command in processes(data_dir).values())

    with using(data_dir) as user:
        assert ask(user.url(), "SELECT answer FROM kept") == 42
        busy.wait(10)
        user.leave()


def test_a_pid_that_now_belongs_to_a_stranger_does_not_block_the_start(data_dir: Path) -> None:
    with using(data_dir) as user:
        user.url()
        user.leave()
    place = Place(data_dir)
    stale = (
        f"{os.getpid()}\n{place.pgdata}\n{int(time.time())}\n5432\n{place.socket_dir}\n\n  1 1\nready   \n"
    )
    for path in (place.pgdata / "postmaster.pid", place.socket_dir / ".s.PGSQL.5432.lock"):
        path.write_text(stale)
    (place.socket_dir / ".s.PGSQL.5432").touch()

    with using(data_dir) as user:
        assert ask(user.url(), "SELECT 1") == 1
        user.leave()


def test_half_a_cluster_is_made_anew(data_dir: Path) -> None:
    with using(data_dir) as user:
        assert eventually(lambda: any(data_dir.glob("postgres.new-*/PG_VERSION")))
        os.kill(keeper(data_dir), signal.SIGKILL)
        user.kill()
    assert not Place(data_dir).pgdata.exists()

    with using(data_dir) as user:
        assert ask(user.url(), "SELECT 1") == 1
        user.leave()


def test_a_cluster_killed_before_it_was_prepared_is_prepared_by_the_next_start(data_dir: Path) -> None:
    with using(data_dir) as user:
        assert eventually((Place(data_dir).pgdata / "postmaster.pid").exists)
        kill_all(data_dir)
        user.kill()

    with using(data_dir) as user:
        assert ask(user.url(), "SELECT postgis_version() IS NOT NULL") is True
        user.leave()


def test_a_path_too_long_for_a_socket_has_its_socket_in_a_private_folder_elsewhere(data_dir: Path) -> None:
    deep = data_dir.with_name("x" * 100) / "data"
    with using(deep) as user:
        url = user.url()

        folder = Place(deep).socket_dir
        assert folder.parent == Path("/tmp")  # noqa: S108
        assert folder.stat().st_mode & 0o777 == 0o700
        assert ask(url, "SELECT 1") == 1
        user.leave()
    folder.rmdir()


def test_a_socket_folder_that_somebody_else_made_is_refused(data_dir: Path) -> None:
    deep = data_dir.with_name("y" * 100) / "data"
    folder = Place(deep).socket_dir
    folder.symlink_to("/")
    try:
        assert "belongs to somebody else" in complaint(deep)
    finally:
        folder.unlink()


def complaint(data_dir: Path) -> str:
    """The sentence with which a cluster in this folder is refused."""

    async def start() -> None:
        async with cluster.running(Settings(data_dir=data_dir, database_url=None)):
            pytest.fail("it started")

    with pytest.raises(cluster.ClusterError) as refused:
        asyncio.run(start())
    return str(refused.value)


def test_a_folder_that_cannot_be_made_is_named(reachable_dir: Path) -> None:
    (reachable_dir / "file").touch()

    assert complaint(reachable_dir / "file" / "data").startswith(
        f"Sitrep cannot keep its database in {reachable_dir}/file/data: Not a directory."
    )


@pytest.mark.skipif(not IS_ROOT, reason="only root runs PostgreSQL as another user")
def test_a_folder_behind_a_closed_one_is_refused_with_a_way_out(data_dir: Path) -> None:
    data_dir.parent.chmod(0o700)

    assert complaint(data_dir).startswith(f"PostgreSQL cannot reach {data_dir}: started by root")


def test_a_cluster_of_another_major_version_is_refused_with_a_way_out(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir(parents=True)
    (data_dir / "postgres" / "PG_VERSION").write_text("9\n")

    assert "was made by PostgreSQL 9, and here only" in complaint(data_dir)


@pytest.mark.skipif(not IS_ROOT, reason="only root can make a small disk")
def test_a_full_disk_is_said_to_be_full(data_dir: Path) -> None:
    data_dir.mkdir(mode=0o755)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", data_dir],
        check=False,
        capture_output=True,
    )
    if mounted.returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        assert "the disk is full" in complaint(data_dir)
        assert eventually(lambda: not processes(data_dir))
    finally:
        subprocess.run(["umount", data_dir], check=True)


async def test_a_server_of_the_users_is_used_as_it_is(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, database_url="postgresql://me@db.example/news")

    async with cluster.running(settings) as url:
        assert url == "postgresql+asyncpg://me@db.example/news"
    assert not data_dir.exists()
