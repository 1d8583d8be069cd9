"""The command `sitrep`, run as a person runs it."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from app.settings import Settings, variables

SITREP = Path(sys.executable).with_name("sitrep")


def sitrep(
    *arguments: str, data_dir: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    if data_dir is not None:
        environment["SITREP_DATA_DIR"] = str(data_dir)
    return subprocess.run(
        [SITREP, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": "/", **environment},
    )


def test_help_teaches_every_command_and_setting() -> None:
    told = sitrep("--help")

    assert told.returncode == 0
    for word in ("serve", "seed", "openapi", "db", "import", "desk", "Exit codes", "curl", *variables()):
        assert word in told.stdout


def test_help_answers_at_once() -> None:
    began = time.monotonic()
    sitrep("--help")

    # 0.09 s on two idle cores; the rest is for busy ones.
    assert time.monotonic() - began < 1.0


def test_a_wrong_setting_is_one_sentence_and_code_2() -> None:
    told = sitrep("db", "upgrade", SITREP_PORT="http")

    assert (told.returncode, told.stdout) == (2, "")
    assert re.fullmatch(r"sitrep: SITREP_PORT is 'http', and .*\.\n", told.stderr)


def test_a_wrong_option_is_code_2() -> None:
    assert sitrep("serve", "--port", "x").returncode == 2


@pytest.mark.parametrize("folder", ["/dev/null/x", "/etc/passwd"])
def test_what_cannot_be_done_is_one_sentence_and_code_1(folder: str) -> None:
    told = sitrep("db", "upgrade", data_dir=Path(folder))

    assert (told.returncode, told.stdout) == (1, "")
    assert re.fullmatch(rf"sitrep: Sitrep cannot keep its database in {folder}: .*\.\n", told.stderr)


def test_a_taken_port_is_said_before_anything_is_started(reachable_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = sitrep("serve", "--port", str(port), data_dir=reachable_dir / "data")

    assert told.returncode == 1
    assert told.stderr.startswith(f"sitrep: Port {port} is taken")
    assert not (reachable_dir / "data").exists()


def test_upgrade_says_what_the_database_was(cluster_settings: Settings) -> None:
    # Beside the cluster of the tests, which runs: the command joins it.
    first = sitrep("db", "upgrade", data_dir=cluster_settings.data_dir)
    second = sitrep("db", "upgrade", data_dir=cluster_settings.data_dir)

    assert (first.returncode, second.returncode) == (0, 0)
    assert re.search(r"newest form \(it was at \d+\)", second.stderr)


def test_a_server_answers_and_stops_in_order_whichever_way_it_is_told(reachable_dir: Path) -> None:
    # The first start makes the database; the second finds it.
    for number in (signal.SIGINT, signal.SIGTERM):
        server = subprocess.Popen(
            [SITREP, "serve", "--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": "/usr/bin:/bin", "SITREP_DATA_DIR": str(reachable_dir / "data")},
        )
        assert server.stderr is not None
        address = None
        while address is None and (line := server.stderr.readline()):
            address = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert address

        with urllib.request.urlopen(f"{address[0]}/openapi.json") as answer:  # noqa: S310 - our own address
            assert answer.status == 200

        server.send_signal(number)
        server.communicate(timeout=30)
        assert server.returncode == 0
        assert not (reachable_dir / "data" / "postgres" / "postmaster.pid").exists()
