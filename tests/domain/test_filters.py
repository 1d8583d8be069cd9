"""Orders: what is read as one, and that none leaves two events equal."""

from __future__ import annotations

import pytest

from app.domain.filters import SortKey, total


def keys(text: str) -> tuple[SortKey, ...]:
    return tuple(SortKey.parse(part) for part in text.split(","))


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ("-first_day", "-first_day,-id"),
        ("first_day", "+first_day,+id"),
        (" last_day,-deaths_best", "+last_day,-deaths_best,-id"),
        ("-id", "-id"),
        ("+id,-first_day", "+id"),
        ("-first_day,+first_day", "-first_day,+id"),
    ],
)
def test_an_order_ends_with_the_id_and_names_no_field_twice(given: str, whole: str) -> None:
    assert ",".join(map(str, total(keys(given)))) == whole


@pytest.mark.parametrize(
    "text", ["", "-", "title", "first_day desc", "FIRST_DAY", "--first_day", "+-first_day"]
)
def test_what_is_no_field_is_no_order(text: str) -> None:
    with pytest.raises(ValueError, match="is none of first_day, last_day"):
        SortKey.parse(text)
