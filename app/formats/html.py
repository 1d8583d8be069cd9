"""Pages for people: templates in `formats/pages`, filled with what the JSON answer at the same address holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app.domain.evidence import PublisherVerification, Stance
from app.formats import listing, telling

MEDIA_TYPE = "text/html"
_FOLDER = Path(__file__).parent / "pages"

_SAID_BY_PUBLISHERS = {
    PublisherVerification.EXPLICITLY_UNVERIFIED: "could not be verified",
    PublisherVerification.PARTLY_VERIFIED: "verified in part",
    PublisherVerification.PUBLISHER_VERIFIED: "verified by the publisher",
}


def render(page: str, **told: Any) -> str:
    """A page by the name of its template. What is told is escaped; a name that the template wants and that is not there is a bug."""
    return _ENVIRONMENT.get_template(f"{page}.html").render(**told)


def web(url: str | None) -> str | None:
    """An address that a page may link to: of the web, and nothing that runs."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def words(code: str) -> str:
    """A code as a reader says it."""
    return _SAID_BY_PUBLISHERS.get(code, code.replace("_", " "))  # type: ignore[call-overload,no-any-return]  # a StrEnum is its text


def marked(description: str) -> Markup:
    """A description with what stands in backticks as code.

    >>> marked("`a` < b")
    Markup('<code>a</code> &lt; b')
    """
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(description))))  # noqa: S704 - escaped just before


def covered(collection: Mapping[str, Any]) -> str:
    """The days that a collection covers; empty where it has none."""
    (interval,) = collection["extent"]["temporal"]["interval"]
    first, last = (end and end[:10] for end in interval)
    return telling.span(first, last) if first or last else ""


def environment(folder: Path) -> Environment:
    """The templates of a folder: what they are given is escaped, and what they are not given is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_ENVIRONMENT = environment(_FOLDER)
_ENVIRONMENT.globals["style"] = (_FOLDER / "style.css").read_text()
_ENVIRONMENT.globals["warning"] = listing.WARNING
_ENVIRONMENT.filters |= {
    "amount": lambda number: f"{number:,}",
    "covered": covered,
    "marked": marked,
    "web": web,
    "words": words,
    "day": telling.day,
    "moment": telling.moment,
    "number": telling.number,
    "verb": lambda stance: telling.VERBS[Stance(stance)],
}
