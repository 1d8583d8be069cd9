"""The kinds of values that a filter compares: what a property holds, a literal is and a function gives."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a value is. Values of one kind compare with each other, and numbers with integers, dates with timestamps."""

    TEXT = "text"
    ID = "id"
    """A UUID, compared as the text it is written as, in lower case."""
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    """A day. Where it meets a timestamp, both are compared as days (UTC)."""
    TIMESTAMP = "timestamp"
    """An instant."""
    INTERVAL = "interval"
    """From one day or instant until another, both included; an end may be open."""
    GEOMETRY = "geometry"
    """In longitude and latitude (CRS84)."""
    TEXTS = "texts"
    """An array of texts, taken as a set."""
    NUMBERS = "numbers"
    """An array of numbers, taken as a set."""


NUMERIC = frozenset({Kind.NUMBER, Kind.INTEGER})
TEXTUAL = frozenset({Kind.TEXT, Kind.ID})
INSTANTS = frozenset({Kind.DATE, Kind.TIMESTAMP})
ARRAYS = frozenset({Kind.TEXTS, Kind.NUMBERS})

TOLD = {
    Kind.TEXT: "text",
    Kind.ID: "an id",
    Kind.NUMBER: "a number",
    Kind.INTEGER: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a date",
    Kind.TIMESTAMP: "a timestamp",
    Kind.INTERVAL: "an interval",
    Kind.GEOMETRY: "a geometry",
    Kind.TEXTS: "an array of texts",
    Kind.NUMBERS: "an array of numbers",
}
"""A kind in the words of a sentence."""
