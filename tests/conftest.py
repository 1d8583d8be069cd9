"""A real PostGIS for the tests: a private cluster in a temporary folder, shared by all processes of one run.

session          one transaction, rolled back at the end: for most tests
connection       the connection below it, for an engine's worth of SQL
fresh_database   the URL of an empty, migrated database of the test's own: for tests that commit
fresh_engine     an engine on that
world            a dozen regions in the database of `connection` (tests/world.py)
blessed          compares a text with its golden file; `pytest --bless` writes it anew
make_event       puts an event into it: `await make_event(at=(179.5, -17.0))` gives its id
"""

import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import hypothesis
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from app.db import cluster, migrations
from app.db.engine import create_engine
from app.domain.regions import Regions
from app.settings import Settings
from app.tiles.trial import trial
from tests.world import WORLD, Made, MakeEvent, load_world, put

# These databases live for minutes: nothing has to survive a power cut, and no plan may change under a test.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "128MB",
}
# The same examples in every run: a red test stays red until it is mended. `--hypothesis-profile=search` looks for new ones.
_PATIENT: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": list(hypothesis.HealthCheck),
    "print_blob": True,
}
hypothesis.settings.register_profile("same", max_examples=60, derandomize=True, database=None, **_PATIENT)
hypothesis.settings.register_profile("search", max_examples=1000, database=None, **_PATIENT)
hypothesis.settings.load_profile("same")
_EMPTY = "sitrep_empty"
_TEMPLATE = "sitrep_template"
_FOLDER = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bless", action="store_true", help="write golden files anew instead of comparing them")


