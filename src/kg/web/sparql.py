"""/sparql: the query side of the SPARQL 1.1 Protocol, and the service description.

Who likes HTML best gets the same as a page (kg.web.editor).
"""

import io
from functools import partial
from typing import Final
from wsgiref.types import WSGIEnvironment

import flask
from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, UnsupportedMediaType

from kg import excerpts, formats
from kg.engine.requests import Request
from kg.errors import (
    BadEncoding,
    DuplicateParameter,
    KgError,
    MissingQuery,
    QueryTooLarge,
    UpdateRefused,
)
from kg.formats import RDF_FORMATS, RdfFormat, ResultFormat
from kg.web import answers, editor
from kg.web.description import describe_service
from kg.web.downloads import name_file
from kg.web.parameters import (
    Parameters,
    accepted_by,
    address,
    all_of,
    chosen_form,
    formats_of,
    graphs_of,
    one_of,
    read_parameters,
    timeout_of,
    wants_page,
)
from kg.web.services import services

PATH: Final = "/sparql"
HOOKS: Final = (name_file, answers.share)
"""What is done to each response, in this order."""

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
_PLAIN_BYTES: Final = 1 << 16
"""A longer body is read with more care."""

_READ_ONLY: Final = (
    "updates are refused: the graph is read-only and changes through its files only; "
    "send SELECT, ASK, CONSTRUCT or DESCRIBE as 'query'"
)

blueprint = Blueprint("sparql", __name__)
for hook in reversed(HOOKS):  # what is registered first runs last
    blueprint.after_request(hook)


@blueprint.get(PATH)
def get() -> Response:
    """Answer `query`; without one, describe the service, or open the editor for people."""
    parameters = read_parameters(flask.request.query_string)
    if one_of(parameters, "query") is None and wants_page(parameters):
        return editor.open_page(parameters)
    if not parameters or {name for name, _ in parameters} == {"format"}:
        return _description(parameters)
    return _answer(one_of(parameters, "query"), parameters)


@blueprint.post(PATH)
def post() -> Response:
    """Answer a query that comes in a form, or as the body itself."""
    in_url = read_parameters(flask.request.query_string)
    kind = flask.request.mimetype
    if kind == UPDATE:
        raise UpdateRefused(_READ_ONLY)
    if kind not in (FORM, DIRECT):
        raise UnsupportedMediaType(f"cannot read {kind[:80]!r}; send {FORM} or {DIRECT}")
    _check_encoding()
    if kind == DIRECT:
        return _answer(_direct_query(in_url), in_url)
    parameters = (*in_url, *read_parameters(_body()))
    return _answer(one_of(parameters, "query"), parameters)


def plain_request(environ: WSGIEnvironment) -> Request | None:
    """Return what a request asks; None where it is no plain query: `get` and `post` answer it.

    Plain is one query that may be asked, has no condition and wants no page.
    """
    if environ["PATH_INFO"] != PATH or environ["SCRIPT_NAME"] or "HTTP_IF_NONE_MATCH" in environ:
        return None
    try:
        parameters = _plain_parameters(environ)
        query, name = one_of(parameters, "query"), one_of(parameters, "format")
        accept = accepted_by(environ)
        if query is None or (not name and formats.prefers_html(accept)):
            return None
        return _request(query, parameters, *formats.negotiate(accept, name))
    except (KgError, HTTPException, UnicodeError):
        return None


def _plain_parameters(environ: WSGIEnvironment) -> Parameters:
    """Return the parameters in the URL and the body; none where a look is not enough."""
    in_url = read_parameters(environ["QUERY_STRING"].encode("latin-1"))
    if environ["REQUEST_METHOD"] == "GET":
        return in_url
    stream = environ["wsgi.input"]
    is_text = environ["REQUEST_METHOD"] == "POST" and "HTTP_CONTENT_ENCODING" not in environ
    if not is_text or not isinstance(stream, io.BytesIO):
        return ()
    kind, _, rest = environ.get("CONTENT_TYPE", "").lower().partition(";")
    body = stream.getvalue() if rest.strip() in ("", "charset=utf-8") else b""
    if not body or len(body) > _PLAIN_BYTES:
        return ()
    if kind.strip() == FORM:
        return (*in_url, *read_parameters(body))
    return (*in_url, ("query", body.decode())) if kind.strip() == DIRECT else ()


def _answer(query: str | None, parameters: Parameters) -> Response:
    if wants_page(parameters):
        text = (query or "").replace("\r\n", "\n")  # forms send lines so (HTML, 4.10.21.4)
        request = partial(_request, text, parameters, excerpts.ROWS, excerpts.GRAPH)
        return editor.answer_page(parameters, text, request)
    return answers.respond(_request(query, parameters, *formats_of(parameters)))


def _request(
    query: str | None,
    parameters: Parameters,
    rows: ResultFormat | None,
    graph: RdfFormat | None,
) -> Request:
    if all_of(parameters, "update"):
        raise UpdateRefused(_READ_ONLY)
    if not query or not query.strip():
        raise MissingQuery("there is no query; send one as 'query'")
    return Request(
        query,
        rows,
        graph,
        graphs_of(parameters, "default-graph-uri"),
        graphs_of(parameters, "named-graph-uri"),
        timeout_of(parameters),
    )


def _direct_query(in_url: Parameters) -> str:
    if all_of(in_url, "query"):
        raise DuplicateParameter("the query is given twice: in the URL and as the body; give one")
    try:
        return _body().decode()
    except UnicodeDecodeError as error:
        raise BadEncoding("the query is not UTF-8; encode it so") from error


def _check_encoding() -> None:
    """Raise UnsupportedMediaType where the body is compressed, or in another charset than UTF-8."""
    charset = flask.request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(f"cannot read charset {charset[:80]!r}; send UTF-8")
    coding = flask.request.headers.get("Content-Encoding", "identity").lower()
    if coding != "identity":
        raise UnsupportedMediaType(f"cannot read encoding {coding[:80]!r}; send the text as it is")


def _body() -> bytes:
    """Return the whole body; one without a length is read up to the limit, and then refused."""
    limit = flask.request.max_content_length
    try:
        body = flask.request.get_data()
    except RequestEntityTooLarge:
        body = None
    if body is None or (limit is not None and len(body) >= limit):
        most = services().config.query_bytes
        raise QueryTooLarge(f"the body is too long; a query may have {most} bytes")
    return body


def _description(parameters: Parameters) -> Response:
    graph = chosen_form(parameters, RDF_FORMATS)
    endpoint = address(flask.url_for("sparql.get"))
    response = Response(describe_service(endpoint, graph), mimetype=graph.media_type)
    response.headers[answers.BUILD_HEADER] = services().engine.build
    return response
