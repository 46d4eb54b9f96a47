"""/health: whether a query is answered, told by asking one; and whether the process lives."""

from typing import Final

import flask
from flask import Blueprint, Response

from kg.engine.requests import Request
from kg.errors import EngineBusy, QueryError
from kg.formats import JSON
from kg.web.answers import BUILD_HEADER
from kg.web.services import services

_SECONDS: Final = 0.5
"""To wait for a worker, and again for its answer: a second in all."""

_PROBE: Final = "ASK { ?subject ?predicate ?object }"

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@blueprint.get("/health/ready")
def health() -> Response:
    """Answer 200 where a query is answered or would be in its turn, else 503 and why."""
    engine = services().engine
    try:
        engine.probe(Request(_PROBE, rows=JSON, graph=None, timeout=_SECONDS))
    except EngineBusy:
        response = flask.jsonify(status="busy", build=engine.build)
    except QueryError as error:
        response = flask.jsonify(status="failing", build=engine.build, problem=str(error))
        response.status_code = 503
    else:
        response = flask.jsonify(status="ok", build=engine.build)
    response.cache_control.no_store = True
    response.headers[BUILD_HEADER] = engine.build
    return response


@blueprint.get("/health/live")
def live() -> Response:
    """Answer 200: the process answers requests, whatever becomes of queries."""
    response = flask.jsonify(status="ok")
    response.cache_control.no_store = True
    return response
