"""One box finds places by any spelling and events by their words, with a mouse or without."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit

KUNDUZ: dict[str, Any] = {
    "kind": "region", "code": "AF-KDZ", "name": "Kunduz", "matched": "Qunduz", "level": 1, "country": "AF", "admin1": None,
    "point": [69, 37], "bbox": [68, 36, 70, 38], "population": None,
}  # fmt: skip
TOWN: dict[str, Any] = {
    **KUNDUZ, "kind": "settlement", "code": "geonames:1135689", "level": None, "admin1": "AF-KDZ", "bbox": None, "population": 161902,
}  # fmt: skip


@pytest.fixture
async def page(visit: Visit) -> Page:
    """The world, with a gazetteer of one province and its town."""
    page = await visit("/?map=2/20/40")
    found = {"places": [KUNDUZ, TOWN], "numberReturned": 2, "links": []}
    nothing = {"places": [], "numberReturned": 0, "links": []}
    await page.route(
        re.compile(r"/places\?"),
        lambda route: route.fulfill(json=found if "q=qun" in route.request.url.lower() else nothing),
    )
    return page


def box(page: Page) -> Any:
    return page.get_by_role("combobox", name="Search for a place or for words")


async def middle(page: Page) -> list[int]:
    center = await page.evaluate("sitrepMap.getCenter().toArray()")
    return [round(one) for one in center]


async def test_a_province_is_found_by_another_spelling_flown_to_and_asked_for(page: Page) -> None:
    await box(page).fill("qunduz")
    options = page.get_by_role("option")
    await expect(options).to_have_count(3)
    await expect(options.nth(0)).to_contain_text("Kunduz (Qunduz)")
    await expect(options.nth(0)).to_contain_text("province or state, Afghanistan")
    await expect(options.nth(1)).to_contain_text("settlement, Kunduz, Afghanistan")

    await options.nth(0).click()

    await expect(page.locator(".search-offer")).to_contain_text("Kunduz: province or state, Afghanistan")
    assert await middle(page) == [69, 37]
    assert "region=" not in page.url
    await page.get_by_role("button", name="Only events in this region").click()
    await expect(page.locator(".row")).to_have_count(1)
    assert "region=AF-KDZ" in page.url


async def test_the_interface_finds_what_the_box_is_asked(visit: Visit) -> None:
    page = await visit("/?map=2/20/40")
    await box(page).fill("قندوز")
    await page.get_by_role("option", name="province or state").click()

    await expect(page.locator(".search-offer")).to_contain_text("Kunduz: province or state, Afghanistan")
    assert await middle(page) == [69, 37]


async def test_a_town_offers_its_surroundings_and_its_province(page: Page) -> None:
    await box(page).fill("qunduz")
    await page.get_by_role("option").nth(1).click()

    await expect(page.get_by_role("button", name="Only events in Kunduz")).to_be_visible()
    await page.get_by_role("button", name="Only events within 25 km").click()

    await expect(page.locator(".search-offer")).to_be_hidden()
    assert "near=69,37" in page.url
    assert "radius=25km" in page.url


async def test_keys_alone_find_choose_and_leave(page: Page) -> None:
    await box(page).focus()
    await page.keyboard.type("qunduz")
    await expect(page.get_by_role("option")).to_have_count(3)
    await expect(box(page)).to_have_attribute("aria-expanded", "true")

    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")

    active = await box(page).get_attribute("aria-activedescendant")
    await expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    await expect(page.locator(f"#{active}")).to_contain_text("settlement")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await expect(box(page)).to_be_focused()

    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Only events in this region")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".row")).to_have_count(1)
    await expect(box(page)).to_be_focused()


async def test_an_event_is_found_by_its_words_and_opened(page: Page) -> None:
    await box(page).fill("hospital")
    await page.get_by_role("option", name="Alleged bombing of a hospital").click()

    await expect(page.locator(".card-title")).to_have_text("Alleged bombing of a hospital")


async def test_words_become_a_filter_and_are_taken_off_with_the_text(page: Page) -> None:
    await box(page).fill("bombing")
    await page.get_by_role("option", name="All events with the words").click()
    await expect(page.locator(".row")).to_have_count(2)
    assert "q=bombing" in page.url

    await box(page).fill("")

    await expect(page.locator(".row")).to_have_count(8)
    assert "q=" not in page.url
