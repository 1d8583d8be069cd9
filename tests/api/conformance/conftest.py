"""A small world in which every collection has items: for tests that are named after the requirements of open standards."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.api.conformance import Full
from tests.evidence import document, figure, say
from tests.world import MakeEvent


@pytest.fixture
async def full(connection: AsyncConnection, make_event: MakeEvent) -> Full:
    """Events, documents, figures, actors and regions."""
    kabul = await make_event(at=(69.2, 34.5), title="Kabul", deaths=12, side_a=("Taliban",))
    fiji = await make_event(
        at=(179.5, -17.0), day="2020-01-01", until="2020-01-03", type="air_strike", title="Fiji", deaths=3
    )
    nowhere = await make_event(day=None, until=None, title="Nowhere", precision="unknown")
    await say(
        connection,
        document("report", published_on="2021-08-09", title="A report"),
        document("other", published_on="2020-02-01", title="Another"),
        figure("casualties", document="report"),
        figure(
            "treated", document="other", region="FJ", first_day="2020-01-01", last_day="2020-01-31", value=12
        ),
    )
    return Full(kabul=kabul, fiji=fiji, nowhere=nowhere)
