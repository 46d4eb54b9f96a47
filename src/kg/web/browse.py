"""/browse: the classes that have things, and the things of each."""

from functools import partial
from typing import Final

import flask
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from kg import overview
from kg.errors import ParameterError
from kg.overview import Standing
from kg.web import answers, pages
from kg.web.paging import read_page, turn_to, with_values
from kg.web.parameters import Parameters, one_of, read_parameters

_SHOWN: Final = 64

blueprint = Blueprint("browse", __name__)
blueprint.after_request(answers.share)


@blueprint.get("/browse")
def listing() -> Response:
    """Return the page that lists the classes."""
    return pages.respond("browse.html", classes=overview.read_classes(answers.Asking()))


@blueprint.get("/browse/<name>")
def members(name: str) -> Response:
    """Return a page of the things of a class, situations that are facts apart from the others."""
    parameters = read_parameters(flask.request.query_string)
    engine = answers.Asking()
    shown = overview.read_classes(engine).find(name)
    if shown is None:
        raise NotFound(f"no class {name[:_SHOWN]!r} has things; /browse lists those that have")
    standings = overview.read_standings(engine) if shown.is_of_situations else ()
    standing = _standing(parameters, standings)
    total = shown.counts.get(standing.iri, 0) if standing else shown.total
    address = partial(_address, name, standing)
    paging = turn_to(read_page(parameters), total, overview.PAGE, address)
    found = overview.read_members(engine, shown, paging.number, standing.iri if standing else "")
    response = pages.respond(
        "class.html",
        shown=shown,
        standings=[each for each in standings if shown.counts.get(each.iri)],
        standing=standing,
        members=found,
        paging=paging,
    )
    return paging.link(response)


def _standing(parameters: Parameters, known: tuple[Standing, ...]) -> Standing | None:
    """Return the standing asked for, or None. Raises ParameterError where there is none such."""
    said = one_of(parameters, "standing")
    if not said:
        return None
    found = next((each for each in known if each.name == said), None)
    if found is None:
        names = ", ".join(each.name for each in known) or "none for this class"
        raise ParameterError(f"standing: {said[:_SHOWN]!r} is not one of: {names}")
    return found


def _address(name: str, standing: Standing | None, number: int) -> str:
    within = standing.name if standing else ""
    path = flask.url_for("browse.members", name=name)
    return with_values(path, {"standing": within, "page": number})
