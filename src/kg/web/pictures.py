"""Pictures of answers: in the page of a saved query, and at addresses of their own.

Drawn by another process (kg.pictures.process), and kept with the answers. A page never fails for
its picture: the words that say what it shows stand there in any case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, cast

import flask
from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup
from werkzeug.exceptions import NotFound

from kg.engine.requests import Request
from kg.errors import PASSING, NotRepresentable, ResultTooLarge
from kg.formats import JSON
from kg.pictures.composing import compose, given_by_label, rows_of
from kg.pictures.limits import MOST_ANSWER
from kg.pictures.process import Drawer
from kg.pictures.scene import Scene
from kg.saved_queries import SavedQuery, fill
from kg.web import answers
from kg.web.parameters import one_of, read_parameters, timeout_of
from kg.web.services import EXTENSION, Services, services

DRAWER: Final = "kg.drawer"
"""The extension of the application that draws."""

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"svg": "image/svg+xml", "png": "image/png"}
)
_SHOWN: Final = 64

blueprint = Blueprint("pictures", __name__)
blueprint.after_request(answers.share)


@dataclass(frozen=True)
class _Kept:
    """A picture in the cache of answers."""

    content: bytes

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.content)


@blueprint.record
def _set_up(state: BlueprintSetupState) -> None:
    """Give the application a drawer, which starts its process at the first picture."""
    found = cast("Services", state.app.extensions[EXTENSION])
    state.app.extensions[DRAWER] = Drawer(found.config)


def draw_inline(
    query: SavedQuery,
    rows: Sequence[Mapping[str, object]],
    given: Mapping[str, str] = MappingProxyType({}),
) -> Markup | None:
    """Return the picture of `rows` as a figure with its words, or None for a query without one.

    `rows` hold RDF terms or texts by column; `given` are the values of parameters by name, for the
    title. Where nothing can be drawn the figure holds the words alone, and the log says why; nobody
    keeps the page where the next one may have its picture.
    """
    if query.picture is None:
        return None
    scene = _compose(query, rows, given)
    try:
        svg = Markup(_draw(scene, "svg").decode()) if scene.kind != "words" else None  # noqa: S704
    except (*PASSING, NotRepresentable) as error:
        flask.current_app.logger.warning("the picture of %s was not drawn: %s", query.name, error)
        if isinstance(error, PASSING):
            flask.after_this_request(answers.unkept)
        svg = None
    return Markup(flask.render_template("picture.html", scene=scene, svg=svg))  # noqa: S704


@blueprint.get("/queries/<name>.svg")
def svg(name: str) -> Response:
    """Return the picture of a saved query's answer as SVG."""
    return _respond(name, "svg")


@blueprint.get("/queries/<name>.png")
def png(name: str) -> Response:
    """Return the picture of a saved query's answer as PNG, two pixels a unit."""
    return _respond(name, "png")


def _respond(name: str, form: str) -> Response:
    saved = services().saved_queries.get(name)
    if saved is None or saved.picture is None:
        what = "no saved query" if saved is None else "no picture of the saved query"
        raise NotFound(f"there is {what} {name[:_SHOWN]!r}; /queries lists them")
    parameters = read_parameters(flask.request.query_string)
    given = {key: one_of(parameters, key) or "" for key, _ in parameters if key != "timeout"}
    text = fill(saved, given, answers.Asking())
    request = Request(text, rows=JSON, graph=None, timeout=timeout_of(parameters))
    answer = answers.Asking().answer(request)
    if answer.size > MOST_ANSWER:
        raise ResultTooLarge("the answer is too large to be drawn; ask for less at once")
    scene = _compose(saved, rows_of(answer.body), given)
    response = Response(_draw(scene, form), mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'inline; filename="{saved.name}.{form}"'
    return answers.tagged(response, answer.build)


def _compose(
    query: SavedQuery, rows: Sequence[Mapping[str, object]], given: Mapping[str, str]
) -> Scene:
    if query.picture is None:
        raise TypeError(f"{query.name} has no picture")
    labels = {param.name: param.label for param in query.params}
    return compose(query.picture, query.title, rows, given_by_label(labels, given))


def _draw(scene: Scene, form: str) -> bytes:
    """Return the picture, drawn or kept; nobody pays for the time until it is their turn.

    Raises EngineUnavailable, BudgetSpent, or NotRepresentable where there can be no picture.
    """
    key, cache = ("picture", form, scene.key), services().engine.cache
    found = cache.get(key, _Kept)
    if found is None:
        drawer = cast("Drawer", flask.current_app.extensions[DRAWER])
        with drawer.turn(scene):
            found = cache.get(key, _Kept)
            if found is None:
                found = _Kept(answers.charged(lambda: drawer.draw(scene, form)))
                cache.put(key, found)
    return found.content
