"""Which form of an answer a client gets: the parameter `f` says it, or else the header `Accept` (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fastapi import Request

from app.api.answers import Link, address, link
from app.api.values import Values
from app.errors import BadParameter, NotAcceptable


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A form in which something is answered."""

    name: str
    """What `f` may be."""
    media_type: str
    """What is answered, as `Content-Type` has it."""
    title: str = ""
    """The form in words, for links."""
    aliases: tuple[str, ...] = ()
    """What else `f` may be."""
    accepted: tuple[str, ...] = ()
    """Further media types for which it is answered: GeoJSON is JSON too."""

    @property
    def names(self) -> tuple[str, ...]:
        """All that `f` may be."""
        return (self.name, *self.aliases)


JSON = Offer(name="json", media_type="application/json", title="JSON")
HTML = Offer(name="html", media_type="text/html; charset=utf-8", title="A page for people")


def choose(request: Request, values: Values, offers: Sequence[Offer]) -> Offer:
    """The offer that the client wants most; the first of those that it wants alike, and the first where it does not say.

    Raises BadParameter for an `f` that is none of them, and NotAcceptable where `Accept` takes none.
    """
    if "f" in values:
        given = values["f"][0].strip().lower()
        for offer in offers:
            if given in offer.names:
                return offer
        raise BadParameter(
            f"'f' cannot be '{given[:40]}' here. There are: {', '.join(offer.name for offer in offers)}.",
            parameter="f",
        )
    header = request.headers.get("accept", "").strip()
    if not header or header == "*/*":
        return offers[0]
    ranges = [_Range.parse(part) for part in header.lower().split(",")]
    weights = [_weight(offer, ranges) for offer in offers]
    most = max(weights)
    if most <= 0:
        listed = ", ".join(offer.media_type.partition(";")[0] for offer in offers)
        raise NotAcceptable(
            f"'{header[:60]}' is not offered here. There is: {listed}. Leave out the header 'Accept', or add */* to it."
        )
    return offers[weights.index(most)]


def refuse_other(request: Request, *media_types: str) -> None:
    """Refuse a request whose `Accept` takes none of these types, where there is no other form to choose. Raises NotAcceptable."""
    choose(request, {}, [Offer(name=one, media_type=one) for one in media_types])


def alternates(
    request: Request, path: str, pairs: Sequence[tuple[str, str]], offers: Sequence[Offer], chosen: Offer
) -> list[Link]:
    """The link to the answer itself, and those to its other forms; each names its form, so that it can be handed on."""
    links = [link("self", chosen.media_type, address(request, path, pairs))]
    # Escaped once for all of them: a name of ours needs it not.
    plain = address(request, path, [(name, value) for name, value in pairs if name != "f"])
    begun = f"{plain}{'&' if '?' in plain else '?'}f="
    for offer in offers:
        if offer is not chosen:
            href = begun + offer.name
            links.append({**link("alternate", offer.media_type, href), "title": offer.title or offer.name})
    return links


@dataclass(frozen=True, slots=True)
class _Range:
    """One part of an `Accept` header."""

    kind: str
    settings: dict[str, str]
    weight: float

    @classmethod
    def parse(cls, text: str) -> _Range:
        kind, *rest = (part.strip() for part in text.split(";"))
        settings = {
            name.strip(): value.strip(' "') for name, _, value in (part.partition("=") for part in rest)
        }
        given = settings.pop("q", "1")
        try:
            weight = float(given)
        except ValueError:
            weight = 1.0
        return cls(kind, settings, weight)

    def closeness(self, media_type: str) -> int:
        """How exactly this range names a media type; 0 where it does not."""
        kind, *rest = (part.strip() for part in media_type.lower().split(";"))
        settings = dict(part.split("=", 1) for part in rest)
        # What the client adds is a wish; only a contradiction makes it another type (version=3.1 of a document that is 3.0).
        if any(settings.get(name, value) != value for name, value in self.settings.items()):
            return 0
        if self.kind == kind:
            return 3 + sum(name in settings for name in self.settings)
        return {f"{kind.partition('/')[0]}/*": 2, "*/*": 1}.get(self.kind, 0)


def _weight(offer: Offer, ranges: Iterable[_Range]) -> float:
    """The weight of the range that names an offer most exactly."""
    found = [
        (one.closeness(media_type), one.weight)
        for media_type in (offer.media_type, *offer.accepted)
        for one in ranges
    ]
    closest = max(closeness for closeness, _ in found)
    return max(weight for closeness, weight in found if closeness == closest) if closest else 0.0
