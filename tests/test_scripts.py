"""The scripts and locks that set Sitrep up."""

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-npm.txt")


def pins(lock: str) -> dict[str, str]:
    """What a lock pins: name and marker, and version."""
    found = re.findall(r"^([\w.-]+)==(\S+)( ; [^\\]+)?", (ROOT / lock).read_text(), re.MULTILINE)
    return {name + marker.strip(): version for name, version, marker in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_every_package_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\w)", text.strip()))
    assert "://" not in text
    assert "index" not in text


def test_the_development_lock_pins_what_serving_needs_to_the_same_versions() -> None:
    serving, developing = (pins(lock) for lock in LOCKS[:2])

    assert serving
    assert serving.items() <= developing.items()


def test_the_lock_of_npm_has_a_hash_for_every_package_and_no_address_of_a_registry() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}

    assert packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values())
    named = json.loads((ROOT / "package.json").read_text())
    assert list(named["dependencies"]) == ["maplibre-gl"]


@pytest.mark.parametrize("script", ["setup", "server", "test", "check", "lock", "bench", "../.ci/run"])
def test_a_script_can_be_run_and_parsed(script: str) -> None:
    path = ROOT / "script" / script

    assert path.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", path], check=True)


def test_setup_has_nothing_to_do_here_and_works_from_any_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [ROOT / "script/setup", "--dev"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert (done.stdout, done.stderr) == ("", "")
