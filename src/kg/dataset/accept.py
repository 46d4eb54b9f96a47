"""Run the rules of ontology/rules/ in the order of their names; what they decide stands in them.

A rule is a CONSTRUCT whose triples go into graph:accepted and the default graph, so that later
rules see them. With `#+ into = "quoted"` it is a SELECT ?graph ?subject ?predicate ?object whose
rows are added to the graphs they name; `#+ replace = true` first removes what those graphs said
with the same subject and predicate.
"""

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolution, Store

from kg.dataset.files import Dataset
from kg.dataset.sparql_files import SparqlFile, construct, select
from kg.dataset.violations import Violation
from kg.vocab import ACCEPTED_GRAPH


def accept(dataset: Dataset) -> list[Violation]:
    """Run all rules over the working store; return a violation for each that cannot be run."""
    return [wrong for rule in dataset.rules for wrong in _run(dataset.store, rule)]


def _run(store: Store, rule: SparqlFile) -> list[Violation]:
    try:
        _apply(store, rule)
    except (SyntaxError, ValueError, RuntimeError) as error:
        return [Violation(rule.path, None, "", str(error), "correct the rule", "rule")]
    return []


def _apply(store: Store, rule: SparqlFile) -> None:
    match rule.said("into", "accepted"):
        case "accepted":
            _add_accepted(store, rule)
        case "quoted":
            _add_quoted(store, rule)
        case into:
            raise ValueError(f'into = "{into}" is neither "accepted" nor "quoted"')


def _add_accepted(store: Store, rule: SparqlFile) -> None:
    for s, p, o in list(construct(store, rule.text)):
        if isinstance(s, BlankNode) or isinstance(o, BlankNode):
            raise ValueError("it makes blank nodes; give every node an IRI")  # noqa: TRY004
        store.add(Quad(s, p, o, NamedNode(ACCEPTED_GRAPH)))
        store.add(Quad(s, p, o, DefaultGraph()))


def _add_quoted(store: Store, rule: SparqlFile) -> None:
    quads = [_quad(row) for row in select(store, rule.text)]
    if rule.header.get("replace") is True:
        for quad in quads:
            for old in list(
                store.quads_for_pattern(quad.subject, quad.predicate, None, quad.graph_name)
            ):
                store.remove(old)
    store.extend(quads)


def _quad(row: QuerySolution) -> Quad:
    if None in (row["graph"], row["subject"], row["predicate"], row["object"]):
        raise ValueError("?graph ?subject ?predicate ?object must be bound in every row")
    return Quad(row["subject"], row["predicate"], row["object"], row["graph"])
