"""Searches as people type them, in the form in which words are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.words import MAX_WORDS, fold, web_search


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Hospital HELMAND", "hospital helmand"),
        ("Hissène Habré", "hissene habre"),
        ("قُندوز", "قندوز"),
        ("Lashkar-Gah", '"lashkar gah"'),
        ('"Lashkar Gah" -hit', '"lashkar gah" -hit'),
        ('-"Lashkar Gah"', '-"lashkar gah"'),
        ('"no end', '"no end"'),
        ("this OR that", "this or that"),
        ("this or that", 'this "or" that'),
        ("& | ! <-> :*", ""),
        ("   ", ""),
        ("OR OR", ""),
        ("-OR", '-"or"'),
    ],
)
def test_a_search_is_folded_word_by_word(typed: str, kept: str) -> None:
    assert web_search(typed) == kept


@pytest.mark.parametrize(("begin", "word"), [("", "word "), ('"', "word "), ("", "-word "), ("", "word OR ")])
def test_a_search_of_more_than_fifty_words_is_refused_and_not_cut(begin: str, word: str) -> None:
    assert web_search(begin + word * MAX_WORDS).count("word") == MAX_WORDS
    with pytest.raises(ValueError, match="at most 50 words; here are 51"):
        web_search(begin + word * (MAX_WORDS + 1))


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=60).filter(lambda text: "\0" not in text))
async def test_postgresql_reads_whatever_is_left_of_a_text(connection: AsyncConnection, typed: str) -> None:
    folded = web_search(typed.encode(errors="ignore").decode())

    assert await connection.scalar(select(func.websearch_to_tsquery("simple", folded).is_not(None)))
