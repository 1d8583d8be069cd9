"""Compiled functions where there is no folder to keep machine code in."""

from typing import Any

import numba
import numpy as np
import pytest

from app.compiled import compiled


def test_without_a_folder_for_it_machine_code_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made = numba.njit

    def refusing(function: Any, **options: Any) -> Any:
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return made(function, **options)

    monkeypatch.setattr(numba, "njit", refusing)

    @compiled
    def total(numbers: Any) -> int:
        whole = 0
        for number in numbers:
            whole += number
        return whole

    assert total(np.array([1, 2, 3])) == 6
