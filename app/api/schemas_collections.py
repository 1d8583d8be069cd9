"""What answers about collections are made of."""

from __future__ import annotations

from app.api.schemas_parts import Schema, list_of, names, of, shape

_COLLECTION: dict[str, Schema] = {
    "id": of("string", "Its name in addresses."),
    "title": {"type": "string"},
    "description": {"type": "string"},
    "attribution": of("string", "How its sources want to be cited."),
    "itemType": {"type": "string", "enum": ["feature"]},
    "extent": of("object", "What it covers: `spatial` in longitude and latitude, `temporal` in days."),
    "crs": names("Reference systems in which its geometries are answered; the first is the default."),
    "storageCrs": of(
        "string", "The reference system in which they are kept, where there are any.", format="uri"
    ),
    "sources": {
        "type": "array",
        "items": {"type": "object"},
        "description": "Datasets with licences and citations.",
    },
    "links": list_of("Link"),
}

SCHEMAS_OF_COLLECTIONS: dict[str, Schema] = {
    "Conformance": shape(
        {"conformsTo": names("Conformance classes by their addresses."), "links": list_of("Link")},
        "Which standards are kept.",
    ),
    "Collection": shape(
        _COLLECTION, "A set of things that are alike.", tuple(n for n in _COLLECTION if n != "storageCrs")
    ),
    "Collections": shape(
        {"collections": list_of("Collection"), "links": list_of("Link")}, "All collections."
    ),
    "Functions": shape(
        {
            "functions": {
                "type": "array",
                "items": shape(
                    {
                        "name": of("string", "As a filter calls it."),
                        "description": of("string", "What it gives."),
                        "arguments": {
                            "type": "array",
                            "items": shape(
                                {
                                    "title": of("string", "What it is."),
                                    "type": names("What it may be."),
                                },
                                "An argument, in its place.",
                            ),
                        },
                        "returns": names("What it gives."),
                    },
                    "A function.",
                ),
            },
            "links": list_of("Link"),
        },
        "Functions that filters may call.",
    ),
    "Schema": shape(
        {
            "$schema": of("string", "The dialect: JSON Schema 2020-12.", format="uri"),
            "$id": of("string", "Its address.", format="uri"),
            "title": {"type": "string"},
            "type": {"type": "string", "enum": ["object"]},
            "properties": of("object", "Each property by its name, as JSON Schema."),
            "additionalProperties": {"type": "boolean"},
            "links": list_of("Link"),
        },
        "Properties as JSON Schema.",
    ),
}
