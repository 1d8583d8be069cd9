"""Events: hatched regions where no more is known, circles for cells, symbols for single events."""

from __future__ import annotations

from typing import Any

from app.domain.events import Precision
from app.formats.maplibre.expressions import by_zoom, get, hue_of_most, icon, known, metres, short
from app.formats.maplibre.ground import FONT, Layer
from app.formats.maplibre.themes import Palette, Theme

SOURCE = "events"
CHOSEN = [
    "any",
    ["boolean", ["feature-state", "chosen"], False],
    ["boolean", ["feature-state", "hover"], False],
]
"""What a page says of a feature that a reader points at (`map.setFeatureState`)."""


def regional(theme: Theme, palette: Palette) -> list[Layer]:
    """Regions with events of which no more is known than that they happened in them: they lie below the borders."""
    return [
        _layer(
            "areas",
            "fill",
            "areas",
            paint={
                "fill-pattern": f"{theme}:hatch",
                "fill-opacity": ["match", get("level"), 0, 0.4, 1, 0.7, 0.85],
            },
        ),
        _layer(
            "area-edges",
            "line",
            "areas",
            paint={
                "line-color": palette.hatch,
                "line-width": by_zoom((0, 0.5), (8, 1.2)),
                "line-opacity": 0.7,
            },
        ),
    ]


def placed(theme: Theme, palette: Palette) -> list[Layer]:
    """Events with a place, from below to above."""
    return [
        _discs(palette),
        _cells(palette),
        _cell_counts(palette),
        _near(theme),
        _points(theme),
        _contested(theme),
    ]


def counted(theme: Theme, palette: Palette) -> list[Layer]:
    """Counts, which lie above all."""
    return [_stacks(palette), _stack_counts(palette), _chips(theme, palette), _unknown(palette)]


def _discs(palette: Palette) -> Layer:
    """Where a chosen event may have happened, in its true size. Of all at once, one would see nothing else."""
    near: Any = ["all", ["!=", get("precision"), Precision.EXACT.value], [">", known("radius_m"), 0]]
    layer = _layer(
        "discs",
        "circle",
        "points",
        paint={
            "circle-radius": metres(["case", CHOSEN, known("radius_m"), 0]),
            "circle-color": palette.hatch,
            "circle-opacity": 0.12,
            "circle-stroke-color": palette.hatch,
            "circle-stroke-width": ["case", CHOSEN, 1.5, 0],
        },
    )
    return {**layer, "filter": near}


def _near(theme: Theme) -> Layer:
    """A broken ring round an event that happened near the settlement where it is drawn, and not in it."""
    layer = _layer(
        "near",
        "symbol",
        "points",
        layout={"icon-image": f"{theme}:near", "icon-allow-overlap": True, "icon-ignore-placement": True},
    )
    return {**layer, "filter": ["==", get("precision"), Precision.NEAR_SETTLEMENT.value]}


def _cells(palette: Palette) -> Layer:
    return _layer(
        "cells",
        "circle",
        "cells",
        layout={"circle-sort-key": ["-", 0, get("count")]},
        paint={
            # The area stands for the number, so that the radius goes by its root.
            "circle-radius": _by_root("count", (2, 8), (100, 13), (2_500, 21), (40_000, 32)),
            "circle-color": hue_of_most(),
            "circle-opacity": 0.62,
            "circle-stroke-color": palette.paper,
            "circle-stroke-width": 1,
            "circle-stroke-opacity": 0.9,
        },
    )


def _cell_counts(palette: Palette) -> Layer:
    # The number tells a cell of few from an event.
    return _count("cell-counts", "cells", palette, size=10)


def _points(theme: Theme) -> Layer:
    size: Any = [
        "case",
        ["has", "deaths_best"],
        _by_root("deaths_best", (0, 0.72), (25, 1.0), (400, 1.5)),
        0.62,
    ]
    return _layer(
        "points",
        "symbol",
        "points",
        layout={
            "icon-image": icon(theme),
            "icon-size": size,
            "icon-allow-overlap": True,
            "icon-ignore-placement": True,
            # The deadliest lie above the others.
            "symbol-sort-key": known("deaths_best"),
        },
    )


def _contested(theme: Theme) -> Layer:
    layer = _layer(
        "contested",
        "symbol",
        "points",
        layout={
            "icon-image": f"{theme}:contested",
            "icon-allow-overlap": True,
            "icon-ignore-placement": True,
        },
    )
    return {**layer, "filter": ["==", get("contested"), True]}


def _stacks(palette: Palette) -> Layer:
    return _layer(
        "stacks",
        "circle",
        "stacks",
        layout={"circle-sort-key": ["-", 0, get("count")]},
        paint={
            "circle-radius": _by_root("count", (2, 8.5), (100, 14), (2_500, 24)),
            "circle-color": palette.paper,
            "circle-opacity": 0.94,
            "circle-stroke-color": hue_of_most(),
            "circle-stroke-width": 3,
        },
    )


def _stack_counts(palette: Palette) -> Layer:
    return _count("stack-counts", "stacks", palette, size=11)


def _chips(theme: Theme, palette: Palette) -> Layer:
    layer = _count("area-counts", "area_labels", palette, size=12)
    layer["layout"] |= {
        "icon-image": f"{theme}:chip",
        "icon-text-fit": "both",
        "symbol-sort-key": ["-", 0, get("count")],
        # Two chips on one another could be read as one number.
        "text-allow-overlap": False,
        "text-ignore-placement": False,
    }
    return layer


def _unknown(palette: Palette) -> Layer:
    """A question mark beside an event of whose deaths no number is known: that is not none."""
    layer = _layer(
        "deaths-unknown",
        "symbol",
        "points",
        layout={
            "text-field": "?",
            "text-font": FONT,
            "text-size": 11,
            "text-offset": [0.9, -0.6],
            "text-padding": 0,
        },
        paint=_figures(palette),
    )
    return {**layer, "minzoom": 9, "filter": ["!", ["has", "deaths_best"]]}


def _count(name: str, source_layer: str, palette: Palette, *, size: int) -> Layer:
    return _layer(
        name,
        "symbol",
        source_layer,
        layout={
            "text-field": short(get("count")),
            "text-font": FONT,
            "text-size": size,
            "text-allow-overlap": True,
            "text-ignore-placement": True,
            "symbol-sort-key": get("count"),
        },
        paint=_figures(palette),
    )


def _figures(palette: Palette) -> dict[str, Any]:
    return {"text-color": palette.ink, "text-halo-color": palette.paper, "text-halo-width": 1.2}


def _by_root(name: str, *stops: tuple[int, float]) -> Any:
    """Values for numbers, in between by their square roots."""
    steps = [part for number, value in stops for part in (number**0.5, value)]
    return ["interpolate", ["linear"], ["sqrt", known(name)], *steps]


def _layer(name: str, kind: str, source_layer: str, **more: Any) -> Layer:
    return {"id": name, "type": kind, "source": SOURCE, "source-layer": source_layer, **more}
