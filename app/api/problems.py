"""Problems as they are answered: application/problem+json (RFC 9457) for each, FastAPI's and the database's own included."""

from __future__ import annotations

import logging
from typing import Any
from uuid import uuid4

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import BadParameter, MethodNotAllowed, NotFound, Problem, TooSlow, Unavailable

MEDIA_TYPE = "application/problem+json"
QUERY_CANCELED = "57014"
"""PostgreSQL's code for a statement that ran into its timeout."""

log = logging.getLogger("sitrep")


def install(app: FastAPI) -> None:
    """Let every error of `app` be answered as a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeout, _database)
    app.add_exception_handler(OSError, _database)
    app.add_middleware(Boundary)


def answer(request_path: str, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem as it goes over the wire."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": request_path,
    }
    if problem.parameter:
        body["parameter"] = problem.parameter
    return Response(orjson.dumps(body), problem.status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE)


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return answer(request.url.path, error, {"Retry-After": "5"} if error.status == 503 else None)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == 404:
        return answer(path, NotFound(f"There is nothing at {path}. The addresses are listed at / and in /docs."))
    if error.status_code == 405:
        return answer(path, MethodNotAllowed(f"{request.method} is not offered at {path}."), dict(error.headers or {}))
    return answer(path, BadParameter(str(error.detail)))


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return answer(request.url.path, BadParameter(f"'{where}': {first['msg']}.", parameter=where or None))


def _database(request: Request, error: Exception) -> Response:
    if getattr(getattr(error, "orig", None), "sqlstate", None) == QUERY_CANCELED:
        sentence = "The question took longer than is waited for here. Ask for a smaller area, fewer days or no exact count."
        return _problem(request, TooSlow(sentence))
    if isinstance(error, DBAPIError) and not error.connection_invalidated and not isinstance(error.orig, OSError):
        raise error  # a fault of ours: 500
    log.warning("The database does not answer: %s", error)
    return _problem(request, Unavailable("The database does not answer for the moment. Try again in a few seconds."))


class Boundary:
    """Answers what nobody foresaw: 500 without details, which are logged under the request's id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            request_id = uuid4().hex
            log.exception("Request %s to %s failed", request_id, scope["path"])
            if begun:
                raise
            problem = Problem(f"Something failed here that should not. The log has it as request {request_id}.")
            await answer(scope["path"], problem)(scope, receive, send)
