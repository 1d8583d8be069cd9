"""Pieces that schemas are made of (`api.schemas`): JSON Schema as OpenAPI 3.0 has it, with `nullable`."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

COUNT: Schema = {"type": "integer", "minimum": 0}


def of(kind: str, description: str, *, null: bool = False, **more: Any) -> Schema:
    """A value of a JSON type."""
    return {"type": kind, "description": description, **({"nullable": True} if null else {}), **more}


def word(description: str, words: Any, *, null: bool = False) -> Schema:
    """A word of a vocabulary."""
    return of("string", description, null=null, enum=[*words, *([None] if null else [])])


def names(description: str) -> Schema:
    """A list of texts."""
    return of("array", description, items={"type": "string"})


def shape(properties: dict[str, Schema], description: str, required: tuple[str, ...] | None = None) -> Schema:
    """An object with these members, all of them required unless it is said which."""
    wanted = list(properties if required is None else required)
    return {"type": "object", "description": description, "required": wanted, "properties": properties}


def list_of(name: str) -> Schema:
    """A list of what another schema describes."""
    return {"type": "array", "items": reference(name)}


def reference(name: str) -> Schema:
    """A reference to one of `schemas.SCHEMAS`."""
    return {"$ref": f"#/components/schemas/{name}"}
