"""Keeping snapshots in tests, and asking them again."""

from __future__ import annotations

from typing import Any

from httpx import AsyncClient, Response


async def keep(client: AsyncClient, **question: Any) -> dict[str, Any]:
    answer = await client.post("/snapshots", json=question)
    assert answer.status_code in {200, 201}, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


async def items(client: AsyncClient, snapshot: dict[str, Any], **view: Any) -> Response:
    return await client.get(f"/snapshots/{snapshot['id']}/items", params=view)


async def verify(client: AsyncClient, snapshot: dict[str, Any]) -> dict[str, Any]:
    answer = await client.get(f"/snapshots/{snapshot['id']}/verify")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    said: dict[str, Any] = answer.json()
    assert said["expected"] == {"rows": snapshot["rows"], "sha256": snapshot["sha256"]}
    assert said["detail"].endswith(".")
    return said
