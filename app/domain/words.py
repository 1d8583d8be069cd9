"""Words and names in the form in which they are kept and compared, and searches as people type them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not split into a plain letter and an accent, and Persian and Arabic forms of one letter.
_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "ə": "a", "æ": "ae", "œ": "oe", "þ": "th",
        "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ـ": "",
    }
)  # fmt: skip
_APOSTROPHES = re.compile(r"['`´ʻʼʽʾʿ‘’‛ˈ]")
_QUOTES = re.compile("[\u2010-\u205e«»]+")
_NOT_LETTERS = re.compile(r"[\W_]+")


_ASCII = {
    code: None if chr(code) in "'`" else chr(code) if chr(code).isalnum() else " " for code in range(128)
}


class _Marks(dict[int, int | None]):
    """Every letter as it is, and no accents: for `str.translate`, which takes 5 µs for 300 letters where a loop takes 40."""

    def __missing__(self, letter: int) -> int | None:
        self[letter] = kept = None if unicodedata.combining(chr(letter)) else letter
        return kept


_MARKS = _Marks()

MAX_WORDS = 50
"""Five hundred words take seconds to look up, and nobody means so many."""
TERM = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')


def fold(text: str) -> str:
    """The form in which names are compared: no accents, case, apostrophes or punctuation; any script.

    >>> fold("Şan‘ā’"), fold("Rio-de  Janeiro"), fold("قندوز") == fold("قُندوز")
    ('sana', 'rio de janeiro', True)
    """
    text = text.replace("–", " ")  # which stands in each title of ours, and is all there that is not ASCII
    if text.isascii():  # four texts in five, in a third of the time
        return " ".join(text.translate(_ASCII).lower().split())
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    if not plain.isascii():
        plain = _QUOTES.sub(" ", plain)  # often all that is not ASCII in a text in English
    if not plain.isascii():
        plain = plain.translate(_MARKS).casefold().translate(_LETTERS)
    return _NOT_LETTERS.sub(" ", plain.casefold()).strip()


def names(name: str, aliases: Iterable[str]) -> str:
    """Name and aliases for trigram search: folded, each once, a line each, so that no match runs over two of them.

    >>> names("Kunduz", ["Qunduz", "Kundūz"]).split()
    ['kunduz', 'qunduz']
    """
    return "\n".join(dict.fromkeys(filter(None, map(fold, (name, *aliases)))))


def web_search(text: str) -> str:
    """A search as people type it, with each word folded as the kept words are: for `websearch_to_tsquery('simple', …)`.

    Quotes hold words together, a minus leaves events out, OR gives a choice. A name with a hyphen is one phrase.

    >>> web_search('Şan‘ā’ al-Bab OR Qunduz -"air strike"')
    'sana "al bab" or qunduz -"air strike"'

    An empty string means that nothing is left to search for. Raises ValueError on more than MAX_WORDS words.
    """
    terms: list[str] = []
    words = 0
    for minus_quoted, quoted, minus, word in TERM.findall(text):
        if word == "OR" and not minus:
            terms.append("or")
        elif folded := fold(quoted or word):
            words += len(folded.split())
            # "or" in lower case is a word; bare it would be read as the operator.
            phrase = f'"{folded}"' if " " in folded or folded == "or" else folded
            terms.append(f"{minus_quoted or minus}{phrase}")
    if words > MAX_WORDS:
        raise ValueError(f"A search has at most {MAX_WORDS} words; here are {words}.")
    return " ".join(terms) if words else ""
