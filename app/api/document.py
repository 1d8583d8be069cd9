"""The OpenAPI document: 3.0, as OGC API Features has it, made of what each route says of itself.

FastAPI's own would be 3.1, and would tell of answers that are never given (422) and not of those that are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import getdoc
from itertools import chain
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from app.api.examples import EXAMPLES
from app.api.schemas import SCHEMAS
from app.api.schemas_parts import reference
from app.errors import BadParameter, Problem, TooSlow, Unavailable, UnknownParameter

VERSION = "3.0.3"
MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.0"
NEWER_VERSION = "3.1.0"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""What schemas of that version are written in."""
NEWER_MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.1"

Parameters = Mapping[str, dict[str, Any]]

HEADERS: dict[str, Any] = {
    "ETag": {
        "description": "Send it back in `If-None-Match`: what has not changed is answered 304.",
        "schema": {"type": "string"},
    },
    "Link": {"description": "The links of the body, but for very long ones.", "schema": {"type": "string"}},
    "Location": {"description": "Where what was made is.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of answers that the client has.",
    "schema": {"type": "string"},
}


def operation(
    schema: str,
    media_type: str,
    *,
    others: Iterable[str] = (),
    summary: str,
    parameters: Parameters | None = None,
    path: Parameters | None = None,
    headers: Parameters | None = None,
    body: dict[str, Any] | None = None,
    problems: tuple[type[Problem], ...] = (),
    database: bool = True,
    etag: bool = True,
    creates: bool = False,
) -> dict[str, Any]:
    """What a route says of itself: its answer (a name in `SCHEMAS`), its parameters, and the problems it may have.

    `others` are the media types of files that it answers besides.

    Handed to the route as `openapi_extra`. Unknown parameters are refused everywhere, and any read of the database may fail.
    """
    given = [
        *({"name": name, "in": "path", "required": True, **said} for name, said in (path or {}).items()),
        *(
            {"name": name, "in": "query", "required": False, **said}
            for name, said in (parameters or {}).items()
        ),
        *(
            {"name": name, "in": "header", "required": False, **said}
            for name, said in (headers or {}).items()
        ),
        *([_IF_NONE_MATCH] if etag else []),
    ]
    common: tuple[type[Problem], ...] = (UnknownParameter, *([BadParameter] if parameters else []))
    failing: tuple[type[Problem], ...] = (Unavailable, TooSlow) if database else ()
    answer: dict[str, Any] = {"description": SCHEMAS[schema]["description"]}
    files = {other: {"schema": {"type": "string", "format": "binary"}} for other in others}
    answer["content"] = {**files, media_type: _content(schema)}
    if etag:
        answer["headers"] = {name: _header(name) for name in ("ETag", "Link")}
    return {
        "summary": summary,
        "parameters": given,
        **({"requestBody": body} if body else {}),
        "responses": {
            "200": answer,
            **({"201": _created(answer)} if creates else {}),
            **({"304": {"description": "The client has it already."}} if etag else {}),
            **_failures((*common, *problems, *failing)),
        },
    }


def document(app: FastAPI, routers: Iterable[APIRouter]) -> dict[str, Any]:
    """The OpenAPI document of all routes that show themselves. HEAD is answered wherever GET is, and not written out."""
    paths: dict[str, Any] = {}
    # Not app.routes: there a router stands as one, and its routes are hidden in it.
    for route in chain.from_iterable(router.routes for router in routers):
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        said = {
            "operationId": route.name,
            "tags": list(route.tags),
            "description": " ".join((getdoc(route.endpoint) or "").split()),
            **(route.openapi_extra or {}),
        }
        for method in sorted((route.methods or set()) - {"HEAD"}):
            paths.setdefault(route.path, {})[method.lower()] = said
    info = {"title": app.title, "version": app.version, "description": app.description}
    return {
        "openapi": VERSION,
        "info": {
            **info,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "headers": HEADERS,
        },
    }


def newer(written: dict[str, Any]) -> dict[str, Any]:
    """The same document in version 3.1, whose schemas are JSON Schema 2020-12: what may be null is of the type null too."""
    upgraded: dict[str, Any] = _newer(written)
    return {**upgraded, "openapi": NEWER_VERSION, "jsonSchemaDialect": DIALECT}


def _newer(part: Any) -> Any:
    if isinstance(part, list):
        return [_newer(one) for one in part]
    if not isinstance(part, dict):
        return part
    # Examples are answers, not schemas: what is called nullable in them stays.
    found = {name: value if name == "example" else _newer(value) for name, value in part.items()}
    if found.get("nullable") is not True:
        return found
    del found["nullable"]
    if "allOf" in found:
        (referred,) = found.pop("allOf")
        return {"anyOf": [referred, {"type": "null"}], **found}
    return {**found, "type": [found["type"], "null"]} if "type" in found else found


def _failures(problems: tuple[type[Problem], ...]) -> dict[str, Any]:
    """One answer a status, which lists the kinds of problems that have it."""
    found: dict[str, Any] = {}
    for status in sorted({problem.status for problem in problems}):
        kinds = [problem for problem in problems if problem.status == status]
        failure: dict[str, Any] = {
            "description": " ".join(f"`{kind.slug}`: {kind.title}." for kind in kinds),
            "content": {"application/problem+json": _content("Problem")},
        }
        if status == 503:
            failure["headers"] = {"Retry-After": _header("Retry-After")}
        found[str(status)] = failure
    found["default"] = {
        "description": "Any other problem.",
        "content": {"application/problem+json": {"schema": reference("Problem")}},
    }
    return found


def _created(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer where what it shows was made by the request."""
    return {**answer, "description": "It was made.", "headers": {"Location": _header("Location")}}


def _content(schema: str) -> dict[str, Any]:
    example = {"example": EXAMPLES[schema]} if schema in EXAMPLES else {}
    return {"schema": reference(schema), **example}


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}
