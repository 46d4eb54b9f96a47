"""The portrait of a source: its paragraphs in order, each with its claims and how far it is coded.

The text itself is not here: a source gives its SHA-256, and the spans count its code points.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.placing import place_terms
from kg.portraits.claims import Claim, read_claims
from kg.portraits.names import written
from kg.portraits.nodes import Line, Node
from kg.vocab import DIP

MOST: Final = 250
"""Claims on one page."""

_ELSEWHERE: Final = frozenset(DIP + name for name in ("earliest", "latest"))


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
    """A paragraph of a document, with the claims in text order."""

    iri: str
    number: str
    span: tuple[str, str]
    coverage: str
    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]

    @property
    def uncoded(self) -> tuple[Sentence, ...]:
        """The sentences with neither a claim nor a mark."""
        return tuple(each for each in self.sentences if not each.is_coded)


@dataclass(frozen=True)
class SourcePortrait:
    """What a page tells of a document.

    `shown` are the paragraphs of one page, `following` is the number of the first one after them,
    or empty. The counts are those of the whole document.
    """

    node: Node
    lines: tuple[Line, ...]
    paragraphs: tuple[Paragraph, ...]
    shown: tuple[Paragraph, ...]
    following: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, inferences of the curator too."""
        return tuple(claim for paragraph in self.paragraphs for claim in paragraph.claims)

    @property
    def inferences(self) -> int:
        """How many of them the curator infers."""
        return sum(bool(claim.inferrer.iri) for claim in self.claims)

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences."""
        return tuple(each for paragraph in self.paragraphs for each in paragraph.sentences)


def read_source(engine: Engine, node: Node, since: int = 1) -> SourcePortrait:
    """Return the portrait of a document, for the page that begins with paragraph `since`."""
    iri = NamedNode(node.iri)
    claims = read_claims(engine, iri)
    rows = select(engine, place_terms(own_query("paragraphs"), {"thing": iri}))
    paragraphs = tuple(
        _paragraph(part, list(of_one), claims)
        for part, of_one in groupby(rows, key=lambda row: row["part"].value)
    )
    later = [each for each in paragraphs if int(each.number) >= since]
    page = _page(later)
    following = later[len(page)].number if len(later) > len(page) else ""
    return SourcePortrait(node, node.lines(_ELSEWHERE), paragraphs, page, following)


def _page(paragraphs: Iterable[Paragraph]) -> tuple[Paragraph, ...]:
    """Return as many of the first paragraphs as one page holds, one at least."""
    page: list[Paragraph] = []
    for each in paragraphs:
        if page and sum(len(p.claims) for p in page) + len(each.claims) > MOST:
            break
        page.append(each)
    return tuple(page)


def _paragraph(part: str, rows: list[QuerySolution], claims: Iterable[Claim]) -> Paragraph:
    row = rows[0]
    number = written(row["number"])
    found = tuple(claim for claim in claims if claim.paragraph == number)
    return Paragraph(
        iri=part,
        number=number,
        span=(written(row["start"]), written(row["end"])),
        coverage=written(row["coverageLabel"]),
        sentences=tuple(_sentence(each, found) for each in rows if each["sentence"]),
        claims=found,
    )


def _sentence(row: QuerySolution, claims: Iterable[Claim]) -> Sentence:
    number = written(row["sentence"])
    return Sentence(
        number=number,
        span=(written(row["sentenceStart"]), written(row["sentenceEnd"])),
        claims=sum(claim.sentence == number for claim in claims),
        no_fact=written(row["noFact"]),
    )
