"""The map page in a browser: what a first look shows, the brush, shapes, the clocks, themes, and that nothing is asked elsewhere."""

import asyncio
import json
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from playwright.async_api import Browser, Page, Route, expect
from shapely.geometry import shape

from tests.browser.conftest import Visit, until

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
# The page asks for new tiles a moment after its address has changed: a map with those of the question before is idle too.
IDLE = """new Promise((done) => {
  const map = window.sitrepMap;
  const view = ["event", "map", "theme", "panel", "lang"];
  const question = (address) => JSON.stringify([...new URL(address, location.href).searchParams].filter(([name]) => !view.includes(name)).sort());
  const current = () => question(map.getSource("sitrep-events")?.tiles?.[0] ?? "?none=1") === question(location.href);
  const look = () => (map.loaded() && map.areTilesLoaded() && !map.isMoving() && current() ? done(true) : setTimeout(look, 50));
  look();
})"""
AUGUST = "/?datetime=2021-08-01/2021-08-31&map=4.5/34/66"


async def idle(page: Page) -> None:
    await page.wait_for_selector("html[data-ready]", state="attached")
    await page.evaluate(IDLE)


async def shown(page: Page, *layers: str) -> list[dict[str, Any]]:
    """The features that are drawn by some layers, each once."""
    script = "(layers) => window.sitrepMap.queryRenderedFeatures({layers}).map((one) => one.properties)"
    found: list[dict[str, Any]] = await page.evaluate(script, list(layers))
    return list({json.dumps(one, sort_keys=True): one for one in found}.values())


async def asked(page: Page) -> dict[str, str]:
    """The parameters of the page's address."""
    return dict(await page.evaluate("[...new URLSearchParams(location.search)]"))


async def test_a_first_look_goes_to_where_and_when_most_events_were(visit: Visit) -> None:
    page = await visit("/", width=1440)
    await idle(page)

    question = await asked(page)
    assert question["datetime"] == "2021-08-01/2021-08-31"
    (mark,) = [one for one in await shown(page, "event-marks") if one["group"] == "territory"]
    assert mark["precision"] == "settlement"
    assert {one["name"] for one in await shown(page, "area-chips")} >= {"Afghanistan"}
    await expect(page.locator(".panel-events .row").first).to_be_visible()
    await expect(page.locator("#strip .days")).to_have_text("1 – 31 August 2021")
    await expect(page.locator(".credits")).to_contain_text("Coded by the Sitrep desk")


async def test_the_brush_is_moved_by_hand_and_by_keys_and_the_map_follows(visit: Visit) -> None:
    page = await visit("/?map=4.5/34/66", width=1440)
    await idle(page)
    before = await shown(page, "event-marks")
    histogram = await page.locator(".histogram").bounding_box()
    assert histogram
    y = histogram["y"] + 20
    await page.mouse.move(histogram["x"] + 2, y)
    await page.mouse.down()
    await page.mouse.move(histogram["x"] + 60, y, steps=4)
    await page.mouse.move(histogram["x"] + 120, y, steps=4)
    await page.mouse.up()

    await until(page, "location.search.includes('datetime=2021-05-01/')")
    await idle(page)
    after = await shown(page, "event-marks")
    assert any(one["group"] == "territory" for one in before)
    assert not any(one["group"] == "territory" for one in after)

    chosen = (await asked(page))["datetime"]
    last = page.locator('[role="slider"][data-end="to"]')
    await last.focus()
    said = await last.get_attribute("aria-valuetext")
    await page.keyboard.press("ArrowRight")
    await until(page, f"!location.search.includes({json.dumps(chosen)})")
    await expect(page.locator('[role="slider"][data-end="to"]')).to_be_focused()
    assert await page.locator('[role="slider"][data-end="to"]').get_attribute("aria-valuetext") != said
    await page.keyboard.press("Escape")
    await until(page, "!location.search.includes('datetime')")


