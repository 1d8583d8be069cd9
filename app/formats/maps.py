"""Small maps for pages: what is drawn where, and what is said beside it. The template `map.html` makes SVG of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func

from app.domain.events import EventType, Precision
from app.domain.views import HEIGHT, WIDTH, Outline, View

Feature = Mapping[str, Any]

STAND_INS = frozenset(
    {
        Precision.ADMIN3,
        Precision.ADMIN2,
        Precision.ADMIN1,
        Precision.FUZZY_REGION,
        Precision.COUNTRY,
        Precision.SEA_AIR,
        Precision.UNKNOWN,
    }
)
"""With these a point, if there is one, stands for an area."""
_GROUPS: Mapping[str, str] = {
    EventType.BATTLE: "battle",
    EventType.AIR_STRIKE: "blast",
    EventType.SHELLING: "blast",
    EventType.EXPLOSION: "blast",
    EventType.ATTACK_ON_CIVILIANS: "civilians",
    EventType.TERRITORIAL_CHANGE: "territory",
    EventType.PROTEST: "protest",
    EventType.RIOT: "protest",
}
_CALLED = {
    "battle": "battle",
    "blast": "air strike, shelling, explosion",
    "civilians": "attack on civilians",
    "territory": "territorial change",
    "protest": "protest, riot",
    "other": "other",
}
"""Groups of event types, told apart by colour and by shape, in the order of the legend."""
SHAPES = {
    "battle": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "blast": "M0 -6L5.6 4.2H-5.6z",
    "civilians": "M0 -6.4L5.4 0L0 6.4L-5.4 0z",
    "territory": "M-4 6V-6.5L6 -3L-2.5 0.4V6z",
    "protest": "M-4.6 -4.6H4.6V4.6H-4.6z",
    "other": "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z",
    "stand-in": "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
}
_SIZES = ((11.5, 24.0, False), (7.0, 16.0, True))
"""Units that a letter of a name and a line take, about: on phones, where the drawing is small, and where there is room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A point, or several at the same spot."""

    x: float
    y: float
    group: str
    hollow: bool
    """Whether it stands for an area."""
    titles: tuple[str, ...]
    href: str | None = None
    """Where it leads, if it is one alone."""

    @property
    def shape(self) -> str:
        """Its path round 0,0."""
        return SHAPES["stand-in" if self.hollow else self.group]

    @property
    def size(self) -> float:
        """By what its shape is enlarged: several at one spot are seen as more, though not as much larger as they are more."""
        return round(min(2.0, 1 + math.log2(len(self.titles)) / 6), 2)

    @property
    def title(self) -> str:
        """What a pointer that rests on it is told."""
        return (
            self.titles[0]
            if len(self.titles) == 1
            else f"{len(self.titles)} here, among them: {self.titles[0]}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A name on the map."""

    x: float
    y: float
    name: str
    layer: str
    roomy: bool
    """Whether it is left out on phones."""
    reach: tuple[float, float]
    """How far it reaches to the sides, and up and down."""

    def meets(self, x: float, y: float, reach: tuple[float, float]) -> bool:
        """Whether it lies on something at a place."""
        return abs(self.x - x) < self.reach[0] + reach[0] and abs(self.y - y) < self.reach[1] + reach[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A drawing with what is said beside it; without outlines and marks there is nothing to draw, and something to say."""

    name: str
    """What it shows, for whoever does not see it."""
    sentences: tuple[str, ...] = ()
    outlines: tuple[Outline, ...] = ()
    marks: tuple[Mark, ...] = ()
    labels: tuple[Label, ...] = ()
    hatched: bool = False
    """Whether the areas are what may have been the place, and not what is told of."""
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def legend(self) -> list[tuple[str, str, str]]:
        """Shape, class and meaning of the marks that are there."""
        there = {mark.group for mark in self.marks if not mark.hollow}
        told = [(SHAPES[group], group, called) for group, called in _CALLED.items() if group in there]
        if any(mark.hollow for mark in self.marks):
            told.append((SHAPES["stand-in"], "stand-in", "stands for a wider area"))
        return told


def written(view: View) -> Callable[[ColumnElement[Any]], ColumnElement[str]]:
    """A geometry as a path of SVG in the units of the drawing."""
    across, down = view.per_degree

    def path(geometry: ColumnElement[Any]) -> ColumnElement[str]:
        # Latitudes are turned round by ST_AsSVG itself.
        return func.ST_AsSVG(func.ST_TransScale(geometry, -view.west, -view.north, across, down), 1, 1)

    return path


def draw(
    view: View | None,
    outlines: Sequence[Outline],
    marks: Iterable[Mark] = (),
    *,
    name: str,
    sentences: Iterable[str] = (),
    hatched: bool = False,
) -> Map:
    """A map of what a view shows. Without a view there is none, and the sentences remain."""
    if view is None:
        return Map(name=name, sentences=tuple(sentences))
    marked = tuple(marks)
    return Map(
        name=name,
        sentences=tuple(sentences),
        outlines=tuple(outlines),
        marks=marked,
        labels=_labels(view, outlines, marked),
        hatched=hatched,
    )


def points(features: Iterable[Feature]) -> list[tuple[float, float]]:
    """The points of features that have one."""
    return [tuple(one["geometry"]["coordinates"][:2]) for one in features if _is_point(one)]


def marks(view: View, features: Iterable[Feature], address: Callable[[Feature], str | None]) -> list[Mark]:
    """A mark for each spot at which events have their points; stand-ins come first, and so lie below."""
    spots: dict[tuple[float, float, str, bool], list[Feature]] = {}
    for one in features:
        if _is_point(one):
            told = one["properties"]
            hollow = told["precision"] in STAND_INS
            key = (*view.at(*one["geometry"]["coordinates"][:2]), _GROUPS.get(told["type"], "other"), hollow)
            spots.setdefault(key, []).append(one)
    return [
        Mark(
            x=x,
            y=y,
            group=group,
            hollow=hollow,
            titles=tuple(one["properties"]["title"] for one in there),
            href=address(there[0]) if len(there) == 1 else None,
        )
        for (x, y, group, hollow), there in sorted(spots.items(), key=lambda spot: not spot[0][3])
    ]


def left_out(features: Sequence[Feature]) -> list[str]:
    """What a map of events does not show, as sentences.

    >>> left_out([{"geometry": None}, {"geometry": {"type": "Point"}}])
    ['1 of these is known only to a region or less, and is not on the map.']
    """
    missing = sum(not _is_point(one) for one in features)
    if not missing:
        return []
    if missing == len(features):
        return ["No place is known to a point, so there is nothing to draw: where they are is said in words."]
    return [
        f"{missing} of these {'is' if missing == 1 else 'are'} known only to a region or less, and {'is' if missing == 1 else 'are'} not on the map."
    ]


def _is_point(feature: Feature) -> bool:
    return bool(feature["geometry"]) and feature["geometry"]["type"] == "Point"


def _labels(view: View, outlines: Sequence[Outline], marks: Sequence[Mark]) -> tuple[Label, ...]:
    """Names that have room in what they name, those of areas first; none lies on another, or on a mark."""
    ranks = {"area": 0, "country": 1, "subdivision": 2}
    ordered = sorted(outlines, key=lambda one: (ranks[one.layer], -one.breadth))
    placed: dict[str, Label] = {}
    for letter, line, roomy in _SIZES:
        for one in ordered:
            if one.name and one.code not in placed:
                label = _label(view, one, (letter * len(one.name) / 2, line / 2), roomy=roomy)
                free = label and _free(label, list(placed.values()), marks)
                if free:
                    placed[one.code] = free
    return tuple(placed.values())


def _label(view: View, one: Outline, reach: tuple[float, float], *, roomy: bool) -> Label | None:
    """A name in the middle of what it names, inside the frame; None where there is no room."""
    if one.lon is None or one.lat is None or one.breadth * view.per_degree[0] < 2 * reach[0]:
        return None
    x, y = view.at(one.lon, one.lat)
    x = min(max(x, reach[0] + 3), WIDTH - reach[0] - 3)
    y = min(max(y, reach[1] + 3), HEIGHT - reach[1] - 3)
    return Label(x=round(x, 1), y=round(y, 1), name=one.name, layer=one.layer, roomy=roomy, reach=reach)


def _free(label: Label, others: Sequence[Label], marks: Sequence[Mark]) -> Label | None:
    """The label, or the same a line higher or lower, where nothing else is."""
    for step in (0, -1.2, 1.2):
        moved = replace(label, y=round(label.y + step * 2 * label.reach[1], 1))
        if not (
            any(moved.meets(other.x, other.y, other.reach) for other in others)
            or any(moved.meets(mark.x, mark.y, (6, 4)) for mark in marks)
        ):
            return moved
    return None
