"""Saved queries as RDF: each a `sh:SPARQLExecutable` (SHACL, section 5) with its parameters.

The text of a query holds its own PREFIX lines and runs as it is. A parameter is a `sh:Parameter`
whose path ends in the name of the variable, as SHACL has it. What tools for example queries look
for (`rdfs:comment`, `schema:target`, `spex:describe`) is there too.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.catalogue.surfaces import Surfaces
from kg.catalogue.terms import Value, collect, name, tell, text, typed
from kg.saved_queries import Param, SavedQuery, choices
from kg.saved_queries.values import to_term

_FORMS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
        "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
        "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
        "DESCRIBE": ("sh:SPARQLExecutable", "spex:describe"),
    }
)
"""Class and property of each form; SHACL has none for DESCRIBE."""

_DATATYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"string": "xsd:string", "integer": "xsd:integer", "date": "xsd:date"}
)


def describe_queries(saved: Iterable[SavedQuery], where: Surfaces) -> Iterator[Triple]:
    """Yield the description of each query, named by the address of its answers."""
    for query in saved:
        yield from _query(query, where)


def _query(query: SavedQuery, where: Surfaces) -> Iterator[Triple]:
    node = NamedNode(f"{where.queries}/{query.name}")
    kind, written = _FORMS[query.form]
    yield from tell(
        node,
        ("rdf:type", name("sh:SPARQLExecutable")),
        *((("rdf:type", name(kind)),) if kind != "sh:SPARQLExecutable" else ()),
        ("dct:title", text(query.title)),
        ("dct:description", text(query.description)),
        ("rdfs:comment", text(query.description)),
        (written, Literal(query.text)),
        ("schema:target", NamedNode(where.sparql)),
        *(("schema:keywords", Literal(word)) for word in query.keywords),
    )
    for param in query.params:
        yield from _parameter(node, query, param)


def _parameter(node: NamedNode, query: SavedQuery, param: Param) -> Iterator[Triple]:
    parameter = NamedNode(f"{node.value}#parameter-{param.name}")
    yield from tell(node, ("sh:parameter", parameter))
    yield from tell(
        parameter,
        ("rdf:type", name("sh:Parameter")),
        ("sh:path", NamedNode(f"{node.value}#{param.name}")),
        ("sh:name", text(param.label)),
        *((("sh:description", text(param.description)),) if param.description else ()),
        ("sh:optional", typed(str(not param.is_required).lower(), "boolean")),
        *((("sh:defaultValue", _default(param)),) if param.default else ()),
        *((("skos:example", Literal(param.example)),) if param.example else ()),
    )
    yield from _values(parameter, param, f"{query.name}-{param.name}-")


def _values(parameter: NamedNode, param: Param, label: str) -> Iterator[Triple]:
    """Yield what can take the place of the variable."""
    if param.type == "enum":
        yield from collect(parameter, "sh:in", choices(param).values(), label)
    elif param.type in _DATATYPES:
        yield from tell(parameter, ("sh:datatype", name(_DATATYPES[param.type])))
    else:
        yield from tell(parameter, ("sh:nodeKind", name("sh:IRI")))
    for bound, value in (("sh:minInclusive", param.min), ("sh:maxInclusive", param.max)):
        if value is not None:
            kind = _DATATYPES[param.type].removeprefix("xsd:")
            yield from tell(parameter, (bound, typed(str(value), kind)))
    yield from _classes(parameter, param, label)


def _classes(parameter: NamedNode, param: Param, label: str) -> Iterator[Triple]:
    """Yield the class of the things that fit; of several, one is enough."""
    if len(param.classes) == 1:
        yield from tell(parameter, ("sh:class", NamedNode(param.classes[0])))
    elif param.classes:
        shapes = [BlankNode(f"{label}class{n}") for n in range(len(param.classes))]
        yield from collect(parameter, "sh:or", shapes, label)
        for shape, iri in zip(shapes, param.classes, strict=True):
            yield from tell(shape, ("sh:class", NamedNode(iri)))


def _default(param: Param) -> Value:
    """Return the term that stands for the variable; of an entity, the name to look up."""
    return Literal(param.default) if param.type == "entity" else to_term(param, param.default)
