"""/ontology.html, a page for each term, /vocab.html: the reference of the ontology.

`…/ontology#State` leads to the entry `State` on the first page (kg.web.linked_data sends people
there), and the entry to the page of the term.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar, cast

import flask
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from kg import overview, terms
from kg.formats import RDF_FORMATS
from kg.terms import Ontology
from kg.web import answers, pages
from kg.web.links import href
from kg.web.services import services

_SHOWN: Final = 64
_KEPT_BYTES: Final = 1 << 19
"""What the ontology counts for in the memory that is kept for answers, roughly."""

Read = TypeVar("Read")


@dataclass(frozen=True)
class _Kept:
    """Something read for a build, kept like an answer (kg.engine.cache)."""

    value: object
    content: bytes = b""
    size: int = _KEPT_BYTES


blueprint = Blueprint("ontology_pages", __name__)
blueprint.after_request(answers.share)


@blueprint.get("/ontology.html")
def reference() -> Response:
    """Return the page of all terms."""
    engine, ontology = answers.Asking(), _ontology()
    classes = overview.read_classes(engine)
    found = {each.iri: each for each in (*classes.things, *classes.situations, *classes.saying)}
    tree = terms.class_tree(ontology)
    shown = {iri for _, iri in tree}
    return _respond("ontology", ontology, rules=_rules(), classes=tree, shown=shown, found=found)


@blueprint.get("/ontology/term/<path:name>")
def term(name: str) -> Response:
    """Return the page of a term: by its name in the ontology, or a prefixed name."""
    ontology = _ontology()
    about = ontology.find(name)
    if about is None:
        raise NotFound(f"the ontology has no term {name[:_SHOWN]!r}; /ontology.html has them all")
    if about.path != name:
        return flask.redirect(_address(ontology, about.iri), 301)  # type: ignore[return-value]  # flask's redirect is typed as werkzeug's
    saved = services().saved_queries.values()
    profile = terms.read_profile(answers.Asking(), ontology, _rules(), about, saved)
    disjoint = ontology.disjoint_with(about.iri)
    return _respond("term", ontology, term=about, about=profile, disjoint=disjoint)


@blueprint.get("/vocab.html")
def vocabulary() -> Response:
    """Return the page of all value lists."""
    ontology, rules = _ontology(), _rules()
    uses = terms.read_uses_of_values(answers.Asking())
    return _respond("vocabulary", ontology, rules=rules, uses=uses, trial=terms.trial_of_value)


@blueprint.get("/vocab")
@blueprint.get("/vocab/")
def vocabulary_of_any_form() -> Response:
    """Send on to the page of all value lists."""
    return flask.redirect(flask.url_for("ontology_pages.vocabulary"), 303)  # type: ignore[return-value]  # as above


@blueprint.get("/ontology/changes")
def changes() -> Response:
    """Return the page of what changed."""
    versions = terms.read_changes(services().config.root / "CHANGELOG.md")
    return pages.respond("changes.html", versions=versions)


def _respond(name: str, ontology: Ontology, **values: object) -> Response:
    address = partial(_address, ontology)
    return pages.respond(
        f"{name}.html", ontology=ontology, address=address, formats=RDF_FORMATS, **values
    )


def _ontology() -> Ontology:
    """Return the ontology. Raises NotFound where the build holds none."""
    found = _kept("ontology", lambda: terms.read_ontology(answers.Asking()))
    if found is None:
        raise NotFound("this build holds no ontology")
    return found


def _rules() -> terms.Rules:
    folder = services().config.root / "ontology" / "shapes"
    return _kept("rules", lambda: terms.read_rules(folder))


def _kept(name: str, read: Callable[[], Read]) -> Read:
    """Return what was read for this build, or read it; of an unknown build it is not kept."""
    engine = services().engine
    key = (__name__, name, engine.build)
    found = engine.cache.get(key, _Kept) if engine.build else None
    if found is None:
        found = _Kept(read())
        if engine.build == key[-1]:
            engine.cache.put(key, found)
    return cast("Read", found.value)


def _address(ontology: Ontology, iri: str) -> str:
    """Return where a term, a list, a value or anything else is told of; nothing where nowhere."""
    known = ontology.terms.get(iri)
    if known:
        return flask.url_for("ontology_pages.term", name=known.path)
    return href(iri)
