"""/sparql: the query side of the SPARQL 1.1 Protocol, and the service description."""

import flask
from flask import Blueprint, Response
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from kg import formats
from kg.engine.requests import Request
from kg.errors import NotAcceptable, ParameterError, QueryRefused
from kg.web import answers
from kg.web.description import describe_service
from kg.web.parameters import Parameters, all_of, one_of, read_parameters
from kg.web.services import services

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"

blueprint = Blueprint("sparql", __name__)
blueprint.after_request(answers.share)


@blueprint.get("/sparql")
def get() -> Response:
    """Answer `query`; without one, describe the service."""
    parameters = read_parameters(flask.request.query_string)
    if not parameters or {name for name, _ in parameters} == {"format"}:
        return _description(parameters)
    return _answer(one_of(parameters, "query"), parameters)


@blueprint.post("/sparql")
def post() -> Response:
    """Answer a query that comes in a form, or as the body itself."""
    in_url = read_parameters(flask.request.query_string)
    match flask.request.mimetype:
        case "application/x-www-form-urlencoded":
            in_form = read_parameters(_body())
            parameters = (*in_url, *in_form)
            return _answer(one_of(parameters, "query"), parameters)
        case "application/sparql-query":
            return _answer(_direct_query(in_url), in_url)
        case other:
            raise UnsupportedMediaType(f"cannot read {other!r}; send {FORM} or {DIRECT}")


def _answer(query: str | None, parameters: Parameters) -> Response:
    if all_of(parameters, "update"):
        raise QueryRefused("updates are refused: the graph is read-only")
    if not query or not query.strip():
        raise ParameterError("there is no query; send one as 'query'")
    rows, graph = formats.negotiate(
        flask.request.headers.get("Accept"), one_of(parameters, "format")
    )
    defaults, named = all_of(parameters, "default-graph-uri"), all_of(parameters, "named-graph-uri")
    return answers.respond(Request(query, rows, graph, defaults or None, named or None))


def _direct_query(in_url: Parameters) -> str:
    charset = flask.request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"cannot read charset {charset!r}; send UTF-8")
    if all_of(in_url, "query"):
        raise ParameterError("the query is given twice: in the URL and as the body")
    try:
        return _body().decode()
    except UnicodeDecodeError as error:
        raise ParameterError("the query is not UTF-8") from error


def _body() -> bytes:
    """Return the whole body; one without a length is read up to the limit, and then refused."""
    body, limit = flask.request.get_data(), flask.request.max_content_length
    if limit is not None and len(body) >= limit:
        raise RequestEntityTooLarge
    return body


def _description(parameters: Parameters) -> Response:
    accept, name = flask.request.headers.get("Accept"), one_of(parameters, "format")
    _, graph = formats.negotiate(accept, name)
    if graph is None:
        offered = formats.media_types(formats.RDF_FORMATS)
        raise NotAcceptable(f"the description is a graph; offered: {offered}")
    endpoint = flask.url_for("sparql.get", _external=True)
    if not flask.request.host:  # the Host header is no host
        own = flask.request.environ
        endpoint = f"http://{own['SERVER_NAME']}:{own['SERVER_PORT']}{flask.request.path}"
    response = Response(describe_service(endpoint, graph), mimetype=graph.media_type)
    response.headers[answers.BUILD_HEADER] = services().engine.build
    return response
