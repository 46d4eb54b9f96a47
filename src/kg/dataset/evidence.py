"""The words behind the claims: whether a file bears them out, and how much of it they cover.

The documents are not part of the project: whoever has a file can verify every span against it.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from kg.dataset.files import Dataset
from kg.dataset.spans import CLAIM, INFERENCE, NO_FACT, PARAGRAPH, SENTENCE, Mark, read_marks
from kg.dataset.sparql_files import select
from kg.errors import EvidenceError
from kg.vocab import BASE, shorten

SOURCES: Final = "SELECT ?source ?sha256 WHERE { ?source dip:sha256 ?sha256 } ORDER BY ?source"


@dataclass(frozen=True)
class Span:
    """Code points `start` to `end` (exclusive) of a document, and the sha256 of their UTF-8."""

    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class Mismatch:
    """A claim whose words the file does not hold; `path` and `line` are where it is made."""

    claim: str
    path: str
    line: int | None
    problem: str


@dataclass(frozen=True)
class VerifyReport:
    """What comparing a file with the claims about a source gave; `checked` counts the claims."""

    source: str
    sha256_ok: bool
    checked: int
    mismatches: tuple[Mismatch, ...]


@dataclass(frozen=True)
class ParagraphCoverage:
    """How much of a paragraph is coded; `gaps` are stretches of sentences that nothing marks."""

    source: str
    paragraph: int
    start: int
    end: int
    claims: int
    no_fact_marks: int
    gaps: tuple[tuple[int, int], ...]
    sentences_without: tuple[int, ...]


def verify(dataset: Dataset, text_bytes: bytes, file_name: str) -> VerifyReport:
    """Return how the file compares with what the claims about its source say.

    The source is the one with the sha256 of the file, else the one the file's name begins with
    (`000_….txt` is source 000), else the one with most claims that its words fit. Raises
    EvidenceError where there is no such source, or the file is not UTF-8.
    """
    text = _decode(text_bytes, file_name)
    sha256 = hashlib.sha256(text_bytes).hexdigest()
    sources = {row["source"].value: row["sha256"].value for row in select(dataset.store, SOURCES)}
    marks = [mark for mark in read_marks(dataset.store) if mark.kind in (CLAIM, INFERENCE)]
    judged = [(mark, _judge(mark, text)) for mark in marks]
    fitting = Counter(mark.source for mark, problem in judged if not problem)
    source = _find_source(sources, sha256, file_name, fitting)
    claims = [(mark, problem) for mark, problem in judged if mark.source == source]
    wrong = tuple(_mismatch(dataset, mark, problem) for mark, problem in claims if problem)
    return VerifyReport(source, sources[source] == sha256, len(claims), wrong)


def coverage(dataset: Dataset) -> tuple[ParagraphCoverage, ...]:
    """Return, for every paragraph of every source, how much of it claims and marks cover."""
    marks = read_marks(dataset.store)
    inside: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        inside[mark.source, mark.paragraph].append(mark)
    return tuple(
        _cover(mark, inside[mark.source, mark.paragraph])
        for mark in marks
        if mark.kind == PARAGRAPH
    )


def locate(text: str, words: str) -> list[Span]:
    """Return every place where `words` stand in `text`; any white space fits any other."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    found = re.finditer(pattern, text) if pattern else ()
    return [Span(m.start(), m.end(), span_sha256(m.group())) for m in found]


def span_sha256(words: str) -> str:
    """Return the sha256 of the UTF-8 of `words`, in hex, as dip:spanSha256 has it."""
    return hashlib.sha256(words.encode()).hexdigest()


def _decode(text_bytes: bytes, file_name: str) -> str:
    try:
        return text_bytes.decode()
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{file_name} is not UTF-8: {error}") from error


def _find_source(
    sources: dict[str, str], sha256: str, file_name: str, fitting: Counter[str]
) -> str:
    by_content = [source for source, known in sources.items() if known == sha256]
    stem = re.split(r"[_.]", PurePath(file_name).name)[0]
    by_name = [source for source in sources if source == f"{BASE}source/{stem}"]
    by_words = [source for source, _ in fitting.most_common(1)]
    for source in (*by_content, *by_name, *by_words):
        return source
    known = ", ".join(map(shorten, sources)) or "none"
    raise EvidenceError(f"{file_name} is none of the known sources ({known}): sha256 {sha256}")


def _judge(claim: Mark, text: str) -> str:
    if claim.sha256 is None:
        return "the claim has no dip:spanSha256"
    if claim.end > len(text):
        return f"the span {claim.start}-{claim.end} ends after the file ({len(text)} code points)"
    if span_sha256(text[claim.start : claim.end]) != claim.sha256:
        return f"the words at {claim.start}-{claim.end} are not those the claim was made from"
    return ""


def _mismatch(dataset: Dataset, claim: Mark, problem: str) -> Mismatch:
    path, line = dataset.locate(claim.node) or ("seeds", None)
    return Mismatch(claim.node, path, line, problem)


def _cover(paragraph: Mark, marks: Iterable[Mark]) -> ParagraphCoverage:
    claims = [mark for mark in marks if mark.kind in (CLAIM, INFERENCE)]
    no_fact = [mark for mark in marks if mark.kind == NO_FACT]
    sentences = [mark for mark in marks if mark.kind == SENTENCE]
    covered = [*claims, *no_fact]
    return ParagraphCoverage(
        paragraph.source,
        paragraph.paragraph,
        paragraph.start,
        paragraph.end,
        len(claims),
        len(no_fact),
        tuple(gap for part in sentences or [paragraph] for gap in _gaps(part, covered)),
        tuple(s.sentence or 0 for s in sentences if not any(_overlap(s, m) for m in covered)),
    )


def _overlap(one: Mark, other: Mark) -> bool:
    return one.start < other.end and other.start < one.end


def _gaps(part: Mark, covered: Iterable[Mark]) -> Iterator[tuple[int, int]]:
    position = part.start
    for mark in sorted(covered, key=lambda mark: mark.start):
        if mark.start > position:
            yield position, min(mark.start, part.end)
        position = max(position, mark.end)
        if position >= part.end:
            return
    yield position, part.end
