"""Conditions in CQL2: what is read as the same, and that no text costs more than a moment or ends the process."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crs import Crs
from app.domain.expressions import FUNCTIONS, BadExpression, Language, parse, to_json
from app.domain.expressions.texts import MAX_LENGTH, MAX_SIGNS, tree
from app.domain.kinds import Kind
from app.domain.queryables import EVENTS


def form(text: str, **more: Any) -> Any:
    """The canonical form of a text."""
    return to_json(parse(text, Language.TEXT, EVENTS, **more))


@pytest.mark.parametrize(
    ("spellings", "same"),
    [
        (["deaths_best = 1", "deaths_best=1.0", "(deaths_best) = (1e0)", '"deaths_best" = +1'], True),
        (["sources = 1 AND claims = 2 AND NOT contested", "sources = 1 and (claims = 2 AnD not (contested))"], True),
        (["first_day > DATE('2021-08-08')", "first_day > TIMESTAMP('2021-08-08T23:00:00Z')"], True),
        (["updated > TIMESTAMP('2021-08-08T23:00:00Z')", "updated > TIMESTAMP('2021-08-09T03:30:00+04:30')"], True),
        (["id = 'A5F91262-AB3D-525F-BFDA-3A272B22D4B8'", "id = 'a5f91262ab3d525fbfda3a272b22d4b8'"], True),
        (["title = 'O''Brien'", r"title = 'O\'Brien'"], True),
        (["T_AFTER(datetime, INTERVAL('2021-08-08','..'))", "t_after(datetime,interval('2021-08-08T10:00:00Z','..'))"], True),
        (["S_INTERSECTS(geometry, POINT(1 2))", "s_intersects(geometry, POINT Z(1.0 2.0 3))"], True),
        (["year(first_day) = 2021", "YEAR(first_day) = 2021"], True),
        (["sources = 1 AND claims = 2", "claims = 2 AND sources = 1"], False),
        (["title = 'a'", "title = 'A'"], False),
        (["updated > TIMESTAMP('2021-08-08T23:00:00Z')", "updated > DATE('2021-08-08')"], False),
    ],
)  # fmt: skip
def test_spellings_of_a_condition(spellings: list[str], *, same: bool) -> None:
    forms = [form(one) for one in spellings]

    assert (len({str(one) for one in forms}) == 1) is same
    assert all(to_json(parse(one, Language.JSON, EVENTS)) == one for one in forms)


def test_geometries_are_kept_in_longitude_and_latitude() -> None:
    assert form("S_INTERSECTS(geometry, POINT(2 1))", crs=Crs.EPSG_4326) == form(
        "S_INTERSECTS(geometry, POINT(1 2))"
    )
    box = form("S_INTERSECTS(geometry, BBOX(-20037508.342789244,0,20037508.342789244,0))", crs=Crs.EPSG_3857)
    assert box["args"][1] == {"bbox": [-180, 0, 180, 0]}


@pytest.mark.parametrize(
    "beginning",
    [
        "(",
        "NOT ",
        "-",
        "f(",
        "casei(",
        "NOT (",
        "a IN (",
        "- (",
        "1+",
        "1^",
        "a=",
        "'",
        '"',
        "f((",
        "a_contains((1,",
        "POINT(",
        "POINT((",
        "f(POINT(((",
        "BBOX((1),(",
        "'\\' ((",
        "'a' (",
        "1 (",
        "DATE((",
    ],
)
@pytest.mark.parametrize("times", [15, 50, MAX_SIGNS, 100_000])
def test_no_beginning_of_a_text_takes_longer_than_a_moment(beginning: str, times: int) -> None:
    began = time.process_time()
    with pytest.raises(BadExpression):
        parse(beginning * times, Language.TEXT, EVENTS)
    assert time.process_time() - began < 1


_DEEPEST = """
import threading
from app.domain.expressions import BadExpression
from app.domain.expressions.texts import MAX_SIGNS, tree

def read():
    for text in ("NOT " * (MAX_SIGNS - 1) + "a", "a=" + "-" * (MAX_SIGNS - 3) + "b", "a" + "^1" * (MAX_SIGNS - 2), "a=" * (MAX_SIGNS // 2 - 1) + "b",
                 "f(" * 40 + "a" + ")" * 40, "a LIKE " * (MAX_SIGNS // 2 - 1) + "b"):
        try:
            tree(text)
        except BadExpression:
            pass

threading.stack_size(2 * 1024 * 1024)
thread = threading.Thread(target=read)
thread.start()
thread.join()
print("alive")
"""


def test_the_deepest_texts_end_no_process_even_on_a_quarter_of_the_usual_stack() -> None:
    # In a process of its own, which might die.
    done = subprocess.run([sys.executable, "-c", _DEEPEST], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr


def test_a_text_is_no_longer_than_it_may_be() -> None:
    with pytest.raises(BadExpression, match="longer than"):
        tree(" " * MAX_LENGTH + "TRUE")
    assert tree("TRUE" + " " * 1_000) is True


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    said = "."
    try:
        parse(text, None, EVENTS)
    except BadExpression as error:
        said = str(error)
    assert said.endswith(".")


def test_other_fields_serve_other_collections() -> None:
    fields = {"name": Kind.TEXT, "gw": Kind.NUMBERS, "value": Kind.NUMBER}

    read = parse("A_CONTAINS(gw, (700)) AND value * 2 > 1 AND name LIKE 'A%'", None, fields)

    assert parse(to_json(read), Language.JSON, fields) == read
    with pytest.raises(BadExpression, match="There is no property 'title'"):
        parse("title = 'a'", None, fields)


def test_functions_are_told_of() -> None:
    for name, function in FUNCTIONS.items():
        assert name == function.name == name.lower()
        assert function.description.endswith(".")
        assert function.arguments
        assert all(argument.kinds for argument in function.arguments)
