"""What can be set from outside. Nothing else in Sitrep reads the environment."""

import os
import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.errors import SitrepError

_PREFIX = "SITREP_"
_URL_OPTIONS = (
    "host",
    "port",
    "sslmode",
    "ssl",
    "passfile",
    "target_session_attrs",
    "prepared_statement_cache_size",
)
"""What may stand behind the question mark of a database's URL; asyncpg takes no others of libpq's."""


class BadSettings(SitrepError):
    """A setting has a value that cannot be used. The message is a sentence for the person who set it."""


def default_data_dir() -> Path:
    """Where the database is kept: `/var/lib/sitrep` for root, the XDG data folder for anybody else.

    Not root's home, because PostgreSQL refuses to run as root and the user `postgres` cannot enter it.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/sitrep")
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base, "sitrep")


def cache_dir() -> Path:
    """Where what can be made again is kept: the XDG cache folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "sitrep").expanduser()


def _parts(address: str, message: str) -> SplitResult:
    """An address in its parts. Raises ValueError with the message for what is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # read late, and refused only then
    except ValueError as error:
        raise ValueError(message) from error
    return parts


class Settings(BaseSettings):
    """All settings. Each is read from the environment variable `SITREP_` and its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", use_attribute_docstrings=True
    )

    database_url: str | None = Field(default=None, repr=False)
    """A PostgreSQL server of yours, with PostGIS, as `postgresql://user:password@host/database`.
    Unset, Sitrep runs a private one of its own."""

    data_dir: Path = Field(default_factory=default_data_dir)
    """The folder for Sitrep's own database; by default `/var/lib/sitrep` for root,
    `$XDG_DATA_HOME/sitrep` or `~/.local/share/sitrep` for other users."""

    host: str = "127.0.0.1"
    """The address to serve on. The default is reached from this machine only; `0.0.0.0` from all others too."""

    port: int = Field(default=8000, ge=0, le=65535)
    """The port to serve on; 0 takes any that is free."""

    basemap_url: str | None = None
    """A base map for the map page instead of our own regions: an address of tiles with `{z}`, `{x}` and `{y}` in it, or
    that of a MapLibre style. Browsers then ask that host, and no other besides this one."""

    basemap_credits: str | None = Field(default=None, max_length=300)
    """Whose that base map is, as its publisher wants it said: shown with the credits of the page and on its pictures."""

    mistakes_url: str | None = None
    """Where readers of the map page report mistakes: `mailto:desk@news.example`, or the address of a page, in which `{event}`
    stands for the id of the event. Unset, nothing is offered."""

    @field_validator("basemap_url")
    @classmethod
    def _as_address_of_the_web(cls, value: str | None) -> str | None:
        if value is None:
            return None
        message = "must look like https://host/{z}/{x}/{y}.png, or https://host/style.json"
        parts = _parts(value, message)
        # The host goes into a header: letters of a host and nothing else.
        if parts.scheme not in {"http", "https"} or not re.fullmatch(
            r"[\w.-]+(:\d+)?|\[[\da-fA-F:]+\](:\d+)?", parts.netloc, re.ASCII
        ):
            raise ValueError(message)
        named = [name in value for name in ("{z}", "{x}", "{y}")]
        if any(named) and not all(named):
            raise ValueError(message)
        return value

    @field_validator("mistakes_url")
    @classmethod
    def _as_address_to_write_to(cls, value: str | None) -> str | None:
        if value is None:
            return None
        message = "must look like mailto:desk@news.example, or https://news.example/mistakes?event={event}"
        parts = _parts(value, message)
        # It is linked to from a page: a mail or the web, and nothing that runs.
        written = (
            bool(re.fullmatch(r"[^@\s]+@[^@\s/]+", parts.path))
            if parts.scheme == "mailto"
            else parts.scheme in {"http", "https"} and bool(parts.hostname)
        )
        if not written or re.search(r"\s", value):
            raise ValueError(message)
        return value

    @field_validator("database_url")
    @classmethod
    def _as_asyncpg_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        message = "must look like postgresql://user:password@host:5432/database"
        parts = _parts(value, message)
        if parts.scheme not in {"postgresql", "postgres", "postgresql+asyncpg"} or not parts.path.strip("/"):
            raise ValueError(message)
        given = parse_qsl(parts.query)
        if strange := [name for name, _ in given if name not in _URL_OPTIONS]:
            raise ValueError(
                f"must not have the option {strange[0]}; those that are read are {', '.join(_URL_OPTIONS)}"
            )
        # libpq's `sslmode` is `ssl` to asyncpg, with the same values.
        query = [("ssl" if name == "sslmode" else name, setting) for name, setting in given]
        # Not urlunsplit, which drops the empty host of a URL for a unix socket.
        tail = f"?{urlencode(query)}" if query else ""
        return f"postgresql+asyncpg://{parts.netloc}{parts.path}{tail}"

    @field_validator("data_dir")
    @classmethod
    def _as_absolute_path(cls, value: Path) -> Path:
        try:
            return value.expanduser().resolve()
        except RuntimeError as error:
            message = "starts with ~, and this user has no home folder"
            raise ValueError(message) from error


def variables() -> dict[str, str]:
    """Every environment variable that sets something, with the sentence that says what."""
    return {
        f"{_PREFIX}{name.upper()}": " ".join((field.description or "").split())
        for name, field in Settings.model_fields.items()
    }


def read_settings() -> Settings:
    """The settings of this process. Raises BadSettings with one sentence about the first wrong value."""
    known = variables()
    for name in os.environ:
        if name.startswith(_PREFIX) and name not in known:
            raise BadSettings(f"{name} is no setting of Sitrep; there are {', '.join(known)}.")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSettings(_sentence(first["loc"], first["msg"], first["input"])) from error


def _sentence(where: tuple[int | str, ...], message: str, value: object) -> str:
    name = f"{_PREFIX}{where[0]}".upper()
    shown = "" if name.endswith("_URL") else f" is {str(value)!r}, which"  # a URL may hold a password
    reason = message.removeprefix("Value error, ").removeprefix("Input should be ")
    reason = reason if reason.startswith(("must", "starts")) else f"must be {reason}"
    return f"{name}{shown} {reason}.".replace("which must", "and must")
