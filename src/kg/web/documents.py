"""A document that the service makes of what it knows, as a response: whole, tagged, kept."""

import hashlib
from collections.abc import Iterable

import flask
from flask import Response
from pyoxigraph import Triple

from kg.catalogue.terms import write
from kg.formats import N_TRIPLES, RdfFormat
from kg.web.answers import BUILD_HEADER


def respond(content: bytes, media_type: str, build: str) -> Response:
    """Return a document about a build; a client that holds it already gets 304."""
    return _respond(content, media_type, build, content)


def respond_rdf(triples: Iterable[Triple], graph: RdfFormat, build: str) -> Response:
    """Return the same of triples; prefixes may be written in another order each time."""
    told = list(triples)
    meaning = graph.name.encode() + write(told, N_TRIPLES)
    return _respond(write(told, graph), graph.media_type, build, meaning)


def _respond(content: bytes, media_type: str, build: str, meaning: bytes) -> Response:
    response = Response(content, mimetype=media_type)
    response.set_etag(hashlib.sha256(meaning).hexdigest()[:32], weak=True)
    if build:
        response.headers[BUILD_HEADER] = build
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept")
    response.make_conditional(flask.request)
    return response
