"""Reads the ontology from the graph. One question reads all of it: a page names many terms."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.asking import construct, own_query
from kg.engine.requests import Engine
from kg.labels import labels_of
from kg.terms.ontology import (
    ANNOTATION_PROPERTY,
    CLASS,
    DATATYPE_PROPERTY,
    OBJECT_PROPERTY,
    Match,
    Ontology,
    Term,
    Value,
    ValueList,
)
from kg.vocab import BASE, DIP, PREFIXES, shorten

_OWL: Final = PREFIXES["owl"]
_RDFS: Final = PREFIXES["rdfs"]
_SKOS: Final = PREFIXES["skos"]
_DCT: Final = PREFIXES["dct"]
_TYPE: Final = PREFIXES["rdf"] + "type"
_COUNTEREXAMPLE: Final = "Not: "

_KINDS: Final[Mapping[str, str]] = {
    _OWL + "Class": CLASS,
    _OWL + "ObjectProperty": OBJECT_PROPERTY,
    _OWL + "DatatypeProperty": DATATYPE_PROPERTY,
    _OWL + "AnnotationProperty": ANNOTATION_PROPERTY,
}
_MATCHES: Final[Mapping[str, str]] = {
    _SKOS + "exactMatch": "same as",
    _SKOS + "closeMatch": "close to",
    _SKOS + "broadMatch": "narrower than",
    _SKOS + "narrowMatch": "broader than",
    _SKOS + "relatedMatch": "related to",
    _OWL + "equivalentClass": "same as",
    _OWL + "equivalentProperty": "same as",
}

_Said = Mapping[str, list[NamedNode | Literal]]


def read_ontology(engine: Engine) -> Ontology | None:
    """Return the ontology that a build holds, or None where it holds none."""
    said = _read(engine)
    header = said.get(BASE + "ontology")
    if header is None:
        return None
    sources = {each for about in said.values() for each in _iris(about, _DCT + "source")}
    return Ontology(
        iri=BASE + "ontology",
        title=_text(header, _DCT + "title"),
        description=_text(header, _DCT + "description"),
        version=_text(header, _OWL + "versionInfo"),
        version_iri="".join(_iris(header, _OWL + "versionIRI")[:1]),
        license="".join(_iris(header, _DCT + "license")[:1]),
        creators=_texts(header, _DCT + "creator"),
        created=_text(header, _DCT + "created"),
        modified=_text(header, _DCT + "modified"),
        terms={iri: _term(iri, about) for iri, about in said.items() if _kind(about)},
        lists=tuple(_lists(said)),
        labels={
            **labels_of(engine, sources),
            **{iri: label for iri, about in said.items() if (label := _label(about))},
        },
    )


def _read(engine: Engine) -> Mapping[str, _Said]:
    """Return what is said of each IRI by property, in an order that is always the same."""
    said: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for triple in construct(engine, own_query("ontology-terms")):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            said[triple.subject.value][triple.predicate.value].append(triple.object)
    for about in said.values():
        for values in about.values():
            values.sort(key=str)
    return said


def _lists(said: Mapping[str, _Said]) -> list[ValueList]:
    values = defaultdict(list)
    for iri, about in said.items():
        for scheme in _iris(about, _SKOS + "inScheme"):
            values[scheme].append(_value(iri, about))
    found = [
        ValueList(_term(iri, about), tuple(sorted(values[iri], key=_value_order)))
        for iri, about in said.items()
        if _SKOS + "ConceptScheme" in _iris(about, _TYPE)
    ]
    return sorted(found, key=lambda each: each.term.label.casefold())


def _value(iri: str, about: _Said) -> Value:
    order = _text(about, DIP + "order")
    codes = [
        (name, each.value)
        for name, found in sorted(about.items())
        for each in found
        if isinstance(each, Literal) and (name == _SKOS + "notation" or _is_code(name))
    ]
    return Value(_term(iri, about), int(order) if order.isdecimal() else 0, tuple(codes))


def _is_code(name: str) -> bool:
    """Whether a property of a value gives what the value is called in another list."""
    return name.startswith(DIP) and name != DIP + "order"


def _value_order(value: Value) -> tuple[bool, int, str]:
    return not value.order, value.order, value.term.label.casefold()


def _term(iri: str, about: _Said) -> Term:
    scope = _texts(about, _SKOS + "scopeNote")
    above = ("subClassOf", "subPropertyOf")
    return Term(
        iri=iri,
        kind=_kind(about),
        label=_label(about) or shorten(iri),
        definition=_text(about, _SKOS + "definition"),
        examples=_texts(about, _SKOS + "example"),
        counterexamples=tuple(
            each.removeprefix(_COUNTEREXAMPLE) for each in scope if each.startswith(_COUNTEREXAMPLE)
        ),
        notes=tuple(each for each in scope if not each.startswith(_COUNTEREXAMPLE)),
        parents=(
            *(each for name in above for each in _iris(about, _RDFS + name)),
            *_iris(about, _SKOS + "broader"),
        ),
        domains=_iris(about, _RDFS + "domain"),
        ranges=_iris(about, _RDFS + "range"),
        disjoint=_iris(about, _OWL + "disjointWith"),
        matches=tuple(
            Match(words, each) for name, words in _MATCHES.items() for each in _iris(about, name)
        ),
        sources=_iris(about, _DCT + "source"),
        is_deprecated=_text(about, _OWL + "deprecated") == "true",
    )


def _kind(about: _Said) -> str:
    return next((_KINDS[each] for each in _iris(about, _TYPE) if each in _KINDS), "")


def _iris(about: _Said, name: str) -> tuple[str, ...]:
    return tuple(each.value for each in about.get(name, ()) if isinstance(each, NamedNode))


def _texts(about: _Said, name: str) -> tuple[str, ...]:
    """Return texts in English or in no language; in others only where there are no such."""
    found = [each for each in about.get(name, ()) if isinstance(each, Literal)]
    plain = [each for each in found if each.language in ("en", None)]
    return tuple(each.value for each in plain or found)


def _label(about: _Said) -> str:
    return _text(about, _RDFS + "label") or _text(about, _SKOS + "prefLabel")


def _text(about: _Said, name: str) -> str:
    return next(iter(_texts(about, name)), "")
