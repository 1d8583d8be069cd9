"""Expressions of the style that several layers share."""

from __future__ import annotations

from typing import Any

from app.domain.events import EventGroup
from app.formats.maplibre.sprite import FILLS
from app.formats.maplibre.themes import HUES, Theme

Expression = list[Any]

METRES_A_PIXEL = 78_271.516964
"""At the equator, zoom 0, with tiles 512 pixels wide."""
_METRES_A_DEGREE = 110_900
_EQUATOR = {"type": "LineString", "coordinates": [[-180, 0], [180, 0]]}


def get(name: str) -> Expression:
    """A property of the feature."""
    return ["get", name]


def known(name: str) -> Expression:
    """A property, or 0 where it is left out."""
    return ["coalesce", ["get", name], 0]


def by_zoom(*stops: tuple[float, Any]) -> Expression:
    """Values at zooms, in between by the way that is left."""
    return ["interpolate", ["linear"], ["zoom"], *(part for stop in stops for part in stop)]


def short(count: Expression) -> Expression:
    """A number in few letters: 950, 1.2k, 34k, 1.1M."""

    def rounded(by: int, digits: int, unit: str) -> Expression:
        tens = 10**digits
        return ["concat", ["to-string", ["/", ["round", ["*", ["/", count, by], tens]], tens]], unit]

    return [
        "case",
        ["<", count, 1_000], ["to-string", count],
        ["<", count, 9_950], rounded(1_000, 1, "k"),
        ["<", count, 999_500], rounded(1_000, 0, "k"),
        rounded(1_000_000, 1, "M"),
    ]  # fmt: skip


def most_frequent(values: dict[EventGroup, Any]) -> Expression:
    """The value for the group that most of a feature's events are of; of equals the first."""
    groups = list(values)
    chosen: Expression = ["case"]
    for group in groups[:-1]:
        chosen += [["==", known(group), ["var", "most"]], values[group]]
    most: Expression = ["max", *(known(group) for group in groups)]
    return ["let", "most", most, [*chosen, values[groups[-1]]]]


def hue_of_most() -> Expression:
    """The hue of the group that most of a feature's events are of."""
    return most_frequent({group: HUES[group] for group in EventGroup})


def icon(theme: Theme) -> Expression:
    """The icon of an event: shape by group, fill by what was found of it."""
    pairs: list[Any] = []
    for fill, found in FILLS.items():
        if found:
            pairs += [[str(one) for one in found], fill]
    fill_of: Expression = ["match", ["coalesce", ["get", "verification"], ""], *pairs, list(FILLS)[-1]]
    return ["concat", f"{theme}:", ["coalesce", ["get", "group"], EventGroup.OTHER.value], ":", fill_of]


def metres(radius: Expression) -> Expression:
    """A length on the ground as pixels on the map, which stretches it towards the poles.

    No expression gives the latitude of a feature; but its distance from the equator tells it.
    """
    latitude: Expression = ["/", ["distance", _EQUATOR], _METRES_A_DEGREE * 180 / 3.141592653589793]
    across: Expression = ["/", radius, ["*", METRES_A_PIXEL, ["cos", latitude]]]
    return ["interpolate", ["exponential", 2], ["zoom"], 0, across, 22, ["*", across, 2**22]]
