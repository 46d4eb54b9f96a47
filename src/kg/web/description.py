"""The service description of the endpoint, in RDF, as SPARQL 1.1 Service Description says. Pure."""

from collections.abc import Iterator
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, Triple

from kg.formats import RDF_FORMATS, RESULT_FORMATS, RdfFormat, ResultFormat
from kg.vocab import LAYERS, PREFIXES

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")

_SIMPLE: Final = NamedNode("http://www.w3.org/ns/entailment/Simple")
"""What follows from the ontology is in the build already; queries infer nothing."""


def describe_service(endpoint: str, graph: RdfFormat) -> bytes:
    """Return the description of the service at `endpoint`, an absolute IRI."""
    prefixes = {"sd": SD}
    written = pyoxigraph.serialize(_triples(endpoint), format=graph.oxigraph, prefixes=prefixes)
    return written or b""


def _triples(endpoint: str) -> Iterator[Triple]:
    service, dataset = NamedNode(endpoint + "#service"), NamedNode(endpoint + "#dataset")
    default = NamedNode(endpoint + "#default-graph")
    yield Triple(service, _TYPE, _sd("Service"))
    yield Triple(service, _sd("endpoint"), NamedNode(endpoint))
    yield Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    for each in (*RESULT_FORMATS, *RDF_FORMATS):
        yield Triple(service, _sd("resultFormat"), _format_iri(each))
    yield Triple(service, _sd("defaultEntailmentRegime"), _SIMPLE)
    yield Triple(service, _sd("defaultDataset"), dataset)
    yield Triple(dataset, _TYPE, _sd("Dataset"))
    yield Triple(dataset, _sd("defaultGraph"), default)
    yield Triple(default, _TYPE, _sd("Graph"))
    for layer in LAYERS:
        yield from _named_graph(dataset, endpoint, layer)


def _named_graph(dataset: NamedNode, endpoint: str, name: str) -> Iterator[Triple]:
    entry = NamedNode(f"{endpoint}#graph-{name.rpartition('/')[2]}")
    yield Triple(dataset, _sd("namedGraph"), entry)
    yield Triple(entry, _TYPE, _sd("NamedGraph"))
    yield Triple(entry, _sd("name"), NamedNode(name))


def _sd(name: str) -> NamedNode:
    return NamedNode(SD + name)


def _format_iri(each: ResultFormat | RdfFormat) -> NamedNode:
    """Return the W3C's name of a format; pyoxigraph has JSON-LD in a place of its own."""
    return NamedNode(_FORMATS + each.oxigraph.iri.rpartition("/")[2])
