"""Values of parameters: a query string or a search body as texts by name, and single texts as words, numbers and truths.

Whatever cannot be read raises a Problem that names the parameter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from fastapi import Request

from app.api.grammar import GUESSES, REPEATABLE
from app.errors import BadParameter, UnknownParameter

MAX_TEXT = 1_000
MAX_PARAMETERS = 1_000
MAX_INTEGER = 2**31 - 1
"""The largest number of deaths that a column holds."""

Values = Mapping[str, list[str]]
"""A parameter's values as text, by name, in the order in which they came."""

Word = TypeVar("Word", bound=StrEnum)
Read = TypeVar("Read")


def pairs(request: Request) -> list[tuple[str, str]]:
    """The query string of a request as names and values in their order."""
    return pairs_of(request.scope["query_string"])


def pairs_of(raw: bytes) -> list[tuple[str, str]]:
    """A query string as names and values in their order."""
    try:
        return parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except UnicodeDecodeError as error:
        raise BadParameter("The address holds bytes that are no UTF-8.") from error
    except ValueError as error:
        raise BadParameter(f"The address has more than {MAX_PARAMETERS} parameters.") from error


def by_name(given: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each parameter. Raises BadParameter on text that no database can hold."""
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in given:
        _refuse_unstorable(name, value)
        values[name].append(value)
    return dict(values)


def of_body(body: Mapping[str, object], names: Collection[str]) -> dict[str, list[str]]:
    """The members of a search body as parameters: lists, numbers, truths and geometries as JSON has them; null is not given."""
    refuse_unknown(body, names)
    return {name: _as_texts(name, value) for name, value in body.items() if value is not None}


def refuse_all(request: Request) -> None:
    """Refuse any parameter, where there is none."""
    if request.scope["query_string"]:
        refuse_unknown(by_name(pairs(request)), ())


def refuse_unknown(given: Iterable[str], names: Collection[str]) -> None:
    """Refuse a parameter that is not among `names`."""
    for name in given:
        if name in names:
            continue
        if not names:
            raise UnknownParameter(
                f"There is no parameter '{name[:60]}' here, nor any other.", parameter=name[:60]
            )
        guess = GUESSES.get(name.lower())
        near = _near(name, names) if guess not in names else f" Did you mean '{guess}'?"
        listed = ", ".join(names)
        raise UnknownParameter(
            f"There is no parameter '{name[:60]}' here.{near} There are: {listed}.", parameter=name[:60]
        )


def check(values: Values, names: Collection[str]) -> None:
    """Refuse what is no parameter here, what is given twice, and what is empty."""
    refuse_unknown(values, names)
    for name, given in values.items():
        if len(given) > 1 and name not in REPEATABLE:
            raise BadParameter(f"'{name}' is given {len(given)} times; once is enough.", parameter=name)
        if not all(value.strip() for value in given):
            raise BadParameter(f"'{name}' is empty. Leave it out, or give it a value.", parameter=name)


def read(name: str, parse: Callable[[str], Read], values: Values) -> Read | None:
    """A parameter that is given once, read; None where it is not given."""
    if name not in values:
        return None
    try:
        return parse(values[name][0])
    except ValueError as error:
        raise BadParameter(str(error), parameter=name) from error


def several(values: Values, name: str) -> tuple[str, ...]:
    """The values between the commas of a parameter that may be a list."""
    parts = [part.strip() for value in values.get(name, ()) for part in value.split(",")]
    if not all(parts):
        raise BadParameter(f"'{name}' has an empty place between its commas.", parameter=name)
    return tuple(dict.fromkeys(parts))


def words(values: Values, name: str, vocabulary: type[Word]) -> tuple[Word, ...]:
    """A list of words of a vocabulary."""
    return tuple(word_of(vocabulary, name, part) for part in several(values, name))


def word(values: Values, name: str, vocabulary: type[Word], default: Word) -> Word:
    """One word of a vocabulary."""
    return word_of(vocabulary, name, values[name][0]) if name in values else default


def word_of(vocabulary: type[Word], name: str, given: str) -> Word:
    """The word of a vocabulary that a text is."""
    try:
        return vocabulary(given)
    except ValueError as error:
        raise no_such(name, given, vocabulary) from error


def no_such(name: str, given: str, known: Iterable[str], what: str | None = None) -> BadParameter:
    """A value that is none of those known, with the nearest of them."""
    listed = ", ".join(known)
    return BadParameter(
        f"'{given[:60]}' is no {what or f'value of {name!r}'}.{_near(given, known)} There are: {listed}.",
        parameter=name,
    )


def limit(values: Values, default: int, most: int) -> int:
    """The size of a page. More than the maximum is no error, and taken as the maximum (OGC 17-069r4, fc-limit-response-1 C)."""
    if "limit" not in values:
        return default
    size = whole(values["limit"][0], most)
    if not size:
        raise BadParameter(
            f"'{values['limit'][0][:40]}' is no page size. Give a whole number from 1 to {most}.",
            parameter="limit",
        )
    return size


def whole(given: str, most: int) -> int | None:
    """A whole number of plain digits, or `most` if it is more; None where it is none.

    >>> whole("007", 100), whole("9" * 5000, 100), whole("1.5", 100), whole("٣", 100)
    (7, 100, None, None)
    """
    if not (given.isascii() and given.isdigit()):
        return None
    digits = given.lstrip("0")
    # By length first: Python refuses to read thousands of digits.
    return most if len(digits) > len(str(most)) else min(int(digits or "0"), most)


def count(given: str) -> int:
    """A number of things. Raises ValueError."""
    number = whole(given, MAX_INTEGER + 1)
    if number is None or number > MAX_INTEGER:
        raise ValueError(
            f"'{given[:40]}' is no number of these. Give a whole number from 0 to {MAX_INTEGER}."
        )
    return number


def truth(given: str) -> bool:
    """True or false, in any case: Python's clients write `True`. Raises ValueError."""
    if given.lower() not in {"true", "false"}:
        raise ValueError(f"'{given[:40]}' is neither true nor false.")
    return given.lower() == "true"


def text(given: str) -> str:
    """A text of bearable length. Raises ValueError."""
    if len(given) > MAX_TEXT:
        raise ValueError(f"The text is longer than {MAX_TEXT} characters.")
    return given


def _near(given: str, known: Iterable[str]) -> str:
    found = get_close_matches(given[:60].lower(), list(known), n=1)
    return f" Did you mean '{found[0]}'?" if found else ""


def _refuse_unstorable(name: str, value: str) -> None:
    # Nearly all texts are printable, and a test of that is cheaper than to encode them.
    if value.isprintable() and name.isprintable():
        return
    if any("\0" in part or _has_surrogate(part) for part in (name, value)):
        shown = None if "\0" in name or _has_surrogate(name) else name
        raise BadParameter(
            "A parameter holds the character NUL or half a character, which are no text.", parameter=shown
        )


def _has_surrogate(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _as_texts(name: str, value: object) -> list[str]:
    if isinstance(value, dict) and name in {"intersects", "filter"}:
        return [_as_json(name, value)]
    if not isinstance(value, list):
        return [_as_text(name, value)]
    texts = [_as_text(name, part) for part in value]
    if not texts:
        raise BadParameter(f"'{name}' is an empty list. Leave it out, or give it a value.", parameter=name)
    return texts if name in REPEATABLE else [",".join(texts)]


def _as_text(name: str, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))  # what JSON's 10.0 and 1e3 are
        case int() | float():
            return str(value)
        case str():
            _refuse_unstorable(name, value)
            return value
        case _:
            raise BadParameter(
                f"'{name}' is neither text, number, truth nor a list of these.", parameter=name
            )


def _as_json(name: str, value: dict[str, Any]) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError as error:  # nested too deep to be written
        raise BadParameter(f"'{name}' is nested too deep.", parameter=name) from error
