"""The RDF document about one IRI, for programs: what it holds, and whether there is one.

Not here: how people read about a thing (kg.portraits), and HTTP. What a proposition quotes stands
in its own graph, so only the formats that have graphs hold it; as triples it would read as
asserted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolution, Triple

from kg.asking import ask, construct, own_query, select
from kg.engine.requests import Answer, Engine
from kg.errors import EngineBusy, NotRepresentable, QueryError
from kg.formats import N_QUADS, RDF_XML, TRIG, RdfFormat
from kg.placing import batches, place_terms, place_values
from kg.sparql_tokens import tokens
from kg.vocab import BASE, PREFIXES, local_name

ONTOLOGY: Final = BASE + "ontology"
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
"""Of all data, as LICENSE-DATA says."""

PAGE: Final = 300
"""Statements on a page of a document: the LIMIT in statements.rq."""

_GRAPHS: Final = BASE + "graph/"
_VOID: Final = "http://rdfs.org/ns/void#"
_XHV: Final = "http://www.w3.org/1999/xhtml/vocab#"
_WRITTEN_WITH: Final[Mapping[str, str]] = {**PREFIXES, "void": _VOID, "xhv": _XHV}
_TYPE: Final = PREFIXES["rdf"] + "type"

_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold (section 2.2)."""

_NAME_IN_XML: Final = re.compile(r"[^\W\d][\w.-]*\Z")
"""How a property ends that can be the name of an element (Namespaces in XML, section 4)."""

_MOST_TRIES: Final = 3

_LONGEST_NAME: Final = 100
"""Characters of a name that others are compared with."""


@dataclass(frozen=True)
class Found:
    """An IRI that means something here.

    `is_quoted` where it is a named graph, or a graph quotes it; `successors` are IRIs that replace
    it, which is said of what is deprecated.
    """

    iri: NamedNode
    types: tuple[str, ...]
    is_deprecated: bool
    successors: tuple[str, ...]
    is_quoted: bool

    @property
    def is_withdrawn(self) -> bool:
        """Whether it is deprecated and no longer of any kind."""
        return self.is_deprecated and not self.types


@dataclass(frozen=True)
class Document:
    """What a document says of itself: where it stands, its neighbours, and where the whole is.

    `next` is where the next page would be, if there is one; `whole` is the document with the graphs
    that quote the thing, or the dump of a named graph.
    """

    iri: NamedNode
    next: NamedNode
    previous: NamedNode | None = None
    whole: NamedNode | None = None


@dataclass(frozen=True)
class Page:
    """One page of a document, and whether there is another."""

    answer: Answer
    has_next: bool


def look_up(engine: Engine, iris: Sequence[NamedNode]) -> Found | None:
    """Return the first of some IRIs that the default graph uses or that names a graph, or None."""
    if not iris:
        return None
    rows = select(engine, place_values(own_query("look-up"), "thing", iris))
    known = {row["thing"] for row in rows}
    first = next((iri for iri in iris if iri in known), None)
    return first and _found(first, [row for row in rows if row["thing"] == first])


def near_names(engine: Engine, iri: str) -> list[str]:
    """Return up to three IRIs of the same folder that are spelled like one that is unknown."""
    folder, _, name = iri.rpartition("/")
    if not folder.startswith(BASE) or not 0 < len(name) <= _LONGEST_NAME:
        return []
    query = place_terms(own_query("near"), {"folder": Literal(folder + "/")})
    try:
        rows = select(engine, query)
    except QueryError:
        return []
    known = {row["near"].value.rpartition("/")[2].lower(): row["near"].value for row in rows}
    return [known[each] for each in get_close_matches(name.lower(), known)]


def is_current_version(engine: Engine, iri: NamedNode) -> bool:
    """Whether `iri` is the version IRI of the ontology that is served."""
    return ask(engine, place_terms(own_query("is-version"), {"thing": iri}))


def has_page(engine: Engine, iri: NamedNode, page: int) -> bool:
    """Whether the document about `iri` has this page, counted from 1; the first is always there."""
    if page == 1 or _is_whole(iri):
        return page == 1
    query = _from(own_query("has-statement"), PAGE * (page - 1))
    return ask(engine, place_terms(query, {"thing": iri}))


def describe(engine: Engine, iri: NamedNode, graph_format: RdfFormat) -> Answer:
    """Return the first page of the document about `iri`, as describe_page does."""
    return describe_page(engine, iri, graph_format, 1, None).answer


def describe_page(
    engine: Engine,
    iri: NamedNode,
    graph_format: RdfFormat,
    page: int,
    document: Document | None,
) -> Page:
    """Return a page of the document about `iri`, in a fixed order; empty where nothing is known.

    Of a thing: 300 statements of it or that point to it, the first 100 claims about it, the labels
    and standings of all that is named; in TriG and N-Quads also the graphs that quote it, up to
    1000 triples. Of the ontology: all of it. Of a layer (graph/…): what it is. Raises
    NotRepresentable where the format cannot hold it, EngineBusy where the build changes again and
    again, and what Engine.answer raises.
    """
    build, quads = _on_one_build(engine, iri, graph_format, page)
    is_full = sum(iri in (quad.subject, quad.object) for quad in quads) >= PAGE
    has_next = is_full and has_page(engine, iri, page + 1)
    quads += [Quad(*triple) for triple in _about(document, iri, has_next=has_next)]
    body = _written(quads, iri, graph_format)
    answer = Answer(body, graph_format.media_type, "graph", build, len(body))
    return Page(answer, has_next)


