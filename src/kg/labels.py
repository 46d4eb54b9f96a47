"""The labels of things, to be read in the place of their IRIs."""

from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import batches, place_values
from kg.vocab import shorten


def labels_of(engine: Engine, iris: Iterable[str]) -> dict[str, str]:
    """Return the label of each of `iris` that has one."""
    things = [NamedNode(iri) for iri in sorted(set(iris))]
    return best_labels(pair for batch in batches(things) for pair in _labels(engine, batch))


def best_labels(pairs: Iterable[tuple[str, Literal]]) -> dict[str, str]:
    """Return one label an IRI: English or in no language before others, then by alphabet."""
    found: dict[str, Literal] = {}
    for iri, label in pairs:
        if iri not in found or _preference(label) < _preference(found[iri]):
            found[iri] = label
    return {iri: label.value for iri, label in found.items()}


def read_term(term: object, labels: Mapping[str, str]) -> str:
    """Return a term as people read it: a label, a prefixed name, or the text of a literal."""
    if isinstance(term, NamedNode):
        return labels.get(term.value, shorten(term.value))
    if isinstance(term, Literal):
        return term.value
    return "" if term is None else "(unnamed)"


def _labels(engine: Engine, things: list[NamedNode]) -> list[tuple[str, Literal]]:
    rows = select(engine, place_values(own_query("labels"), "thing", things))
    return [(row["thing"].value, row["label"]) for row in rows]


def _preference(label: Literal) -> tuple[bool, str]:
    return label.language not in ("en", None), label.value
