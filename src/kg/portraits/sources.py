"""The portrait of a source: its paragraphs in order, each with its claims and how far it is coded.

The text itself is not here: a source gives its SHA-256, and the spans count its code points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.claims import MOST, Claim, read_claims
from kg.portraits.names import written
from kg.portraits.nodes import Line, Node
from kg.vocab import DIP

_ELSEWHERE: Final = frozenset(DIP + name for name in ("earliest", "latest"))


@dataclass(frozen=True)
class Counts:
    """How much there is in a document or a paragraph; inferences are claims of the curator."""

    sentences: int = 0
    coded: int = 0
    claims: int = 0
    inferences: int = 0

    @property
    def lines(self) -> int:
        """About how many lines a page tells it in."""
        return 1 + self.claims + self.sentences - self.coded


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document: how many claims stand in it, and why it has none, where said."""

    number: str
    span: tuple[str, str]
    claims: int
    no_fact: str

    @property
    def is_coded(self) -> bool:
        """Whether it has a claim, or a mark that it states nothing to code."""
        return bool(self.claims or self.no_fact)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a document, with the first of its claims in text order.

    The counts are those of all its sentences and claims.
    """

    iri: str
    number: str
    span: tuple[str, str]
    coverage: str
    counts: Counts
    sentences: tuple[Sentence, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def uncoded(self) -> tuple[Sentence, ...]:
        """The sentences with neither a claim nor a mark."""
        return tuple(each for each in self.sentences if not each.is_coded)


@dataclass(frozen=True)
class SourcePortrait:
    """What a page tells of a document.

    `shown` are the paragraphs of one page, `following` is the number of the first one after them,
    or empty; `paragraphs` is how many there are. The counts are those of the whole document.
    """

    node: Node
    lines: tuple[Line, ...]
    paragraphs: int
    counts: Counts
    shown: tuple[Paragraph, ...]
    following: str


def read_source(engine: Engine, node: Node, at: int = 1) -> SourcePortrait:
    """Return the portrait of a document, for the page on which paragraph `at` stands."""
    iri = NamedNode(node.iri)
    counts = _read_counts(engine, iri)
    paragraphs = [
        _paragraph(row, counts.get(written(row["number"]), Counts()))
        for row in select(engine, place_terms(own_query("paragraphs"), {"thing": iri}))
    ]
    pages = _pages(paragraphs)
    place = max((n for n, each in enumerate(pages) if int(each[0].number) <= at), default=0)
    return SourcePortrait(
        node=node,
        lines=node.lines(_ELSEWHERE),
        paragraphs=len(paragraphs),
        counts=Counts(*map(sum, zip(*map(astuple, counts.values()), strict=True))),
        shown=_with_claims(engine, iri, pages[place]) if pages else (),
        following=pages[place + 1][0].number if len(pages) > place + 1 else "",
    )


def _read_counts(engine: Engine, iri: NamedNode) -> dict[str, Counts]:
    """Return what is counted, by the number of the paragraph."""
    rows = select(engine, place_terms(own_query("paragraph-counts"), {"thing": iri}))
    names = ("sentences", "coded", "allClaims", "allInferences")
    return {
        written(row["paragraph"]): Counts(*(int(row[name].value) for name in names)) for row in rows
    }


def _pages(paragraphs: Iterable[Paragraph]) -> list[list[Paragraph]]:
    """Return the paragraphs page by page: as many as fit, one at least."""
    pages: list[list[Paragraph]] = []
    room = 0
    for each in paragraphs:
        if not pages or each.counts.lines > room:
            pages.append([])
            room = MOST
        pages[-1].append(each)
        room -= each.counts.lines
    return pages


def _with_claims(
    engine: Engine, iri: NamedNode, page: Sequence[Paragraph]
) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a page with their sentences and claims, as far as they fit."""
    placed: dict[str, NamedNode | Literal] = {
        "thing": iri,
        "first": Literal(int(page[0].number)),
        "last": Literal(int(page[-1].number)),
    }
    found = select(engine, place_terms(own_query("claims-in"), placed))
    claims = read_claims(engine, [row["claim"] for row in found])
    sentences = [
        (written(row["paragraph"]), _sentence(row))
        for row in select(engine, place_terms(own_query("sentences"), placed))
    ]
    return tuple(
        replace(
            each,
            sentences=tuple(line for number, line in sentences if number == each.number),
            claims=tuple(claim for claim in claims if claim.paragraph == each.number),
        )
        for each in page
    )


def _paragraph(row: QuerySolution, counts: Counts) -> Paragraph:
    return Paragraph(
        iri=row["part"].value,
        number=written(row["number"]),
        span=(written(row["start"]), written(row["end"])),
        coverage=written(row["coverageLabel"]),
        counts=counts,
    )


def _sentence(row: QuerySolution) -> Sentence:
    return Sentence(
        number=written(row["sentence"]),
        span=(written(row["start"]), written(row["end"])),
        claims=int(row["allClaims"].value),
        no_fact=written(row["noFact"]),
    )
