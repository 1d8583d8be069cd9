"""One event as a page for people: what a browser gets, and what it must never get."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

from httpx import AsyncClient, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.evidence import claim, document, estimate, say
from tests.world import MakeEvent

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}


async def page(client: AsyncClient, event: UUID, **asked: Any) -> Response:
    answer = await client.get(f"/events/{event}", params=asked, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer


def words(answer: Response) -> str:
    """What stands on the page, without its marks."""
    return " ".join(
        unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", answer.text, flags=re.DOTALL)).split()
    )


async def test_the_page_says_who_asserts_who_denies_and_what_could_not_be_verified(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(
        within="AF-HEL", day="2021-08-01", until="2021-08-08", date_precision="week", precision="admin1"
    )
    await say(
        connection,
        document("paper", publisher="A paper"),
        claim(
            event,
            key="accusation",
            claimant="The north",
            verification="explicitly_unverified",
            document="paper",
        ),
        claim(
            event, key="denial", claimant="The south", stance="denies", answers="accusation", document="paper"
        ),
    )

    text = words(await page(client, event))

    assert "some day between 1 and 8 August 2021; the day is not known more exactly" in text
    assert "somewhere in Helmand, Afghanistan; the place is not known more exactly" in text
    assert "The north party to conflict asserts" in text
    assert "The south" in text
    assert "denies in answer to The north" in text
    assert "the publisher: could not be verified" in text
    assert "contested" in text
    assert "No figure was reported. That is not the same as none." in text


async def test_a_claim_is_taken_back_by_its_claimant_alone(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event()
    await say(
        connection,
        document("paper"),
        claim(event, key="north", claimant="The north", document="paper"),
        claim(event, key="south", claimant="The south", stance="retracts", answers="north", document="paper"),
    )
    before = words(await page(client, event))
    await say(
        connection,
        claim(event, key="own", claimant="The north", stance="retracts", answers="north", document="paper"),
    )

    assert "this statement was taken back later" not in before
    assert "this statement was taken back later" in words(await page(client, event))


async def test_figures_that_disagree_stand_side_by_side(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event()
    await say(
        connection,
        document("paper", publisher="A paper"),
        document("other", publisher="Another"),
        estimate(event, low=3, best=5, high=9, document="paper"),
        estimate(event, best=40, document="other"),
    )

    text = words(await page(client, event))

    assert "5 (3 to 9)" in text
    assert "A paper" in text
    assert "people killed 40 stated" in text
    assert "Another" in text


async def test_nothing_that_a_source_writes_becomes_a_mark_or_a_script(
    client: AsyncClient, connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event(title="<script>alert(1)</script>")
    await say(
        connection,
        document("paper", publisher='"><img src=x>', title="Report", url="javascript:alert(1)"),
        claim(event, quote="</blockquote><script>", document="paper"),
    )

    answer = await page(client, event)

    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert "javascript:" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_whoever_names_no_html_gets_json_and_an_etag_is_known_again(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    event = await make_event()

    for accept in ("*/*", "application/geo+json", "application/json, text/html;q=0.9"):
        answer = await client.get(f"/events/{event}", headers={"accept": accept})
        assert answer.headers["content-type"] == "application/geo+json"
    named = await client.get(f"/events/{event}", params={"f": "geojson"}, headers=BROWSER)
    assert named.headers["content-type"] == "application/geo+json"
    named = await client.get(f"/events/{event}", params={"f": "html"})
    assert named.headers["content-type"] == "text/html; charset=utf-8"
    etag = (await page(client, event)).headers["etag"]
    again = await client.get(f"/events/{event}", headers={**BROWSER, "if-none-match": etag})
    assert again.status_code == 304
