"""Running the statements of which a step of the store is made, one after the other."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def run(connection: AsyncConnection, statement: str, values: dict[str, Any]) -> int:
    """Run a statement with those of the values that it names, and give how many rows it wrote."""
    wanted = {name: value for name, value in values.items() if f":{name}" in statement}
    return (await connection.execute(text(statement), wanted)).rowcount
