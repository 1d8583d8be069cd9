"""What answers about evidence are made of: documents, claims, estimates, assessments, figures, links."""

from __future__ import annotations

from app.api.schemas_parts import COUNT, Schema, list_of, names, of, shape, word
from app.domain.events import DeathsState
from app.domain.evidence import (
    Basis,
    ClaimantRole,
    DocumentKind,
    Group,
    Harm,
    LinkKind,
    Metric,
    PublisherVerification,
    Qualifier,
    Scheme,
    Speech,
    Stance,
)


def _id(description: str, *, null: bool = False) -> Schema:
    return of("string", description, null=null, format="uuid")


def _day(description: str, *, null: bool = False) -> Schema:
    return of("string", description, null=null, format="date")


def _ids(description: str) -> Schema:
    return of("array", description, items={"type": "string", "format": "uuid"})


def _statement(**told: Schema) -> dict[str, Schema]:
    """What all statements have, and what this kind tells."""
    return {
        "id": _id("Stable, and equal in every installation."),
        "dataset": of("string", "Whose coding it is (`/datasets`)."),
        "source_key": of("string", "The dataset's own key."),
        "revision": of("integer", "1 at first, one more with each change."),
        **told,
        "updated": of("string", "When this revision became known here.", format="date-time"),
    }


_NOTE = of("string", "The coder's.", null=True)
_SAID: dict[str, Schema] = {
    "said_first": _day("The first day on which it may have been said."),
    "said_last": _day("The last, included."),
    "said_words": of("string", "The day in the document's words.", null=True),
}
_UNSAID: dict[str, Schema] = {name: {**said, "nullable": True} for name, said in _SAID.items()}
_CLAIMANT = of("string", "Who says so, as the document names them.")
_ROLE = word("The claimant's standing towards what it is about.", ClaimantRole)
_ACTOR = _id("The claimant, if it is one of `/actors`.", null=True)
_VERIFICATION = word("What the publisher says of its verification.", PublisherVerification)

DOCUMENT = _statement(
    kind=word("What it is.", DocumentKind),
    publisher=of("string", "Its name."),
    title=of("string", "Its headline.", null=True),
    authors=names("As it names them."),
    url=of("string", "Where it stands.", null=True),
    archive_url=of("string", "Where a copy is kept.", null=True),
    published_on=_day("The day, at the publisher's place."),
    published_at=of("string", "The instant.", null=True, format="date-time"),
    language=of("string", "BCP 47.", null=True),
    sha256=of("string", "Of the text that was coded, in hexadecimal digits.", null=True),
    origin_id=_id("The document whose report this is: its own id, or that of the report that it copies."),
    note=_NOTE,
)
CLAIM = _statement(
    events=_ids("What it is about."),
    stance=word("What the claimant does about it.", Stance),
    claimant=_CLAIMANT,
    anonymous=of("boolean", "Whether the document withholds the name."),
    actor_id=_ACTOR,
    role=_ROLE,
    responds_to=_id("The claim that it answers.", null=True),
    quote=of("string", "The words."),
    speech=word("Whose words they are: the claimant's own, or the document's.", Speech),
    **_SAID,
    verification=_VERIFICATION,
    document_id=_id("Where it stands (`/documents`)."),
    note=_NOTE,
)
ESTIMATE = {
    **_statement(
        event_id=_id("The event."),
        harm=word("What happened to them.", Harm),
        group=word("Who they were.", Group),
        low=of("integer", "People, low figure; null where none is given, never 0.", null=True),
        best=of("integer", "People, best figure; null where none is given, never 0.", null=True),
        high=of("integer", "People, high figure; null where none is given, never 0.", null=True),
        state=word("What stands behind the figures: a zero that was said is not one that was left out.", DeathsState),
        basis=word("How they came about. `coded`: by a dataset's own rules.", Basis),
        claim_id=_id("The claim that gives it.", null=True),
        document_id=_id("The document that gives it, where no claim does.", null=True),
        quote=of("string", "The words.", null=True),
        note=_NOTE,
    ),
    "id": _id("Null where it is what the event's dataset itself gives, which is part of the event.", null=True),
    "revision": of("integer", "1 at first, one more with each change. Null as `id` is.", null=True),
}  # fmt: skip
ESTIMATE["updated"] = of(
    "string", "When this revision became known here. Null as `id` is.", null=True, format="date-time"
)
ASSESSMENT = _statement(
    event_id=_id("The event."),
    scheme=word("By whose rules. Several stand side by side; none is made of another.", Scheme),
    grade=of("string", "What the assessor found, in the scheme's words."),
    assessor=of("string", "Who."),
    assessed_on=_day("When."),
    rationale=of("string", "Why."),
    document_id=_id("Where it was published, if it was.", null=True),
)
_NUMBER = "People; null where a value is given."
FIGURE = _statement(
    metric=word("What is counted.", Metric),
    value=of("integer", "People; null where a range is given.", null=True),
    low=of("integer", _NUMBER, null=True),
    high=of("integer", _NUMBER, null=True),
    qualifier=word("How it was hedged.", Qualifier, null=True),
    region=of("string", "Code of the area (`/regions`)."),
    place=of("string", "A place in it, if it is narrower.", null=True),
    first_day=_day("First day of the period."),
    last_day=_day("Last day, included."),
    period_words=of("string", "The period in the document's words.", null=True),
    change_percent=of("number", "By how much it changed, per cent.", null=True),
    change_first_day=_day("First day of the period against which it changed.", null=True),
    change_last_day=_day("Last day of that.", null=True),
    change_words=of("string", "The change in the document's words.", null=True),
    claimant=_CLAIMANT,
    actor_id=_ACTOR,
    role=_ROLE,
    quote=of("string", "The words."),
    **_UNSAID,
    verification=_VERIFICATION,
    document_id=_id("Where it stands (`/documents`)."),
    events=_ids("The events that it speaks of, if any."),
    note=_NOTE,
)
RELATED = _statement(
    other_id=_id("The other event."),
    title=of("string", "The other event's."),
    kind=word("How they are related.", LinkKind),
    direction=word(
        "`outgoing`: this event is `kind` the other (`part_of` it). `incoming`: the other is `kind` this one.",
        ("outgoing", "incoming"),
    ),
    note=_NOTE,
)
_CITED = {
    "id": _id("Its id."),
    **{name: DOCUMENT[name] for name in ("publisher", "title", "url", "published_on")},
}
_FIGURE_SHOWN = {
    **{name: said for name, said in FIGURE.items() if name != "updated"},
    "region_name": of("string", "The area's name.", null=True),
    "document": {"allOf": [{"$ref": "#/components/schemas/CitedDocument"}], "nullable": True},
    "updated": FIGURE["updated"],
}
_LINKS = {"links": list_of("Link")}


