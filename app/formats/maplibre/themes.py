"""Colours of the map. Hues of events are those of Okabe and Ito (2008), which colour-blind readers can tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.events import EventGroup


class Theme(StrEnum):
    """What the map is seen by."""

    LIGHT = "light"
    DARK = "dark"


HUES: dict[EventGroup, str] = {
    EventGroup.BATTLE: "#D55E00",
    EventGroup.BOMBING: "#E69F00",
    EventGroup.CIVILIANS: "#CC79A7",
    EventGroup.TERRITORY: "#0072B2",
    EventGroup.PROTEST: "#009E73",
    EventGroup.OTHER: "#999999",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """Tones of a theme, as CSS has them."""

    land: str
    water: str
    coast: str
    border: str
    inner: str
    """Borders of subdivisions; those of districts are the same, thinner."""
    name: str
    """Names of countries and towns."""
    faint: str
    """Names of subdivisions and districts."""
    ink: str
    """Outlines of symbols, and figures."""
    paper: str
    """What is hollow, and behind figures."""
    hatch: str
    """Regions of which no more is known than that something happened in them."""


PALETTES: dict[Theme, Palette] = {
    Theme.LIGHT: Palette(
        land="#f5f3ef",
        water="#dfe7ec",
        coast="#b9c4cc",
        border="#a7a29a",
        inner="#d3cec6",
        name="#3f3d3a",
        faint="#6b6862",
        ink="#24262b",
        paper="#ffffff",
        hatch="#6e5a4a",
    ),
    Theme.DARK: Palette(
        land="#1c1f24",
        water="#15181c",
        coast="#3a424c",
        border="#59606a",
        inner="#333942",
        name="#d9dce1",
        faint="#a0a6af",
        ink="#f0f2f5",
        paper="#101215",
        hatch="#c9b49f",
    ),
}
