"""Everything that is judged before a build.

These are the checks of ontology/checks/, the shapes, and what only Python can see: dates, ill-typed
literals, links, spans.

A check is a SELECT; every row is a violation of `?node`, with `?detail` where it helps. Its header
says what is wrong (`title`), what to do (`message`) and when to look (`stage`, "input" or "built").
A check with `across_files = true` is left out while a file cannot be read: it would report echoes.
"""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolution

from kg.dataset.dates import date_violations
from kg.dataset.files import Dataset
from kg.dataset.links import link_violations
from kg.dataset.literals import literal_violations
from kg.dataset.shapes import shape_violations
from kg.dataset.spans import span_violations
from kg.dataset.sparql_files import SparqlFile, select
from kg.dataset.violations import Violation, in_order
from kg.vocab import shorten

__all__ = ["STAGES", "Violation", "check_built", "check_input", "run_checks"]

STAGES: Final = ("input", "built")


def check_input(dataset: Dataset) -> list[Violation]:
    """Return all that is wrong with the files, before any rule has run, sorted by file and line."""
    return in_order(
        (
            *dataset.violations,
            *_header_violations(dataset),
            *run_checks(dataset, "input"),
            *date_violations(dataset),
            *literal_violations(dataset),
            *span_violations(dataset),
            *(link_violations(dataset) if dataset.is_whole else ()),
            *shape_violations(dataset),
        )
    )


def check_built(dataset: Dataset) -> list[Violation]:
    """Return all that is wrong with what rules and reasoning made, sorted by file and line."""
    return in_order((*run_checks(dataset, "built"), *link_violations(dataset)))


def run_checks(dataset: Dataset, stage: str) -> Iterator[Violation]:
    """Yield what the SPARQL checks of one stage find."""
    for check in dataset.checks:
        if check.said("stage") == stage and (dataset.is_whole or not _looks_across(check)):
            yield from _run(dataset, check)


def _looks_across(check: SparqlFile) -> bool:
    return check.header.get("across_files") is True


def _header_violations(dataset: Dataset) -> Iterator[Violation]:
    for check in dataset.checks:
        said = check.said("title") and check.said("message") and check.said("stage") in STAGES
        if not said:
            remedy = 'write #+ title, #+ message, and #+ stage = "input" or "built"'
            yield Violation(check.path, 1, "", "the header is not complete", remedy, "header")


def _run(dataset: Dataset, check: SparqlFile) -> Iterator[Violation]:
    try:
        rows = list(select(dataset.store, check.text))
    except (SyntaxError, ValueError, RuntimeError) as error:
        yield Violation(check.path, None, "", f"cannot be run: {error}", "correct it", check.name)
        return
    yield from (_violation(dataset, check, row) for row in rows)


def _violation(dataset: Dataset, check: SparqlFile, row: QuerySolution) -> Violation:
    node = _text(row["node"])
    path, line = dataset.locate(node) or (check.path, None)
    told = ": ".join(part for part in (check.said("title"), shorten(_text(row["detail"]))) if part)
    return Violation(path, line, shorten(node), told, check.said("message"), check.name)


def _text(term: object) -> str:
    """Return the text of an RDF term; of an unbound variable, nothing."""
    return term.value if isinstance(term, NamedNode | BlankNode | Literal) else ""
