"""Examples of answers for the OpenAPI document: short, and true of the data that ship with Sitrep."""

from __future__ import annotations

from typing import Any

from app.api.examples_evidence import EXAMPLES_OF_EVIDENCE, of_whole_event

_HOST = "http://127.0.0.1:8000"
_KUNDUZ = {
    "type": "Feature",
    "id": "5d83c4b8-e0ed-59d6-a0f9-4aada8218dc7",
    "geometry": {"type": "Point", "coordinates": [68.857, 36.72895]},
    "properties": {
        "type": "territorial_change",
        "title": "Fall of Kunduz to the Taliban",
        "first_day": "2021-08-08",
        "last_day": "2021-08-08",
        "precision": "settlement",
    },
}
_GEOJSON = "application/geo+json"
_SNAPSHOT = f"{_HOST}/snapshots/109583e8-3dab-52de-b912-b72592063d5e"
_SHA256 = "1755ecc0ce72e2364d6b4065291a967926e3dbbe417a39705d9e345f2de31e70"

EXAMPLES: dict[str, Any] = {
    "Events": {
        "type": "FeatureCollection",
        "links": [
            {
                "rel": "self",
                "type": _GEOJSON,
                "href": f"{_HOST}/events?region=AF-KDZ&datetime=2021-08-08&properties=type,title,first_day,last_day,precision",
            }
        ],
        "numberReturned": 1,
        "features": [_KUNDUZ],
    },
    "Event": {
        **_KUNDUZ,
        "links": [{"rel": "self", "type": _GEOJSON, "href": f"{_HOST}/events/{_KUNDUZ['id']}"}],
    },
    "Regions": {
        "type": "FeatureCollection",
        "links": [
            {"rel": "self", "type": _GEOJSON, "href": f"{_HOST}/regions?q=kundoz&limit=1&geometry=none"}
        ],
        "numberReturned": 1,
        "features": [
            {
                "type": "Feature",
                "id": "AF-KDZ",
                "geometry": None,
                "properties": {
                    "code": "AF-KDZ",
                    "name": "Kunduz",
                    "level": 1,
                    "parent": "AF",
                    "country": "AF",
                    "alpha3": None,
                    "fips": ["AF24"],
                    "gw": [],
                    "aliases": ["Qunduz", "قندوز"],
                },
            }
        ],
    },
    "Changes": {
        "links": [
            {
                "rel": "self",
                "type": "application/json",
                "href": f"{_HOST}/changes?region=AF-KDZ&properties=type,title,first_day,last_day,precision",
            }
        ],
        "numberReturned": 1,
        "next": 6,
        "more": False,
        "changes": [
            {
                "seq": 1,
                "version": 3,
                "known_at": "2026-08-01T09:00:00+00:00",
                "change": "create",
                "id": _KUNDUZ["id"],
                "revision": 1,
                "fields": None,
                "matches": True,
                "event": _KUNDUZ,
            }
        ],
    },
    "ChangeStream": 'retry: 3000\nid: 12\n\nid: 13\nevent: update\ndata: {"seq":13,"change":"update",…}\n\n',
    "Problem": {
        "type": f"{_HOST}/problems/unknown-parameter",
        "title": "There is no such parameter",
        "status": 400,
        "detail": "There is no parameter 'country' here. Did you mean 'region'? There are: bbox, datetime, region, …",
        "instance": "/events",
        "parameter": "country",
    },
    "Verification": {
        "verified": True,
        "detail": "The rows are those that were cited.",
        "rows": 1,
        "sha256": _SHA256,
        "expected": {"rows": 1, "sha256": _SHA256},
        "links": [{"rel": "up", "type": "application/json", "href": _SNAPSHOT}],
    },
    "Health": {"status": "ok", "version": 3},
}
"""By the name of the schema."""
EXAMPLES["Region"] = {
    **EXAMPLES["Regions"]["features"][0],
    "links": [{"rel": "self", "type": _GEOJSON, "href": f"{_HOST}/regions/AF-KDZ"}],
}
EXAMPLES["WholeEvent"] = of_whole_event(EXAMPLES["Event"])
EXAMPLES.update(EXAMPLES_OF_EVIDENCE)
