"""IRIs of ours that the data mentions and nothing describes."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad

from kg.dataset.files import Dataset, statements
from kg.dataset.violations import Violation
from kg.vocab import BASE, LAYERS, PREFIXES, shorten

TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
VERSIONS: Final = frozenset(
    NamedNode(PREFIXES["owl"] + name)
    for name in ("versionIRI", "priorVersion", "backwardCompatibleWith", "incompatibleWith")
)
"""What these point at is a version: served, but not described in the dataset."""


def link_violations(dataset: Dataset) -> Iterator[Violation]:
    """Yield each IRI of ours that is mentioned, as a property or class too, but has no type.

    The name of a graph that holds something counts as described.
    """
    described = set(LAYERS)
    mentioned: dict[str, Quad] = {}
    for quad in statements(dataset.store):
        described.update(_described(quad))
        for iri in _mentioned(quad):
            mentioned.setdefault(iri, quad)
    for iri in sorted(mentioned.keys() - described):
        yield _violation(dataset, iri, mentioned[iri])


def _described(quad: Quad) -> Iterator[str]:
    if isinstance(quad.graph_name, NamedNode):
        yield quad.graph_name.value
    if quad.predicate == TYPE and isinstance(quad.subject, NamedNode):
        yield quad.subject.value


def _mentioned(quad: Quad) -> Iterator[str]:
    terms = (quad.subject, quad.predicate, None if quad.predicate in VERSIONS else quad.object)
    for term in terms:
        if isinstance(term, NamedNode) and term.value.startswith(BASE):
            yield term.value


def _violation(dataset: Dataset, iri: str, quad: Quad) -> Violation:
    path, line = dataset.locate(iri) or ("seeds", None)
    subject = shorten(quad.subject.value) if isinstance(quad.subject, NamedNode) else ""
    where = "" if subject == shorten(iri) else f" (by {subject})"
    return Violation(
        path,
        line,
        shorten(iri),
        f"mentioned{where}, but has no type",
        "describe it, or correct the name",
        "link",
    )
