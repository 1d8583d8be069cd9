"""The plan of every filter names its index, over 60,000 events; and the plan of the sixth run is that of the first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.engine import create_engine
from app.domain.areas import Box
from app.domain.cursors import Cursor
from app.domain.days import Days
from app.domain.events import EventType
from app.domain.filters import EventFilter, View
from app.formats import geojson
from app.queries import documents, events, evidence, figures
from app.queries.documents import DocumentFilter
from app.queries.figures import FigureFilter
from tests.queries.forms import OF_DOCUMENT, OF_EVENT, by_id
from tests.queries.questions import ASKED, ONE_EVENT, Asked
from tests.queries.strategies import FIRST
from tests.world import load_world, region_wanted

EXTENTS = """
INSERT INTO extent
SELECT gen_random_uuid(), ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(random() * 359 - 179.5, random() * 170 - 85), 4326), 0.2, 4))
FROM generate_series(1, 2000)
"""
EVENTS = """
INSERT INTO event (
    id, dataset, source_key, type, title, first_day, last_day, date_precision, geom, precision, country, admin1, admin2,
    extent_region, near_regions, extent_id, deaths_best, deaths_state, first_reported, version, search
)
SELECT
    gen_random_uuid(), CASE WHEN n % 3000 = 0 THEN 'desk' ELSE 'ucdp-ged' END, n::text,
    CASE WHEN n % 2000 = 0 THEN 'abduction' WHEN n % 3 = 0 THEN 'air_strike' ELSE 'battle' END, 'An event',
    day, day + CASE WHEN n % 100 = 0 THEN 90 WHEN n % 4 = 0 THEN 3 ELSE 0 END, 'day',
    CASE WHEN n % 500 <> 0 THEN ST_SetSRID(ST_MakePoint(random() * 360 - 180, random() * 180 - 90), 4326) END, 'settlement',
    CASE WHEN n % 1500 = 0 THEN 'LS' WHEN n % 2 = 0 THEN 'AF' ELSE 'ZA' END,
    CASE WHEN n % 1000 = 0 THEN 'AF-KDZ' WHEN n % 2 = 0 THEN 'AF-HEL' END,
    CASE WHEN n % 4000 = 0 THEN 'AF-KDZ.kunduz' END,
    CASE WHEN n % 1000 = 0 THEN 'AF-KDZ' WHEN n % 2000 = 1 THEN 'AF' WHEN n % 2 = 0 THEN 'region ' || n % 700 END,
    CASE WHEN n % 1000 = 3 THEN ARRAY['AF-KDZ.kunduz', 'TJ'] WHEN n % 50 = 5 THEN ARRAY['LS', 'ZA'] END,
    CASE WHEN n % 1000 <> 0 AND n % 2000 <> 1 AND n % 2 = 1 THEN discs.ids[1 + n % 2000] END,
    n % 40, 'reported', CASE WHEN n % 2 = 0 THEN day + n % 9 END, 1,
    to_tsvector('simple', 'an event' || CASE WHEN n % 1500 = 7 THEN ' seldom' ELSE ' word' || n % 900 END)
FROM
    generate_series(1, 60000) AS n, LATERAL (SELECT date '1989-01-01' + n * 7919 % 13000 AS day) AS days,
    (SELECT array_agg(id) AS ids FROM extent) AS discs
