"""`sitrep import …`: one command a source, and what shows what was imported."""

from __future__ import annotations

import asyncio
import csv
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from app.importers.helper import Second, collect_rarely, is_long

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from app.importers.importer import Importer
    from app.importers.opening import Source
    from app.importers.run import Options, Report
    from app.store.withdrawing import Withdrawal

NEWEST_GED = "https://ucdp.uu.se/downloads/ged/ged261-csv.zip"
"""What is fetched where no file is named: UCDP's yearly release, some 40 MB."""
NOT_CONFIRMED = 3
INTERRUPTED = 130

Result = TypeVar("Result")

imports = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_GED_HELP = f"""
Import UCDP GED or GED Candidate: events of organized violence since 1989 (CC BY 4.0).

SOURCE is a file (.csv, .csv.gz or .zip), an address, or - for standard input; without it UCDP's own is fetched:
{NEWEST_GED}

\b
  sitrep import ucdp-ged ged261-csv.zip
  sitrep import ucdp-ged https://ucdp.uu.se/downloads/candidateged/GEDEvent_v26_0_8.csv
  zcat part.csv.gz | sitrep import ucdp-ged --release 23.1 -
  sitrep import ucdp-ged syria.csv --complete --countries SY --years 2016-2019

The same file again changes nothing. A row that says something new gives its event a new revision; a row about which a
newer release has spoken is kept and changes nothing. A row that cannot be placed or dated is quarantined, and the rest
goes in. The import is one transaction: stopped at any moment, it leaves nothing behind, and can be run again.
"""

_GED_ENDING = """
\b
Exit codes:
  0   done, also where rows were quarantined
  1   nothing could be read; one sentence says why
  2   wrong option
  3   many events would be retracted, and nobody said yes; nothing was changed
"""


@imports.command("ucdp-ged", help=_GED_HELP, epilog=_GED_ENDING)
def ucdp_ged(
    place: Annotated[
        str, typer.Argument(metavar="SOURCE", help="File, address, or -.", show_default=False)
    ] = NEWEST_GED,
    *,
    release: Annotated[
        str | None,
        typer.Option(
            help="The release's name, where the file's does not tell: 23.1, 26.0.8, 26.01.26.06. It gives the order."
        ),
    ] = None,
    released_on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DAY",
            help="Day of the release: when its events became known, at the latest.",
        ),
    ] = None,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="Retract events in the scope that the release lacks. Shown first."),
    ] = False,
    countries: Annotated[
        str | None, typer.Option(metavar="SY,IQ", help="Scope of --complete; all countries unless said.")
    ] = None,
    years: Annotated[
        str | None,
        typer.Option(metavar="2016-2019", help="Scope of --complete; the years of the rows unless said."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Retract without asking, however much it is.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite what newer releases said; merge the same file again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would become of it, and change nothing.")
    ] = False,
    member: Annotated[
        str | None, typer.Option(metavar="NAME", help="Which file of an archive, if it holds several.")
    ] = None,
) -> None:
    """See _GED_HELP."""
    if (countries or years) and not complete:
        raise typer.BadParameter(
            "they say what a complete release speaks for; give --complete too.",
            param_hint="--countries, --years",
        )
    make = partial(_ged, datetime.now(UTC).date())
    with closing(Second(partial(make, at_once=True))) as second:
        if is_long(place):
            second.start()

        from app.importers.run import Options

        options = Options(
            label=release,
            released_on=released_on.date() if released_on else None,
            complete=complete,
            countries=_countries(countries),
            years=_years(years),
            force=force,
            dry_run=dry_run,
            second=second,
        )
        _import(place, make(), options, member=member, yes=yes)


def _ged(today: date, *, at_once: bool = False) -> Importer:
    from app.importers.ucdp_ged import seeded_importer

    return seeded_importer(today, at_once=at_once)


@imports.command()
def releases() -> None:
    """List what was imported."""
    from rich.console import Console
    from rich.table import Table

    from app.queries import releases as kept

    found = _with_database(kept.every)
    table = Table(
        "id",
        "dataset",
        "release",
        "file",
        "imported",
        "created",
        "changed",
        "retracted",
        "quarantined",
        box=None,
    )
    for one in found:
        counts = (one.created, one.changed, one.retracted, one.quarantined)
        imported = f"{one.known_at:%Y-%m-%d %H:%M}"
        table.add_row(
            str(one.id), one.dataset, one.label or "", one.name, imported, *(f"{count:,}" for count in counts)
        )
    # Whole where a program reads it, and not cut to the eighty columns of a terminal that is none.
    Console(width=None if sys.stdout.isatty() else 240).print(table)


@imports.command()
def issues(release_id: Annotated[int, typer.Argument(help="From `sitrep import releases`.")]) -> None:
    """Print all faults of a release as CSV: row, column, rule, value, message, whether quarantined, key."""
    from app.queries import issues as kept

    writer = csv.writer(sys.stdout)

    async def work(connection: AsyncConnection) -> None:
        await _require(connection, release_id)
        writer.writerow(("row", "column", "rule", "value", "message", "quarantined", "key"))
        async for one in kept.of_release(connection, release_id):
            quarantined = "yes" if one.quarantined else "no"
            writer.writerow(
                (one.row_number, one.column, one.rule, one.value, one.message, quarantined, one.source_key)
            )

    _with_database(work)


