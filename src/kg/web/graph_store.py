"""/graphs: the read side of the SPARQL 1.1 Graph Store HTTP Protocol.

A graph is named in the URL: `?graph=` with its IRI, or `?default` (section 4.2). Nothing is written
here, for the graph changes through its files only: PUT, POST, DELETE and PATCH are answered 405.
"""

from typing import Final

import flask
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from kg.engine.requests import Request
from kg.errors import ParameterError
from kg.formats import JSON, RDF_FORMATS
from kg.web import answers
from kg.web.downloads import name_file
from kg.web.parameters import (
    Parameters,
    chosen_form,
    graphs_of,
    one_of,
    read_parameters,
    timeout_of,
)
from kg.web.services import services

_EVERYTHING: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_ANYTHING: Final = "ASK { GRAPH ?graph { ?s ?p ?o } }"
_SHOWN: Final = 200

blueprint = Blueprint("graph_store", __name__)
blueprint.after_request(answers.share)
blueprint.after_request(name_file)


@blueprint.get("/graphs")
def get() -> Response:
    """Return all triples of the graph that the URL names."""
    parameters = read_parameters(flask.request.query_string)
    named = _graph(parameters)
    graph = chosen_form(parameters, RDF_FORMATS)
    timeout = timeout_of(parameters)
    if named and not _exists(named, timeout):
        raise NotFound(
            f"there is no graph <{named[0][:_SHOWN]}>; /sparql describes those there are"
        )
    return answers.respond(
        Request(_EVERYTHING, None, graph, default_graphs=named, timeout=timeout, is_own=True)
    )


def _graph(parameters: Parameters) -> tuple[str, ...] | None:
    """Return the IRI of the graph that is asked for, or None for the default graph."""
    one_of(parameters, "graph")
    named = graphs_of(parameters, "graph")
    is_default = any(name == "default" for name, _ in parameters)
    if (named is not None) == is_default:
        raise ParameterError("name one graph: 'graph' with its IRI, or 'default'")
    return named


def _exists(named: tuple[str, ...], timeout: float | None) -> bool:
    """Whether the graph holds anything; the store knows no empty graphs."""
    probe = Request(_ANYTHING, JSON, None, named_graphs=named, timeout=timeout, is_own=True)
    answer: dict[str, bool] = flask.json.loads(services().engine.answer(probe).body)
    return answer["boolean"]
