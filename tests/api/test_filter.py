"""The parameters `filter`, `filter-lang` and `filter-crs`, wherever events are asked for, and what is said of those that cannot be read."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.crs import Crs
from tests.api.asking import ids, problem, walk
from tests.world import MakeEvent

CRS = {
    crs: f"http://www.opengis.net/def/crs/{crs}" for crs in ("OGC/1.3/CRS84", "EPSG/0/4326", "EPSG/0/3857")
}
TITLE = {"op": "=", "args": [{"property": "title"}, "Wanted"]}


@pytest.fixture
async def wanted(make_event: MakeEvent) -> str:
    """One event of two."""
    await make_event(at=(36.5, 68.5), title="Other", deaths=1)
    return str(await make_event(at=(68.5, 36.5), title="Wanted", deaths=5))


async def asked(client: AsyncClient, text: str, **more: str) -> set[str]:
    return ids(await client.get("/events", params={"filter": text, **more}))


async def test_a_filter_is_joined_with_the_other_parameters(client: AsyncClient, wanted: str) -> None:
    assert await asked(client, "deaths_best >= 1") > {wanted}
    assert await asked(client, "deaths_best >= 1", bbox="68,36,69,37") == {wanted}
    assert await asked(client, "deaths_best >= 1", deaths_max="4") != {wanted}


async def test_what_begins_with_a_brace_is_json(client: AsyncClient, wanted: str) -> None:
    text = '  {"op":"=","args":[{"property":"title"},"Wanted"]}'
    assert await asked(client, text) == {wanted}
    assert await asked(client, text, **{"filter-lang": "cql2-json"}) == {wanted}
    refused = await client.get("/events", params={"filter": text, "filter-lang": "cql2-text"})
    assert problem(refused) == (400, "bad-parameter", "filter")


@pytest.mark.parametrize("given", [TITLE, "title = 'Wanted'", {"op": "and", "args": [TITLE, True]}])
async def test_a_body_holds_it_as_an_object_or_as_text(client: AsyncClient, wanted: str, given: Any) -> None:
    assert ids(await client.post("/events/search", json={"filter": given})) == {wanted}


@pytest.mark.parametrize(
    ("crs", "point"),
    [
        (CRS["OGC/1.3/CRS84"], "POINT(68.5 36.5)"),
        ("CRS84", "POINT(68.5 36.5)"),
        (CRS["EPSG/0/4326"], "POINT(36.5 68.5)"),
        (f"[{CRS['EPSG/0/4326']}]", "POINT(36.5 68.5)"),
        ("EPSG:4326", "BBOX(36.4,68.4,36.6,68.6)"),
        (CRS["EPSG/0/3857"], "POLYGON((7500000 4300000,7700000 4300000,7700000 4500000,7500000 4300000))"),
        ("EPSG:3857", "BBOX(7625000,4369000,7626000,4371000)"),
        ("EPSG:3857", "BBOX(-20037508.342789244,0,20037508.342789244,5e6)"),
    ],
)
async def test_geometries_are_read_in_the_system_that_is_named(
    client: AsyncClient, wanted: str, crs: str, point: str
) -> None:
    assert await asked(client, f"S_INTERSECTS(geometry, {point})", **{"filter-crs": crs}) == {wanted}


def test_the_systems_are_those_that_are_documented() -> None:
    assert {crs.value for crs in Crs} == set(CRS.values())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel = 'a'", "Did you mean 'title'?"),
        ("deaths_best = 'many'", "'deaths_best' is a number, and cannot be compared with the value 'many', which is text."),
        ("first_day > '2021-08-08'", "Write DATE('2021-08-08')"),
        ("datetime > DATE('2021-08-08')", "takes"),
        ("title = NULL", "IS NULL"),
        ("upper(title)", "what upper gives is text."),
        ("pg_sleep(5) = 1", "There is no function 'pg_sleep'."),
        ("lenght(title) = 5", "Did you mean 'length'?"),
        ("length(title, 1) = 5", "The arguments of length are (text); here are 2."),
        ("year(title) = 5", "year takes a date or a timestamp; 'title' is text."),
        ("S_INTERSECTS(geometry, POINT(1,2))", "POINT(68.86 36.73)"),
        ("S_INTERSECTS(geometry, title)", "S_INTERSECTS takes a geometry; 'title' is text."),
        ("S_INTERSECTS(geometry, POINT(200 0))", "leaves the globe"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "not valid"),
        ("S_INTERSECTS(geometry, BBOX(0,5,1,1))", "South"),
        ("S_WITHIN(geometry, GEOMETRYCOLLECTION(POINT(5 5),LINESTRING(0 0,1 1)))", "of one kind"),
        ("T_AFTER(datetime, INTERVAL('2021-08-08','2021-08-01'))", "before it begins"),
        ("T_AFTER(datetime, DATE('2021-02-30'))", "There is no day 2021-02-30"),
        ("T_AFTER(updated, TIMESTAMP('2021-02-30'))", "is no instant"),
        ("A_CONTAINS(actors, (1, 2))", "an array of texts with one of numbers"),
        ("A_CONTAINS(actors, (1, 'a'))", "all texts or all numbers"),
        ("title LIKE 'a\\'", "ends with a single"),
        ("title LIKE place", "The pattern of LIKE is a text"),
        ("title = 'a", "cannot be read from character"),
        ("deaths_best = 1e101", "Numbers lie between"),
        ("title", "A condition is true or false; 'title' is text."),
        ("deaths_best + title = 1", "+ takes a number; 'title' is text."),
        ("NOT deaths_best", "A condition is true or false"),
        ("title IN ('a', 1)", "which is a number"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_told_in_a_sentence(client: AsyncClient, text: str, said: str) -> None:
    answer = await client.get("/events", params={"filter": text})

    assert problem(answer) == (400, "bad-parameter", "filter")
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"op": "="},
        {"op": "=", "args": {}},
        {"op": 5, "args": []},
        {"op": "=", "args": [1]},
        {"op": "=", "args": [{"property": 1}, 1]},
        {"op": "in", "args": [{"property": "title"}, []]},
        {"op": "in", "args": [{"property": "title"}, "a"]},
        {"op": "and", "args": [True]},
        {"op": "t_after", "args": [{"date": 1}, {"date": "2021-08-08"}]},
        {"op": "t_after", "args": [{"interval": ["..", None]}, {"date": "2021-08-08"}]},
        {"op": "t_after", "args": [{"interval": [".."]}, {"date": "2021-08-08"}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 2, 3]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": [1, 2, 3, "4"]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": ["a"]}]},
        {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Circle"}]},
        {"op": "like", "args": [{"property": "title"}, "a\\"]},
        {"op": "like", "args": [{"property": "title"}, "%" * 501]},
        {"op": "=", "args": [{"property": "title"}, "a" * 10_001]},
        {"op": "=", "args": [{"property": "title"}, None]},
        {"op": "=", "args": [{"property": "deaths_best"}, 10**30 * 10**80]},
        {},
    ],
)
async def test_json_that_is_no_condition_is_refused(client: AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post("/events/search", json={"filter": body})

    assert problem(answer)[:2] in {(400, "bad-parameter"), (400, "bad-body")}


@pytest.mark.parametrize(
    ("name", "value"), [("filter-lang", "sql"), ("filter-crs", "EPSG:9999"), ("filter-crs", "nonsense")]
)
async def test_other_languages_and_systems_are_refused(client: AsyncClient, name: str, value: str) -> None:
    answer = await client.get("/events", params={"filter": "TRUE", name: value})

    assert problem(answer) == (400, "bad-parameter", name)
    assert "There are: " in answer.json()["detail"]


INJECTED = (
    "x' OR 1=1 --", "x'' OR 1=1 --", "x\\' OR '1'='1", "'; DROP TABLE event; --", "$1", "$$x$$", ":name", "%(param_1)s", "%s", "{0}", "?", "%",
    "\\", "\\'", "''", '"', "/* */", "E'\\x27'", "U&'\\0027'", "Robert'); --", "\u2019", "\uff07", "\u02bc OR 1=1", "a\nb", "a" * 9_999,
)  # fmt: skip


@pytest.mark.parametrize("text", INJECTED, ids=range(len(INJECTED)))
async def test_a_text_is_a_text_whatever_it_holds(
    client: AsyncClient, make_event: MakeEvent, text: str
) -> None:
    await make_event(title="Other")
    named = str(await make_event(title=text, side_a=(text,)))
    quoted = "'" + text.replace("'", "''") + "'" if "\\'" not in text else None
    equal = {"op": "=", "args": [{"property": "title"}, text]}
    within = {
        "op": "in",
        "args": [{"op": "casei", "args": [{"property": "title"}]}, [{"op": "casei", "args": [text]}]],
    }
    member = {"op": "a_contains", "args": [{"property": "actors"}, [text]]}

    for condition in (equal, within, member, *([f"title = {quoted}"] if quoted else [])):
        assert ids(await client.post("/events/search", json={"filter": condition})) == {named}


@pytest.mark.parametrize(
    "name", ["title' OR '1'='1", 'title" OR "1"="1', "title; --", "event.title", "version", "geom"]
)
async def test_a_name_is_none_but_those_that_are_listed(client: AsyncClient, name: str) -> None:
    for condition in (
        {"op": "isNull", "args": [{"property": name}]},
        {"op": name, "args": []},
        '"' + name.replace('"', '""') + '" IS NULL',
    ):
        answer = await client.post("/events/search", json={"filter": condition})
        assert problem(answer) == (400, "bad-parameter", "filter")


@pytest.mark.parametrize(
    "text",
    ["title = 'a\0b'", "title = '\ud800'", "(" * 100_000, "NOT " * 20_000 + "TRUE", "deaths_best = " + "-" * 50_000 + "1",
     "title = '" + "'" * 99_999, '"' * 30_001, "casei(" * 5_000, "((((((((((((((((((((((((((1=1", "NOT (" * 40, "a IN (" * 40,
     "a_contains(actors, " + "(" * 30 + "1,1" + ",2)" * 30 + ")", "f((" * 60, "deaths_best = " + "1+" * 400 + "1",
     '{"op":"not","args":[' * 3_000 + "true" + "]}" * 3_000, '{"op":"and","args":' + "[" * 900 + "]" * 900 + "}"],
    ids=range(16),
)  # fmt: skip
async def test_what_is_nested_too_deep_is_refused_at_once(client: AsyncClient, text: str) -> None:
    answer = await client.post("/events/search", content=_body(text))

    assert problem(answer)[0] == 400


def _body(text: str) -> bytes:
    import json

    return json.dumps({"filter": text}).encode()


async def test_the_deepest_and_the_largest_that_may_be_asked_are_answered(
    client: AsyncClient, wanted: str
) -> None:
    calculated: Any = {"property": "deaths_best"}
    for _ in range(8):
        calculated = {"op": "^", "args": [calculated, 1]}
    nested: Any
    nested = {"op": "=", "args": [calculated, 5]}
    for _ in range(12):
        nested = {"op": "not", "args": [nested]}
    folded: Any = {"property": "title"}
    for _ in range(8):
        folded = {"op": "accenti", "args": [folded]}
    many = {"op": "in", "args": [{"property": "title"}, [*map(str, range(999)), "Wanted"]]}
    points = {"type": "MultiPoint", "coordinates": [[68.5, 36.5], *([i / 100, 1] for i in range(9_990))]}
    for condition in (
        {"op": "=", "args": [folded, "Wanted"]},
        {"op": "and", "args": [many] * 5},
        nested,
        {"op": "s_intersects", "args": [{"property": "geometry"}, points]},
        {"op": "and", "args": [{"op": "=", "args": [{"property": "title"}, "Wanted"]}] * 150},
    ):
        assert ids(await client.post("/events/search", json={"filter": condition})) == {wanted}
    deeper = {"op": ">", "args": [{"op": "abs", "args": [calculated]}, 0]}
    assert problem(await client.post("/events/search", json={"filter": deeper}))[0] == 400


WORDS = st.sampled_from(
    ("title", "deaths_best", "geometry", "datetime", "actors", "first_day", "AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS NULL", "(", ")",
     ",", "=", "<>", "<", "+", "-", "*", "/", "^", "%", "div", "'a'", "'", '"', "1", "1e400", "0.5", "TRUE", "CASEI(", "ACCENTI(",
     "DATE('2021-08-08')", "TIMESTAMP('9999-12-31T23:59:59.999999Z')", "DATE('0001-01-01')", "DATE('9999-12-31')", "INTERVAL('..','..')",
     "POINT(1 2)", "BBOX(1,2,3,4)", "S_INTERSECTS(", "T_AFTER(", "A_EQUALS(", "year(", "duration_days(", "distance_m(", "POLYGON((0 0,1 1"),
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.lists(WORDS, max_size=9).map(" ".join), st.text(max_size=60)))
async def test_any_text_is_answered(client: AsyncClient, wanted: str, text: str) -> None:
    answer = await client.post("/events/search", content=_body(text))

    assert answer.status_code in {200, 400}, answer.text


@pytest.mark.parametrize(
    "text",
    [
        "year(DATE('9999-12-31')) = 9999 AND year(DATE('0001-01-01')) = 1",
        "year(TIMESTAMP('9999-12-31T23:59:59.999999Z')) = 9999",
        "duration_days(INTERVAL('0001-01-01','9999-12-31')) > 1000",
        "duration_days(INTERVAL('..','9999-12-31')) IS NULL",
        "T_INTERSECTS(datetime, INTERVAL('0001-01-01','9999-12-31'))",
        "T_AFTER(DATE('9999-12-31'), datetime)",
        "1e100 * 1e100 IS NULL AND 1e-100 / 1e100 = 0 AND 1 / 0 IS NULL AND 0 ^ -1 IS NULL AND (-1) ^ 0.5 IS NULL",
        "9 ^ 9 ^ 9 ^ 9 ^ 9 IS NULL AND 5 % 0 IS NULL AND 5 div 0 IS NULL AND -7 % 2 = -1 AND -7 div 2 = -3",
        "deaths_best < 1e30 AND deaths_best <> 4294967296 AND deaths_best > -99999999999",
        "round(2.5) = 2 AND ceil(-0.5) = 0 AND abs(-3) = 3 AND floor(-0.5) = -1",
        "upper('aé') = 'AÉ' AND lower('É') = 'é' AND length('한국') = 2",
        "DATE('2021-08-08') = TIMESTAMP('2021-08-08T23:59:59Z')",
    ],
)
async def test_what_lies_at_the_edges_holds_of_every_event(
    client: AsyncClient, wanted: str, text: str
) -> None:
    assert wanted in await asked(client, text)
    assert len(await asked(client, text)) == 2


async def test_the_feed_and_the_pages_know_it(client: AsyncClient, wanted: str) -> None:
    changes = (await client.get("/changes", params={"filter": "title = 'Wanted'"})).json()["changes"]
    pages = await walk(
        client, await client.get("/events", params={"filter": "deaths_best > 0", "limit": "1"})
    )
    posted = await client.post("/events/search", json={"filter": TITLE, "limit": 1})

    assert [change["event"]["id"] for change in changes] == [wanted]
    assert [len(page) for page in pages] == [1, 1]
    assert [wanted] in pages
    assert await walk(client, posted) == [[wanted]]


async def test_a_snapshot_keeps_it_in_one_form(client: AsyncClient, wanted: str) -> None:
    spellings = (
        {"filter": "title = 'Wanted' AND S_INTERSECTS(geometry, POINT(36.5 68.5))", "filter-crs": "EPSG:4326"},
        {"filter": {"op": "and", "args": [TITLE, {"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [68.5, 36.5]}]}]}},
    )  # fmt: skip
    kept = [(await client.post("/snapshots", json=one)).json() for one in spellings]

    assert kept[0]["id"] == kept[1]["id"]
    assert set(kept[0]["question"]) == {"filter"}
    assert ids(await client.get(f"/snapshots/{kept[0]['id']}/items")) == {wanted}
    assert (await client.get(f"/snapshots/{kept[0]['id']}/verify")).json()["verified"] is True


async def test_of_a_zero_to_an_unknown_power_nothing_is_known(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    """deaths_best is not known of one event, and size(actors) is 0 of both."""
    await make_event(title="Unknown")
    known = str(await make_event(title="Known", deaths=2))
    assert await asked(client, "size(actors) ^ deaths_best < 5") == {known}
    assert await asked(client, "NOT (size(actors) ^ deaths_best > 5)") == {known}


async def test_of_an_interval_those_ends_must_be_known_that_are_compared(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    open_ended = str(await make_event(day="2021-08-08", until=None))
    await make_event(day=None, until="2021-08-08")
    assert await asked(client, "T_MEETS(first_day, INTERVAL(first_day, last_day))") == {open_ended}
    assert await asked(client, "NOT T_MEETS(first_day, INTERVAL(first_day, last_day))") == set()


async def test_a_day_among_several_may_be_compared_with_one_that_is_unknown(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    open_ended = str(await make_event(day="2020-01-01", until=None))
    await make_event(day="2020-01-02", until=None)
    assert await asked(client, "first_day IN (last_day, DATE('2020-01-01'))") == {open_ended}


@pytest.mark.parametrize("pattern", ["%\\", "%\\\u0300", "\u0300\\\u0301"])
async def test_a_pattern_that_ends_with_a_backslash_is_told(
    client: AsyncClient, make_event: MakeEvent, pattern: str
) -> None:
    await make_event()
    answer = await client.get("/events", params={"filter": f"ACCENTI(title) LIKE ACCENTI('{pattern}')"})
    assert problem(answer) == (400, "bad-parameter", "filter")


async def test_collections_of_many_members_are_refused_before_they_are_paired(client: AsyncClient) -> None:
    many = {"type": "GeometryCollection", "geometries": [{}, *([1] * 5_000)]}
    answer = await client.post(
        "/events/search", json={"filter": {"op": "s_intersects", "args": [many, many]}}
    )
    assert problem(answer) == (400, "bad-parameter", "filter")
    assert "parts" in answer.json()["detail"]
