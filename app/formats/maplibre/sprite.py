"""The icons of the map: one image, and where in it each is.

Hue and shape say what kind of event it is, the fill what an assessor found: full where it was verified, half where in part, empty where
not, two tones where it is disputed, crossed where refuted, and a tint where nobody assessed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.events import EventGroup, Verification
from app.formats.maplibre import png, shapes
from app.formats.maplibre.shapes import Field
from app.formats.maplibre.themes import HUES, PALETTES, Palette, Theme

Pixels = NDArray[np.float64]

FILLS: dict[str, tuple[Verification, ...]] = {
    "full": (Verification.VERIFIED,),
    "half": (Verification.PARTLY_VERIFIED,),
    "empty": (Verification.UNVERIFIED, Verification.NOT_VERIFIABLE),
    "split": (Verification.DISPUTED,),
    "crossed": (Verification.REFUTED,),
    "tint": (),
}
"""How a shape is filled, by what was found; the last for what nobody assessed."""
SIDE = 26
"""Pixels to the side of an icon of an event."""
_RADIUS = 9.0
_ACROSS = 12
"""Icons in a row of the image."""


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon by name, its pixels (0 to 1, not multiplied by their opacity), and how it may be stretched."""

    name: str
    pixels: Pixels
    stretching: dict[str, Any] = field(default_factory=dict)


@cache
def sheet(ratio: int) -> tuple[dict[str, Any], bytes]:
    """Where each icon is, and the image (PNG), with so many pixels to one of the screen's."""
    found: dict[str, Any] = {}
    rows: list[Pixels] = []
    row: list[Icon] = []
    top = 0
    for icon in [*_icons(ratio), None]:
        if row and (icon is None or len(row) == _ACROSS or icon.pixels.shape[0] != row[0].pixels.shape[0]):
            rows.append(_laid(row, top, ratio, found))
            top += rows[-1].shape[0]
            row = []
        if icon is not None:
            row.append(icon)
    width = max(one.shape[1] for one in rows)
    image = np.concatenate([np.pad(one, ((0, 0), (0, width - one.shape[1]), (0, 0))) for one in rows])
    return found, png.write(np.rint(image * 255))


def _laid(row: list[Icon], top: int, ratio: int, found: dict[str, Any]) -> Pixels:
    left = 0
    for icon in row:
        height, width, _ = icon.pixels.shape
        found[icon.name] = {
            "x": left, "y": top, "width": width, "height": height, "pixelRatio": ratio, **icon.stretching
        }  # fmt: skip
        left += width
    return np.concatenate([icon.pixels for icon in row], axis=1)


def _icons(ratio: int) -> Iterator[Icon]:
    for theme, palette in PALETTES.items():
        for group in EventGroup:
            for fill in FILLS:
                yield Icon(f"{theme}:{group}:{fill}", _event(group, fill, palette, ratio))
        yield Icon(f"{theme}:contested", _contested(palette, ratio))
        yield Icon(f"{theme}:near", _near(palette, ratio))
    for theme, palette in PALETTES.items():
        yield Icon(f"{theme}:hatch", _hatch(palette, ratio))
        yield _chip(theme, palette, ratio)


def _event(group: EventGroup, fill: str, palette: Palette, ratio: int) -> Pixels:
    x, y = _grid(SIDE, SIDE, ratio)
    edge = shapes.SHAPES[group](x, y, _RADIUS)
    hue, paper, ink = _rgb(HUES[group]), _rgb(palette.paper), _rgb(palette.ink)
    pixels = _canvas(SIDE, SIDE, ratio)
    _paint(pixels, edge - 2.6, paper, 0.85, ratio)
    if fill in {"empty", "crossed"}:
        _paint(pixels, edge, paper, 1.0, ratio)
    elif fill == "tint":
        _paint(pixels, edge, hue * 0.72 + paper * 0.28, 1.0, ratio)
    else:
        _paint(pixels, edge, hue, 1.0, ratio)
    if fill == "half":
        _paint(pixels, np.maximum(edge, -x), paper, 1.0, ratio)
    if fill == "split":
        _paint(pixels, np.maximum(edge, (x + y) / np.sqrt(2)), ink, 1.0, ratio)
    if fill == "crossed":
        _paint(pixels, np.maximum(edge, shapes.cross(x, y, _RADIUS)), hue, 1.0, ratio)
    _paint(pixels, np.abs(edge + 0.2) - 0.9, hue if fill != "full" else hue * 0.6 + ink * 0.4, 1.0, ratio)
    return pixels


