"""Compiled functions: what becomes part of the machine code, where that is kept, and that none is compiled while somebody waits."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app import compiled as compiling
from app.compiled import compiled

FACTOR = 2
TABLE = np.array([1, 2])


def test_what_a_function_names_tells_its_code_from_that_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def scaled(numbers: Any) -> int:
        whole = 0
        for number in numbers:
            whole += number * FACTOR + TABLE[1]
        return whole

    numbers = np.array([1, 2, 3])
    before: Any = compiled(scaled)
    assert before(numbers) == 18
    same: Any = compiled(scaled)
    assert same.digest == before.digest

    monkeypatch.setitem(scaled.__globals__, "FACTOR", 10)
    after: Any = compiled(scaled)
    assert after.digest != before.digest
    assert after(numbers) == 66
    monkeypatch.setitem(scaled.__globals__, "TABLE", np.array([1, 100]))
    last: Any = compiled(scaled)
    assert last(numbers) == 360


def test_another_compiled_function_that_is_called_belongs_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def calling(number: int) -> int:
        return _inner(number) + 1

    monkeypatch.setitem(globals(), "_inner", compiled(lambda number: number * 2))
    before: Any = compiled(calling)
    assert before(5) == 11
    monkeypatch.setitem(globals(), "_inner", compiled(lambda number: number * 3))
    after: Any = compiled(calling)

    assert after(5) == 16
    assert before.digest != after.digest


def _inner(number: int) -> int:
    return number


def test_without_a_folder_for_it_machine_code_is_made_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nothing = tmp_path / "file"
    nothing.write_text("")
    monkeypatch.setattr(compiling, "__file__", str(nothing / "compiled.py"))
    monkeypatch.setattr(compiling, "cache_dir", lambda: nothing)

    @compiled
    def total(numbers: Any) -> int:
        whole = 0
        for number in numbers:
            whole += number
        return whole

    assert total(np.array([1, 2, 3])) == 6


def test_tests_find_what_is_read_from_where_nothing_is() -> None:
    @compiled
    def beyond(numbers: Any) -> int:
        return int(numbers[len(numbers)])

    with pytest.raises(IndexError):
        beyond(np.array([1, 2, 3]))


def test_the_trial_compiles_all_that_tiles_and_counts_need() -> None:
    program = """
import app.columns.counting, app.formats.mvt, app.tiles.trial
from app.compiled import Compiled
app.tiles.trial.trial()
modules = (app.columns.sums, app.columns.events, app.formats.mvt, app.tiles.polygons)
found = [one for module in modules for one in vars(module).values() if isinstance(one, Compiled)]
# What only others call is part of their code.
called = {name for one in found for name in one._function.__code__.co_names}
print(len(found), *(one.__name__ for one in found if not one.made.signatures and one.__name__ not in called))
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    count, *missing = said.stdout.split()
    assert int(count) > 10
    assert missing == []
