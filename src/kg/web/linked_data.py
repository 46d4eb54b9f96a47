"""Every IRI of ours leads somewhere: 303 from a thing to a document about it (httpRange-14).

A thing has the path of its IRI. Its documents have the same path and an ending: `.html` for people,
`.ttl`, `.jsonld` and the others for programs. The Accept header chooses among them.
"""

from typing import Final

import flask
from flask import Blueprint, Response
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from kg import formats
from kg.errors import NotAcceptable
from kg.formats import RDF_FORMATS, RdfFormat
from kg.resources import description_request, is_known, read_description
from kg.vocab import BASE
from kg.web import answers, pages
from kg.web.parameters import accept_header

HTML: Final = "html"
_BY_EXTENSION: Final = {each.extension: each for each in RDF_FORMATS}
_SHOWN: Final = 200

blueprint = Blueprint("linked_data", __name__)
blueprint.after_request(answers.share)


@blueprint.get("/<any(id, source, claim, proposition, vocab, graph):kind>/<path:name>")
def thing(kind: str, name: str) -> Response:
    """Send on from a thing to its document, or return the document itself."""
    stem, dot, extension = name.rpartition(".")
    if dot and (extension == HTML or extension in _BY_EXTENSION):
        return _document(_known(f"{kind}/{stem}"), extension)
    iri = _known(f"{kind}/{name}")
    response = flask.redirect(f"{flask.request.path}.{_best_extension()}", 303)
    response.vary.add("Accept")
    response.headers["Link"] = f'<{iri.value}>; rel="canonical"'
    return response  # type: ignore[return-value]  # flask's redirect is typed as werkzeug's


def _known(path: str) -> NamedNode:
    """Return the IRI at a path. Raises NotFound where the graph does not know it."""
    try:
        iri = NamedNode(BASE + path)
    except ValueError:
        iri = None
    if iri is None or not is_known(answers.Asking(), iri):
        raise NotFound(f"the graph does not know <{BASE}{path[:_SHOWN]}>")
    return iri


def _best_extension() -> str:
    """Return the ending of the document that the Accept header likes best."""
    accept = accept_header()
    if formats.prefers_html(accept):
        return HTML
    _, graph = formats.negotiate(accept)
    if graph is None:
        offered = f"text/html, {formats.media_types(RDF_FORMATS)}"
        raise NotAcceptable(f"nothing offered is acceptable; offered: {offered}")
    return graph.extension


def _document(iri: NamedNode, extension: str) -> Response:
    if extension == HTML:
        return pages.respond("thing.html", about=read_description(answers.Asking(), iri))
    graph: RdfFormat = _BY_EXTENSION[extension]
    return answers.respond(description_request(iri, graph))