def _on_one_build(
    engine: Engine, iri: NamedNode, graph_format: RdfFormat, page: int
) -> tuple[str, list[Quad]]:
    """Return the content and the build it is of: a new one may come between two questions.

    Raises EngineBusy where that happens again and again.
    """
    for _ in range(_MOST_TRIES):
        build = engine.build
        quads = [Quad(*triple) for triple in _statements(engine, iri, page)]
        if graph_format in (TRIG, N_QUADS) and not _is_whole(iri):
            quads += _quotations(engine, iri)
        if not _is_whole(iri):
            quads += [Quad(*triple) for triple in _labels(engine, quads)]
        if engine.build == build:
            return build, quads
    raise EngineBusy("the build changes again and again; try again in a moment")


def _found(iri: NamedNode, rows: Sequence[QuerySolution]) -> Found:
    def named(variable: str) -> tuple[str, ...]:
        terms = {row[variable] for row in rows}
        return tuple(sorted(term.value for term in terms if isinstance(term, NamedNode)))

    deprecated = {row["isDeprecated"] for row in rows}
    return Found(
        iri=iri,
        types=named("type"),
        is_deprecated=any(term is not None and term.value in ("true", "1") for term in deprecated),
        successors=named("successor"),
        is_quoted=any(row["isQuoted"].value == "true" for row in rows),
    )


def _is_whole(iri: NamedNode) -> bool:
    """Whether the document about `iri` is one that has no pages: the ontology's, or a layer's."""
    return iri.value == ONTOLOGY or iri.value.startswith((ONTOLOGY + "/", _GRAPHS))


def _statements(engine: Engine, iri: NamedNode, page: int) -> list[Triple]:
    """Return what the default graph says; of a layer, what it is; of the ontology, all of it."""
    if not _is_whole(iri):
        query = _from(own_query("statements"), PAGE * (page - 1))
        return construct(engine, place_terms(query, {"thing": iri}))
    if iri.value.startswith(_GRAPHS):
        return construct(engine, place_terms(own_query("graph-summary"), {"thing": iri}))
    return construct(engine, own_query("whole-ontology"))


def _quotations(engine: Engine, iri: NamedNode) -> list[Quad]:
    rows = select(engine, place_terms(own_query("quotations"), {"thing": iri}))
    names = ("subject", "property", "value", "graph")
    return [Quad(*(row[name] for name in names)) for row in rows]


def _labels(engine: Engine, quads: Iterable[Quad]) -> Iterator[Triple]:
    """Yield the labels of all that some quads name."""
    terms = {term for quad in quads for term in quad if isinstance(term, NamedNode)}
    for batch in batches(sorted(terms, key=str)):
        yield from construct(engine, place_values(own_query("label-triples"), "named", batch))


def _about(document: Document | None, iri: NamedNode, *, has_next: bool) -> Iterator[Triple]:
    """Yield what a document says of itself."""
    if document is None:
        return
    yield _triple(document.iri, _TYPE, NamedNode(PREFIXES["foaf"] + "Document"))
    yield _triple(document.iri, PREFIXES["foaf"] + "primaryTopic", iri)
    yield _triple(document.iri, PREFIXES["dct"] + "license", NamedNode(LICENSE))
    if has_next:
        yield _triple(document.iri, _XHV + "next", document.next)
    if document.previous:
        yield _triple(document.iri, _XHV + "prev", document.previous)
    if document.whole:
        is_layer = iri.value.startswith(_GRAPHS)
        link = _VOID + "dataDump" if is_layer else PREFIXES["rdfs"] + "seeAlso"
        yield _triple(iri, link, document.whole)


def _triple(subject: NamedNode, predicate: str, value: NamedNode) -> Triple:
    return Triple(subject, NamedNode(predicate), value)


def _written(quads: Iterable[Quad], iri: NamedNode, graph_format: RdfFormat) -> bytes:
    """Return quads written down: each once, first the thing's own, then by subject."""

    def place(quad: Quad) -> tuple[str, bool, str]:
        graph = "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)
        return graph, quad.subject != iri, str(quad)

    ordered = sorted(set(quads), key=place)
    if graph_format is RDF_XML:
        _check_xml(ordered)
    prefixes = _prefixes_of(ordered)
    try:
        return pyoxigraph.serialize(ordered, format=graph_format.oxigraph, prefixes=prefixes) or b""
    except OSError as error:  # JSON-LD has no triples in triples
        told = f"{graph_format.oxigraph.name} cannot hold this description; ask for another format"
        raise NotRepresentable(told) from error


def _prefixes_of(quads: Iterable[Quad]) -> dict[str, str]:
    """Return the prefixes that some quads can be written with, and no others."""
    terms = {term for quad in quads for term in quad}
    named = {term.datatype if isinstance(term, Literal) else term for term in terms}
    iris = (term.value for term in named if isinstance(term, NamedNode))
    spaces = {iri.removesuffix(local_name(iri)) for iri in iris}
    return {name: iri for name, iri in _WRITTEN_WITH.items() if iri in spaces}


def _check_xml(quads: Iterable[Quad]) -> None:
    for quad in quads:
        text = quad.object.value if isinstance(quad.object, Literal) else ""
        if not _NAME_IN_XML.search(quad.predicate.value) or _NOT_IN_XML.search(text):
            raise NotRepresentable("RDF/XML cannot hold this description; ask for another format")


def _from(text: str, offset: int) -> str:
    """Return a query with a number for its `OFFSET 0`, where SPARQL takes no term."""
    if not offset:
        return text
    words = [token for token in tokens(text) if token.kind == "word"]
    for word, number in pairwise(words):
        if word.name == "OFFSET":
            return f"{text[: number.start]}{offset:d}{text[number.end :]}"
    raise ValueError(f"no OFFSET in {text!r}")