async def test_the_strip_counts_what_begins_in_the_chosen_days_however_long_its_bars_are(
    visit: Visit, told: str
) -> None:
    page = await visit("/?datetime=2021-08-08/2021-08-09&map=4.5/34/66", width=1440)
    await idle(page)
    async with httpx.AsyncClient() as client:
        query = {
            "by": "dataset",
            "filter": "first_day >= DATE('2021-08-08') AND first_day <= DATE('2021-08-09')",
        }
        begun = (await client.get(f"{told}/counts", params=query)).json()["total"]["events"]
    assert begun

    count = page.locator("#strip .count")
    await expect(count).to_have_text(f"{begun} begin{'s' if begun == 1 else ''} in these days")
    for _ in range(8):
        await page.get_by_role("button", name="Show more time").click()
    await idle(page)
    await expect(count).to_have_text(f"{begun} begin{'s' if begun == 1 else ''} in these days")


async def test_what_cannot_be_counted_is_not_said_to_be_none(visit: Visit) -> None:
    page = await visit("/?map=4.5/34/66", width=1440, expected=500)
    await idle(page)
    await page.route("**/counts?*", lambda route: route.fulfill(status=500, body="{}"))

    await page.locator("#strip .days").click()
    await page.get_by_label("First", exact=True).fill("2021-08-08")
    await until(page, "location.search.includes('datetime=')")
    await idle(page)

    await expect(page.locator("#strip .count")).to_be_empty()


async def test_playing_moves_the_days_on(visit: Visit) -> None:
    page = await visit("/?datetime=2021-08-01/2021-08-02&map=4.5/34/66", width=1440)
    await idle(page)

    await page.get_by_role("button", name="Play: move the days on").click()
    await until(page, "location.search.includes('datetime=2021-08-03/2021-08-04')")
    await page.get_by_role("button", name="Pause").click()


async def test_a_shape_that_is_drawn_is_asked_for(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440)
    await idle(page)
    place = await page.evaluate(
        "(() => { const {x, y} = window.sitrepMap.project([68.857, 36.729]); return [x, y] })()"
    )
    box = await page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + place[0], box["y"] + place[1]

    await page.get_by_role("button", name="Shape", exact=True).click()
    for right, down in ((-40, -30), (40, -30), (40, 40), (-40, 40)):
        await page.mouse.click(x + right, y + down)
    await page.mouse.click(x - 40, y - 30)

    await until(page, "location.search.includes('intersects=POLYGON((')")
    await idle(page)
    await expect(page.locator("#asked .total")).to_have_text("1 event in all")
    assert [one["group"] for one in await shown(page, "event-marks")] == ["territory"]
    assert await shown(page, "asked-line") != []
    await page.get_by_role("button", name="Remove: In a shape").click()
    await until(page, "!location.search.includes('intersects')")


async def test_a_shape_over_the_antimeridian_is_asked_for_in_two_parts(visit: Visit) -> None:
    page = await visit("/?map=5/-17/180", width=1440)
    await idle(page)
    box = await page.locator("#map").bounding_box()
    assert box
    place = await page.evaluate("(() => { const {x, y} = sitrepMap.project([180, -17]); return [x, y] })()")
    x, y = box["x"] + place[0], box["y"] + place[1]

    await page.get_by_role("button", name="Shape", exact=True).click()
    for right, down in ((-60, -40), (60, -40), (60, 40), (-60, 40)):
        await page.mouse.click(x + right, y + down)
    await page.mouse.click(x - 60, y - 40)

    await until(page, "location.search.includes('intersects=')")
    drawn: Any = shape(json.loads((await asked(page))["intersects"]))
    assert drawn.is_valid
    assert [round(part.bounds[0]) for part in drawn.geoms] == [179, -180]
    assert 2 < sum(part.bounds[2] - part.bounds[0] for part in drawn.geoms) < 4
    await idle(page)
    assert await shown(page, "asked-line") != []


