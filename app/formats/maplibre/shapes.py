"""Shapes of icons as distances from their edge, in pixels, below 0 inside: what is drawn of them is smooth at any size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.domain.events import EventGroup

Field = NDArray[np.float64]
Shape = Callable[[Field, Field, float], Field]
"""Of x and y from the middle, y downwards, and a radius."""


def circle(x: Field, y: Field, radius: float) -> Field:
    """Battles."""
    return np.hypot(x, y) - radius * 0.92


def triangle(x: Field, y: Field, radius: float) -> Field:
    """Bombing: it points up. Three edges, each as far from the middle."""
    y = y - radius * 0.16
    slopes = np.abs(x) * np.cos(np.pi / 6) - y * 0.5
    found: Field = np.maximum(slopes, y) - radius * 0.58
    return found


def diamond(x: Field, y: Field, radius: float) -> Field:
    """Attacks on civilians."""
    found: Field = (np.abs(x) + np.abs(y) - radius * 1.12) / np.sqrt(2)
    return found


def square(x: Field, y: Field, radius: float) -> Field:
    """Protests and riots."""
    found: Field = np.maximum(np.abs(x), np.abs(y)) - radius * 0.78
    return found


def dot(x: Field, y: Field, radius: float) -> Field:
    """Whatever else."""
    return np.hypot(x, y) - radius * 0.66


def flag(x: Field, y: Field, radius: float) -> Field:
    """Changes of control: a pole and a cloth."""
    pole = box(x + radius * 0.62, y, radius * 0.16, radius)
    cloth = box(x - radius * 0.14, y + radius * 0.38, radius * 0.78, radius * 0.56)
    return np.minimum(pole, cloth)


def box(x: Field, y: Field, half_width: float, half_height: float, corner: float = 0.0) -> Field:
    """A rectangle, with corners of a radius."""
    across, down = np.abs(x) - half_width + corner, np.abs(y) - half_height + corner
    outside = np.hypot(np.maximum(across, 0), np.maximum(down, 0))
    found: Field = outside + np.minimum(np.maximum(across, down), 0) - corner
    return found


def cross(x: Field, y: Field, radius: float) -> Field:
    """Two bars over what was refuted."""
    found: Field = np.minimum(np.abs(x - y), np.abs(x + y)) / np.sqrt(2) - radius * 0.12
    return found


SHAPES: dict[EventGroup, Shape] = {
    EventGroup.BATTLE: circle,
    EventGroup.BOMBING: triangle,
    EventGroup.CIVILIANS: diamond,
    EventGroup.TERRITORY: flag,
    EventGroup.PROTEST: square,
    EventGroup.OTHER: dot,
}
