"""Reading YAML that people write by hand: every fault is told with its line and column.

A file is composed into nodes, which know where they stand, and read key by key. Nothing is constructed from tags, so a file
can neither run anything nor surprise with YAML's own types: `NO` is text where text is wanted.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from textwrap import dedent
from typing import TypeVar

import yaml

Word = TypeVar("Word", bound=StrEnum)

_NULL = "tag:yaml.org,2002:null"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,30})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,18}", re.ASCII)
_UNKEPT = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\\ud800-\\udfff]")
"""Control characters, and halves of a pair: PostgreSQL cannot keep the first and the last of them, and nobody wants the others."""


class Flaw(Exception):
    """One thing that is wrong in a file, and where: line and column count from 1."""

    def __init__(self, node: yaml.Node | yaml.Mark | None, message: str) -> None:
        mark = node.start_mark if isinstance(node, yaml.Node) else node
        self.line = mark.line + 1 if mark else 1
        self.column = mark.column + 1 if mark else 1
        self.message = message
        super().__init__(f"line {self.line}, column {self.column}: {message}")


class Section:
    """A mapping of the file. Its keys are checked when it is made; each value is read by what it should be.

    Each reader raises Flaw. One that is not `wanted` gives None where the key is absent or null.
    """

    def __init__(
        self, node: yaml.Node, what: str, known: Collection[str], refused: Mapping[str, str] | None = None
    ) -> None:
        """Read the keys. `refused` has sentences for keys that people may take to be known, and that are not."""
        if not isinstance(node, yaml.MappingNode):
            raise Flaw(node, f"{what} is keys with values ({', '.join(known)}), and here is none.")
        self.node = node
        self.what = what
        self._values: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else None
            if name is not None and refused and name in refused:
                raise Flaw(key, refused[name])
            if name is None or name not in known:
                raise Flaw(key, f"{what} has no key {name!r}. {nearest(name, known)}")
            if name in self._values:
                raise Flaw(key, f"{what} has the key {name!r} twice.")
            self._values[name] = value

    def flaw(self, key: str, message: str) -> Flaw:
        """A fault in the value of a key, to be raised; where there is no such key, in the section."""
        return Flaw(self._values.get(key, self.node), message)

    def has(self, key: str) -> bool:
        """Whether the key is there with a value that is not null."""
        return self._values.get(key, _ABSENT).tag != _NULL

    def text(self, key: str) -> str:
        """Text as it is written, without the space around it; never empty."""
        value = self._scalar(key).strip()
        if not value:
            raise self.flaw(key, f"{key!r} is empty. Write what it is.")
        return value

    def maybe_text(self, key: str) -> str | None:
        """As `text`, where the key may be left out."""
        if self.has(key) and not self._scalar(key).strip():
            raise self.flaw(key, f"{key!r} is empty. Leave the key out where there is nothing to say.")
        return self.text(key) if self.has(key) else None

    def matching(self, key: str, pattern: str, told: str) -> str:
        """Text of a certain form; `told` says which: "no address, such as https://example.org"."""
        value = self.text(key)
        if not re.fullmatch(pattern, value, re.ASCII):
            raise self.flaw(key, f"{value!r} is {told}.")
        return value

    def maybe_matching(self, key: str, pattern: str, told: str) -> str | None:
        """As `matching`, where the key may be left out."""
        return self.matching(key, pattern, told) if self.maybe_text(key) is not None else None

    def word(self, key: str, words: type[Word]) -> Word:
        """A word of a vocabulary."""
        value = self._scalar(key)
        if value not in list(words):
            raise self.flaw(key, f"{value!r} is no {key}. {nearest(value, list(words))}")
        return words(value)

    def day(self, key: str) -> date:
        """A day as 2021-08-08, of the years 1000 to 2999: the first and last that can be kept stand for no day at all."""
        value = self._scalar(key)
        try:
            if _DAY.fullmatch(value) and "1000" <= value < "3000":
                return date.fromisoformat(value)
        except ValueError as error:
            raise self.flaw(key, f"There is no day {value}: {error}.") from error
        raise self.flaw(key, f"{value!r} is no day. Write it as 2021-08-08.")

    def instant(self, key: str, pattern: str) -> datetime:
        """A moment of RFC 3339, as 2021-08-08T14:05:00Z."""
        value = self._scalar(key)
        try:
            if re.fullmatch(pattern, value, re.ASCII):
                return datetime.fromisoformat(value.upper())
        except ValueError as error:
            raise self.flaw(key, f"There is no moment {value}: {error}.") from error
        raise self.flaw(key, f"{value!r} is no moment. Write it as 2021-08-08T14:05:00Z.")

    def whole(self, key: str, most: int) -> int:
        """A whole number from 0 to `most`, in plain digits."""
        value = self._scalar(key)
        _unquoted(self._values[key], value)
        if not _WHOLE.fullmatch(value):
            raise self.flaw(
                key, f"{value!r} is no whole number of 0 or more. Write it in plain digits, as 375000."
            )
        if int(value) > most:
            raise self.flaw(key, f"{value} is more than {most}, the most that can be kept.")
        return int(value)

    def maybe_whole(self, key: str, most: int) -> int | None:
        """As `whole`, where the key may be left out."""
        return self.whole(key, most) if self.has(key) else None

    def yes(self, key: str) -> bool:
        """True or false; false where the key is left out."""
        if not self.has(key):
            return False
        value = self._scalar(key)
        if value not in {"true", "false"}:
            raise self.flaw(key, f"{value!r} is neither true nor false.")
        _unquoted(self._values[key], value)
        return value == "true"

    def number(self, key: str) -> float:
        """A decimal number."""
        return _number(self._wanted(key))

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of decimal numbers."""
        return tuple(_number(node) for node in self._items(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once; empty where the key is left out."""
        found: list[str] = []
        for node in self._items(key) if self.has(key) else ():
            if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
                raise Flaw(node, f"{key!r} is a list of texts, as [one, another].")
            if node.value in found:
                raise Flaw(node, f"{node.value!r} stands twice in {key!r}.")
            found.append(kept(node))
        return tuple(found)

    def section(self, key: str, known: Collection[str], refused: Mapping[str, str] | None = None) -> Section:
        """A mapping below this one."""
        return Section(self._wanted(key), repr(key), known, refused)

    def items(self, key: str) -> Iterator[yaml.Node]:
        """The entries of a list; none where the key is left out."""
        yield from self._items(key) if self.has(key) else ()

    def _wanted(self, key: str) -> yaml.Node:
        if not self.has(key):
            raise self.flaw(key, f"{self.what} lacks {key!r}.")
        return self._values[key]

    def _scalar(self, key: str) -> str:
        node = self._wanted(key)
        if not isinstance(node, yaml.ScalarNode):
            raise Flaw(node, f"{key!r} is one value, not a list or keys with values.")
        return kept(node)

    def _items(self, key: str) -> list[yaml.Node]:
        node = self._wanted(key)
        if not isinstance(node, yaml.SequenceNode):
            raise Flaw(node, f"{key!r} is a list, as [one, another], or with a dash before each.")
        return list(node.value)


def compose(text: str) -> yaml.Node:
    """The one document of a YAML or JSON text, as nodes. Raises Flaw."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        parts = (error.context, error.problem, error.note)
        reason = ", ".join(part for part in parts if part)
        raise Flaw(
            error.problem_mark or error.context_mark, f"This is neither YAML nor JSON: {reason}."
        ) from error
    except yaml.YAMLError as error:
        raise Flaw(None, f"This is neither YAML nor JSON: {error}.") from error
    except RecursionError as error:
        raise Flaw(None, "This is nested more deeply than can be read.") from error
    if node is None:
        raise Flaw(None, "The file is empty.")
    return node


def kept(node: yaml.ScalarNode) -> str:
    """The value of a node. JSON writes what is beyond 16 bits as a pair, which YAML takes for two characters."""
    value = str(node.value).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    if found := _UNKEPT.search(value):
        raise Flaw(node, f"This holds a character that cannot be kept (U+{ord(found[0]):04X}).")
    return value


def verbatim(text: str, node: yaml.Node) -> str:
    """A node as it is written, moved to the left edge. Comments after its last line belong to what comes next, and are left out."""
    start, end = node.start_mark, node.end_mark
    lines = (" " * start.column + text[start.index : end.index]).splitlines()
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return dedent("\n".join(lines))


def untabbed(text: str) -> str:
    r"""The text, with a space for each tab where it is JSON: JSON may be indented with tabs, and YAML may not.

    >>> untabbed('{\n\t"a": 1}')
    '{\n "a": 1}'
    """
    return text.replace("\t", " ") if text.lstrip().startswith("{") else text


_ABSENT = yaml.ScalarNode(_NULL, "")


def _unquoted(node: yaml.Node, value: object) -> None:
    """Refuse a number or a truth value in quotes: by the schema that is text."""
    if isinstance(node, yaml.ScalarNode) and node.style is not None:
        raise Flaw(node, f"{value!r} is in quotes, and so it is text. Write it without them.")


def _number(node: yaml.Node) -> float:
    if not isinstance(node, yaml.ScalarNode) or not _NUMBER.fullmatch(node.value):
        raise Flaw(node, f"{node.value!r} is no decimal number, such as 36.72895.")
    _unquoted(node, node.value)
    return float(node.value)


def nearest(name: str | None, known: Collection[str]) -> str:
    """A sentence that helps whoever wrote a word that is none of these."""
    close = difflib.get_close_matches(name or "", known, n=1)
    return f"Did you mean '{close[0]}'?" if close else f"There are: {', '.join(known)}."
