"""OGC API Features Part 1 (17-069r4): core, GeoJSON, HTML, OpenAPI 3.0. Tests bear the names of requirements."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient, Response

from app.domain.collections import COLLECTIONS
from tests.api.asking import ids, in_order, links, problem, walk
from tests.api.conformance import Full

CLASSES = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
    for name in ("core", "geojson", "html", "oas30")
)
EVERY = pytest.mark.parametrize("name", list(COLLECTIONS))
GEOJSON = "application/geo+json"


async def items(client: AsyncClient, name: str, /, **params: Any) -> Response:
    return await client.get(f"/collections/{name}/items", params=params)


def parameter(document: dict[str, Any], name: str, which: str) -> dict[str, Any]:
    operation = document["paths"][f"/collections/{name}/items"]["get"]
    (found,) = (one for one in operation["parameters"] if one["name"] == which)
    assert found["in"] == "query"
    assert found["required"] is False
    return dict(found)


async def test_conformance_success(client: AsyncClient) -> None:
    answer = await client.get("/conformance")

    assert set(CLASSES) <= set(answer.json()["conformsTo"])


@EVERY
async def test_fc_md_items(client: AsyncClient, full: Full, name: str) -> None:
    answer = await client.get(f"/collections/{name}")

    body = answer.json()
    assert body["id"] == name
    assert body["title"]
    assert "http://www.opengis.net/def/crs/OGC/1.3/CRS84" in body["crs"]
    assert body["itemType"] == "feature"


@EVERY
async def test_fc_md_items_links(client: AsyncClient, full: Full, name: str) -> None:
    body = (await client.get(f"/collections/{name}")).json()

    types = {link["type"] for link in body["links"] if link["rel"] == "items"}
    assert {GEOJSON, "text/html; charset=utf-8"} <= types
    for link in body["links"]:
        if link["rel"] == "items":
            answer = await client.get(link["href"])
            assert answer.status_code == 200
            assert answer.headers["content-type"].partition(";")[0] == link["type"].partition(";")[0]


@pytest.mark.parametrize(
    ("name", "box", "interval"),
    [
        ("events", [69.2, -17.0, 179.5, 34.5], ["2020-01-01T00:00:00Z", "2021-08-08T00:00:00Z"]),
        ("regions", [-180.0, -90.0, 180.0, 90.0], [None, None]),
        ("figures", [-180.0, -19.0, 180.0, 38.0], ["2020-01-01T00:00:00Z", "2021-06-30T00:00:00Z"]),
        ("documents", [-180.0, -90.0, 180.0, 90.0], ["2020-02-01T00:00:00Z", "2021-08-09T00:00:00Z"]),
        ("actors", [-180.0, -90.0, 180.0, 90.0], [None, None]),
    ],
)
async def test_fc_md_extent(
    client: AsyncClient, full: Full, name: str, box: list[float], interval: list[str | None]
) -> None:
    body = (await client.get(f"/collections/{name}")).json()

    spatial, temporal = body["extent"]["spatial"], body["extent"]["temporal"]
    assert spatial == {"bbox": [box], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
    assert temporal["interval"] == [interval]


@EVERY
async def test_fc_limit_definition(client: AsyncClient, name: str) -> None:
    limit = parameter((await client.get("/openapi.json")).json(), name, "limit")

    assert limit["schema"]["type"] == "integer"
    assert {"minimum", "maximum", "default"} <= set(limit["schema"])
    assert limit["schema"]["minimum"] == 1


@EVERY
async def test_fc_bbox_definition(client: AsyncClient, name: str) -> None:
    bbox = parameter((await client.get("/openapi.json")).json(), name, "bbox")

    assert bbox["schema"] == {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    assert (bbox["style"], bbox["explode"]) == ("form", False)


@EVERY
async def test_fc_time_definition(client: AsyncClient, name: str) -> None:
    datetime = parameter((await client.get("/openapi.json")).json(), name, "datetime")

    assert datetime["schema"]["type"] == "string"


@EVERY
async def test_fc_limit_response_1(client: AsyncClient, full: Full, name: str) -> None:
    assert len(in_order(await items(client, name, limit=1))) == 1
    # More than the most is no error.
    everything = ids(await items(client, name))
    assert ids(await items(client, name, limit=1_000_000)) == everything
    for wrong in ("0", "-1", "one", "1.5", ""):
        assert problem(await items(client, name, limit=wrong)) == (400, "bad-parameter", "limit")


@pytest.mark.parametrize("box", ["60,29,75,38", "60,29,0,75,38,9000"])
async def test_fc_bbox_response(client: AsyncClient, full: Full, box: str) -> None:
    """Those that touch it, and those that have no place."""
    events = ids(await items(client, "events", bbox=box))
    assert events == {str(full.kabul), str(full.nowhere)}
    figures = ids(await items(client, "figures", bbox=box))
    assert figures == {full.identities["figures"]}
    regions = ids(await items(client, "regions", bbox="68.2,36.2,68.4,36.4"))
    assert regions == {"AF", "AF-KDZ", "AF-KDZ.kunduz"}
    for placeless in ("documents", "actors"):
        assert ids(await items(client, placeless, bbox=box)) == ids(await items(client, placeless))


async def test_fc_bbox_response_over_the_antimeridian(client: AsyncClient, full: Full) -> None:
    assert str(full.fiji) in ids(await items(client, "events", bbox="178,-20,-178,-16"))
    assert str(full.kabul) not in ids(await items(client, "events", bbox="178,-20,-178,-16"))
    assert "FJ-N" in ids(await items(client, "regions", bbox="179.5,-20,-179.5,-16"))
    assert "FJ-W" not in ids(await items(client, "regions", bbox="179.5,-20,-179.5,-16"))


@pytest.mark.parametrize(
    "when",
    [
        "2021-08-08",
        "2021-08-08T10:00:00Z",
        "2021-08-01/2021-08-09",
        "2021-08-01/..",
        "../2021-08-09",
        "2021-08-01/",
        "2021-08-08/P2D",
    ],
)
async def test_fc_time_response(client: AsyncClient, full: Full, when: str) -> None:
    """Those with a day in it, and those that have no days."""
    events = ids(await items(client, "events", datetime=when))
    assert {str(full.kabul), str(full.nowhere)} <= events
    assert (str(full.fiji) in events) == when.startswith("..")
    for timeless in ("regions", "actors"):
        assert ids(await items(client, timeless, datetime=when)) == ids(await items(client, timeless))


async def test_fc_time_response_of_periods_and_of_single_days(client: AsyncClient, full: Full) -> None:
    assert ids(await items(client, "figures", datetime="2021-06-30")) == {full.identities["figures"]}
    assert ids(await items(client, "figures", datetime="2021-07-01/..")) == set()
    assert ids(await items(client, "documents", datetime="2021-08-09")) == {full.identities["documents"]}
    assert ids(await items(client, "documents", datetime="2021-08-08")) == set()


@EVERY
async def test_parameters_are_all_to_hold(client: AsyncClient, full: Full, name: str) -> None:
    wanted = ids(await items(client, name, bbox="60,29,75,38")) & ids(
        await items(client, name, datetime="2021-01-01/..")
    )

    assert ids(await items(client, name, bbox="60,29,75,38", datetime="2021-01-01/..")) == wanted


@EVERY
async def test_fc_response(client: AsyncClient, full: Full, name: str) -> None:
    answer = await items(client, name)

    body = answer.json()
    assert answer.headers["content-type"] == GEOJSON
    assert body["type"] == "FeatureCollection"
    assert all({"type", "id", "geometry", "properties"} <= set(one) for one in body["features"])
    assert full.identities[name] in ids(answer)


@EVERY
async def test_fc_links_and_fc_number(client: AsyncClient, full: Full, name: str) -> None:
    answer = await items(client, name, limit=1, count="exact")

    body = answer.json()
    assert body["numberReturned"] == len(body["features"]) == 1
    everything = [one for page in await walk(client, answer) for one in page]
    assert body["numberMatched"] == len(everything) == len(set(everything))
    assert links(answer)["self"]["href"].endswith(f"/collections/{name}/items?limit=1&count=exact")
    assert [link["type"] for link in body["links"] if link["rel"] == "alternate"]
    assert all({"rel", "type", "href"} <= set(link) for link in body["links"])


@EVERY
async def test_f_success_and_f_links(client: AsyncClient, full: Full, name: str) -> None:
    answer = await client.get(f"/collections/{name}/items/{full.identities[name]}")

    assert answer.headers["content-type"] == GEOJSON
    found = answer.json()
    assert found["id"] == full.identities[name]
    (listed,) = (one for one in (await items(client, name)).json()["features"] if one["id"] == found["id"])
    assert found["properties"] == listed["properties"]
    assert found["geometry"] == listed["geometry"]
    here = links(answer)
    assert here["self"]["href"] == f"http://sitrep.test/collections/{name}/items/{found['id']}"
    assert here["alternate"]["type"] == "text/html; charset=utf-8"
    assert here["collection"]["href"] == f"http://sitrep.test/collections/{name}"


@EVERY
async def test_an_item_that_is_none_is_not_found(client: AsyncClient, full: Full, name: str) -> None:
    for given in ("no-such", "00000000-0000-0000-0000-000000000000"):
        answer = await client.get(f"/collections/{name}/items/{given}")
        assert problem(answer)[:2] == (404, "not-found")


@EVERY
async def test_query_param_unknown(client: AsyncClient, full: Full, name: str) -> None:
    for path in (
        f"/collections/{name}",
        f"/collections/{name}/items",
        f"/collections/{name}/items/{full.identities[name]}",
    ):
        answer = await client.get(path, params={"surprise": "1"})
        assert problem(answer) == (400, "unknown-parameter", "surprise")


@EVERY
@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("bbox", "1,2,3"),
        ("bbox", "a,b,c,d"),
        ("bbox", "1,50,2,40"),
        ("datetime", "yesterday"),
        ("datetime", "2021-02-30"),
        ("f", "kml"),
    ],
)
async def test_query_param_invalid(
    client: AsyncClient, full: Full, name: str, given: str, value: str
) -> None:
    assert problem(await items(client, name, **{given: value})) == (400, "bad-parameter", given)


@EVERY
async def test_html_content(client: AsyncClient, full: Full, name: str) -> None:
    """A page shows the items, and leads to the next."""
    page = await items(client, name, f="html", limit=1)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    (first,) = in_order(await items(client, name, limit=1))
    assert f"/{'events' if name == 'events' else f'collections/{name}/items'}/{first}" in page.text
    following = links(await items(client, name, limit=1)).get("next")
    assert ('rel="next"' in page.text) == (following is not None)
    one = await client.get(f"/collections/{name}/items/{full.identities[name]}", params={"f": "html"})
    assert one.status_code == 200
    assert one.headers["content-type"] == "text/html; charset=utf-8"


@EVERY
async def test_oas30_completeness(client: AsyncClient, full: Full, name: str) -> None:
    """Every parameter that the description names is let in, and every answer is described."""
    document = (await client.get("/openapi.json")).json()
    operation = document["paths"][f"/collections/{name}/items"]["get"]

    for one in operation["parameters"]:
        if one["in"] != "query" or one["name"] == "cursor":
            continue
        example = one["example"]
        written = ",".join(map(str, example)) if isinstance(example, list) else str(example)
        answer = await items(
            client, name, **{one["name"]: written.lower() if isinstance(example, bool) else written}
        )
        detail = answer.json().get("detail", "") if answer.status_code != 200 else ""
        assert (
            answer.status_code == 200
            or "needs 'radius'" in detail
            or "needs 'near'" in detail
            or "dataset" in detail
        ), (one, detail)
