"""`sitrep desk`: checks and loads desk files, and prints their schema."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.errors import SitrepError
    from app.importers.desk import Desk
    from app.importers.run import Report

MAX_BYTES = 32 * 2**20
"""A desk file may be this long. People write it: the one that ships has 15 kB."""

HELP = """
Load events that people coded by hand from reports: with who says so, who denies it, and whose figures are whose.

FILE is YAML or JSON in the format sitrep-desk-1, or - for standard input. A short one:

\b
  format: sitrep-desk-1
  documents:
    - {key: agency-2021-08-08, publisher: An agency, published_on: 2021-08-08}
  actors:
    - {key: taliban, name: Taliban}
  events:
    - key: 2021-08-08-fall-of-a-town
      type: territorial_change
      title: Fall of a town
      when: {first: 2021-08-08, last: 2021-08-08, precision: day}
      where: {precision: admin1, region: AF-KDZ}
      side_a: [taliban]
      deaths: {state: not_reported}
      documents: [agency-2021-08-08]
  claims:
    - key: agency-fall
      about: [2021-08-08-fall-of-a-town]
      claimant: An agency
      role: media
      stance: asserts
      quote: The Taliban took the town on Sunday
      speech: direct
      said: {first: 2021-08-08, last: 2021-08-08}
      verification: not_stated
      document: agency-2021-08-08

\b
  sitrep desk --check 2021-08-08-kunduz.yaml      only looks for faults; needs no database
  sitrep desk 2021-08-08-kunduz.yaml              loads it
  sitrep desk --schema > sitrep-desk.schema.json  for editors that complete and check while one writes

A key is for one entry, and for good: loaded again, an entry that says something new becomes a new revision, one that says
what is known changes nothing, and `withdrawn: true` takes it back. What was, stays readable. The day in a file's name is its
place in the order: of two files about one key the later wins, whichever is loaded first. Each file is loaded as a whole or
not at all, and one that has faults does not keep the others from being loaded. docs/desk.md explains every key and word.
"""

ENDING = """
\b
Exit codes:
  0   done, also where nothing was new
  1   a file was not loaded; line and column say why
  2   wrong option
"""


def desk(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="YAML, JSON, or -.", show_default=False)
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only look for faults. What is in other files is not looked for.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would become of them, and change nothing.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema (draft 2020-12) of the format.")
    ] = False,
) -> None:
    """See HELP."""
    if schema + check + dry_run > 1:
        raise typer.BadParameter("take one of them.", param_hint="--schema, --check, --dry-run")
    if schema:
        if files:
            raise typer.BadParameter("it takes no file.", param_hint="--schema")
        _print_schema()
    elif not files:
        raise typer.BadParameter("name at least one file, or - for standard input.", param_hint="FILE...")
    elif not (_check(files) if check else _load(files, dry_run=dry_run)):
        raise typer.Exit(1)


def _print_schema() -> None:
    from app.importers.desk_schema import schema

    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


def _read_all(files: list[str]) -> list[Desk | None]:
    """The files, read and found without faults; what is wrong with the others is told, and None is given for them."""
    from app.errors import SitrepError

    found: list[Desk | None] = []
    for file in files:
        try:
            found.append(_read(file))
        except SitrepError as error:
            _complain(error)
            found.append(None)
    return found


def _read(file: str) -> Desk:
    from app.importers import desk
    from app.importers.locating import Locator
    from app.importers.opening import Unreadable, opened
    from app.importers.region_seed import seeded

    with opened(file) as source:
        content = source.file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Unreadable(
            f"{source.name} is longer than {MAX_BYTES // 2**20} MiB, and no desk file. Divide it if it is one."
        )
    return desk.read(content, source.name, seeded(), Locator(seeded()))


def _check(files: list[str]) -> bool:
    """Look for faults; gives whether there are none."""
    from app.importers import showing

    found = _read_all(files)
    for desk in found:
        if desk is not None:
            showing.desk_checked(desk.table.name, len(desk.events), desk.evidence, desk.elsewhere)
    return None not in found


def _load(files: list[str], *, dry_run: bool) -> bool:
    """Load files one after the other; gives whether all were."""
    # All are read first, so that nobody waits for a database in vain.
    found = _read_all(files)
    done: list[Report] = []
    try:
        loaded = asyncio.run(_load_all([desk for desk in found if desk is not None], done, dry_run=dry_run))
    except KeyboardInterrupt:
        written = ", ".join(report.name for report in done if not dry_run)
        typer.echo(
            f"sitrep: stopped; {f'{written} had been loaded' if written else 'nothing was changed'}.",
            err=True,
        )
        raise typer.Exit(130) from None
    return loaded and None not in found


async def _load_all(desks: list[Desk], done: list[Report], *, dry_run: bool) -> bool:
    from app.importers import showing
    from app.importers.desk import BadDesk
    from app.importers.importer import BadRelease

    good = True
    if not desks:
        return good
    async with _loader(dry_run=dry_run) as load:
        for desk in desks:
            try:
                report = await load(desk)
            except (BadDesk, BadRelease) as error:
                _complain(error)
                good = False
            else:
                done.append(report)
                showing.desk_loaded(report, dry_run=dry_run)
    return good


@asynccontextmanager
async def _loader(*, dry_run: bool) -> AsyncIterator[Callable[[Desk], Awaitable[Report]]]:
    """What loads one file: in a transaction of its own, or, to try out, all in one that is undone, so that each finds those before it."""
    from app.db import ready
    from app.importers import desk
    from app.importers.run import Options
    from app.settings import read_settings

    options = Options(dry_run=dry_run, tell=lambda sentence: typer.echo(sentence, err=True))
    async with ready.database(read_settings()) as engine:
        if not dry_run:
            yield lambda one: desk.load(engine, one, options)
            return
        async with engine.connect() as connection:

            async def tried(one: Desk) -> Report:
                async with connection.begin_nested():
                    return await desk.merge(connection, one, options)

            yield tried
            await connection.rollback()


def _complain(error: SitrepError) -> None:
    typer.echo(f"sitrep: {error}", err=True)
