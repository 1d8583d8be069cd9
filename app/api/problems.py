"""Problems as they are answered: application/problem+json (RFC 9457) for each, FastAPI's and the database's own included."""

from __future__ import annotations

import logging
from typing import Any, cast
from urllib.parse import quote
from uuid import uuid4

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.answers import address
from app.errors import BadParameter, MethodNotAllowed, NotFound, Problem, TooSlow, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
QUERY_CANCELED = "57014"
"""PostgreSQL's code for a statement that ran into its timeout."""
NOT_ANSWERING = ("08", "53", "57", "3D000")
"""Beginnings of PostgreSQL's codes for a server that is down, full, starting or stopping, or without our database."""

# The last is what a connection that was cut in the middle of a COPY may say of itself.
_CUT = (asyncpg.InterfaceError, asyncpg.InternalClientError)
DATABASE_ERRORS = (DBAPIError, PoolTimeout, OSError, asyncpg.PostgresError, *_CUT)
"""What a read of the database may raise; `is_down` tells which of it is nobody's fault here."""

log = logging.getLogger("sitrep")


def install(app: FastAPI) -> None:
    """Let every error of `app` be answered as a problem."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    for error in DATABASE_ERRORS:
        app.add_exception_handler(error, _database)
    app.add_middleware(Boundary)


def answer(request: Request, problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem as it goes over the wire."""
    body: dict[str, Any] = {
        "type": address(request, f"/problems/{problem.slug}"),
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": quote(request.scope["path"]),
    }
    if problem.parameter:
        body["parameter"] = problem.parameter
    sent = {"Cache-Control": "no-store", **(headers or {})}
    if problem.status == 503:
        sent["Retry-After"] = str(RETRY_AFTER_S)
    return Response(orjson.dumps(body), problem.status, sent, MEDIA_TYPE)


def _problem(request: Request, error: Exception) -> Response:
    problem = cast("Problem", error)
    return answer(request, problem, problem.headers)


def _http(request: Request, error: Exception) -> Response:
    refused = cast("HTTPException", error)
    path = request.scope["path"][:100]
    if refused.status_code == 404:
        return answer(
            request, NotFound(f"There is nothing at {path}. The addresses are listed at / and in /docs.")
        )
    if refused.status_code == 405:
        allowed = (refused.headers or {}).get("Allow", "")
        sentence = f"{request.method} is not offered at {path}, but {allowed}."
        return answer(request, MethodNotAllowed(sentence), dict(refused.headers or {}))
    return answer(request, BadParameter(str(refused.detail)))


def _validation(request: Request, error: Exception) -> Response:
    first = cast("RequestValidationError", error).errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return answer(request, BadParameter(f"'{where}': {first['msg']}.", parameter=where or None))


def _database(request: Request, error: Exception) -> Response:
    code = _code(error)
    if code == QUERY_CANCELED:
        return answer(
            request,
            TooSlow(
                "The question took longer than is waited for here. Ask for a smaller area, fewer days or no exact count."
            ),
        )
    if not is_down(error):
        raise error  # a fault of ours: 500
    log.warning("The database does not answer: %s", error)
    what = (
        "is busy with other questions" if isinstance(error, PoolTimeout) else "does not answer for the moment"
    )
    return answer(request, Unavailable(f"The database {what}. Try again in a few seconds."))


def _code(error: Exception) -> str:
    """PostgreSQL's own code of an error, if it has one."""
    found = getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None)
    return found or ""


def is_down(error: Exception) -> bool:
    """The database does not answer for the moment, or is busy."""
    down = isinstance(error, (OSError, PoolTimeout, *_CUT))
    if down or _code(error).startswith(NOT_ANSWERING):
        return True
    return isinstance(error, DBAPIError) and (error.connection_invalidated or isinstance(error.orig, OSError))


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
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception:
            request_id = uuid4().hex
            log.exception("Request %s to %s failed", request_id, scope["path"])
            if begun:
                raise
            problem = Problem(
                f"Something failed here that should not. The log has it as request {request_id}."
            )
            await answer(Request(scope), problem)(scope, receive, send)
