"""A page for people as a response: whole, tagged, and kept until the next build."""

import hashlib

import flask
from flask import Response

from kg.web.answers import BUILD_HEADER
from kg.web.services import services


def respond(template: str, **values: object) -> Response:
    """Return a page made of a template; a client that holds it already gets 304."""
    response = Response(flask.render_template(template, **values))
    digest = hashlib.sha256(response.get_data()).hexdigest()[:32]
    response.set_etag(digest, weak=True)
    if build := services().engine.build:
        response.headers[BUILD_HEADER] = build
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    response.make_conditional(flask.request)
    return response
