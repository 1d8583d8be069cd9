"""What a small map shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.areas import Bounds
from app.domain.views import HEIGHT, WIDTH, View

_SMALL = some.tuples(some.floats(-180, 175), some.floats(-85, 80)).map(
    lambda corner: (corner[0], corner[1], corner[0] + 5, corner[1] + 5)
)


def test_no_boxes_have_no_view() -> None:
    assert View.around([]) is None


@given(some.lists(_SMALL, min_size=1, max_size=6))
def test_a_view_holds_all_corners_of_its_boxes_once(boxes: list[Bounds]) -> None:
    view = View.around(boxes)

    assert view is not None
    assert -180 <= view.west < 180
    assert view.width <= 360
    for west, south, east, north in boxes:
        for lon, lat in ((west, south), (east, north)):
            x, y = view.at(lon, lat)
            assert -0.1 <= x <= WIDTH + 0.1
            assert -0.1 <= y <= HEIGHT + 0.1


def test_a_view_over_the_antimeridian_has_two_windows_of_which_the_second_is_moved() -> None:
    view = View.around([(177, -19, 180, -16), (-180, -19, -178, -16)])

    assert view is not None
    (first, here), (second, moved) = view.windows
    assert (here, moved) == (0, 360)
    assert first[2] == 180
    assert second[0] == -180
    assert view.at(-179, -17)[0] > view.at(179, -17)[0]


@pytest.mark.parametrize("box", [(-180, -90, 180, 90), (-180, -90, 180, -60), (-73, 60, -12, 90)])
def test_the_whole_world_and_its_poles_are_one_window(box: Bounds) -> None:
    view = View.around([box])

    assert view is not None
    assert len(view.windows) == 1
    assert view.width <= 360


def test_a_point_is_shown_with_what_lies_round_it() -> None:
    view = View.around([(68.86, 36.73, 68.86, 36.73)])

    assert view is not None
    assert view.north - view.south == pytest.approx(3.0)
    assert view.at(68.86, 36.73) == (WIDTH / 2, HEIGHT / 2)
