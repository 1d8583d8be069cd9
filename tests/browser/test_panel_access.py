"""What axe-core can find wrong with the list, the card, the search and the dialog, in both themes: nothing."""

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.browser.conftest import Visit
from tests.browser.test_card import AFGHANISTAN, HOSPITAL, MARKET

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


async def faults(page: Page, part: str) -> list[str]:
    await page.evaluate(AXE.read_text())
    found = await page.evaluate("async (part) => (await axe.run(part)).violations", part)
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not here: script/setup --dev brings it.")
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nothing_is_wrong_with_what_is_shown(visit: Visit, theme: str) -> None:
    page = await visit(f"/?{AFGHANISTAN}&theme={theme}")
    assert await faults(page, "#panel") == []

    await page.get_by_role("combobox").first.fill("bombing")
    await page.get_by_role("option", name="Alleged bombing of a hospital").wait_for()
    assert await faults(page, "#search") == []
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Share").click()
    await page.get_by_role("tab", name="CSV").click()
    await page.locator(".share-rows").wait_for()
    assert await faults(page, "dialog") == []
    await page.keyboard.press("Escape")

    for event in (HOSPITAL, MARKET):
        page = await visit(f"/?event={event}&theme={theme}")
        assert await faults(page, "#panel") == []
