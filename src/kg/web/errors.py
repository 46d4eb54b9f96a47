"""Translates errors to HTTP: a class has a status, and every body has the same shape (RFC 9457).

Nothing of the inside is told: no stack, no path. What is not in the table is a bug; it is logged
by Flask, and the client reads only that something went wrong. docs/http.md lists the codes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import flask
from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from kg import formats
from kg.errors import (
    BackendError,
    BudgetSpent,
    EngineUnavailable,
    KgError,
    MemoryExceeded,
    NotAcceptable,
    OtherBuild,
    ParameterError,
    QueryCancelled,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    ResultTooLarge,
    ServiceDisabled,
)
from kg.web import answers
from kg.web.parameters import ACCEPT_BYTES

STATUS: Final[Mapping[type[KgError], HTTPStatus]] = MappingProxyType(
    {
        ParameterError: HTTPStatus.BAD_REQUEST,
        OtherBuild: HTTPStatus.CONFLICT,
        QuerySyntaxError: HTTPStatus.BAD_REQUEST,
        QueryRefused: HTTPStatus.BAD_REQUEST,
        QueryTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        ServiceDisabled: HTTPStatus.FORBIDDEN,
        ResultTooLarge: HTTPStatus.BAD_REQUEST,
        NotAcceptable: HTTPStatus.NOT_ACCEPTABLE,
        BudgetSpent: HTTPStatus.TOO_MANY_REQUESTS,
        QueryCancelled: HTTPStatus.SERVICE_UNAVAILABLE,
        MemoryExceeded: HTTPStatus.SERVICE_UNAVAILABLE,
        EngineUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
        QueryTimeout: HTTPStatus.GATEWAY_TIMEOUT,
        BackendError: HTTPStatus.BAD_GATEWAY,
    }
)
"""A class that is not here has the status of the class above it."""

CODES: Final[Mapping[HTTPStatus, str]] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: "bad_request",
        HTTPStatus.UNAUTHORIZED: "unauthorized",
        HTTPStatus.FORBIDDEN: "forbidden",
        HTTPStatus.NOT_FOUND: "not_found",
        HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
        HTTPStatus.REQUEST_TIMEOUT: "request_timeout",
        HTTPStatus.GONE: "gone",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "query_too_large",
        HTTPStatus.REQUEST_URI_TOO_LONG: "uri_too_long",
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "header_too_large",
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "range_not_satisfiable",
        HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
    }
)
"""The codes of what the framework refuses."""

_RETRY_SECONDS: Final = 2


@dataclass(frozen=True)
class Near:
    """What may have been meant: its IRI or address, and what people read."""

    address: str
    text: str


class NothingNamed(NotFound):
    """404 for a name that nothing has; people get near ones as links."""

    def __init__(self, told: str, near: Iterable[Near]) -> None:
        """Say what there is not, and what is spelled like it."""
        self.told, self.near = told, tuple(near)
        hint = " or ".join(f"<{each.address}>" for each in self.near)
        super().__init__(told + (f"; did you mean {hint}?" if hint else ""))


def register(app: Flask) -> None:
    """Let the application answer errors in this shape."""
    app.register_error_handler(KgError, _known)
    app.register_error_handler(HTTPException, _http)


def status_of(error: KgError) -> HTTPStatus:
    """Return the status of the nearest class in the table; of none, 500: the set-up is wrong."""
    found = (STATUS[each] for each in type(error).__mro__ if each in STATUS)
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def _known(error: KgError) -> Response:
    status = status_of(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        flask.current_app.logger.error("the service is not set up properly", exc_info=error)
        detail = "the service is not set up properly; its log says how"
        return _problem(status, detail, CODES[status], {})
    response = _problem(status, str(error), error.code, _place_of(error))
    seconds = _seconds_to_wait(error)
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def _place_of(error: KgError) -> Mapping[str, object]:
    if isinstance(error, QuerySyntaxError) and error.line is not None:
        return {"line": error.line, "column": error.column}
    return {}


def _seconds_to_wait(error: KgError) -> int | None:
    """Return after how many seconds the same request may be answered, where it ever will be."""
    match error:
        case BudgetSpent():
            return error.seconds
        case EngineUnavailable():
            return _RETRY_SECONDS
        case _:
            return None


def _http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    code = CODES.get(status, status.name.lower())
    if isinstance(error, NothingNamed) and _is_for_people():
        response = _problem(status, error.told, code, {}, error.near)
    else:
        response = _problem(status, _detail_of(error, status), code, {})
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value
    is_nowhere = flask.request.url_rule is None
    return answers.share(response) if is_nowhere and flask.request.method != "OPTIONS" else response


def _detail_of(error: HTTPException, status: HTTPStatus) -> str:
    """Return what is wrong, and what to do about it."""
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return f"{flask.request.method} is not answered here; allowed: {allowed}"
    if isinstance(error, NotFound) and error.description == NotFound.description:
        return "there is nothing at this address; the home page (/) leads to all there is"
    return error.description or status.description


def _problem(
    status: HTTPStatus,
    detail: str,
    code: str,
    members: Mapping[str, object],
    near: Iterable[Near] = (),
) -> Response:
    problem = {"title": status.phrase, "status": int(status), "detail": detail, "code": code}
    if _is_for_people():
        response = Response(flask.render_template("error.html", near=near, **problem))
    else:
        response = flask.jsonify(type="about:blank", **problem, **members)
        response.mimetype = "application/problem+json"
    response.status_code = status
    response.cache_control.no_store = True
    response.vary.add("Accept")
    return response


def _is_for_people() -> bool:
    accept = flask.request.headers.get("Accept", "")
    return len(accept) <= ACCEPT_BYTES and formats.prefers_html(accept)
