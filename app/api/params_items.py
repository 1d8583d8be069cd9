"""What the parameters of items of collections ask, by the same grammar as those of events (`api.params`)."""

from __future__ import annotations

from collections.abc import Collection as Names
from dataclasses import dataclass

from app.api import params
from app.api import values as read
from app.api.grammar_items import MAX_ITEMS
from app.api.params_evidence import PageQuestion
from app.api.values import Values
from app.domain.collections import Collection
from app.domain.crs import Crs
from app.domain.days import Days
from app.domain.filters import CountWanted, SortKey
from app.domain.moments import parse_moment
from app.queries.items import ItemFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuestion(PageQuestion[ItemFilter]):
    """What is asked of a collection: which items, in which order, how shown, and from where on."""

    order: tuple[SortKey, ...]
    crs: Crs
    count: CountWanted


def item_question(
    values: Values, collection: Collection, parameters: Names[str], default_limit: int
) -> ItemQuestion:
    """The question that the parameters of a collection's items ask. Raises a Problem on the first that cannot be read."""
    read.check(values, parameters)
    order = params.order_of(values, tuple(collection.sortables), collection.identity) or collection.order
    asked = params.fingerprint_of(values)
    kinds = tuple(collection.sortables[key.field] for key in order)
    return ItemQuestion(
        wanted=ItemFilter(
            box=params.box_of(values),
            days=read.read("datetime", Days.parse, values),
        ),
        order=order,
        limit=read.limit(values, default_limit, MAX_ITEMS),
        cursor=params.cursor_of(values, asked, kinds),
        as_of=read.read("as_of", parse_moment, values),
        crs=params.crs_of(values),
        count=read.word(values, "count", CountWanted, CountWanted.NONE),
        fingerprint=asked,
    )
