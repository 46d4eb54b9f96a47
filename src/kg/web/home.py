"""/: what this is, and three things to try."""

import flask
from flask import Blueprint

from kg.web.parameters import address

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> str:
    """Return the home page."""
    endpoint = address(flask.url_for("sparql.get"))
    return flask.render_template("home.html", endpoint=endpoint)
