"""A cursor comes back as it went out; one that was touched is refused."""

from __future__ import annotations

import base64
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cursors import BadCursorError, Cursor, fingerprint

KINDS = (date, int, UUID)
GOOD = Cursor(question="q", version=3, after=(date(2021, 8, 8), 5, UUID(int=1)))


@given(
    st.integers(0, 2**63 - 1),
    st.tuples(
        st.one_of(st.none(), st.dates(), st.sampled_from((date.min, date.max))),
        st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1)),
        st.uuids(),
    ),
)
def test_a_cursor_comes_back_as_it_went_out(
    version: int, after: tuple[date | None, int | None, UUID]
) -> None:
    cursor = Cursor(question=fingerprint("everything"), version=version, after=after)

    assert Cursor.decode(cursor.encode(), question=fingerprint("everything"), kinds=KINDS) == cursor


def test_a_cursor_of_another_question_is_refused() -> None:
    with pytest.raises(BadCursorError, match="belongs to another question"):
        Cursor.decode(GOOD.encode(), question="another", kinds=KINDS)


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "", "%", "é", "AAAA", GOOD.encode()[:-3], packed("{}"), packed("1"), packed("[]"), packed('"q"'),
        packed("[" * 100_000), packed('["q"]'), packed('["q",3]'), packed('["q",3,"2021-08-08",5]'),
        packed('["q",-1,"2021-08-08",5,"00000000-0000-0000-0000-000000000001"]'),
        packed('["q",true,"2021-08-08",5,"00000000-0000-0000-0000-000000000001"]'),
        packed('["q",1e400,"2021-08-08",5,"00000000-0000-0000-0000-000000000001"]'),
        packed('["q",3,"2021-13-08",5,"00000000-0000-0000-0000-000000000001"]'),
        packed('["q",3,"2021-08-08",99999999999,"00000000-0000-0000-0000-000000000001"]'),
        packed('["q",3,"2021-08-08",true,"00000000-0000-0000-0000-000000000001"]'),
        packed('["q",3,"2021-08-08",5,"no uuid"]'), packed('["q",3,[],{},"x"]'),
        packed('["q",3,"2021-08-08",5,null]'),
    ],
)  # fmt: skip
def test_a_cursor_that_was_touched_is_refused(text: str) -> None:
    with pytest.raises(BadCursorError):
        Cursor.decode(text, question="q", kinds=KINDS)


@pytest.mark.parametrize("text", ['["q",3,null]', '["q",3,"\\u0000"]', '["q",3,"\\ud800"]', '["q",3,5]'])
def test_a_name_in_a_cursor_is_a_text_that_a_database_can_hold(text: str) -> None:
    assert Cursor.decode(packed('["q",3,"قندوز"]'), question="q", kinds=(str,)).after == ("قندوز",)
    with pytest.raises(BadCursorError, match="damaged"):
        Cursor.decode(packed(text), question="q", kinds=(str,))


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(BadCursorError):
        Cursor.decode(text, question="q", kinds=KINDS)
