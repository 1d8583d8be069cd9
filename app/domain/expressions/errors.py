"""What is said of a filter that cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class BadExpression(ValueError):
    """A filter that cannot be read, or asks for what is not there; the message is a sentence for its writer."""


def unknown(given: str, what: str, known: Iterable[str]) -> BadExpression:
    """A name that is none of those there are, with the nearest of them and all."""
    listed = list(known)
    near = get_close_matches(given[:60].lower(), listed, n=1)
    guess = f" Did you mean '{near[0]}'?" if near else ""
    return BadExpression(f"There is no {what} '{given[:60]}'.{guess} There are: {', '.join(listed)}.")
