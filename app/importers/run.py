"""An import: rows are read, staged, compared with what is kept, and written, all in one transaction or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.domain.events import event_id
from app.domain.statements import NO_EVIDENCE
from app.errors import SitrepError
from app.importers.helper import Second
from app.importers.importer import Importer, Order
from app.importers.opening import STDIN_NAME, Unreadable
from app.importers.reading import Table
from app.importers.sharing import Batches
from app.queries import issues
from app.queries.issues import FaultCount
from app.store import conclusions, leftovers, merging, releases, statements, versions, withdrawing
from app.store.merging import Standing
from app.store.releases import Kept, Release, Scope
from app.store.staging import Staging
from app.store.statements import NOTHING_SAID, Merged
from app.store.withdrawing import Withdrawal

SMALL_SHARE = 0.05
"""A complete release that withdraws more than this of its scope is asked about."""


class NotConfirmed(SitrepError):
    """A complete release would withdraw much, and nobody said yes."""


class SameFileElsewhere(SitrepError):
    """A file that was imported before is given another place in the order."""


def _refuse(_withdrawal: Withdrawal) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a release is imported."""

    label: str | None = None
    """The release's own name, such as 23.1, where its file's name does not tell."""
    released_on: date | None = None
    complete: bool = False
    """Whether events that lie in its scope and are absent from it are withdrawn."""
    countries: tuple[str, ...] | None = None
    """Of the scope, ISO 3166-1 alpha-2; None: all countries."""
    years: tuple[int, int] | None = None
    """Of the scope, first and last; None: the years of the rows."""
    force: bool = False
    """Whether it overwrites what newer releases said, and is merged again where it was before."""
    again: bool = False
    """Whether it is merged again where it was before, and gives way to newer releases as ever."""
    dry_run: bool = False
    """Do everything, and undo it."""
    show: Callable[[Withdrawal], None] = lambda _withdrawal: None
    """Told what a complete release withdraws, if anything, before it does."""
    confirm: Callable[[Withdrawal], bool] = _refuse
    """Asked, after that, whether it may withdraw so much. Nothing is locked meanwhile."""
    tell: Callable[[str], None] = lambda _sentence: None
    """Told what is being waited for."""
    second: Second | None = None
    """A second process, which shares the work of a long file. None: one does all."""
    progress: Callable[[int], None] = lambda _rows: None
    """Told how many rows have been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a release."""

    dataset: str
    name: str
    order: Order
    read: int = 0
    """Rows with content: without blank ones and second headers. The sum of what follows, but for `retracted` and `flagged`."""
    created: int = 0
    changed: int = 0
    """Events that have a new revision, those that were reinstated among them."""
    reinstated: int = 0
    unchanged: int = 0
    """Rows that said what is known, repeated ones among them."""
    outdated: int = 0
    """Rows about which a newer release has spoken."""
    quarantined: int = 0
    retracted: int = 0
    flagged: int = 0
    """Rows that made an event and have a fault."""
    said: Merged = NOTHING_SAID
    """What became of its statements."""
    followed: int = 0
    """Events that it does not hold, and that have a new revision by what it says about them."""
    faults: tuple[FaultCount, ...] = ()
    """By rule, those that quarantine first, then the commonest."""
    withdrawal: Withdrawal | None = None
    release_id: int | None = None
    version: int | None = None
    """None: nothing was written."""
    already: bool = False
    """The very file was imported before, and nothing is left to do."""


async def run(
    engine: AsyncEngine, table: Table, importer: Importer, options: Options | None = None
) -> Report:
    """Import a release in a transaction of its own. Killed at any moment, it leaves all of the release or nothing.

    Raises what `merge` raises, and Unreadable where the file turns out to be damaged.
    """
    options = options or Options()
    async with engine.connect() as connection:
        report = await merge(connection, table, importer, options)
        if report.version is None or options.dry_run:
            await connection.rollback()
        else:
            # Once it has begun a commit is seen to its end, so that whoever interrupts is told the truth.
            await _to_its_end(connection.commit())
    return report


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for some work even where we are interrupted meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task


