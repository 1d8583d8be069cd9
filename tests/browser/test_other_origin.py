"""A page of somebody else's draws our tiles in ten lines."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.async_api import Browser

from tests.browser.conftest import until

MAPLIBRE = Path(__file__).parents[2] / "node_modules" / "maplibre-gl" / "dist"
DOCS = Path(__file__).parents[2] / "docs" / "tiles.md"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and writes nothing of it."""

    extensions_map = {  # noqa: RUF012 - as the base class has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
    }

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def elsewhere(told: str, tmp_path: Path) -> Iterator[str]:
    """The page of docs/tiles.md on another origin, with MapLibre beside it."""
    (page,) = re.findall(r"```html\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert len(page.strip().splitlines()) <= 10
    # Wherever one asks for it, the map must be found.
    page = page.replace("http://127.0.0.1:8000", told).replace("new Map(", "window.map = new Map(")
    (tmp_path / "index.html").write_text(page)
    for file in MAPLIBRE.glob("*.mjs"):
        shutil.copy(file, tmp_path / file.name)
    shutil.copy(MAPLIBRE / "maplibre-gl.css", tmp_path)
    (tmp_path / "favicon.ico").touch()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


async def test_a_page_on_another_origin_draws_our_tiles_in_ten_lines(
    browser: Browser, elsewhere: str
) -> None:
    context = await browser.new_context(viewport={"width": 800, "height": 600})
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(elsewhere)
    await page.evaluate("window.map.on('error', ({ error }) => console.error(String(error)))")
    await until(page, "window.map.loaded() && window.map.areTilesLoaded()")

    drawn = await page.evaluate(
        "Object.fromEntries(window.map.queryRenderedFeatures().map((one) => [one.sourceLayer, one.source]))"
    )
    await context.close()

    assert wrong == []
    assert {"countries", "area_labels"} <= set(drawn)
    assert {"points", "cells"} & set(drawn)
