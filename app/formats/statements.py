"""Statements as JSON. PostgreSQL writes each as text, as it does features (`formats.geojson`): its columns by their names.

What is unknown is null. Which state of a statement it is, its `revision` and `updated` tell; the numbers of versions are not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import orjson
from sqlalchemy import ARRAY, ColumnElement, Text, inspect, literal_column

from app.db.tables import STATEMENTS
from app.domain.events import DeathsState
from app.domain.evidence import Basis, Group, Harm, StatementKind

MEDIA_TYPE = "application/json"

FIRST = ("id", "dataset", "source_key", "revision")
HIDDEN = ("names", "since_version", "until_version")
CITED = ("id", "publisher", "title", "url", "published_on")
"""What is shown of a document beside a figure that it gives."""


def members(kind: StatementKind) -> tuple[str, ...]:
    """What is shown of a statement of this kind, in its order."""
    told = inspect(STATEMENTS[kind]).local_table.columns.keys()
    return (*FIRST, *(name for name in told if name not in {*FIRST, *HIDDEN}), "updated")


@cache
def statement(kind: StatementKind) -> ColumnElement[str]:
    """A statement as text, over the columns of its table, which has its kind's name."""
    return _text(_object(_columns(kind)))


@cache
def brief(table: str, names: tuple[str, ...] = CITED) -> ColumnElement[str]:
    """Some columns of a row as text: where it is no more than named."""
    return _text(_object({name: f"{table}.{name}" for name in names}))


@cache
def figure() -> ColumnElement[str]:
    """A figure as text with its region's name and its document, over the columns of `figure` and `document`."""
    shown = _columns(StatementKind.FIGURE)
    updated = shown.pop("updated")
    shown["region_name"] = "(SELECT region.name FROM region WHERE region.code = figure.region)"
    cited = _object({name: f"document.{name}" for name in CITED}, kind="json")
    return _text(
        _object(
            {**shown, "document": f"CASE WHEN document.id IS NOT NULL THEN {cited} END", "updated": updated}
        )
    )


@cache
def related() -> ColumnElement[str]:
    """A link as text as it is seen from one of its events, over the columns of `event_link` and `other`, the other event."""
    shown = _columns(StatementKind.EVENT_LINK)
    seen = {
        "other_id": "other.id",
        "title": "other.title",
        "kind": shown["kind"],
        "direction": "CASE WHEN event_link.other_id = other.id THEN 'outgoing' ELSE 'incoming' END",
        "note": shown["note"],
        "updated": shown["updated"],
    }
    return _text(_object({**{name: shown[name] for name in FIRST}, **seen}))


@cache
def own_deaths() -> ColumnElement[Any]:
    """The deaths that an event's dataset gives itself, as texts like estimates, over the columns of `event`.

    One of all killed, and one of civilians among them if they are told apart; none where the event's deaths are an estimate's, or
    where the dataset says nothing.
    """
    everyone = {name: f"event.deaths_{name}" for name in ("low", "best", "high")}
    civilians = {"low": "NULL::integer", "best": "event.deaths_civilians", "high": "NULL::integer"}
    # Of the state, the dataset speaks for all: of civilians a zero that is none of its own may be one that was left out.
    state = f"""CASE WHEN event.deaths_civilians > 0 THEN '{DeathsState.REPORTED}'
        WHEN event.deaths_state = '{DeathsState.EXPLICIT_ZERO}' THEN event.deaths_state
        ELSE '{DeathsState.ZERO_OR_NOT_REPORTED}' END"""
    written = (
        _own(Group.ALL, {**everyone, "state": "event.deaths_state"}),
        f"CASE WHEN event.deaths_civilians IS NOT NULL THEN {_own(Group.CIVILIANS, {**civilians, 'state': state})} END",
    )
    return literal_column(
        f"""CASE WHEN event.deaths_estimate IS NULL AND event.deaths_state <> '{DeathsState.NOT_REPORTED}'
        THEN array_remove(ARRAY[{", ".join(written)}], NULL) ELSE '{{}}' END""",
        ARRAY[Any](Text),
    )


def joined(members: Mapping[str, object], parts: Mapping[str, Iterable[str]]) -> bytes:
    """An object with `members` (one at least), and after them lists of texts that are JSON already, by name."""
    lists = [f'"{name}":[{",".join(texts)}]'.encode() for name, texts in parts.items()]
    return b",".join((orjson.dumps(members)[:-1], *lists)) + b"}"


def extended(written: str, members: Mapping[str, object], parts: Mapping[str, Iterable[str]]) -> bytes:
    """An object that is text already, with further members and lists of such texts at its end."""
    return written[:-1].encode() + b"," + joined(members, parts)[1:]


def _columns(kind: StatementKind) -> dict[str, str]:
    updated = f"(SELECT version.known_at FROM version WHERE version.id = {kind}.since_version)"
    return {name: updated if name == "updated" else f"{kind}.{_quoted(name)}" for name in members(kind)}


def _own(group: Group, told: dict[str, str]) -> str:
    words = {"harm": Harm.KILLED, "group": group, "basis": Basis.CODED}
    known = {
        "dataset": "event.dataset",
        "source_key": "event.source_key",
        "event_id": "event.id",
        **{name: f"'{word}'" for name, word in words.items()},
        **told,
    }
    return _object({name: known.get(name, "NULL::text") for name in members(StatementKind.ESTIMATE)})


def _object(shown: Mapping[str, str], kind: str = "text") -> str:
    columns = ", ".join(f"{expression} AS {_quoted(name)}" for name, expression in shown.items())
    return f"(SELECT row_to_json(shown)::{kind} FROM (SELECT {columns}) AS shown)"


def _text(expression: str) -> ColumnElement[str]:
    return literal_column(expression, Text)


def _quoted(name: str) -> str:
    return f'"{name}"' if name == "group" else name
