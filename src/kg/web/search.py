"""/search: what is called so, for people and programs; suggestions while somebody types.

Suggestions and their description follow OpenSearch 1.1, so that a browser can search here.
"""

from dataclasses import asdict, dataclass
from functools import partial
from typing import Final, cast

import flask
from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState

from kg.errors import ParameterError
from kg.formats import HTML, JSON
from kg.searching import GROUPS, QUESTION, Found, Hit, search
from kg.web import answers, pages
from kg.web.known_names import KnownNames, let_others
from kg.web.links import href
from kg.web.paging import Paging, read_page, turn_to, with_values
from kg.web.parameters import Parameters, address, chosen_form, one_of, read_parameters
from kg.web.services import services

LONGEST: Final = 200
"""Characters of a text to search for."""

PAGE: Final = 50
SUGGESTED: Final = 8

_EXTENSION: Final = "kg.known_names"
_SHOWN: Final = 20

blueprint = Blueprint("search", __name__)
blueprint.after_request(answers.share)


@dataclass(frozen=True)
class Result:
    """A hit as it is shown: `name` is what it was found by, where that is not its label."""

    label: str
    name: str
    kind: str
    group: str
    standing: str
    iri: str
    url: str


@blueprint.record_once
def _keep_names(state: BlueprintSetupState) -> None:
    state.app.extensions[_EXTENSION] = KnownNames()


@blueprint.get("/search")
def page() -> Response:
    """Return what has the words of `q` in a name: a page for people, else JSON."""
    parameters = read_parameters(flask.request.query_string)
    text, group, number = _text(parameters), _group(parameters), read_page(parameters)
    form = chosen_form(parameters, (JSON, HTML))
    found = _search(text)
    total = found.counts[group] if group else len(found.near)
    paging = turn_to(number, total, PAGE, partial(_address, text, group))
    hits = found.hits(group, paging.skipped, PAGE)
    results = [_result(hit) for hit in hits]
    if form is HTML:
        response = pages.respond(
            "search.html",
            text=text,
            group=group,
            groups=GROUPS,
            found=found,
            results=results,
            paging=paging,
        )
    else:
        listing = flask.jsonify(_listing(text, found, results, paging))
        response = answers.tagged(listing, services().engine.build)
    return paging.link(response)


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """Return up to eight things that `q` may mean, as OpenSearch suggestions."""
    text = _text(read_parameters(flask.request.query_string))
    found = _search(text) if text else None
    results = [_result(hit) for hit in found.hits(most=SUGGESTED)] if found else []
    labels = [result.label for result in results]
    kinds = [", ".join(filter(None, (each.standing, each.kind))) for each in results]
    urls = [_absolute(result.url) for result in results]
    response = flask.jsonify([text, labels, kinds, urls])
    response.mimetype = "application/x-suggestions+json"
    return answers.tagged(response, services().engine.build)


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Return how a browser searches here (OpenSearch 1.1)."""
    text = flask.render_template(
        "opensearch.xml",
        home=address(flask.url_for("home.home")),
        search=address(flask.url_for("search.page")),
        suggest=address(flask.url_for("search.suggest")),
        icon=address(flask.url_for("static", filename="icon.svg")),
    )
    return Response(text, mimetype="application/opensearchdescription+xml")


def _search(text: str) -> Found:
    """Return what was found; the client pays for the time, beside that of reading the names."""
    names = cast("KnownNames", flask.current_app.extensions[_EXTENSION]).now()
    return answers.charged(lambda: search(names, text, let_others))


def _text(parameters: Parameters) -> str:
    """Return what to search for, without what cannot be seen. Raises ParameterError if too long."""
    said = one_of(parameters, "q") or ""
    if len(said) > LONGEST:
        problem = f"q has {len(said)} characters; give at most {LONGEST}"
        raise ParameterError(problem)
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())


def _group(parameters: Parameters) -> str:
    said = one_of(parameters, "in") or ""
    if said and said not in GROUPS:
        raise ParameterError(f"in: {said[:_SHOWN]!r} is not one of {', '.join(GROUPS)}")
    return said


def _address(text: str, group: str, number: int) -> str:
    return with_values(flask.url_for("search.page"), {"q": text, "in": group, "page": number})


def _result(hit: Hit) -> Result:
    entry = hit.entry
    if entry.group == QUESTION:
        saved = services().saved_queries[entry.target]
        path = flask.url_for("queries.answer", name=saved.name)
        iri, url = "", with_values(path, saved.examples)
    else:
        iri, url = entry.target, href(entry.target)
    name = "" if hit.name == entry.label else hit.name
    return Result(entry.label, name, entry.kind, entry.group, entry.standing, iri, url)


def _listing(text: str, found: Found, results: list[Result], paging: Paging) -> dict[str, object]:
    """Return what programs get; the neighbours of the page stand in the Link header."""
    return {
        "query": text,
        "total": len(found.near),
        "totals": found.counts,
        "isWhole": found.is_whole,
        "isCut": found.names.is_cut,
        "spelling": found.spelling,
        "page": paging.number,
        "pages": paging.last,
        "results": [{**asdict(each), "url": _absolute(each.url)} for each in results],
    }


def _absolute(url: str) -> str:
    return address(url) if url.startswith("/") else url