async def merge(
    connection: AsyncConnection, table: Table, importer: Importer, options: Options | None = None
) -> Report:
    """Import a release within the transaction of the connection, which the caller commits.

    Raises BadRelease for a label that says nothing, NotConfirmed where much would be withdrawn and nobody agrees, and
    SameFileElsewhere, and what `store.statements.merge` and `store.leftovers.refuse` raise. Nothing is to be committed then.
    """
    options = options or Options()
    await _prepare(connection)
    importer.order(table.name, options.label, None)  # a wrong label is told before the file is read
    kept = await releases.find(connection, importer.dataset.id, table.sha256)
    if kept and (found := _done_before(kept, table, importer, options)):
        return found
    staging = Staging(connection)
    await _stage(staging, table, importer, options)
    if staging.told == 0 and importer.evidence == NO_EVIDENCE:
        raise Unreadable(f"{table.name} has no rows but its header.")
    task = _Task(
        connection=connection,
        table=table,
        importer=importer,
        options=options,
        order=await _placed(
            connection, importer, table, importer.order(table.name, options.label, _newest(staging))
        ),
        scope=_scope(options, staging),
        read=staging.told,
    )
    return await task.finish()


async def _prepare(connection: AsyncConnection) -> None:
    # A reader's limits are none of ours; and should we be killed in the middle of a long statement, the server looks every
    # second whether we are still there, so that the next import need not wait for its end.
    for setting in (
        "statement_timeout = 0",
        "lock_timeout = 0",
        "idle_in_transaction_session_timeout = 0",
        "client_connection_check_interval = '1s'",
        "work_mem = '64MB'",
        # The words of new events are sorted into their index at once (`store.sorting`), not 4 MB at a time.
        "gin_pending_list_limit = '256MB'",
    ):
        await connection.execute(text(f"SET LOCAL {setting}"))


async def _stage(staging: Staging, table: Table, importer: Importer, options: Options) -> None:
    """Read and stage all rows.

    Rows are read in a thread, and for long files in a second process too, while those before them are copied.
    """
    await staging.create()
    batches = Batches(table, importer, released_on=options.released_on, second=options.second)
    copying: asyncio.Task[None] | None = None
    try:
        while (batch := await asyncio.to_thread(batches.take)) is not None:
            if copying is not None:
                await copying
            copying = asyncio.create_task(staging.write(batch))
            options.progress(batches.told)
    finally:
        batches.close()
        # Also where a row could not be read: the connection must be free to roll back.
        if copying is not None:
            await copying
    await staging.finish()


def _scope(options: Options, staging: Staging) -> Scope | None:
    """What a complete release speaks for: all countries and the years of its rows, unless said otherwise."""
    if not options.complete:
        return None
    first, last = options.years or (
        staging.oldest.year if staging.oldest else None,
        staging.newest.year if staging.newest else None,
    )
    return Scope(countries=options.countries, first_year=first, last_year=last)


def _newest(staging: Staging) -> date | None:
    """The newest day of the rows, but none that is still to come: that is an error of theirs."""
    return min(staging.newest, datetime.now(UTC).date()) if staging.newest else None


async def _placed(connection: AsyncConnection, importer: Importer, table: Table, order: Order) -> Order:
    """The order, where a file whose days were corrected to earlier ones keeps the place that its name has."""
    # What comes over standard input shares a name with all else that does.
    if order.basis != "newest_day" or table.name == STDIN_NAME:
        return order
    before = await releases.highest(connection, importer.dataset.id, table.name)
    return order if before is None else replace(order, position=max(order.position, before))


def _done_before(
    kept: Kept, table: Table, importer: Importer, options: Options, scope: Scope | None = None
) -> Report | None:
    """The report on a file that was imported before and has nothing new to say, as far as that is known already."""
    if options.force or options.again:
        return None
    stated = importer.order(table.name, options.label, None)
    if options.label is not None and stated.position != kept.position:
        raise SameFileElsewhere(
            f"{table.name} was imported before as {kept.label or 'a release without a name'}. To give it the place of"
            f" {options.label} in the order, import it with --force."
        )
    later = stated.basis == "file_name" and stated.position > kept.position
    if (
        later
        or kept.followed
        or (options.complete and not (scope and kept.scope and kept.scope.holds(scope)))
    ):
        return None
    order = Order(kept.position, stated.basis, kept.label)
    return Report(dataset=importer.dataset.id, name=table.name, order=order, release_id=kept.id, already=True)


