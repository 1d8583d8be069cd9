"""PostgreSQL's own programs: where they are, under whom they run, and how Sitrep's private server is set."""

import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import SitrepError

PORT = 5432
"""The number in the name of the socket; nothing listens on TCP."""

BOOTSTRAP_PORT = 5433
"""The socket on which a new cluster is prepared, so that nobody meets a half-made one."""

SUPERUSER = "postgres"
SERVICE = "sitrep"
"""The ordinary role that Sitrep works as, and the database that it owns."""

EXTENSIONS = ("postgis", "pg_trgm")

# A path in `sockaddr_un` has 108 bytes, the closing zero included.
_LONGEST_SOCKET_PATH = 107


class ClusterError(SitrepError):
    """The private cluster cannot run. The message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one private cluster."""

    data_dir: Path
    """Absolute; holds everything below, but for the socket where the path is too long for one."""

    @property
    def pgdata(self) -> Path:
        return self.data_dir / "postgres"

    @property
    def log(self) -> Path:
        return self.data_dir / "postgres.log"

    @property
    def users_lock(self) -> Path:
        """Every process that uses the cluster holds this shared; the keeper takes it to stop."""
        return self.data_dir / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """The one keeper holds this as long as it lives."""
        return self.data_dir / "keeper.lock"

    @property
    def socket_dir(self) -> Path:
        """Next to the data, or in /tmp under a name that follows from the path, if the path is too long."""
        near = self.data_dir / "socket"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= _LONGEST_SOCKET_PATH:
            return near
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        # A fixed folder and no TMPDIR: every process has to find the same one. The keeper checks who owns it.
        return Path("/tmp", f"sitrep-{os.geteuid()}-{digest}")  # noqa: S108

    def sockets(self) -> list[Path]:
        return [
            self.socket_dir / f".s.PGSQL.{port}{suffix}"
            for port in (PORT, BOOTSTRAP_PORT)
            for suffix in ("", ".lock")
        ]

    def version(self) -> int | None:
        """The major version that made the cluster, or None where there is none yet."""
        try:
            return int((self.pgdata / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unusable(self.data_dir, error) from error


def unusable(folder: Path, error: OSError) -> ClusterError:
    """The sentence for a data folder that cannot be used."""
    return ClusterError(
        f"Sitrep cannot keep its database in {folder}: {error.strerror}. Set SITREP_DATA_DIR to a folder that "
        "this user may write to."
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom PostgreSQL's programs run as: ourselves, or the user `postgres` when we are root, which they refuse."""

    uid: int
    gid: int

    @classmethod
    def of_this_process(cls) -> "Identity":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError as error:
            raise ClusterError(
                "PostgreSQL does not run as root, and there is no user `postgres` to run it as. Make one with "
                "`useradd --system postgres`, or start Sitrep as an ordinary user."
            ) from error
        return cls(entry.pw_uid, entry.pw_gid)

    def arguments(self) -> dict[str, Any]:
        """What subprocess.Popen needs to become this identity."""
        # A clean environment: PGDATA, PGPORT and their like are meant for other servers.
        arguments: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}}
        if os.geteuid() == 0:
            arguments |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return arguments


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs of one installed PostgreSQL that has PostGIS."""

    folder: Path
    major: int
    control: Path
    """PostGIS's control file, which changes with its version."""

    def command(self, name: str, *arguments: str | Path) -> list[str]:
        """The command line of a program that ends, in order, when the process that started it dies."""
        # setpriv, since a preexec_fn would run Python between fork and exec. SIGINT is PostgreSQL's fast shutdown.
        return ["setpriv", "--pdeathsig", "INT", str(self.folder / name), *map(str, arguments)]


def find_programs(major: int | None = None) -> Programs:
    """The newest PostgreSQL with PostGIS, or that of the major version asked for."""
    found = sorted(_installed(), key=lambda programs: programs.major, reverse=True)
    if not found:
        raise ClusterError(
            "PostgreSQL with PostGIS is not installed. On Debian and Ubuntu: "
            "sudo apt-get install --no-install-recommends postgresql-postgis. "
            "Or name a server of yours in SITREP_DATABASE_URL."
        )
    for programs in found:
        if major in {None, programs.major}:
            return programs
    raise ClusterError(
        f"Sitrep's database was made by PostgreSQL {major}, and here only "
        f"{' and '.join(str(programs.major) for programs in found)} is installed with PostGIS. On Debian and Ubuntu: "
        f"sudo apt-get install postgresql-{major}-postgis-3. To begin anew instead, set SITREP_DATA_DIR to another folder."
    )


def _installed() -> list[Programs]:
    # Debian and Ubuntu; then whatever pg_config on the path tells of.
    places = [
        (folder / "bin", Path("/usr/share/postgresql", folder.name), folder / "lib")
        for folder in Path("/usr/lib/postgresql").glob("*")
        if folder.name.isdecimal()
    ]
    if pg_config := shutil.which("pg_config"):
        folders = [Path(line) for line in _told(pg_config, "--bindir", "--sharedir", "--pkglibdir")]
        places += [(folders[0], folders[1], folders[2])] if folders else []
    return [
        Programs(programs, _major(programs / "postgres"), shared / "extension/postgis.control")
        for programs, shared, libraries in dict.fromkeys(places)
        # The library too: Debian has the control file in another package.
        if (shared / "extension/postgis.control").exists()
        and any(libraries.glob("postgis-[0-9]*.so"))
        and (programs / "initdb").exists()
    ]


def _major(postgres: Path) -> int:
    if postgres.parent.parent.name.isdecimal():
        return int(postgres.parent.parent.name)
    # It prints like this: postgres (PostgreSQL) 16.4 (Homebrew).
    return int(_told(postgres, "--version")[0].split()[2].split(".")[0])


def _told(*command: str | Path) -> list[str]:
    """The lines that a program prints."""
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout.splitlines()  # noqa: S603


def server_options(place: Place, port: int, changed: Mapping[str, str]) -> Sequence[str]:
    """The settings of the private server as command line options; `changed` wins over them."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        # Reached through the socket alone, and the socket by its owner (and root) alone.
        "listen_addresses": "",
        "unix_socket_directories": str(place.socket_dir),
        "unix_socket_permissions": "0700",
        "port": str(port),
        "cluster_name": SERVICE,
        # An eighth of the memory, not the usual quarter: the machine is somebody's desk, not only a database.
        "shared_buffers": f"{min(max(memory_mb // 8, 128), 4096)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 256)}MB",
        # Imports sort and index hundreds of thousands of rows; there are few connections to share this.
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        # An import of 300,000 rows writes about 1 GB of log; a checkpoint in its midst would double that.
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        # Solid-state disks read at random nearly as fast as in order; the default of 4 shuns indexes.
        "random_page_cost": "1.1",
        # Compiling costs more than it saves in queries of milliseconds.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "max_connections": "100",
    } | dict(changed)
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
