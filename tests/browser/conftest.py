"""The map page in a browser without a window, on a server of the tests' own.

told        the address of a server that knows a small world, the desk file that ships, and the two of docs/desk.md
visit       opens a page there: `page = await visit("/?event=…")`; at the end of the test nothing may have gone wrong in it
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Error, Page, Request, async_playwright

from app.db.engine import create_engine
from app.formats import frontend
from app.importers.desk import load
from app.main import create_app
from app.settings import Settings
from tests.api.serving import serving
from tests.importers.desking import DOCS, SHIPPED, coded
from tests.world import load_world

Visit = Callable[..., Awaitable[Page]]

SOON_S = 20
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None
)
"""The first has no windows, whose frames took as long to draw as the page."""
DRAWING = (
    ("--use-angle=gl-egl", "--ignore-gpu-blocklist"),
    ("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),
)
"""How WebGL is drawn without a graphics card: by Mesa, or where that is not here by what Chromium brings, which takes twice as long."""
PIXELS = 0.5
"""Of the screen for one of the page, each way: nobody looks, and a quarter of them is drawn sooner."""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("There is no Chromium here.")
    if frontend.missing():
        pytest.skip("MapLibre is not here: script/setup brings it.")
    async with async_playwright() as playwright:
        for options in DRAWING:
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=["--no-sandbox", *options]
            )
            if await _draws(browser):
                break
            await browser.close()
        else:
            pytest.fail(f"{CHROMIUM} has no WebGL.")
        yield browser
        await browser.close()


async def _draws(browser: Browser) -> bool:
    page = await browser.new_page()
    found: bool = await page.evaluate("document.createElement('canvas').getContext('webgl2') !== null")
    await page.close()
    return found


@pytest.fixture(scope="module")
async def told(module_database: str) -> AsyncIterator[str]:
    engine = create_engine(module_database)
    async with engine.begin() as connection:
        await load_world(connection)
    market, later = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    for name, text in (
        (SHIPPED.name, SHIPPED.read_text()),
        ("2021-08-07-market.yaml", market),
        ("2021-08-09-retraction.yaml", later),
    ):
        await load(engine, coded(text, name))
    await engine.dispose()
    settings = Settings(database_url=module_database, mistakes_url="mailto:desk@news.example")
    async with serving(create_app(settings)) as served:
        yield f"http://{served.host}:{served.port}"


@pytest.fixture
async def visit(browser: Browser, told: str) -> AsyncIterator[Visit]:
    """Opens a page, at `width` × `height`. Errors of its console and requests to other hosts fail the test at its end.

    An answer of status `expected` is none: a browser writes every answer from 400 on to the console.
    """
    wrong: list[str] = []
    contexts = []

    async def open_page(
        path: str,
        *,
        width: int = 1280,
        height: int = 900,
        device_scale_factor: float = PIXELS,
        expected: int | None = None,
        **options: Any,
    ) -> Page:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=device_scale_factor,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = await context.new_page()

        def said(message: ConsoleMessage) -> None:
            if message.type == "error" and f"status of {expected}" not in message.text:
                wrong.append(f"{message.text} ({message.location.get('url')})")

        def failed(error: Error) -> None:
            wrong.append(str(error))

        def asked(request: Request) -> None:
            if not request.url.startswith((told, "blob:", "data:")):
                wrong.append(f"asks {request.url}")

        page.on("console", said)
        page.on("pageerror", failed)
        page.on("request", asked)
        await page.goto(told + path)
        await page.wait_for_selector(".panel-events :is(.row, .card-title, .trouble, .refused, .emptied)")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert wrong == []


async def until(page: Page, expression: str) -> None:
    """Wait until something is true in the page. Not `wait_for_function`: what that does, the page's policy forbids."""
    async with asyncio.timeout(SOON_S):
        while not await page.evaluate(expression):  # noqa: ASYNC110 - the page rings no bell for it
            await asyncio.sleep(0.05)
