"""Which names of this graph's own an engine elsewhere does not have, found with one query.

The same judgement as kg.engine.unknown, but without near names.
"""

from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from kg.engine.unknown import names_asked_with
from kg.vocab import shorten

_MOST: Final = 50
"""Names that are looked up; those that a longer query names beyond them are not judged."""

_LOOK_UP: Final = """{ SELECT (@ AS ?name) WHERE {
  { @ ?p ?o } UNION { ?s @ ?o } UNION { ?s ?p @ } UNION { VALUES ?n { @ } GRAPH ?n { ?s ?p ?o } }
  UNION { GRAPH ?g { @ ?p ?o } } UNION { GRAPH ?g { ?s @ ?o } } UNION { GRAPH ?g { ?s ?p @ } }
} LIMIT 1 }"""
"""Answers with a row where the name, which stands in the place of @, is anywhere."""


def names_to_look_up(text: str) -> list[NamedNode]:
    """Return the names of our own that a SELECT asks with; what is no IRI is left to the engine."""
    names = []
    for iri in names_asked_with(text)[:_MOST]:
        try:
            names.append(NamedNode(iri))
        except ValueError:
            continue
    return names


def look_up(names: Sequence[NamedNode]) -> str:
    """Return the query whose rows hold, as ?name, those of `names` that are there."""
    lines = "\nUNION ".join(_LOOK_UP.replace("@", str(name)) for name in names)
    return f"SELECT ?name WHERE {{\n{lines} }}"


def explain(unknown: Sequence[NamedNode]) -> str:
    """Return a sentence for each name that is not there."""
    return "; ".join(f"{shorten(name.value)} is no name in this graph" for name in unknown)
