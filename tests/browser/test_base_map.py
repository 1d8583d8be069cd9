"""A base map of the operator's that cannot be reached: our own regions take its place, and the page says so."""

import socket
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from app.main import create_app
from app.settings import Settings
from tests.api.serving import serving
from tests.browser.conftest import until


@pytest.fixture(params=["{z}/{x}/{y}.png", "style.json"])
async def dead(request: pytest.FixtureRequest, module_database: str, told: str) -> AsyncIterator[str]:
    """A server of the same world whose base map is at a port where nobody listens."""
    assert told
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        basemap = f"http://127.0.0.1:{nobody.getsockname()[1]}/{request.param}"
    async with serving(create_app(Settings(database_url=module_database, basemap_url=basemap))) as served:
        yield f"http://{served.host}:{served.port}"


async def test_our_own_regions_take_the_place_of_a_base_map_that_cannot_be_reached(
    browser: Browser, dead: str
) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.goto(f"{dead}/?datetime=2021-08-01/2021-08-31&map=4.5/34/66")

    await expect(page.locator(".credits")).to_contain_text("cannot be reached; these are our own regions")
    await expect(page.locator(".credits")).not_to_contain_text("see its publisher")
    await until(
        page, "sitrepMap.queryRenderedFeatures().some(({sourceLayer}) => sourceLayer === 'countries')"
    )
    await until(page, "sitrepMap.queryRenderedFeatures({layers: ['event-marks']}).length > 0")
    await context.close()
