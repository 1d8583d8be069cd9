"""Pages for people: what a reader sees, where it leads, and what must never be there."""

from __future__ import annotations

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection

from app.domain.collections import COLLECTIONS
from tests.api.reading_pages import opened
from tests.evidence import claim, document, figure, ref, say
from tests.world import MakeEvent

ROOT = "http://sitrep.test"
PAGES = (
    "/?f=html",
    "/conformance",
    "/functions",
    "/collections",
    *(f"/collections/{name}" for name in COLLECTIONS),
    *(
        f"/collections/{name}/{kind}"
        for name in COLLECTIONS
        for kind in ("queryables", "sortables", "schema")
    ),
    *(f"/collections/{name}/items" for name in COLLECTIONS),
    "/collections/regions/items/AF",
)


@pytest.mark.parametrize("address", PAGES)
async def test_every_page_is_sound_and_loads_nothing(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent, address: str
) -> None:
    event = await make_event(at=(68.86, 36.73), side_a=("The north",))
    await say(connection, document("paper"), claim(event, document="paper"), figure(document="paper"))

    page = await opened(client, address)

    assert "Sitrep" in page.links
    assert page.links["Reference"] == f"{ROOT}/docs"


async def test_the_front_page_tells_what_is_loaded_and_asks_the_questions_of_the_readme(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(dataset="desk")
    await make_event(dataset="desk")
    await make_event(dataset="acled")

    page = await opened(client, "/?f=html")

    assert "DESK desk A publisher 2 " in page.text
    assert "ACLED acled A publisher 1 " in page.text
    assert "UCDP-GED ucdp-ged A publisher 0 " in page.text
    assert (
        page.links["The fall of Kunduz, by region and day"]
        == f"{ROOT}/events?region=AF-KDZ&datetime=2021-08-08"
    )
    questions = [href for href in page.links.values() if "/events?" in href and "dataset=" not in href]
    assert len(questions) == 5
    for href in questions:
        assert (await client.get(href, headers={"accept": "application/json"})).status_code == 200, href


async def test_the_front_page_is_json_for_all_others_with_the_links_of_the_standard(
    client: AsyncClient, world: object
) -> None:
    answer = await client.get("/")

    links = {one["rel"]: one for one in answer.json()["links"]}
    assert answer.headers["content-type"] == "application/json"
    assert links["data"]["href"] == f"{ROOT}/collections"
    assert links["conformance"]["href"] == f"{ROOT}/conformance"
    assert links["http://www.opengis.net/def/rel/ogc/1.0/conformance"]["href"] == f"{ROOT}/conformance"
    assert links["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert links["service-doc"]["href"] == f"{ROOT}/docs"
    assert links["alternate"]["href"] == f"{ROOT}/?f=html"
    assert links["self"]["href"] == f"{ROOT}/"


async def test_a_page_is_known_again(client: AsyncClient, world: object) -> None:
    for address in ("/", "/collections/regions/items", "/collections/regions/items/AF"):
        first = await client.get(address, params={"f": "html"})
        again = await client.get(
            address, params={"f": "html"}, headers={"if-none-match": first.headers["etag"]}
        )
        assert again.status_code == 304


async def test_regions_are_rows_with_what_they_lie_in_and_a_map_that_has_a_name(
    client: AsyncClient, world: object
) -> None:
    page = await opened(client, "/collections/regions/items", bbox="63.5,29.5,64,30")

    assert "AF Afghanistan country" in page.text
    assert "AF-HEL Helmand Hilmand, هلمند first-level subdivision Afghanistan" in page.text
    assert "Kunduz" not in page.text
    assert page.links["Helmand"] == f"{ROOT}/collections/regions/items/AF-HEL"
    (drawing,) = page.all("svg")
    assert drawing["role"] == "img"
    assert drawing["aria-label"] == "Map of 2 areas, which the table names"
    areas = [one for one in page.all("path") if one.get("class") == "area"]
    assert len(areas) == 2


async def test_what_was_asked_is_said_and_each_part_can_be_left_out(
    client: AsyncClient, world: object
) -> None:
    page = await opened(client, "/collections/regions/items", bbox="63.5,29.5,64,30", sortby="-level")

    assert "Asked in the box 63.5,29.5,64,30 without order -level without" in page.text
    without = {str(one.get("aria-label")): one["href"] for one in page.all("a")}
    assert without["Ask without order -level"] == f"{ROOT}/collections/regions/items?bbox=63.5,29.5,64,30"


async def test_where_nothing_matches_it_is_said_what_to_try(client: AsyncClient, world: object) -> None:
    page = await opened(client, "/collections/regions/items", bbox="-31,-1,-30,0")

    assert "Nothing here matches" in page.text
    assert "That does not mean that nothing happened" in page.text
    assert page.links["the same without in the box"] == f"{ROOT}/collections/regions/items"
    assert not page.all("table")


async def test_pages_follow_each_other_and_lead_back_to_the_first(client: AsyncClient, world: object) -> None:
    first = await opened(client, "/collections/regions/items", limit="5")
    second = await opened(client, first.links["Next page"])

    assert "5 on this page, and there are more." in first.text
    assert "First page" not in first.links
    assert second.links["First page"] == f"{ROOT}/collections/regions/items?limit=5"
    assert "AF-HEL" in first.text
    assert "AF-HEL" not in second.text
    assert "FJ-N Northern" in second.text


async def test_a_list_links_to_the_same_question_in_other_forms(client: AsyncClient, world: object) -> None:
    page = await opened(client, "/collections/regions/items", limit="5")

    assert page.links["GeoJSON"] == f"{ROOT}/collections/regions/items?limit=5&f=geojson"


async def test_a_region_tells_what_it_lies_in_what_lies_in_it_and_asks_for_its_events(
    client: AsyncClient, world: object
) -> None:
    page = await opened(client, "/collections/regions/items/AF-KDZ")

    assert "aliases Qunduz, قندوز Other names and spellings, in any script." in page.text
    assert page.links["It lies in Afghanistan"] == f"{ROOT}/collections/regions/items/AF"
    assert page.links["Imam Sahib"] == f"{ROOT}/collections/regions/items/AF-KDZ.imam-sahib"
    assert "Helmand" not in page.links
    assert page.links["Events there"] == f"{ROOT}/events?region=AF-KDZ"
    assert page.links["Events that may have happened there"] == f"{ROOT}/events?region=AF-KDZ&match=possible"


async def test_figures_are_hedged_dated_in_words_and_lead_to_their_area(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(
        connection,
        document("paper"),
        figure("casualties", value=5183, qualifier="more_than", document="paper"),
        figure(
            "range", low=10, high=20, region="AF-HEL", verification="explicitly_unverified", document="paper"
        ),
    )

    page = await opened(client, "/collections/figures/items")

    assert (
        "casualties more than 5,183 Afghanistan 1 January to 30 June 2021 UNAMA intergovernmental"
        in page.text
    )
    assert "casualties 10 to 20 Helmand" in page.text
    assert "UNAMA intergovernmental; could not be verified" in page.text
    assert page.links["Helmand"] == f"{ROOT}/collections/regions/items/AF-HEL"
    assert "they are known to these and no better" in page.text


async def test_a_figure_leads_to_its_document_and_says_what_is_not_known(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(connection, document("paper", title="A title"), figure("casualties", document="paper"))
    paper = ref("document", "paper")

    page = await opened(client, f"/collections/figures/items/{ref('figure', 'casualties')}")

    assert "Casualties: 5,183 in Afghanistan" in page.text
    assert page.links["CNN: A title"] == f"{ROOT}/collections/documents/items/{paper}"
    assert "first day 1 January 2021 First day of the period." in page.text
    assert "none, or not known low, high" in page.text
    assert "The figure is known to Afghanistan and no better" in page.text


async def test_a_document_shows_what_it_says_and_links_to_the_web_only(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(title="A thing")
    await say(
        connection,
        document("paper", title="Report", url="javascript:alert(1)", archive_url="https://archive.example/1"),
        document("other"),
        claim(event, claimant="The north", quote="so it was", speech="direct", document="paper"),
        claim(event, claimant="The south", document="other"),
        figure(document="paper"),
    )

    page = await opened(client, f"/collections/documents/items/{ref('document', 'paper')}")

    assert "The north party to conflict asserts “so it was”" in page.text
    assert "The south" not in page.text
    assert "casualties 5,183 Afghanistan" in page.text
    assert "javascript:alert(1)" in page.text
    assert not [href for href in page.links.values() if "javascript" in href]
    assert page.links["https://archive.example/1"] == "https://archive.example/1"
    assert f"{ROOT}/events/{event}" in page.links.values()


async def test_an_actor_leads_to_its_events(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(side_a=("The north",), aliases=("Северяне", "北"))
    await make_event(side_a=("The south",))

    page = await opened(client, "/collections/actors/items")
    one = await opened(client, page.links["The north"])

    assert "The north Северяне, 北 ucdp-ged" in page.text
    identity = page.links["The north"].rpartition("/")[2]
    assert one.links["Events in which it takes part"] == f"{ROOT}/events?actor={identity}"
    assert "The south" not in one.text


async def test_links_of_a_page_as_of_a_moment_lead_to_what_was_known_then(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(connection, document("paper", title="A title"))
    moment = "2021-08-09T02:30:00Z"

    page = await opened(client, "/collections/documents/items", as_of=moment)

    assert page.links["A title"].endswith(f"/{ref('document', 'paper')}?as_of=2021-08-09T02%3A30%3A00Z")
    assert "A title" in (await opened(client, page.links["A title"])).text


async def test_nothing_that_a_source_writes_becomes_a_mark(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=y>'
    event = await make_event(title=evil, side_a=(evil,), at=(68.86, 36.73))
    await say(
        connection,
        document("paper", publisher=evil, title=evil),
        claim(event, claimant=evil, quote=evil, document="paper"),
        figure("evil", claimant=evil, quote=evil, place=evil, document="paper"),
    )
    for address in (
        "/collections/documents/items",
        f"/collections/documents/items/{ref('document', 'paper')}",
        "/collections/figures/items",
        f"/collections/figures/items/{ref('figure', 'evil')}",
        "/collections/actors/items",
        f"/events/{event}",
    ):
        assert evil in (await opened(client, address)).text, address
    asked = await opened(client, "/collections/regions/items", datetime="2021-08-01", sortby="+name")
    assert "order +name" in asked.text


async def test_queryables_tell_their_words_and_how_to_ask(client: AsyncClient, world: object) -> None:
    page = await opened(client, "/collections/events/queryables")

    assert (
        "type word What kind of thing happened, in our vocabulary. One of territorial_change, battle"
        in page.text
    )
    assert "?filter=deaths_best > 10" in page.text
    assert "?country=AF" in page.text
    assert "?filter=S_INTERSECTS(geometry, BBOX(68, 36, 70, 38))" in page.text


async def test_sortables_tell_how_to_ask_and_schemas_which_property_is_what(
    client: AsyncClient, world: object
) -> None:
    orders = await opened(client, "/collections/figures/sortables")
    schema = await opened(client, "/collections/figures/schema")

    assert "value whole number People; null where a range is given. ?sortby=-value" in orders.text
    assert "quote" not in orders.text
    assert "first_day day the first day First day of the period." in schema.text


async def test_standards_stand_in_groups_with_readable_names(client: AsyncClient, world: object) -> None:
    page = await opened(client, "/conformance")

    assert (
        "OGC API - Features, Part 1: Core Core http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        in page.text
    )
    assert "Common Query Language (CQL2) CQL2 as text" in page.text


async def test_the_list_of_events_tells_when_where_and_how_each_is_known(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    kunduz = await make_event(
        at=(68.5, 36.5), place="Kunduz", title="Here", deaths=1200, verification="unverified", contested=True
    )
    await make_event(
        within="AF-HEL",
        precision="admin1",
        title="There",
        day="2021-08-01",
        until="2021-08-08",
        date_precision="week",
    )
    await make_event(at=(27.5, -30.0), title="Elsewhere")

    page = await opened(client, "/events", region="AF", properties="title")

    assert "8 August 2021 Here battle Kunduz, Afghanistan 1,200 unverified contested ucdp-ged" in page.text
    assert (
        "1 to 8 August 2021 some day in between There battle Helmand, Afghanistan known to the province"
        " no figure was reported not assessed ucdp-ged"
    ) in page.text
    assert "Elsewhere" not in page.text
    assert page.links["Here"] == f"{ROOT}/events/{kunduz}"
    assert "1 of these is known only to a region or less, and is not on the map." in page.text


async def test_an_empty_list_of_events_offers_what_may_have_happened(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(within="AF", precision="country", title="Somewhere")

    page = await opened(client, "/events", region="AF-KDZ")
    wider = await opened(client, page.links["what may have happened there and then"])

    assert "Nothing here matches" in page.text
    assert "Somewhere" in wider.text
