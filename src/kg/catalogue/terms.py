"""Writes descriptions down as triples, in the vocabularies that catalogues read."""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.formats import RdfFormat
from kg.vocab import PREFIXES

Node = NamedNode | BlankNode
Value = NamedNode | BlankNode | Literal
Told = tuple[tuple[str, Value], ...]
"""Pairs of a property, as a prefixed name, and a value."""

NAMESPACES: Final = MappingProxyType(
    {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": PREFIXES["dct"],
        "foaf": PREFIXES["foaf"],
        "rdf": PREFIXES["rdf"],
        "rdfs": PREFIXES["rdfs"],
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": PREFIXES["skos"],
        "spdx": "http://spdx.org/rdf/terms#",
        "spex": "https://purl.expasy.org/sparql-examples/ontology#",
        "void": "http://rdfs.org/ns/void#",
        "xsd": PREFIXES["xsd"],
    }
)


def name(prefixed: str) -> NamedNode:
    """Return the term that a prefixed name means here."""
    prefix, _, rest = prefixed.partition(":")
    return NamedNode(NAMESPACES[prefix] + rest)


def text(words: str) -> Literal:
    """Return words in English."""
    return Literal(words, language="en")


def typed(value: str | int, datatype: str) -> Literal:
    """Return a literal of a datatype of XML Schema, such as `date`."""
    return Literal(str(value), datatype=name(f"xsd:{datatype}"))


def tell(subject: Node, *told: tuple[str, Value]) -> Iterator[Triple]:
    """Yield what is told of a thing."""
    for prefixed, value in told:
        yield Triple(subject, name(prefixed), value)


def collect(subject: Node, prefixed: str, values: Iterable[Value], label: str) -> Iterator[Triple]:
    """Yield a property whose value is the list of `values`; its nodes are named after `label`."""
    place: tuple[Node, str] = subject, prefixed
    for count, value in enumerate(values):
        cell = BlankNode(f"{label}{count}")
        yield from tell(place[0], (place[1], cell))
        yield from tell(cell, ("rdf:first", value))
        place = cell, "rdf:rest"
    yield from tell(place[0], (place[1], name("rdf:nil")))


def write(triples: Iterable[Triple], graph: RdfFormat) -> bytes:
    """Return a document that holds the triples."""
    written = pyoxigraph.serialize(triples, format=graph.oxigraph, prefixes=dict(NAMESPACES))
    return written or b""
