"""The list in step with the map, and the card of an event: as careful as what is known of it."""

import re

import httpx
from playwright.async_api import Page, expect

from app.domain.events import event_id
from tests.browser.conftest import Visit, until

HOSPITAL = event_id("desk", "2021-08-helmand-hospital")
MARKET = event_id("desk", "2021-08-05-market-strike")
KUNDUZ = event_id("desk", "2021-08-08-fall-of-kunduz")
AFGHANISTAN = "map=4.5/34/66"


async def texts(page: Page, selector: str) -> list[str]:
    return [" ".join(one.split()) for one in await page.locator(selector).all_inner_texts()]


async def test_the_alleged_bombing_reads_as_it_is_known_and_no_further(visit: Visit) -> None:
    page = await visit(f"/?event={HOSPITAL}")

    assert await texts(page, ".card-title") == ["Alleged bombing of a hospital"]
    assert await texts(page, ".tags li") == ["air strike", "unverified", "dataset desk"]
    when, where, who = await texts(page, ".card-body > .facts dd")
    assert when.startswith("some day between 1 and 8 August 2021 The day is not known more exactly.")
    assert where.startswith(
        "somewhere in Helmand, Afghanistan; the place is not known more exactly No point is drawn"
    )
    assert who == "accused: United States (by The Taliban)"
    assert await texts(page, ".card h3") == [
        "Harm", "Who says so", "What was known when", "Figures over the area and the days", "Source record",
    ]  # fmt: skip
    harm = page.locator("section", has_text="Harm").first
    await expect(harm).to_contain_text("No figure was reported. That is not the same as none.")
    # Said by a party and could not be verified: nothing on the card may say more.
    assert "confirm" not in (await page.locator(".card").inner_text()).lower()


async def test_answers_stand_under_what_they_answer(visit: Visit) -> None:
    page = await visit(f"/?event={HOSPITAL}")

    assert await texts(page, ".claims > .claim > .claim-who") == ["The Taliban asserts"]
    assert await texts(page, ".claims > .claim > .answers > .claim > .claim-who") == [
        "Maj. Nicole Ferrara, a US Central Command spokesperson sidesteps the question in answer to The Taliban",
        "CNN could not verify in answer to The Taliban",
    ]
    accusation = page.locator(".claims > .claim")
    await expect(accusation.locator("> .warned")).to_have_text(
        "The publisher says that this could not be verified independently."
    )
    # What the accused party did say is about another event, and is told as that.
    await expect(accusation.locator(".elsewhere")).to_have_text(
        "Beside that, about US air strikes against Taliban positions, asserts:"
        "“US forces have conducted several airstrikes in defense of our Afghan partners in recent days”"
    )


async def test_where_it_may_have_been_is_drawn(visit: Visit) -> None:
    page = await visit(f"/?event={HOSPITAL}")

    await until(page, "sitrepMap.getSource('extent')?.serialize().data.features?.length === 1")
    drawn = await page.evaluate("sitrepMap.getSource('extent').serialize().data.features[0]")
    assert (drawn["id"], drawn["geometry"]["type"]) == (str(HOSPITAL), "MultiPolygon")

    await page.get_by_role("button", name="All events").click()
    await until(page, "sitrepMap.getSource('extent').serialize().data.features.length === 0")


async def test_figures_that_disagree_stand_side_by_side_on_one_scale(visit: Visit) -> None:
    page = await visit(f"/?event={MARKET}")

    assert await texts(page, ".harm caption") == ["Killedbars from 0 to 10"]
    assert await texts(page, ".harm tbody tr .amount") == ["at least 9", "7 (7 to 8)", "4"]
    assert await texts(page, ".harm tbody th > bdi") == ["A Taliban spokesman", "A hospital", "A hospital"]
    await expect(page.locator(".harm tr.chosen .amount")).to_have_text("7 (7 to 8)")


async def test_copies_of_a_report_are_one_entry(visit: Visit) -> None:
    page = await visit(f"/?event={MARKET}")

    spokesman = page.locator(".claims > .claim").first
    await expect(spokesman.locator(":scope > p", has_text="same report")).to_have_text(
        "The same report, and no further source, also in Morning Paper, 6 August 2021"
    )
    await expect(page.locator(".claim")).to_have_count(4)


async def test_a_revision_turns_the_clock_back_and_one_click_returns(visit: Visit) -> None:
    page = await visit(f"/?event={MARKET}")
    await expect(page.locator(".tag", has_text="contested")).to_have_count(0)

    await page.get_by_role("button", name="Revision 1: recorded here").click()

    await expect(page.locator(".tag", has_text="contested")).to_have_count(1)
    await expect(page.locator(".claim")).to_have_count(3)
    await expect(page.locator(".banner")).to_contain_text("As it was known here on ")
    assert "as_of=" in page.url
    await expect(page.locator(".revision-later")).to_have_count(1)

    await page.get_by_role("button", name="Show what is known now").click()

    await expect(page.locator(".claim")).to_have_count(4)
    assert "as_of=" not in page.url


async def test_an_event_that_was_not_known_yet_says_so(visit: Visit) -> None:
    # The small world is of that day, and the desk's files came later.
    page = await visit(f"/?event={MARKET}&as_of=2021-08-10T00:00:00Z", expected=404)

    await expect(page.locator(".trouble")).to_contain_text(
        "On 10 August 2021, 00:00 UTC this event was not known here."
    )
    await page.get_by_role("button", name="Show what is known now").click()

    await expect(page.locator(".card-title")).to_have_text("Strike on a market")


