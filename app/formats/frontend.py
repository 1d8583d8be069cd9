"""The files of the map page: modules and style of ours in `app/map`, and MapLibre's beside them, which `script/setup` brings."""

from __future__ import annotations

import gzip
import hashlib
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.formats.html import environment

FOLDER = Path(__file__).parents[1] / "map"
MAPLIBRE = tuple(
    f"maplibre/maplibre-gl{end}" for end in (".mjs", "-shared.mjs", "-worker.mjs", ".css")
)  # fmt: skip
"""What is served of MapLibre GL JS."""
_KINDS = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of the page, as it is sent."""

    plain: bytes
    packed: bytes
    """The same, compressed with gzip."""
    media_type: str


def names() -> list[str]:
    """All files that the page may load, by their path in its folder."""
    return _looked(_now())[0]


def missing() -> bool:
    """Whether MapLibre is not there: it was not to be had when Sitrep was set up."""
    return not all((FOLDER / name).is_file() for name in MAPLIBRE)


def version() -> str:
    """A word that changes with any file: it stands in their addresses, so that each may be kept for ever."""
    return _looked(_now())[1]


def read(name: str) -> File | None:
    """A file by its path in the folder; none that the page does not load."""
    if name not in names():
        return None
    return _read(name, (FOLDER / name).stat().st_mtime_ns)


def page(**told: Any) -> bytes:
    """The page, with what it is told escaped. It names all modules, so that none waits until another has asked for it."""
    modules = [MAPLIBRE[0], *(name for name in names() if name.endswith(".js"))]
    return _ENVIRONMENT.get_template("index.html").render(modules=modules, **told).encode()


def _now() -> int:
    # By the second: a page loads some forty files, and to look at all of them for each took 200 ms of a processor.
    return int(time.monotonic())


@lru_cache(maxsize=1)
def _looked(_second: int) -> tuple[list[str], str]:
    """`names` and `version`, as the folder is."""
    found = (path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in _KINDS)
    served = sorted(name for name in found if "/" not in name or name in MAPLIBRE)
    stats = ((name, (FOLDER / name).stat()) for name in served)
    told = "\n".join(f"{name} {stat.st_mtime_ns} {stat.st_size}" for name, stat in stats)
    return served, hashlib.blake2b(told.encode(), digest_size=6).hexdigest()


@lru_cache(maxsize=64)
def _read(name: str, _changed: int) -> File:
    plain = (FOLDER / name).read_bytes()
    kind = _KINDS[Path(name).suffix]
    return File(plain=plain, packed=gzip.compress(plain, 6, mtime=0), media_type=f"{kind}; charset=utf-8")


_ENVIRONMENT = environment(FOLDER)
