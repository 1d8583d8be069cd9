"""What the parameters of items of collections ask, by the same grammar as those of events (`api.params`)."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from app.api import params
from app.api import values as read
from app.api.grammar_items import MAX_ITEMS
from app.api.params_evidence import PageQuestion
from app.api.values import Values
from app.domain.collections import Collection
from app.domain.crs import Crs
from app.domain.days import Days
from app.domain.expressions import Expression, Language, parse
from app.domain.expressions.nodes import Op, Operation
from app.domain.filters import CountWanted, SortKey
from app.domain.kinds import Kind
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
            expression=both(
                params.expression_of(values, collection.queryables), equal_to(values, collection)
            ),
        ),
        order=order,
        limit=read.limit(values, default_limit, MAX_ITEMS),
        cursor=params.cursor_of(values, asked, kinds),
        as_of=read.read("as_of", parse_moment, values),
        crs=params.crs_of(values),
        count=read.word(values, "count", CountWanted, CountWanted.NONE),
        fingerprint=asked,
    )


def equal_to(values: Values, collection: Collection, taken: Names[str] = ()) -> Expression | None:
    """The condition that queryables given as parameters are; those that are `taken` mean something else there."""
    asked = [
        (name, kind) for name, kind in collection.queryables.items() if name in values and name not in taken
    ]
    fields = collection.queryables
    found = [read.read(name, partial(_equal, fields, name, kind), values) for name, kind in asked]
    return _all([one for one in found if one is not None])


def both(one: Expression | None, other: Expression | None) -> Expression | None:
    """The condition that two are together."""
    return _all([part for part in (one, other) if part is not None])


def _all(parts: list[Expression]) -> Expression | None:
    return Operation(Op.AND, tuple(parts)) if len(parts) > 1 else parts[0] if parts else None


def _equal(fields: Mapping[str, Kind], name: str, kind: Kind, given: str) -> Expression:
    """The condition that a property is, or has, what is given. Raises ValueError."""
    op, value = ("a_contains", [read.text(given)]) if kind is Kind.TEXTS else ("=", _literal(kind, given))
    return parse({"op": op, "args": [{"property": name}, value]}, Language.JSON, fields)


def _literal(kind: Kind, given: str) -> object:
    """A value as CQL2 JSON has it. Raises ValueError."""
    match kind:
        case Kind.INTEGER | Kind.NUMBER:
            return _number(given)
        case Kind.BOOLEAN:
            return read.truth(given)
        case Kind.DATE:
            return {"date": given}
        case Kind.TIMESTAMP:
            return {"timestamp": given}
        case _:
            return read.text(given)


def _number(given: str) -> float:
    try:
        return float(given)
    except ValueError as error:
        raise ValueError(f"'{given[:40]}' is no number.") from error
