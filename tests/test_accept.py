"""Rules: where their triples go, in which order, and what is said of one that cannot be run."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode

from kg.config import Config
from kg.dataset.accept import accept
from kg.dataset.files import Dataset, read_dataset
from kg.vocab import ACCEPTED_GRAPH, DIP, PREFIXES
from miniature import BASE, change, write, write_project

UPGRADE = NamedNode(BASE + "id/situation/upgrade")
DOWNGRADE = NamedNode(BASE + "id/situation/downgrade")
LABEL = NamedNode(PREFIXES["rdfs"] + "label")
SENDER = NamedNode(DIP + "sendingState")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The settings of a project in miniature."""
    return write_project(tmp_path)


def ruled(config: Config) -> Dataset:
    """Return the dataset after its rules, which must all run."""
    dataset = read_dataset(config)
    assert accept(dataset) == []
    return dataset


def test_what_a_rule_constructs_goes_into_the_accepted_layer_and_the_default_graph(
    config: Config,
) -> None:
    """A later rule sees it: content follows standing."""
    store = ruled(config).store

    for graph in (DefaultGraph(), NamedNode(ACCEPTED_GRAPH)):
        assert list(store.quads_for_pattern(UPGRADE, SENDER, None, graph))
        assert not list(store.quads_for_pattern(DOWNGRADE, SENDER, None, graph))


def test_rules_run_in_the_order_of_their_names(config: Config) -> None:
    """The content rule before the standing rule finds nothing."""
    (config.root / "ontology/rules/20-content.rq").rename(
        config.root / "ontology/rules/05-content.rq"
    )

    store = ruled(config).store

    assert not list(store.quads_for_pattern(UPGRADE, SENDER, None, DefaultGraph()))


def test_a_quoted_rule_replaces_what_its_graphs_said(config: Config) -> None:
    """The label inside the quotation carries the caveat, and is the only one."""
    store = ruled(config).store

    graph = NamedNode(BASE + "proposition/000/downgrade")
    labels = [quad.object for quad in store.quads_for_pattern(DOWNGRADE, LABEL, None, graph)]
    assert labels == [Literal("Downgrade (hedged)", language="en")]


def test_a_quoted_rule_without_replace_adds(config: Config) -> None:
    """Both labels stand."""
    change(config.root, "ontology/rules/30-labels.rq", "#+ replace = true\n", "")

    store = ruled(config).store

    graph = NamedNode(BASE + "proposition/000/downgrade")
    assert len(list(store.quads_for_pattern(DOWNGRADE, LABEL, None, graph))) == 2


def test_a_quoted_rule_leaves_the_default_graph_alone(config: Config) -> None:
    """What is quoted is not asserted."""
    store = ruled(config).store

    assert not list(store.quads_for_pattern(DOWNGRADE, LABEL, None, DefaultGraph()))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("CONSTRUCT { ?s ?p } WHERE { ?s ?p ?o }", "error at"),
        ("SELECT ?s WHERE { ?s ?p ?o }", "not a CONSTRUCT query"),
        ("CONSTRUCT { [] a ?class } WHERE { ?s a ?class }", "blank nodes"),
        ('#+ into = "quoted"\nCONSTRUCT { ?s a ?o } WHERE { ?s a ?o }', "not a SELECT query"),
        ('#+ into = "quoted"\nSELECT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }', "must be bound"),
        ('#+ into = "nowhere"\nCONSTRUCT { ?s a ?o } WHERE { ?s a ?o }', 'into = "nowhere"'),
    ],
)
def test_a_rule_that_cannot_be_run_is_a_violation(config: Config, text: str, problem: str) -> None:
    """The file is named, and the rules after it still run."""
    write(config.root, "ontology/rules/00-broken.rq", text)
    dataset = read_dataset(config)

    (violation,) = accept(dataset)

    assert violation.path == "ontology/rules/00-broken.rq"
    assert problem in violation.problem
    assert list(dataset.store.quads_for_pattern(UPGRADE, SENDER, None, DefaultGraph()))