@imports.command()
def rows(release_id: Annotated[int, typer.Argument(help="From `sitrep import releases`.")]) -> None:
    """Print a release as CSV, cell for cell as its file had it."""
    from app.queries import releases as kept

    writer = csv.writer(sys.stdout)

    async def work(connection: AsyncConnection) -> None:
        await _require(connection, release_id)
        async for cells in kept.written_back(connection, release_id):
            writer.writerow(cells)

    _with_database(work)


def _with_database(work: Callable[[AsyncConnection], Awaitable[Result]]) -> Result:
    """What some work on a connection gives; it only reads."""
    from app.db import ready
    from app.settings import read_settings

    async def run() -> Result:
        async with ready.database(read_settings()) as engine, engine.connect() as connection:
            return await work(connection)

    return asyncio.run(run())


async def _require(connection: AsyncConnection, release_id: int) -> None:
    from app.errors import SitrepError
    from app.queries import releases as kept

    if not await kept.has(connection, release_id):
        raise SitrepError(f"There is no release {release_id}. `sitrep import releases` lists them.")


def _import(place: str, importer: Importer, options: Options, *, member: str | None, yes: bool) -> None:
    """Import and show what became of it, for whichever source."""
    from dataclasses import replace

    from app.importers import showing
    from app.importers.importer import BadRelease
    from app.importers.opening import opened
    from app.importers.run import NotConfirmed

    collect_rarely()
    confirm = (lambda _withdrawal: True) if yes else _ask
    done: list[Report] = []
    try:
        with showing.Bar() as bar, opened(place, member=member, progress=bar.fetched) as source:
            shown = replace(
                options,
                show=lambda withdrawal: bar.paused(lambda: showing.withdrawal(withdrawal)),
                confirm=lambda withdrawal: bar.paused(lambda: confirm(withdrawal)),
                tell=bar.say,
                progress=lambda count: bar.read(count, source.read_so_far(), source.size),
            )
            asyncio.run(_merge(source, importer, shown, done))
        (report,) = done
        showing.report(report, dry_run=options.dry_run)
    except BadRelease as error:
        raise typer.BadParameter(str(error), param_hint="--release") from error
    except NotConfirmed as error:
        typer.echo(f"sitrep: {error}", err=True)
        raise typer.Exit(NOT_CONFIRMED) from error
    except KeyboardInterrupt:
        what = "after the import was done" if done else "nothing was imported, and nothing was changed"
        typer.echo(f"sitrep: stopped; {what}.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    if showing.nothing_read(report):
        typer.echo(
            f"sitrep: no row of {report.name} could be read as an event; the table says why.", err=True
        )
        raise typer.Exit(1)


async def _merge(source: Source, importer: Importer, options: Options, done: list[Report]) -> None:
    """Import a source; its report is in `done` from the moment on from which there is no way back."""
    from app.db import ready
    from app.importers.reading import read_table
    from app.importers.run import run
    from app.settings import read_settings

    # First, so that a wrong file is told before the database is started.
    table = read_table(source, importer.heading)
    async with ready.database(read_settings()) as engine:
        done.append(await run(engine, table, importer, options))


def _ask(withdrawal: Withdrawal) -> bool:
    if not sys.stdin.isatty():
        return False
    with _interruptible():
        return typer.confirm(f"Retract {withdrawal.absent:,} events?", default=False, err=True)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Lets Ctrl-C end a question: asyncio would only note it, and go on waiting for the answer."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except typer.Abort:
        raise KeyboardInterrupt from None
    finally:
        signal.signal(signal.SIGINT, before)


def _countries(text: str | None) -> tuple[str, ...] | None:
    """Codes of the countries that are named."""
    if text is None:
        return None
    from app.domain.regions import AmbiguousRegion, UnknownRegion
    from app.importers.region_seed import seeded

    found = []
    for name in filter(None, map(str.strip, text.split(","))):
        try:
            region = seeded().find(name)
        except (UnknownRegion, AmbiguousRegion) as error:
            raise typer.BadParameter(str(error), param_hint="--countries") from error
        if region.level != 0:
            raise typer.BadParameter(
                f"{region.code} ({region.name}) is no country.", param_hint="--countries"
            )
        found.append(region.code)
    if not found:
        raise typer.BadParameter("name at least one country, as in SY,IQ.", param_hint="--countries")
    return tuple(found)


def _years(text: str | None) -> tuple[int, int] | None:
    """First and last of the years that are named."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{4})(?:\s*[-/]\s*(\d{4}))?", text.strip(), re.ASCII)
    if not found or int(found[2] or found[1]) < int(found[1]):
        raise typer.BadParameter("write a year, or the first and the last: 2016-2019.", param_hint="--years")
    return int(found[1]), int(found[2] or found[1])
