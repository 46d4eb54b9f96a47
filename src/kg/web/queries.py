"""/queries: the list of saved queries, and their answers: the same bytes as the command line's.

People get pages of both (kg.web.query_page).
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import flask
from flask import Blueprint, Response

from kg.engine.requests import Request
from kg.errors import OtherBuild, ParameterError
from kg.formats import HTML, JSON, RDF_FORMATS, Format, RdfFormat
from kg.saved_queries import Param, SavedQuery, fill
from kg.web import answers, pages, query_page
from kg.web.downloads import name_file
from kg.web.errors import Near, NothingNamed
from kg.web.paging import with_values
from kg.web.parameters import (
    Parameters,
    address,
    chosen_form,
    formats_of,
    one_of,
    read_parameters,
    timeout_of,
    wants_page,
)
from kg.web.services import services
from kg.web.themes import by_theme

OWN_PARAMETERS: Final = ("format", "timeout", "build")
"""What every saved query takes; no parameter of its own can be named so."""

PAGE_PARAMETERS: Final = (*OWN_PARAMETERS, "page")
"""What its page takes."""

_LISTED: Final[tuple[Format, ...]] = (JSON, HTML, *RDF_FORMATS)
"""The forms of the list."""

_SHOWN: Final = 64
_HASH: Final = re.compile(r"[0-9a-f]{12,64}")
"""A build, by its hash or the beginning of it."""

blueprint = Blueprint("queries", __name__)
blueprint.after_request(answers.share)
blueprint.after_request(name_file)


@dataclass(frozen=True)
class Question:
    """A saved query in the list; `url` is its page, with the examples of what it needs."""

    saved: SavedQuery
    url: str

    @property
    def example(self) -> str:
        """The values that the address gives."""
        return ", ".join(self.saved.examples.values())


@blueprint.get("/queries")
def listing() -> Response:
    """List the saved queries: JSON, HTML for people, or the address of the list in RDF."""
    saved = services().saved_queries.values()
    form = chosen_form(read_parameters(flask.request.query_string), _LISTED)
    if form is HTML:
        themes = {theme: [*map(_question, found)] for theme, found in by_theme(saved).items()}
        return pages.respond("queries.html", themes=themes)
    if isinstance(form, RdfFormat):
        at = flask.url_for("self_description.queries", extension=form.extension)
        return flask.redirect(at, 303)  # type: ignore[return-value]  # flask's redirect is typed as werkzeug's
    return flask.jsonify(queries=[_summary(query) for query in saved])


@blueprint.get("/queries/<name>")
def answer(name: str) -> Response:
    """Answer a saved query with the parameters in the URL; people get a page."""
    saved = services().saved_queries.get(name)
    if saved is None:
        raise _no_query(name[:_SHOWN])
    parameters = read_parameters(flask.request.query_string)
    pinned = _pinned(parameters)
    if wants_page(parameters):
        return query_page.respond(saved, parameters, PAGE_PARAMETERS, pinned)
    if pinned:
        served = services().engine.build or "not known"
        raise OtherBuild(f"this address names build {pinned}; the build served is {served}")
    rows, graph = formats_of(parameters)
    timeout = timeout_of(parameters)
    query = fill(saved, _given(parameters), answers.Asking())
    return answers.respond(Request(query, rows, graph, timeout=timeout, is_reserved=True))


def _no_query(name: str) -> NothingNamed:
    """Return the error for a name that no saved query has, with those spelled like it."""
    known = services().saved_queries
    near = (
        Near(flask.url_for("queries.answer", name=each), known[each].title)
        for each in get_close_matches(name, known)
    )
    return NothingNamed(f"there is no saved query {name!r}; /queries lists them", near)


def _pinned(parameters: Parameters) -> str:
    """Return the build that an address names, where it is not the one served, else nothing.

    Raises ParameterError where it names none.
    """
    said = one_of(parameters, "build")
    if said is None:
        return ""
    if not _HASH.fullmatch(said):
        problem = f"build: {said[:_SHOWN]!r} is no hash of a build; give 12 to 64 hex digits"
        raise ParameterError(problem)
    return "" if services().engine.build.startswith(said) else said


def _given(parameters: Parameters) -> dict[str, str]:
    given = {name: value for name, value in parameters if name not in OWN_PARAMETERS}
    for name in given:
        one_of(parameters, name)
    return given


def _question(saved: SavedQuery) -> Question:
    path = flask.url_for("queries.answer", name=saved.name)
    return Question(saved, with_values(path, saved.examples))


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
