"""The dataset described in VoID, and as a DCAT 3 dataset with its downloads and its endpoint.

The counts are those of the default graph. Its layers are subsets; the graphs that quote are not,
for a subset would say that their content is asserted.
"""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from kg.catalogue import about
from kg.catalogue.counts import Counts
from kg.catalogue.dumps import Dump
from kg.catalogue.surfaces import Surfaces
from kg.catalogue.terms import Told, name, tell, text, typed
from kg.formats import N_QUADS, TURTLE, RdfFormat
from kg.vocab import BASE, PREFIXES, shorten

_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_PROTOCOL: Final = NamedNode("https://www.w3.org/TR/sparql11-protocol/")


def describe_dataset(counts: Counts, where: Surfaces, dump: Dump | None) -> Iterator[Triple]:
    """Yield the description of a build; without a `dump` its files cannot be downloaded."""
    yield from _document(where)
    yield from _identity(counts, where, dump)
    yield from _access(where)
    yield from _statistics(counts, NamedNode(where.dataset))
    yield from _layers(counts, where)
    yield from _quotations(counts, where)
    yield from _distributions(where, dump)
    yield from _service(where)


def _document(where: Surfaces) -> Iterator[Triple]:
    yield from tell(
        NamedNode(where.void),
        ("rdf:type", name("void:DatasetDescription")),
        ("dct:title", text(f"Description of {about.TITLE}")),
        ("foaf:primaryTopic", NamedNode(where.dataset)),
    )


def _identity(counts: Counts, where: Surfaces, dump: Dump | None) -> Iterator[Triple]:
    dataset, maintainers = NamedNode(where.dataset), NamedNode(where.void + "#maintainers")
    yield from tell(
        dataset,
        ("rdf:type", name("void:Dataset")),
        ("rdf:type", name("dcat:Dataset")),
        ("dct:title", text(about.TITLE)),
        ("dct:description", text(f"{about.DESCRIPTION} {about.COUNTED}")),
        ("dct:license", NamedNode(about.LICENSE)),
        ("dct:creator", maintainers),
        ("dct:issued", typed(about.ISSUED, "date")),
        *((("dct:modified", typed(dump.created, "dateTime")),) if dump and dump.created else ()),
        *((("dcat:version", Literal(counts.build)),) if counts.build else ()),
        *(("dcat:keyword", text(word)) for word in about.KEYWORDS),
        ("dcat:landingPage", NamedNode(where.home)),
        ("foaf:homepage", NamedNode(where.home)),
    )
    yield from tell(
        maintainers, ("rdf:type", name("foaf:Agent")), ("foaf:name", Literal(about.CREATOR))
    )


def _access(where: Surfaces) -> Iterator[Triple]:
    yield from tell(
        NamedNode(where.dataset),
        ("void:sparqlEndpoint", NamedNode(where.sparql)),
        ("void:uriSpace", Literal(BASE)),
        *((("void:dataDump", NamedNode(where.dump)),) if where.dump else ()),
        *(
            ("void:dataDump", NamedNode(where.default_graph(each.name)))
            for _, each in about.DEFAULT_GRAPH
        ),
    )


def _statistics(counts: Counts, dataset: NamedNode) -> Iterator[Triple]:
    yield from tell(
        dataset,
        *(("void:exampleResource", NamedNode(iri)) for iri in counts.examples),
        *(("void:vocabulary", NamedNode(iri)) for iri in _vocabularies(counts)),
        ("void:triples", Literal(counts.triples)),
        ("void:entities", Literal(counts.entities)),
        ("void:distinctSubjects", Literal(counts.subjects)),
        ("void:distinctObjects", Literal(counts.objects)),
        ("void:classes", Literal(len(counts.classes))),
        ("void:properties", Literal(len(counts.properties))),
    )
    yield from _partitions(dataset, "class", _class_parts(counts))
    yield from _partitions(dataset, "property", _property_parts(counts))


def _partitions(dataset: NamedNode, kind: str, parts: Mapping[str, Told]) -> Iterator[Triple]:
    """Yield the parts of the dataset that have one class, or one property, by its IRI."""
    document = dataset.value.partition("#")[0]
    nodes = {iri: NamedNode(f"{document}#{kind}-{quote(shorten(iri), ':/')}") for iri in parts}
    yield from tell(dataset, *((f"void:{kind}Partition", node) for node in nodes.values()))
    for iri, told in parts.items():
        yield from tell(nodes[iri], (f"void:{kind}", NamedNode(iri)), *told)


def _class_parts(counts: Counts) -> Mapping[str, Told]:
    return {iri: (("void:entities", Literal(number)),) for iri, number in counts.classes.items()}


