"""Tiles of events over HTTP."""

from __future__ import annotations

import gzip
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import mapbox_vector_tile
import pytest
from httpx import AsyncClient, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api import tiling
from app.api.grammar_maps import FILTER_PARAMETERS
from app.api.tilesets import EVENT_LAYERS
from app.tiles import events
from tests.api.asking import problem
from tests.evidence import claim, document, say
from tests.world import MakeEvent, add_version

KUNDUZ = "/tiles/events/9/353/200.mvt"
"""The tile round 68.5, 36.5."""


def layers(answer: Response) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    found: dict[str, Any] = mapbox_vector_tile.decode(answer.content, default_options={"y_coord_down": True})
    return found


def points(answer: Response) -> set[UUID]:
    assert answer.status_code in {200, 204}
    found = layers(answer).get("points", {"features": []}) if answer.status_code == 200 else {"features": []}
    return {UUID(one["properties"]["id"]) for one in found["features"]}


async def test_a_tile_holds_the_events_in_it(client: AsyncClient, make_event: MakeEvent) -> None:
    event = await make_event(at=(68.5, 36.5), radius_m=100)
    await make_event(at=(60.5, 36.5), radius_m=100)

    answer = await client.get(KUNDUZ)

    assert points(answer) == {event}
    assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"


async def test_ogc_has_the_row_before_the_column(client: AsyncClient, make_event: MakeEvent) -> None:
    event = await make_event(at=(68.5, 36.5), radius_m=100)

    assert points(await client.get("/collections/events/tiles/WebMercatorQuad/9/200/353")) == {event}
    assert (await client.get("/collections/events/tiles/WebMercatorQuad/9/353/200")).status_code == 204


async def test_a_tile_is_alike_made_at_once_or_in_a_thread(
    client: AsyncClient, make_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await make_event(at=(68.5, 36.5), radius_m=100)
    await make_event(at=(68.51, 36.52), radius_m=100)
    threads: list[object] = []

    class Hands(ThreadPoolExecutor):
        def submit(self, *args: Any, **more: Any) -> Future[Any]:
            threads.append(args)
            return super().submit(*args, **more)

    with Hands(1) as hands:
        monkeypatch.setattr(tiling, "_HANDS", hands)
        # Now columns and outlines are there.
        await client.get("/tiles/events/9/0/0.mvt")
        threads.clear()
        at_once = await client.get(KUNDUZ)
        assert threads == []
        monkeypatch.setattr(events, "FEW_EVENTS", -1)
        in_thread = await client.get(f"{KUNDUZ}?match=point")
        assert len(threads) == 1

    assert at_once.content == in_thread.content
    assert {name: len(layer["features"]) for name, layer in layers(at_once).items()} == {
        "points": 1,
        "stacks": 1,
    }


async def test_a_tile_without_events_is_204(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.5, 36.5), radius_m=100)

    answer = await client.get("/tiles/events/9/0/0.mvt")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"]


async def test_a_tile_that_the_client_has_is_304_until_something_is_written(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    await make_event(at=(68.5, 36.5), radius_m=100)
    first = await client.get(KUNDUZ)
    known = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(KUNDUZ, headers=known)).status_code == 304
    assert (await client.get(f"{KUNDUZ}?type=battle", headers=known)).status_code == 200

    await add_version(connection, 2)
    event = await make_event(at=(68.51, 36.51), radius_m=100, version=2)
    answer = await client.get(KUNDUZ, headers=known)

    assert answer.status_code == 200
    assert event in points(answer)


async def test_a_tile_is_compressed_for_those_who_take_it_so(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event(at=(68.5, 36.5), radius_m=100)

    zipped = await client.get(KUNDUZ, headers={"Accept-Encoding": "gzip"})
    plain = await client.get(KUNDUZ, headers={"Accept-Encoding": "identity"})

    assert zipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    # httpx has decompressed the first.
    assert zipped.content == plain.content
    assert int(zipped.headers["content-length"]) < len(gzip.compress(plain.content)) + 100


ASKED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "bbox=68,36,68.51,37": ({}, {}),
    "datetime=2021-08-08": ({}, {"day": date(2021, 8, 9), "until": date(2021, 8, 9)}),
    "region=AF-KDZ": ({}, {"within": "AF", "at": None}),
    "intersects=POLYGON((68 36,68.6 36,68.6 37,68 37,68 36))": ({}, {"at": (68.61, 36.5)}),
    "near=68.5,36.5&radius=5km": ({}, {"at": (68.6, 36.5)}),
    "datetime=2021-08-08&match=definite": ({}, {"until": date(2021, 8, 14), "date_precision": "week"}),
    "region=AF-KDZ&match=definite": ({}, {"near_regions": ("AF-HEL", "AF-KDZ")}),
    "type=battle": ({}, {"type": "protest"}),
    "dataset=ucdp-ged": ({}, {"dataset": "desk"}),
    "precision=settlement": ({}, {"precision": "exact"}),
    "verification=verified": ({"verification": "verified"}, {"verification": "disputed"}),
    "actor=Taliban": ({"side_a": ("Taliban",)}, {"side_a": ("Others",)}),
    "deaths_min=5": ({"deaths": 5}, {"deaths": None}),
    "deaths_max=5": ({"deaths": 5}, {"deaths": None}),
    "contested=true": ({"contested": True}, {"contested": None}),
    "has_geometry=true": ({}, {"at": None, "within": "AF-KDZ"}),
    "q=hospital": ({"title": "A hospital"}, {"title": "A school"}),
    "reported=2021-08-01/2021-08-31": ({"reported": date(2021, 8, 9)}, {"reported": None}),
    "sources_min=2": ({"sources": 2}, {"sources": None}),
    "filter=deaths_best>3": ({"deaths": 5}, {"deaths": 3}),
}


