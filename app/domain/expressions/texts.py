"""CQL2 Text, read by the package cql2 into the tree that CQL2 JSON is.

That package is written for friends: a few thousand signs in a row overflow its stack, which ends the process, and of brackets in which
it finds no end it tries twice as many readings with each (measured: 20 of them 3 s, 25 more than a minute). So a text is weighed first.
"""

from __future__ import annotations

import re
from typing import Any

import cql2

from app.domain.expressions.errors import BadExpression

MAX_LENGTH = 400_000
"""Characters; ten thousand corners of a shape need half of it."""
MAX_SIGNS = 600
"""Operators, names and brackets outside of geometries and literals. A stack of 2 MB holds 848 in a row, the usual one of 8 MB 3,405."""
MAX_WORK = 50_000
"""Characters, doubled by each bracket that they lie in; an eighth as many in geometries. Each takes up to 3 µs, so 0.15 s together."""
MAX_BRACKETS = 40
MAX_IN_GEOMETRY = 4
"""Brackets of a geometry: those of a polygon of several in a collection. What has more is read as a function, at the cost of these."""

_TOKEN = re.compile(
    r"""
    (?P<string>'(?:''|[^'])*')
    |(?P<name>"(?:""|[^"])*"|[^\W\d][\w.:]*)
    |(?P<number>\d[\d.]*(?:[eE][+-]?\d+)?)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<sign>[^\s,])
    """,
    re.VERBOSE,
)
_LITERAL = re.compile(r"'(?:''|\\'|[^'])*'")
_GEOMETRY = re.compile(
    r"(?:MULTI)?(?:POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION|BBOX", re.IGNORECASE | re.ASCII
)
# Before these a bracket holds values, and is no argument list of a function.
_KEYWORDS = frozenset({"AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "DIV"})


def tree(text: str) -> Any:
    r"""The text as CQL2 JSON has it, not checked for anything but grammar.

    A quote in a literal is doubled, or has a backslash before it, which the package does not know. As a backslash may as well be the last
    character of a literal, a text is only read in that way if it makes no sense in the other.

    >>> tree(r"a = 'O\'Brien'") == tree("a = 'O''Brien'")
    True

    Raises BadExpression.
    """
    if len(text) > MAX_LENGTH:
        raise BadExpression(f"The filter is longer than {MAX_LENGTH} characters.")
    try:
        return _read(text)
    except BadExpression:
        if "\\'" not in text:
            raise
    return _read(_LITERAL.sub(lambda found: found[0].replace("\\'", "''"), text))


def _read(text: str) -> Any:
    _weigh(text)
    try:
        return cql2.parse_text(text).to_json()
    except Exception as error:
        raise BadExpression(_sentence(error)) from error
    except BaseException as error:
        # A panic of the package's is no Exception. Whatever else is none (an interrupt) is not ours to hold.
        if type(error).__name__ != "PanicException":
            raise
        raise BadExpression("The filter is not CQL2 Text.") from error


def _weigh(text: str) -> None:
    """Refuse what would cost too much to read."""
    signs = work = 0
    doubles: list[bool] = []  # for each open bracket, whether it doubles the work
    within_geometry = 0
    before = ""
    for found in _TOKEN.finditer(text):
        kind, token = found.lastgroup, found[0]
        if within_geometry:
            work += max(1, len(token) << min(sum(doubles), 20) >> 3)
        else:
            work += len(token) << min(sum(doubles), 20)
            signs += kind in {"name", "open", "sign"}
        if kind == "open":
            if within_geometry or _GEOMETRY.fullmatch(before):
                within_geometry += 1
            else:
                doubles.append(not before or before.upper() in _KEYWORDS)
        elif kind == "close":
            if within_geometry:
                within_geometry -= 1
            elif doubles:
                doubles.pop()
        if (
            signs > MAX_SIGNS
            or work > MAX_WORK
            or len(doubles) > MAX_BRACKETS
            or within_geometry > MAX_IN_GEOMETRY
        ):
            raise BadExpression(
                "The filter is too large or nested too deep to be read as text. Write it with fewer brackets, or as CQL2 JSON."
            )
        before = token if kind == "name" else ""


def _sentence(error: Exception) -> str:
    """Where the grammar ends, out of the package's several lines."""
    place = re.search(r"--> (\d+):(\d+)", str(error))
    if not place:
        return f"The filter is not CQL2 Text: {str(error).splitlines()[0][:200].rstrip('.')}."
    line = f" of line {place[1]}" if place[1] != "1" else ""
    return (
        f"The filter is not CQL2 Text: it cannot be read from character {place[2]}{line} on. Texts stand in single quotes, names in"
        " double ones or none, days as DATE('2021-08-08')."
    )
