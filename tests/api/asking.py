"""Reading answers in tests."""

from __future__ import annotations

from typing import Any

from httpx import AsyncClient, Response


def ids(answer: Response) -> set[str]:
    """The ids of the features; the answer must be one."""
    return set(in_order(answer))


def in_order(answer: Response) -> list[str]:
    """The ids of the features as they come."""
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


def problem(answer: Response) -> tuple[int, str, str | None]:
    """Status, kind and parameter of a problem, which must be one in form."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["detail"].endswith("."), body["detail"]
    return answer.status_code, body["type"].rpartition("/")[2], body.get("parameter")


def links(answer: Response) -> dict[str, Any]:
    """The links of the body by relation."""
    return {link["rel"]: link for link in answer.json()["links"]}


async def walk(client: AsyncClient, answer: Response) -> list[list[str]]:
    """The ids of each page, following `next` to the end."""
    pages = [in_order(answer)]
    while following := links(answer).get("next"):
        assert len(pages) < 100
        if following.get("method") == "POST":
            answer = await client.post(following["href"], json=following["body"])
        else:
            answer = await client.get(following["href"])
        pages.append(in_order(answer))
    return pages
