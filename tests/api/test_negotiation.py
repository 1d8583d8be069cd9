"""Which form of an answer a client gets."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from app.api.negotiation import HTML, JSON, Offer, alternates, choose
from app.errors import BadParameter, NotAcceptable

GEOJSON = Offer(
    name="geojson", media_type="application/geo+json", aliases=("json",), accepted=("application/json",)
)
CSV = Offer(name="csv", media_type="text/csv; header=present")
OFFERS = (GEOJSON, HTML, CSV)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def asked(accept: str | None = None) -> Request:
    headers = [(b"host", b"sitrep.test")]
    if accept is not None:
        headers.append((b"accept", accept.encode()))
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/events",
            "query_string": b"",
            "headers": headers,
            "server": ("sitrep.test", 80),
            "root_path": "",
        }
    )


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, GEOJSON),
        ("", GEOJSON),
        ("*/*", GEOJSON),
        (BROWSER, HTML),
        ("application/json", GEOJSON),
        ("application/geo+json, application/json;q=0.9", GEOJSON),
        ("text/*", HTML),
        ("text/csv", CSV),
        ("text/csv; charset=utf-8", CSV),
        ("text/csv;header=absent, */*;q=0.1", GEOJSON),
        ("text/html;q=0.2, text/csv;q=0.4", CSV),
        ("text/html;q=0, */*", GEOJSON),
        ("TEXT/HTML", HTML),
        ("text/html;q=much", HTML),
        ("application/json;q=0, application/geo+json", GEOJSON),
    ],
)
def test_the_header_accept_chooses_by_weight_then_by_our_order(accept: str | None, wanted: Offer) -> None:
    assert choose(asked(accept), {}, OFFERS) is wanted


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "application/json;q=0.0, image/*"])
def test_what_is_not_offered_is_told_with_what_is(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="There is: application/geo"):
        choose(asked(accept), {}, OFFERS)


@pytest.mark.parametrize(("given", "wanted"), [("csv", CSV), ("json", GEOJSON), (" HTML ", HTML)])
def test_the_parameter_wins_over_the_header(given: str, wanted: Offer) -> None:
    assert choose(asked("image/png"), {"f": [given]}, OFFERS) is wanted


def test_an_unknown_form_is_told_with_those_that_are() -> None:
    with pytest.raises(BadParameter, match=r"'f' cannot be 'kml' here. There are: geojson, html, csv"):
        choose(asked(), {"f": ["kml"]}, OFFERS)


def test_a_version_that_contradicts_is_another_type() -> None:
    old = Offer(name="json", media_type="application/vnd.oai.openapi+json;version=3.0")
    new = Offer(name="json31", media_type="application/vnd.oai.openapi+json;version=3.1")

    assert choose(asked("application/vnd.oai.openapi+json;version=3.1"), {}, (old, new)) is new
    assert choose(asked("application/vnd.oai.openapi+json"), {}, (old, new)) is old


def test_links_lead_to_every_other_form_with_the_same_question() -> None:
    links = alternates(asked(), "/events", [("type", "battle"), ("f", "html")], (JSON, HTML), HTML)

    assert links == [
        {"rel": "self", "type": HTML.media_type, "href": "http://sitrep.test/events?type=battle&f=html"},
        {
            "rel": "alternate",
            "type": "application/json",
            "href": "http://sitrep.test/events?type=battle&f=json",
            "title": "JSON",
        },
    ]
