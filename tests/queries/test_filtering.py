"""Each filter on a few events, some of which must not match."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.tables import EventRow
from app.domain.areas import Box, Circle, Shape
from app.domain.days import Days
from app.domain.events import actor_id
from app.domain.evidence import ClaimantRole, PublisherVerification, StatementKind
from app.domain.filters import EventFilter, Match
from app.domain.words import web_search
from app.queries.filtering import conditions
from app.queries.history import events_at
from tests.evidence import claim, say
from tests.world import MakeEvent, outline, region_wanted


async def ids(connection: AsyncConnection, **wanted: Any) -> set[UUID]:
    return set(await connection.scalars(select(EventRow.id).where(*conditions(EventFilter(**wanted)))))


async def test_a_box_over_the_antimeridian_finds_events_on_both_sides(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    fiji = await make_event(at=(179.5, -17.0))
    samoa = await make_event(at=(-172.0, -13.8))
    await make_event(at=(0.0, -15.0))

    assert await ids(connection, box=Box.parse("178,-20,-170,-10")) == {fiji, samoa}


@pytest.mark.parametrize("match", [Match.POINT, Match.POSSIBLE])
async def test_a_box_whose_west_edge_is_the_antimeridian_holds_that_edge(
    connection: AsyncConnection, make_event: MakeEvent, match: Match
) -> None:
    edge = await make_event(at=(180.0, -18.5), within="FJ")
    await make_event(at=(177.5, -18.5), within="FJ-W")

    assert await ids(connection, box=Box.parse("180,-19,-179,-18"), match=match) == {edge}


async def test_a_box_holds_its_edges_and_nothing_a_centimetre_beyond(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    edges = {
        await make_event(at=at) for at in ((63.1, 30), (63.7, 30), (63.3, 29.9), (63.3, 30.3), (63.7, 30.3))
    }
    for at in ((63.0999999, 30), (63.7000001, 30), (63.3, 29.8999999), (63.3, 30.3000001)):
        await make_event(at=at)

    assert await ids(connection, box=Box.parse("63.1,29.9,63.7,30.3")) == edges


async def test_an_event_without_a_point_is_in_each_box_that_its_region_touches_and_a_placeless_one_in_every_box(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    helmand = await make_event(within="AF-HEL")
    anywhere = await make_event()
    await make_event(within="AF-KDZ")

    assert await ids(connection, box=Box.parse("64,30,64.1,30.1")) == {helmand, anywhere}
    assert await ids(connection, area=Shape.parse("POLYGON((64 30,65 30,65 31,64 30))")) == set()
    assert await ids(connection, near=Circle.parse("64,30", "50km")) == set()


async def test_events_on_one_centroid_are_told_apart_by_what_they_stand_for(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    here: Any = (68.5, 36.5)
    settlement = await make_event(at=here, radius_m=5_000)
    district = await make_event(at=here, within="AF-KDZ.kunduz")
    province = await make_event(at=here, within="AF-KDZ")
    country = await make_event(at=here, within="AF")
    square = Shape(shape=outline("AF-KDZ.kunduz"))

    assert await ids(connection, area=square) == {settlement, district, province, country}
    assert await ids(connection, area=square, match=Match.POSSIBLE) == {
        settlement,
        district,
        province,
        country,
    }
    assert await ids(connection, area=square, match=Match.DEFINITE) == {settlement, district}


async def test_what_lies_in_a_hole_is_not_in_the_polygon(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    round_it = await make_event(at=(20.0, -30.0), within="ZA")
    await make_event(at=(28.0, -29.0), within="LS")
    ring = Shape(shape=outline("ZA"))

    assert await ids(connection, area=ring) == {round_it}
    assert await ids(connection, area=ring, match=Match.DEFINITE) == {round_it}


async def test_a_region_in_several_parts_is_definite_only_where_all_of_them_lie_in_the_area(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    fiji = await make_event(within="FJ")
    antarctica = await make_event(within="AQ")

    assert await ids(connection, box=Box.parse("176,-20,180,-15"), match=Match.DEFINITE) == set()
    assert await ids(connection, box=Box.parse("176,-20,-177,-15"), match=Match.DEFINITE) == {fiji}
    assert await ids(connection, box=Box.parse("-180,-90,90,-50"), match=Match.DEFINITE) == set()
    assert await ids(connection, box=Box.parse("-180,-90,180,-50"), match=Match.DEFINITE) == {antarctica}


async def test_one_of_two_countries_is_possible_in_either_and_definite_only_in_an_area_that_holds_both(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    border = await make_event(near_regions=("AF-KDZ", "TJ"))
    await make_event(within="ZA")
    both = Box.parse("60,29,75,41")

    assert await ids(connection, regions=(region_wanted("TJ"),), match=Match.POSSIBLE) == {border}
    assert await ids(connection, regions=(region_wanted("FJ"),), match=Match.POSSIBLE) == set()
    assert await ids(connection, box=Box.parse("0,0,1,1"), match=Match.POSSIBLE) == set()
    assert await ids(connection, box=both, match=Match.DEFINITE) == {border}
    assert await ids(connection, box=Box.parse("60,29,75,38"), match=Match.DEFINITE) == set()


async def test_a_month_that_is_a_guess_is_definite_only_in_a_window_that_holds_all_of_it(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    siege = await make_event(day="2021-07-20", until="2021-08-20", date_precision="day")
    guess = await make_event(day="2021-08-01", until="2021-08-31", date_precision="month")
    await make_event(day="2021-09-01")
    week, august = Days.parse("2021-08-08/P7D"), Days.parse("2021-08-01/P1M")

    assert await ids(connection, days=week) == {siege, guess}
    assert await ids(connection, days=week, match=Match.DEFINITE) == {siege}
    assert await ids(connection, days=august, match=Match.DEFINITE) == {siege, guess}


async def test_an_event_of_years_is_found_on_a_day_in_its_middle(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    years = await make_event(day="2001-10-07", until="2021-08-30")
    unknown = await make_event(day=None)
    await make_event(day="2001-10-07", until="2001-10-08")

    assert await ids(connection, days=Days.parse("2011-05-02")) == {years, unknown}


async def test_an_instant_counts_as_its_day_and_possible_gives_it_a_day_more(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    before, same, after = [await make_event(day=f"2021-08-0{day}") for day in (7, 8, 9)]
    await make_event(day="2021-08-06")
    instant = Days.parse("2021-08-08T20:00:00Z")

    assert await ids(connection, days=instant) == {same}
    assert await ids(connection, days=instant, match=Match.POSSIBLE) == {before, same, after}


async def test_an_actor_is_found_by_name_alias_or_id_and_names_may_hold_commas(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    forces = "Forces of Hissène Habré, former"
    habre = await make_event(side_b=(forces,))
    taliban = await make_event(side_a=("Taliban",), aliases=("Taleban, the",))
    await make_event(side_a=("Taliban faction",))

    assert await ids(connection, actors=(forces,)) == {habre}
    assert await ids(connection, actors=("Taliban",)) == {taliban}
    assert await ids(connection, actors=("Taleban, the",)) == {taliban}
    assert await ids(connection, actors=(str(actor_id("ucdp-ged", "Taliban")), forces)) == {habre, taliban}
    assert await ids(connection, actors=("taliban",)) == set()


async def test_unknown_deaths_match_no_number(connection: AsyncConnection, make_event: MakeEvent) -> None:
    none, ten = await make_event(deaths=0), await make_event(deaths=10)
    await make_event(deaths=None)

    assert await ids(connection, deaths_min=0) == {none, ten}
    assert await ids(connection, deaths_max=0) == {none}
    assert await ids(connection, deaths_min=10, deaths_max=10) == {ten}


async def test_words_are_sought_without_accents_in_every_text(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    title = await make_event(title="Hospital hit in Lashkar Gah")
    actor = await make_event(side_a=("Forces of Hissène Habré",))
    await make_event(title="Nothing of the kind")

    assert await ids(connection, words=web_search("HOSPITAL")) == {title}
    assert await ids(connection, words=web_search("hissene habre")) == {actor}
    assert await ids(connection, words=web_search('"lashkar gah" OR Habré')) == {title, actor}
    assert await ids(connection, words=web_search("hospital -hit")) == set()
    assert await ids(connection, words=web_search('"gah lashkar"')) == set()


async def test_events_are_found_by_who_claims_and_what_the_publisher_says_of_it(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    accused, told, both, _ = [await make_event() for _ in range(4)]
    party, unverified = ClaimantRole.PARTY_TO_CONFLICT, PublisherVerification.EXPLICITLY_UNVERIFIED
    await say(
        connection,
        claim(accused, both, role=party, verification=unverified),
        claim(told, role=party),
        claim(told, role="media", verification=unverified),
        claim(both, role="witness", verification="partly_verified"),
    )

    assert await ids(connection, claimant_roles=(party,)) == {accused, told, both}
    assert await ids(connection, claim_verifications=(unverified,)) == {accused, told, both}
    # One claim that is both, and not one for each.
    assert await ids(connection, claimant_roles=(party,), claim_verifications=(unverified,)) == {
        accused,
        both,
    }
    roles = (ClaimantRole.WITNESS, ClaimantRole.MEDIA)
    assert await ids(connection, claimant_roles=roles) == {told, both}
    assert await ids(connection, claimant_roles=(ClaimantRole.OFFICIAL,)) == set()


async def test_a_claim_that_was_taken_back_finds_its_event_as_of_before(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    event = await make_event()
    made = await say(connection, claim(event, key="a", role="witness"))
    ended = await say(connection, withdrawn=frozenset({(StatementKind.CLAIM, "a")}))
    witness = (ClaimantRole.WITNESS,)

    async def found(at: int | None) -> set[UUID]:
        row = events_at(at)
        asked = conditions(EventFilter(claimant_roles=witness, at=at))
        return set(await connection.scalars(select(row.c.id).where(*asked)))

    assert [await found(at) for at in (made - 1, made, ended, None)] == [set(), {event}, set(), set()]


async def test_sources_are_counted_from_a_number_on_and_what_nobody_counted_never_matches(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    one, two = await make_event(sources=1), await make_event(sources=2)
    await make_event(sources=None)

    assert await ids(connection, sources_min=0) == {one, two}
    assert await ids(connection, sources_min=2) == {two}


async def test_contested_is_true_false_or_not_known(
    connection: AsyncConnection, make_event: MakeEvent
) -> None:
    denied, agreed = await make_event(), await make_event()
    await make_event()
    await say(
        connection,
        claim(denied, key="a"),
        claim(denied, stance="denies", answers="a"),
        claim(agreed),
    )

    assert await ids(connection, contested=True) == {denied}
    assert await ids(connection, contested=False) == {agreed}
