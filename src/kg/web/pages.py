"""A page for people as a response: whole, tagged, and kept until the next build."""

import flask
from flask import Response

from kg.web import answers
from kg.web.services import services


def respond(template: str, **values: object) -> Response:
    """Return a page made of a template; a client that holds it already gets 304."""
    page = Response(flask.render_template(template, **values))
    return answers.tagged(page, services().engine.build)