@dataclass(slots=True, kw_only=True)
class _Task:
    """A release that is staged."""

    connection: AsyncConnection
    table: Table
    importer: Importer
    options: Options
    order: Order
    scope: Scope | None
    read: int
    shown: Withdrawal | None = field(default=None)

    async def finish(self) -> Report:
        dataset = self.importer.dataset
        standing = Standing(dataset=dataset.id, position=self.order.position, force=self.options.force)
        await merging.find_repeated(self.connection)
        await self._confirm(standing)
        waiting = "Another import is being written. This one waits for its turn."
        version = await versions.begin(self.connection, on_wait=lambda: self.options.tell(waiting))
        kept = await releases.find(self.connection, dataset.id, self.table.sha256)
        if kept and (found := _done_before(kept, self.table, self.importer, self.options, self.scope)):
            return found
        evidence = self.importer.evidence
        position = None if self.options.force else self.order.position
        said = await statements.merge(self.connection, dataset.id, evidence, version, position=position)
        counts = await merging.judge(self.connection, standing)
        if self.scope is not None:
            await self._compare_with_shown(dataset.id, self.scope)
        if evidence.withdrawn_events:
            gone = [event_id(dataset.id, key) for key in evidence.withdrawn_events]
            await withdrawing.withdraw(self.connection, gone)
        await releases.keep_dataset(self.connection, dataset)
        release_id = await releases.open_release(self.connection, self._release(), kept, version)
        retracted = await merging.write(
            self.connection, dataset.id, release_id=release_id, version=version, counts=counts
        )
        await leftovers.refuse(self.connection, dataset.id, evidence, version)
        report = await self._report(release_id, version, counts, retracted, said)
        written = {name: getattr(report, name) for name in _KEPT}
        await releases.close_release(self.connection, release_id, written)
        await versions.close(
            self.connection,
            version,
            kind="import",
            summary=_sentence(report),
            release_id=release_id,
            tried=self.options.dry_run,
        )
        return report

    async def _confirm(self, standing: Standing) -> None:
        """Find what would be withdrawn, show it, and ask where it is much: before our turn, so that nobody waits for an answer."""
        if self.scope is None:
            return
        await merging.find_newer(self.connection, standing)
        found = await withdrawing.find_absent(self.connection, standing.dataset, self.scope)
        if found.absent:
            self.options.show(found)
        doubtful = found.absent and (found.share > SMALL_SHARE or found.unreadable)
        if doubtful and not self.options.dry_run and not self.options.confirm(found):
            raise NotConfirmed(
                f"{found.absent:,} of {found.active:,} events in the scope ({found.scope}) are absent from {self.table.name}"
                " and would be retracted. Nothing was changed. To retract them, say yes when asked, or import with --yes."
            )
        self.shown = found

    async def _compare_with_shown(self, dataset: str, scope: Scope) -> None:
        """What is withdrawn now is what was shown, even if another import has come in between."""
        found = await withdrawing.find_absent(self.connection, dataset, scope)
        if self.shown is not None and found.absent > self.shown.absent:
            raise NotConfirmed(
                f"Another import came in between: {found.absent:,} events would be retracted now, and not {self.shown.absent:,}."
                " Nothing was changed. Import it again."
            )
        self.shown = found

    def _release(self) -> Release:
        return Release(
            dataset=self.importer.dataset.id,
            sha256=self.table.sha256,
            name=self.table.name,
            label=self.order.label,
            position=self.order.position,
            position_basis=self.order.basis,
            released_on=self.options.released_on,
            header=self.table.header,
            scope=self.scope,
        )

    async def _report(
        self, release_id: int, version: int, counts: dict[str, int], retracted: int, said: Merged
    ) -> Report:
        states = await merging.count_rows(self.connection)
        return Report(
            dataset=self.importer.dataset.id,
            name=self.table.name,
            order=self.order,
            read=self.read,
            created=counts.get("created", 0),
            changed=counts.get("changed", 0) + counts.get("reinstated", 0),
            reinstated=counts.get("reinstated", 0),
            unchanged=counts.get("unchanged", 0) + states.repeated,
            outdated=counts.get("outdated", 0),
            quarantined=states.quarantined,
            retracted=retracted,
            flagged=states.flagged,
            said=said,
            followed=await conclusions.followed(self.connection),
            faults=await issues.by_rule(self.connection, release_id),
            withdrawal=self.shown,
            release_id=release_id,
            version=version,
        )


_KEPT = ("read", "created", "changed", "unchanged", "retracted", "quarantined", "outdated")


def _sentence(report: Report) -> str:
    """What a version says of itself."""
    what = (
        f"{report.dataset} {report.order.label}"
        if report.order.label
        else f"{report.dataset} ({report.name})"
    )
    told = [(word, getattr(report, word)) for word in ("created", "changed", "retracted")]
    told += [
        (f"statements {word}", getattr(report.said, word)) for word in ("created", "changed", "withdrawn")
    ]
    return f"{what}: {', '.join(f'{count:,} {word}' for word, count in told if count) or 'nothing new'}"
