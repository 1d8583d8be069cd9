"""COPY: all rows of a statement as text, as PostgreSQL sends them, in one snapshot and without a row being kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

Take = Callable[[bytes], Awaitable[None]]

# One column of text that passes as it is: JSON holds none of these characters raw, so that nothing is ever quoted.
_VERBATIM = {"delimiter": "\x02", "quote": "\x01"}


async def copy(connection: AsyncConnection, statement: Select[Any], take: Take, *, verbatim: bool) -> None:
    """Give `take` the rows of a statement, some at a time, each with a newline at its end; the next come when it returns.

    As CSV without a header; `verbatim`, rows are one column of JSON, as it is. If `take` raises, or this is cancelled, the statement is
    ended in the database too. Raises asyncpg's errors.
    """
    await _copied(connection, statement, take, {"format": "csv", **(_VERBATIM if verbatim else {})})


async def copy_binary(connection: AsyncConnection, statement: Select[Any], take: Take) -> None:
    """Give `take` the rows of a statement as `copy` does, in PostgreSQL's binary form, header and trailer included."""
    await _copied(connection, statement, take, {"format": "binary"})


async def _copied(
    connection: AsyncConnection, statement: Select[Any], take: Take, options: dict[str, str]
) -> None:
    # COPY takes no parameters. asyncpg has PostgreSQL itself write each as a literal (quote_literal, in the type that the statement
    # gives it), and puts these in their places at one go: a value never is text of ours.
    compiled = statement.compile(dialect=connection.dialect)
    state = compiled.construct_expanded_state()
    values = [_bound(state, name) for name in state.positiontup or ()]
    driver = (await connection.get_raw_connection()).driver_connection
    # In a transaction: what asyncpg asks before takes the locks, so that no table can be replaced (`store.renewing`) between the
    # moment that COPY shows and its look at the tables.
    transaction = driver.transaction()  # type: ignore[union-attr]
    try:
        await transaction.start()
        await driver.copy_from_query(state.statement, *values, output=take, **options)  # type: ignore[union-attr]
        await transaction.commit()
    except BaseException:
        # What is still under way on it must not meet the next who has it. Nor could it be rolled back: an error of that would hide
        # what happened.
        await connection.invalidate()
        raise


def _bound(state: Any, name: str) -> Any:
    value = state.parameters[name]
    processor = state.processors.get(name)
    return processor(value) if processor else value
