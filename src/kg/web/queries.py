"""/queries: the list of saved queries, and their answers: the same bytes as the command line's."""

import flask
from flask import Blueprint, Response
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotFound

from kg import formats
from kg.engine.requests import Request
from kg.saved_queries import Param, SavedQuery, fill
from kg.web import answers
from kg.web.parameters import Parameters, one_of, read_parameters
from kg.web.services import services

blueprint = Blueprint("queries", __name__)
blueprint.after_request(answers.share)


@blueprint.get("/queries")
def listing() -> Response:
    """List the saved queries: JSON, or HTML for people."""
    saved = services().saved_queries.values()
    if prefers_html(flask.request.accept_mimetypes):
        return Response(flask.render_template("queries.html", queries=saved))
    return flask.jsonify(queries=[_summary(query) for query in saved])


@blueprint.get("/queries/<name>")
def answer(name: str) -> Response:
    """Answer a saved query with the parameters in the URL."""
    saved = services().saved_queries.get(name)
    if saved is None:
        raise NotFound(f"no saved query {name!r}; /queries lists them")
    parameters = read_parameters(flask.request.query_string)
    rows, graph = formats.negotiate(
        flask.request.headers.get("Accept"), one_of(parameters, "format")
    )
    query = fill(saved, _given(parameters), services().engine)
    return answers.respond(Request(query, rows, graph))


def prefers_html(accept: MIMEAccept) -> bool:
    """Whether an Accept header likes HTML better than JSON; programs say neither and get JSON."""
    return accept.quality("text/html") > accept.quality("application/json")


def _given(parameters: Parameters) -> dict[str, str]:
    given = {name: value for name, value in parameters if name != "format"}
    for name in given:
        one_of(parameters, name)
    return given


def _summary(query: SavedQuery) -> dict[str, object]:
    return {
        "name": query.name,
        "title": query.title,
        "description": query.description,
        "parameters": [_parameter(param) for param in query.params],
        "url": flask.url_for("queries.answer", name=query.name, _external=True),
    }


def _parameter(param: Param) -> dict[str, object]:
    return {
        "name": param.name,
        "type": param.type,
        "label": param.label,
        "required": param.is_required,
        "example": param.example,
    }