def _list(name: str, of_what: str, description: str) -> Schema:
    return shape({**_LINKS, "numberReturned": COUNT, name: list_of(of_what)}, description)


WHOLE_EVENT = {
    "claims": list_of("Claim"),
    "estimates": list_of("Estimate"),
    "assessments": list_of("Assessment"),
    "documents": list_of("Document"),
    "related": list_of("RelatedEvent"),
}
"""What one event has beside its properties."""

SCHEMAS_OF_EVIDENCE: dict[str, Schema] = {
    "Claim": shape(CLAIM, "Someone's statement about one event or several, relayed by a document."),
    "Claims": _list("claims", "Claim", "The claims about an event, an answer after what it answers."),
    "Estimate": shape(
        ESTIMATE, "How many people of a group came to a harm in an event, as somebody puts it."
    ),
    "Estimates": _list("estimates", "Estimate", "The estimates of an event, side by side."),
    "Assessment": shape(ASSESSMENT, "What an assessor made of an event, by the rules of a scheme."),
    "RelatedEvent": shape(RELATED, "How an event is related to another."),
    "Document": shape(DOCUMENT, "A report, article, post or statement."),
    "CitedDocument": shape(_CITED, "A document, in short."),
    "NamedEvent": shape({"id": _id("Its id."), "title": of("string", "Its title.")}, "An event, in short."),
    "Documents": _list("documents", "Document", "A page of documents."),
    "WholeDocument": shape(
        {
            **DOCUMENT,
            **_LINKS,
            "claims": list_of("Claim"),
            "figures": list_of("DocumentFigure"),
            "estimates": list_of("Estimate"),
            "events": list_of("NamedEvent"),
            "copies": list_of("CitedDocument"),
        },
        "A document with all that comes from it: estimates are those that it or a claim in it gives, `events` those coded from it,"
        " `copies` other documents of the same origin.",
    ),
    "DocumentFigure": shape(FIGURE, "A figure beside the document that it stands in."),
    "Figure": shape(_FIGURE_SHOWN, "A reported number of people over an area and a period. Not an event."),
    "WholeFigure": shape({**_FIGURE_SHOWN, **_LINKS}, "A figure."),
    "Figures": _list("figures", "Figure", "A page of figures."),
}
"""By the name under which the document has them."""