async def test_a_box_and_a_circle_are_drawn_by_dragging(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440)
    await idle(page)
    box = await page.locator("#map").bounding_box()
    assert box
    x, y = box["x"] + 700, box["y"] + 300

    for tool, parameter in (("Box", "bbox="), ("Circle", "radius=")):
        await page.get_by_role("button", name=tool, exact=True).click()
        await page.mouse.move(x, y)
        await page.mouse.down()
        await page.mouse.move(x + 80, y + 60, steps=4)
        await page.mouse.up()
        await until(page, f"location.search.includes('{parameter}')")
    assert "bbox" not in await asked(page)


@pytest.mark.parametrize("tool", ["Box", "Circle"])
async def test_what_is_drawn_over_a_hatched_region_does_not_choose_the_region(
    visit: Visit, tool: str
) -> None:
    page = await visit(AUGUST, width=1440)
    await idle(page)
    box = await page.locator("#map").bounding_box()
    assert box
    place = "(place) => { const {x, y} = window.sitrepMap.project(place); return [x, y] }"
    x, y = await page.evaluate(place, [63.8, 30.5])
    x, y = box["x"] + x, box["y"] + y
    over = await page.evaluate(
        "(at) => sitrepMap.queryRenderedFeatures(at, {layers: ['area-fill']}).length",
        [x - box["x"], y - box["y"]],
    )
    assert over

    await page.get_by_role("button", name=tool, exact=True).click()
    # First a click that draws nothing.
    await page.mouse.click(x, y)
    await page.mouse.move(x - 60, y - 60)
    await page.mouse.down()
    await page.mouse.move(x, y, steps=4)
    await page.mouse.up()
    await until(page, "/bbox=|radius=/.test(location.search)")
    await asyncio.sleep(0.4)
    assert "region" not in await asked(page)

    # Later a click chooses again.
    await page.go_back()
    await idle(page)
    await page.mouse.click(x, y)
    await until(page, "location.search.includes('region=')")


async def test_an_area_can_be_typed_and_how_it_is_compared_chosen_by_keys(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440)
    await idle(page)

    await page.get_by_text("Type it instead").click()
    circle = page.get_by_role("group", name="Circle")
    for name, value in (("Latitude", "30.1"), ("Longitude", "63.6"), ("Kilometres", "20")):
        await circle.get_by_label(name).fill(value)
    await page.get_by_role("button", name="Use this circle").click()

    await until(page, "location.search.includes('near=63.6,30.1&radius=20km')")
    await expect(page.locator("#asked .total")).to_have_text("No event")
    await page.get_by_role("button", name="Fold away the list of events").click()
    await page.get_by_role("button", name="events may have happened here: show possible").click()
    await until(page, "location.search.includes('match=possible')")
    await expect(page.locator("#asked .total")).not_to_have_text("No event")


async def test_a_clock_that_is_turned_back_shows_on_the_whole_page(visit: Visit) -> None:
    page = await visit(f"{AUGUST}&reported=../2021-08-06", width=1440)
    await idle(page)

    await expect(page.locator("#then")).to_contain_text("What the world could have read by 6 August 2021.")
    assert "6 August 2021" in await page.title()
    await page.locator("#then").get_by_role("button", name="Back to now").click()
    await until(page, "!location.search.includes('reported')")
    await expect(page.locator("#then")).to_be_hidden()
    assert await page.title() == "Sitrep: conflict events"


async def test_what_this_database_held_is_told_with_the_time_where_a_day_is_not_enough(visit: Visit) -> None:
    for moment, told in (
        ("2021-08-10T09:30:00Z", "10 August 2021, 09:30 UTC"),
        ("2021-08-10T23:59:59Z", "10 August 2021"),
    ):
        page = await visit(f"{AUGUST}&as_of={moment}", width=1440)
        await expect(page.locator("#then")).to_contain_text(f"As this database held it on {told}.")
        await expect(page.get_by_role("button", name=f"Remove: As of {told}", exact=True)).to_be_visible()
        await expect(page.locator("#strip .clock.set")).to_have_text(f"As of {told}")


