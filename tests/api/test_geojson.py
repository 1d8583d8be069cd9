"""Answers are GeoJSON as RFC 7946 has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import shapely
from httpx import AsyncClient
from shapely import MultiPolygon
from shapely.geometry import shape

from tests.world import REGIONS, MakeEvent, outline


def faults(thing: Any) -> list[str]:
    """What of a document is against RFC 7946, read by hand."""
    return list(_faults(thing))


def _faults(thing: dict[str, Any]) -> Iterator[str]:
    if thing["type"] == "FeatureCollection":
        if any(name in thing for name in ("coordinates", "geometries", "geometry", "properties")):
            yield "7.1: a member of another type"
        for feature in thing["features"]:
            yield from _faults(feature)
        return
    if thing["type"] != "Feature" or not isinstance(thing["id"], str):
        yield "3.2: not a feature with an id"
    if not isinstance(thing["properties"], dict) or "geometry" not in thing or "coordinates" in thing:
        yield "3.2: members"
    if thing["geometry"] is not None:
        yield from _geometry_faults(thing["geometry"])


def _geometry_faults(geometry: dict[str, Any]) -> Iterator[str]:
    if set(geometry) != {"type", "coordinates"}:
        yield "3.1: members (a crs is none of them)"
    read = shape(geometry)
    west, south, east, north = read.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        yield "4: beyond the globe"
    if not read.is_valid:
        yield f"not valid: {shapely.is_valid_reason(read)}"
    polygons = list(read.geoms) if isinstance(read, MultiPolygon) else []
    for polygon in polygons:
        if not polygon.exterior.is_ccw or any(hole.is_ccw for hole in polygon.interiors):
            yield "3.1.6: the right-hand rule"
        if polygon.bounds[2] - polygon.bounds[0] > 359 and polygon.area < 360:
            yield "3.1.9: not split at the antimeridian"


@pytest.mark.parametrize("geometry", ["point", "extent", "none"])
async def test_every_event_is_a_valid_feature(
    client: AsyncClient, make_event: MakeEvent, geometry: str
) -> None:
    await make_event()
    await make_event(at=(180.0, -16.5), radius_m=20_000)
    await make_event(at=(-179.99, -16.5), radius_m=50_000, title='Quotes " and \\ and \u2028 and </script>')
    for region in REGIONS:
        await make_event(within=region.code, precision="admin1", side_a=("Şan‘ā’ قندوز",))

    answer = await client.get("/events", params={"geometry": geometry})

    assert faults(answer.json()) == []
    assert answer.json()["numberReturned"] == len(REGIONS) + 3
    one = await client.get(f"/events/{answer.json()['features'][0]['id']}")
    assert faults(one.json()) == []


async def test_extents_over_the_antimeridian_are_split(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(179.95, -16.5), radius_m=30_000)
    (feature,) = (await client.get("/events?geometry=extent")).json()["features"]
    parts = sorted(part.bounds[::2] for part in shapely.get_parts(shape(feature["geometry"])))
    assert len(parts) == 2
    assert (parts[0][0], parts[1][1]) == (-180, 180)


async def test_an_event_without_a_place_has_no_geometry(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    for geometry in ("point", "extent"):
        (feature,) = (await client.get("/events", params={"geometry": geometry})).json()["features"]
        assert feature["geometry"] is None


async def test_every_region_is_a_valid_feature_with_its_outline(client: AsyncClient, world: object) -> None:
    answer = await client.get("/regions")
    assert faults(answer.json()) == []
    for feature in answer.json()["features"]:
        assert shape(feature["geometry"]).equals(outline(feature["id"]))
        assert faults((await client.get(f"/regions/{feature['id']}")).json()) == []


async def test_coordinates_are_given_as_they_were_coded(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.123456789, 36.987654321))
    (feature,) = (await client.get("/events")).json()["features"]
    assert feature["geometry"]["coordinates"] == [68.123456789, 36.987654321]
