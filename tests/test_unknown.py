"""Names that lead nowhere are told, not answered with nothing."""

import pytest
from pyoxigraph import RdfFormat, Store

from kg.asking import select
from kg.engine.requests import Engine, Request
from kg.engine.unknown import explain_unknown_names
from kg.errors import UnknownName
from kg.formats import JSON
from kg.vocab import PREFIXES

WORLD = """
PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX graph: <https://w3id.org/diplomacy-kg/graph/>
PREFIX group: <https://w3id.org/diplomacy-kg/id/group/>
PREFIX person: <https://w3id.org/diplomacy-kg/id/person/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX state: <https://w3id.org/diplomacy-kg/id/state/>

<https://w3id.org/diplomacy-kg/ontology> a <http://www.w3.org/2002/07/owl#Ontology> .
dip:concerns a <http://www.w3.org/2002/07/owl#ObjectProperty> .
dip:State a <http://www.w3.org/2002/07/owl#Class> .
person:s-jaishankar a dip:Person .
state:pakistan a dip:State .
state:united-arab-emirates a dip:State ; skos:altLabel "UAE"@en .
graph:registry { group:taliban a dip:NonStateGroup . }
"""


@pytest.fixture
def store() -> Store:
    """A few names, one of them in a named graph only."""
    world = Store()
    world.load(WORLD, RdfFormat.TRIG)
    return world


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "SELECT ?x { ?x dip:concerns state:pakistn }",
            "state:pakistn is no name in this graph; did you mean state:pakistan?",
        ),
        (
            "SELECT ?x { ?x dip:concerns state:Pakistan }",
            "state:Pakistan is no name in this graph; did you mean state:pakistan?",
        ),
        (
            "SELECT ?x { ?x dip:concerns state:uae }",
            "state:uae is no name in this graph; did you mean state:united-arab-emirates?",
        ),
        (
            "SELECT ?x { ?x dip:concerns person:jaishankar }",
            "person:jaishankar is no name in this graph; did you mean person:s-jaishankar?",
        ),
        (
            "SELECT ?x { ?x dip:concern group:pakistan }",
            (
                "dip:concern is no name in this graph; did you mean dip:concerns?; "
                "group:pakistan is no name in this graph; did you mean state:pakistan?"
            ),
        ),
        (
            "PREFIX s: <https://w3id.org/diplomacy-kg/id/state/> SELECT ?x { ?x ?p s:xy }",
            "state:xy is no name in this graph",
        ),
        (
            "BASE <https://w3id.org/diplomacy-kg/id/state/> SELECT ?x { ?x ?p <atlantis> }",
            "state:atlantis is no name in this graph",
        ),
        (
            "SELECT ?x { ?x ?p <https://w3id.org/diplomacy-kg/id/state/pakista> }",
            "state:pakista is no name in this graph; did you mean state:pakistan?",
        ),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_near_ones(
    store: Store, text: str, expected: str
) -> None:
    """By spelling, by a name it goes by, by a part of it, and among other kinds of thing."""
    assert explain_unknown_names(store, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?x { ?x dip:concerns state:pakistan }",
        "SELECT ?x { GRAPH graph:registry { ?x ?p ?o } ?x a group:taliban }",
        "SELECT ?x FROM graph:registry { ?x a ?c }",
        'SELECT ?x { ?x ?p "state:pakistn" } # state:pakistn',
        "SELECT ?x { ?x ?p <https://example.org/nothing> ; skos:nothing ?o }",
        "PREFIX state: <https://example.org/> SELECT ?x { ?x ?p state:anything }",
        "PREFIX s: <https://w3id.org/diplomacy-kg/id/state/> SELECT ?x { ?x ?p s:pakistan. }",
        "PREFIX d: <https://w3id.org/diplomacy-kg/ontology#> SELECT ?x { ?x a d:State }",
        "SELECT ?x { ?x ?p ?a , ?b , ?c , ?d FILTER(?a<?b&&?c>?d) }",
        "BASE <https://w3id.org/diplomacy-kg/id> SELECT ?x { ?x a dip:State }",
        "BASE <https://w3id.org/diplomacy-kg/id/state/> SELECT ?x { ?x ?p <pakistan> }",
        r"SELECT ?x { ?x ?p <https://w3id.org/diplomacy-kg/id/state/p\u0061kistan> }",
        "ASK { state:atlantis ?p ?o }",
        "DESCRIBE state:atlantis",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s = state:atlantis) }",
    ],
)
def test_a_query_without_such_a_name_is_left_alone(store: Store, text: str) -> None:
    """Names of others are not judged, nor are questions whether a thing exists."""
    assert explain_unknown_names(store, text) == ""


def test_terms_are_judged_only_where_the_ontology_is(store: Store) -> None:
    """A store without it cannot tell a term that is unused from one that does not exist."""
    bare = Store()
    bare.load(WORLD.replace("diplomacy-kg/ontology> a", "diplomacy-kg/other> a"), RdfFormat.TRIG)

    assert explain_unknown_names(bare, "SELECT ?x { ?x dip:concern ?y }") == ""
    assert explain_unknown_names(store, "SELECT ?x { ?x dip:concern ?y }") != ""


def test_every_prefix_of_the_project_is_a_namespace() -> None:
    """They end so that a name can follow, and so that none is taken for a name."""
    assert [iri for iri in PREFIXES.values() if iri[-1] not in "/#"] == []


def test_only_queries_from_outside_are_judged(engine: Engine) -> None:
    """The package asks for labels of whatever an answer holds, also of what does not exist."""
    text = "SELECT ?x { ?x ?p state:atlantis }"

    assert select(engine, text) == []
    with pytest.raises(UnknownName, match="state:atlantis is no name in this graph"):
        engine.answer(Request(text, rows=JSON, graph=None))
