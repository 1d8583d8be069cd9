"""The canonical form of a question: one for all spellings, and no filter is left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api import params, values
from app.api.grammar import EVENT_PARAMETERS, SNAPSHOT_PARAMETERS
from app.api.params import Known
from app.domain.questions import as_json, canonical
from app.domain.words import web_search
from tests.world import DATASETS, WORLD

KNOWN = Known(version=1, regions=WORLD, datasets=frozenset(DATASETS))
CORNERS = [[68, 36], [70, 36], [70, 38], [68, 36]]
SHAPE = {"type": "Polygon", "coordinates": [CORNERS]}


def form(body: dict[str, Any]) -> dict[str, Any]:
    return canonical(params.question(values.of_body(body, EVENT_PARAMETERS), KNOWN).wanted)


@pytest.mark.parametrize(
    ("spellings", "expected"),
    [
        ([{}, {"match": "point"}, {"match": "possible"}, {"q": None}], {}),
        (
            [{"region": "Kunduz,AF-HEL"}, {"region": ["هلمند", "fips:AF24", "af-kdz"]}],
            {"region": ["AF-HEL", "AF-KDZ"]},
        ),
        (
            [{"type": "riot,battle"}, {"type": ["battle", "riot", "battle"]}],
            {"type": ["battle", "riot"]},
        ),
        (
            [{"actor": ["Taliban", "Army, the"]}, {"actor": ["Army, the", "Taliban", "Taliban"]}],
            {"actor": ["Army, the", "Taliban"]},
        ),
        (
            [{"bbox": "68,36,70.50,38"}, {"bbox": [68.0, 36, -2, 70.5, 38, 9]}, {"bbox": "6.8e1,36,70.5,38"}],
            {"bbox": [68, 36, 70.5, 38]},
        ),
        ([{"bbox": "-0.0,0,-0,1"}], {"bbox": [0, 0, 0, 1]}),
        (
            [
                {"datetime": "2021-08-01/P1M"},
                {"datetime": "2021-08-01/2021-08-31"},
                {"datetime": "2021-08-01T12:00:00Z/2021-08-31T01:00:00+04:30"},
            ],
            {"datetime": "2021-08-01/2021-08-31"},
        ),
        (
            [
                {"datetime": "2021-08-08"},
                {"datetime": "2021-08-08/2021-08-08"},
                {"datetime": "2021-08-08/P1D"},
            ],
            {"datetime": "2021-08-08"},
        ),
        ([{"datetime": "2021-08-08/.."}, {"datetime": "2021-08-08/"}], {"datetime": "2021-08-08/.."}),
        ([{"datetime": "../2021-08-08"}], {"datetime": "../2021-08-08"}),
        (
            [
                {"datetime": "2021-08-08T01:00:00Z/2021-08-09", "match": "possible"},
                {"datetime": "2021-08-08t23:59:60+04:30/2021-08-09", "match": "possible"},
            ],
            {"datetime": "2021-08-08T00:00:00Z/2021-08-09", "match": "possible"},
        ),
        (
            [{"reported": "2021-08-08T01:00:00Z"}, {"reported": "2021-08-08"}],
            {"reported": "2021-08-08"},
        ),
        (
            [
                {"intersects": "POLYGON((68 36,70.0 36,70 38,68 36))"},
                {"intersects": "SRID=4326;POLYGON Z((68 36 1,70 36 1,70 38 1,68 36 1))"},
                {"intersects": SHAPE},
                {"intersects": {"type": "Feature", "properties": {"a": 1}, "geometry": SHAPE}},
                {"intersects": {"coordinates": [CORNERS], "type": "Polygon", "crs": None}},
            ],
            {"intersects": {"type": "Polygon", "coordinates": [CORNERS]}},
        ),
        (
            [{"near": "68.5,36", "radius": "1km"}, {"near": [68.5, 36.0], "radius": 1000}],
            {"near": [68.5, 36], "radius": 1000},
        ),
        (
            [{"q": "  Şan‘ā’  OR al-Bab -QUNDUZ"}, {"q": 'sana OR "al bab" -qunduz'}],
            {"q": 'sana OR "al bab" -qunduz'},
        ),
        (
            [{"deaths_min": "007", "contested": "True", "sources_min": 2.0}],
            {"deaths_min": 7, "contested": True, "sources_min": 2},
        ),
        (
            [{"bbox": "60,29,75,38"}, {"bbox": [29, 60, 38, 75], "bbox-crs": "EPSG:4326"}],
            {"bbox": [60, 29, 75, 38]},
        ),
        ([{"deaths_min": 0, "has_geometry": False}], {"deaths_min": 0, "has_geometry": False}),
    ],
)
def test_all_spellings_of_a_question_have_one_form(
    spellings: list[dict[str, Any]], expected: dict[str, Any]
) -> None:
    assert [form(one) for one in spellings] == [expected] * len(spellings)
    assert form(expected) == expected
    assert as_json(form(expected)) == as_json(expected)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"region": "AF"}, {"region": "AF-KDZ"}),
        ({"region": "AF"}, {"region": "AF", "match": "possible"}),
        ({"datetime": "2021-08-08", "match": "possible"}, {"datetime": "2021-08-08T00:00:00Z", "match": "possible"}),
        ({"q": "a or b"}, {"q": "a OR b"}),
        ({"actor": "taliban"}, {"actor": "Taliban"}),
    ],
)  # fmt: skip
def test_other_questions_have_other_forms(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert as_json(form(one)) != as_json(form(other))


HOW_IT_IS_WRITTEN = {"filter-lang", "filter-crs", "bbox-crs"}
"""Parameters whose meaning is in others: the form knows one language and one reference system."""


@pytest.mark.parametrize("name", sorted(set(SNAPSHOT_PARAMETERS) - {"as_of", *HOW_IT_IS_WRITTEN}))
def test_every_filter_has_its_member(name: str) -> None:
    example = EVENT_PARAMETERS[name]["example"]
    body = {name: sorted(example) if isinstance(example, list) and name != "bbox" else example}
    if name in {"near", "radius"}:
        body = {one: EVENT_PARAMETERS[one]["example"] for one in ("near", "radius")}
    if name == "match":
        body["region"] = "AF"
    kept = form(body)
    assert set(kept) == set(body)
    asked, again = (
        params.question(values.of_body(one, EVENT_PARAMETERS), KNOWN).wanted for one in (body, kept)
    )
    assert asked == again


@given(st.text(max_size=40))
def test_a_search_is_read_back_as_it_was_meant(text: str) -> None:
    try:
        folded = web_search(text)
    except ValueError:
        return
    if folded:
        kept = form({"q": folded.replace(" or ", " OR ")})["q"]
        assert form({"q": kept}) == {"q": kept}
