"""How a name that is searched for fits the names that there are."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from app.domain.words import fold


class Fit(IntEnum):
    """How a name fits, the best first."""

    EXACT = 0
    """It is one of the spellings."""
    BEGINS = 1
    """A spelling begins with it."""
    NEAR = 2
    """It is in a spelling, or nearly so."""


def fit(words: str, spellings: Iterable[str]) -> tuple[Fit, str]:
    """How a folded name fits a thing's spellings, and the spelling that it fits best; of equals the first.

    >>> fit("qunduz", ["Kunduz", "Qunduz khot", "Qunduz"]), fit("kun", ["Qunduz", "Kunduz"])
    ((<Fit.EXACT: 0>, 'Qunduz'), (<Fit.BEGINS: 1>, 'Kunduz'))
    """
    ranked = [(_fit(words, fold(spelling)), spelling) for spelling in spellings]
    best = min(found for found, _ in ranked)
    fitting = [spelling for found, spelling in ranked if found is best]
    if best is Fit.NEAR:
        wanted = _trigrams(words)
        return best, max(fitting, key=lambda spelling: _share(wanted, _trigrams(fold(spelling))))
    return best, fitting[0]


def _fit(words: str, folded: str) -> Fit:
    if folded == words:
        return Fit.EXACT
    return Fit.BEGINS if folded.startswith(words) else Fit.NEAR


def _trigrams(text: str) -> set[str]:
    """Of each word, as pg_trgm takes them."""
    padded = [f"  {word} " for word in text.split()]
    return {word[start : start + 3] for word in padded for start in range(len(word) - 2)}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / (len(one | other) or 1)
