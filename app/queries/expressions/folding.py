r"""CASEI and ACCENTI in SQL, over columns and literals alike: both sides of a comparison are folded by the same expression.

`unaccent` is an extension that an ordinary role may not have. Unicode's own decomposition (NFD, and not NFKD, which makes a wildcard
of LIKE out of the full-width %) takes letters and accents apart, and the accents are left out.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, func, literal, literal_column

# Combining marks of Latin, Greek and Cyrillic, the points of Hebrew and Arabic, and marks for symbols and half marks.
_MARKS = r"[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]"  # fmt: skip
PLAIN = {"ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i"}
"""Letters with a stroke, or without a dot, that Unicode does not take apart."""

FormText = ColumnElement[Any]
_NFD: ColumnElement[str] = literal_column("NFD")
_NFC: ColumnElement[str] = literal_column("NFC")


def without_case(text: FormText) -> FormText:
    """Small letters; the two forms of the small sigma are one, and ß is ss."""
    lower = func.lower(text, type_=Text)
    return func.replace(
        func.translate(lower, _text("ςſ"), _text("σs"), type_=Text), _text("ß"), _text("ss"), type_=Text
    )


def without_accents(text: FormText) -> FormText:
    """Letters without their marks. Put together again, so that _ of LIKE stands for a whole Korean syllable."""
    apart = func.normalize(text, _NFD, type_=Text)
    bare = func.regexp_replace(apart, _text(_MARKS), _text(""), _text("g"), type_=Text)
    whole = func.normalize(bare, _NFC, type_=Text)
    return func.translate(whole, _text("".join(PLAIN)), _text("".join(PLAIN.values())), type_=Text)


def _text(value: str) -> ColumnElement[str]:
    return literal(value, Text)
