"""Words to search for, in the form in which they are kept."""

from __future__ import annotations

import re

from app.domain.regions import fold

TERM = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')
MAX_WORDS = 50


def web_search(text: str) -> str:
    """A search as people type it, with each word folded as the kept words are: for `websearch_to_tsquery('simple', …)`.

    Quotes hold words together, a minus leaves events out, OR gives a choice. A name with a hyphen is one phrase.

    >>> web_search('Şan‘ā’ al-Bab OR Qunduz -"air strike"')
    'sana "al bab" or qunduz -"air strike"'

    An empty string means that nothing is left to search for.
    """
    terms: list[str] = []
    for minus_quoted, quoted, minus, word in TERM.findall(text):
        if word == "OR":
            terms.append("or")
            continue
        folded = fold(quoted or word)
        if folded:
            # "or" in lower case is a word; bare it would be read as the operator.
            phrase = f'"{folded}"' if " " in folded or folded == "or" else folded
            terms.append(f"{minus_quoted or minus}{phrase}")
    return " ".join(terms[:MAX_WORDS])
