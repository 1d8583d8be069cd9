"""The command `sitrep`. Each command imports what it needs when it runs, so that `--help` answers at once."""

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from app.errors import SitrepError
from app.importers import desk_commands
from app.importers.commands import imports

if TYPE_CHECKING:
    from app.settings import Settings

_GUIDE = """
An open conflict-event database with a geospatial API.

\b
First steps:
  script/server                    installs what is missing, and serves on http://127.0.0.1:8000
  sitrep import ucdp-ged FILE      brings a dataset in, also while the server runs
  sitrep desk FILE                 loads events that you coded by hand, with who says so
  curl 'http://127.0.0.1:8000/events?region=AF-KDZ&datetime=2021-08-08'

The database is a private PostgreSQL of Sitrep's own. It starts with the first sitrep command and stops with the last.
"""

_ENDING = """
\b
Settings (environment):
  SITREP_DATABASE_URL     a PostgreSQL server of yours instead: postgresql://user:password@host/database
  SITREP_DATA_DIR         folder of the private database; by default /var/lib/sitrep for root,
                          ~/.local/share/sitrep for others
  SITREP_HOST             address to serve on; by default 127.0.0.1, this machine only
  SITREP_PORT             port to serve on; by default 8000
  SITREP_BASEMAP_URL      another base map under the map page: a style, or tiles with {z}, {x} and {y}
  SITREP_BASEMAP_CREDITS  whose that base map is, as it is shown with the credits
  SITREP_MISTAKES_URL     where readers report mistakes: mailto: or https:

\b
Exit codes:
  0   done
  1   could not be done; one sentence says why
  2   wrong option or setting
"""

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
db = typer.Typer(no_args_is_help=True)
cli.add_typer(db, name="db", help="Look after the database.")
cli.add_typer(imports, name="import", help="Bring a dataset in.")
cli.command("desk", help=desk_commands.HELP, epilog=desk_commands.ENDING)(desk_commands.desk)


def main() -> NoReturn:
    """The entry point. What can be foreseen to go wrong is one sentence on standard error."""
    try:
        cli(prog_name="sitrep")
    except SitrepError as error:
        from app.settings import BadSettings

        typer.echo(f"sitrep: {error}", err=True)
        sys.exit(2 if isinstance(error, BadSettings) else 1)
    sys.exit(0)


@cli.callback(help=_GUIDE, epilog=_ENDING)
def _describe() -> None:
    """Typer shows the help of this, and the epilog after the commands."""


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to serve on; 0.0.0.0 for all networks.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to serve on; 0 for any.")] = None,
) -> None:
    """Serve events over HTTP, until Ctrl-C.

    Makes, upgrades and fills the database first, as far as that is needed.
    """
    settings = _settings(host=host, port=port)

    import uvloop

    from app.importers.seed import seed as bring_in
    from app.serving import serve as serve_on

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve_on(settings, bring_in, say))


@cli.command()
def seed() -> None:
    """Load the regions and the first events that ship with Sitrep. Does nothing where they are."""
    settings = _settings()

    from rich.console import Console

    from app.db import ready
    from app.importers.seed import SeedReport
    from app.importers.seed import seed as bring_in

    async def work(tell: Callable[[str], None]) -> SeedReport:
        async with ready.database(settings) as engine:
            return await bring_in(engine, tell)

    with Console(stderr=True).status("Looking what is there ...") as status:
        report = asyncio.run(work(status.update))
    for sentence in report.done or ("All that ships with Sitrep is in the database.",):
        say(sentence)


@cli.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP interface as JSON. Needs no database."""
    settings = _settings()

    import orjson

    from app.main import create_app

    typer.echo(orjson.dumps(create_app(settings).openapi(), option=orjson.OPT_INDENT_2).decode())


@db.command()
def upgrade() -> None:
    """Bring the tables to the newest form. `serve` does so by itself."""
    settings = _settings()

    from app.db import cluster, migrations

    async def work() -> str | None:
        async with cluster.running(settings) as url:
            return await migrations.upgrade(url)

    before = asyncio.run(work())
    say(f"The database is in its newest form (it was {'empty' if before is None else f'at {before}'}).")


def say(sentence: str) -> None:
    """Tells the person at the terminal; standard output is for results."""
    typer.echo(sentence, err=True)


def _settings(**given: object) -> "Settings":
    """The settings, with the options that were given in their place."""
    from app.settings import read_settings

    chosen = {name: value for name, value in given.items() if value is not None}
    return read_settings().model_copy(update=chosen)
