"""Which file goes into which graph, and what is said of a file that cannot be taken as it is."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode

from example_worlds import read_example
from kg.config import Config
from kg.dataset.files import Dataset, read_dataset
from kg.vocab import CLAIMS_GRAPH, ONTOLOGY_GRAPH, REGISTRY_GRAPH
from miniature import BASE, PREFIXES, change, line_of, write, write_project

STATES = "seeds/registry/states.ttl"
CLAIMS = "seeds/sources/000/claims.ttl"
PROPOSITIONS = "seeds/sources/000/propositions.trig"
PAKISTAN = NamedNode(BASE + "id/state/pakistan")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The settings of a project in miniature."""
    return write_project(tmp_path)


def graphs_of(dataset: Dataset, iri: str) -> set[str]:
    """Return the graphs in which `iri` is a subject; the default graph is empty."""
    quads = dataset.store.quads_for_pattern(NamedNode(iri), None, None)
    return {q.graph_name.value if isinstance(q.graph_name, NamedNode) else "" for q in quads}


@pytest.mark.parametrize(
    ("iri", "graphs"),
    [
        (BASE + "ontology#State", {"", ONTOLOGY_GRAPH}),
        (BASE + "vocab/accepted", {"", ONTOLOGY_GRAPH}),
        (BASE + "id/state/pakistan", {"", REGISTRY_GRAPH}),
        (BASE + "source/000", {"", CLAIMS_GRAPH}),
        (BASE + "claim/000/1", {"", CLAIMS_GRAPH}),
        (BASE + "id/situation/upgrade", {BASE + "proposition/000/upgrade"}),
    ],
)
def test_a_files_place_decides_on_its_graph(config: Config, iri: str, graphs: set[str]) -> None:
    """Layers stand in the default graph too; what is quoted stands in its own graph only."""
    dataset = read_dataset(config)

    assert dataset.violations == ()
    assert graphs_of(dataset, iri) == graphs


def test_shapes_rules_and_checks_are_read_but_are_no_data(config: Config) -> None:
    """They are inputs of the build all the same."""
    dataset = read_dataset(config)

    assert [rule.name for rule in dataset.rules] == ["10-standing", "20-content", "30-labels"]
    assert [check.said("stage") for check in dataset.checks] == ["built", "input"]
    assert dataset.shapes
    assert graphs_of(dataset, BASE + "ontology#StateShape") == set()
    assert len(dataset.inputs) == 13


def test_a_syntax_error_is_reported_with_its_line_and_hides_no_other(config: Config) -> None:
    """Two broken files are both told, and the others are read."""
    change(config.root, STATES, 'rdfs:label "Pakistan"@en ;', 'rdfs:label "Pakistan"@en ; ] ')
    change(config.root, CLAIMS, "cl:2 a", "nope:2 a")

    dataset = read_dataset(config)

    assert [(v.path, v.line, v.check) for v in dataset.violations] == [
        (STATES, line_of(config.root, STATES, 'rdfs:label "Pakistan"'), "syntax"),
        (CLAIMS, line_of(config.root, CLAIMS, "nope:2"), "syntax"),
    ]
    assert not dataset.is_whole
    assert graphs_of(dataset, BASE + "id/group/taliban")


def test_bytes_that_are_not_utf_8_are_a_syntax_error(config: Config) -> None:
    """The line is known."""
    (config.root / STATES).write_bytes(b'<http://a> <http://b>\n "\xff" .')

    (violation,) = read_dataset(config).violations

    assert (violation.line, violation.check) == (2, "syntax")


@pytest.mark.parametrize("path", [STATES, PROPOSITIONS, "ontology/rules/10-standing.rq"])
def test_a_comment_that_is_not_utf_8_is_told_with_its_line(config: Config, path: str) -> None:
    """The parser of RDF does not look into comments."""
    text = (config.root / path).read_bytes()
    (config.root / path).write_bytes(text.rstrip(b"\n") + b"\n# caf\xe9\n")

    (violation,) = read_dataset(config).violations

    assert (violation.path, violation.check) == (path, "syntax")
    assert violation.line == text.rstrip(b"\n").count(b"\n") + 2
    assert "0xe9 is not UTF-8" in violation.problem


@pytest.mark.parametrize(
    "blank",
    [
        "state:x dip:near [ a dip:State ] .",
        "state:x dip:near _:b .",
        "_:b a dip:State .",
        "state:x dip:near ( 1 2 ) .",
    ],
)
def test_blank_nodes_are_refused_with_their_line(config: Config, blank: str) -> None:
    """However they are written; the same signs in a string or comment are no blank nodes."""
    harmless = '# [ a comment ]\nstate:y rdfs:label "[ _: (", \'(\', """\n[""" .\n'
    text = f"{PREFIXES}{harmless}{blank}\n"
    write(config.root, STATES, text)

    violations = read_dataset(config).violations

    found = {(v.path, v.line, v.check) for v in violations}
    assert found == {(STATES, text.count("\n"), "blank-node")}


def test_shapes_may_hold_blank_nodes(config: Config) -> None:
    """They are not served."""
    assert read_dataset(config).violations == ()


@pytest.mark.parametrize(
    "path",
    ["seeds/registry/states.txt", "seeds/states.ttl", "ontology/new/x.ttl", "seeds/sources/x.ttl"],
)
def test_a_file_without_a_place_is_reported(config: Config, path: str) -> None:
    """A misplaced seed would be missing without a word."""
    write(config.root, path, "")

    (violation,) = read_dataset(config).violations

    assert (violation.path, violation.check) == (path, "place")
    assert "seeds/registry/*.ttl" in violation.remedy or "ontology/vocab/*.ttl" in violation.remedy


