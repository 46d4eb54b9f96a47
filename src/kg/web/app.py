"""Puts the blueprints together into a Flask application."""

from http import HTTPStatus
from typing import Final

import flask
from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from kg.config import Config
from kg.engine.front import Front
from kg.engine.requests import Engine
from kg.formats import HTML, RDF_FORMATS
from kg.saved_queries import read_saved_queries
from kg.web import (
    browse,
    dumps,
    editor,
    errors,
    graph_store,
    health,
    home,
    linked_data,
    links,
    ontology_pages,
    openapi,
    pictures,
    queries,
    search,
    self_description,
    sparql,
    status,
    vendor,
)
from kg.web.compression import compress_response
from kg.web.entrance import Entrance
from kg.web.logs import Log
from kg.web.metrics import Metrics
from kg.web.observing import Observer
from kg.web.services import EXTENSION, Services

_BLUEPRINTS: Final = (
    home,
    sparql,
    graph_store,
    queries,
    linked_data,
    openapi,
    health,
    status,
    editor,
    vendor,
    search,
    browse,
    pictures,
    self_description,
    dumps,
    ontology_pages,
)
_DESCRIBED: Final = frozenset({HTML.media_type, *(each.media_type for each in RDF_FORMATS)})
"""Pages and RDF: they say where the dataset that they are of is described."""

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load: from here alone, and no code that stands in the page itself."""


def create_app(config: Config, engine: Engine, log: Log | None = None) -> Flask:
    """Return the application; it does not own the engine and never closes it.

    It logs to standard error where no `log` is given. Raises SavedQueryError where a file in
    queries/ is wrong.
    """
    app = Flask(__name__)
    app.url_map.merge_slashes = False  # a redirect would go to whatever the Host header says
    app.config["MAX_CONTENT_LENGTH"] = config.body_bytes
    log, metrics = log or Log(), Metrics()
    observer = Observer(config, log, metrics)
    observer.register(app)
    front = Front(engine, config, observe=observer.query)
    app.wsgi_app = Entrance(app, front, observer, _HOOKS)  # type: ignore[method-assign]  # as Flask has it
    metrics.show(front, log)
    saved_queries = read_saved_queries(config.root / "queries")
    app.extensions[EXTENSION] = Services(config, front, saved_queries, metrics)
    for module in _BLUEPRINTS:
        app.register_blueprint(module.blueprint)
    errors.register(app)
    links.register(app)
    for hook in reversed(_HOOKS):  # what is registered first runs last
        app.after_request(hook)
    _believe_proxies(app, config.trusted_proxies)
    return app


def _believe_proxies(app: Flask, count: int) -> None:
    """Take the client's address from X-Forwarded-For as the trusted proxies wrote it, only that."""
    if count:
        fixed = ProxyFix(app.wsgi_app, x_for=count, x_proto=0, x_host=0)
        app.wsgi_app = fixed  # type: ignore[method-assign]  # as Flask has it


def _describe(response: Response) -> Response:
    if response.status_code == HTTPStatus.OK and response.mimetype in _DESCRIBED:
        void = flask.url_for("self_description.void")
        response.headers.add("Link", f'<{void}>; rel="describedby"')
    return response


def _harden(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype in ("text/html", "image/svg+xml"):
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response


_HOOKS: Final = (compress_response, _describe, _harden)
"""What is done to each response, in this order."""
