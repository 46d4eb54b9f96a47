"""Watches each request from its arrival to its answer: gives it an id, counts it, logs it."""

import time
from typing import Final
from uuid import uuid4

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
_SHOWN: Final = 100
_QUERY_SHOWN: Final = 250
"""Characters; twelve bytes each at most, so that a line stays below what a pipe takes whole."""


class Observer:
    """Tells the log and the metrics of requests and queries."""

    def __init__(self, config: Config, log: Log, metrics: Metrics) -> None:
        """Tell these two."""
        self._config, self._log, self._metrics = config, log, metrics

    def register(self, app: Flask) -> None:
        """Watch an application; what is registered first runs last, and sees the final answer."""
        app.before_request(self._arrive)
        app.after_request(self._leave)

    def query(self, request: Request, outcome: str, seconds: float) -> None:
        """Count a query, and log it where it was slow (kg.engine.front.Observer)."""
        self._metrics.count_query(outcome, seconds)
        if flask.has_request_context():
            flask.request.environ[_QUERY] = (outcome, seconds)
        if outcome != CACHED and seconds >= self._config.slow_query_seconds:
            self._log.write(
                "slow_query",
                id=request.id or None,
                client=request.address or None,
                outcome=outcome,
                seconds=round(seconds, 3),
                query=request.query[:_QUERY_SHOWN],
            )

    def _arrive(self) -> None:
        environ = flask.request.environ
        environ[_ID], environ[_ARRIVED] = uuid4().hex, time.perf_counter()

    def _leave(self, response: Response) -> Response:
        request, status = flask.request, response.status_code
        environ = request.environ
        outcome, query_seconds = environ.get(_QUERY, (None, 0.0))
        response.headers.add(ID_HEADER, query_id())
        if outcome is not None:
            response.headers.add("Server-Timing", f"query;dur={query_seconds * 1000:.1f}")
        self._metrics.count_request(request.url_rule.rule if request.url_rule else "none", status)
        self._log.write(
            "request",
            id=query_id(),
            client=(request.remote_addr or "")[:_SHOWN],
            method=request.method[:_SHOWN],
            path=request.path[:_SHOWN],
            status=status,
            bytes=response.content_length,
            seconds=round(time.perf_counter() - environ.get(_ARRIVED, time.perf_counter()), 6),
            build=response.headers.get("KG-Build"),
            outcome=outcome,
        )
        return response


def query_id() -> str:
    """Return the id of the current request."""
    found: str = flask.request.environ.setdefault(_ID, "")
    return found
