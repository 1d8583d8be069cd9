"""The parameters of tiles and counts, as they are documented."""

from __future__ import annotations

from app.api.grammar import SNAPSHOT_PARAMETERS
from app.api.grammar_parts import Parameter
from app.api.grammar_parts import listing as _list
from app.api.grammar_parts import text as _text
from app.api.grammar_parts import truth as _truth
from app.api.grammar_parts import whole as _whole
from app.domain.counts import By
from app.domain.grid import MAX_ZOOM
from app.formats.maplibre.themes import Theme

FILTER_PARAMETERS: dict[str, Parameter] = SNAPSHOT_PARAMETERS
"""Those that say which events are wanted, and as of when."""

ZOOM = _whole("The zoom.", 8, minimum=0, maximum=MAX_ZOOM)
XYZ_PATH = {
    "z": ZOOM,
    "x": _whole("The column, from the west.", 177, minimum=0),
    "y": _whole("The row, from the north.", 99, minimum=0),
}
MATRIX_PATH = {"z": ZOOM, "row": XYZ_PATH["y"], "col": XYZ_PATH["x"]}

BY: dict[str, Parameter] = {
    "by": {
        **_list("What is counted by: one or two, of which one may be a period.", ["month", "type"], By),
        "required": True,
    }
}

COUNTED_PARAMETERS: dict[str, Parameter] = {
    "counts": _truth(
        "Whether the events are told that are filed under each region; the other parameters say which."
    ),
    **FILTER_PARAMETERS,
}
"""Of tiles of regions."""

STYLE_PARAMETERS: dict[str, Parameter] = {
    "theme": _text("What the map is seen by.", "dark", enum=list(Theme), default=Theme.LIGHT),
    **FILTER_PARAMETERS,
}
SPRITE_PATH = {"sprite_name": _text("`sprite`, or `sprite@2x` with twice the pixels.", "sprite")}

DEFAULT_PLACES, MAX_PLACES = 10, 50
PLACE_PARAMETERS: dict[str, Parameter] = {
    "q": {
        **_text(
            "A name or its beginning, in any spelling and script, any case and accents; near misses are found too. "
            "Behind a comma, in what it lies (`Aleppo, Syria`). Or a region's ISO 3166 code.",
            "Qunduz",
        ),
        "required": True,
    },
    "limit": _whole(
        f"Places in the answer. More than {MAX_PLACES} is taken as {MAX_PLACES}.",
        10,
        minimum=1,
        maximum=MAX_PLACES,
        default=DEFAULT_PLACES,
    ),
}
