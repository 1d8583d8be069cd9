"""What is said about an event: `GET /events/{id}`, `/events/{id}/claims`, `/events/{id}/estimates`, and filters by claims."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.api.schemas import SCHEMAS
from app.db.tables import EventRow
from app.domain.evidence import StatementKind
from tests.api.asking import ids, links, problem
from tests.evidence import assessment, claim, document, estimate, event_link, ref, say
from tests.world import MakeEvent

BEFORE, BETWEEN, LATER = "2021-08-09T01:00Z", "2021-08-09T02:30Z", "2021-08-09T03:30Z"
"""Before the second version, between it and the third, after the third (`world.add_version`)."""
UNKNOWN = "a5f91262-ab3d-525f-bfda-3a272b22d4b8"


def keys(body: dict[str, Any], name: str) -> list[str]:
    return [one["source_key"] for one in body[name]]


async def test_an_event_shows_what_is_said_about_it_and_nothing_of_others(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event, other = await make_event(title="Hospital"), await make_event(title="Offensive")
    await say(
        connection,
        document("report"),
        document("ngo"),
        document("elsewhere"),
        claim(event, key="accusation"),
        claim(other, key="of-another", document="elsewhere"),
        estimate(event, "by-claim", claim="accusation"),
        estimate(event, "by-document", harm="injured", document="ngo"),
        estimate(other, "of-another"),
        assessment(event, "ours"),
        assessment(other, "of-another"),
        event_link(event, other, "link"),
    )

    body = (await client.get(f"/events/{event}")).json()

    assert set(body) == set(SCHEMAS["WholeEvent"]["properties"])
    assert keys(body, "claims") == ["accusation"]
    assert keys(body, "estimates") == ["by-claim", "by-document"]
    assert keys(body, "assessments") == ["ours"]
    assert sorted(keys(body, "documents")) == ["ngo", "report"]
    (related,) = body["related"]
    assert (related["other_id"], related["title"]) == (str(other), "Offensive")
    assert (related["kind"], related["direction"]) == ("part_of", "outgoing")
    (back,) = (await client.get(f"/events/{other}")).json()["related"]
    assert (back["other_id"], back["title"], back["direction"]) == (str(event), "Hospital", "incoming")


async def test_statements_have_the_members_that_their_schemas_name_and_unknown_is_null(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event, other = await make_event(deaths=3), await make_event()
    await say(
        connection,
        document("report"),
        claim(event),
        estimate(event),
        assessment(event),
        event_link(other, event),
    )

    body = (await client.get(f"/events/{event}")).json()

    for name, schema in (
        ("claims", "Claim"),
        ("estimates", "Estimate"),
        ("assessments", "Assessment"),
        ("documents", "Document"),
        ("related", "RelatedEvent"),
    ):
        told = SCHEMAS[schema]["properties"]
        assert body[name], name
        for one in body[name]:
            assert list(one) == list(told)
            assert {key for key, value in one.items() if value is None} <= {
                key for key, said in told.items() if said.get("nullable")
            }
    assert {body["claims"][0][name] for name in ("actor_id", "responds_to", "said_words", "note")} == {None}
    assert body["documents"][0]["origin_id"] == str(ref("document", "report"))


async def test_an_answer_follows_what_it_answers_and_threads_go_by_the_day(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event, other = await make_event(), await make_event()
    await say(
        connection,
        claim(event, key="late", said="2021-08-07"),
        claim(event, key="early", said="2021-08-01"),
        claim(event, key="denial", stance="denies", answers="early", said="2021-08-08"),
        claim(event, key="rebuttal", stance="disputes", answers="denial", said="2021-08-09"),
        claim(event, key="second", stance="corroborates", answers="early", said="2021-08-02"),
        claim(other, key="elsewhere"),
        claim(event, key="to-another", stance="denies", answers="elsewhere", said="2021-08-03"),
    )
    order = ["early", "second", "denial", "rebuttal", "to-another", "late"]

    assert keys((await client.get(f"/events/{event}")).json(), "claims") == order
    answer = await client.get(f"/events/{event}/claims")
    assert keys(answer.json(), "claims") == order
    assert (answer.json()["numberReturned"], set(links(answer))) == (6, {"self", "up"})


async def test_deaths_of_the_dataset_stand_among_the_estimates_as_its_own(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(deaths=3, source_key="244657")
    await connection.execute(
        update(EventRow).where(EventRow.id == event).values(deaths_civilians=0, deaths_high=4)
    )
    await say(connection, estimate(event, "theirs", best=9))

    answer = await client.get(f"/events/{event}/estimates")

    everyone, civilians, theirs = answer.json()["estimates"]
    told = ("id", "dataset", "source_key", "harm", "group", "low", "best", "high", "state", "basis")
    own = (None, "ucdp-ged", "244657", "killed")
    assert tuple(everyone[name] for name in told) == (*own, "all", 3, 3, 4, "reported", "coded")
    zero = (None, 0, None, "zero_or_not_reported", "coded")
    assert tuple(civilians[name] for name in told) == (*own, "civilians", *zero)
    assert (theirs["source_key"], theirs["best"], theirs["low"]) == ("theirs", 9, None)
    assert (await client.get(f"/events/{event}")).json()["estimates"] == [everyone, civilians, theirs]


async def test_deaths_that_nobody_reported_or_that_an_estimate_gives_are_no_estimate_of_the_dataset(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    silent, told = await make_event(deaths=None), await make_event(deaths=3)
    await connection.execute(
        update(EventRow).where(EventRow.id == told).values(deaths_estimate=ref("estimate", "theirs"))
    )
    await say(connection, estimate(told, "theirs"))

    assert (await client.get(f"/events/{silent}/estimates")).json()["estimates"] == []
    assert keys((await client.get(f"/events/{told}/estimates")).json(), "estimates") == ["theirs"]


async def test_as_of_an_event_shows_what_had_been_said_until_then(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event, other = await make_event(title="Before"), await make_event(title="Offensive")
    plain = (await client.get(f"/events/{event}")).json()
    await say(
        connection,
        document("report"),
        claim(event, key="a"),
        estimate(event, "n", best=9),
        assessment(event, "ours", grade="unverified"),
        event_link(event, other, "link"),
    )
    then = (await client.get(f"/events/{event}")).json()
    await say(
        connection,
        claim(event, key="a", quote="otherwise"),
        claim(event, key="denial", stance="denies", answers="a"),
        estimate(event, "n", best=12),
        assessment(event, "ours", grade="verified"),
        withdrawn=frozenset({(StatementKind.EVENT_LINK, "link")}),
    )
    now = (await client.get(f"/events/{event}")).json()
    said = ("properties", "claims", "estimates", "assessments", "documents", "related")

    for moment, expected in ((BEFORE, plain), (BETWEEN, then), (LATER, now)):
        answer = (await client.get(f"/events/{event}", params={"as_of": moment})).json()
        assert [answer[name] for name in said] == [expected[name] for name in said]
        for name in ("claims", "estimates"):
            alone = (await client.get(f"/events/{event}/{name}", params={"as_of": moment})).json()
            assert alone[name] == expected[name]
    assert (len(plain["claims"]), len(then["claims"]), len(now["claims"])) == (0, 1, 2)
    assert (len(then["related"]), now["related"]) == (1, [])
    assert (then["estimates"][0]["best"], now["estimates"][0]["best"]) == (9, 12)
    assert (now["claims"][0]["revision"], now["claims"][0]["updated"]) == (2, "2021-08-09T03:00:00+00:00")


@pytest.mark.parametrize("rest", ["", "/claims", "/estimates"])
async def test_what_was_not_known_yet_is_not_found_and_the_answer_tells_when_it_was(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent, rest: str
) -> None:
    first = await make_event()
    await say(connection, claim(first))
    late = await make_event(version=2)

    answer = await client.get(f"/events/{late}{rest}", params={"as_of": BEFORE})
    assert problem(answer) == (404, "not-found", None)
    assert answer.json()["detail"] == (
        f"The event {late} was not known here at 2021-08-09T01:00:00Z; it became known at 2021-08-09T02:00:00Z."
    )
    answer = await client.get(f"/events/{UNKNOWN}{rest}", params={"as_of": BEFORE})
    assert answer.json()["detail"] == f"There is no event {UNKNOWN}."
    assert problem(await client.get(f"/events/{UNKNOWN}{rest}")) == (404, "not-found", None)
    assert problem(await client.get(f"/events/x{rest}")) == (404, "not-found", None)
    assert problem(await client.get(f"/events/{first}{rest}?x=1")) == (400, "unknown-parameter", "x")
    assert problem(await client.get(f"/events/{first}{rest}?as_of=2999-01-01T00:00Z")) == (
        400,
        "bad-parameter",
        "as_of",
    )


async def test_the_strong_etag_changes_with_each_statement_and_with_a_related_title(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event, other = await make_event(), await make_event()
    await say(connection, document("report"), event_link(event, other))

    async def etag(**asked: str) -> str:
        return (await client.get(f"/events/{event}", params=asked)).headers["etag"]

    seen = [await etag()]
    assert (await client.get(f"/events/{event}", headers={"If-None-Match": seen[0]})).status_code == 304
    for said in (
        claim(event, key="a"),
        claim(event, key="a", quote="otherwise"),
        document("report", title="T"),
    ):
        await say(connection, said)
        seen.append(await etag())
    await connection.execute(update(EventRow).where(EventRow.id == other).values(title="Another title"))
    seen.append(await etag())
    assert len(set(seen)) == len(seen)
    assert all(one.startswith('"') for one in seen)
    assert await etag(as_of=BEFORE) == await etag(as_of=BEFORE)
    assert await etag(as_of=BETWEEN) != await etag(as_of=BEFORE)


async def test_lists_about_an_event_are_answered_304_until_something_is_written(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event()
    address = f"/events/{event}/claims"
    known = {"If-None-Match": (await client.get(address)).headers["etag"]}

    assert (await client.get(address, headers=known)).status_code == 304
    await say(connection, claim(event))
    assert (await client.get(address, headers=known)).status_code == 200


async def test_accusations_by_a_party_that_the_publisher_could_not_verify_in_a_box_in_a_week_are_one_address(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    hospital = await make_event(within="AF-HEL", day="2021-08-01", until="2021-08-08", date_precision="week")
    kunduz = await make_event(at=(68.5, 36.5), day="2021-08-08")
    fiji = await make_event(at=(179.5, -16.5), day="2021-08-08")
    earlier = await make_event(within="AF-HEL", day="2021-07-01")
    accused = {"role": "party_to_conflict", "verification": "explicitly_unverified"}
    await say(
        connection,
        claim(hospital, fiji, earlier, **accused),
        claim(kunduz, role="media", verification="explicitly_unverified"),
        claim(kunduz, role="party_to_conflict"),
    )

    asked = "claimant_role=party_to_conflict&claim_verification=explicitly_unverified"
    answer = await client.get(f"/events?bbox=60,29,75,38&datetime=2021-08-02/2021-08-08&{asked}")
    assert ids(answer) == {str(hospital)}
    assert ids(await client.get(f"/events?region=AF&{asked}&as_of={BEFORE}")) == set()
    assert ids(await client.get(f"/events?region=AF-HEL&{asked}")) == {str(hospital), str(earlier)}
    assert ids(await client.get("/events?region=AF&claimant_role=media,witness")) == {str(kunduz)}
    assert problem(await client.get("/events?claimant_role=party")) == (400, "bad-parameter", "claimant_role")


async def test_contested_and_well_sourced_events_are_asked_for(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    denied, agreed = await make_event(sources=2), await make_event(sources=1)
    await make_event()
    await say(
        connection, claim(denied, key="a"), claim(denied, stance="disputes", answers="a"), claim(agreed)
    )

    assert ids(await client.get("/events?contested=true")) == {str(denied)}
    assert ids(await client.get("/events?contested=false")) == {str(agreed)}
    assert ids(await client.get("/events?sources_min=2")) == {str(denied)}
    assert problem(await client.get("/events?sources_min=many")) == (400, "bad-parameter", "sources_min")