async def test_a_type_is_chosen_in_the_legend(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440)
    await idle(page)

    await page.get_by_role("checkbox", name="Territorial change").check()

    await until(page, "location.search.includes('type=territorial_change')")
    await idle(page)
    await expect(page.locator("#asked .total")).to_have_text("1 event in all")
    assert {one["group"] for one in await shown(page, "event-marks")} == {"territory"}
    await page.go_back()
    await until(page, "!location.search.includes('type=')")
    await expect(page.get_by_role("checkbox", name="Territorial change")).not_to_be_checked()


async def test_what_is_chosen_before_the_map_has_its_style_is_drawn_all_the_same(
    browser: Browser, told: str
) -> None:
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    late = asyncio.Event()

    async def wait(route: Route) -> None:
        await late.wait()
        await route.continue_()

    await page.route("**/styles/sitrep.json*", wait)
    await page.goto(told + AUGUST)
    await page.get_by_role("checkbox", name="Territorial change").check()
    await until(page, "location.search.includes('type=territorial_change')")
    await page.get_by_role("button", name="Box", exact=True).click()
    late.set()
    await idle(page)

    tiles = "window.sitrepMap.getSource('sitrep-events').tiles[0].includes('type=territorial_change')"
    assert await page.evaluate(tiles) is True
    await expect(page.get_by_role("button", name="Box", exact=True)).to_have_attribute("aria-pressed", "true")
    assert wrong == []
    await page.close()


async def test_every_filter_of_the_address_holds_and_what_is_none_is_named(visit: Visit, told: str) -> None:
    page = await visit(
        f"{AUGUST}&type=air_strike&type=territorial_change&claimant_role=official&has_geometry=true&datetme=2017",
        width=1440,
    )
    await until(page, "window.sitrepMap?.getSource('sitrep-events')?.tiles?.length === 1")

    tiles = await page.evaluate("window.sitrepMap.getSource('sitrep-events').tiles[0]")
    query = dict(parse_qsl(urlsplit(tiles).query))
    assert (query["type"], query["claimant_role"], query["has_geometry"]) == (
        "air_strike,territorial_change",
        "official",
        "true",
    )
    await expect(page.get_by_role("button", name="Remove: Said by: official")).to_be_visible()
    await expect(page.locator("#then")).to_have_text("This page knows no ‘datetme’: it is left out.")
    await page.goto(f"{told}/embed?country=SY")
    await expect(page.locator("#strip")).to_contain_text("This page knows no ‘country’: it is left out.")


async def test_the_page_is_there_before_its_counts_are(browser: Browser, told: str) -> None:
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    late = asyncio.Event()

    async def wait(route: Route) -> None:
        await late.wait()
        await route.continue_()

    await page.route("**/counts?*", wait)
    await page.goto(f"{told}/?datetime=2021-08-01/2021-08-31")

    await expect(page.get_by_role("checkbox", name="Territorial change")).to_be_visible()
    await idle(page)
    await expect(page.locator(".panel-events .row").first).to_be_visible()
    late.set()
    await page.close()


async def test_a_click_on_a_mark_opens_its_card_and_one_on_a_region_asks_for_it(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440)
    await idle(page)
    box = await page.locator("#map").bounding_box()
    assert box
    place = "(place) => { const {x, y} = window.sitrepMap.project(place); return [x, y] }"

    x, y = await page.evaluate(place, [68.857, 36.729])
    await page.mouse.click(box["x"] + x, box["y"] + y)
    await expect(page.locator(".card-title")).to_have_text("Fall of Kunduz to the Taliban")

    where = """window.sitrepMap.querySourceFeatures("sitrep-events", {sourceLayer: "area_labels"})
      .find((one) => one.properties.region === "AF-HEL").geometry.coordinates"""
    x, y = await page.evaluate(place, await page.evaluate(where))
    await page.mouse.click(box["x"] + x, box["y"] + y)
    await until(page, "location.search.includes('region=AF-HEL')")
    await expect(page.get_by_role("button", name="Remove: Helmand")).to_be_visible()


