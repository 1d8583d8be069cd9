"""Questions that are kept: a body becomes one in its canonical form, and what was kept is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.api import params, values
from app.api.grammar import EVENT_PARAMETERS, ITEM_PARAMETERS, SNAPSHOT_PARAMETERS, VIEW
from app.api.params import Known, Question
from app.api.values import Values
from app.domain.filters import EventFilter
from app.domain.questions import Members, canonical
from app.domain.snapshots import Snapshot
from app.errors import BadCursor, BadParameter, NotFound, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ToKeep:
    """A question that is to be kept."""

    members: Members
    """In canonical form."""
    wanted: EventFilter
    """What that form asks for: what is kept is what is asked."""
    as_of: datetime | None


def to_keep(body: Mapping[str, object], known: Known) -> ToKeep:
    """The question that a body asks. Raises a Problem on the first member that cannot be read."""
    body = {name: value for name, value in body.items() if value is not None or name not in VIEW}
    for name in body:
        if name in VIEW:
            raise BadParameter(
                f"'{name}' says how an answer looks, which is no part of a snapshot. Give it to the snapshot's items:"
                " /snapshots/…/items.",
                parameter=name,
            )
    asked = params.question(values.of_body(body, SNAPSHOT_PARAMETERS), known)
    members = canonical(asked.wanted)
    return ToKeep(members=members, wanted=_question(members, {}, known).wanted, as_of=asked.as_of)


def again(snapshot: Snapshot, view: Values, known: Known) -> Question:
    """The question of a snapshot as of then, with parameters of the view. Raises a Problem where these cannot be read.

    Raises NotFound where the question itself cannot be asked any more, since a region of it is none today.
    """
    values.refuse_unknown(view, ITEM_PARAMETERS)
    try:
        asked = _question(snapshot.question, view, known)
    except Problem as problem:
        if problem.parameter in VIEW:
            raise
        raise NotFound(
            f"The question of this snapshot cannot be asked any more: {problem.detail}"
        ) from problem
    if asked.cursor and asked.cursor.version != snapshot.version:
        raise BadCursor(
            "The cursor belongs to another snapshot. Follow 'next' as it is, or start again without a cursor.",
            parameter="cursor",
        )
    return replace(asked, wanted=replace(asked.wanted, at=snapshot.version))


def _question(members: Mapping[str, Any], view: Values, known: Known) -> Question:
    return params.question({**values.of_body(members, EVENT_PARAMETERS), **view}, known)
