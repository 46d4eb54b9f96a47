"""The ontology is in the profiles OWL 2 RL and OWL 2 DL, as pyowl2-profiles sees it.

It knows patterns, not the whole grammar: what it does find is shown here by feeding it.
"""

from pathlib import Path

import pytest
from pyowl2_profiles import detect_profiles
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store

from kg.config import Config, find_root
from kg.dataset.files import read_dataset
from kg.vocab import ONTOLOGY_GRAPH

PREFIXES = """
@prefix : <http://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:A a owl:Class . :B a owl:Class . :p a owl:ObjectProperty . :d a owl:DatatypeProperty .
"""


def profiles(store: Store) -> dict[str, list[str]]:
    """Return what stands against RL and against DL, one entry an axiom."""
    found = detect_profiles(store)
    return {
        profile: [
            f"{entry['axiom_type']}: {entry['subject_iri']}"
            for entry in found[profile]["sample_violations"]
        ]
        for profile in ("rl", "dl")
    }


def of(turtle: str) -> Store:
    """Return a store that holds a small ontology."""
    store = Store()
    store.load(PREFIXES + turtle, RdfFormat.TURTLE)
    return store


def test_the_ontology_is_in_rl_and_dl() -> None:
    """All files of the ontology together, value lists and alignments too."""
    root = find_root(Path(__file__).parent)
    layers = read_dataset(Config(root=root, builds=root / "builds")).store
    store = Store()
    store.extend(
        Quad(s, p, o, DefaultGraph())
        for s, p, o, _ in layers.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY_GRAPH))
    )

    assert profiles(store) == {"rl": [], "dl": []}


@pytest.mark.parametrize(
    ("turtle", "profile", "kind"),
    [
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:someValuesFrom :B ] .", "rl", "owl:someV"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:minCardinality 1 ] .", "rl", "owl:min-c"),
        (":A rdfs:subClassOf [ owl:onProperty :p ; owl:maxCardinality 2 ] .", "rl", "owl:card"),
        (":A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( :A :B ) ] .", "rl", "owl:unionOf"),
        ("[ a owl:Class ; owl:complementOf :A ] rdfs:subClassOf :B .", "rl", "owl:complementOf"),
        (":A owl:disjointUnionOf ( :A :B ) .", "rl", "owl:disjointUnionOf"),
        (":p a owl:ReflexiveProperty .", "rl", "owl:ReflexiveProperty"),
        (":p a owl:DatatypeProperty .", "dl", "punning"),
        (":p a owl:AnnotationProperty .", "dl", "punning"),
        (":i :undeclared :j .", "dl", "undeclared-property"),
        ("owl:Class a owl:Class .", "dl", "reserved-vocab"),
        (":p a owl:TransitiveProperty ; rdfs:subPropertyOf :p .", "dl", "role-hierarchy-cycle"),
    ],
)
def test_what_is_outside_a_profile_is_found(turtle: str, profile: str, kind: str) -> None:
    """One entry, and none against the other profile."""
    found = profiles(of(turtle))

    other = {"rl": "dl", "dl": "rl"}[profile]
    assert [entry.startswith(kind) for entry in found[profile]] == [True]
    assert found[other] == []


@pytest.mark.parametrize(
    "turtle",
    [
        ":A rdfs:subClassOf :Undeclared .",
        ":A a rdfs:Datatype .",
        ':i :d "x"^^:mine .',
        ":p a owl:TransitiveProperty , owl:FunctionalProperty .",
    ],
)
def test_these_faults_are_not_found(turtle: str) -> None:
    """Our own checks must: of undeclared terms, terms of two kinds, literals, simple properties."""
    assert profiles(of(turtle)) == {"rl": [], "dl": []}
