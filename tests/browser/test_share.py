"""A view in eight forms: each is shown, is copied as it is shown, and works where it is pasted."""

import csv
import io
import json
import re
import shlex

import httpx
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit, until

ASKED = "map=4.5/34/66&datetime=2021-08-01/2021-08-31&actor=United+States&q=bombing"
"""Of the eight events, two."""
TITLES = {"Alleged bombing of a hospital", "Alleged bombing of a high school"}


async def shown(page: Page, name: str) -> str:
    """The text of a form, as the dialog shows it and as its button copies it."""
    await page.get_by_role("tab", name=name, exact=True).click()
    text = await page.locator(".share-text").first.inner_text()
    await page.locator(".share-actions").get_by_role("button", name=re.compile("Copy")).click()
    await expect(page.locator(".copied").first).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == text
    return text


async def opened(visit: Visit, asked: str = ASKED, **options: float) -> Page:
    page = await visit(f"/?{asked}", **options)
    await page.get_by_role("button", name="Share").click()
    return page


async def test_the_link_is_the_view(visit: Visit) -> None:
    page = await opened(visit)

    link = await shown(page, "Link")

    assert link == page.url
    again = await visit(link.removeprefix(link.split("/?")[0]))
    await expect(again.locator(".list-title")).to_have_text("2 events in view")


async def test_the_address_and_the_command_ask_what_the_list_shows(visit: Visit) -> None:
    page = await opened(visit)

    address = await shown(page, "API address")
    words = shlex.split(await shown(page, "curl"))

    async with httpx.AsyncClient() as client:
        for url in (address, words[-1]):
            answer = await client.get(url)
            assert answer.status_code == 200
            assert {one["properties"]["title"] for one in answer.json()["features"]} == TITLES
    assert words[:-1] == ["curl", "--compressed"]
    assert "bbox=" in address


async def test_files_are_of_the_whole_question(visit: Visit) -> None:
    page = await opened(visit)

    async with httpx.AsyncClient() as client:
        table = await client.get(await shown(page, "CSV"))
        features = await client.get(await shown(page, "GeoJSON"))

    assert {row["title"] for row in csv.DictReader(io.StringIO(table.text))} == TITLES
    assert {one["properties"]["title"] for one in features.json()["features"]} == TITLES
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download").click()
    assert (await download.value).suggested_filename.endswith(".geojson")


async def test_the_program_is_python_and_its_addresses_answer(visit: Visit) -> None:
    page = await opened(visit)

    program = await shown(page, "Python")

    compile(program, "<copied>", "exec")
    async with httpx.AsyncClient() as client:
        answers = [
            (await client.get(json.loads(url))).status_code for url in re.findall(r'"http[^"]+"', program)
        ]
    assert answers == [200, 200]


async def test_the_program_for_a_map_draws_all_layers_of_its_events(visit: Visit) -> None:
    page = await opened(visit, "map=6/36.7/68.9&q=Kunduz")

    program = await shown(page, "MapLibre")

    (address,) = re.findall(r'style: ("http[^"]+")', program)
    async with httpx.AsyncClient() as client:
        style = (await client.get(json.loads(address))).json()
    drawn = {layer.get("source-layer") for layer in style["layers"]}
    assert drawn >= {"points", "stacks", "cells", "areas", "area_labels"}
    assert any("q=Kunduz" in json.dumps(source) for source in style["sources"].values())
    # Its address is a style that this MapLibre takes, and draws the event of.
    copied = re.sub(r"^import .*$", "", program, flags=re.MULTILINE).replace('"map"', "element")
    await page.evaluate(f"""(() => {{
      const Map = sitrepMap.constructor;
      const element = document.body.appendChild(document.createElement("div"));
      element.style.cssText = "position: fixed; inset: 0; width: 600px; height: 400px";
      window.copied = {copied.strip().removeprefix("// Points, stacks, cells and hatched regions, over the base map.").strip()}
    }})()""")
    await until(
        page,
        "copied.loaded() && copied.queryRenderedFeatures().some(({properties}) => properties.type === 'territorial_change')",
    )


async def test_a_page_of_many_events_says_of_how_many_it_is(visit: Visit) -> None:
    page = await visit(f"/?{ASKED}")
    total = {"events": 16566, "deaths_unknown": 0}
    await page.route(
        "**/counts?*by=dataset*", lambda route: route.fulfill(json={"counts": [], "total": total})
    )
    await page.get_by_role("button", name="Share").click()

    for name in ("API address", "curl"):
        await page.get_by_role("tab", name=name, exact=True).click()
        await expect(page.locator(".share-part")).to_contain_text("the first 10,000 of 16,566 events")


async def test_what_a_shell_or_a_language_would_take_for_its_own_is_escaped(visit: Visit) -> None:
    # An actor of this name there is none; an error of the interface would say so, and not a shell.
    page = await opened(visit, "map=4.5/34/66&q=%22o'neill%22+%24(rm)+!%60\\")

    command = await shown(page, "curl")
    program = await shown(page, "Python")

    assert re.fullmatch(r"curl --compressed '[^'!()`\\$]+'", command)
    assert httpx.URL(shlex.split(command)[-1]).params["q"] == '"o\'neill" $(rm) !`\\'
    compile(program, "<copied>", "exec")


async def test_the_box_of_the_map_is_left_out_on_request_and_where_a_place_is_asked_for(visit: Visit) -> None:
    page = await opened(visit)
    await page.get_by_role("tab", name="API address").click()
    await page.get_by_label("Only what the map shows").uncheck()
    await expect(page.locator(".share-text")).not_to_contain_text("bbox")

    page = await opened(visit, "region=AF-HEL")
    await page.get_by_role("tab", name="API address").click()

    await expect(page.locator(".share-text")).to_have_text(re.compile(r"/events\?region=AF-HEL&limit=10000$"))


async def test_a_picture_of_the_map_has_its_credits(visit: Visit) -> None:
    page = await opened(visit, "map=4.5/34/66", device_scale_factor=1)

    await page.get_by_role("tab", name="PNG of the map").click()
    picture = page.locator(".share-picture")
    await expect(picture).to_be_visible()

    width, height = await picture.evaluate("one => [one.naturalWidth, one.naturalHeight]")
    seen = await page.evaluate("sitrepMap.getCanvas().height")
    assert width > 300
    # Title, the source with its licence, and the address.
    assert height >= seen + 60
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Save the picture").click()
    assert (await download.value).suggested_filename == "sitrep-map.png"


async def test_forms_are_chosen_and_the_dialog_left_by_keyboard(visit: Visit) -> None:
    page = await visit("/?map=4.5/34/66")
    share = page.get_by_role("button", name="Share")
    await share.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("tab", name="Link")).to_be_focused()

    await page.keyboard.press("ArrowDown")

    await expect(page.get_by_role("tab", name="API address")).to_be_focused()
    await expect(page.get_by_role("tabpanel", name="API address")).to_contain_text("/events?")
    await page.keyboard.press("Escape")
    await expect(share).to_be_focused()