async def test_the_source_its_licence_and_a_way_to_report_mistakes_are_there(visit: Visit) -> None:
    page = await visit(f"/?event={HOSPITAL}")

    record = page.locator("section", has=page.locator("h3", has_text="Source record"))
    await expect(record).to_contain_text("2021-08-helmand-hospital")
    await expect(record.get_by_role("link", name="CC-BY-4.0")).to_have_attribute(
        "href", "https://creativecommons.org/licenses/by/4.0/"
    )
    mistake = await record.get_by_role("link", name="Report a mistake").get_attribute("href")
    assert mistake is not None
    assert mistake.startswith("mailto:desk@news.example?subject=Mistake%20in%20%E2%80%9CAlleged%20bombing")
    assert str(HOSPITAL) in mistake
    links = [await one.get_attribute("href") for one in await record.locator(".links a").all()]
    async with httpx.AsyncClient() as client:
        answers = [
            (await client.get(str(one))).status_code for one in links if not str(one).startswith("mailto:")
        ]
    assert answers == [200, 200, 200, 200]


async def test_the_list_has_events_without_a_pin_and_says_how_exactly_each_is_known(visit: Visit) -> None:
    page = await visit(f"/?{AFGHANISTAN}")

    await expect(page.locator(".list-title")).to_have_text("8 events in view")
    # Regions have their codes until their names are there.
    await expect(page.locator(".row-where").first).to_contain_text("in Kunduz, Afghanistan")
    await expect(page.locator(".row-where", has_text="Helmand, Afghanistan").first).to_be_visible()
    rows = await texts(page, ".row-body")
    assert (
        rows[0]
        == "Fall of Kunduz to the Taliban 8 August 2021 in Kunduz, Afghanistan (anywhere within 5 km) "
        "territorial change deaths not known"
    )
    assert (
        "Alleged bombing of a hospital some day between 1 and 8 August 2021 somewhere in Helmand, Afghanistan "
        "air strike deaths not known unverified" in rows
    )


async def test_the_list_follows_the_map(visit: Visit) -> None:
    page = await visit(f"/?{AFGHANISTAN}")
    await expect(page.locator(".row")).to_have_count(8)

    # Kunduz: what is known to Helmand only is not here, what is known to the country only may be.
    await page.evaluate("sitrepMap.jumpTo({center: [68.86, 36.73], zoom: 8})")

    await expect(page.locator(".row")).to_have_count(4)
    assert {one.split(" in ")[0] for one in await texts(page, ".row-title")} == {
        "Fall of Kunduz to the Taliban", "US air strikes against Taliban positions", "US drawdown of forces begins",
        "Taliban offensive begins",
    }  # fmt: skip


async def test_an_empty_list_says_which_filter_emptied_it(visit: Visit) -> None:
    page = await visit(f"/?{AFGHANISTAN}&verification=verified&datetime=2021-08-08")

    await expect(page.locator(".list-title")).to_have_text("No event in view")
    wider = page.locator(".emptied").get_by_role("button", name="Whether verified or not, not only verified")
    await expect(wider).to_contain_text("4 events")
    await wider.click()

    await expect(page.locator(".row")).to_have_count(4)
    assert "verification" not in page.url


async def test_a_list_is_read_and_an_event_opened_and_left_by_keyboard(visit: Visit) -> None:
    page = await visit(f"/?{AFGHANISTAN}")

    await page.locator(".row a").first.focus()
    await page.keyboard.press("ArrowDown")
    title = await page.evaluate("document.activeElement.textContent")
    await page.keyboard.press("Enter")
    await expect(page.locator(".card-title")).to_have_text(title)
    await expect(page.locator(".card-title")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Escape")

    await expect(page.locator(".row a", has_text=title)).to_be_focused()
    assert "event=" not in page.url


async def test_of_many_revisions_all_are_shown_to_who_asks(visit: Visit) -> None:
    page = await visit(f"/?{AFGHANISTAN}")
    revisions = [
        {"revision": number, "change": "changed", "known_at": f"2021-08-0{number}T12:00:00Z"}
        for number in range(7, 0, -1)
    ]
    await page.route(re.compile("/history"), lambda route: route.fulfill(json={"revisions": revisions}))
    await page.get_by_role("link", name="Fall of Kunduz to the Taliban").click()
    await expect(page.locator(".revision:visible")).to_have_count(5)

    await page.get_by_role("button", name="Show all 7 revisions").click()

    await expect(page.locator(".revision:visible")).to_have_count(7)
    await expect(page.get_by_role("button", name="Revision 2:")).to_be_focused()


async def test_what_is_no_day_is_told_as_it_is_written(visit: Visit) -> None:
    page = await visit(f"/?{AFGHANISTAN}")
    told = """(async () => {
      const at = (name) => document.querySelector("script[type=module]").src.replace("main.js", name);
      const [{ day }, { moment }, { parse }] = await Promise.all(["words.js", "telling.js", "days.js"].map((name) => import(at(name))));
      return [day("yesterday"), moment("yesterday"), parse("yesterday/P1D"), parse("../P1D")];
    })()"""

    assert await page.evaluate(told) == ["yesterday", "yesterday", None, None]


async def test_a_failure_says_so_and_can_be_tried_again(visit: Visit) -> None:
    page = await visit(f"/?{AFGHANISTAN}")
    await page.route(re.compile("/history"), lambda route: route.fulfill(status=200, json={"revisions": []}))
    await page.route(re.compile(f"/events/{KUNDUZ}$"), lambda route: route.fulfill(status=200, body="{"))
    await page.get_by_role("link", name="Fall of Kunduz to the Taliban").click()
    await expect(page.locator(".trouble")).to_contain_text("The event could not be loaded.")
    await page.unroute_all()

    await page.get_by_role("button", name="Try again").click()

    await expect(page.locator(".card-title")).to_have_text("Fall of Kunduz to the Taliban")
