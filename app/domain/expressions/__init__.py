"""Conditions in CQL2 (OGC 21-065r2): text or JSON becomes a tree of parts that fit together, and is written back in one form."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import orjson

from app.domain.crs import Crs
from app.domain.expressions.conformance import CONFORMANCE
from app.domain.expressions.errors import BadExpression
from app.domain.expressions.functions import FUNCTIONS, Argument, Function
from app.domain.expressions.nodes import Expression
from app.domain.expressions.reading import Reader
from app.domain.expressions.texts import MAX_LENGTH, tree
from app.domain.expressions.writing import to_json
from app.domain.kinds import Kind

__all__ = [
    "CONFORMANCE",
    "FUNCTIONS",
    "Argument",
    "BadExpression",
    "Expression",
    "Function",
    "Language",
    "parse",
    "to_json",
]


class Language(StrEnum):
    """The encodings of CQL2 (`filter-lang`)."""

    TEXT = "cql2-text"
    JSON = "cql2-json"


def parse(
    given: str | Mapping[str, Any],
    language: Language | None,
    fields: Mapping[str, Kind],
    crs: Crs = Crs.CRS84,
) -> Expression:
    """Read a condition over these properties, whose geometries are written in `crs`.

    Without a language, a text that begins with a brace is JSON. Numbers are floats, geometries lie in longitude and latitude, instants
    are in UTC, and of an instant that is compared with a day its day counts.

    >>> found = parse("deaths > 5 AND title LIKE 'a%'", None, {"deaths": Kind.INTEGER, "title": Kind.TEXT})
    >>> found == parse(to_json(found), Language.JSON, {"deaths": Kind.INTEGER, "title": Kind.TEXT})
    True

    Raises BadExpression.
    """
    if language is None:
        is_json = not isinstance(given, str) or given.lstrip().startswith("{")
        language = Language.JSON if is_json else Language.TEXT
    if language is Language.JSON:
        value = _decoded(given) if isinstance(given, str) else given
    elif isinstance(given, str):
        value = tree(given)
    else:
        raise BadExpression("The filter is an object, which is cql2-json, and 'filter-lang' says cql2-text.")
    return Reader(fields, crs).condition(value)


def _decoded(text: str) -> Any:
    if len(text) > MAX_LENGTH:
        raise BadExpression(f"The filter is longer than {MAX_LENGTH} characters.")
    try:
        return orjson.loads(text)
    except ValueError as error:
        raise BadExpression(f"The filter is not JSON: {error}.") from error
