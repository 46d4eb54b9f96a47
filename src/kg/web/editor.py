"""/sparql for people: a page with the query, its answer below, and what helps to write one.

The page is a plain form that works by itself; static/editor.js makes an editor of it. Its answer is
the beginning of the answer that programs get, and every format leads to the whole.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import flask
from flask import Blueprint, Response

from kg.completions import prefix_lines, read_completions, start_query
from kg.engine.cache import is_repeatable
from kg.engine.requests import Request
from kg.errors import PASSING, ParameterError, QueryError, QuerySyntaxError
from kg.excerpts import Excerpt, Rows, Text, read_excerpt
from kg.formats import RDF_FORMATS, RESULT_FORMATS, Format
from kg.saved_queries import SavedQuery, fill
from kg.tabulating import Cell, Table, lay_out_as_asked
from kg.web import answers, pages
from kg.web.errors import status_of
from kg.web.known_names import let_others
from kg.web.parameters import Parameters, one_of
from kg.web.services import services
from kg.web.themes import by_theme
from kg.web.vendor import vendor_url

EXAMPLE: Final = "example"
"""The parameter that fills the editor with a saved query, without asking it."""

LONGEST_URL: Final = 7500
"""Characters; the limit of a request line is a little above, and a host comes before it."""

_KEPT: Final = ("default-graph-uri", "named-graph-uri", "timeout")
"""Parameters of the protocol that the next query of the page keeps."""

blueprint = Blueprint("editor", __name__)
blueprint.after_request(answers.share)


def open_page(parameters: Parameters) -> Response:
    """Return the page with a query that is not asked yet: an example, or one to begin with.

    Where the build does not have what an example names, the query stays as it is saved.
    """
    saved = _example(parameters)
    if saved is None:
        return _page(parameters, start_query(), HTTPStatus.OK)
    try:
        query = fill(saved, saved.examples, answers.Asking())
    except ParameterError as error:
        return _page(parameters, saved.text, HTTPStatus.OK, misfit=error)
    return _page(parameters, query, HTTPStatus.OK)


def answer_page(parameters: Parameters, query: str, build: Callable[[], Request]) -> Response:
    """Return the page with a query and the beginning of its answer, or what is wrong with it.

    `build` makes the request, and may raise what is wrong already. What passes by itself (too busy,
    a budget that is spent) is raised: the same address answers later.
    """
    try:
        answer = services().engine.answer(answers.from_here(build()))
        shown = read_excerpt(answer, let_others)
        table = lay_out_as_asked(answers.Asking(), shown) if isinstance(shown, Rows) else None
    except (QueryError, ParameterError) as error:
        status = status_of(error)
        if isinstance(error, PASSING) or status == HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return _page(parameters, query, status, error=error)
    return _page(parameters, query, HTTPStatus.OK, shown=shown, table=table)


@blueprint.get("/sparql/completions.json")
def completions() -> Response:
    """Return the names that a query can use, for the editor: lists of name, label and kind."""
    found = read_completions(answers.Asking())
    response = flask.jsonify([[each.name, each.label, each.kind] for each in found])
    return answers.tagged(response, services().engine.build)


def _page(  # noqa: PLR0913 - what is shown, each by its name
    parameters: Parameters,
    query: str,
    status: HTTPStatus,
    *,
    shown: Excerpt | None = None,
    table: Table | None = None,
    error: QueryError | ParameterError | None = None,
    misfit: ParameterError | None = None,
) -> Response:
    place = error if isinstance(error, QuerySyntaxError) and error.line else None
    response = pages.respond(
        "sparql.html",
        query=query,
        shown=shown,
        table=table,
        rows=_in_turn(table.rows if table else ()),
        kind=type(shown).__name__,
        error=error,
        misfit=misfit,
        place=place,
        downloads={} if shown is None else _downloads(parameters, query, shown),
        kept=[(name, value) for name, value in parameters if name in _KEPT],
        line="" if place is None else _line(query, place),
        examples=by_theme(services().saved_queries.values()),
        example=_example(parameters),
        prefixes=prefix_lines(),
        yasqe={name: vendor_url(name) for name in ("yasqe.js", "yasqe.css")},
        row_formats=RESULT_FORMATS,
        graph_formats=RDF_FORMATS,
    )
    if status is not HTTPStatus.OK:
        response.status_code = status
    if status is not HTTPStatus.OK or not is_repeatable(query):
        return answers.unkept(response)
    return response


def _in_turn(rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """Yield rows, and let other requests go on before each: a long table takes its time."""
    for row in rows:
        let_others()
        yield row


def _example(parameters: Parameters) -> SavedQuery | None:
    return services().saved_queries.get(one_of(parameters, EXAMPLE) or "")


def _line(query: str, place: QuerySyntaxError) -> str:
    """Return the line on which a mistake is."""
    lines = query.split("\n")
    return lines[place.line - 1] if place.line and place.line <= len(lines) else ""


def _downloads(parameters: Parameters, query: str, shown: Excerpt) -> Mapping[str, str]:
    """Return where the whole answer is, by format; nothing where the URL would be too long."""
    offered: tuple[Format, ...] = RDF_FORMATS if isinstance(shown, Text) else RESULT_FORMATS
    kept = [(name, value) for name, value in parameters if name in _KEPT]
    path = flask.url_for("sparql.get")
    links = {
        each.name: f"{path}?{urlencode([('query', query), *kept, ('format', each.name)])}"
        for each in offered
    }
    return {name: link for name, link in links.items() if len(link) <= LONGEST_URL}
