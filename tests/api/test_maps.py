"""Small maps on pages: what is drawn, what is not, and what is said of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api import maps
from app.domain.collections import EVENTS
from app.formats.maps import Map
from tests.api.reading_pages import opened
from tests.world import MakeEvent

HELMAND = "somewhere in Helmand, Afghanistan; the place is not known more exactly"


async def drawn(client: AsyncClient, connection: AsyncConnection) -> Map:
    """The map of all events."""
    features = (await client.get("/events")).json()["features"]
    found = await maps.of_list(connection, EVENTS, features, lambda one: f"/events/{one['id']}")
    assert found is not None
    return found


async def test_points_are_drawn_and_what_is_known_to_a_region_is_counted_and_not_drawn(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    kunduz = await make_event(at=(68.5, 36.5), title="Here")
    await make_event(within="AF-HEL", precision="admin1")
    await make_event(within="AF", precision="country")

    found = await drawn(client, connection)

    (mark,) = found.marks
    assert (mark.title, mark.href, mark.hollow) == ("Here", f"/events/{kunduz}", False)
    assert found.sentences == ("2 of these are known only to a region or less, and are not on the map.",)
    assert found.name == "Map of 1 event, which the table lists"
    assert {one.code for one in found.outlines} == {"AF", "TJ", "AF-KDZ"}


async def test_a_point_that_stands_for_an_area_is_a_ring_below_the_others(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(at=(69.5, 36.5), title="A place")
    await make_event(at=(64.0, 31.0), within="AF-HEL", precision="admin1", title="A province")

    found = await drawn(client, connection)

    assert [(mark.title, mark.hollow) for mark in found.marks] == [("A province", True), ("A place", False)]
    assert [called for _, _, called in found.legend] == ["battle", "stands for a wider area"]


async def test_several_at_one_spot_are_one_larger_mark_that_leads_nowhere(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    for _ in range(4):
        await make_event(at=(68.5, 36.5))
    await make_event(at=(68.5, 36.5), type="protest")

    found = await drawn(client, connection)

    assert sorted((mark.group, len(mark.titles), mark.href is None) for mark in found.marks) == [
        ("battle", 4, True),
        ("protest", 1, False),
    ]
    assert max(mark.size for mark in found.marks) > 1


async def test_events_on_both_sides_of_the_antimeridian_are_near_each_other(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(at=(179.5, -16.5), title="West of it")
    await make_event(at=(-179.5, -16.5), title="East of it")

    found = await drawn(client, connection)

    places = {mark.title: mark.x for mark in found.marks}
    assert 0 < places["West of it"] < places["East of it"] < found.width
    assert places["East of it"] - places["West of it"] > 50
    assert {one.code for one in found.outlines} == {"FJ", "FJ-N", "FJ-W"}


async def test_without_a_single_point_there_is_no_map_and_it_is_said_why(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(within="AF-HEL", precision="admin1")

    found = await drawn(client, connection)

    assert not found.outlines
    assert found.sentences[0].startswith("No place is known to a point")


async def test_an_event_known_to_a_province_shows_it_hatched_and_no_point(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    event = await make_event(within="AF-HEL", precision="admin1")

    page = await opened(client, f"/events/{event}")

    (drawing,) = page.all("svg")
    assert (drawing["role"], drawing["aria-label"]) == ("img", f"Map: {HELMAND}")
    assert _classes(page.all("path")) == {"country", "subdivision", "area doubt", "hatch"}
    assert (
        "It may have happened anywhere in the hatched area. No point is known, and none is made up."
        in page.text
    )


async def test_an_event_in_a_place_shows_its_point_and_a_stand_in_a_ring(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    place = await make_event(at=(68.5, 36.5), radius_m=5000)
    province = await make_event(at=(64.0, 31.0), within="AF-HEL", precision="admin1")

    there = await opened(client, f"/events/{place}")
    stand_in = await opened(client, f"/events/{province}")

    assert "mark battle" in _classes(there.all("path"))
    assert "The ring" not in there.text
    assert "mark battle hollow" in _classes(stand_in.all("path"))
    assert "The ring is the source's point for that area, and no place." in stand_in.text


async def test_an_event_of_which_no_place_is_known_has_no_map(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    event: UUID = await make_event(precision="unknown")

    page = await opened(client, f"/events/{event}")

    assert not page.all("svg")
    assert "Nothing is known of the place that could be drawn." in page.text


def _classes(paths: list[dict[str, Any]]) -> set[str]:
    return {str(one.get("class")) for one in paths}
