"""The map's style and its icons."""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from httpx import AsyncClient
from numpy.typing import NDArray

from app.api.tilesets import EVENT_LAYERS, REGION_LAYERS
from app.domain.events import EventGroup
from app.formats.maplibre.sprite import FILLS
from tests.api.asking import problem

STYLE = "/styles/sitrep.json"


async def style(client: AsyncClient, query: str = "") -> dict[str, Any]:
    answer = await client.get(STYLE + query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def texts(value: Any) -> Iterator[str]:
    """All texts in an expression."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


async def test_layers_draw_what_the_tiles_have(client: AsyncClient, world: object) -> None:
    body = await style(client)
    there = {
        "regions": {layer.name for layer in REGION_LAYERS},
        "events": {layer.name for layer in EVENT_LAYERS},
    }
    drawn = [layer for layer in body["layers"] if "source" in layer]

    assert body["version"] == 8
    assert all(layer["source-layer"] in there[layer["source"]] for layer in drawn)
    assert {layer["source-layer"] for layer in drawn} == there["regions"] | there["events"]
    assert len({layer["id"] for layer in body["layers"]}) == len(body["layers"])


async def test_expressions_read_properties_that_the_layers_have(client: AsyncClient, world: object) -> None:
    fields = {layer.name: set(layer.fields) for layer in (*REGION_LAYERS, *EVENT_LAYERS)}

    def read(value: Any) -> Iterator[str]:
        if isinstance(value, list):
            if len(value) == 2 and value[0] in ("get", "has"):
                yield value[1]
            for one in value:
                yield from read(one)
        elif isinstance(value, dict):
            for one in value.values():
                yield from read(one)

    for layer in (await style(client))["layers"]:
        if "source" in layer:
            assert set(read(layer)) <= fields[layer["source-layer"]], layer["id"]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_sprite_has_every_icon_that_a_theme_names(
    client: AsyncClient, world: object, theme: str
) -> None:
    body = await style(client, f"?theme={theme}")
    icons = (await client.get(urlsplit(body["sprite"]).path + ".json")).json()
    values = [
        value
        for layer in body["layers"]
        for kind in ("layout", "paint")
        for name, value in layer.get(kind, {}).items()
        if name in {"icon-image", "fill-pattern"}
    ]
    named = {value for value in values if isinstance(value, str)}
    built = {f"{theme}:{group}:{fill}" for group, fill in itertools.product(EventGroup, FILLS)}

    assert len(named) == 4
    assert all(one.startswith(f"{theme}:") for one in named)
    assert named | built <= set(icons)
    assert body["name"] == f"Sitrep {theme}"


async def test_what_is_asked_of_events_holds_for_their_tiles(client: AsyncClient, world: object) -> None:
    body = await style(client, "?theme=dark&region=AF&datetime=2021-08-01/2021-08-31")

    assert body["sources"]["events"]["url"] == (
        "http://sitrep.test/tiles/events.json?region=AF&datetime=2021-08-01/2021-08-31"
    )
    assert body["sources"]["regions"]["tiles"] == ["http://sitrep.test/tiles/regions/{z}/{x}/{y}.mvt"]


async def test_nothing_is_asked_of_another_server(client: AsyncClient, world: object) -> None:
    body = await style(client)
    body["sources"]["regions"].pop("attribution")
    addresses = [one for one in texts(list(_leaves(body))) if "://" in one]

    assert addresses
    assert {urlsplit(one).netloc for one in addresses} == {"sitrep.test"}
    assert "glyphs" not in body


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _leaves(one)
    else:
        yield value


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("?theme=pink", "theme"), ("?datetime=soon", "datetime"), ("?region=QQ", "region")],
)
async def test_a_style_for_a_question_that_cannot_be_asked_is_refused(
    client: AsyncClient, world: object, query: str, parameter: str
) -> None:
    assert problem(await client.get(STYLE + query)) == (400, "bad-parameter", parameter)


@pytest.mark.parametrize(("name", "ratio"), [("sprite", 1), ("sprite@2x", 2)])
async def test_every_icon_lies_in_the_image(
    client: AsyncClient, world: object, name: str, ratio: int
) -> None:
    icons = (await client.get(f"/styles/{name}.json")).json()
    answer = await client.get(f"/styles/{name}.png")
    pixels = read(answer.content)

    assert answer.headers["content-type"] == "image/png"
    for icon in icons.values():
        cut = pixels[icon["y"] : icon["y"] + icon["height"], icon["x"] : icon["x"] + icon["width"]]
        assert cut.shape[:2] == (icon["height"], icon["width"])
        assert icon["pixelRatio"] == ratio
        assert cut[..., 3].max() > 100


def read(png: bytes) -> NDArray[np.uint8]:
    """The pixels of an image whose rows are written as they are."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, {}
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size]) == (zlib.crc32(kind + content),)
        chunks[kind] = content
        at += 12 + size
    width, height = struct.unpack(">II", chunks[b"IHDR"][:8])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + 4 * width)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 4)


async def test_a_style_that_is_none_is_not_found(client: AsyncClient, world: object) -> None:
    for path in ("/styles/other.json", "/styles/sitrep.png"):
        assert problem(await client.get(path))[:2] == (404, "not-found")


async def test_a_style_that_the_client_has_is_304(client: AsyncClient, world: object) -> None:
    for path in (STYLE, "/styles/sprite.json", "/styles/sprite.png"):
        known = {"If-None-Match": (await client.get(path)).headers["etag"]}
        assert (await client.get(path, headers=known)).status_code == 304
