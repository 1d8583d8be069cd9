"""The catalog of problems: what can go wrong, by name (RFC 9457). What is not here is a bug, and answers 500."""

from __future__ import annotations

from typing import ClassVar


class SitrepError(Exception):
    """A fault that has a sentence for whoever caused it. `str(error)` is that sentence."""


class Problem(SitrepError):
    """A fault of a request: a class gives status, title and slug; the raise site says what happened here."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    slug: ClassVar[str] = "internal-error"

    def __init__(
        self, detail: str, *, parameter: str | None = None, headers: dict[str, str] | None = None
    ) -> None:
        """Say what happened, and which parameter is at fault if one is; `headers` go with the answer."""
        super().__init__(detail)
        self.detail = detail
        self.parameter = parameter
        self.headers = headers


class BadParameter(Problem):
    """A query parameter, a member of a search body or a path segment that cannot be read."""

    status = 400
    title = "A parameter cannot be read"
    slug = "bad-parameter"


class UnknownParameter(Problem):
    """A parameter that this address does not have. It is refused, since ignoring it would answer another question."""

    status = 400
    title = "There is no such parameter"
    slug = "unknown-parameter"


class AmbiguousName(Problem):
    """A name that several regions bear. The detail lists them with their codes."""

    status = 400
    title = "The name is ambiguous"
    slug = "ambiguous-name"


class BadCursor(Problem):
    """A cursor that was not made here, or for another question."""

    status = 400
    title = "The cursor does not fit this question"
    slug = "bad-cursor"


class BadBody(Problem):
    """A request body that is not the JSON that is wanted."""

    status = 400
    title = "The body cannot be read"
    slug = "bad-body"


class TooManyRows(Problem):
    """More events answer the question than a snapshot may hold."""

    status = 400
    title = "The snapshot would hold too many events"
    slug = "too-many-rows"


class NotFound(Problem):
    """Nothing is kept under this address."""

    status = 404
    title = "Not found"
    slug = "not-found"


class MethodNotAllowed(Problem):
    """The address exists, but not for this method."""

    status = 405
    title = "Method not allowed"
    slug = "method-not-allowed"


class NotAcceptable(Problem):
    """None of the representations that the header `Accept` takes is offered here."""

    status = 406
    title = "No such representation"
    slug = "not-acceptable"


class TooLarge(Problem):
    """The body is longer than is read here."""

    status = 413
    title = "The request is too large"
    slug = "too-large"


class UnsupportedMediaType(Problem):
    """The body is of a type that is not read here."""

    status = 415
    title = "The body is of another type"
    slug = "unsupported-media-type"


class TooSlow(Problem):
    """The question took longer than an interactive answer may. Nothing was lost: ask for less at a time."""

    status = 503
    title = "The question takes too long"
    slug = "too-slow"


class TooManyStreams(Problem):
    """As many streams of changes are open as one process keeps, or keeps for one address. Ask again later, or ask `/changes` from time to time."""

    status = 503
    title = "Too many streams are open"
    slug = "too-many-streams"


class TooManyExports(Problem):
    """As many whole results are being sent as one process sends at once. Ask again later, or ask for pages."""

    status = 503
    title = "Too many whole results are being sent"
    slug = "too-many-exports"


class Unavailable(Problem):
    """The database does not answer for the moment."""

    status = 503
    title = "The database does not answer"
    slug = "unavailable"


CATALOG: tuple[type[Problem], ...] = (
    BadParameter,
    UnknownParameter,
    AmbiguousName,
    BadCursor,
    BadBody,
    TooManyRows,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    TooLarge,
    UnsupportedMediaType,
    TooSlow,
    TooManyStreams,
    TooManyExports,
    Unavailable,
)
"""Every problem that is answered by name; `docs/errors.md` has a section for each, and a test holds the two together."""