def _contested(palette: Palette, ratio: int) -> Pixels:
    """Two arcs that face each other, round an event of which one side denies what another asserts."""
    x, y = _grid(SIDE, SIDE, ratio)
    ring = np.abs(np.hypot(x, y) - 10.8) - 0.8
    gap = 3.0 - np.abs(x)
    pixels = _canvas(SIDE, SIDE, ratio)
    _paint(pixels, np.maximum(ring - 1.0, gap - 1.0), _rgb(palette.paper), 0.9, ratio)
    _paint(pixels, np.maximum(ring, gap), _rgb(palette.ink), 1.0, ratio)
    return pixels


def _near(palette: Palette, ratio: int) -> Pixels:
    """A broken ring, in ten pieces."""
    x, y = _grid(SIDE, SIDE, ratio)
    distance = np.hypot(x, y)
    turn = np.abs((np.arctan2(y, x) / (2 * np.pi) * 10) % 1 - 0.5)
    gap = (turn - 0.3) * 2 * np.pi / 10 * distance
    pixels = _canvas(SIDE, SIDE, ratio)
    _paint(pixels, np.maximum(np.abs(distance - 10.8) - 0.8, gap), _rgb(palette.hatch), 1.0, ratio)
    return pixels


def _hatch(palette: Palette, ratio: int) -> Pixels:
    """Slanting lines that go on where the next tile of the pattern begins."""
    side = 8
    x, y = _grid(side, side, ratio)
    along = (x + y) % side
    pixels = _canvas(side, side, ratio)
    _paint(pixels, (np.minimum(along, side - along)) / np.sqrt(2) - 0.6, _rgb(palette.hatch), 0.6, ratio)
    return pixels


def _chip(theme: Theme, palette: Palette, ratio: int) -> Icon:
    """What a count stands on: it grows in its middle."""
    width, height = 26, 20
    x, y = _grid(width, height, ratio)
    edge = shapes.box(x, y, width / 2 - 2, height / 2 - 2, corner=6)
    pixels = _canvas(width, height, ratio)
    _paint(pixels, edge, _rgb(palette.paper), 0.94, ratio)
    _paint(pixels, np.abs(edge) - 0.6, _rgb(palette.hatch), 1.0, ratio)
    stretching = {
        "stretchX": [[9 * ratio, 17 * ratio]],
        "stretchY": [[9 * ratio, 11 * ratio]],
        "content": [6 * ratio, 3 * ratio, 20 * ratio, 17 * ratio],
    }
    return Icon(f"{theme}:chip", pixels, stretching)


def _grid(width: int, height: int, ratio: int) -> tuple[Field, Field]:
    """Where the middles of pixels are, from the middle of the icon, in pixels of the screen."""
    across = (np.arange(width * ratio) + 0.5) / ratio - width / 2
    down = (np.arange(height * ratio) + 0.5) / ratio - height / 2
    x, y = np.meshgrid(across, down)
    return x, y


def _canvas(width: int, height: int, ratio: int) -> Pixels:
    return np.zeros((height * ratio, width * ratio, 4))


def _paint(pixels: Pixels, edge: Field, colour: NDArray[np.float64], opacity: float, ratio: int) -> None:
    """Lay a colour over what is there, inside an edge."""
    over = np.clip(0.5 - edge * ratio, 0, 1) * opacity
    under = pixels[..., 3] * (1 - over)
    total = over + under
    some = np.where(total > 0, total, 1)
    pixels[..., :3] = (colour * over[..., None] + pixels[..., :3] * under[..., None]) / some[..., None]
    pixels[..., 3] = total


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