"""
ACTORS = (
    """
    INSERT INTO actor (id, dataset_id, source_key, name, aliases, names, since_version)
    SELECT md5(n::text)::uuid, 'ucdp-ged', n::text, CASE n WHEN 9 THEN 'Taliban' ELSE 'Actor ' || n END, '{}', '', 1
    FROM generate_series(1, 1000) AS n
    """,
    """
    INSERT INTO event_actor (event_id, role, position, actor_id, since_version)
    SELECT id, 'side_a', 1, md5((1 + source_key::int % 1000)::text)::uuid, 1 FROM event
    """,
)

EVIDENCE = (
    """
    INSERT INTO claim (
        id, dataset, source_key, revision, since_version, events, stance, claimant, anonymous, role, quote, speech, said_first, said_last,
        verification, document_id
    )
    SELECT
        md5(n::text)::uuid, 'desk', n::text, 1, 1, ARRAY[event.id], 'asserts', 'Somebody', false,
        CASE WHEN n % 1000 = 0 THEN 'witness' ELSE 'media' END, '…', 'reported', '2021-08-08', '2021-08-08',
        CASE WHEN n % 3 = 0 THEN 'partly_verified' ELSE 'not_stated' END, md5((n % 2000)::text)::uuid
    FROM (SELECT id, row_number() OVER () AS n FROM event LIMIT 20000) AS event
    """,
    """
    INSERT INTO estimate (id, dataset, source_key, revision, since_version, event_id, harm, "group", state, basis, claim_id)
    SELECT id, 'desk', source_key, 1, 1, events[1], 'killed', 'all', 'not_reported', 'stated', id FROM claim
    """,
    """
    INSERT INTO document (
        id, dataset, source_key, revision, since_version, kind, publisher, authors, published_on, origin_id, names
    )
    SELECT md5(n::text)::uuid, 'desk', n::text, 1, 1, 'article', 'CNN', '{}', date '2001-01-01' + n, md5(n::text)::uuid, 'cnn ' || n
    FROM generate_series(0, 9999) AS n
    """,
    """
    INSERT INTO figure (
        id, dataset, source_key, revision, since_version, metric, value, region, first_day, last_day, claimant, role, quote, verification,
        document_id, events
    )
    SELECT
        md5(n::text)::uuid, 'desk', n::text, 1, 1, 'killed', n, CASE WHEN n % 1000 = 0 THEN 'LS' ELSE 'region ' || n % 40 END,
        date '2001-01-01' + n, date '2001-01-01' + n, 'UNAMA', 'official', '…', 'not_stated', md5((n % 2000)::text)::uuid, '{}'
    FROM generate_series(1, 10000) AS n
    """,
)


@pytest.fixture(scope="module")
async def many(module_database: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a database of 60,000 events."""
    engine = create_engine(module_database)
    async with engine.begin() as connection:
        await load_world(connection)
        await connection.execute(text("SELECT setseed(0.5)"))
        for statement in (EXTENTS, EVENTS, *ACTORS, *EVIDENCE, "ANALYZE"):
            await connection.execute(text(statement))
    yield engine
    await engine.dispose()


async def plan_of(connection: AsyncConnection, statement: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await connection.execute(events.Explain(statement))).scalar_one()[0]["Plan"]
    return found


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


def indexes(plan: dict[str, Any]) -> set[str]:
    return {node["Index Name"] for node in nodes(plan) if "Index Name" in node}


def read_whole(plan: dict[str, Any]) -> set[str]:
    return {node["Relation Name"] for node in nodes(plan) if node["Node Type"] == "Seq Scan"}


@pytest.mark.parametrize("asked", [one for one in ASKED if one.indexes], ids=lambda asked: asked.name)
async def test_a_filter_uses_the_indexes_that_were_made_for_it(many: AsyncEngine, asked: Asked) -> None:
    # Of a count, since a short page may as well be found by walking the newest events.
    async with many.connect() as connection:
        counted = await plan_of(connection, events.count_statement(asked.wanted))
        page = await plan_of(connection, events.page_statement(asked.wanted, View(), geojson.feature(), None))

    assert set(asked.indexes) - indexes(counted if asked.name != "everything" else page) == set()
    assert read_whole(page) & {"event", "event_actor", "extent"} == set()
    if asked.selective:
        assert read_whole(counted) & {"event", "event_actor", "extent"} == set()


async def test_one_event_is_found_by_its_key(many: AsyncEngine) -> None:
    async with many.connect() as connection:
        plan = await plan_of(connection, evidence.whole_statement(ONE_EVENT, OF_EVENT, None))

    assert indexes(plan) >= {"event_pkey", "claim_events", "estimate_event_id"}
    assert read_whole(plan) & {"event", "claim", "estimate", "document"} == set()


async def test_the_evidence_is_found_by_its_indexes(many: AsyncEngine) -> None:
    lesotho = FigureFilter(regions=(region_wanted("LS"),))
    asked: dict[str, tuple[Any, set[str]]] = {
        "claim": (evidence.claims_statement(ONE_EVENT, OF_EVENT, None), {"event_pkey", "claim_events"}),
        "figure": (
            figures.page_statement(lesotho, by_id("figure"), limit=10, cursor=None),
            {"figure_region"},
        ),
        "document": (
            documents.page_statement(DocumentFilter(), by_id("document"), limit=10, cursor=None),
            {"document_newest"},
        ),
        "estimate": (
            documents.whole_statement(ONE_EVENT, OF_DOCUMENT, None),
            {"document_pkey", "claim_document_id", "figure_document_id", "event_documents"},
        ),
    }
    async with many.connect() as connection:
        for table, (statement, wanted) in asked.items():
            plan = await plan_of(connection, statement)
            assert indexes(plan) >= wanted, table


