"""`GET /figures`, `GET /figures/{id}`."""

from __future__ import annotations

from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api.schemas import SCHEMAS
from app.domain.evidence import StatementKind
from tests.api.asking import links, problem
from tests.evidence import document, figure, ref, say

BEFORE, BETWEEN, LATER = "2021-08-09T01:00Z", "2021-08-09T02:30Z", "2021-08-09T03:30Z"


async def found(client: AsyncClient, asked: str = "") -> list[str]:
    answer = await client.get(f"/figures?{asked}")
    assert answer.status_code == 200, answer.text
    return [one["source_key"] for one in answer.json()["figures"]]


async def test_a_figure_shows_its_region_its_document_and_what_is_unknown_as_null(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    told = {"change_percent": 47.0, "change_first_day": "2020-01-01", "change_last_day": "2020-06-30"}
    await say(connection, document("report", url="https://example.org"), figure("unama", **told))

    (shown,) = (await client.get("/figures?region=AF&period=2021-01-01/2021-06-30")).json()["figures"]

    assert list(shown) == list(SCHEMAS["Figure"]["properties"])
    assert (shown["metric"], shown["value"], shown["low"], shown["high"]) == ("casualties", 5183, None, None)
    assert (shown["region"], shown["region_name"], shown["place"]) == ("AF", "Afghanistan", None)
    assert (shown["first_day"], shown["last_day"], shown["change_percent"]) == (
        "2021-01-01",
        "2021-06-30",
        47,
    )
    assert shown["document"] == {
        "id": str(ref("document", "report")),
        "publisher": "CNN",
        "title": None,
        "url": "https://example.org",
        "published_on": "2021-08-08",
    }
    one = await client.get(f"/figures/{ref('figure', 'unama')}")
    assert {name: value for name, value in one.json().items() if name != "links"} == shown
    assert set(links(one)) == {"self", "collection"}


async def test_figures_are_found_by_region_as_it_may_be_meant(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(
        connection,
        figure("country", region="AF", last_day="2021-06-30"),
        figure("province", region="AF-KDZ", last_day="2021-06-29"),
        figure("district", region="AF-KDZ.kunduz", last_day="2021-06-28"),
        figure("beside", region="AF-HEL", last_day="2021-06-27"),
        figure("abroad", region="TJ", last_day="2021-06-26"),
    )

    assert await found(client) == ["country", "province", "district", "beside", "abroad"]
    assert await found(client, "region=AF") == ["country", "province", "district", "beside"]
    assert await found(client, "region=AF-KDZ") == ["province", "district"]
    assert await found(client, "region=AF-KDZ&match=possible") == ["country", "province", "district"]
    assert await found(client, "region=AF-KDZ.kunduz,Tajikistan") == ["district", "abroad"]
    assert problem(await client.get("/figures?region=Atlantis")) == (400, "bad-parameter", "region")
    assert problem(await client.get("/figures?match=perhaps")) == (400, "bad-parameter", "match")


async def test_figures_are_found_by_a_period_that_overlaps(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(
        connection,
        figure("half", first_day="2021-01-01", last_day="2021-06-30"),
        figure("july", first_day="2021-07-01", last_day="2021-07-31"),
        figure("day", first_day="2021-06-30", last_day="2021-06-30"),
    )

    assert set(await found(client, "period=2021-06-30")) == {"half", "day"}
    assert await found(client, "period=2021-07-01/..") == ["july"]
    assert set(await found(client, "period=../2021-06-30")) == {"half", "day"}
    assert await found(client, "period=2021-06-30/2021-07-15&match=definite") == ["day"]
    assert set(await found(client, "period=2021-07-01T00:00:00Z/..&match=possible")) == {
        "july",
        "half",
        "day",
    }
    assert problem(await client.get("/figures?period=2021")) == (400, "bad-parameter", "period")


async def test_figures_are_found_by_metric_role_verification_and_dataset(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(
        connection,
        figure("unama"),
        figure("atmar", metric="killed", role="party_to_conflict", last_day="2021-07-01"),
        figure("doubtful", verification="explicitly_unverified", last_day="2021-07-02"),
    )
    await say(connection, figure("theirs", metric="displaced", last_day="2021-07-03"), dataset="acled")

    assert await found(client, "metric=killed,displaced") == ["theirs", "atmar"]
    assert await found(client, "claimant_role=party_to_conflict") == ["atmar"]
    assert await found(client, "verification=explicitly_unverified") == ["doubtful"]
    assert await found(client, "dataset=acled") == ["theirs"]
    assert await found(client, "metric=population") == []
    assert problem(await client.get("/figures?metric=deaths")) == (400, "bad-parameter", "metric")
    assert problem(await client.get("/figures?q=unama")) == (400, "unknown-parameter", "q")


async def test_figures_are_those_of_the_moment(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(connection, document("report", title="First"), figure("a", value=1), figure("b"))
    await say(
        connection,
        document("report", title="Second"),
        figure("a", value=2),
        withdrawn=frozenset({(StatementKind.FIGURE, "b")}),
    )

    async def told(moment: str) -> list[tuple[str, int, str]]:
        shown = (await client.get("/figures", params={"as_of": moment})).json()["figures"]
        return sorted((one["source_key"], one["value"], one["document"]["title"]) for one in shown)

    assert await told(BEFORE) == []
    assert await told(BETWEEN) == [("a", 1, "First"), ("b", 5183, "First")]
    assert await told(LATER) == [("a", 2, "Second")]
    a = ref("figure", "a")
    then = (await client.get(f"/figures/{a}", params={"as_of": BETWEEN})).json()
    assert (then["value"], then["document"]["title"], then["revision"]) == (1, "First", 1)
    answer = await client.get(f"/figures/{a}", params={"as_of": BEFORE})
    assert problem(answer) == (404, "not-found", None)
    assert answer.json()["detail"].endswith("it became known at 2021-08-09T02:00:00Z.")


async def test_pages_of_figures_stay_those_of_the_first_while_another_writes(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    days = [f"2021-06-{10 + place // 2}" for place in range(5)]
    await say(connection, *(figure(f"f{place}", last_day=day) for place, day in enumerate(days)))
    whole = await found(client)
    answer = await client.get("/figures?limit=2&region=AF")
    seen = answer.json()["figures"]
    await say(
        connection,
        figure("new", last_day="2021-06-11"),
        figure("f0", last_day="2021-06-30", value=1),
        withdrawn=frozenset({(StatementKind.FIGURE, whole[2])}),
    )
    while following := links(answer).get("next"):
        answer = await client.get(following["href"])
        seen += answer.json()["figures"]

    assert [one["source_key"] for one in seen] == whole
    assert {one["value"] for one in seen} == {5183}