async def test_what_is_on_the_screen_stays_until_what_takes_its_place_is_there(visit: Visit) -> None:
    page = await visit("/?map=4.5/34/66", width=1440)
    await idle(page)

    seen = await page.evaluate("""async () => {
      const map = window.sitrepMap;
      const seen = [];
      const look = () => seen.push(map.queryRenderedFeatures({layers: ["event-marks"]}).filter((one) => one.properties.group === "territory").length);
      map.on("render", look);
      document.querySelector('[data-group="territory"]').click();
      const there = () => map.getSource("sitrep-events").tiles[0].includes("type=") && map.areTilesLoaded();
      while (!there()) await new Promise((done) => setTimeout(done, 50));
      await new Promise((done) => map.once("render", done).triggerRepaint());
      map.off("render", look);
      return seen;
    }""")

    assert seen
    assert all(seen), "a mark that is wanted before and after was gone in between"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
async def test_axe_finds_nothing_serious(visit: Visit, scheme: Any, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here: script/setup --dev brings it.")
    page = await visit(f"{AUGUST}&reported=../2021-08-08", width=width, color_scheme=scheme)
    await idle(page)
    await page.locator("#strip .days").click()
    # A list that is on its way is pale; it asks anew a little after the map was resized.
    await asyncio.sleep(0.5)
    await idle(page)
    await until(page, "!document.querySelector('[aria-busy=true]')")
    session = await page.context.new_cdp_session(page)
    # Not a script tag: the policy of the page forbids it, as it should.
    await session.send("Runtime.evaluate", {"expression": AXE.read_text()})

    found = await page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then((told) => told.violations)"
    )

    wrong = [
        (one["id"], [node["html"][:200] for node in one["nodes"]][:5])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert wrong == []


async def test_the_theme_is_switched_and_the_map_with_it(visit: Visit) -> None:
    page = await visit(AUGUST, width=1440, color_scheme="light")
    await idle(page)

    await page.get_by_role("button", name="Dark colours").click()

    await until(page, "document.documentElement.dataset.theme === 'dark'")
    # The style of the other theme is asked for first; until it is there the map has the one before.
    dark = "JSON.stringify(sitrepMap.getLayer('event-marks') && sitrepMap.getLayoutProperty('event-marks', 'icon-image')).includes('|dark')"
    await until(page, f"sitrepMap.isStyleLoaded() && {dark}")
    await idle(page)
    assert any(one["group"] == "territory" for one in await shown(page, "event-marks"))


async def test_on_a_phone_one_sheet_has_filters_and_events(visit: Visit) -> None:
    page = await visit(AUGUST, width=390, height=844, has_touch=True)
    await idle(page)
    await expect(page.locator(".panel-events .row").first).to_be_visible()

    await page.get_by_role("tab", name="Filters").click()

    await expect(page.get_by_role("checkbox", name="Battle")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = await page.evaluate(
        """['#map', '#strip', '#sheet'].map((one) => document.querySelector(one).getBoundingClientRect()).map(({top, bottom}) => [top, bottom])"""
    )
    # One under the other: nothing lies over anything else.
    assert all(upper[1] <= lower[0] + 1 for upper, lower in pairwise(sizes))


async def test_the_embedded_map_is_the_map_and_whose_it_is(visit: Visit, told: str) -> None:
    page = await visit(AUGUST)
    await page.goto(f"{told}/embed?datetime=2021-08-01/2021-08-31&map=4.5/34/66")
    await idle(page)

    assert any(one["group"] == "territory" for one in await shown(page, "event-marks"))
    await expect(page.locator(".credits")).to_contain_text("Coded by the Sitrep desk")
    link = page.get_by_role("link", name="Open in Sitrep")
    assert (await link.get_attribute("href") or "").startswith(f"{told}/?datetime=2021-08-01/2021-08-31")