@pytest.mark.parametrize("asked", ASKED)
async def test_tiles_take_the_filters_of_events(
    client: AsyncClient, make_event: MakeEvent, asked: str
) -> None:
    meant, other = ASKED[asked]
    event = await make_event(**{"at": (68.5, 36.5), "radius_m": 100, **meant})
    await make_event(**{"at": (68.52, 36.52), "radius_m": 100, **other})

    answer = await client.get(f"{KUNDUZ}?{asked}")

    listed = {UUID(one["id"]) for one in (await client.get(f"/events?{asked}")).json()["features"]}
    assert points(answer) == listed == {event}


async def test_all_filters_were_asked_of_tiles(client: AsyncClient) -> None:
    asked = {name for one in ASKED for name in (pair.partition("=")[0] for pair in one.split("&"))}
    elsewhere = {"as_of", "bbox-crs", "filter-lang", "filter-crs", "claimant_role", "claim_verification"}
    assert asked | elsewhere == set(FILTER_PARAMETERS)


async def test_a_tile_of_what_a_party_said_and_nobody_could_verify(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(at=(68.5, 36.5), radius_m=100)
    await make_event(at=(68.52, 36.52), radius_m=100)
    accusation = claim(event, role="party_to_conflict", verification="explicitly_unverified")
    await say(connection, document("report"), accusation)

    answer = await client.get(
        f"{KUNDUZ}?claimant_role=party_to_conflict&claim_verification=explicitly_unverified"
    )

    assert points(answer) == {event}


async def test_a_tile_as_of_a_moment_holds_what_was_known_then(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    first = await make_event(at=(68.5, 36.5), radius_m=100)
    await add_version(connection, 2)
    second = await make_event(at=(68.52, 36.52), radius_m=100, version=2)

    assert points(await client.get(KUNDUZ)) == {first, second}
    assert points(await client.get(f"{KUNDUZ}?as_of=2021-08-09T01:00Z")) == {first}
    assert points(await client.get(f"{KUNDUZ}?as_of=2021-08-09T03:00Z")) == {first, second}


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/events/15/0/0.mvt",
        "/tiles/events/3/8/0.mvt",
        "/tiles/events/3/0/8.mvt",
        "/tiles/events/a/0/0.mvt",
    ],
)
async def test_what_is_no_tile_is_404_with_a_sentence(client: AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert problem(answer) == (404, "not-found", None)
    assert answer.json()["detail"].endswith(".")


async def test_what_says_how_a_list_looks_is_no_parameter_of_a_tile(client: AsyncClient) -> None:
    answer = await client.get(f"{KUNDUZ}?limit=5")

    assert problem(answer) == (400, "unknown-parameter", "limit")


async def test_tilejson_leads_to_tiles_of_the_same_question(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    event = await make_event(at=(68.5, 36.5), radius_m=100, type="air_strike")
    await make_event(at=(68.52, 36.52), radius_m=100)

    answer = await client.get("/tiles/events.json", params={"type": "air_strike", "q": "an event"})

    body = answer.json()
    assert (body["tilejson"], body["minzoom"], body["maxzoom"]) == ("3.0.0", 0, 14)
    # Areas lie beyond all points.
    assert body["bounds"] == [-180.0, -85.0511, 180.0, 85.0511]
    (template,) = body["tiles"]
    assert urlsplit(template).netloc == "sitrep.test"
    tile = await client.get(template.replace("{z}/{x}/{y}", "9/353/200"))
    assert points(tile) == {event}
    # What is told of the layers is what is in them.
    told = {one["id"]: one["fields"] for one in body["vector_layers"]}
    for name, layer in layers(tile).items():
        for feature in layer["features"]:
            assert set(feature["properties"]) <= set(told[name])
    assert set(told) == {one.name for one in EVENT_LAYERS}


async def test_what_tiles_refuse_their_tilejson_refuses(client: AsyncClient) -> None:
    for path in (
        "/tiles/events.json",
        "/collections/events/tiles",
        "/collections/events/tiles/WebMercatorQuad",
    ):
        assert problem(await client.get(f"{path}?type=war")) == (400, "bad-parameter", "type")
