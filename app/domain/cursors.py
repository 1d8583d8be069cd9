"""Cursors: where a page ended, sealed with the question it belongs to. Opaque to clients."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

KeyValue = date | int | UUID | str | None


class BadCursorError(ValueError):
    """A cursor that was not made here, or was made for another question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The last row of a page, in the order's keys, and the data version at which page 1 was read."""

    question: str
    """The hash of the canonical question (`fingerprint`)."""
    version: int
    after: tuple[KeyValue, ...]

    def encode(self) -> str:
        """As text that is safe in a URL."""
        values = [
            None if value is None else value if isinstance(value, int) else str(value) for value in self.after
        ]
        text = json.dumps([self.question, self.version, *values], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, *, question: str, kinds: tuple[type, ...]) -> Cursor:
        """Read a cursor back; `kinds` are the types of the order's keys: date, int, UUID or str.

        Raises BadCursorError where it is not one of ours, or of another question.
        """
        try:
            packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            belongs_to, version, *values = json.loads(packed)
        except (binascii.Error, ValueError, TypeError, RecursionError) as error:
            message = "This is no cursor of this service. Take it from the 'next' link as it is."
            raise BadCursorError(message) from error
        if belongs_to != question:
            message = "The cursor belongs to another question. Follow 'next' as it is, or start again without a cursor."
            raise BadCursorError(message)
        try:
            if len(values) != len(kinds) or type(version) is not int or not 0 <= version < 2**63:
                raise ValueError
            after = tuple(_value(kind, value) for kind, value in zip(kinds, values, strict=True))
        except (ValueError, TypeError, AttributeError) as error:
            message = "The cursor is damaged. Follow 'next' as it is, or start again without a cursor."
            raise BadCursorError(message) from error
        return cls(question=question, version=version, after=after)


def fingerprint(canonical: str) -> str:
    """A short hash of a canonical question: 64 bits are enough to notice a mistake, and a cursor guards nothing."""
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _value(kind: type, value: object) -> KeyValue:
    """A key's value back in its type. Only numbers and days may be unknown. Raises ValueError."""
    if value is None and kind in {int, date}:
        return None
    if kind is int:
        if type(value) is not int or not -(2**31) <= value < 2**31:
            raise ValueError
        return value
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004  # one kind of fault: the cursor is damaged
    if kind is UUID:
        return UUID(value)
    if kind is date:
        return date.fromisoformat(value)
    value.encode()  # half a character is no text
    if "\0" in value:
        raise ValueError
    return value
