"""The marks on a document: claims, paragraphs, sentences and fact-free stretches, by their offsets.

Offsets are code points from 0 over the whole document, the end exclusive.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, QuerySolution, Store

from kg.dataset.files import Dataset
from kg.dataset.sparql_files import select
from kg.dataset.violations import Violation
from kg.vocab import DIP, shorten

CLAIM, INFERENCE, PARAGRAPH, SENTENCE, NO_FACT = (
    DIP + name
    for name in ("Claim", "CuratorInference", "DocumentParagraph", "DocumentSentence", "NoFactMark")
)

MARKS: Final = """
SELECT ?node ?kind ?source ?paragraph ?start ?end ?sha256 ?sentence WHERE {
  VALUES ?kind {
    dip:Claim dip:CuratorInference dip:DocumentParagraph dip:DocumentSentence dip:NoFactMark
  }
  ?node a ?kind ; dip:inDocument ?source ; dip:paragraph ?paragraph ;
    dip:spanStart ?start ; dip:spanEnd ?end .
  OPTIONAL { ?node dip:spanSha256 ?sha256 } OPTIONAL { ?node dip:sentence ?sentence }
} ORDER BY ?source ?start ?end ?node ?kind"""

LENGTHS: Final = "SELECT ?source ?length WHERE { ?source dip:length ?length } ORDER BY ?source"


@dataclass(frozen=True)
class Mark:
    """One stretch of a document, and the node and class that mark it."""

    node: str
    kind: str
    source: str
    paragraph: int
    start: int
    end: int
    sha256: str | None
    sentence: int | None


def read_marks(store: Store) -> list[Mark]:
    """Return all marks in text order, each node once; those with parts missing are left out."""
    marks = {mark.node: mark for row in select(store, MARKS) for mark in _mark(row)}
    return list(marks.values())


def span_violations(dataset: Dataset) -> Iterator[Violation]:
    """Yield each mark whose offsets leave its paragraph or, for a paragraph, its document."""
    marks = read_marks(dataset.store)
    paragraphs = {(m.source, m.paragraph): m for m in marks if m.kind == PARAGRAPH}
    lengths = _lengths(dataset.store)
    for mark in marks:
        whole = paragraphs.get((mark.source, mark.paragraph))
        if mark.kind == PARAGRAPH:
            wrong = _outside(mark, 0, lengths.get(mark.source), "its document")
        elif whole:
            wrong = _outside(mark, whole.start, whole.end, f"paragraph {mark.paragraph}")
        else:
            wrong = f"there is no paragraph {mark.paragraph}" if dataset.is_whole else ""
        if wrong:
            path, line = dataset.locate(mark.node) or ("seeds", None)
            remedy = "count code points from 0 over the whole document, the end exclusive"
            yield Violation(path, line, shorten(mark.node), wrong, remedy, "span")


def _outside(mark: Mark, start: int, end: int | None, whole: str) -> str:
    if mark.start >= mark.end:
        return f"the span {mark.start}-{mark.end} is empty"
    if mark.start < start or (end is not None and mark.end > end):
        return f"the span {mark.start}-{mark.end} leaves {whole} ({start}-{end})"
    return ""


def _mark(row: QuerySolution) -> Iterator[Mark]:
    """Yield the mark in `row`; none where a number is not one, which another check tells."""
    numbers = [_integer(row[name]) for name in ("paragraph", "start", "end")]
    paragraph, start, end = (-1 if number is None else number for number in numbers)
    if None not in numbers:
        yield Mark(
            node=row["node"].value,
            kind=row["kind"].value,
            source=row["source"].value,
            paragraph=paragraph,
            start=start,
            end=end,
            sha256=row["sha256"].value if row["sha256"] else None,
            sentence=_integer(row["sentence"]),
        )


def _lengths(store: Store) -> dict[str, int]:
    return {
        row["source"].value: length
        for row in select(store, LENGTHS)
        if (length := _integer(row["length"])) is not None
    }


def _integer(term: object) -> int | None:
    if isinstance(term, Literal) and re.fullmatch(r"[+-]?\d+", term.value):
        return int(term.value)
    return None