@pytest.mark.parametrize(
    "path", ["seeds/README.md", "seeds/.hidden", "ontology/examples/x.trig", "ontology/.x/y.ttl"]
)
def test_notes_hidden_files_and_examples_are_not_data(config: Config, path: str) -> None:
    """They are passed over."""
    write(config.root, path, "not Turtle")

    assert read_dataset(config).violations == ()


@pytest.mark.parametrize(
    ("block", "node"),
    [
        (f"<{BASE}proposition/001/x> {{ state:x a dip:State . }}", f"{BASE}proposition/001/x"),
        (f"<{BASE}graph/registry> {{ state:x a dip:State . }}", "graph:registry"),
        ("pr:Two_Words { state:x a dip:State . }", f"{BASE}proposition/000/Two_Words"),
        ("state:x a dip:State .", "the default graph"),
    ],
)
def test_a_quotation_stands_in_a_graph_of_its_document(
    config: Config, block: str, node: str
) -> None:
    """Neither another document's graph, nor a layer, nor the default graph may be written to."""
    write(config.root, PROPOSITIONS, f"{PREFIXES}{block}\n")

    violations = read_dataset(config).violations

    assert [(v.node, v.check) for v in violations] == [(node, "graph-name")]


def test_a_header_that_is_not_toml_is_reported(config: Config) -> None:
    """The file is named."""
    write(config.root, "ontology/checks/x.rq", "#+ title = what\nASK {}")

    (violation,) = read_dataset(config).violations

    assert (violation.path, violation.check) == ("ontology/checks/x.rq", "syntax")


@pytest.mark.parametrize(
    ("iri", "path", "start"),
    [
        ("id/state/pakistan", STATES, "state:pakistan a"),
        ("claim/000/2", CLAIMS, "cl:2 a"),
        ("source/000/sentence/2", "seeds/sources/000/source.ttl", f"<{BASE}source/000/sentence/2>"),
        ("id/situation/upgrade", PROPOSITIONS, "situation:upgrade a"),
        ("proposition/000/upgrade", PROPOSITIONS, "pr:upgrade {"),
        ("ontology#sendingState", "ontology/diplomacy.ttl", "dip:sendingState a"),
    ],
)
def test_a_node_is_located_where_its_block_begins(
    config: Config, iri: str, path: str, start: str
) -> None:
    """Mentions before it do not count."""
    dataset = read_dataset(config)

    assert dataset.locate(BASE + iri) == (path, line_of(config.root, path, start))


def test_a_node_without_a_block_is_located_where_it_is_named(config: Config) -> None:
    """A longer name that begins the same way is another node."""
    change(
        config.root, PROPOSITIONS, "state:pakistan .\n}\n\npr:upg", "state:utopia .\n}\n\npr:upg"
    )
    change(config.root, STATES, 'dip:isoCode "AFG"', 'dip:isoCode "state:utopian"')
    dataset = read_dataset(config)

    located = dataset.locate(BASE + "id/state/utopia")

    assert located == (
        PROPOSITIONS,
        line_of(config.root, PROPOSITIONS, "dip:sendingState state:ut"),
    )


def test_an_example_is_a_world_of_its_own_on_the_ontology_of_the_project(config: Config) -> None:
    """Default graph: registry; graph:ontology: the ontology; all others: as they are named."""
    path = "ontology/examples/world.trig"
    graphs = f"<{ONTOLOGY_GRAPH}> {{ dip:New a owl:Class . }} pr:x {{ situation:x a dip:New . }}"
    write(config.root, path, f"{PREFIXES}state:japan a dip:State .\n{graphs}\n")

    dataset = read_example(config, config.root / path)

    assert dataset.violations == ()
    assert graphs_of(dataset, BASE + "id/state/japan") == {"", REGISTRY_GRAPH}
    assert graphs_of(dataset, BASE + "ontology#New") == {"", ONTOLOGY_GRAPH}
    assert graphs_of(dataset, BASE + "ontology#State") == {"", ONTOLOGY_GRAPH}
    assert graphs_of(dataset, BASE + "id/situation/x") == {BASE + "proposition/000/x"}
    assert graphs_of(dataset, BASE + "id/state/pakistan") == set()
    assert len(dataset.rules) == 3


def test_an_ontology_in_miniature_stands_alone(config: Config) -> None:
    """Its faults must not mix with those of the project."""
    path = "ontology/examples/invalid/x.ttl"
    write(config.root, path, f"{PREFIXES}dip:New a owl:Class .\n")

    dataset = read_example(config, config.root / path)

    assert graphs_of(dataset, BASE + "ontology#New") == {"", ONTOLOGY_GRAPH}
    assert graphs_of(dataset, BASE + "ontology#State") == set()
    assert len(dataset.checks) == 2


def test_the_default_graph_holds_each_statement_of_the_layers_once(config: Config) -> None:
    """It is a real graph, not a union made when asked."""
    dataset = read_dataset(config)

    default = {q.triple for q in dataset.store.quads_for_pattern(None, None, None, DefaultGraph())}
    layered = {
        q.triple
        for layer in (ONTOLOGY_GRAPH, REGISTRY_GRAPH, CLAIMS_GRAPH)
        for q in dataset.store.quads_for_pattern(None, None, None, NamedNode(layer))
    }
    assert default == layered
