"""Pieces that the grammar of parameters is made of (`api.grammar`), as OpenAPI has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Parameter = dict[str, Any]


def text(description: str, example: str, **schema: Any) -> Parameter:
    """A text."""
    return {"description": description, "schema": {"type": "string", **schema}, "example": example}


def listing(description: str, example: list[str], words: Iterable[str] | None = None) -> Parameter:
    """A list with commas, of the words of a vocabulary if one is given."""
    items = {"type": "string", **({"enum": list(words)} if words else {})}
    return {
        "description": f"{description} Commas stand for or.",
        "schema": {"type": "array", "items": items},
        "style": "form",
        "explode": False,
        "example": example,
    }


def repeated(description: str, example: str) -> Parameter:
    """Texts that may hold commas, so that the parameter is repeated for several."""
    return {
        "description": description,
        "schema": {"type": "array", "items": {"type": "string"}},
        "style": "form",
        "explode": True,
        "example": [example],
    }


def whole(description: str, example: int, **schema: Any) -> Parameter:
    """A whole number."""
    return {"description": description, "schema": {"type": "integer", **schema}, "example": example}


def truth(description: str) -> Parameter:
    """True or false."""
    return {"description": description, "schema": {"type": "boolean"}, "example": True}