def _property_parts(counts: Counts) -> Mapping[str, Told]:
    return {
        each.iri: (
            ("void:triples", Literal(each.triples)),
            ("void:distinctSubjects", Literal(each.subjects)),
            ("void:distinctObjects", Literal(each.objects)),
        )
        for each in counts.properties
    }


def _vocabularies(counts: Counts) -> list[str]:
    """Return the vocabularies whose terms are used; ours by the IRI of the ontology."""
    used = (*counts.classes, *(each.iri for each in counts.properties))
    namespaces = {_namespace(iri) for iri in used}
    ours = {each for each in namespaces if each.startswith(BASE)}
    return sorted({*(namespaces - ours), *(each.rstrip("#/") for each in ours)})


def _namespace(iri: str) -> str:
    known = [each for each in PREFIXES.values() if iri.startswith(each)]
    end = max(iri.rfind("#"), iri.rfind("/")) + 1
    return max(known, key=len) if known else iri[:end]


def _layers(counts: Counts, where: Surfaces) -> Iterator[Triple]:
    for iri, (title, description) in about.LAYERS.items():
        if iri in counts.layers:
            layer = NamedNode(iri)
            yield from tell(NamedNode(where.dataset), ("void:subset", layer))
            yield from tell(
                layer,
                ("rdf:type", name("void:Dataset")),
                ("dct:title", text(title)),
                ("dct:description", text(description)),
                ("void:triples", Literal(counts.layers[iri])),
                ("void:dataDump", NamedNode(where.graph(iri))),
            )


def _quotations(counts: Counts, where: Surfaces) -> Iterator[Triple]:
    quotations = NamedNode(where.void + "#quotations")
    graphs = f"{counts.quoting_graphs} graphs, whose IRIs begin with {PREFIXES['proposition']}"
    yield from tell(NamedNode(where.dataset), ("dct:relation", quotations))
    yield from tell(
        quotations,
        ("rdf:type", name("void:Dataset")),
        ("dct:title", text("Quotations")),
        ("dct:description", text(f"{about.QUOTATIONS} {graphs}")),
        ("void:triples", Literal(counts.quoted_triples)),
    )


def _distributions(where: Surfaces, dump: Dump | None) -> Iterator[Triple]:
    if dump is not None:
        yield from _whole(where, dump)
    for title, each in about.DEFAULT_GRAPH:
        node = NamedNode(f"{where.void}#default-graph-{each.name}")
        yield from _distribution(where, node, title, each, where.default_graph(each.name))


def _whole(where: Surfaces, dump: Dump) -> Iterator[Triple]:
    node, checksum = NamedNode(where.void + "#all-graphs"), NamedNode(where.void + "#checksum")
    yield from _distribution(where, node, about.WHOLE, N_QUADS, where.dump)
    yield from tell(
        node,
        ("dct:description", text(about.CAUTION)),
        ("dcat:byteSize", typed(dump.size, "nonNegativeInteger")),
        ("spdx:checksum", checksum),
    )
    yield from tell(
        checksum,
        ("rdf:type", name("spdx:Checksum")),
        ("spdx:algorithm", name("spdx:checksumAlgorithm_sha256")),
        ("spdx:checksumValue", typed(dump.build, "hexBinary")),
    )


def _distribution(
    where: Surfaces, node: NamedNode, title: str, form: RdfFormat, url: str
) -> Iterator[Triple]:
    yield from tell(NamedNode(where.dataset), ("dcat:distribution", node))
    yield from tell(
        node,
        ("rdf:type", name("dcat:Distribution")),
        ("dct:title", text(title)),
        ("dct:license", NamedNode(about.LICENSE)),
        ("dcat:mediaType", NamedNode(_MEDIA_TYPES + form.media_type)),
        ("dcat:accessURL", NamedNode(where.dumps)),
        ("dcat:downloadURL", NamedNode(url)),
    )


def _service(where: Surfaces) -> Iterator[Triple]:
    yield from tell(
        NamedNode(where.void + "#endpoint"),
        ("rdf:type", name("dcat:DataService")),
        ("dct:title", text("SPARQL 1.1 endpoint")),
        ("dct:conformsTo", _PROTOCOL),
        ("dct:license", NamedNode(about.LICENSE)),
        ("dcat:endpointURL", NamedNode(where.sparql)),
        ("dcat:endpointDescription", NamedNode(where.openapi)),
        ("dcat:endpointDescription", NamedNode(f"{where.sparql}?format={TURTLE.name}")),
        ("dcat:servesDataset", NamedNode(where.dataset)),
    )
