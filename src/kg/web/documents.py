"""A document that the service makes of what it knows, as a response: whole, tagged, kept."""

from collections.abc import Iterable

from flask import Response
from pyoxigraph import Triple

from kg.catalogue.terms import write
from kg.formats import RdfFormat
from kg.web import answers


def respond(content: bytes, media_type: str, build: str) -> Response:
    """Return a document about a build; a client that holds it already gets 304."""
    return answers.tagged(Response(content, mimetype=media_type), build)


def respond_rdf(triples: Iterable[Triple], graph: RdfFormat, build: str) -> Response:
    """Return the same of triples; the same ones in the same order give the same bytes."""
    return respond(write(triples, graph), graph.media_type, build)
