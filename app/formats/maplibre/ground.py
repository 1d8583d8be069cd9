"""The base map: land and water in two quiet tones, borders, names."""

from __future__ import annotations

from typing import Any

from app.formats.maplibre.expressions import by_zoom, get
from app.formats.maplibre.themes import Palette

SOURCE = "regions"
FONT = ["system-ui", "sans-serif"]
"""Drawn with the fonts of the reader's system: there is no server of glyphs."""

Layer = dict[str, Any]


def ground(palette: Palette) -> list[Layer]:
    """What lies below the events."""
    return [
        {"id": "water", "type": "background", "paint": {"background-color": palette.water}},
        _layer("land", "fill", "countries", paint={"fill-color": palette.land, "fill-antialias": False}),
    ]


def borders(palette: Palette) -> list[Layer]:
    """Lines above hatched regions and below symbols, the finest first."""
    return [
        _line("district-borders", "districts", palette.inner, by_zoom((6, 0.0), (7, 0.4), (10, 0.8)), 6),
        _line(
            "subdivision-borders", "subdivisions", palette.inner, by_zoom((3, 0.3), (5, 0.7), (10, 1.4)), 3
        ),
        _line("country-borders", "countries", palette.border, by_zoom((0, 0.4), (4, 0.9), (10, 2.0)), 0),
    ]


def names(palette: Palette) -> list[Layer]:
    """Names, the least important first: those of later layers are placed first."""
    return [
        _dots(palette),
        _towns("town-names", palette, ["!", ["has", "capital"]]),
        _names("district-names", 2, palette.faint, palette, by_zoom((7, 10), (10, 12)), first=8),
        _names("subdivision-names", 1, palette.faint, palette, by_zoom((4, 10), (8, 13)), first=4),
        _towns("capital-names", palette, ["has", "capital"]),
        {
            **_names("country-names", 0, palette.name, palette, by_zoom((1, 10), (4, 13), (8, 18)), first=1),
            "maxzoom": 9,
        },
    ]


def _line(name: str, source_layer: str, colour: str, width: Any, first: int) -> Layer:
    layer = _layer(
        name,
        "line",
        source_layer,
        paint={"line-color": colour, "line-width": width},
        layout={"line-join": "round"},
    )
    return {**layer, "minzoom": first}


def _names(name: str, level: int, colour: str, palette: Palette, size: Any, *, first: int) -> Layer:
    layer = _layer(
        name,
        "symbol",
        "labels",
        paint=_halo(colour, palette),
        layout={
            "text-field": get("name"),
            "text-font": FONT,
            "text-size": size,
            "text-max-width": 7,
            "text-padding": 4,
            "text-letter-spacing": 0.06 if level == 0 else 0.01,
            "symbol-sort-key": get("rank"),
            "text-variable-anchor": ["center", "top", "bottom"],
        },
    )
    return {**layer, "minzoom": first, "filter": ["==", get("level"), level]}


def _dots(palette: Palette) -> Layer:
    layer = _layer(
        "town-dots",
        "circle",
        "places",
        paint={
            "circle-radius": ["interpolate", ["linear"], get("rank"), 0, 2.4, 5, 1.3],
            "circle-color": palette.faint,
            "circle-stroke-color": palette.land,
            "circle-stroke-width": 0.8,
        },
    )
    return {**layer, "minzoom": 5}


def _towns(name: str, palette: Palette, wanted: Any) -> Layer:
    size: Any = [
        "interpolate", ["linear"], ["zoom"],
        4, ["-", 12, ["*", 0.5, get("rank")]],
        10, ["-", 15, ["*", 0.6, get("rank")]],
    ]  # fmt: skip
    layer = _layer(
        name,
        "symbol",
        "places",
        paint=_halo(palette.name, palette),
        layout={
            "text-field": get("name"),
            "text-font": FONT,
            "text-size": size,
            "text-max-width": 8,
            "text-padding": 3,
            "symbol-sort-key": get("rank"),
            "text-variable-anchor": ["top", "bottom", "left", "right"],
            "text-radial-offset": 0.7,
            "text-justify": "auto",
        },
    )
    return {**layer, "minzoom": 4, "filter": wanted}


def _halo(colour: str, palette: Palette) -> dict[str, Any]:
    return {
        "text-color": colour,
        "text-halo-color": palette.land,
        "text-halo-width": 1.4,
        "text-halo-blur": 0.4,
    }


def _layer(name: str, kind: str, source_layer: str, **more: Any) -> Layer:
    return {"id": name, "type": kind, "source": SOURCE, "source-layer": source_layer, **more}
