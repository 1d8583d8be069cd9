"""`GET /events`: each parameter of the grammar, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient

from app.domain.events import PROPERTIES
from tests.api.asking import ids, in_order, links
from tests.world import MakeEvent

KUNDUZ, HELMAND, FIJI, SAMOA = (68.5, 36.5), (64.0, 31.0), (179.5, -16.5), (-178.5, -18.0)


async def test_without_parameters_all_active_events_come_newest_first(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    old = await make_event(day="2019-01-01")
    new = await make_event(day="2021-01-01")
    unknown = await make_event(day=None)
    await make_event(status="retracted")

    answer = await client.get("/events")

    assert in_order(answer) == [str(new), str(old), str(unknown)]
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["numberReturned"] == 3
    assert list(answer.json()) == ["type", "links", "numberReturned", "features"]


async def test_a_box_over_the_antimeridian_finds_events_on_both_sides(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    fiji, samoa = await make_event(at=FIJI), await make_event(at=SAMOA)
    await make_event(at=(0.0, -15.0))

    assert ids(await client.get("/events?bbox=178,-20,-170,-10")) == {str(fiji), str(samoa)}
    assert ids(await client.get("/events?bbox=178,-20,0,-170,-10,100")) == {str(fiji), str(samoa)}
    assert ids(await client.get("/events?bbox=170,-20,180,-10")) == {str(fiji)}


@pytest.mark.parametrize(
    ("window", "found"),
    [
        ("2021-08-08", {"day", "days"}),
        ("2021-08-08T23:00:00Z", {"day", "days"}),
        ("2021-08-08T23:00:00+04:30", {"day", "days"}),
        ("2021-08-10/..", {"days", "later"}),
        ("../2021-08-07", {"days"}),
        ("2021-08-11/2021-08-20", {"later"}),
        ("2021-08-01/P7D", {"days"}),
    ],
)
async def test_datetime_finds_events_with_a_day_in_the_window(
    client: AsyncClient, make_event: MakeEvent, window: str, found: set[str]
) -> None:
    made = {
        "day": await make_event(day="2021-08-08"),
        "days": await make_event(day="2021-08-07", until="2021-08-10"),
        "later": await make_event(day="2021-08-12"),
    }
    answer = await client.get("/events", params={"datetime": window})
    assert ids(answer) == {str(made[name]) for name in found}


@pytest.mark.parametrize(
    "region",
    ["AF-KDZ", "af-kdz", "Kunduz", "قندوز", "fips:AF24", "Qunduz", "AF-KDZ.kunduz", " AF-KDZ , FJ-W"],
)
async def test_a_region_is_found_by_whatever_people_call_it(
    client: AsyncClient, make_event: MakeEvent, region: str
) -> None:
    there = await make_event(at=KUNDUZ)
    await make_event(at=HELMAND)
    assert ids(await client.get("/events", params={"region": region})) == {str(there)}


async def test_several_regions_are_or_by_comma_and_by_repetition(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    both = {str(await make_event(at=KUNDUZ)), str(await make_event(at=HELMAND))}
    await make_event(at=FIJI)
    assert ids(await client.get("/events?region=AF-KDZ,Helmand")) == both
    assert ids(await client.get("/events?region=AF-KDZ&region=AF-HEL")) == both
    assert ids(await client.get("/events?region=AFG")) == both


@pytest.mark.parametrize(
    "shape",
    [
        "POLYGON((68 36,70 36,70 38,68 38,68 36))",
        "SRID=4326;POLYGON((68 36,70 36,70 38,68 38,68 36))",
        '{"type":"Polygon","coordinates":[[[68,36],[70,36],[70,38],[68,38],[68,36]]]}',
        '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[68.5,36.5]}}',
    ],
)
async def test_intersects_takes_wkt_and_geojson(
    client: AsyncClient, make_event: MakeEvent, shape: str
) -> None:
    inside = await make_event(at=KUNDUZ)
    await make_event(at=HELMAND)
    await make_event()
    assert ids(await client.get("/events", params={"intersects": shape})) == {str(inside)}


@pytest.mark.parametrize("radius", ["50km", "50000", "50000m", "32 mi", "30nmi", "50KM"])
async def test_near_takes_a_radius_in_several_units(
    client: AsyncClient, make_event: MakeEvent, radius: str
) -> None:
    near = await make_event(at=(68.9, 36.5))
    await make_event(at=(69.5, 36.5))
    assert ids(await client.get("/events", params={"near": "68.5,36.5", "radius": radius})) == {str(near)}


async def test_match_tells_a_pin_from_what_may_have_happened_there(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    pinned = str(await make_event(at=KUNDUZ))
    somewhere = str(await make_event(at=HELMAND, within="AF", precision="country"))
    asked = {"region": "AF-KDZ"}
    assert ids(await client.get("/events", params=asked)) == {pinned}
    assert ids(await client.get("/events", params={**asked, "match": "possible"})) == {pinned, somewhere}
    assert ids(await client.get("/events", params={**asked, "match": "definite"})) == {pinned}
    assert ids(await client.get("/events", params={"region": "AF-HEL", "match": "definite"})) == set()


@pytest.mark.parametrize(
    ("asked", "matching", "other"),
    [
        ({"type": "battle,riot"}, {"type": "riot"}, {"type": "protest"}),
        ({"type": "battle, riot"}, {"type": "riot"}, {"type": "protest"}),
        ({"type": ["battle", "riot"]}, {"type": "riot"}, {"type": "protest"}),
        ({"dataset": "desk,acled"}, {"dataset": "desk"}, {"dataset": "ucdp-ged"}),
        ({"precision": "admin1"}, {"precision": "admin1"}, {"precision": "admin2"}),
        ({"verification": "disputed"}, {"verification": "disputed"}, {"verification": None}),
        ({"actor": "Army, the"}, {"side_a": ("Army, the",)}, {"side_a": ("Army",)}),
        ({"actor": ["Army", "Rebels"]}, {"side_b": ("Rebels",)}, {"side_b": ("Others",)}),
        ({"actor": "The Reds"}, {"side_a": ("Rebels",), "aliases": ("The Reds",)}, {"side_a": ("Army",)}),
        ({"deaths_min": "3"}, {"deaths": 3}, {"deaths": 2}),
        ({"deaths_min": "0"}, {"deaths": 0}, {"deaths": None}),
        ({"deaths_max": "3"}, {"deaths": 3}, {"deaths": 4}),
        ({"deaths_max": "3"}, {"deaths": 0}, {"deaths": None}),
        ({"deaths_min": "3", "deaths_max": "3"}, {"deaths": 3}, {"deaths": 4}),
        ({"contested": "true"}, {"contested": True}, {"contested": None}),
        ({"contested": "False"}, {"contested": False}, {"contested": None}),
        ({"has_geometry": "true"}, {"at": KUNDUZ}, {"within": "AF"}),
        ({"has_geometry": "false"}, {"within": "AF"}, {"at": KUNDUZ}),
        ({"q": "HOSPITAL"}, {"title": "Hospital hit"}, {"title": "School hit"}),
        ({"q": "hospital -school"}, {"title": "Hospital"}, {"title": "Hospital and school"}),
        ({"q": "Sana"}, {"place": "Şan‘ā’"}, {"place": "Aden"}),
        ({"reported": "2021-08-09/.."}, {"reported": "2021-08-09"}, {"reported": None}),
    ],
)
async def test_a_parameter_keeps_what_matches_and_leaves_out_what_does_not(
    client: AsyncClient,
    make_event: MakeEvent,
    asked: dict[str, Any],
    matching: dict[str, Any],
    other: dict[str, Any],
) -> None:
    wanted = await make_event(**matching)
    await make_event(**other)
    assert ids(await client.get("/events", params=asked)) == {str(wanted)}


async def test_an_actor_is_found_by_its_id(client: AsyncClient, make_event: MakeEvent) -> None:
    wanted = await make_event(side_a=("Army",))
    await make_event(side_a=("Rebels",))
    (army,) = (await client.get("/actors?q=army")).json()["actors"]
    assert ids(await client.get("/events", params={"actor": army["id"]})) == {str(wanted)}


async def test_conditions_are_joined_by_and(client: AsyncClient, make_event: MakeEvent) -> None:
    wanted = await make_event(at=KUNDUZ, day="2021-08-08", type="battle")
    await make_event(at=KUNDUZ, day="2021-08-08", type="riot")
    await make_event(at=KUNDUZ, day="2021-08-09", type="battle")
    await make_event(at=HELMAND, day="2021-08-08", type="battle")
    asked = {"region": "AF-KDZ", "datetime": "2021-08-08", "type": "battle"}
    assert ids(await client.get("/events", params=asked)) == {str(wanted)}


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("deaths_best", ["few", "many", "unknown"]),
        ("-deaths_best", ["many", "few", "unknown"]),
        ("+first_day", ["unknown", "few", "many"]),
        ("deaths_best,-first_day", ["few", "many", "unknown"]),
        ("-last_day, -deaths_best", ["many", "few", "unknown"]),
    ],
)
async def test_sortby_orders_and_leaves_the_unknown_for_last(
    client: AsyncClient, make_event: MakeEvent, order: str, wanted: list[str]
) -> None:
    made = {
        "few": await make_event(deaths=1, day="2021-08-02"),
        "many": await make_event(deaths=9, day="2021-08-03"),
        "unknown": await make_event(day="2021-08-01"),
    }
    answer = await client.get("/events", params={"sortby": order})
    assert in_order(answer) == [str(made[name]) for name in wanted]
    # A plus that was not escaped reaches the service as a space.
    assert in_order(await client.get(f"/events?sortby={order.replace(', ', ',')}")) == in_order(answer)


async def test_counts_are_given_only_when_asked_for(client: AsyncClient, make_event: MakeEvent) -> None:
    for day in range(1, 6):
        await make_event(day=f"2021-08-0{day}")
    exact = (await client.get("/events?count=exact&limit=2&datetime=2021-08-02/..")).json()
    assert (exact["numberMatched"], exact["numberReturned"]) == (4, 2)
    guessed = (await client.get("/events?count=estimated&limit=2")).json()
    assert isinstance(guessed["numberEstimated"], int)
    assert "numberMatched" not in guessed
    assert not {"numberMatched", "numberEstimated"} & set((await client.get("/events")).json())


async def test_properties_are_all_or_those_asked_for(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    (whole,) = (await client.get("/events")).json()["features"]
    assert tuple(whole["properties"]) == PROPERTIES
    (some,) = (await client.get("/events?properties=title,type,title")).json()["features"]
    assert some["properties"] == {"type": "battle", "title": "An event"}


async def test_the_geometry_is_the_point_the_extent_or_nothing(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(at=(64.0, 31.0), within="AF-HEL")
    kinds = {}
    for wanted in ("point", "extent", "none"):
        (feature,) = (await client.get("/events", params={"geometry": wanted})).json()["features"]
        kinds[wanted] = feature["geometry"] and feature["geometry"]["type"]
    assert kinds == {"point": "Point", "extent": "MultiPolygon", "none": None}


async def test_unknown_days_are_null_on_the_wire(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(day=None)
    (feature,) = (await client.get("/events")).json()["features"]
    assert (feature["properties"]["first_day"], feature["properties"]["last_day"]) == (None, None)


@pytest.mark.parametrize("size", ["10001", "9" * 30, "9" * 5000, "000000000000000000000000010001"])
async def test_a_limit_over_the_maximum_is_taken_as_the_maximum(
    client: AsyncClient, make_event: MakeEvent, size: str
) -> None:
    made = await make_event()
    assert ids(await client.get("/events", params={"limit": size})) == {str(made)}


@pytest.mark.parametrize("form", ["geojson", "json"])
async def test_both_names_of_the_format_give_geojson(client: AsyncClient, world: object, form: str) -> None:
    answer = await client.get("/events", params={"f": form})
    assert answer.headers["content-type"] == "application/geo+json"


async def test_the_self_link_is_the_question_escaped(client: AsyncClient, world: object) -> None:
    answer = await client.get('/events?q="a b">&region=Kunduz&bbox=1,2,3,4&sortby=%2Bfirst_day')
    href = links(answer)["self"]["href"]
    assert href == (
        "http://sitrep.test/events?q=%22a%20b%22%3E&region=Kunduz&bbox=1,2,3,4&sortby=%2Bfirst_day"
    )
    assert (await client.get(href)).json() == answer.json()
