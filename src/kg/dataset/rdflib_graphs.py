"""The border to rdflib, on which SHACL validator and reasoner work: terms, over and back."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import rdflib

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | ox.DefaultGraph


def to_rdflib(quads: Iterable[ox.Quad | ox.Triple]) -> rdflib.Graph:
    """Return the statements as one rdflib graph in memory, whatever graph they stand in."""
    graph = rdflib.Graph(bind_namespaces="none")
    with _quiet():
        for quad in quads:
            graph.add((_over(quad.subject), _over(quad.predicate), _over(quad.object)))
    return graph


def from_rdflib(graph: rdflib.Graph) -> Iterator[ox.Triple]:
    """Yield the triples of an rdflib graph, without those that RDF forbids and rdflib allows."""
    for subject, predicate, value in graph:
        s, p, o = _back(subject), _back(predicate), _back(value)
        if isinstance(p, ox.NamedNode) and not isinstance(s, ox.Literal):
            yield ox.Triple(s, p, o)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from printing a traceback for an ill-typed literal, which a check tells."""
    logger = logging.getLogger("rdflib.term")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _over(term: Term) -> rdflib.term.Identifier:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if not isinstance(term, ox.Literal):
        raise TypeError(f"rdflib has no term for {term}")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    # Not normalized: what comes back must be what went over.
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def _back(term: rdflib.term.Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or rdflib.XSD.string)))
    return ox.BlankNode(str(term))
