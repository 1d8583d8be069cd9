"""What cannot be asked, and what is written so that it cannot be meant: the page says so, or takes it as it must be meant."""

import pytest
from playwright.async_api import Request, expect

from tests.browser.conftest import Visit, until
from tests.browser.test_map import AUGUST, asked, idle, shown


async def test_of_a_question_that_is_refused_no_tile_is_asked_until_it_is_another(visit: Visit) -> None:
    page = await visit(
        f"{AUGUST}&intersects=POLYGON((60+30,70+40,70+30,60+40,60+30))", width=1440, expected=400
    )
    await expect(page.locator("#asked .summary")).to_contain_text(
        "its edge crosses or touches itself at 65, 35"
    )
    await until(page, "sitrepMap.queryRenderedFeatures({layers: ['asked-line']}).length > 0")
    await until(page, "sitrepMap.getLayer('event-marks')?.getLayoutProperty('visibility') === 'none'")
    again: list[str] = []

    def asks(request: Request) -> None:
        if "/tiles/events/" in request.url:
            again.append(request.url)

    page.on("request", asks)
    await page.evaluate("sitrepMap.jumpTo({center: [30, 0], zoom: 6})")
    await until(page, "sitrepMap.loaded()")
    assert again == []

    await page.evaluate("sitrepMap.jumpTo({center: [66, 34], zoom: 4.5})")
    await page.get_by_role("button", name="Remove: In a shape").click()
    await until(page, "!location.search.includes('intersects')")
    await idle(page)
    assert await shown(page, "event-marks") != []


async def test_a_shape_whose_edges_cross_is_not_asked_for_and_can_be_mended(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440)
    await idle(page)

    await page.get_by_role("button", name="Shape", exact=True).click()
    for x, y in ((600, 300), (700, 400), (700, 300), (600, 400)):
        await page.mouse.click(x, y)
    await page.keyboard.press("Enter")
    await expect(page.locator("#asked .hint")).to_contain_text("Two edges cross each other")
    assert "intersects" not in await asked(page)

    await page.keyboard.press("Backspace")
    await page.keyboard.press("Enter")
    await until(page, "location.search.includes('intersects=POLYGON((')")


async def test_days_that_are_typed_the_wrong_way_round_are_the_days_between_them(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440)
    await idle(page)

    await page.locator("#strip .days").click()
    await page.get_by_label("First", exact=True).fill("2021-09-05")
    await until(page, "location.search.includes('2021-08-31/2021-09-05')")
    assert (await asked(page))["datetime"] == "2021-08-31/2021-09-05"
    # Both fields say what is asked, so that the next day that is typed goes on from there.
    await expect(page.get_by_label("First", exact=True)).to_have_value("2021-08-31")
    await expect(page.get_by_label("Last", exact=True)).to_have_value("2021-09-05")


async def test_what_is_no_number_of_deaths_is_said_beside_it_and_not_asked(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440)
    field = page.locator('[data-field="deaths_min"]')

    await field.fill("-3")
    await field.press("Enter")
    assert "deaths_min" not in await asked(page)

    await field.fill("3")
    await field.press("Enter")
    await until(page, "location.search.includes('deaths_min=3')")


async def test_a_place_that_is_none_is_left_out_of_the_address(visit: Visit) -> None:
    page = await visit("/?datetime=2021-08-01/2021-08-31&map=99/934/66", width=1440)
    await idle(page)

    assert await page.evaluate("sitrepMap.getZoom() < 12")
    assert await shown(page, "event-marks") != []


@pytest.mark.parametrize("width", [768, 390, 320])
async def test_long_days_leave_room_for_the_clocks(visit: Visit, width: int) -> None:
    page = await visit("/?datetime=2016-09-21/2019-12-31&map=4.5/34/66", width=width, height=844)

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for clock in await page.locator("#strip .clock").all():
        box = await clock.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width


async def test_what_is_no_name_is_refused_in_the_search_box_in_the_servers_words(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440, expected=400)

    await page.get_by_role("combobox").fill(",,,")
    await expect(page.locator(".search-none")).to_contain_text("holds no")
    await expect(page.get_by_role("option")).to_have_count(0)
