"""/queries: the list of saved queries, and their answers: the same bytes as the command line's."""

from typing import Final

import flask
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from kg import formats
from kg.engine.requests import Request
from kg.saved_queries import Param, SavedQuery, fill
from kg.web import answers
from kg.web.downloads import name_file
from kg.web.parameters import (
    Parameters,
    accept_header,
    address,
    formats_of,
    one_of,
    read_parameters,
    timeout_of,
)
from kg.web.services import services

OWN_PARAMETERS: Final = ("format", "timeout")
"""What every saved query takes; no parameter of its own can be named so."""

_SHOWN: Final = 64

blueprint = Blueprint("queries", __name__)
blueprint.after_request(answers.share)
blueprint.after_request(name_file)


@blueprint.get("/queries")
def listing() -> Response:
    """List the saved queries: JSON, or HTML for people."""
    saved = services().saved_queries.values()
    if formats.prefers_html(accept_header()):
        return Response(flask.render_template("queries.html", queries=saved))
    return flask.jsonify(queries=[_summary(query) for query in saved])


@blueprint.get("/queries/<name>")
def answer(name: str) -> Response:
    """Answer a saved query with the parameters in the URL."""
    saved = services().saved_queries.get(name)
    if saved is None:
        raise NotFound(f"there is no saved query {name[:_SHOWN]!r}; /queries lists them")
    parameters = read_parameters(flask.request.query_string)
    rows, graph = formats_of(parameters)
    timeout = timeout_of(parameters)
    query = fill(saved, _given(parameters), answers.Asking())
    return answers.respond(Request(query, rows, graph, timeout=timeout, is_reserved=True))


def _given(parameters: Parameters) -> dict[str, str]:
    given = {name: value for name, value in parameters if name not in OWN_PARAMETERS}
    for name in given:
        one_of(parameters, name)
    return given


def _summary(query: SavedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "title": query.title,
        "description": query.description,
        "parameters": [_parameter(param) for param in query.params],
        "url": address(flask.url_for("queries.answer", name=query.name)),
    }


def _parameter(param: Param) -> dict[str, object]:
    return {
        "name": param.name,
        "type": param.type,
        "label": param.label,
        "required": param.is_required,
        "example": param.example,
    }
