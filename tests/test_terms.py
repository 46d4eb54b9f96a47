"""Every term of the ontology earns its place: something that is written or asked uses it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, parse

from kg.config import find_root
from kg.vocab import DIP, DIPV, PREFIXES, expand, shorten

ROOT: Final = find_root(Path(__file__).parent)
TERMS: Final = ("ontology/diplomacy.ttl", "ontology/vocab/*.ttl")
DATA: Final = ("seeds/*/*.ttl", "seeds/*/*/*.ttl", "seeds/*/*/*.trig", "ontology/examples/*.trig")
QUERIES: Final = ("ontology/rules/*.rq", "queries/*.rq")
TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
ABOVE: Final = NamedNode(PREFIXES["rdfs"] + "subClassOf")
SCHEME: Final = NamedNode(PREFIXES["skos"] + "inScheme")


def read(*patterns: str) -> Iterator[tuple[NamedNode, NamedNode, object]]:
    """Yield what the files say that `patterns` match, without literals and graph names."""
    for path in (path for pattern in patterns for path in sorted(ROOT.glob(pattern))):
        kind = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
        for quad in parse(path.read_bytes(), kind):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject, quad.predicate, quad.object


def declared() -> set[str]:
    """Return the classes, properties and values of the ontology, without the value lists."""
    return {
        subject.value
        for subject, predicate, value in read(*TERMS)
        if predicate == TYPE
        and subject.value.startswith((DIP, DIPV))
        and value != NamedNode(PREFIXES["skos"] + "ConceptScheme")
    }


def in_data() -> set[str]:
    """Return the terms that seeds and examples use."""
    stated = (term for triple in read(*DATA) for term in triple)
    return {term.value for term in stated if isinstance(term, NamedNode)}


def in_ontology() -> set[str]:
    """Return the properties that describe values, and the classes that others are kinds of."""
    triples = list(read(*TERMS))
    above = {value.value for _, p, value in triples if p == ABOVE and isinstance(value, NamedNode)}
    return above | {predicate.value for _, predicate, _ in triples}


def in_queries() -> set[str]:
    """Return the terms that rules and saved queries name; comments do not count."""
    lines = (
        line
        for pattern in QUERIES
        for path in ROOT.glob(pattern)
        for line in path.read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
    names = {name for line in lines for name in re.findall(r"(?<![\w-])dipv?:[\w-]+", line)}
    return {iri for name in names if (iri := expand(name))}


def test_every_term_is_used() -> None:
    """By a seed, an example, a rule or a saved query: what nothing needs is taken out."""
    unused = declared() - in_data() - in_ontology() - in_queries()

    assert sorted(map(shorten, unused)) == []


def test_every_value_list_is_one_that_a_shape_checks() -> None:
    """A list that no shape names takes any value; standings are given by rules only."""
    lists = {
        value.value
        for _, predicate, value in read(*TERMS)
        if predicate == SCHEME and isinstance(value, NamedNode)
    }
    shapes = (ROOT / "ontology" / "shapes" / "kinds.ttl").read_text("utf-8")
    checked = {DIPV + name for name in re.findall(r"sh:hasValue dipv:([\w-]+)", shapes)}

    assert sorted(map(shorten, lists ^ checked)) == ["dipv:standings"]


def test_every_property_of_a_situation_is_one_that_a_shape_knows() -> None:
    """A property that no shape lists could not be written in a proposition."""
    shapes = "".join(path.read_text("utf-8") for path in ROOT.glob("ontology/shapes/*.ttl"))
    known = {expand(name) for name in re.findall(r"dip:\w+", shapes)}
    properties = {iri for iri in declared() if iri.startswith(DIP) and iri[len(DIP)].islower()}

    assert sorted(map(shorten, properties - known)) == [
        "dip:cowLevelCode",
        "dip:order",
        "dip:sameSide",
    ]


def test_claims_are_numbered_in_text_order() -> None:
    """Who reads the claims of a document from top to bottom reads the document."""
    for path in ROOT.glob("seeds/sources/*/claims.ttl"):
        starts = [int(start) for start in re.findall(r"dip:spanStart (\d+)", path.read_text())]

        assert starts == sorted(starts), path
