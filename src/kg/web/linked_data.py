"""Every IRI of ours leads somewhere: 303 from a thing to a document about it (httpRange-14).

A thing has the path of its IRI. Its documents have the same path and an ending: `.html` for people,
`.ttl`, `.jsonld` and the others for programs. `?format=`, else the Accept header, chooses among
them. The ontology is a document itself, and its terms are parts of it: 200. docs/linked-data.md
tells all of it.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import flask
from flask import Blueprint, Response
from pyoxigraph import NamedNode
from werkzeug.exceptions import Gone, NotFound

from kg.descriptions import (
    ONTOLOGY,
    Document,
    Found,
    describe_page,
    has_page,
    is_current_version,
    look_up,
    near_names,
)
from kg.errors import ParameterError
from kg.formats import BY_EXTENSION, HTML, N_QUADS, RDF_FORMATS, TRIG, Format, RdfFormat
from kg.vocab import BASE, shorten
from kg.web import answers
from kg.web.addresses import iris_at, path_of
from kg.web.document_links import link, links_of, successors_of
from kg.web.errors import Near, NothingNamed
from kg.web.paging import read_page
from kg.web.parameters import address, chosen_form, read_parameters
from kg.web.things import thing_page

OFFERED: Final = (*RDF_FORMATS, HTML)
"""The forms of a document; the first where the Accept header likes several as much."""

_ENDINGS: Final = f"any({', '.join(BY_EXTENSION)})"
_KINDS: Final = "any(id, source, claim, proposition, vocab, graph)"
_SHOWN: Final = 200

blueprint = Blueprint("linked_data", __name__)
blueprint.after_request(answers.share)


@dataclass(frozen=True)
class Asked:
    """What a request is about: an IRI, and the form of document its address names, if it does."""

    found: Found
    form: Format | None

    @property
    def stem(self) -> str:
        """The path of the documents, without their endings."""
        return path_of(self.found.iri.value)


class Withdrawn(Gone):
    """410: the IRI was in use, and is not taken for anything else again."""

    def __init__(self, found: Found) -> None:
        """Say what replaces it."""
        instead = " or ".join(f"<{iri}>" for iri in found.successors)
        super().__init__(f"<{found.iri.value}> is withdrawn" + (f"; use {instead}" * bool(instead)))
        self._links = ", ".join(successors_of(found))

    def get_headers(self, *arguments: Any, **named: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - werkzeug's own
        """Return the headers, with a link to what replaces it."""
        links = [("Link", self._links)] if self._links else []
        return [*super().get_headers(*arguments, **named), *links]


@blueprint.get(f"/<{_KINDS}:kind>/<path:name>")
def thing(kind: str, name: str) -> Response:  # noqa: ARG001 - the path is read with its escapes
    """Send on from a thing to its document, or return the document itself."""
    asked = _asked()
    form = asked.form
    if form is None:
        return _see_other(asked, _chosen_form(), asked.stem)
    if isinstance(form, RdfFormat):
        return _document(asked, form)
    return _linked(thing_page(asked.found.iri), asked, form)


@blueprint.get("/ontology")
@blueprint.get(f"/ontology.<{_ENDINGS}:ending>")
@blueprint.get("/ontology/<path:name>")
def ontology(ending: str = "", name: str = "") -> Response:  # noqa: ARG001 - as above
    """Return the whole ontology, which is a document; people are sent to its page."""
    asked = _asked()
    iri = asked.found.iri
    if iri.value != ONTOLOGY and not is_current_version(answers.Asking(), iri):
        raise NotFound(f"<{iri.value}> is not the version that is served; see <{ONTOLOGY}>")
    form = asked.form or _chosen_form()
    if not isinstance(form, RdfFormat):
        return _see_other(asked, form, path_of(ONTOLOGY))
    response = _document(asked, form)
    if asked.form is None:
        response.headers["Content-Location"] = f"{asked.stem}.{form.extension}"
    return response


def _asked() -> Asked:
    """Return what the address names: a thing, or a document where no thing has just this IRI.

    Raises NotFound where the graph knows neither, and Withdrawn where it was withdrawn.
    """
    path = flask.request.environ["PATH_INFO"].encode("latin-1")[1:]
    query = flask.request.query_string
    stem, _, ending = path.rpartition(b".")
    form = HTML if ending == b"html" else BY_EXTENSION.get(ending.decode("latin-1"))
    things, documents = iris_at(path, query), iris_at(stem) if form else []
    found = look_up(answers.Asking(), [*things, *documents])
    if found is None:
        raise _not_found(next(iter(documents or things), None), path)
    if found.is_withdrawn:
        raise Withdrawn(found)
    return Asked(found, form if found.iri in documents else None)


def _not_found(iri: NamedNode | None, path: bytes) -> NotFound:
    """Return the error for an IRI that the graph does not know, with those spelled like it."""
    shown = iri.value if iri else BASE + quote(path)
    near = near_names(answers.Asking(), iri.value) if iri else []
    told = f"the graph does not know <{shown[:_SHOWN]}>"
    return NothingNamed(told, (Near(each, shorten(each)) for each in near))


def _chosen_form() -> Format:
    """Return the form that `format`, else the Accept header, wants. Raises NotAcceptable."""
    return chosen_form(read_parameters(flask.request.query_string), OFFERED)


def _see_other(asked: Asked, form: Format, stem: str) -> Response:
    response = flask.redirect(f"{stem}.{form.extension}", 303)
    return _linked(response, asked, form)  # type: ignore[arg-type]  # flask's redirect is typed as werkzeug's


def _document(asked: Asked, form: RdfFormat) -> Response:
    """Return a page of the document in RDF. Raises NotFound where there is no such page."""
    iri, engine = asked.found.iri, answers.Asking()
    number = read_page(read_parameters(flask.request.query_string))
    if number > 1 and not has_page(engine, iri, number):
        raise NotFound(f"the description of <{iri.value}> has no page {number}")
    path = f"{asked.stem}.{form.extension}"
    after, before = _paged(path, number + 1), _paged(path, number - 1) if number > 1 else None
    document = Document(
        iri=_here(_paged(path, number)),
        next=_here(after),
        previous=_here(before) if before else None,
        whole=_whole(asked, form),
    )
    page = describe_page(engine, iri, form, number, document)
    told = Response(page.answer.body, mimetype=page.answer.media_type)
    response = _linked(answers.tagged(told, page.answer.build), asked, form)
    if page.has_next:
        response.headers["Link"] += ", " + link(after, "next")
    if before:
        response.headers["Link"] += ", " + link(before, "prev")
    return response


def _paged(path: str, number: int) -> str:
    """Return the address of a page of a document; the first is the document itself."""
    return f"{path}?page={number}" if number > 1 else path


def _whole(asked: Asked, form: RdfFormat) -> NamedNode | None:
    """Return where what the document leaves out stands: a graph's dump, or the quotations."""
    iri = asked.found.iri.value
    if iri.startswith(f"{BASE}graph/"):
        return _here(f"{flask.url_for('graph_store.get')}?graph={quote(iri, safe='')}")
    is_left_out = asked.found.is_quoted and form not in (TRIG, N_QUADS)
    return _here(f"{asked.stem}.{TRIG.extension}") if is_left_out else None


def _here(path: str) -> NamedNode:
    """Return the address of a path. Raises ParameterError where the Host header is of no host."""
    try:
        return NamedNode(address(path))
    except ValueError as error:
        raise ParameterError("the Host header names no host") from error


def _linked(response: Response, asked: Asked, form: Format) -> Response:
    response.headers.add("Link", links_of(asked.found, asked.stem, form, OFFERED))
    return response
