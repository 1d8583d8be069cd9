"""Threads: statements in the order in which a conversation is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID


def threaded(said: Sequence[tuple[UUID, UUID | None]]) -> list[int]:
    """The places of statements, given as their ids and what they answer, so that an answer follows what it answers.

    Threads, and answers to one statement, keep the order in which they come. What answers something that is not among them begins a
    thread of its own; statements that answer each other in a ring come last.

    >>> one, other, answer = (UUID(int=number) for number in range(3))
    >>> threaded([(one, None), (other, None), (answer, one)])
    [0, 2, 1]
    """
    here = {which for which, _ in said}
    answers: dict[UUID | None, list[int]] = defaultdict(list)
    for place, (_, asked) in enumerate(said):
        answers[asked if asked in here else None].append(place)
    order: list[int] = []
    waiting = answers[None][::-1]
    while waiting:
        place = waiting.pop()
        order.append(place)
        waiting += answers[said[place][0]][::-1]
    return [*order, *(place for place in range(len(said)) if place not in set(order))]
