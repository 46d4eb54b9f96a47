"""Translates errors to HTTP: a class has a status, and every body has the same shape (RFC 9457).

Nothing of the inside is told: no stack, no path. What is not in the table is a bug; it is logged
by Flask, and the client reads only that something went wrong.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import flask
from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from kg.errors import (
    EngineUnavailable,
    KgError,
    MemoryExceeded,
    NotAcceptable,
    ParameterError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
)

STATUS: Final[Mapping[type[KgError], HTTPStatus]] = MappingProxyType(
    {
        ParameterError: HTTPStatus.BAD_REQUEST,
        QuerySyntaxError: HTTPStatus.BAD_REQUEST,
        QueryRefused: HTTPStatus.BAD_REQUEST,
        ResultTooLarge: HTTPStatus.BAD_REQUEST,
        NotAcceptable: HTTPStatus.NOT_ACCEPTABLE,
        MemoryExceeded: HTTPStatus.SERVICE_UNAVAILABLE,
        EngineUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
        QueryTimeout: HTTPStatus.GATEWAY_TIMEOUT,
    }
)

_RETRY_SECONDS: Final = "2"


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
        return _problem(status, "the service is not set up properly; its log says how", {})
    members: dict[str, object] = {"code": type(error).__name__}
    if isinstance(error, QuerySyntaxError):
        members |= {"line": error.line, "column": error.column}
    response = _problem(status, str(error), members)
    if isinstance(error, EngineUnavailable):
        response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    response = _problem(status, error.description or status.description, {})
    for name, value in error.get_headers():
        if name.lower() != "content-type":
            response.headers[name] = value
    return response


def _problem(status: HTTPStatus, detail: str, members: Mapping[str, object]) -> Response:
    accept = flask.request.accept_mimetypes
    problem = {"title": status.phrase, "status": int(status), "detail": detail, **members}
    if accept.quality("text/html") > accept.quality("application/json"):
        return Response(flask.render_template("error.html", **problem), status=status)
    response = flask.jsonify(type="about:blank", **problem)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
