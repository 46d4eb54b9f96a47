"""For operators: /status, the limits; /metrics, the numbers; /admin/queries, what runs now."""

import hashlib
import hmac
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import flask
from flask import Blueprint, Response
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import NotFound, Unauthorized

from kg.config import SETTINGS, Config
from kg.engine.running import Running
from kg.web.answers import BUILD_HEADER
from kg.web.services import services

_SCHEME: Final = "bearer"
_SHOWN: Final = 64

blueprint = Blueprint("status", __name__)


@blueprint.get("/status")
def status() -> Response:
    """Return build, version, limits and the numbers of this moment."""
    config, engine = services().config, services().engine
    response = flask.jsonify(
        version=version("diplomacy-kg"),
        build=engine.build,
        engine="embedded" if config.engine_url is None else "remote",
        now=dict(engine.statistics()),
        settings=_settings(config),
    )
    response.headers[BUILD_HEADER] = engine.build
    return _unkept(response)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the numbers that Prometheus collects."""
    text, content_type = services().metrics.to_text(flask.request.headers.get("Accept", ""))
    return _unkept(Response(text, content_type=content_type))


@blueprint.get("/admin/queries")
def queries() -> Response:
    """List the queries under way."""
    _check_operator()
    return _unkept(flask.jsonify(queries=[_shown(each) for each in services().engine.running()]))


@blueprint.delete("/admin/queries/<identifier>")
def cancel(identifier: str) -> Response:
    """End a query; who asked it is told that it was cancelled."""
    _check_operator()
    if not services().engine.cancel(identifier):
        raise NotFound(f"no query {identifier[:_SHOWN]!r} is under way; /admin/queries lists them")
    return Response(status=204)


def _settings(config: Config) -> dict[str, object]:
    return {
        each.variable: {"value": getattr(config, name), "unit": each.unit, "meaning": each.meaning}
        for name, each in SETTINGS.items()
    }


def _shown(running: Running) -> dict[str, object]:
    since = datetime.fromtimestamp(running.since, UTC).isoformat(timespec="milliseconds")
    return {**asdict(running), "since": since}


def _check_operator() -> None:
    """Raise NotFound where there are no operators, and Unauthorized where this is none.

    The digests are compared: in constant time, and whatever characters the header holds.
    """
    token = services().config.admin_token
    if token is None:
        raise NotFound("there is nothing at this address; the service has no KG_ADMIN_TOKEN")
    scheme, _, given = flask.request.headers.get("Authorization", "").partition(" ")
    is_same = hmac.compare_digest(_digest(given.strip()), _digest(token))
    if scheme.lower() != _SCHEME or not is_same:
        raise Unauthorized(
            "this is for operators; send the token as: Authorization: Bearer …",
            www_authenticate=WWWAuthenticate(_SCHEME, {"realm": "kg"}),
        )


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def _unkept(response: Response) -> Response:
    response.cache_control.no_store = True
    return response
