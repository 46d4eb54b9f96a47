"""What follows by OWL 2 RL, what is left out of it, and what contradicts."""

from pathlib import Path

import pytest
from owlrl import OWLRL_Semantics
from pyoxigraph import DefaultGraph, NamedNode, Triple

from kg.config import Config, find_root
from kg.dataset.accept import accept
from kg.dataset.files import Dataset, read_dataset
from kg.dataset.infer import (
    closure,
    infer,
    is_trivial,
    reasoning_input,
    with_consequences,
)
from kg.dataset.rdflib_graphs import from_rdflib, to_rdflib
from kg.vocab import DIP, INFERRED_GRAPH, PREFIXES
from miniature import BASE, change, line_of, write, write_project
from miniature import PREFIXES as TURTLE_PREFIXES

TYPE = NamedNode(PREFIXES["rdf"] + "type")
PARTY = NamedNode(DIP + "Party")
SITUATION = NamedNode(DIP + "Situation")
GROUPS = "seeds/registry/groups.ttl"
ONTOLOGY = "ontology/diplomacy.ttl"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The settings of a project in miniature."""
    return write_project(tmp_path)


def ruled(config: Config) -> Dataset:
    """Return the dataset after its rules."""
    dataset = read_dataset(config)
    assert accept(dataset) == []
    return dataset


def inferred(dataset: Dataset) -> set[Triple]:
    """Return what stands in the layer of what follows."""
    layer = NamedNode(INFERRED_GRAPH)
    return {quad.triple for quad in dataset.store.quads_for_pattern(None, None, None, layer)}


def test_what_follows_goes_into_its_own_layer_and_the_default_graph(config: Config) -> None:
    """Exactly this follows in the miniature: three superclasses of four things."""
    dataset = ruled(config)

    assert infer(dataset) == []

    assert inferred(dataset) == {
        Triple(NamedNode(BASE + "id/state/afghanistan"), TYPE, PARTY),
        Triple(NamedNode(BASE + "id/state/pakistan"), TYPE, PARTY),
        Triple(NamedNode(BASE + "id/group/taliban"), TYPE, PARTY),
        Triple(NamedNode(BASE + "id/situation/upgrade"), TYPE, SITUATION),
    }
    assert list(dataset.store.quads_for_pattern(None, TYPE, PARTY, DefaultGraph()))


def test_nothing_follows_from_what_is_only_quoted(config: Config) -> None:
    """A hedged situation is not typed, nor is the sender of it by the range of the property."""
    change(
        config.root,
        ONTOLOGY,
        "sendingState a owl:ObjectProperty",
        "sendingState a owl:ObjectProperty ; rdfs:domain dip:Situation",
    )
    dataset = ruled(config)

    infer(dataset)

    typed = {str(triple.subject) for triple in inferred(dataset) if triple.object == SITUATION}
    assert typed == {f"<{BASE}id/situation/upgrade>"}


def test_a_claim_types_nothing_by_the_range_of_its_properties(config: Config) -> None:
    """Or what is only claimed would look accepted."""
    ranged = "expresses a owl:ObjectProperty ; rdfs:range dip:Situation"
    change(config.root, ONTOLOGY, "expresses a owl:ObjectProperty", ranged)
    dataset = ruled(config)

    infer(dataset)

    assert not [t for t in inferred(dataset) if str(t.subject).startswith(f"<{BASE}proposition/")]


def test_disjoint_kinds_of_one_thing_are_a_violation_of_that_thing(config: Config) -> None:
    """The Taliban are no state: whoever types them as one is told where."""
    change(config.root, GROUPS, "a dip:NonStateGroup ;", "a dip:NonStateGroup , dip:State ;")

    (violation,) = infer(ruled(config))

    line = line_of(config.root, GROUPS, "group:taliban a")
    assert (violation.path, violation.line) == (GROUPS, line)
    assert (violation.node, violation.check) == ("group:taliban", "consistency")
    assert "dip:State" in violation.problem
    assert "dip:NonStateGroup" in violation.problem


def test_a_contradiction_that_only_follows_is_found_too(config: Config) -> None:
    """A domain makes the group a state."""
    domain = "isoCode a owl:DatatypeProperty ; rdfs:domain dip:State"
    change(config.root, ONTOLOGY, "isoCode a owl:DatatypeProperty", domain)
    change(config.root, GROUPS, '"Taliban"@en .', '"Taliban"@en ;\n    dip:isoCode "TAL" .')

    assert [violation.node for violation in infer(ruled(config))] == ["group:taliban"]


def test_two_names_that_come_out_as_one_thing_are_a_violation(config: Config) -> None:
    """One state, two senders by a functional property: the names would be merged."""
    kind = "sendingState a owl:ObjectProperty , owl:FunctionalProperty"
    change(config.root, ONTOLOGY, "sendingState a owl:ObjectProperty", kind)
    two = "dipv:stated ;\n        dip:sendingState state:afghanistan , state:pakistan"
    path = "seeds/sources/000/propositions.trig"
    change(config.root, path, "dipv:stated ;\n        dip:sendingState state:pakistan", two)

    problems = [violation.problem for violation in infer(ruled(config))]

    assert "state:afghanistan and state:pakistan come out as one" in problems


@pytest.mark.parametrize(
    ("axioms", "fact", "consequence"),
    [
        (
            "dip:near a owl:ObjectProperty , owl:SymmetricProperty .",
            "state:a dip:near state:b .",
            ("id/state/b", "near", "id/state/a"),
        ),
        (
            "dip:in a owl:ObjectProperty , owl:TransitiveProperty .",
            "state:a dip:in state:b . state:b dip:in state:c .",
            ("id/state/a", "in", "id/state/c"),
        ),
        (
            "dip:super a owl:ObjectProperty . dip:sub rdfs:subPropertyOf dip:super .",
            "state:a dip:sub state:b .",
            ("id/state/a", "super", "id/state/b"),
        ),
        (
            "dip:name a owl:DatatypeProperty . dip:acronym rdfs:subPropertyOf dip:name .",
            'state:a dip:acronym "A" .',
            ("id/state/a", "name", None),
        ),
    ],
)
def test_the_axioms_of_properties_have_their_consequences(
    config: Config, axioms: str, fact: str, consequence: tuple[str, str, str | None]
) -> None:
    """Leaving out what has none must not leave out these."""
    write(config.root, "ontology/vocab/more.ttl", TURTLE_PREFIXES + axioms + "\n")
    write(config.root, "seeds/registry/more.ttl", TURTLE_PREFIXES + fact + "\n")
    dataset = read_dataset(config)

    infer(dataset)

    subject, predicate, value = consequence
    assert [
        triple
        for triple in inferred(dataset)
        if triple.subject == NamedNode(BASE + subject)
        and triple.predicate.value == DIP + predicate
        and (value is None or triple.object == NamedNode(BASE + value))
    ]


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "expected"),
    [
        ("dip:State", "owl:sameAs", "dip:State", True),
        ("dip:State", "rdfs:subClassOf", "dip:State", True),
        ("dip:State", "rdfs:subClassOf", "owl:Thing", True),
        ("dip:State", "rdf:type", "rdfs:Resource", True),
        ("owl:Nothing", "rdfs:subClassOf", "dip:State", True),
        ("xsd:integer", "rdf:type", "rdfs:Datatype", True),
        ("dip:State", "rdfs:subClassOf", "dip:Party", False),
        ("dip:State", "owl:sameAs", "dip:Party", False),
        ("dip:State", "rdf:type", "owl:Class", False),
    ],
)
def test_what_holds_of_everything_is_trivial(
    subject: str, predicate: str, value: str, *, expected: bool
) -> None:
    """It would bury what is worth knowing."""
    terms = (
        NamedNode(PREFIXES[p] + n) for p, n in (t.split(":") for t in (subject, predicate, value))
    )

    assert is_trivial(Triple(*terms)) is expected


@pytest.fixture(scope="module")
def real() -> Dataset:
    """The dataset of the project itself, after its rules."""
    root = find_root(Path(__file__).parent)
    return ruled(Config(root=root, builds=root / "builds"))


def test_the_real_dataset_has_all_that_owlrl_derives(real: Dataset) -> None:
    """Neither the triples left out before nor the rule left out (eq-ref) change the outcome."""
    given = list(reasoning_input(real.store))
    graph = to_rdflib(given)
    reference = OWLRL_Semantics(graph, axioms=False, daxioms=False)
    reference.closure()

    ours, errors = closure(with_consequences(given))

    expected = {t for t in from_rdflib(graph) if not is_trivial(t)} - set(given)
    assert expected
    assert set(ours) - set(given) == expected
    assert errors == sorted(reference.error_messages) == []
