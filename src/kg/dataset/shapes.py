"""SHACL: the shapes of ontology/shapes/ over everything that is stated or quoted.

Registry, claims and ontology are one data graph together with the content of all propositions, so
that a claim can be asked what it points at and a quoted situation who its participants are.
"""

from collections.abc import Iterator
from typing import Final

import pyshacl
import rdflib
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH

from kg.dataset.files import Dataset, statements
from kg.dataset.rdflib_graphs import to_rdflib
from kg.dataset.violations import Violation
from kg.vocab import shorten

CLOSED: Final = SH.ClosedConstraintComponent
LOOKS_ELSEWHERE: Final = frozenset(
    {SH.ClassConstraintComponent, SH.SPARQLConstraintComponent, SH.NodeConstraintComponent}
)
"""Constraints whose answer depends on other files: not judged while one of these cannot be read."""


def shape_violations(dataset: Dataset) -> Iterator[Violation]:
    """Yield what the shapes find; a message `what is wrong; what to do` is taken apart."""
    if not dataset.shapes:
        return
    shapes = to_rdflib(dataset.shapes)
    try:
        _, report, _ = pyshacl.validate(
            to_rdflib(statements(dataset.store)), shacl_graph=shapes, inplace=True
        )
    except ReportableRuntimeError as error:
        yield Violation("ontology/shapes", None, "", error.message, "correct the shape", "shapes")
        return
    if not isinstance(report, rdflib.Graph):
        raise TypeError(f"pySHACL answered with {report!r}")
    for result in report.objects(None, SH.result):
        kind = report.value(result, SH.sourceConstraintComponent)
        if dataset.is_whole or kind not in LOOKS_ELSEWHERE:
            yield _violation(dataset, shapes, report, result)


def _violation(
    dataset: Dataset, shapes: rdflib.Graph, report: rdflib.Graph, result: rdflib.term.Node
) -> Violation:
    node = str(report.value(result, SH.focusNode))
    path, line = dataset.locate(node) or ("seeds", None)
    message = str(report.value(result, SH.resultMessage))
    problem, _, remedy = message.partition("; ")
    is_closed = report.value(result, SH.sourceConstraintComponent) == CLOSED
    found = report.value(result, SH.resultPath if is_closed else SH.value)
    shown = "" if found is None or str(found) == node else f" (found: {shorten(str(found))})"
    name = _shape_name(shapes, report.value(result, SH.sourceShape))
    return Violation(path, line, shorten(node), problem + shown, remedy, name)


def _shape_name(shapes: rdflib.Graph, shape: rdflib.term.Node | None) -> str:
    """Return the local name of a shape or, where it is a blank node, of the shape it is part of."""
    while isinstance(shape, rdflib.BNode):
        shape = next(shapes.subjects(None, shape), None)
    return str(shape or "").rpartition("/")[2].rpartition("#")[2]
