"""OWL 2 RL: what follows from ontology, registry and accepted facts, and what contradicts.

Quoted graphs take no part. Of the claims only the types do: a claim speaks of situations that may
not be accepted, and the range of one of its properties would type them as if they were.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import rdflib
from owlrl import OWLRL_Semantics
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple
from rdflib.term import Node

from kg.dataset.files import Dataset
from kg.dataset.rdflib_graphs import from_rdflib, to_rdflib
from kg.dataset.violations import Violation, in_order
from kg.vocab import (
    ACCEPTED_GRAPH,
    CLAIMS_GRAPH,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    REGISTRY_GRAPH,
    shorten,
)

RDF, RDFS, OWL, XSD = (PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "xsd"))
TYPE: Final = NamedNode(RDF + "type")
ANNOTATION: Final = NamedNode(OWL + "AnnotationProperty")
KINDS_OF_PROPERTY: Final = (
    ANNOTATION,
    NamedNode(OWL + "DatatypeProperty"),
    NamedNode(OWL + "ObjectProperty"),
)
BUILT_IN_ANNOTATIONS: Final = frozenset(
    NamedNode(RDFS + name) for name in ("comment", "isDefinedBy", "label", "seeAlso")
)
SAME_AS: Final = NamedNode(OWL + "sameAs")
MACHINERY: Final = (RDF, RDFS, OWL, XSD, "http://www.daml.org/2002/03/agents/")
"""Namespaces whose own terms nobody asks about; the last is that of owlrl's error messages."""


def infer(dataset: Dataset) -> list[Violation]:
    """Add what follows to graph:inferred and the default graph; return what contradicts."""
    given = list(reasoning_input(dataset.store))
    triples, errors = closure(with_consequences(given))
    new = set(triples) - set(given)
    for s, p, o in new:
        if Quad(s, p, o, DefaultGraph()) not in dataset.store:
            dataset.store.add(Quad(s, p, o, NamedNode(INFERRED_GRAPH)))
            dataset.store.add(Quad(s, p, o, DefaultGraph()))
    same = (f"{s.value} and {o.value} come out as one" for s, p, o in new if p == SAME_AS)
    return in_order(_violation(dataset, message) for message in (*errors, *same))


def reasoning_input(store: Store) -> Iterator[Triple]:
    """Yield what is reasoned over: the layers named above, and the types of what claims name."""
    for layer in (ONTOLOGY_GRAPH, REGISTRY_GRAPH, ACCEPTED_GRAPH):
        for s, p, o, _ in store.quads_for_pattern(None, None, None, NamedNode(layer)):
            yield Triple(s, p, o)
    for s, p, o, _ in store.quads_for_pattern(None, TYPE, None, NamedNode(CLAIMS_GRAPH)):
        yield Triple(s, p, o)


def with_consequences(triples: Iterable[Triple]) -> list[Triple]:
    """Return the triples from which something can follow, a third of all.

    Nothing follows from annotations, nor from a predicate of which nothing is stated but what kind
    of property it is.
    """
    known = list(triples)
    kinds = {t for t in known if t.predicate == TYPE and t.object in KINDS_OF_PROPERTY}
    annotations = {t.subject for t in kinds if t.object == ANNOTATION} | BUILT_IN_ANNOTATIONS
    rest = [t for t in known if t.predicate not in annotations and t not in kinds]
    concerned = {term for t in rest for term in (t.subject, t.object)}
    kept = (t for t in rest if t.predicate in concerned or _is_machinery(t.predicate))
    return [*kinds, *kept]


class Reasoner(OWLRL_Semantics):  # type: ignore[misc]  # owlrl publishes no types
    """The rules of owlrl, without writing down that everything is the same as itself (eq-ref)."""

    def store_triple(self, t: tuple[Node, Node, Node]) -> None:
        """Keep a triple that a rule derived; the name is owlrl's."""
        if t[1] != rdflib.OWL.sameAs or t[0] != t[2]:
            super().store_triple(t)


def closure(triples: Iterable[Triple]) -> tuple[list[Triple], list[str]]:
    """Return the OWL 2 RL closure without what is trivial, and the contradictions met, sorted."""
    graph = to_rdflib(triples)
    reasoner = Reasoner(graph, axioms=False, daxioms=False)
    reasoner.closure()
    found = [triple for triple in from_rdflib(graph) if not is_trivial(triple)]
    return found, sorted(reasoner.error_messages)


def is_trivial(triple: Triple) -> bool:
    """Return whether `triple` tells nothing: of anything itself, or of everything the same.

    A thing is what it is (`owl:sameAs`, `rdfs:subClassOf` itself), belongs to owl:Thing, stands
    above owl:Nothing; datatypes are datatypes.
    """
    if not isinstance(triple.subject, NamedNode) or triple.subject == triple.object:
        return True
    if triple.object in (NamedNode(OWL + "Thing"), NamedNode(RDFS + "Resource")):
        return True
    return _is_machinery(triple.subject)


def _is_machinery(term: NamedNode) -> bool:
    return term.value.startswith(MACHINERY)


def _violation(dataset: Dataset, message: str) -> Violation:
    """Return a contradiction as a violation of the thing that owlrl's message names last."""
    iris = re.findall(r"https?://[^\s'),]+", message)
    node = iris[-1] if iris else ""
    path, line = dataset.locate(node) or ("ontology/diplomacy.ttl", None)
    problem = re.sub(r"https?://[^\s'),]+", lambda match: shorten(match.group()), message)
    remedy = "one of the statements or axioms behind this is wrong: correct it"
    return Violation(path, line, shorten(node), problem, remedy, "consistency")
