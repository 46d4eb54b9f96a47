"""The page of one thing: which template shows it follows from what the graph says that it is."""

from typing import Final

import flask
from flask import Response
from pyoxigraph import NamedNode
from werkzeug.exceptions import NotFound

from kg.engine.requests import Engine
from kg.formats import RDF_FORMATS
from kg.portraits.claims import claim_itself
from kg.portraits.nodes import Node, read_node
from kg.portraits.situations import read_about, read_situation
from kg.portraits.sources import read_source
from kg.portraits.things import everything_about, read_thing
from kg.web import answers, pages
from kg.web.addresses import path_of
from kg.web.services import services

_LONGEST_NUMBER: Final = 9


def thing_page(iri: NamedNode) -> Response:
    """Return the page of a thing; a part of a document is a place on the page of the document.

    The errors are those of Engine.answer; NotFound where a page has no such part.
    """
    engine = answers.Asking()
    node = read_node(engine, iri)
    match node.form:
        case "situation":
            return _respond("situation", node, read_situation(engine, node))
        case "claim":
            return _claim(engine, node)
        case "proposition":
            return _proposition(engine, node)
        case "source":
            return _respond("source", node, read_source(engine, node, _paragraph()))
        case "part":
            return _part(engine, node)
        case "thing":
            return _thing(engine, node)


def _respond(name: str, node: Node, about: object, **values: object) -> Response:
    saved = services().saved_queries
    shared = {"about": about, "node": node, "formats": RDF_FORMATS, "saved": saved}
    return pages.respond(f"{name}.html", more=everything_about(node), **shared, **values)


def _thing(engine: Engine, node: Node) -> Response:
    return _respond("thing", node, read_thing(engine, node))


def _claim(engine: Engine, node: Node) -> Response:
    """Return the page of a claim, with the content that it puts forward."""
    iri = NamedNode(node.iri)
    return _respond("claim", node, read_about(engine, iri), claim=claim_itself(engine, iri))


def _proposition(engine: Engine, node: Node) -> Response:
    """Return the page of a proposition: the situation that it quotes, and the claims."""
    about = read_about(engine, NamedNode(node.iri))
    if about is None:
        return _thing(engine, node)
    return _respond("proposition", node, about)


def _part(engine: Engine, node: Node) -> Response:
    """Send on to the place on the page of the document, where that is ours."""
    document, number = path_of(node.first("inDocument").iri), node.first("paragraph").label
    if not (document and _is_number(number)):
        return _thing(engine, node)
    target = f"{document}.html?from={number}#p{number}"
    return flask.redirect(target, 303)  # type: ignore[return-value]  # typed as werkzeug's


def _paragraph() -> int:
    """Return which paragraph shall be on the page. Raises NotFound where it is no number."""
    given = flask.request.args.get("from", "1")
    if not _is_number(given):
        raise NotFound("a page begins with the number of a paragraph: ?from=12")
    return int(given)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