@pytest.fixture
def blessed(pytestconfig: pytest.Config) -> Callable[[Path, str], None]:
    """Compares a text with its golden file, or writes that under `--bless`."""

    def compare(path: Path, text: str) -> None:
        if pytestconfig.getoption("--bless"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert text == path.read_text()

    return compare


def pytest_configure(config: pytest.Config) -> None:
    # In tests compiled loops look whether what they read and write is there.
    pytest.MonkeyPatch().setenv("NUMBA_BOUNDSCHECK", "1")
    given = getattr(config, "workerinput", {}).get("cluster")
    # Not pytest's own temporary folder: PostgreSQL has to reach this one as the user `postgres` when we are root.
    config.stash[_FOLDER] = Path(given or tempfile.mkdtemp(prefix="sitrep-tests-"))
    if given is None:
        config.stash[_FOLDER].chmod(0o755)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells each process of pytest-xdist which folder is theirs together."""
    node.workerinput["cluster"] = str(node.config.stash[_FOLDER])


@pytest.fixture(scope="session", autouse=True)
def loops_compiled() -> None:
    """Compile before any test: what Numba does with warnings meanwhile, in a thread, would let those of others become errors.

    FastAPI, which reads a route when it is first asked for, has some that it silences.
    """
    trial()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(config.stash[_FOLDER], ignore_errors=True)


@pytest.fixture
def reachable_dir() -> Iterator[Path]:
    """A temporary folder that the user `postgres` can reach when the tests run as root."""
    with _reachable_dir() as folder:
        yield folder


@contextmanager
def _reachable_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sitrep-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
async def cluster_settings(pytestconfig: pytest.Config) -> AsyncIterator[Settings]:
    """The settings with which the cluster of the tests is reached; it runs as long as they are held."""
    settings = Settings(data_dir=pytestconfig.stash[_FOLDER] / "data", database_url=None)
    async with cluster.running(settings, changed=FAST):
        # Kept aside at once, since a test may upgrade the cluster's own database.
        await _make_template(settings, _EMPTY, "sitrep")
        yield settings


@pytest.fixture(scope="session")
async def template(cluster_settings: Settings) -> str:
    """The name of a migrated database to clone: made once, by whichever process comes first."""
    await _make_template(cluster_settings, _TEMPLATE, _EMPTY, migrations.upgrade)
    return _TEMPLATE


@pytest.fixture(scope="session")
async def engine(cluster_settings: Settings, template: str) -> AsyncIterator[AsyncEngine]:
    """An engine on this process's database. What a test commits here stays: take `fresh_engine` for that."""
    async with _clone(cluster_settings, template) as url:
        engine = create_engine(url)
        yield engine
        await engine.dispose()


@pytest.fixture(scope="session")
async def world_engine(cluster_settings: Settings, template: str) -> AsyncIterator[AsyncEngine]:
    """The same with the small world in it, which took longer to put there than most tests take."""
    async with _clone(cluster_settings, template) as url:
        engine = create_engine(url)
        async with engine.begin() as connection:
            await load_world(connection)
        yield engine
        await engine.dispose()


@pytest.fixture
async def connection(
    request: pytest.FixtureRequest, engine: AsyncEngine, world_engine: AsyncEngine
) -> AsyncIterator[AsyncConnection]:
    """A connection in a transaction that is rolled back at the end."""
    async with (world_engine if "world" in request.fixturenames else engine).connect() as connection:
        transaction = await connection.begin()
        yield connection
        await transaction.rollback()


@pytest.fixture
async def session(connection: AsyncConnection) -> AsyncIterator[AsyncSession]:
    """A session in that transaction. Its commits and rollbacks end savepoints only."""
    async with AsyncSession(
        connection, join_transaction_mode="create_savepoint", expire_on_commit=False
    ) as session:
        yield session


@pytest.fixture
async def fresh_database(cluster_settings: Settings, template: str) -> AsyncIterator[str]:
    """The URL of a migrated database that no other test sees."""
    async with _clone(cluster_settings, template) as url:
        yield url


@pytest.fixture(scope="module")
async def module_database(cluster_settings: Settings, template: str) -> AsyncIterator[str]:
    """The URL of a migrated database for many rows, which the tests of one file share."""
    async with _clone(cluster_settings, template) as url:
        yield url


@pytest.fixture
async def fresh_engine(fresh_database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(fresh_database)
    yield engine
    await engine.dispose()


@pytest.fixture
async def empty_database(cluster_settings: Settings) -> AsyncIterator[str]:
    """The URL of a database with the extensions and no tables."""
    async with _clone(cluster_settings, _EMPTY) as url:
        yield url


async def _make_template(
    settings: Settings, name: str, origin: str, finish: Callable[[str], Awaitable[object]] | None = None
) -> None:
    """Makes a database to clone, unless another process has made it."""
    async with _superuser(settings) as superuser:
        await superuser.execute("SELECT pg_advisory_lock(1)")
        if not await superuser.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await superuser.execute(f"CREATE DATABASE half_template TEMPLATE {origin} OWNER sitrep")
            if finish is not None:
                await finish(cluster.private_url(settings, database="half_template"))
            # Renamed last, so that half a template is none.
            await superuser.execute(f"ALTER DATABASE half_template RENAME TO {name}")


@asynccontextmanager
async def _clone(settings: Settings, template: str) -> AsyncIterator[str]:
    name = f"test_{uuid4().hex}"
    async with _superuser(settings) as superuser:
        await superuser.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER sitrep")
        try:
            yield cluster.private_url(settings, database=name)
        finally:
            await superuser.execute(f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def _superuser(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    url = make_url(cluster.private_url(settings, role="postgres", database="postgres"))
    connection = await asyncpg.connect(
        host=str(url.query["host"]), port=5432, user="postgres", database="postgres"
    )
    try:
        yield connection
    finally:
        await connection.close()


@pytest.fixture
def world() -> Regions:
    """The small world of tests/world.py, which `connection` finds then."""
    return WORLD


@pytest.fixture
async def make_event(connection: AsyncConnection, world: Regions) -> MakeEvent:
    """See `MakeEvent`."""

    async def make(**told: Any) -> UUID:
        (made,) = await put(connection, Made(**told))
        return made

    return make
