"""`GET /documents`, `/documents/{id}`, `/actors/{id}`."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api.schemas import SCHEMAS
from app.db.tables import EventRevisionRow, EventRow
from app.domain.events import actor_id
from app.domain.evidence import StatementKind
from tests.api.asking import ids, links, problem
from tests.evidence import claim, document, estimate, figure, ref, say
from tests.world import MakeEvent

BEFORE, BETWEEN, LATER = "2021-08-09T01:00Z", "2021-08-09T02:30Z", "2021-08-09T03:30Z"
UNKNOWN = "a5f91262-ab3d-525f-bfda-3a272b22d4b8"


async def listed(client: AsyncClient, asked: str = "") -> list[str]:
    answer = await client.get(f"/documents?{asked}")
    assert answer.status_code == 200, answer.text
    return [one["source_key"] for one in answer.json()["documents"]]


async def test_documents_are_found_by_words_publisher_day_and_dataset(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(
        connection,
        document("fall", publisher="CNN", title="Kunduz falls", authors=("Clarissa Ward",)),
        document("ngo", publisher="Médecins Sans Frontières, Kabul", published_on="2021-08-05"),
        document("old", publisher="CNN", published_on="2021-07-01"),
    )
    await say(connection, document("other", publisher="Reuters", published_on="2021-08-07"), dataset="acled")

    assert await listed(client) == ["fall", "other", "ngo", "old"]
    assert await listed(client, "publisher=CNN") == ["fall", "old"]
    assert await listed(client, "publisher=cnn") == []
    assert await listed(client, "publisher=Médecins Sans Frontières, Kabul&publisher=Reuters") == [
        "other",
        "ngo",
    ]
    assert await listed(client, "published=2021-08-05/2021-08-07") == ["other", "ngo"]
    assert await listed(client, "published=../2021-08-05") == ["ngo", "old"]
    assert await listed(client, "dataset=acled") == ["other"]
    assert await listed(client, "q=kunduz") == ["fall"]
    assert await listed(client, "q=clarisa ward") == ["fall"]
    assert await listed(client, "q=medecins sans") == ["ngo"]
    assert await listed(client, "q=xyzzy") == []
    body = (await client.get("/documents")).json()
    assert set(body) == set(SCHEMAS["Documents"]["properties"])
    assert list(body["documents"][0]) == list(SCHEMAS["Document"]["properties"])


async def test_documents_are_those_of_the_moment(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    await say(connection, document("a", title="First"), document("b"))
    await say(
        connection,
        document("a", title="Second"),
        document("c", published_on="2021-08-09"),
        withdrawn=frozenset({(StatementKind.DOCUMENT, "b")}),
    )

    assert await listed(client, f"as_of={BEFORE}") == []
    assert sorted(await listed(client, f"as_of={BETWEEN}")) == ["a", "b"]
    assert await listed(client, f"as_of={LATER}") == await listed(client) == ["c", "a"]
    a = ref("document", "a")
    then = await client.get(f"/documents/{a}", params={"as_of": BETWEEN})
    assert (then.json()["title"], then.json()["revision"]) == ("First", 1)
    assert (await client.get(f"/documents/{a}")).json()["title"] == "Second"
    answer = await client.get(f"/documents/{a}", params={"as_of": BEFORE})
    assert problem(answer) == (404, "not-found", None)
    assert answer.json()["detail"].endswith("it became known at 2021-08-09T02:00:00Z.")
    gone = await client.get(f"/documents/{ref('document', 'b')}", params={"as_of": LATER})
    assert "had been withdrawn at 2021-08-09T03:30:00Z" in gone.json()["detail"]
    assert problem(await client.get(f"/documents/{ref('document', 'b')}"))[:2] == (404, "not-found")


async def test_pages_of_documents_stay_those_of_the_first_while_another_writes(
    client: AsyncClient, connection: AsyncConnection, world: object
) -> None:
    days = ["2021-08-03", "2021-08-03", "2021-08-02", "2021-08-02", "2021-08-01"]
    await say(
        connection, *(document(f"d{place}", published_on=day, title="Old") for place, day in enumerate(days))
    )
    whole = await listed(client)
    answer = await client.get("/documents?limit=2")
    seen = answer.json()["documents"]
    await say(
        connection,
        document("new", published_on="2021-08-02"),
        document("d4", published_on="2021-08-09", title="Moved"),
        withdrawn=frozenset({(StatementKind.DOCUMENT, whole[2])}),
    )
    while following := links(answer).get("next"):
        answer = await client.get(following["href"])
        seen += answer.json()["documents"]

    assert [one["source_key"] for one in seen] == whole
    assert {one["title"] for one in seen} == {"Old"}
    other = links(await client.get("/documents?limit=2"))["next"]["href"]
    assert problem(await client.get(f"{other}&publisher=CNN")) == (400, "bad-cursor", "cursor")


async def test_a_document_shows_what_comes_from_it_what_is_coded_from_it_and_its_copies(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event, other = await make_event(title="Hospital"), await make_event()
    await say(
        connection,
        document("report", publisher="CNN"),
        document("copy", publisher="Wire", copies="report"),
        document("alone"),
        claim(event, key="accusation"),
        claim(event, key="elsewhere", document="alone"),
        estimate(event, "by-claim", claim="accusation"),
        estimate(event, "by-document"),
        estimate(event, "by-other-claim", claim="elsewhere"),
        figure("unama"),
        figure("other", document="alone"),
    )
    for row in (EventRow, EventRevisionRow):
        coded = update(row).where(row.id == event).values(documents=[ref("document", "report")])
        await connection.execute(coded)
    report = ref("document", "report")

    body = (await client.get(f"/documents/{report}")).json()

    assert set(body) == set(SCHEMAS["WholeDocument"]["properties"])
    assert [one["source_key"] for one in body["claims"]] == ["accusation"]
    assert {one["source_key"] for one in body["estimates"]} == {"by-claim", "by-document"}
    assert [one["source_key"] for one in body["figures"]] == ["unama"]
    assert list(body["figures"][0]) == list(SCHEMAS["DocumentFigure"]["properties"])
    assert body["events"] == [{"id": str(event), "title": "Hospital"}]
    (copy,) = body["copies"]
    assert set(copy) == set(SCHEMAS["CitedDocument"]["properties"])
    assert (copy["id"], copy["publisher"]) == (str(ref("document", "copy")), "Wire")
    then = (await client.get(f"/documents/{report}", params={"as_of": BETWEEN})).json()
    assert {**then, "links": None} == {**body, "links": None}
    assert str(other) not in str(body)


@pytest.mark.parametrize("address", ["/documents", "/figures"])
async def test_lists_of_evidence_are_answered_304_and_refuse_what_they_do_not_know(
    client: AsyncClient, connection: AsyncConnection, world: object, address: str
) -> None:
    answer = await client.get(address)
    known = {"If-None-Match": answer.headers["etag"]}

    assert (await client.get(address, headers=known)).status_code == 304
    assert (await client.head(address)).headers["etag"] == answer.headers["etag"]
    assert problem(await client.get(f"{address}?x=1")) == (400, "unknown-parameter", "x")
    assert problem(await client.get(f"{address}?dataset=nobody")) == (400, "bad-parameter", "dataset")
    assert problem(await client.get(f"{address}?as_of=2021-08-09")) == (400, "bad-parameter", "as_of")
    assert problem(await client.get(f"{address}?cursor=x")) == (400, "bad-cursor", "cursor")
    assert problem(await client.get(address, headers={"Accept": "text/csv"}))[:2] == (406, "not-acceptable")
    assert problem(await client.get(f"{address}/{UNKNOWN}")) == (404, "not-found", None)
    assert problem(await client.get(f"{address}/nothing")) == (404, "not-found", None)
    await say(connection, document("report"), figure())
    assert (await client.get(address, headers=known)).status_code == 200


async def test_an_actor_shows_in_how_many_events_on_which_side_and_from_when_to_when(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    sides: dict[str, Any] = {"side_a": ("Taliban",), "side_b": ("Army",)}
    mine = [
        await make_event(day="2021-08-05", until="2021-08-07", **sides),
        await make_event(day="2021-08-01", side_b=("Taliban",)),
        await make_event(day=None, side_a=("Taliban",), side_b=("Taliban",)),
    ]
    await make_event(day="1999-01-01", status="retracted", **sides)
    await make_event(day="1999-01-01", side_a=("Army",))
    taliban = actor_id("ucdp-ged", "Taliban")
    await say(connection, claim(mine[0], actor_id=taliban), claim(mine[0]))

    answer = await client.get(f"/actors/{taliban}")

    body = answer.json()
    assert set(body) == set(SCHEMAS["WholeActor"]["properties"])
    assert (body["id"], body["name"], body["dataset"], body["aliases"]) == (
        str(taliban),
        "Taliban",
        "ucdp-ged",
        [],
    )
    assert (body["events"], body["side_a"], body["side_b"], body["claims"]) == (3, 2, 2, 1)
    assert (body["first_day"], body["last_day"]) == ("2021-08-01", "2021-08-07")
    assert ids(await client.get(links(answer)["events"]["href"])) == set(map(str, mine))


async def test_an_actor_is_that_of_the_moment_and_unknown_days_are_null(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(day=None, side_a=("Rebels",))
    rebels = actor_id("ucdp-ged", "Rebels")
    await say(connection, claim(event, actor_id=rebels))
    await make_event(version=2, side_a=("Rebels",), day="2021-08-08")

    async def told(**asked: str) -> tuple[Any, ...]:
        body = (await client.get(f"/actors/{rebels}", params=asked)).json()
        return tuple(body[name] for name in ("events", "first_day", "claims"))

    assert await told(as_of=BEFORE) == (1, None, 0)
    assert await told(as_of=BETWEEN) == await told() == (2, "2021-08-08", 1)
    assert problem(await client.get(f"/actors/{UNKNOWN}")) == (404, "not-found", None)
    answer = await client.get(f"/actors/{rebels}", params={"as_of": "2021-08-01T00:00Z"})
    assert problem(answer) == (404, "not-found", None)
    assert answer.json()["detail"].endswith("it became known at 2021-08-09T00:00:00Z.")
    later = links(await client.get(f"/actors/{rebels}", params={"as_of": BEFORE}))["events"]["href"]
    assert ids(await client.get(later)) == {str(event)}
