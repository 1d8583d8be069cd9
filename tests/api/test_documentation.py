"""Every endpoint, parameter, property and problem is documented, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from httpx import AsyncClient

from app.api import grammar, grammar_evidence, grammar_maps
from app.api.routes import counts, tilesets
from app.api.schemas import EVENT_PROPERTIES, SCHEMAS
from app.domain.changes import FIELDS
from app.domain.collections import COLLECTIONS
from app.domain.events import PROPERTIES
from app.domain.filters import SortField
from app.errors import CATALOG, Problem
from app.formats.catalogue import FORMATS
from app.formats.columns import KINDS, Kind
from app.main import ROUTERS, create_app
from app.settings import Settings
from tests.world import MakeEvent

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "api.md").read_text() + "\n" + (DOCS / "tiles.md").read_text()
ERRORS = (DOCS / "errors.md").read_text()
APP = create_app(Settings())
DOCUMENT = APP.openapi()
LISTS = {
    "/events": grammar.EVENT_PARAMETERS,
    "/regions": grammar.REGION_PARAMETERS,
    "/actors": grammar.ACTOR_PARAMETERS,
    "/documents": grammar_evidence.DOCUMENT_PARAMETERS,
    "/figures": grammar_evidence.FIGURE_PARAMETERS,
    "/changes": grammar.CHANGE_PARAMETERS,
    "/datasets": {},
    "/": ("f",),
    "/health": {},
    "/counts": counts.PARAMETERS,
    "/tiles/events.json": tilesets.ASKED,
    "/tiles/regions.json": grammar_maps.COUNTED_PARAMETERS,
    "/tiles/regions/{z}/{x}/{y}.mvt": grammar_maps.COUNTED_PARAMETERS,
    "/styles/sitrep.json": grammar_maps.STYLE_PARAMETERS,
    "/places": grammar_maps.PLACE_PARAMETERS,
    "/tiles/events/{z}/{x}/{y}.mvt": grammar_maps.FILTER_PARAMETERS,
}
NEEDED = {
    "/counts": {"by": "month"},
    "/places": {"q": "Kunduz"},
    "/tiles/regions.json": {"counts": "true"},
    "/tiles/regions/{z}/{x}/{y}.mvt": {"counts": "true"},
}
"""What must be asked for the rest to mean anything."""


def _operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


OPERATIONS = list(_operations())
FILE = {"type": "string", "format": "binary"}


def _in(operation: dict[str, Any], where: str) -> set[str]:
    return {one["name"] for one in operation["parameters"] if one["in"] == where}


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_an_operation_says_what_it_does_takes_and_answers(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["summary"]
    assert operation["description"].endswith(".")
    assert operation["operationId"]
    assert operation["tags"]
    assert _in(operation, "path") == set(re.findall(r"{(\w+)}", path))
    assert all(one["description"] for one in operation["parameters"])
    answers = operation["responses"]
    assert {"200", "400", "default"} <= set(answers)
    assert "422" not in answers
    for status, answer in answers.items():
        assert answer["description"]
        if status == "304":
            continue
        schemas = [content["schema"] for content in answer["content"].values()]
        # All but one may be files, which have no schema.
        (described,) = [schema for schema in schemas if schema != FILE]
        name = described["$ref"].rpartition("/")[2]
        assert name in SCHEMAS
        assert (name == "Problem") == (status not in {"200", "201"})
        assert ("application/problem+json" in answer["content"]) == (name == "Problem")
        assert ("Location" in answer.get("headers", {})) == (status == "201")
    assert (method == "post") == ("requestBody" in operation)


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))


def test_answers_of_geojson_have_an_example() -> None:
    for path in ("/events", "/events/{event_id}", "/regions", "/regions/{code}"):
        content = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/geo+json"]
        assert content["example"]["type"] in {"Feature", "FeatureCollection"}


def test_every_route_is_in_the_document_and_in_the_reference() -> None:
    routes = {
        route.path
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and route.include_in_schema
    }
    assert set(DOCUMENT["paths"]) == routes
    assert len(OPERATIONS) == 72
    for path, method, _ in OPERATIONS:
        shown = re.sub(r"{\w+_id}", "{id}", path)
        shown = re.sub("^/collections/[a-z]+", "/collections/{name}", shown).replace(
            "{sprite_name}", "{name}"
        )
        assert f"## {method.upper()} {shown}\n" in PAGE, f"docs has no section on {method} {shown}"


@pytest.mark.parametrize("path", LISTS)
async def test_the_door_lets_in_what_is_documented_and_nothing_else(
    client: AsyncClient, world: object, path: str
) -> None:
    documented = _in(DOCUMENT["paths"][path]["get"], "query")
    assert documented == set(LISTS[path])
    needed = NEEDED.get(path, {})
    path = path.replace("{z}/{x}/{y}", "0/0/0")
    answer = await client.get(path, params={"no_such_parameter": "1"})
    listed = (
        answer.json()["detail"].rpartition("There are: ")[2].rstrip(".").split(", ") if documented else []
    )
    assert set(listed) == documented
    for name in documented:
        answer = await client.get(path, params={**needed, name: "\U0010ffff"})
        assert answer.status_code in {200, 204} or answer.json().get("parameter") in {
            name,
            "near",
            "radius",
        }, answer.text


def test_a_search_takes_the_parameters_of_events() -> None:
    body = DOCUMENT["paths"]["/events/search"]["post"]["requestBody"]["content"]["application/json"]
    assert set(body["schema"]["properties"]) == set(grammar.EVENT_PARAMETERS)


@pytest.mark.parametrize("path", ["/events", "/changes", "/regions", "/actors", "/documents", "/figures"])
async def test_the_examples_of_parameters_can_be_asked(
    client: AsyncClient, make_event: MakeEvent, path: str
) -> None:
    await make_event()
    for one in DOCUMENT["paths"][path]["get"]["parameters"]:
        if one["in"] != "query" or one["name"] == "cursor":
            continue
        example = one["example"]
        text = ",".join(map(str, example)) if isinstance(example, list) else str(example)
        asked = {one["name"]: text}
        if one["name"] in {"near", "radius"}:
            asked = {"near": "68.86,36.73", "radius": "50km"}
        answer = await client.get(path, params=asked)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", ["/events", "/regions", "/actors", "/documents", "/figures"])
def test_each_parameter_has_a_row_in_the_reference(path: str) -> None:
    section = _section(PAGE, f"## GET {path}\n")
    rows = set(re.findall(r"^\| `([\w-]+)`", section, re.MULTILINE))
    assert rows == set(LISTS[path])


@pytest.mark.parametrize("name", list(COLLECTIONS))
def test_each_parameter_of_items_has_a_row_in_the_reference_or_is_a_queryable(name: str) -> None:
    section = _section(PAGE, "## GET /collections/{name}/items\n")
    rows = set(re.findall(r"^\| `([\w-]+)`", section, re.MULTILINE))
    taken = _in(DOCUMENT["paths"][f"/collections/{name}/items"]["get"], "query")
    others = taken - (set(COLLECTIONS[name].queryables) - rows)
    if name == "events":
        others -= set(grammar.EVENT_PARAMETERS) - rows
    assert others == rows - (set() if COLLECTIONS[name].versioned else {"as_of"})


def test_the_feed_takes_what_lists_take_and_the_reference_tells_what_it_adds_and_leaves_out() -> None:
    section = _section(PAGE, "## GET /changes\n")
    parameters, members = section.split("| member of a change |")
    assert set(re.findall(r"^\| `([\w-]+)`", parameters, re.MULTILINE)) == {"since", "limit"}
    left_out = re.search(r"; not (.+)\.$", parameters, re.MULTILINE)
    assert left_out
    named = set(re.findall(r"`([\w-]+)`", left_out[1]))
    assert set(grammar.CHANGE_PARAMETERS) == (set(grammar.EVENT_PARAMETERS) | {"since"}) - named
    assert set(grammar.STREAM_PARAMETERS) == set(grammar.CHANGE_PARAMETERS) - {"limit"}
    stream = DOCUMENT["paths"]["/changes/stream"]["get"]
    assert _in(stream, "query") == set(grammar.STREAM_PARAMETERS)
    assert _in(stream, "header") == {"Last-Event-ID"}
    assert re.findall(r"^\| `([\w-]+)`", members, re.MULTILINE) == list(SCHEMAS["Change"]["properties"])
    told = members.partition("| `fields` |")[2].partition("\n")[0]
    assert all(f"`{name}`" in told for name in FIELDS if name not in PROPERTIES)


async def test_a_change_is_as_its_schema_says(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event()
    body = (await client.get("/changes")).json()
    assert list(body) == list(SCHEMAS["Changes"]["properties"])
    assert list(body["changes"][0]) == list(SCHEMAS["Change"]["properties"])


def test_a_snapshot_takes_the_filters_of_events_and_its_items_the_rest() -> None:
    body = DOCUMENT["paths"]["/snapshots"]["post"]["requestBody"]["content"]["application/json"]
    view = _in(DOCUMENT["paths"]["/snapshots/{snapshot_id}/items"]["get"], "query")
    assert view == set(grammar.ITEM_PARAMETERS) == set(grammar.VIEW)
    assert {*body["schema"]["properties"], *view} == set(grammar.EVENT_PARAMETERS)
    assert set(body["example"]) <= set(body["schema"]["properties"])
    section = _section(PAGE, "## GET /snapshots/{id}/items\n")
    assert set(re.findall(r"^\| `([\w-]+)`", section, re.MULTILINE)) == view


async def test_a_snapshot_and_its_verification_are_as_their_schemas_say(
    client: AsyncClient, make_event: MakeEvent
) -> None:
    await make_event()
    answer = await client.post("/snapshots", json={})
    verified = await client.get(f"/snapshots/{answer.json()['id']}/verify")
    for name, one in (("Snapshot", answer), ("Verification", verified)):
        assert list(one.json()) == list(SCHEMAS[name]["properties"])
    (source,) = answer.json()["sources"]
    assert set(source) == set(SCHEMAS["Snapshot"]["properties"]["sources"]["items"]["properties"])


def test_each_property_is_in_the_schema_and_in_the_reference() -> None:
    assert tuple(EVENT_PROPERTIES) == PROPERTIES
    section = _section(PAGE, "## The properties of an event\n")
    assert set(re.findall(r"^\| `([\w-]+)`", section, re.MULTILINE)) == set(PROPERTIES)
    assert all(f"`{field}`" in PAGE for field in SortField)


async def test_an_event_is_as_its_schema_says(client: AsyncClient, make_event: MakeEvent) -> None:
    await make_event(at=(68.5, 36.5), deaths=3, reported="2021-08-09", side_a=("Army",), contested=True)
    await make_event(day=None)
    python: dict[str, Callable[[Any], bool]] = {
        "string": lambda value: isinstance(value, str),
        "integer": lambda value: type(value) is int,
        "boolean": lambda value: isinstance(value, bool),
        "array": lambda value: isinstance(value, list),
    }
    for feature in (await client.get("/events")).json()["features"]:
        for name, value in feature["properties"].items():
            schema = EVENT_PROPERTIES[name]
            assert schema.get("nullable") if value is None else python[schema["type"]](value), name
            assert "enum" not in schema or value in schema["enum"]


@pytest.mark.parametrize("kind", CATALOG)
def test_each_problem_has_a_section(kind: type[Problem]) -> None:
    section = _section(ERRORS, f"## {kind.slug}\n")
    assert f"**{kind.status}** {kind.title}." in section


def test_there_is_no_section_on_a_problem_that_is_none() -> None:
    sections = re.findall(r"^## (.+)$", ERRORS, re.MULTILINE)
    assert sections == [*(kind.slug for kind in CATALOG), Problem.slug]
    assert len({kind.slug for kind in CATALOG}) == len(CATALOG)


def test_each_problem_is_told_of_by_some_operation() -> None:
    told = " ".join(
        answer["description"] for _, _, operation in OPERATIONS for answer in operation["responses"].values()
    )
    untold = {kind.slug for kind in CATALOG if f"`{kind.slug}`" not in told}
    # Every address refuses other methods; no operation can tell of the method that it is not.
    assert untold == {"method-not-allowed"}


def _section(page: str, heading: str) -> str:
    assert heading in page, heading
    return page.partition(heading)[2].partition("\n## ")[0]


@pytest.mark.parametrize("kind", ["Claim", "Estimate", "Assessment", "Document", "Figure", "RelatedEvent"])
def test_each_member_of_a_statement_is_in_the_reference(kind: str) -> None:
    section = PAGE.split("## What statements hold\n")[1].split("\n## ")[0]

    assert {name for name in SCHEMAS[kind]["properties"] if f"`{name}`" not in section} == set()


def test_each_format_has_a_row_and_each_of_its_names_is_told() -> None:
    page = (DOCS / "formats.md").read_text().partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)`(?:, also ([^|]+))? \| `([^`]+)`", page, re.MULTILINE)
    told = [(name, tuple(re.findall(r"`(\w+)`", others)), media) for name, others, media in rows]
    assert told == [(one.name, one.aliases, one.media_type.partition(";")[0]) for one in FORMATS]


def test_each_vocabulary_and_each_kind_of_column_is_told() -> None:
    page = (DOCS / "formats.md").read_text()
    for name, kind in KINDS.items():
        if kind in {Kind.WORD, Kind.TEXTS, Kind.DAY, Kind.INSTANT, Kind.TRUTH}:
            assert f"`{name}`" in page


def test_a_whole_result_takes_what_pages_take_but_what_makes_them_pages() -> None:
    section = _section(PAGE, "## GET /events.{suffix}\n")
    left_out = set(re.findall(r"`(\w+)`", section.partition(" without ")[2]))
    whole = DOCUMENT["paths"]["/events.{suffix}"]["get"]
    assert _in(whole, "query") == set(grammar.EVENT_PARAMETERS) - left_out
