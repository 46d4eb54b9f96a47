"""Puts the blueprints together into a Flask application."""

from typing import Final

from flask import Flask, Response

from kg.config import Config
from kg.engine.requests import Engine
from kg.saved_queries import read_saved_queries
from kg.web import errors, health, home, queries, sparql
from kg.web.services import EXTENSION, Services

_FORM_OVERHEAD: Final = 4
"""A percent-encoded form is at most three times its text, plus its other fields."""


def create_app(config: Config, engine: Engine) -> Flask:
    """Return the application; it does not own the engine and never closes it.

    Raises SavedQueryError where a file in queries/ is wrong.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _FORM_OVERHEAD * config.query_bytes
    app.extensions[EXTENSION] = Services(
        config, engine, read_saved_queries(config.root / "queries")
    )
    for module in (home, sparql, queries, health):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    app.after_request(_harden)
    return app


def _harden(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
