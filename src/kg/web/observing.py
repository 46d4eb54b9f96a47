"""Watches each request from its arrival to its answer: gives it an id, counts it, logs it."""

import time
from contextvars import ContextVar
from secrets import token_hex
from typing import Final, NamedTuple
from wsgiref.types import WSGIEnvironment

import flask
from flask import Flask, Response

from kg.config import Config
from kg.engine.front import CACHED
from kg.engine.requests import Request
from kg.web.logs import Log
from kg.web.metrics import Metrics

ID_HEADER: Final = "KG-Query-Id"
"""Names the request in the log, and its query in the list of running queries."""

_ID: Final = "kg.id"
_ARRIVED: Final = "kg.arrived"
_QUERY: Final = "kg.query"
_ID_BYTES: Final = 16
_SHOWN: Final = 100
_QUERY_SHOWN: Final = 250
"""Characters; twelve bytes each at most, so that a line stays below what a pipe takes whole."""


_current: Final[ContextVar[WSGIEnvironment | None]] = ContextVar("current", default=None)
"""The environment of the request under way, also where Flask does not know of it."""


class Told(NamedTuple):
    """What is known of an answer."""

    route: str
    status: int
    build: str | None
    size: int | None


class Observer:
    """Tells the log and the metrics of requests and queries."""

    def __init__(self, config: Config, log: Log, metrics: Metrics) -> None:
        """Tell these two."""
        self._config, self._log, self._metrics = config, log, metrics

    def register(self, app: Flask) -> None:
        """Watch an application; what is registered first runs last, and sees the final answer."""
        app.after_request(self._leave)

    def arrive(self, environ: WSGIEnvironment) -> None:
        """Give a request its id, and note when it came."""
        environ[_ID], environ[_ARRIVED] = token_hex(_ID_BYTES), time.perf_counter()
        _current.set(environ)

    def query(self, request: Request, outcome: str, seconds: float) -> None:
        """Count a query, and log it where it was slow (kg.engine.front.Observer)."""
        self._metrics.count_query(outcome, seconds)
        environ = _current.get()
        if environ is not None:
            environ[_QUERY] = (outcome, seconds)
        if outcome != CACHED and seconds >= self._config.slow_query_seconds:
            self._log.write(
                "slow_query",
                id=request.id or None,
                client=request.address or None,
                outcome=outcome,
                seconds=round(seconds, 3),
                query=request.query[:_QUERY_SHOWN],
            )

    def repeat(self, environ: WSGIEnvironment) -> None:
        """Count a query that is answered as before."""
        self._metrics.count_query(CACHED, 0.0)
        environ[_QUERY] = (CACHED, 0.0)

    def leave(self, environ: WSGIEnvironment, told: Told) -> list[tuple[str, str]]:
        """Count and log a request that is answered; return the headers that are its own."""
        outcome, seconds = environ.get(_QUERY, (None, 0.0))
        self._metrics.count_request(told.route, told.status)
        self._log.write(
            "request",
            id=environ[_ID],
            client=environ.get("REMOTE_ADDR", "")[:_SHOWN],
            method=environ["REQUEST_METHOD"][:_SHOWN],
            path=_path(environ)[:_SHOWN],
            status=told.status,
            bytes=told.size,
            seconds=round(time.perf_counter() - environ[_ARRIVED], 6),
            build=told.build,
            outcome=outcome,
        )
        own = [(ID_HEADER, environ[_ID])]
        return own if outcome is None else [*own, ("Server-Timing", _timing(seconds))]

    def _leave(self, response: Response) -> Response:
        build, size = response.headers.get("KG-Build"), response.content_length
        told = Told(current_route(), response.status_code, build, size)
        response.headers.extend(self.leave(flask.request.environ, told))
        return response


def current_route() -> str:
    """Return the rule of the current request's URL, never the URL itself."""
    rule = flask.request.url_rule
    return rule.rule if rule else "none"


def _path(environ: WSGIEnvironment) -> str:
    path: str = environ.get("PATH_INFO", "")
    return path.encode("latin-1").decode(errors="replace")


def _timing(seconds: float) -> str:
    return f"query;dur={seconds * 1000:.1f}"


def query_id(environ: WSGIEnvironment) -> str:
    """Return the id of a request."""
    found: str = environ.setdefault(_ID, "")
    return found