async def test_days_of_documents_begin_where_the_page_before_ended(many: AsyncEngine) -> None:
    mark = Cursor(question="q", version=1, after=(FIRST, ONE_EVENT))
    async with many.connect() as connection:
        for table, statement in (
            ("document", documents.page_statement(DocumentFilter(), by_id("document"), limit=9, cursor=mark)),
            ("figure", figures.page_statement(FigureFilter(), by_id("figure"), limit=9, cursor=mark)),
        ):
            plan = await plan_of(connection, statement)
            (walked,) = (node for node in nodes(plan) if node.get("Index Name") == f"{table}_newest")
            assert "ROW('2021-08-01'::date," in walked["Index Cond"]


@pytest.mark.parametrize("words", ["seldom", "never"])
async def test_a_rare_word_is_not_sought_among_the_newest_events_one_by_one(
    many: AsyncEngine, words: str
) -> None:
    finer = "SELECT attstattarget FROM pg_attribute WHERE attrelid = 'event'::regclass AND attname = 'search'"
    statement = events.page_statement(EventFilter(words=words), View(), geojson.feature(), None)
    async with many.connect() as connection:
        assert indexes(await plan_of(connection, statement)) & {"event_search", "event_newest"} == {
            "event_search"
        }
        # At a million events that depends on how many words the planner knows: see the migration.
        assert await connection.scalar(text(finer)) == 500


async def test_an_estimate_is_near_the_truth_where_the_planner_can_know_it(many: AsyncEngine) -> None:
    types = EventFilter(types=(EventType.AIR_STRIKE, EventType.ABDUCTION))
    async with many.connect() as connection:
        for wanted in (EventFilter(), types, EventFilter(words="word7")):
            counted = await events.count(connection, wanted)
            assert await events.estimate(connection, wanted) == pytest.approx(counted, rel=0.2)


async def test_a_day_does_not_read_all_that_was_before_it(many: AsyncEngine) -> None:
    async with many.connect() as connection:
        plan = await plan_of(connection, events.count_statement(EventFilter(days=Days.parse("2019-03-03"))))

    (recent,) = (node for node in nodes(plan) if node.get("Index Name") == "event_newest")
    assert "(first_day >= '2019-01-31'::date)" in recent["Index Cond"]


async def test_a_page_far_on_begins_where_the_one_before_ended(many: AsyncEngine) -> None:
    async with many.connect() as connection:
        statement = events.page_statement(
            EventFilter(),
            View(),
            geojson.feature(),
            Cursor(question="q", version=1, after=(FIRST, ONE_EVENT)),
        )
        plan = await plan_of(connection, statement)

    (walked,) = (node for node in nodes(plan) if node.get("Index Name") == "event_newest")
    assert walked["Index Cond"].startswith("(ROW(first_day, id) < ROW('2021-08-01'::date,")


COUNTED = text(
    "SELECT coalesce(sum(custom_plans), 0)::int, coalesce(sum(generic_plans), 0)::int FROM pg_prepared_statements"
    " WHERE statement LIKE :pattern"
)


async def plans_of_eight_runs(connection: AsyncConnection, statement: Any) -> tuple[int, int]:
    """How many of eight runs had a plan of their own, and how many the generic one."""
    pattern = {"pattern": "%FROM event%"}
    before = (await connection.execute(COUNTED, pattern)).one()
    for _ in range(8):
        await connection.execute(statement)
    after = (await connection.execute(COUNTED, pattern)).one()
    return after[0] - before[0], after[1] - before[1]


BOX_AND_DAYS = events.page_statement(
    EventFilter(box=Box.parse("60,29,75,38"), days=Days.parse("2001-05-01/P1M")),
    View(),
    geojson.feature(),
    None,
)


async def test_the_sixth_run_is_planned_for_its_values_like_the_first(many: AsyncEngine) -> None:
    async with many.connect() as connection:
        assert await plans_of_eight_runs(connection, BOX_AND_DAYS) == (8, 0)


async def test_left_to_itself_postgresql_would_take_the_generic_plan(many: AsyncEngine) -> None:
    async with many.connect() as connection:
        await connection.execute(text("SET plan_cache_mode = auto"))

        one = evidence.claims_statement(ONE_EVENT, OF_EVENT, None)
        assert await plans_of_eight_runs(connection, one) == (5, 3)
